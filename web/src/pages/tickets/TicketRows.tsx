/** 列表行. The list beside the ticket: two lines a ticket; only the rows in sight are drawn. */
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { useVirtualizer } from "@tanstack/react-virtual";
import { memo, useEffect, useRef } from "react";
import type { TicketChange } from "../../api/live.ts";
import type { TicketRow } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useMedia } from "../../ui/mode.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { DueWords } from "./due.tsx";
import { ListFoot, type RowsProps, stateZh, useLoadAhead } from "./listing.tsx";
import { PeopleOn } from "./parts/People.tsx";

export function TicketRows(props: RowsProps) {
  const { rows, pages, openId, selection } = props;
  const box = useRef<HTMLDivElement>(null);
  const touch = useMedia("(max-width: 900px)");
  const height = touch ? 63 : 57;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 8,
    getItemKey: (i) => rows[i]?.id ?? i,
  });
  useEffect(() => {
    if (height > 0) virtual.measure();
  }, [virtual, height]);
  const at = rows.findIndex((row) => row.id === openId);
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at, { align: "auto" });
  }, [at, virtual]);
  const items = virtual.getVirtualItems();
  useLoadAhead(pages, rows.length, items.at(-1)?.index ?? 0);
  return (
    <div ref={box} className="ticket-rows scrolls" data-virtual>
      <div
        role="listbox"
        aria-label={T.tickets.list}
        aria-multiselectable="true"
        tabIndex={0}
        aria-activedescendant={openId && at >= 0 ? `row-${openId}` : undefined}
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <Row
              key={item.key}
              row={row}
              at={item.index}
              of={pages.hasNextPage ? -1 : rows.length}
              top={item.start}
              height={height}
              open={row.id === openId}
              chosen={selection.ids.has(row.id)}
              choosing={selection.ids.size > 0}
              now={props.now}
              changed={props.changed.get(row.id)}
              onOpen={props.onOpen}
              onReach={selection.reach}
              onToggle={selection.toggle}
            />
          );
        })}
      </div>
      <ListFoot pages={pages} count={rows.length} />
    </div>
  );
}

const Row = memo(function Row(props: {
  row: TicketRow;
  at: number;
  of: number;
  top: number;
  height: number;
  open: boolean;
  chosen: boolean;
  /** Some tickets are chosen: every row shows its box. */
  choosing: boolean;
  now: number;
  changed: TicketChange | undefined;
  onOpen: (id: string) => void;
  onReach: (id: string) => void;
  onToggle: (id: string) => void;
}) {
  const { row, now, changed } = props;
  const state = changed ? stateZh(changed.state, row) : row.stateZh;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the listbox answers the keys
    <div
      id={`row-${row.id}`}
      role="option"
      aria-selected={props.choosing ? props.chosen : props.open}
      aria-posinset={props.at + 1}
      aria-setsize={props.of}
      className="ticket-row"
      data-open={props.open || undefined}
      data-chosen={props.chosen || undefined}
      data-changed={changed ? true : undefined}
      style={{ height: props.height, transform: `translateY(${props.top}px)` }}
      onClick={(e) => {
        if (e.shiftKey) props.onReach(row.id);
        else if (e.ctrlKey || e.metaKey) props.onToggle(row.id);
        else props.onOpen(row.id);
      }}
    >
      <div className="ticket-row-top">
        {props.choosing && (
          <span className="row-box" data-chosen={props.chosen || undefined} aria-hidden="true">
            {props.chosen ? "✓" : ""}
          </span>
        )}
        {row.level < 3 && isLevel(row.level) && <Tag tone="strong">{LEVELS[row.level].zh}</Tag>}
        <span className="ticket-row-title">{row.title || row.excerpt}</span>
        {row.dueAt ? (
          <DueWords dueAt={row.dueAt} nearAt={row.nearAt} now={now} />
        ) : (
          <span className="due quiet">{shortText(row.receivedAt, now)}</span>
        )}
      </div>
      <div className="ticket-row-under">
        <span>{row.number}</span>
        <span className="ticket-row-facts">
          {[row.street, row.category.split(" / ")[0], row.leadUnit?.name].filter(Boolean).join(" · ")}
        </span>
        {row.returns > 0 && <span>{T.tickets.returned(row.returns)}</span>}
        <PeopleOn ticketId={row.id} />
        <span className="ticket-row-state">
          {changed && <b>{T.tickets.changedTo}</b>}
          {state}
        </span>
      </div>
    </div>
  );
});
