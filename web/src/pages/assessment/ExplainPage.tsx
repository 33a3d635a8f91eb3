/** 台账解释. Where a unit's figures of a period come from: numerator, denominator, what was left out and why, by which rule. */
import { daysText } from "@jiesu/core/assessment/segments.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { Explained } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { explainQuery } from "./ledgerqueries.ts";
import { ScoreParts } from "./ScoreParts.tsx";
import { Segments } from "./Segments.tsx";
import type { CountedSearch } from "./search.ts";
import "./assessment.css";
import "./ledger.css";

const W = LEDGER.explain;
type Line = Explained["rates"][number];

/** The measure of the catalogue that is a rate's denominator. */
const BASES = {
  response: "responseBase",
  solution: "solutionBase",
  satisfaction: "satisfactionBase",
} as const;

export default function ExplainPage() {
  const search = useSearch({ from: "/assessment/explain" });
  const { unit = "", period, scope, rules, level } = search;
  const told = useQuery({
    ...explainQuery({ unit, period, scope, rules, level }),
    enabled: unit !== "",
  });
  return (
    <PageShell
      title={told.data ? W.title(told.data.unit.name) : W.open}
      about={W.about}
      actions={
        <Link to="/assessment/unit" search={search}>
          {ASSESSMENT.unitTitle(told.data?.unit.name ?? "")}
        </Link>
      }
    >
      {told.isPending ? (
        <Loading what={T.loading} />
      ) : told.isError ? (
        <Failed sentence={sentenceOf(told.error)} retry={() => void told.refetch()} />
      ) : (
        <>
          <section className="card ledger-card">
            <div className="ledger-inner explain-facts">
              <Facts
                of={[
                  [
                    W.period,
                    `${told.data.period.name}（${ASSESSMENT.periodSpan(told.data.period.from, told.data.period.to)}）`,
                  ],
                  [
                    W.rule,
                    `${told.data.rules.title}（${told.data.rules.name}，${LEDGER.rules.from} ${told.data.rules.from}）`,
                  ],
                  [ASSESSMENT.source, told.data.rules.source],
                  [W.score, told.data.score],
                ]}
              />
              <Segments of={told.data.rules.segments} />
              <Notice tone={told.data.replayAgrees ? "plain" : "wrong"}>
                {told.data.replayAgrees ? W.agrees(told.data.entries) : W.differs}
                {told.data.closed && ` ${W.closed}`}
                {told.data.voided > 0 && ` ${W.voided(told.data.voided)}`}
              </Notice>
            </div>
            <WorkTable
              label={W.open}
              columns={columnsOf({ ...search, period: told.data.period.name })}
              rows={told.data.rates}
              rowKey={(line) => line.question}
            />
            {told.data.segments.length > 1 && <Parts told={told.data} />}
          </section>
          <ScoreParts of={told.data} />
        </>
      )}
    </PageShell>
  );
}

/** What the days of each version add. */
function Parts({ told }: { told: Explained }) {
  return told.segments.map((segment) => {
    const title = W.segment(daysText(segment, told.segments), segment.rules.title);
    return (
      <section key={segment.from} className="explain-part" aria-label={title}>
        <h3 className="ledger-inner">
          {title} <span className="quiet">{W.segmentOf(segment.rules.from, segment.entries)}</span>
        </h3>
        <WorkTable
          label={title}
          columns={columnsOf(null)}
          rows={segment.rates}
          rowKey={(line) => line.question}
        />
      </section>
    );
  });
}

/** `asked` opens the denominators; those of a part of the period are told alone. */
function columnsOf(asked: CountedSearch | null): readonly Column<Line>[] {
  return [
    { key: "name", title: W.rate, nowrap: true, cell: (line) => line.name },
    {
      key: "parts",
      title: W.answers,
      cell: (line) => line.parts.map((p) => `${p.answer} ${p.times} × ${p.worth}`).join("；"),
    },
    {
      key: "numerator",
      title: W.numerator,
      align: "right",
      nowrap: true,
      cell: (line) => round(line.numerator),
    },
    {
      key: "denominator",
      title: W.denominator,
      align: "right",
      nowrap: true,
      cell: (line) =>
        line.denominator === 0 || asked === null ? (
          line.denominator
        ) : (
          <Link
            to="/assessment/tickets"
            search={{ ...asked, measure: BASES[line.question] }}
            aria-label={`${line.name} ${W.denominator} ${line.denominator}`}
          >
            {line.denominator}
          </Link>
        ),
    },
    {
      key: "rate",
      title: W.rate,
      align: "right",
      nowrap: true,
      cell: (line) => <strong>{line.text}</strong>,
    },
    {
      key: "excluded",
      title: W.excluded,
      cell: (line) =>
        line.excluded.length === 0
          ? W.noneExcluded
          : line.excluded.map((each) => `${each.why} ${LEDGER.closing.found(each.times)}`).join("；"),
    },
  ];
}

const round = (value: number): string => String(Math.round(value * 1e6) / 1e6);
