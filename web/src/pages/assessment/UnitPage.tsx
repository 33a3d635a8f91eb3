/** 单位各期三率. One unit through the periods: rank, rates and score of each, every figure opening into its tickets. */
import { rankChange, scoreChange } from "@jiesu/core/assessment/change.ts";
import { COMPARISONS } from "@jiesu/core/assessment/measures.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { Measure, Trend, TrendUnit } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { OUTLOOK } from "../../texts/outlook.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { measuresQuery, trendQuery } from "./queries.ts";
import { Definition, Density, Figure, figuresOf, TrendLine } from "./RankPage.tsx";
import type { CountedSearch } from "./search.ts";
import "./assessment.css";

const PERIODS = 12;

interface Line {
  readonly period: Trend["periods"][number];
  readonly point: TrendUnit["points"][number];
  readonly before: TrendUnit["points"][number];
}

export default function UnitPage() {
  const search = useSearch({ from: "/assessment/unit" });
  const { unit: id = "", measure: _none, ...asked } = search;
  const trend = useQuery(trendQuery(asked, PERIODS, id));
  const measures = useQuery(measuresQuery(search));
  const unit = trend.data?.units[0];
  return (
    <PageShell
      title={unit ? ASSESSMENT.unitTitle(unit.unit.name) : ASSESSMENT.title}
      about={ASSESSMENT.unitAbout}
      actions={
        <>
          <Link to="/assessment/outlook/$unit" params={{ unit: id }} search={{ ...asked, period: undefined }}>
            {OUTLOOK.levers}
          </Link>
          <Link to="/assessment" search={asked}>
            {ASSESSMENT.backToRank}
          </Link>
        </>
      }
    >
      {trend.isPending ? (
        <Loading what={ASSESSMENT.counting} />
      ) : trend.isError ? (
        <Failed sentence={sentenceOf(trend.error)} retry={() => void trend.refetch()} />
      ) : unit === undefined ? (
        <EmptyState title={ASSESSMENT.unitNone}>{ASSESSMENT.nothingAbout}</EmptyState>
      ) : (
        <section className="card rank-group">
          <header className="card-head">
            <h2>{unit.group ?? ASSESSMENT.noGroup}</h2>
            <TrendLine of={unit} />
          </header>
          <WorkTable
            label={ASSESSMENT.unitTitle(unit.unit.name)}
            columns={columnsOf(unit, measures.data ?? [], search)}
            rows={linesOf(trend.data, unit)}
            rowKey={(line) => line.period.name}
          />
        </section>
      )}
    </PageShell>
  );
}

/** The latest period first, back to the first in which the unit had a ticket. */
function linesOf(trend: Trend, unit: TrendUnit): readonly Line[] {
  const first = unit.points.findIndex((point) => point !== null);
  return trend.periods
    .map((period, i) => ({ period, point: unit.points[i] ?? null, before: unit.points[i - 1] ?? null }))
    .slice(first)
    .toReversed();
}

function columnsOf(
  unit: TrendUnit,
  measures: readonly Measure[],
  search: CountedSearch,
): readonly Column<Line>[] {
  const density = measures.find((each) => each.key === "density");
  return [
    {
      key: "period",
      title: ASSESSMENT.period,
      nowrap: true,
      cell: ({ period }) => (
        <span title={period.rules}>
          <Link
            to="/assessment/explain"
            search={{ ...search, group: undefined, unit: unit.unit.id, period: period.name }}
            aria-label={`${period.name} ${LEDGER.explain.open}`}
          >
            {period.name}
          </Link>{" "}
          {period.closed && <Tag>{ASSESSMENT.closed}</Tag>}
        </span>
      ),
    },
    {
      key: "span",
      title: ASSESSMENT.span,
      nowrap: true,
      cell: ({ period }) => <span className="quiet">{ASSESSMENT.periodSpan(period.from, period.to)}</span>,
    },
    {
      key: "rank",
      title: COMPARISONS.rank.name,
      definition: COMPARISONS.rank.definition,
      align: "right",
      nowrap: true,
      cell: ({ point }) =>
        point?.rank == null ? (
          <span className="quiet">—</span>
        ) : (
          <strong>{ASSESSMENT.unitRank(point.rank, point.ranked)}</strong>
        ),
    },
    ...figuresOf(unit.points.some((point) => point !== null && point.points !== null)).map(
      (figure): Column<Line> => {
        const measure = measures.find((each) => each.key === figure);
        return {
          key: figure,
          title: measure?.name ?? figure,
          align: "right",
          nowrap: true,
          ...(measure ? { definition: <Definition of={measure} /> } : {}),
          cell: ({ period, point }) =>
            point === null ? (
              <span className="quiet">—</span>
            ) : (
              <Figure
                of={point}
                figure={figure}
                to={{
                  ...search,
                  group: undefined,
                  unit: unit.unit.id,
                  period: period.name,
                  measure: measure?.opens ?? figure,
                }}
                label={`${period.name} ${measure?.name ?? figure}`}
              />
            ),
        };
      },
    ),
    {
      key: "density",
      title: density?.name ?? "",
      ...(density ? { definition: <Definition of={density} /> } : {}),
      align: "right",
      nowrap: true,
      cell: ({ point }) =>
        point === null ? <span className="quiet">—</span> : <Density of={point.density} />,
    },
    {
      key: "rankChange",
      title: COMPARISONS.rankChange.name,
      definition: COMPARISONS.rankChange.definition,
      align: "right",
      nowrap: true,
      cell: ({ point, before }) => rankChange(point?.rank ?? null, before?.rank ?? null),
    },
    {
      key: "scoreChange",
      title: COMPARISONS.scoreChange.name,
      definition: COMPARISONS.scoreChange.definition,
      align: "right",
      nowrap: true,
      cell: ({ point, before }) => {
        const digits = /\.(\d+)/.exec(point?.text.score ?? "")?.[1]?.length ?? 0;
        return scoreChange(point?.score ?? null, before?.score ?? null, digits);
      },
    },
  ];
}
