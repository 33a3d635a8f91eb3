/** 逐件差异. Lines with what differs in each; chosen by their boxes, opened with Enter. */
import { DIFFERING_NAMES } from "@jiesu/core/assessment/reconcile.ts";
import type { CityLine } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

const W = CITY.reconcile;

export function LineTable(props: {
  rows: readonly CityLine[];
  chosen: ReadonlySet<string>;
  /** Null where nothing can be chosen. */
  onChoose: ((chosen: ReadonlySet<string>) => void) | null;
  openKey: string | undefined;
  /** Whether each line says its cause: not where all have one, nor beside an open line. */
  withCause: boolean;
  onOpen: (key: string) => void;
}) {
  const { rows, chosen, onChoose } = props;
  const toggle = (key: string) => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    onChoose?.(next);
  };
  const box: readonly Column<CityLine>[] =
    onChoose === null
      ? []
      : [
          {
            key: "choose",
            title: "",
            width: 32,
            cell: (row) => (
              <input
                type="checkbox"
                aria-label={W.chooseOne(row.number)}
                checked={chosen.has(row.key)}
                onChange={() => toggle(row.key)}
              />
            ),
          },
        ];
  const columns: readonly Column<CityLine>[] = [
    ...box,
    { key: "row", title: W.row, align: "right", nowrap: true, cell: (row) => row.row ?? "—" },
    {
      key: "number",
      title: W.number,
      nowrap: true,
      cell: (row) => (
        <button type="button" className="plain-button city-open" onClick={() => props.onOpen(row.key)}>
          {row.number}
        </button>
      ),
    },
    { key: "unit", title: W.unit, nowrap: true, cell: unitText },
    { key: "differs", title: W.differs, cell: (row) => row.fields.map((f) => DIFFERING_NAMES[f]).join("、") },
    ...(props.withCause ? [{ key: "cause", title: W.cause, cell: (row: CityLine) => row.causeZh }] : []),
    {
      key: "state",
      title: W.stateTitle,
      nowrap: true,
      cell: (row) => (
        <Tag tone={row.state === "open" ? "near" : row.state === "disputed" ? "mine" : "plain"}>
          {W.states[row.state]}
        </Tag>
      ),
    },
  ];
  const all = rows.length > 0 && rows.every((row) => chosen.has(row.key));
  return (
    <>
      {onChoose !== null && (
        <label className="city-choose-all">
          <input
            type="checkbox"
            checked={all}
            onChange={() => onChoose(all ? new Set() : new Set(rows.map((row) => row.key)))}
          />{" "}
          {W.chooseAll}
          {chosen.size > 0 && <span className="quiet"> · {W.chosen(chosen.size)}</span>}
        </label>
      )}
      <WorkTable
        label={W.all}
        columns={columns}
        rows={rows}
        rowKey={(row) => row.key}
        marked={(row) => row.key === props.openKey}
        onOpen={(row) => props.onOpen(row.key)}
      />
    </>
  );
}

/** One name where both sides have the same unit, else both. */
function unitText(row: CityLine): string {
  const city = row.city === null ? null : (row.city.unit?.name ?? (row.unitSaid || W.notCounted));
  const ours = row.ours === null ? null : (row.ours.unit?.name ?? "");
  if (city === ours || ours === null || ours === "") return city ?? "";
  return city === null ? ours : `${city} → ${ours}`;
}
