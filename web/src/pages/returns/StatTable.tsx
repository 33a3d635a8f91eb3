/** 统计表. A row for each key with its figures, the count of the span before beside the first, and the total at the foot. */
import { Link } from "@tanstack/react-router";
import { RETURNS } from "../../texts/returns.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import type { Stat } from "./queries.ts";
import type { StatSearch, StatTab } from "./search.ts";

const R = RETURNS.stats;
type Row = Stat["rows"][number];

/** Figures that open into nothing of their own: shares, medians, and rounds of dispatch. */
const CLOSED: ReadonlySet<string> = new Set([
  "refusedRate",
  "rounds",
  "rate",
  "rejectedRate",
  "minutes",
  "firstRightRate",
]);

export function StatTable(props: {
  readonly stat: Stat;
  readonly tab: StatTab;
  readonly by: keyof typeof R.byNames;
  readonly search: StatSearch;
}) {
  const { stat, search } = props;
  const [first] = stat.measures;
  const ranks = stat.rows.some((row) => row.place !== null);
  const shown = stat.measures.filter(({ key }) => stat.rows.some((row) => row.figures[key] != null));
  const columns: readonly Column<Row>[] = [
    ...(ranks
      ? [
          {
            key: "place",
            title: R.place,
            definition: R.placeAbout(stat.minRanked),
            align: "right" as const,
            nowrap: true,
            cell: (row: Row) => row.place ?? <span className="quiet">{R.unranked}</span>,
          },
        ]
      : []),
    { key: "name", title: R.byNames[props.by], cell: (row) => row.name, total: R.total },
    ...shown.flatMap((measure): Column<Row>[] => {
      const column: Column<Row> = {
        key: measure.key,
        title: measure.name,
        definition: measure.definition,
        align: "right",
        nowrap: true,
        cell: (row) => (
          <Figure row={row} measure={measure} search={search} open={`${measure.key}|${row.key}`} />
        ),
        total: <Figure row={stat.total} measure={measure} search={search} open={measure.key} />,
      };
      if (measure.key !== first?.key) return [column];
      const change = (row: Row) => <Change now={row.figures[measure.key] ?? 0} before={row.before} />;
      return [
        column,
        {
          ...{ key: "change", title: R.change, definition: R.changeAbout(stat.before.from, stat.before.to) },
          ...{ align: "right", nowrap: true, cell: change, total: change(stat.total) },
        },
      ];
    }),
  ];
  return (
    <section className="card">
      <WorkTable
        label={R.tabs[props.tab]}
        columns={columns}
        rows={stat.rows}
        rowKey={(row) => row.key}
        marked={(row) => search.open?.endsWith(`|${row.key}`) ?? false}
        withTotal
      />
    </section>
  );
}

function Figure(props: { row: Row; measure: Stat["measures"][number]; search: StatSearch; open: string }) {
  const { row, measure, search, open } = props;
  const value = row.figures[measure.key] ?? null;
  if (value === null) return <span className="quiet">—</span>;
  const words = measure.unit === "%" ? `${value.toFixed(1)}%` : String(value);
  if (value === 0 || CLOSED.has(measure.key))
    return <span className={value === 0 ? "quiet" : ""}>{words}</span>;
  return (
    <Link to="/returns" search={{ ...search, open }} aria-label={`${row.name} ${measure.name} ${words}`}>
      {words}
    </Link>
  );
}

/** 环比: in words that need no colour; none where there was nothing before. */
function Change({ now, before }: { now: number; before: number }) {
  if (before === 0) return <span className="quiet">{now === 0 ? "—" : R.fresh}</span>;
  const share = Math.round(((now - before) / before) * 1000) / 10;
  return (
    <span title={R.was(before)}>
      {share === 0 ? R.same : share > 0 ? R.up(share.toFixed(1)) : R.down((-share).toFixed(1))}
    </span>
  );
}
