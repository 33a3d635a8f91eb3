/** 催办阶梯的异同. What one version of the ladder does otherwise than another, setting by setting, in the words of the screen. */
import { LEVELS } from "../deadline/level.ts";
import { MEANS, type Means } from "../notify/means.ts";
import { type Ladder, type LadderStep, TARGETS, type Target } from "./ladder.ts";
import { quietInWords, stepInWords } from "./words.ts";

export interface LadderDifference {
  /** Which setting: 步骤“到期催办”对象. */
  readonly path: string;
  /** Null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

export function ladderDifferences(before: Ladder | null, after: Ladder): readonly LadderDifference[] {
  const [was, will] = [before === null ? new Map<string, string>() : settingsOf(before), settingsOf(after)];
  const names = stepNames(before, after);
  return [...new Set([...was.keys(), ...will.keys()])]
    .filter((key) => was.get(key) !== will.get(key))
    .map((key) => ({
      path: pathOf(key, names),
      before: was.get(key) ?? null,
      after: will.get(key) ?? null,
    }));
}

/** Every setting by a key of its own; a step's by its id, so that one taken out does not make the others differ. */
function settingsOf(ladder: Ladder): Map<string, string> {
  const quiet = quietInWords(ladder);
  return new Map([
    ["人工催办不重复", `${ladder.repeatMinutes} 分钟`],
    ["不再补发", `超过 ${ladder.lapseHours} 小时`],
    ["人工催办对象", targetsZh(ladder.byHand.to)],
    ["人工催办方式", meansZh(ladder.byHand.by)],
    ["人工催办用语", ladder.byHand.words],
    ...ladder.quiet.map((row, i): [string, string] => [
      `免打扰（${row.levels.map((level) => LEVELS[level].zh).join("、")}）`,
      quiet[i] ?? "",
    ]),
    ...ladder.steps.flatMap(stepSettings),
  ]);
}

function stepSettings(step: LadderStep): [string, string][] {
  const { at, when, to } = stepInWords(step);
  return [
    [`${step.id}${MARK}名称`, step.zh],
    [`${step.id}${MARK}时刻`, at],
    [`${step.id}${MARK}适用`, when],
    [`${step.id}${MARK}对象`, to],
    [`${step.id}${MARK}方式`, meansZh(step.by)],
    [`${step.id}${MARK}用语`, step.words],
  ];
}

const MARK = "\n";

function stepNames(before: Ladder | null, after: Ladder): ReadonlyMap<string, string> {
  return new Map([...(before?.steps ?? []), ...after.steps].map((step) => [step.id, step.zh]));
}

function pathOf(key: string, names: ReadonlyMap<string, string>): string {
  const [id = "", setting] = key.split(MARK);
  return setting === undefined ? key : `步骤“${names.get(id) ?? id}”${setting}`;
}

const targetsZh = (to: readonly Target[]): string => to.map((target) => TARGETS[target]).join("、");
const meansZh = (by: readonly Means[]): string => by.map((means) => MEANS[means].zh).join("、");
