/** 成绩表. A group of units a table, every figure of the sheet in a row; rank and unit stay in sight, every number opens. */
import {
  categoryText,
  columnHead,
  isSide,
  type SheetColumn,
  type SideKey,
} from "@jiesu/core/assessment/scoresheet.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { useSession } from "../../api/session.ts";
import type {
  Measure,
  ScoreSheet,
  ScoreSheetColumn,
  ScoreSheetGroup,
  ScoreSheetRow,
} from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { measuresQuery } from "./queries.ts";
import { Definition } from "./RankPage.tsx";
import { SheetTickets } from "./SheetTickets.tsx";
import { sheetColumnsQuery } from "./sheetqueries.ts";

/** Measures without tickets of their own to open. */
const NOT_OPENED: readonly string[] = ["points"];

type Open = (column: SideKey, row: ScoreSheetRow) => void;

export function SheetTable({ sheet }: { sheet: ScoreSheet }) {
  const columns = useQuery(sheetColumnsQuery);
  const measures = useQuery(measuresQuery({ rules: sheet.rules.name, level: sheet.level }));
  const [opened, setOpened] = useState<{ column: SideKey; row: ScoreSheetRow } | null>(null);
  if (!columns.data) return null;
  const all = columns.data.filter((column) => sheet.columns.includes(column.key));
  const rows = sheet.groups.flatMap((group) => group.rows);
  const shared = all.filter((column) => rows.every((row) => row.cells[column.key] !== undefined));
  const own = rows.filter((row) => row.own);
  const cells = { sheet, measures: measures.data ?? [], open: setOpenedFor(setOpened) };
  return (
    <>
      {shared.length < all.length && own.length > 0 && (
        <section className="card rank-group sheet-wide">
          <header className="card-head">
            <h2>{W.own}</h2>
          </header>
          <WorkTable
            label={W.own}
            columns={[...columnsOf({ ...cells, columns: all, group: null }), problemsColumn(sheet)]}
            rows={own}
            rowKey={(row) => row.unit.id}
          />
        </section>
      )}
      {sheet.groups.map((group) => (
        <section key={group.group ?? ""} className="card rank-group sheet-wide">
          <header className="card-head">
            <h2>{group.group ?? W.noGroup}</h2>
            <span className="quiet">{W.ranked(group.ranked, group.rows.length)}</span>
          </header>
          <WorkTable
            label={`${W.table} ${group.group ?? W.noGroup}`}
            columns={[
              ...columnsOf({ ...cells, columns: shared, group }),
              ...(shared.length < all.length ? [] : [problemsColumn(sheet)]),
            ]}
            rows={group.rows}
            rowKey={(row) => row.unit.id}
            marked={(row) => row.own}
            withTotal
          />
        </section>
      ))}
      <details className="rank-notes">
        <summary>{W.notes}</summary>
        <ul>
          {[...sheet.notes, sheet.rules.source].map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </details>
      {opened && <SheetTickets sheet={sheet} {...opened} close={() => setOpened(null)} />}
    </>
  );
}

const setOpenedFor =
  (set: (opened: { column: SideKey; row: ScoreSheetRow }) => void): Open =>
  (column, row) =>
    set({ column, row });

function columnsOf(props: {
  sheet: ScoreSheet;
  columns: readonly ScoreSheetColumn[];
  measures: readonly Measure[];
  /** Whose totals stand below; null for rows that are no group. */
  group: ScoreSheetGroup | null;
  open: Open;
}): readonly Column<ScoreSheetRow>[] {
  const { sheet, measures, group, open } = props;
  const [rank, ...figures] = props.columns.map((column): Column<ScoreSheetRow> => {
    const measure = measures.find((each) => each.key === column.measure) ?? null;
    const definition = definitionOf(column, measure);
    return {
      key: column.key,
      title: headOf(column),
      align: column.key === "rank" ? "center" : "right",
      nowrap: true,
      ...(definition === null ? {} : { definition }),
      cell: (row) => <Figure sheet={sheet} row={row} column={column} measure={measure} open={open} />,
      total: group && <Total sheet={sheet} group={group} column={column} measure={measure} />,
    };
  });
  const unit: Column<ScoreSheetRow> = {
    key: "unit",
    title: W.unit,
    nowrap: true,
    cell: (row) => (
      <span title={row.unranked === null ? row.unit.name : `${row.unit.name}（${row.unranked}）`}>
        {row.unit.shortName}
        {row.own && <span className="quiet">（{W.own}）</span>}
      </span>
    ),
    total: W.total,
  };
  return [...(rank ? [rank] : []), unit, ...figures];
}

const problemsColumn = (sheet: ScoreSheet): Column<ScoreSheetRow> => ({
  key: "problems",
  title: W.problems,
  cell: (row) => <Problems sheet={sheet} row={row} />,
});

/** In two lines at most: a group's name over its columns'. */
function headOf({ key, zh, name, group }: ScoreSheetColumn): string {
  if (group !== null) return `${group.replace("考核", "")}\n${zh}`;
  return isColumn(key) ? columnHead(key) : name;
}

function definitionOf(column: ScoreSheetColumn, measure: Measure | null): ReactNode {
  if (measure !== null) return <Definition of={measure} />;
  return column.definition;
}

/** Opens like the figures above it, but for all units of the group; counts of other ledgers open by unit only. */
function Total(props: {
  sheet: ScoreSheet;
  group: ScoreSheetGroup;
  column: ScoreSheetColumn;
  measure: Measure | null;
}) {
  const { sheet, group, column, measure } = props;
  const session = useSession();
  const text = group.total[column.key];
  const opens = measure !== null && !NOT_OPENED.includes(measure.key) && session.unit === null;
  if (text === undefined || text === "—" || text === "0" || !opens) return <>{text}</>;
  return (
    <Link
      to="/assessment/tickets"
      search={{ ...ledgerOf(sheet), group: group.group ?? undefined, measure: openedBy(measure) }}
      aria-label={`${group.group ?? W.noGroup} ${W.total} ${column.name} ${text}`}
    >
      {text}
    </Link>
  );
}

function Figure(props: {
  sheet: ScoreSheet;
  row: ScoreSheetRow;
  column: ScoreSheetColumn;
  measure: Measure | null;
  open: Open;
}) {
  const { sheet, row, column, measure, open } = props;
  const session = useSession();
  const text = row.cells[column.key];
  if (text === undefined) return null;
  if (text === "—" || text === "0") return <span className="quiet">{text}</span>;
  if (column.key === "rank") return <strong>{text}</strong>;
  if (session.unit !== null && !row.own) return <>{text}</>; // another unit's tickets do not exist for it
  const label = `${row.unit.shortName} ${column.name} ${text}`;
  if (isColumn(column.key) && isSide(column.key)) {
    const key = column.key;
    return (
      <button
        type="button"
        className="plain-button sheet-count"
        aria-label={label}
        onClick={() => open(key, row)}
      >
        {text}
      </button>
    );
  }
  if (measure === null || NOT_OPENED.includes(measure.key)) return <>{text}</>;
  return (
    <Link
      to="/assessment/tickets"
      search={{ ...ledgerOf(sheet), unit: row.unit.id, measure: openedBy(measure) }}
      aria-label={label}
    >
      {text}
    </Link>
  );
}

/** A rate opens into its denominator, a count into itself, as in the ranking. */
const openedBy = (measure: Measure): string =>
  OF_CLOCKS.includes(measure.key) ? measure.key : measure.opens;
const OF_CLOCKS: readonly string[] = ["onTime", "late"];

function Problems({ sheet, row }: { sheet: ScoreSheet; row: ScoreSheetRow }) {
  const counts = [
    { measure: "unsolved", zh: "未解决" },
    { measure: "dissatisfied", zh: "不满意" },
  ] as const;
  return (
    <span className="sheet-problems">
      {row.problems.map((problem) => (
        <span key={problem.category}>
          {categoryText(problem.category)}
          {counts
            .filter(({ measure }) => problem[measure] > 0)
            .map(({ measure, zh }) => (
              <Link
                key={measure}
                to="/assessment/tickets"
                search={{
                  ...ledgerOf(sheet),
                  ...{ unit: row.unit.id, measure, category: problem.category || undefined },
                }}
              >
                {zh} {problem[measure]}
              </Link>
            ))}
        </span>
      ))}
    </span>
  );
}

/** Where the ledger is looked at: the period as the sheet is about. */
const ledgerOf = (sheet: ScoreSheet) => ({
  period: sheet.period,
  level: sheet.level,
  scope: "assessed" as const,
});

const isColumn = (key: string): key is SheetColumn => key !== "";
