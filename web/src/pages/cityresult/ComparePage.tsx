/** 市区对照. For every unit the city's published score and rank, what its lines give, ours at either level, and the gap. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { CityComparison } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "../assessment/AssessTabs.tsx";
import { comparisonQuery } from "./queries.ts";
import "../assessment/assessment.css";
import "./cityresult.css";

const W = CITY.levels;
type Unit = CityComparison["units"][number];
type Place = Unit["ours"];

export default function ComparePage() {
  const { period } = useParams({ from: "/assessment/city/$period/compare" });
  const comparison = useQuery(comparisonQuery(period));
  return (
    <PageShell
      title={W.title(period)}
      about={W.about}
      actions={
        <>
          <Link to="/assessment/city">{CITY.toMonths}</Link>
          <Link to="/assessment/city/$period" params={{ period }}>
            {W.toDifferences}
          </Link>
          <a href={`/api/assessment/city-results/${period}/comparison.xlsx`}>{W.export}</a>
        </>
      }
    >
      <AssessTabs />
      {comparison.isPending ? (
        <Loading what={T.loading} />
      ) : comparison.isError ? (
        <Failed sentence={sentenceOf(comparison.error)} retry={() => void comparison.refetch()} />
      ) : comparison.data.units.length === 0 ? (
        <EmptyState title={W.none}>{W.noneAbout}</EmptyState>
      ) : (
        <>
          {comparison.data.rules.standIn && (
            <Notice>{CITY.reconcile.standIn(comparison.data.rules.title)}</Notice>
          )}
          <section className="card ledger-card city-compare" aria-label={W.title(period)}>
            <WorkTable
              label={W.title(period)}
              columns={columnsFor(period)}
              rows={comparison.data.units}
              rowKey={(unit) => unit.unit?.id ?? `${unit.said} ${unit.published?.row ?? ""}`}
            />
          </section>
        </>
      )}
    </PageShell>
  );
}

function columnsFor(period: string): readonly Column<Unit>[] {
  return [
    {
      key: "unit",
      title: W.unit,
      nowrap: true,
      cell: ({ unit, said }) =>
        unit ? (
          unit.shortName
        ) : (
          <>
            {said} <Tag tone="near">{W.stranger}</Tag>
          </>
        ),
    },
    {
      key: "publishedBase",
      title: `${W.published} ${W.base}`,
      align: "right",
      cell: ({ published }) => published?.base ?? published?.tickets ?? "—",
    },
    {
      key: "publishedScore",
      title: `${W.published} ${W.score}`,
      definition: W.unlikeAbout,
      align: "right",
      nowrap: true,
      cell: ({ published }) => (
        <>
          {published?.score ?? "—"} {(published?.unlike.length ?? 0) > 0 && <Tag tone="near">{W.unlike}</Tag>}
        </>
      ),
    },
    {
      key: "publishedRank",
      title: `${W.published} ${W.rank}`,
      align: "right",
      cell: ({ published }) => published?.rank ?? "—",
    },
    ...placeColumns("lines", W.lines, ({ lines }) => lines),
    ...placeColumns("ours", W.ours, ({ ours }) => ours),
    ...placeColumns("district", W.district, ({ district }) => district),
    {
      key: "differing",
      title: W.differing,
      align: "right",
      cell: ({ unit, differing }) =>
        unit === null || differing === 0 ? (
          "0"
        ) : (
          <Link
            to="/assessment/city/$period"
            params={{ period }}
            search={{ unit: unit.id }}
            aria-label={W.openUnit(unit.shortName, differing)}
          >
            {differing}
          </Link>
        ),
    },
    {
      key: "unexplained",
      title: W.unexplained,
      definition: W.unexplainedAbout,
      align: "right",
      nowrap: true,
      cell: ({ unexplained }) => (unexplained === 0 ? "0" : <Tag tone="near">{W.still(unexplained)}</Tag>),
    },
  ];
}

function placeColumns(key: string, title: string, of: (unit: Unit) => Place): readonly Column<Unit>[] {
  return [
    { key: `${key}Base`, title: `${title} ${W.base}`, align: "right", cell: (unit) => of(unit)?.base ?? "—" },
    {
      key: `${key}Score`,
      title: `${title} ${W.score}`,
      align: "right",
      cell: (unit) => of(unit)?.text.score ?? "—",
    },
    { key: `${key}Rank`, title: `${title} ${W.rank}`, align: "right", cell: (unit) => of(unit)?.rank ?? "—" },
  ];
}
