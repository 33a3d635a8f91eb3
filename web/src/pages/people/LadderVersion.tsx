/** 一版催办阶梯. Its steps, quiet hours and urging by hand, explained as the rules say them. */
import { MEANS } from "@jiesu/core/notify/means.ts";
import { type LadderStep, TARGETS } from "@jiesu/core/urging/ladder.ts";
import { quietInWords, stepInWords } from "@jiesu/core/urging/words.ts";
import { ADMIN } from "../../texts/admin.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ladderIn } from "./ladderin.ts";
import type { RuleVersion } from "./rulequeries.ts";

const W = ADMIN.ladder;
const meansZh = (by: LadderStep["by"]): string => by.map((means) => MEANS[means].zh).join("、");
const STEPS: readonly Column<LadderStep>[] = [
  { key: "name", title: W.name, nowrap: true, cell: (s) => s.zh },
  { key: "at", title: W.at, nowrap: true, cell: (s) => stepInWords(s).at },
  { key: "when", title: ADMIN.when, cell: (s) => stepInWords(s).when },
  { key: "to", title: W.to, cell: (s) => stepInWords(s).to },
  { key: "by", title: W.by, cell: (s) => meansZh(s.by) },
  { key: "words", title: W.words, cell: (s) => s.words },
];

export function LadderVersion({ version }: { version: RuleVersion }) {
  const ladder = ladderIn(version);
  const { byHand } = ladder;
  const to = byHand.to.map((target) => TARGETS[target]).join("、");
  return (
    <>
      <WorkTable label={version.name} columns={STEPS} rows={ladder.steps} rowKey={(s) => s.id} />
      <dl className="facts rule-days">
        <dt>{W.quiet}</dt>
        <dd>{quietInWords(ladder).join("；") || ADMIN.none}</dd>
        <dt>{W.byHand}</dt>
        <dd>
          {to} · {meansZh(byHand.by)} · {byHand.words}
        </dd>
        <dt>{ADMIN.note}</dt>
        <dd>{W.rule(ladder.repeatMinutes, ladder.lapseHours)}</dd>
      </dl>
    </>
  );
}
