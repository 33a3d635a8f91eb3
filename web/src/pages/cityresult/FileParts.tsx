/** 导入文件的各部分: what each column means, which row is the header, which rows cannot be read; for every file of the city's. */
import { Button } from "antd";
import { CITY } from "../../texts/cityresult.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

const W = CITY.file;

interface Mapped {
  readonly header: string;
  readonly field: string;
  readonly why: string;
  readonly doubt: string | null;
  readonly samples: readonly string[];
}

export function mappingColumns(
  fields: readonly { readonly field: string; readonly zh: string; readonly required: boolean }[],
  onChange: (header: string, field: string) => void,
): readonly Column<Mapped>[] {
  return [
    { key: "header", title: W.header, nowrap: true, cell: (column) => column.header },
    {
      key: "field",
      title: W.means,
      width: 200,
      cell: (column) => (
        <select
          className="native"
          aria-label={W.fieldOf(column.header)}
          value={column.field}
          onChange={(e) => onChange(column.header, e.target.value)}
        >
          <option value="">{W.leaveOut}</option>
          {fields.map(({ field, zh, required }) => (
            <option key={field} value={field}>
              {required ? `${zh} *` : zh}
            </option>
          ))}
        </select>
      ),
    },
    {
      key: "why",
      title: W.why,
      cell: (column) => (
        <>
          {column.doubt !== null && <Tag tone="near">{W.check}</Tag>}{" "}
          <span className="quiet">{column.doubt ?? column.why}</span>
        </>
      ),
    },
    { key: "samples", title: W.samples, cell: (column) => column.samples.join(" ┊ ") },
  ];
}

/** The first rows as they stand in the file: one press on the row that is the header. */
export function HeaderPlace(props: {
  readonly top: readonly { readonly row: number; readonly cells: readonly string[] }[];
  readonly headerRow: number;
  readonly onPlace: (row: number) => void;
}) {
  return (
    <details className="city-place">
      <summary>{W.place}</summary>
      <p className="quiet">{W.placeHint}</p>
      <ul>
        {props.top.map(({ row, cells }) => (
          <li key={row} data-now={row === props.headerRow || undefined}>
            <Button size="small" disabled={row === props.headerRow} onClick={() => props.onPlace(row)}>
              {W.placeAt(row)}
            </Button>{" "}
            <span>{cells.filter((cell) => cell !== "").join(" ┊ ")}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

interface Fault {
  readonly row: number;
  readonly column: string;
  readonly value: string;
  readonly why: string;
  readonly remedy: string;
}

const FAULT_COLUMNS: readonly Column<Fault>[] = [
  { key: "row", title: W.faultRow, align: "right", nowrap: true, cell: (fault) => fault.row },
  { key: "column", title: W.faultColumn, nowrap: true, cell: (fault) => fault.column },
  { key: "value", title: W.faultValue, cell: (fault) => fault.value },
  { key: "why", title: W.faultWhy, cell: (fault) => fault.why },
  { key: "remedy", title: W.remedy, cell: (fault) => fault.remedy },
];

export function Faults({ faults, rows }: { faults: readonly Fault[]; rows: number }) {
  return (
    <section className="card ledger-card" aria-label={W.faults(rows)}>
      <header className="card-head">
        <h2>{W.faults(rows)}</h2>
      </header>
      <WorkTable
        label={W.faults(rows)}
        columns={FAULT_COLUMNS}
        rows={faults}
        rowKey={(fault) => `${fault.row} ${fault.column}`}
      />
    </section>
  );
}
