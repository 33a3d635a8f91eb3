/** 催办阶梯. The ladder in force, step by step, with its paper and its quiet hours. */
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "../../api/problem.ts";
import { URGING } from "../../texts/urging.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ladderQuery } from "./queries.ts";

const L = URGING.ladder;

type Step = NonNullable<Awaited<ReturnType<NonNullable<typeof ladderQuery.queryFn>>>>["steps"][number];

const COLUMNS: readonly Column<Step>[] = [
  { key: "step", title: L.step, nowrap: true, cell: (s) => s.zh },
  { key: "at", title: L.at, nowrap: true, cell: (s) => s.at },
  { key: "when", title: L.when, nowrap: true, cell: (s) => s.when },
  { key: "to", title: L.to, cell: (s) => s.to },
  { key: "by", title: L.by, cell: (s) => s.by },
  { key: "words", title: L.words, cell: (s) => s.words },
];

export function Ladder() {
  const ladder = useQuery(ladderQuery);
  if (ladder.isPending) return <Loading what={T.loading} />;
  if (ladder.isError)
    return <Failed sentence={sentenceOf(ladder.error)} retry={() => void ladder.refetch()} />;
  if (ladder.data === null) return <EmptyState title={L.none}>{L.noneAbout}</EmptyState>;
  const { name, from, source, quiet, byHand, repeatMinutes, lapseHours, steps } = ladder.data;
  return (
    <>
      <div className="card">
        <WorkTable label={URGING.tabs.ladder} columns={COLUMNS} rows={steps} rowKey={(s) => s.id} />
      </div>
      <div className="card urge-rule">
        <Facts
          of={[
            [L.quiet, quiet.join("；")],
            [L.hand, L.handLine(byHand.to, byHand.by, repeatMinutes)],
            [L.rule, `${source}（${name}，${L.from(from)}）`],
          ]}
        />
        <p className="quiet">{L.lapse(lapseHours)}</p>
        <p className="quiet">{L.edit}</p>
      </div>
    </>
  );
}
