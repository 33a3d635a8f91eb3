/** 清单预览. What would come of the file: how its columns are read, which lines have their ticket, which rows cannot be read and why. */
import { Link } from "@tanstack/react-router";
import { Button, Checkbox, Select } from "antd";
import { SUPERVISION } from "../../texts/supervision.ts";
import { dayText } from "../../ui/dates.ts";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import type { ListPreview } from "./queries.ts";

const L = SUPERVISION.lists;

/** What a person has chosen for the file that is looked at. */
export interface Chosen {
  readonly file: File;
  readonly mapping: Readonly<Record<string, string>> | null;
  readonly sheet: number | undefined;
  readonly headerRow: number | undefined;
}

export function ListLook(props: {
  readonly look: ListPreview;
  readonly busy: boolean;
  readonly skip: boolean;
  readonly setSkip: (skip: boolean) => void;
  readonly onRead: (change: Partial<Chosen>) => void;
  readonly onConfirm: () => void;
  readonly onGiveUp: () => void;
}) {
  const { look } = props;
  if (look.same !== null)
    return (
      <Notice>
        {L.same}{" "}
        <Link to="/supervision/lists/$id" params={{ id: look.same }}>
          {L.see}
        </Link>
      </Notice>
    );
  const usable = look.missing.length === 0 && look.twice.length === 0 && look.rows > 0;
  const counts: readonly (readonly [string, number])[] = [
    [L.rows, look.rows],
    [L.fresh, look.fresh],
    [L.known, look.known],
    [L.unmatched, look.unmatched],
    [L.refused, look.refused],
    [L.totals, look.totals],
  ];
  return (
    <section className="card supervision-card" aria-label={look.fileName}>
      <ul className="supervision-numbers">
        {counts.map(([zh, n]) => (
          <li key={zh}>
            {zh} <strong>{n}</strong>
          </li>
        ))}
      </ul>
      {look.missing.length > 0 && <Notice tone="wrong">{L.missing(look.missing.join("、"))}</Notice>}
      {look.twice.length > 0 && <Notice tone="wrong">{L.twice(look.twice.join("、"))}</Notice>}
      <h2>{L.columns}</h2>
      <WorkTable
        label={L.columns}
        columns={columnTable(look, props.onRead)}
        rows={look.columns}
        rowKey={(row) => row.header}
        maxHeight="260px"
      />
      {look.faults.length > 0 && (
        <div className="supervision-gap">
          <h2>{L.faults}</h2>
          <WorkTable
            label={L.faults}
            columns={FAULTS}
            rows={look.faults}
            rowKey={(row) => `${row.row} ${row.column} ${row.why}`}
            maxHeight="240px"
          />
        </div>
      )}
      {look.lines.length > 0 && (
        <div className="supervision-gap">
          <h2>{L.lines}</h2>
          <WorkTable
            label={L.lines}
            columns={LINES}
            rows={look.lines}
            rowKey={(row) => String(row.row)}
            maxHeight="320px"
          />
        </div>
      )}
      <div className="form-foot">
        {look.refused > 0 && (
          <Checkbox checked={props.skip} onChange={(e) => props.setSkip(e.target.checked)}>
            {L.skip}
          </Checkbox>
        )}
        <Button
          type="primary"
          loading={props.busy}
          disabled={!usable || (look.refused > 0 && !props.skip)}
          onClick={props.onConfirm}
        >
          {look.fresh > 0 ? L.confirm(look.fresh) : L.nothingFresh}
        </Button>
        <Button disabled={props.busy} onClick={props.onGiveUp}>
          {L.giveUp}
        </Button>
      </div>
    </section>
  );
}

type ColumnRow = ListPreview["columns"][number];

const columnTable = (
  look: ListPreview,
  onRead: (change: Partial<Chosen>) => void,
): readonly Column<ColumnRow>[] => [
  { key: "header", title: L.header, nowrap: true, cell: (row) => row.header },
  {
    key: "means",
    title: L.means,
    cell: (row) => (
      <Select
        aria-label={`${row.header}：${L.means}`}
        style={{ width: 180 }}
        value={row.field}
        options={[
          { value: "", label: L.leaveOut },
          ...look.fields.map(({ field, zh }) => ({ value: field, label: zh })),
        ]}
        onChange={(field) => onRead({ mapping: { ...look.mapping, [row.header]: field } })}
      />
    ),
  },
  {
    key: "samples",
    title: L.samples,
    cell: (row) => <span className="quiet">{row.samples.join(" / ")}</span>,
  },
];

const FAULTS: readonly Column<ListPreview["faults"][number]>[] = [
  { key: "row", title: L.row, align: "right", cell: (row) => row.row },
  { key: "column", title: L.column, nowrap: true, cell: (row) => row.column },
  { key: "value", title: L.value, cell: (row) => row.value },
  { key: "why", title: L.why, cell: (row) => row.why },
  { key: "remedy", title: L.remedy, cell: (row) => row.remedy },
];

const LINES: readonly Column<ListPreview["lines"][number]>[] = [
  { key: "row", title: L.row, align: "right", cell: (row) => row.row },
  { key: "number", title: L.number, nowrap: true, cell: (row) => row.number },
  { key: "unit", title: L.unit, nowrap: true, cell: (row) => row.unit },
  { key: "asked", title: L.asked, cell: (row) => row.asked },
  { key: "due", title: L.due, nowrap: true, cell: (row) => (row.dueAt === null ? "" : dayText(row.dueAt)) },
  {
    key: "standing",
    title: "",
    cell: (row) => (
      <>
        <Tag tone={row.standing === "unmatched" ? "near" : "plain"}>{L.standing[row.standing]}</Tag>{" "}
        <span className="quiet">{row.whyZh ?? ""}</span>
      </>
    ),
  },
];
