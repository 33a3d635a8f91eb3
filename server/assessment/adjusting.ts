/**
 * 加减分的办理. Drafts points for a unit and period, decides on them, takes them back. The caps are asked of the rule set of the
 * period; a closed period's figures stay, what is approved or revoked afterwards stands beside them as a difference.
 */
import {
  ADJUSTMENT_STATES,
  ADJUSTMENT_STEPS,
  type AdjustmentState,
  type AdjustmentStep,
  mayGive,
  stepTo,
} from "@jiesu/core/assessment/adjusting.ts";
import { ADJUSTMENT_KIND_NAMES, type Given, isAdjustmentKind } from "@jiesu/core/assessment/adjustment.ts";
import { choosePeriod } from "@jiesu/core/assessment/choice.ts";
import { compare, parseDecimal, ZERO } from "@jiesu/core/assessment/fraction.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type Period, type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import {
  type Adjustment,
  draftedBy,
  insertAdjustment,
  insertStep,
  listAdjustments,
  lockAdjustment,
  lockUnitPeriod,
  pointsRead,
} from "./adjustments.ts";
import { refuseRules } from "./figures.ts";
import { type Closed, closedPeriod } from "./frozen.ts";
import { rulebook } from "./rulebook.ts";

const kindName = (kind: unknown): string => (isAdjustmentKind(kind) ? ADJUSTMENT_KIND_NAMES[kind] : "");

addWordings({
  "adjust-no-item": {
    status: 422,
    zh: () => "本期考核规则没有这个加减分项，请从本期的加减分项中选；需要新增的，请先修订考核规则。",
  },
  "adjust-points": { status: 422, zh: () => "分数应大于 0，最多六位小数，减分也不写负号，如 0.5。" },
  "adjust-over-each": { status: 422, zh: (r) => `“${r.item}”每次最多 ${r.most} 分，请改小分数。` },
  "adjust-over-unit": {
    status: 422,
    zh: (r) =>
      `“${r.item}”每单位每期最多 ${r.most} 分，该单位本期还可登记 ${r.left} 分（含待批准的）；请改小分数，或先撤回、撤销已登记的。`,
  },
  "adjust-over-total": {
    status: 422,
    zh: (r) =>
      `每单位每期${kindName(r.kind)}合计最多 ${r.most} 分，该单位本期还可登记 ${r.left} 分（含待批准的）；请改小分数，或先撤回、撤销已登记的。`,
  },
  "adjust-same-person": {
    status: 409,
    zh: () => "起草人不能批准、退回或撤销自己登记的加减分，请由他人办理。",
  },
  "adjust-not-drafter": { status: 409, zh: () => "待批准的加减分由起草人撤回；您可以批准或不予批准。" },
  "adjust-not-yours": { status: 403, zh: () => "加减分由中心领导批准、撤销。" },
  "adjust-settled": {
    status: 409,
    zh: (r) => `这项加减分已是“${stateName(r.state)}”，不能再这样办理；请刷新后查看。`,
  },
  "adjust-reason": { status: 422, zh: () => "请写明理由，至少两个字。" },
  "adjust-not-begun": {
    status: 409,
    zh: (r) => `考核期 ${r.period} 自 ${r.from} 起，尚未开始，不能登记加减分。`,
  },
  "adjust-closed": {
    status: 409,
    zh: (r) =>
      `考核期 ${r.period} 已封账，得分和名次不再变动；仍要办理的，请勾选“作为封账后的差异”，它只列入封账后的差异。`,
  },
});

function stateName(state: unknown): string {
  const names: Readonly<Record<string, string>> = ADJUSTMENT_STATES;
  return names[String(state)] ?? "";
}

export interface Proposal {
  readonly level: Level;
  readonly period: PeriodName;
  readonly unitId: string;
  readonly item: string;
  readonly points: string;
  readonly reason: string;
  readonly evidence: string;
  readonly link: string;
  /** Of the screen's own making: sent twice, drafted once. */
  readonly key: string;
  /** Said by the person: the period is closed, let it stand as a difference. */
  readonly late: boolean;
}

/** The rule set of a period, and its closing when it is closed. */
export async function periodRules(
  shell: Shell,
  level: Level,
  name: PeriodName,
): Promise<{ readonly ruleSet: RuleSet; readonly period: Period; readonly closed: Closed | null }> {
  const closed = await closedPeriod(shell.db, level, name);
  if (closed !== null) return { ruleSet: closed.ruleSet, period: closed.period, closed };
  const chosen =
    choosePeriod(await rulebook(shell, level), await periodsInForce(shell), name) ?? refuseRules(undefined);
  return { ruleSet: chosen.ruleSet, period: chosen.period, closed: null };
}

/** Drafts points; they count when another person has approved them. */
export async function propose(shell: Shell, actor: Actor, proposal: Proposal): Promise<Adjustment> {
  const { level, unitId } = proposal;
  const { ruleSet, period, closed } = await periodRules(shell, level, proposal.period);
  if (dayOf(shell.now()) < period.from)
    throw new Refused({ code: "adjust-not-begun", period: period.name, from: period.from });
  if (closed !== null && !proposal.late) throw new Refused({ code: "adjust-closed", period: period.name });
  const points = parseDecimal(proposal.points);
  if (points === null || compare(points, ZERO) <= 0) throw new Refused({ code: "adjust-points" });
  const id = await shell.db.transaction().execute(async (tx) => {
    await lockUnitPeriod(tx, level, period.name, unitId);
    const twin = await draftedBy(tx, proposal.key, actor.userId);
    if (twin !== null) return twin;
    await unitOrRefuse(tx, unitId);
    const already = await givenTo(tx, level, period.name, unitId, ["proposed", "approved"]);
    const may = mayGive(proposal.item, points, already, ruleSet.adjustments);
    if (!may.ok) throw new Refused(may.refusal);
    const { name, kind } = may.value;
    const drafted = { ...proposal, period: period.name, itemName: name, kind, rules: ruleSet.name };
    const made = await insertAdjustment(tx, drafted, signature(shell, actor));
    if (made === null) throw new Refused({ code: "duplicate", what: "这项加减分" });
    await auditStep(tx, shell, actor, "adjustment-drafted", made, {
      unit: unitId,
      period: period.name,
      item: proposal.item,
      points: proposal.points,
    });
    return made;
  });
  return oneOrRefuse(shell.db, id);
}

/** Approves, refuses, withdraws or revokes. The same step by the same person again changes nothing. */
export async function takeStep(
  shell: Shell,
  actor: Actor,
  id: string,
  step: AdjustmentStep,
  { reason, late }: { readonly reason: string; readonly late: boolean },
): Promise<Adjustment> {
  await shell.db.transaction().execute(async (tx) => {
    const found = await lockAdjustment(tx, id);
    if (found === null) throw new Refused({ code: "not-found" });
    const leadsTo = ADJUSTMENT_STEPS.find((each) => each.step === step)?.to;
    if (found.state === leadsTo && found.steps.at(-1)?.byUser === actor.userId) return;
    const isDrafter = found.byUser !== null && found.byUser === actor.userId;
    const decided = stepTo(step, found.state, { roles: actor.roles, isDrafter });
    if (!decided.ok) throw new Refused(decided.refusal);
    if (step !== "approve" && step !== "withdraw" && reason.trim().length < 2)
      throw new Refused({ code: "adjust-reason" });
    const rules = await periodRules(shell, found.level, periodOf(found));
    const counts = step === "approve" || step === "revoke";
    if (counts && rules.closed !== null && !late)
      throw new Refused({ code: "adjust-closed", period: found.period });
    if (step === "approve") {
      await lockUnitPeriod(tx, found.level, found.period, found.unitId);
      const already = await givenTo(tx, found.level, found.period, found.unitId, ["approved"]);
      const may = mayGive(found.item, pointsRead(found.points), already, rules.ruleSet.adjustments);
      if (!may.ok) throw new Refused(may.refusal);
    }
    await insertStep(
      tx,
      id,
      { state: decided.value, reason: reason.trim(), late: counts && rules.closed !== null },
      signature(shell, actor),
    );
    await auditStep(tx, shell, actor, `adjustment-${decided.value}`, id, {
      unit: found.unitId,
      period: found.period,
      item: found.item,
      points: found.points,
      reason: reason.trim(),
    });
  });
  return oneOrRefuse(shell.db, id);
}

async function oneOrRefuse(db: Db, id: string): Promise<Adjustment> {
  const [found] = await listAdjustments(db, { ids: [id] });
  if (!found) throw new Refused({ code: "not-found" });
  return found;
}

async function givenTo(
  tx: Db,
  level: Level,
  period: string,
  unitId: string,
  states: readonly AdjustmentState[],
): Promise<readonly Given[]> {
  const rows = await listAdjustments(tx, { level, period, unitId, states });
  return rows.map(({ id, item, points }) => ({ id, item, points: pointsRead(points) }));
}

async function unitOrRefuse(tx: Db, unitId: string): Promise<void> {
  const row = await tx.selectFrom("unit").select("id").where("id", "=", unitId).executeTakeFirst();
  if (!row) throw new Refused({ code: "bad-input", message: "没有这个单位，请重新选择" });
}

function periodOf({ period }: Adjustment): PeriodName {
  const name = parsePeriodName(period);
  if (name === null) throw new Error(`an adjustment has no such period: ${period}`);
  return name;
}

const signature = (shell: Shell, actor: Actor) => ({
  at: new Date(shell.now()),
  byUser: actor.userId,
  byName: actor.name,
});

function auditStep(
  tx: Db,
  shell: Shell,
  actor: Actor,
  what: string,
  id: string,
  detail: Readonly<Record<string, string>>,
): Promise<void> {
  return audit(tx, shell.now(), actor.userId, actor.name, what, { detail: { adjustment: id, ...detail } });
}
