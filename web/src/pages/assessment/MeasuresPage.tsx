/** 指标释义. The catalogue of measures under a rule set: what every heading of the assessment's tables says when it is pointed at. */
import { LEVEL_NAMES, LEVELS } from "@jiesu/core/assessment/level.ts";
import { COMPARISONS } from "@jiesu/core/assessment/measures.ts";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { Measure } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { Pick } from "./PeriodPick.tsx";
import { measuresQuery, rulesQuery } from "./queries.ts";
import type { RankSearch } from "./search.ts";
import "./assessment.css";

const W = LEDGER.measures;

type Row = Pick<Measure, "key" | "name" | "definition" | "numerator" | "denominator" | "scope" | "source">;
const COMPARED = Object.entries(COMPARISONS).map(
  ([key, words]): Row => ({ key, ...words, numerator: null, denominator: null, scope: "", source: "" }),
);

/** What most measures share is said once, above the table. */
const columnsOf = (shared: Row | undefined): readonly Column<Row>[] => [
  { key: "name", title: W.name, nowrap: true, cell: (row) => <strong>{row.name}</strong> },
  { key: "definition", title: W.definition, cell: (row) => row.definition },
  {
    key: "formula",
    title: W.formula,
    cell: (row) => (
      <>
        {row.numerator && (
          <div>
            {row.denominator ? ASSESSMENT.numerator : ASSESSMENT.formula}：{row.numerator}
          </div>
        )}
        {row.denominator && (
          <div>
            {ASSESSMENT.denominator}：{row.denominator}
          </div>
        )}
        {!row.numerator && !row.denominator && <span className="quiet">—</span>}
      </>
    ),
  },
  {
    key: "scope",
    title: W.scope,
    cell: (row) => <span className="quiet">{row.scope === shared?.scope ? W.above : row.scope}</span>,
  },
  {
    key: "source",
    title: W.source,
    cell: (row) => <span className="quiet">{row.source === shared?.source ? W.above : row.source}</span>,
  },
];

export default function MeasuresPage() {
  const search: RankSearch = useSearch({ from: "/assessment/measures" });
  const navigate = useNavigate({ from: "/assessment/measures" });
  const rules = useQuery(rulesQuery);
  const found = useQuery(measuresQuery(search));
  const level = search.level ?? "district";
  const change = (next: Partial<RankSearch>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const sets = (rules.data ?? []).filter((set) => set.level === level);
  const inForce = sets.find((set) => set.inForceToday)?.name ?? sets[0]?.name ?? "";
  return (
    <PageShell title={W.title} about={W.about}>
      <AssessTabs />
      <search className="rank-pickers">
        <Pick
          label={ASSESSMENT.level}
          value={level}
          options={LEVELS.map((each) => ({ value: each, label: LEVEL_NAMES[each] }))}
          onChange={(to) => change({ level: to === "city" ? to : undefined, rules: undefined })}
        />
        <Pick
          label={W.rules}
          value={search.rules ?? inForce}
          options={sets.map((set) => ({
            value: set.name,
            label: set.inForceToday ? `${set.title} · ${ASSESSMENT.inForce}` : set.title,
          }))}
          onChange={(to) => change({ rules: to === inForce ? undefined : to })}
        />
      </search>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError && sets.length === 0 ? (
        <EmptyState title={ASSESSMENT.noRules(LEVEL_NAMES[level])}>{ASSESSMENT.noRulesAbout}</EmptyState>
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <section className="card ledger-card">
          <div className="ledger-inner quiet">
            <p>
              {W.scope}：{found.data[0]?.scope}
            </p>
            <p>
              {W.source}：{found.data[0]?.source}
            </p>
          </div>
          <WorkTable
            label={W.title}
            columns={columnsOf(found.data[0])}
            rows={[...found.data, ...COMPARED]}
            rowKey={(row) => row.key}
          />
        </section>
      )}
    </PageShell>
  );
}
