/** 工单列表. The middle of the split view, or the whole of it: what is due first is on top, and nothing moves under the reader. */
import { AppstoreOutlined, DownloadOutlined, SettingOutlined, TableOutlined } from "@ant-design/icons";
import { LIST_COLUMNS, SORTS, type Sort, sortOf } from "@jiesu/core/ticket/listing.ts";
import { Button, Select } from "antd";
import { useState } from "react";
import type { TicketChange } from "../../api/live.ts";
import { sentenceOf } from "../../api/problem.ts";
import { T } from "../../texts.ts";
import { useNow } from "../../ui/now.ts";
import { FilterPanel } from "../../ui/QueryBar.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { BulkBar } from "./BulkBar.tsx";
import { ColumnPanel } from "./ColumnPanel.tsx";
import { useColumns, useDensity } from "./columns.tsx";
import { FilterBox, FilterChips } from "./FilterBox.tsx";
import type { RowsProps } from "./listing.tsx";
import { listName } from "./QueueList.tsx";
import { EVERY, listQuery, type TicketSearch, ticketSearch } from "./search.ts";
import { TicketRows } from "./TicketRows.tsx";
import { TicketTable } from "./TicketTable.tsx";
import { UnitRates } from "./UnitRates.tsx";
import { useFilters, valuesIn } from "./useFilters.ts";

export interface Changes {
  readonly rows: ReadonlyMap<string, TicketChange>;
  readonly fresh: number;
}

export function TicketList(
  props: Omit<RowsProps, "now" | "changed"> & {
    readonly search: TicketSearch;
    readonly change: (next: Partial<TicketSearch>) => void;
    readonly changes: Changes;
    readonly onRefresh: () => void;
    readonly onWhole: (id: string) => void;
    readonly onBulkDone: (ids: readonly string[]) => void;
    readonly chooseAll: () => Promise<void>;
    readonly form: "rows" | "table";
    /** Absent where the list has one form only. */
    readonly setForm?: (form: "rows" | "table") => void;
  },
) {
  const { search, change, pages, rows, changes, form } = props;
  const now = useNow();
  const filters = useFilters();
  const values = valuesIn(search, filters);
  const filtered = filters.some((f) => values[f.key] !== undefined) || search.q !== undefined;
  const list = listName(search);
  const { columns, change: changeColumns } = useColumns(list);
  const { density, setDensity } = useDensity();
  const [setting, setSetting] = useState(false);
  const [folded, setFolded] = useState(true);
  const sort = search.sort ?? usualSort(search);
  const onSort = (next: Sort) => change({ sort: next === usualSort(search) ? undefined : next });
  const set = (next: Readonly<Record<string, string | undefined>>) =>
    change({ ...ticketSearch({ ...search, ...next }), id: undefined });
  const shared = { ...props, now, changed: changes.rows };
  return (
    <section className="ticket-list" aria-label={T.tickets.list} data-form={form}>
      <header className="ticket-list-head">
        <search className="query-bar">
          <FilterBox filters={filters} values={{ ...values, q: search.q }} onChange={set} />
          <Button aria-expanded={!folded} onClick={() => setFolded(!folded)}>
            {T.queue.filter}
          </Button>
          {form === "rows" && <SortSelect sort={sort} onSort={onSort} />}
          <Tools
            form={form}
            setForm={props.setForm}
            onSettings={() => setSetting(true)}
            shown={exportShown(
              search,
              sort,
              columns.filter((column) => column.shown).map((column) => column.key),
            )}
          />
          <FilterChips filters={filters} values={values} onChange={set} />
          {!folded && <FilterPanel filters={filters} values={values} onChange={set} />}
        </search>
        <UnitRates />
        <ChangeBar changes={changes} onRefresh={props.onRefresh} />
      </header>
      <BulkBar selection={props.selection} chooseAll={props.chooseAll} onDone={props.onBulkDone} />
      {pages.isFetching && <div className="loading-bar" aria-hidden="true" />}
      {pages.isPending ? (
        <Loading what={T.loading} />
      ) : pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={props.onRefresh} />
      ) : rows.length === 0 ? (
        <EmptyList filtered={filtered} clear={() => change(ticketSearch({ queue: search.queue }))} />
      ) : form === "table" ? (
        <TicketTable
          {...shared}
          columns={columns}
          changeColumns={changeColumns}
          density={density}
          sort={sort}
          onSort={onSort}
        />
      ) : (
        <TicketRows {...shared} />
      )}
      {setting && (
        <ColumnPanel
          columns={columns}
          change={changeColumns}
          density={density}
          setDensity={setDensity}
          onClose={() => setSetting(false)}
        />
      )}
    </section>
  );
}

function Tools(props: {
  form: "rows" | "table";
  setForm: ((form: "rows" | "table") => void) | undefined;
  onSettings: () => void;
  shown: string;
}) {
  const { form, setForm } = props;
  const other = form === "rows" ? "table" : "rows";
  return (
    <>
      {form === "table" && (
        <Button
          icon={<SettingOutlined aria-hidden="true" />}
          aria-label={T.queue.columns}
          title={T.queue.columns}
          onClick={props.onSettings}
        />
      )}
      {setForm && (
        <Button
          className="form-button"
          icon={
            form === "rows" ? <TableOutlined aria-hidden="true" /> : <AppstoreOutlined aria-hidden="true" />
          }
          aria-label={T.queue.forms[other]}
          aria-keyshortcuts="v"
          title={T.queue.forms[other]}
          onClick={() => setForm(other)}
        />
      )}
      <Button
        className="export-button"
        icon={<DownloadOutlined aria-hidden="true" />}
        aria-label={T.queue.exportShown}
        title={T.queue.exportShown}
        href={props.shown}
      />
    </>
  );
}

/** What has happened since the list was read, told in one quiet line; the list itself stays as it is. */
function ChangeBar({ changes, onRefresh }: { changes: Changes; onRefresh: () => void }) {
  const told = [
    ...(changes.fresh > 0 ? [T.queue.slidIn(changes.fresh)] : []),
    ...(changes.rows.size > 0 ? [T.queue.movedOn(changes.rows.size)] : []),
  ];
  return (
    <div aria-live="polite">
      {told.length > 0 && (
        <button type="button" className="change-bar" onClick={onRefresh}>
          {told.join("，")} · <span>{T.queue.showThem}</span>
        </button>
      )}
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

function usualSort(search: TicketSearch): Sort {
  return search.queue === EVERY ? "-received" : "due";
}

function SortSelect({ sort, onSort }: { sort: Sort; onSort: (sort: Sort) => void }) {
  return (
    <Select<Sort>
      aria-label={T.tickets.sort}
      value={sort}
      style={{ width: 104 }}
      popupMatchSelectWidth={false}
      options={SORTS.map((value) => ({ value, label: sortZh(value) }))}
      onChange={onSort}
    />
  );
}

const USUAL: Partial<Record<Sort, string>> = {
  due: T.tickets.sortDue,
  "-received": T.tickets.sortNew,
  received: T.tickets.sortOld,
};

function sortZh(sort: Sort): string {
  const { key, down } = sortOf(sort);
  const column = Object.values(LIST_COLUMNS).find((each) => each.sort === key);
  return USUAL[sort] ?? `${column?.zh ?? key}${down ? " ↓" : " ↑"}`;
}

/** The same list as a file, made by the server under the same permission. */
function exportShown(search: TicketSearch, sort: Sort, columns: readonly string[]): string {
  const pairs = Object.entries({ ...listQuery(search), sort }).flatMap(([key, value]) =>
    [value].flat().map((each) => [key, String(each)]),
  );
  return `/api/tickets/list.xlsx?${new URLSearchParams([...pairs, ["columns", columns.join(",")]])}`;
}
