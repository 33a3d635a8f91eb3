/** 工单列表. The middle of the split view: what is due first is on top, and nothing moves under the reader. */
import { DownloadOutlined } from "@ant-design/icons";
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import type { Sort } from "@jiesu/core/ticket/listing.ts";
import { STATES } from "@jiesu/core/ticket/state.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useEffect, useMemo, useRef } from "react";
import type { TicketChange } from "../../api/live.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import type { TicketRow } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { type Filter, QueryBar } from "../../ui/QueryBar.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { DueWords } from "./due.tsx";
import { categoriesQuery } from "./queries.ts";
import { EVERY, listQuery, type TicketSearch, ticketSearch } from "./search.ts";

interface Pages {
  readonly isPending: boolean;
  readonly isError: boolean;
  readonly error: unknown;
  readonly isFetching: boolean;
  readonly hasNextPage: boolean;
  readonly isFetchingNextPage: boolean;
  readonly fetchNextPage: () => unknown;
}

export function TicketList(props: {
  readonly search: TicketSearch;
  readonly change: (next: Partial<TicketSearch>) => void;
  readonly pages: Pages;
  readonly rows: readonly TicketRow[];
  readonly openId: string | undefined;
  readonly onOpen: (id: string) => void;
  readonly changed: { rows: ReadonlyMap<string, TicketChange>; fresh: number };
  readonly onRefresh: () => void;
  readonly heading?: string | undefined;
}) {
  const { search, change, pages, rows, changed } = props;
  const now = useNow();
  const filters = useFilters();
  const filtered = filters.some((f) => f.key in search && valueIn(search, f.key)) || search.q !== undefined;
  const stale = changed.rows.size + changed.fresh;
  return (
    <section className="ticket-list" aria-label={T.tickets.list}>
      <header className="ticket-list-head">
        {props.heading && <h1>{props.heading}</h1>}
        <QueryBar
          wordsKey="q"
          wordsHint={T.tickets.searchHint}
          filters={filters}
          values={Object.fromEntries(
            filters.map((f) => [f.key, valueIn(search, f.key)]).concat([["q", search.q]]),
          )}
          onChange={(next) => change({ ...ticketSearch({ ...search, ...next }), id: undefined })}
          extra={
            <>
              <SortSelect search={search} change={change} />
              <Button
                className="export-button"
                icon={<DownloadOutlined aria-hidden="true" />}
                aria-label={T.tickets.export}
                title={T.tickets.export}
                href={exportAddress(search)}
              />
            </>
          }
        />
        {stale > 0 && (
          <Button type="link" className="stale-button" onClick={props.onRefresh}>
            {T.tickets.stale(stale)}
          </Button>
        )}
      </header>
      {pages.isFetching && <div className="loading-bar" aria-hidden="true" />}
      {pages.isPending ? (
        <Loading what={T.loading} />
      ) : pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={props.onRefresh} />
      ) : rows.length === 0 ? (
        <EmptyList filtered={filtered} clear={() => change(ticketSearch({ queue: search.queue }))} />
      ) : (
        <Rows {...props} now={now} />
      )}
    </section>
  );
}

function Rows(props: Parameters<typeof TicketList>[0] & { now: number }) {
  const { rows, pages, openId } = props;
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (openId) document.getElementById(`row-${openId}`)?.scrollIntoView({ block: "nearest" });
  }, [openId]);
  return (
    <div ref={box} className="ticket-rows scrolls">
      <div
        role="listbox"
        aria-label={T.tickets.list}
        tabIndex={0}
        aria-activedescendant={openId ? `row-${openId}` : undefined}
      >
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            chosen={row.id === openId}
            now={props.now}
            changed={props.changed.rows.get(row.id)}
            onOpen={props.onOpen}
          />
        ))}
      </div>
      <footer className="list-foot">
        {pages.hasNextPage ? (
          <More loading={pages.isFetchingNextPage} load={pages.fetchNextPage} />
        ) : (
          <span className="quiet">{T.tickets.allShown(rows.length)}</span>
        )}
      </footer>
    </div>
  );
}

function Row(props: {
  row: TicketRow;
  chosen: boolean;
  now: number;
  changed: TicketChange | undefined;
  onOpen: (id: string) => void;
}) {
  const { row, now, changed } = props;
  const state = changed ? stateZh(changed.state, row) : row.stateZh;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/useFocusableInteractive: the listbox answers the keys
    <div
      id={`row-${row.id}`}
      role="option"
      aria-selected={props.chosen}
      className="ticket-row"
      data-changed={changed ? true : undefined}
      onClick={() => props.onOpen(row.id)}
    >
      <div className="ticket-row-top">
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
        <span className="ticket-row-state">
          {changed && <b>{T.tickets.changedTo}</b>}
          {state}
        </span>
      </div>
    </div>
  );
}

/** Loads the next page when it comes into sight, or when pressed. */
function More({ loading, load }: { loading: boolean; load: () => unknown }) {
  const ref = useRef<HTMLDivElement>(null);
  const latest = useRef(load);
  latest.current = load;
  useEffect(() => {
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && latest.current(), {
      rootMargin: "300px",
    });
    if (ref.current) seen.observe(ref.current);
    return () => seen.disconnect();
  }, []);
  return (
    <div ref={ref}>
      <Button type="link" loading={loading} onClick={() => load()}>
        {T.tickets.more}
      </Button>
    </div>
  );
}

function EmptyList({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  return filtered ? (
    <EmptyState
      title={T.tickets.noneFound}
      actions={<Button onClick={clear}>{T.tickets.clearFilters}</Button>}
    >
      {T.tickets.noneFoundAbout}
    </EmptyState>
  ) : (
    <EmptyState title={T.tickets.empty}>{T.tickets.emptyAbout}</EmptyState>
  );
}

function SortSelect({
  search,
  change,
}: {
  search: TicketSearch;
  change: (next: Partial<TicketSearch>) => void;
}) {
  const usual: Sort = search.queue === EVERY ? "-received" : "due";
  return (
    <Select<Sort>
      aria-label={T.tickets.sort}
      value={search.sort ?? usual}
      style={{ width: 104 }}
      popupMatchSelectWidth={false}
      options={[
        { value: "due", label: T.tickets.sortDue },
        { value: "-received", label: T.tickets.sortNew },
        { value: "received", label: T.tickets.sortOld },
      ]}
      onChange={(sort) => change({ sort: sort === usual ? undefined : sort })}
    />
  );
}

/** The same list as a file, made by the server under the same permission. */
function exportAddress(search: TicketSearch): string {
  const pairs = Object.entries(listQuery(search)).map(([key, value]) => [key, String(value)]);
  return `/api/tickets/export.xlsx?${new URLSearchParams(pairs)}`;
}

function useFilters(): readonly Filter[] {
  const units = useQuery(unitsQuery);
  const categories = useQuery(categoriesQuery);
  return useMemo(() => {
    const option = (value: string, label = value) => ({ value, label });
    const all = units.data ?? [];
    const streets = all.filter((u) => u.kind === "street" || u.kind === "town");
    const levels1 = [...new Set(categories.data?.map((c) => c.level1) ?? [])];
    const f = T.tickets.filters;
    return [
      {
        key: "state",
        label: f.state,
        kind: "select",
        options: Object.entries(STATES).map(([k, s]) => option(k, s.zh)),
      },
      {
        key: "due",
        label: f.due,
        kind: "select",
        options: [option("near", f.near), option("overdue", f.overdue)],
      },
      { key: "street", label: f.street, kind: "select", options: streets.map((u) => option(u.name)) },
      { key: "unit", label: f.unit, kind: "select", options: all.map((u) => option(u.id, u.shortName)) },
      { key: "category", label: f.category, kind: "select", options: levels1.map((c) => option(c)) },
      {
        key: "level",
        label: f.level,
        kind: "select",
        options: Object.entries(LEVELS).map(([k, l]) => option(k, `${l.short}（${l.zh}）`)),
      },
      { key: "channel", label: f.channel, kind: "text" },
      { key: "from", label: f.from, kind: "day" },
      { key: "to", label: f.to, kind: "day" },
    ];
  }, [units.data, categories.data]);
}

function valueIn(search: TicketSearch, key: string): string | undefined {
  const found: [string, string | undefined][] = Object.entries(search);
  return found.find(([name]) => name === key)?.[1];
}

function stateZh(state: string, row: TicketRow): string {
  const known: [string, { zh: string }][] = Object.entries(STATES);
  return known.find(([key]) => key === state)?.[1].zh ?? row.stateZh;
}
