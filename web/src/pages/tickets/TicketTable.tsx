// biome-ignore-all lint/a11y/useSemanticElements: rows that are drawn only where they are in sight lie outside a table's own layout
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names the row that it stands on
/** 宽表. The list as a dense table: columns of one's own, sorted by their headings; only the rows in sight are drawn. */
import { CaretDownFilled, CaretUpFilled } from "@ant-design/icons";
import { LIST_COLUMNS, type Sort } from "@jiesu/core/ticket/listing.ts";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { T } from "../../texts.ts";
import {
  cellOf,
  type Density,
  DIGITS,
  type ListColumn,
  MAX_WIDTH,
  MIN_WIDTH,
  ROW_HEIGHT,
} from "./columns.tsx";
import { ListFoot, type RowsProps, stateZh, useLoadAhead } from "./listing.tsx";
import { PeopleOn } from "./parts/People.tsx";

const CHOOSE_WIDTH = 34;

export function TicketTable(
  props: RowsProps & {
    readonly columns: readonly ListColumn[];
    readonly changeColumns: (next: readonly ListColumn[]) => void;
    readonly density: Density;
    readonly sort: Sort;
    readonly onSort: (sort: Sort) => void;
    readonly onWhole: (id: string) => void;
  },
) {
  const { rows, pages, openId, selection, now } = props;
  const box = useRef<HTMLDivElement>(null);
  const height = ROW_HEIGHT[props.density];
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => height,
    overscan: 12,
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
  const laid = useMemo(() => lay(props.columns), [props.columns]);
  /** The column that also tells who has the ticket open; its own words give way. */
  const told = laid.find((column) => column.key === "title")?.key ?? laid[0]?.key;
  const width = CHOOSE_WIDTH + laid.reduce((sum, column) => sum + column.width, 0);
  return (
    <div
      ref={box}
      className="ticket-table scrolls"
      role="grid"
      aria-label={T.tickets.list}
      aria-rowcount={pages.hasNextPage ? -1 : rows.length + 1}
      aria-multiselectable="true"
      aria-activedescendant={openId && at >= 0 ? `row-${openId}` : undefined}
      tabIndex={0}
    >
      <div className="table-head" role="row" aria-rowindex={1} style={{ width }}>
        <div className="table-cell" role="columnheader" style={{ width: CHOOSE_WIDTH, left: 0 }} data-pinned>
          <span className="sr">{T.queue.chooseAll}</span>
        </div>
        {laid.map((column) => (
          <Heading
            key={column.key}
            column={column}
            sort={props.sort}
            onSort={props.onSort}
            onWidth={(next) =>
              props.changeColumns(
                props.columns.map((c) => (c.key === column.key ? { ...c, width: next } : c)),
              )
            }
          />
        ))}
      </div>
      <div className="table-body" role="rowgroup" style={{ height: virtual.getTotalSize(), width }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          const changed = props.changed.get(row.id);
          const chosen = selection.ids.has(row.id);
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the grid answers the keys
            <div
              key={item.key}
              id={`row-${row.id}`}
              role="row"
              aria-rowindex={item.index + 2}
              aria-selected={row.id === openId}
              className="table-row"
              data-chosen={chosen || undefined}
              data-changed={changed ? true : undefined}
              style={{ height, width, transform: `translateY(${item.start}px)` }}
              onClick={(e) => (e.shiftKey ? selection.reach(row.id) : props.onOpen(row.id))}
              onDoubleClick={() => props.onWhole(row.id)}
            >
              <div
                className="table-cell"
                role="gridcell"
                style={{ width: CHOOSE_WIDTH, left: 0 }}
                data-pinned
              >
                <input
                  type="checkbox"
                  tabIndex={-1}
                  aria-label={T.queue.choose(row.number)}
                  checked={chosen}
                  onClick={(e) => e.stopPropagation()}
                  onChange={() => selection.toggle(row.id)}
                />
              </div>
              {laid.map((column) => (
                <div
                  key={column.key}
                  className="table-cell"
                  role="gridcell"
                  data-key={column.key}
                  data-pinned={column.left === null ? undefined : true}
                  data-digits={DIGITS.has(column.key) || undefined}
                  style={{ width: column.width, ...(column.left === null ? {} : { left: column.left }) }}
                >
                  {column.key === told && <PeopleOn ticketId={row.id} />}
                  {cellOf(column.key, row, changed ? stateZh(changed.state, row) : row.stateZh, now)}
                </div>
              ))}
            </div>
          );
        })}
      </div>
      <div role="row">
        <div role="gridcell">
          <ListFoot pages={pages} count={rows.length} />
        </div>
      </div>
    </div>
  );
}

interface Laid extends ListColumn {
  /** Where a pinned column stays. */
  readonly left: number | null;
}

/** Pinned columns first, each behind the last. */
function lay(columns: readonly ListColumn[]): readonly Laid[] {
  const shown = columns.filter((column) => column.shown);
  let left = CHOOSE_WIDTH;
  const pinned = shown
    .filter((column) => column.pinned)
    .map((column): Laid => {
      const laid = { ...column, left };
      left += column.width;
      return laid;
    });
  return [...pinned, ...shown.filter((c) => !c.pinned).map((c): Laid => ({ ...c, left: null }))];
}

function Heading(props: {
  column: Laid;
  sort: Sort;
  onSort: (sort: Sort) => void;
  onWidth: (width: number) => void;
}) {
  const { column } = props;
  const { zh, sort } = LIST_COLUMNS[column.key];
  const [dragged, setDragged] = useState<number | null>(null);
  const from = useRef({ x: 0, width: 0 });
  const up = props.sort === sort;
  const down = sort !== null && props.sort === `-${sort}`;
  const fit = (width: number) => Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)));
  const onPointerDown = (e: PointerEvent) => {
    e.currentTarget.setPointerCapture(e.pointerId);
    from.current = { x: e.clientX, width: column.width };
    setDragged(column.width);
  };
  const onKeyDown = (e: KeyboardEvent) => {
    const by = e.key === "ArrowRight" ? 16 : e.key === "ArrowLeft" ? -16 : 0;
    if (by === 0) return;
    e.preventDefault();
    e.stopPropagation();
    props.onWidth(fit(column.width + by));
  };
  return (
    <div
      className="table-cell"
      role="columnheader"
      data-key={column.key}
      aria-sort={up ? "ascending" : down ? "descending" : undefined}
      data-pinned={column.left === null ? undefined : true}
      data-digits={DIGITS.has(column.key) || undefined}
      style={{ width: dragged ?? column.width, ...(column.left === null ? {} : { left: column.left }) }}
    >
      {sort === null ? (
        <span>{zh}</span>
      ) : (
        <button type="button" className="sort-button" onClick={() => props.onSort(up ? `-${sort}` : sort)}>
          {zh}
          {up && <CaretUpFilled aria-label={T.queue.sortedUp} style={{ fontSize: 10 }} />}
          {down && <CaretDownFilled aria-label={T.queue.sortedDown} style={{ fontSize: 10 }} />}
        </button>
      )}
      <span
        className="table-grip"
        role="separator"
        aria-orientation="vertical"
        aria-label={T.queue.widen(zh)}
        aria-valuenow={column.width}
        aria-valuemin={MIN_WIDTH}
        aria-valuemax={MAX_WIDTH}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onPointerDown={onPointerDown}
        onPointerMove={(e) =>
          dragged !== null && setDragged(fit(from.current.width + e.clientX - from.current.x))
        }
        onPointerUp={() => {
          if (dragged !== null) props.onWidth(dragged);
          setDragged(null);
        }}
      />
    </div>
  );
}
