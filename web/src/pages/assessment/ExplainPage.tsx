/** 台账解释. Where a unit's figures of a period come from: numerator, denominator, what was left out and why, by which rule. */
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
        </section>
      )}
    </PageShell>
  );
}

function columnsOf(asked: CountedSearch): readonly Column<Line>[] {
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
        line.denominator === 0 ? (
          "0"
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
