/**
 * 不纳入考核的办理. The unit applies with evidence; the centre reviews (pass on, send back, refuse); the city rules 认定/查否, or the
 * centre itself where the ground says so; upheld, the ticket leaves the rates in the same transaction. One appeal.
 */
import {
  appealUntil,
  applyUntil,
  type Evidence,
  type Finding,
  precheck,
  reviewUntil,
} from "@jiesu/core/exemption/checklist.ts";
import { type ExemptionRules, type Ground, groundOf } from "@jiesu/core/exemption/grounds.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { inForce, type Version } from "@jiesu/core/rules/effective.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { recordScope } from "../ticket/exempting.ts";
import { guardStep, type Look } from "../ticket/guard.ts";
import { lookAtApplication, lookAtPassing } from "./guard.ts";
import { STATES, type State } from "./states.ts";
import {
  addStep,
  type Exemption,
  earlierOutcomes,
  evidenceFilesKnown,
  insertExemption,
  lockExemption,
  otherApplications,
  roundFacts,
  updateExemption,
} from "./store.ts";

addWordings({
  "exemption-late": { status: 409, zh: (r) => `已过申请时限（${r.until}），不能再申请。` },
  "exemption-live": { status: 409, zh: () => "该工单本轮已有申请正在办理。" },
  "exemption-done": { status: 409, zh: () => "该工单本轮已认定不纳入考核，无需再申请。" },
  "exemption-state": { status: 409, zh: (r) => `申请现为“${r.stateZh}”，不能进行此操作，请刷新后查看。` },
  "exemption-ground": { status: 422, zh: () => "没有这一情形，请按现行规则重新选择。" },
  "exemption-round": { status: 409, zh: () => "该轮次不由本单位承办或已作废，不能申请。" },
  "exemption-file": { status: 422, zh: () => "所附文件不在该工单的附件中，请先上传。" },
  "exemption-note": { status: 422, zh: () => "预审有未通过项，或作退回、不同意处理时，请填写意见。" },
  "exemption-unsent": {
    status: 422,
    zh: () => "这件申请还没有随批报市；市级已另行答复的，请填写市级文号。",
  },
  "exemption-appealed": { status: 409, zh: () => "只能申诉一次。" },
});

export interface Application {
  readonly reason: string;
  readonly evidence: readonly Evidence[];
}

/** A unit's application for a round that counts for it; answers its id. */
export function apply(
  shell: Shell,
  actor: Actor,
  asked: Application & { readonly ticketId: string; readonly round: number; readonly ground: string },
): Promise<string> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const facts = await roundFacts(tx, asked.ticketId, asked.round);
    if (!facts || facts.unitId === null || facts.unitId !== actor.unitId || facts.void)
      throw new Refused({ code: "exemption-round" });
    const rules = rulesOn(shell, now);
    const ground = groundOf(rules.body, asked.ground);
    if (!ground) throw new Refused({ code: "exemption-ground" });
    const dueAt = applyUntil(rules.body, dayOf(facts.countedAt));
    if (now > dueAt) throw new Refused({ code: "exemption-late", until: dayOf(dueAt) });
    const { reason, evidence } = covered(asked);
    await mustBeFiles(tx, asked.ticketId, evidence);
    const others = await otherApplications(tx, asked.ticketId, asked.round, null);
    if (others.some((each) => LIVE.includes(each))) throw new Refused({ code: "exemption-live" });
    if (others.includes("upheld")) throw new Refused({ code: "exemption-done" });
    const guard = await guarded(
      tx,
      asked.ticketId,
      await lookAtApplication(tx, shell, { ...asked, ground, dueAt, unitId: facts.unitId }, now),
      subjectOf(asked),
      now,
    );
    const id = await insertExemption(tx, {
      ...{ ticketId: asked.ticketId, round: asked.round, unitId: facts.unitId, dueAt, appealOf: null },
      ...{ ground: ground.code, groundName: ground.name, rules: rules.name },
      ...{ reason, evidence, at: now, by: actor },
    });
    if (id === null) throw new Refused({ code: "exemption-live" });
    await addStep(tx, id, "apply", reason, actor, now, { evidence, ...guard });
    return id;
  });
}

/** 补充: a returned application comes again with what was missing. */
export function supplement(shell: Shell, actor: Actor, id: string, said: Application): Promise<void> {
  const more = covered(said);
  return turn(shell, actor, id, ["returned"], async (tx, exemption, now) => {
    await mustBeFiles(tx, exemption.ticketId, more.evidence);
    await updateExemption(tx, id, { state: "applied", reason: more.reason, evidence: more.evidence });
    await addStep(tx, id, "supplement", more.reason, actor, now, { evidence: more.evidence });
  });
}

export function withdraw(shell: Shell, actor: Actor, id: string, note: string): Promise<void> {
  return turn(shell, actor, id, ["applied", "returned"], async (tx, _exemption, now) => {
    await updateExemption(tx, id, { state: "withdrawn" });
    await addStep(tx, id, "withdraw", note, actor, now, {});
  });
}

/** 审核. The pre-check is kept as it stood; what it finds missing may be passed on only with a word why. */
export function review(
  shell: Shell,
  actor: Actor,
  id: string,
  decision: "pass" | "return" | "refuse",
  note: string,
): Promise<void> {
  return turn(shell, actor, id, ["applied"], async (tx, exemption, now) => {
    const ground = groundFor(shell, exemption);
    const checks = await checksOf(tx, ground, exemption);
    const smooth = decision === "pass" && checks.every((each) => each.ok);
    if (!smooth && note.trim() === "") throw new Refused({ code: "exemption-note" });
    const guard =
      decision === "pass"
        ? await guarded(
            tx,
            exemption.ticketId,
            await lookAtPassing(tx, shell, exemption, checks, now),
            id,
            now,
          )
        : {};
    const decided = ground.decidedBy === "centre" ? "upheld" : "passed";
    const state = { pass: decided, return: "returned", refuse: "refused" } as const;
    await updateExemption(tx, id, {
      state: state[decision],
      checks,
      reviewed: { at: now, by: actor },
      ...(decision === "refuse" || (decision === "pass" && decided === "upheld") ? { outcomeAt: now } : {}),
    });
    await addStep(tx, id, decision, note, actor, now, guard);
    if (state[decision] === "upheld") await exempt(tx, exemption, ground, actor, now);
  });
}

/** 市级结果: 认定 takes the ticket out of the rates at once, 查否 leaves it in. */
export function recordOutcome(
  shell: Shell,
  actor: Actor,
  id: string,
  outcome: "upheld" | "denied",
  paper: string,
  note: string,
): Promise<void> {
  return turn(shell, actor, id, ["passed", "sent"], async (tx, exemption, now) => {
    if (exemption.state === "passed" && paper.trim() === "") throw new Refused({ code: "exemption-unsent" });
    await settleOutcome(tx, shell, actor, exemption, { outcome, paper, note }, now);
  });
}

/** Records the outcome of one application that the caller has locked. */
export async function settleOutcome(
  tx: Db,
  shell: Shell,
  actor: Actor,
  exemption: Exemption,
  said: { readonly outcome: "upheld" | "denied"; readonly paper: string; readonly note: string },
  now: number,
): Promise<void> {
  const { outcome, paper, note } = said;
  await updateExemption(tx, exemption.id, { state: outcome, outcomeAt: now, outcomeNo: paper });
  await addStep(tx, exemption.id, outcome, note, actor, now, { paper });
  if (outcome === "upheld") await exempt(tx, exemption, groundFor(shell, exemption), actor, now);
}

/** 申诉 against a refusal or a denial, once, in its own window: a new application that names the old one. */
export function appeal(shell: Shell, actor: Actor, id: string, said: Application): Promise<string> {
  const more = covered(said);
  return turn(shell, actor, id, ["refused", "denied"], async (tx, exemption, now) => {
    if (exemption.appealOf !== null) throw new Refused({ code: "exemption-appealed" });
    const dueAt = appealBy(shell, exemption);
    if (now > dueAt) throw new Refused({ code: "exemption-late", until: dayOf(dueAt) });
    await mustBeFiles(tx, exemption.ticketId, more.evidence);
    const { ticketId, round, unitId, ground, groundName } = exemption;
    const made = await insertExemption(tx, {
      ...{ ticketId, round, unitId, ground, groundName, rules: exemption.rules, dueAt, appealOf: id },
      ...{ reason: more.reason, evidence: more.evidence, at: now, by: actor },
    });
    if (made === null) throw new Refused({ code: "exemption-appealed" });
    await addStep(tx, made, "appeal", more.reason, actor, now, { evidence: more.evidence });
    return made;
  });
}

/** The pre-check as it stands now. */
export async function checksOf(db: Db, ground: Ground, exemption: Exemption): Promise<readonly Finding[]> {
  const facts = await roundFacts(db, exemption.ticketId, exemption.round);
  const others = await otherApplications(db, exemption.ticketId, exemption.round, exemption.id);
  const earlier = await earlierOutcomes(db, exemption.unitId, exemption.ground, exemption.id);
  return precheck({
    ground,
    evidence: exemption.evidence,
    appliedAt: exemption.appliedAt,
    dueAt: exemption.dueAt,
    contactedAt: facts?.contactedAt ?? null,
    // What an appeal appeals against is no duplicate of it.
    duplicates: others.filter((each) => each !== "withdrawn").length - (exemption.appealOf === null ? 0 : 1),
    earlier,
  });
}

export function rulesOn(shell: Pick<Shell, "rules">, at: number): Version<ExemptionRules> {
  const found = inForce(shell.rules.exemptions, dayOf(at));
  if (!found.ok) throw new Refused({ code: "exemption-ground" });
  return found.value;
}

/** The ground under the version that the application was made under. */
export function groundFor(
  shell: Pick<Shell, "rules">,
  exemption: Pick<Exemption, "rules" | "ground">,
): Ground {
  const ground = groundOf(rulesNamed(shell, exemption.rules).body, exemption.ground);
  if (!ground) throw new Error(`ground ${exemption.ground} is gone from ${exemption.rules}`);
  return ground;
}

/** 审核时限, by the rules that the application was made under. */
export function reviewBy(
  shell: Pick<Shell, "rules">,
  { rules, appliedAt }: Pick<Exemption, "rules" | "appliedAt">,
): number {
  return reviewUntil(rulesNamed(shell, rules).body, appliedAt);
}

/** Whether a unit may appeal at all: against a refusal or a denial, once. */
export function mayBeAppealed({ state, appealOf }: Pick<Exemption, "state" | "appealOf">): boolean {
  return appealOf === null && (state === "refused" || state === "denied");
}

export function appealBy(shell: Pick<Shell, "rules">, exemption: Exemption): number {
  return appealUntil(rulesNamed(shell, exemption.rules).body, exemption.outcomeAt ?? exemption.appliedAt);
}

/** What an override of an application is about: one ground of one round. */
export const subjectOf = (asked: { readonly round: number; readonly ground: string }): string =>
  `${asked.round}:${asked.ground}`;

/** What the checks found, for the step's record; throws where they stop it. */
async function guarded(
  tx: Db,
  ticketId: string,
  look: Look | null,
  subject: string,
  now: number,
): Promise<Readonly<Record<string, unknown>>> {
  if (look === null) return {};
  const answer = await guardStep(tx, ticketId, look, subject, now);
  if (!answer.ok) throw new Refused(answer.refusal);
  return answer.told;
}

/** States in which another application for the round has to wait. */
export const LIVE: readonly string[] = ["applied", "returned", "passed", "sent"];

async function turn<T>(
  shell: Shell,
  actor: Actor,
  id: string,
  from: readonly State[],
  work: (tx: Db, exemption: Exemption, now: number) => Promise<T>,
): Promise<T> {
  return shell.db.transaction().execute(async (tx) => {
    const exemption = await lockExemption(tx, id);
    if (!exemption || (actor.unitId !== null && actor.unitId !== exemption.unitId))
      throw new Refused({ code: "not-found" });
    const { state } = exemption;
    if (!from.includes(state)) throw new Refused({ code: "exemption-state", state, stateZh: STATES[state] });
    return work(tx, exemption, shell.now());
  });
}

async function exempt(
  tx: Db,
  exemption: Exemption,
  ground: Ground,
  actor: Actor,
  now: number,
): Promise<void> {
  const [role] = actor.roles;
  const stamp = { at: now, userId: actor.userId, userName: actor.name, role: role ?? ("system" as const) };
  const { ticketId, round, id, groundName } = exemption;
  const decision = {
    ticketId,
    round,
    exemptionId: id,
    note: groundName,
    scope: ground.scope,
    decidedBy: ground.decidedBy,
  };
  if (!(await recordScope(tx, decision, stamp))) throw new Refused({ code: "exemption-round" });
}

/** What a unit writes may name a number of somebody's: it is kept and shown covered. */
function covered({ reason, evidence }: Application): Application {
  return {
    reason: maskText(reason).text,
    evidence: evidence.map((each) => ({ ...each, text: maskText(each.text).text })),
  };
}

async function mustBeFiles(tx: Db, ticketId: string, evidence: readonly Evidence[]): Promise<void> {
  const files = evidence.flatMap((each) => (each.file === null ? [] : [each.file]));
  if (!(await evidenceFilesKnown(tx, ticketId, files))) throw new Refused({ code: "exemption-file" });
}

function rulesNamed(shell: Pick<Shell, "rules">, name: string): Version<ExemptionRules> {
  const found = shell.rules.exemptions.find((each) => each.name === name);
  if (!found) throw new Error(`exemption rules ${name} are gone`);
  return found;
}
