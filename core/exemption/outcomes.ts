/**
 * 认定结果的对应. Whose application each row of the city's file speaks of, and what putting it in force would do. A row does
 * something only where it names exactly one application that was sent and has no outcome yet.
 */
import { OUTCOME_ZH, type Outcome, type OutcomeLine } from "./outcomefile.ts";

/** An application as the file may speak of it. */
export interface Sent {
  readonly id: string;
  readonly number: string;
  readonly round: number;
  readonly unitNames: readonly string[];
  readonly state: string;
  readonly stateZh: string;
  /** 已作废: the round counts for nobody any more. */
  readonly void: boolean;
}

/**
 * apply 可登记 · same 已登记且相同 · conflict 与已登记的不同，或文件中前后不一 · duplicate 文件中重复 · outside 未报市 ·
 * unmatched 对不上
 */
export const STANDINGS = ["apply", "same", "conflict", "duplicate", "outside", "unmatched"] as const;
export type Standing = (typeof STANDINGS)[number];
const STANDING_ZH: Readonly<Record<Standing, string>> = {
  apply: "可登记",
  same: "已登记，结果相同",
  conflict: "结果冲突",
  duplicate: "重复行",
  outside: "未报市",
  unmatched: "对不上",
};

/** What is said of a row once its file is in force. */
export function standingZh(standing: Standing, inForce: boolean): string {
  if (!inForce) return STANDING_ZH[standing];
  return { ...STANDING_ZH, apply: "已登记", same: "此前已登记" }[standing];
}

export interface Judged {
  readonly line: OutcomeLine;
  readonly standing: Standing;
  /** Null where no application could be told. */
  readonly exemptionId: string | null;
  /** Why nothing is done with it; "" where something is. */
  readonly why: string;
}

/**
 * `applications` are all of the tickets that the file names; `known` are the numbers of tickets that the house has.
 * The order of rows decides nothing but which of two equal ones is the duplicate.
 */
export function judgeOutcomes(
  lines: readonly OutcomeLine[],
  applications: readonly Sent[],
  known: ReadonlySet<string>,
): readonly Judged[] {
  const byNumber = Map.groupBy(applications, ({ number }) => number);
  const found = lines.map((line) => ({ line, one: whose(line, byNumber.get(line.number) ?? [], known) }));
  const said = new Map<string, Set<Outcome>>();
  for (const { line, one } of found)
    if (typeof one !== "string") said.set(one.id, (said.get(one.id) ?? new Set()).add(line.outcome));
  const first = new Map<string, number>();
  return found.map(({ line, one }): Judged => {
    if (typeof one === "string") return { line, standing: "unmatched", exemptionId: null, why: one };
    const judged = (standing: Standing, why = ""): Judged => ({ line, standing, exemptionId: one.id, why });
    if (NOT_SENT.has(one.state)) return judged("outside", `申请现为“${one.stateZh}”，没有报市，不能登记结果`);
    if ((said.get(one.id)?.size ?? 0) > 1)
      return judged("conflict", "文件中同一申请既有认定又有查否，请向市级核实");
    const before = first.get(one.id);
    if (before !== undefined) return judged("duplicate", `与第 ${before} 行是同一申请`);
    first.set(one.id, line.row);
    if (one.state === "sent" && one.void && line.outcome === "upheld")
      return judged("conflict", "该轮次已作废，没有可剔除的结果，请向市级核实");
    if (one.state === "sent") return judged("apply");
    if (one.state === line.outcome) return judged("same", `已登记为${OUTCOME_ZH[line.outcome]}`);
    return judged("conflict", `已登记为“${one.stateZh}”，与文件不同，请向市级核实`);
  });
}

const NOT_SENT: ReadonlySet<string> = new Set(["applied", "returned", "refused", "passed", "withdrawn"]);

/** The application that a row speaks of, or why none can be told. */
function whose(line: OutcomeLine, all: readonly Sent[], known: ReadonlySet<string>): Sent | string {
  if (!known.has(line.number)) return "本区没有这个工单编号，请核对编号";
  if (all.length === 0) return "该工单没有不纳入考核申请";
  if (line.application !== null) {
    const named = all.find(({ id }) => id === line.application);
    return named ?? "申请编号与工单编号不是同一件，请核对";
  }
  const ofRound = all.filter(({ round }) => line.round === null || round === line.round);
  if (ofRound.length === 0) return `该工单第 ${line.round} 轮没有不纳入考核申请`;
  const ofUnit = ofRound.filter(({ unitNames }) => line.unit === "" || unitNames.includes(line.unit));
  if (ofUnit.length === 0) return `承办单位“${line.unit}”与申请单位不符`;
  const waiting = ofUnit.filter(({ state }) => state === "sent");
  const [one, more] = waiting.length > 0 ? waiting : newestDecided(ofUnit);
  if (one === undefined) return "该工单没有不纳入考核申请";
  if (more !== undefined) return "同一编号有两件申请已报市，请在文件中写明申请编号或派单轮次";
  const before = ofUnit.some(
    ({ id, round, state }) => id !== one.id && round === one.round && state === line.outcome,
  );
  return before ? "该轮另有原申请已是这一结果，分不清是原申请还是申诉，请写明申请编号" : one;
}

/** Where nothing waits for an outcome: the last application of the one round, appeals included; two rounds stay two. */
function newestDecided(all: readonly Sent[]): readonly Sent[] {
  return [...Map.groupBy(all, ({ round }) => round).values()].flatMap((round) => round.slice(-1));
}
