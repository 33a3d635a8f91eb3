/**
 * 确权案的办理. Parties state whose it is, the centre looks at the site, hears them, forms its preliminary opinion, has it answered
 * above where it must, and rules; a party may appeal once, another person decides.
 *
 * Every step stands on the case and on the ticket's timeline, in one transaction. The ruling and its change are moves of
 * the ticket: the case follows them by the ticket's own event (0068_ownership.sql), whoever made them by whichever way.
 */
import { appealUntil, claimUntil } from "@jiesu/core/ownership/rules.ts";
import {
  CASE_STATES,
  type CaseFacts,
  type CaseState,
  type CaseStep,
  isCaseState,
  stepTo,
  stepZh,
} from "@jiesu/core/ownership/steps.ts";
import type { LegalBasis, MoveInput } from "@jiesu/core/ticket/moves.ts";
import { clockText, dayOf } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { ownershipRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { moveTicketIn, orRefuse } from "../ticket/actions.ts";
import { type LockedTicket, lockTicket, recordEvent } from "../ticket/store.ts";
import { type Attendee, type CalledMeeting, callMeeting, endCalled, holdMeeting } from "./meetings.ts";
import { endForChange } from "./precedentstore.ts";
import {
  addParty,
  addStep,
  type Case,
  caseOf,
  claimsOf,
  decideAppeal,
  insertAppeal,
  insertClaim,
  type Position,
  ticketOfCase,
  updateCase,
} from "./store.ts";

const stateZh = (state: unknown): string =>
  typeof state === "string" && isCaseState(state) ? CASE_STATES[state].zh : "";

addWordings({
  "ownership-state": {
    status: 409,
    zh: (r) => `确权案现为“${stateZh(r.state)}”，不能${stepZh(String(r.step))}，请刷新后查看。`,
  },
  "ownership-not-yours": { status: 403, zh: (r) => `当前岗位不能${stepZh(String(r.step))}。` },
  "ownership-not-party": { status: 403, zh: () => "您所在单位不是本案当事单位。" },
  "ownership-same-person": {
    status: 409,
    zh: () => "复议须由作出裁定以外的人员决定，请另一位督办员、值班长或领导办理。",
  },
  "ownership-appeal-late": {
    status: 409,
    zh: (r) => `申请复议的时限（${clockText(Number(r.until))}）已过，裁定已生效。`,
  },
  "ownership-file": { status: 422, zh: () => "所附文件不在该工单的附件中，请先上传。" },
  "ownership-unit": { status: 422, zh: () => "请选择本案当事单位。" },
  "ownership-no-change": {
    status: 422,
    zh: () => "改判的主办单位与原裁定相同；如维持原裁定，请选“维持裁定”。",
  },
});

export type Person = Actor & { readonly userId: string };

export async function factsOf(shell: Pick<Shell, "rules" | "now">, one: Case): Promise<CaseFacts> {
  const rules = ownershipRulesOn(shell.rules, one.openedAt);
  return {
    state: one.state,
    partyIds: one.parties.map((each) => each.id),
    ruledBy: one.ruledBy,
    appealUntil: one.ruledAt === null ? null : appealUntil(rules, one.ruledAt),
    now: shell.now(),
  };
}

export function invite(shell: Shell, actor: Person, id: string, unitId: string, note: string): Promise<void> {
  return turn(shell, actor, id, "invite", async ({ tx, now }) => {
    await mustBeUnits(tx, [unitId], now);
    if (!(await addParty(tx, id, unitId, now))) return null;
    return { note, unitId };
  });
}

export interface Claimed {
  readonly position: Position;
  readonly statement: string;
  readonly articles: readonly LegalBasis[];
  readonly suggestUnitId: string | null;
  readonly files: readonly string[];
}

/** 提交意见: the same again changes nothing; another one takes the place of the earlier, which stays on record. */
export function claim(
  shell: Shell,
  actor: Person,
  id: string,
  said: Claimed & { readonly unitId: string | null },
): Promise<void> {
  return turn(shell, actor, id, "claim", async ({ tx, one, now }) => {
    const unitId = actor.unitId ?? said.unitId;
    if (unitId === null || !one.parties.some((party) => party.id === unitId))
      throw new Refused({ code: "ownership-unit", field: "unitId" });
    await mustBeFiles(tx, one.ticketId, said.files);
    if (said.suggestUnitId !== null) await mustBeUnits(tx, [said.suggestUnitId], now);
    const before = (await claimsOf(tx, id)).find((each) => each.unitId === unitId);
    if (before && sameClaim(before, said)) return null;
    const rules = ownershipRulesOn(shell.rules, one.openedAt);
    const late = now > claimUntil(rules, one.openedAt, one.level);
    await insertClaim(tx, id, { ...said, unitId, late }, actor, now);
    // What was said is read on the case by those who may: neither the step nor the timeline repeats it.
    return { note: late ? "逾期" : "", unitId };
  });
}

export function describeSite(
  shell: Shell,
  actor: Person,
  id: string,
  site: string,
  files: readonly string[],
): Promise<void> {
  return turn(shell, actor, id, "site", async ({ tx, one }) => {
    await mustBeFiles(tx, one.ticketId, files);
    return { note: site, change: { site, siteFiles: files } };
  });
}

export function call(shell: Shell, actor: Person, id: string, meeting: CalledMeeting): Promise<void> {
  return turn(shell, actor, id, "callMeeting", async ({ tx, now }) => {
    await callMeeting(tx, id, meeting, actor, now);
    return { note: `${clockText(meeting.startsAt)} ${meeting.place}` };
  });
}

export function cancel(shell: Shell, actor: Person, id: string, note: string): Promise<void> {
  return turn(shell, actor, id, "cancelMeeting", async ({ tx }) => {
    await endCalled(tx, id, "cancelled");
    return { note };
  });
}

export function recordMinutes(
  shell: Shell,
  actor: Person,
  id: string,
  held: {
    readonly attendance: readonly Attendee[];
    readonly minutes: string;
    readonly files: readonly string[];
  },
): Promise<void> {
  return turn(shell, actor, id, "minutes", async ({ tx, one }) => {
    await mustBeFiles(tx, one.ticketId, held.files);
    await holdMeeting(tx, id, held);
    const present = held.attendance.filter((each) => each.presence === "present").length;
    return { note: `出席 ${present} 人` };
  });
}

export interface Opined {
  readonly leadUnitId: string;
  readonly coUnitIds: readonly string[];
  readonly text: string;
  readonly articles: readonly LegalBasis[];
}

export function opine(shell: Shell, actor: Person, id: string, said: Opined): Promise<void> {
  return turn(shell, actor, id, "opine", async ({ tx, now }) => {
    await mustBeUnits(tx, [said.leadUnitId, ...said.coUnitIds], now);
    return { note: "", change: { opinion: { ...said, at: now, by: actor.name } } };
  });
}

export function reportUp(shell: Shell, actor: Person, id: string, to: string, note: string): Promise<void> {
  return turn(shell, actor, id, "reportUp", async ({ tx, now }) => {
    await audit(tx, now, actor.userId, actor.name, "ownership-reported", { detail: { case: id, to } });
    return { note: to, change: { report: { to, note, at: now, by: actor.name } } };
  });
}

export function recordAnswer(
  shell: Shell,
  actor: Person,
  id: string,
  answer: {
    readonly decision: "agreed" | "other";
    readonly text: string;
    readonly paper: string;
    readonly from: string;
  },
): Promise<void> {
  return turn(shell, actor, id, "answerUp", async ({ one, now }) => {
    if (one.report === null) throw new Error(`case ${id} was reported without a report`);
    const report = { ...one.report, answer: { ...answer, at: now, by: actor.name } };
    return { note: answer.decision === "agreed" ? "同意初步意见" : "另有意见", change: { report } };
  });
}

/** 裁定 by the ticket's move; in one transaction with it. */
export function rule(shell: Shell, actor: Person, id: string, ruling: MoveInput["rule"]): Promise<void> {
  return moved(shell, actor, id, "rule", async (tx, one) => {
    orRefuse(await moveTicketIn(tx, shell, actor, one.ticketId, "rule", ruling, null));
    await audit(tx, shell.now(), actor.userId, actor.name, "ownership-ruled", {
      detail: { case: id, ticket: one.ticketId, unit: ruling.leadUnitId },
    });
  });
}

export function appeal(
  shell: Shell,
  actor: Person,
  id: string,
  reason: string,
  files: readonly string[],
): Promise<void> {
  return turn(shell, actor, id, "appeal", async ({ tx, one, now }) => {
    const { unitId } = actor;
    if (unitId === null) throw new Refused({ code: "ownership-not-party" });
    await mustBeFiles(tx, one.ticketId, files);
    await insertAppeal(tx, id, { unitId, reason, files }, actor, now);
    return { note: reason, unitId };
  });
}

export function uphold(shell: Shell, actor: Person, id: string, reasons: string): Promise<void> {
  return turn(shell, actor, id, "uphold", async ({ tx, now }) => {
    await decideAppeal(tx, id, "upheld", reasons, actor, now);
    await audit(tx, now, actor.userId, actor.name, "ownership-upheld", { detail: { case: id } });
    return { note: reasons };
  });
}

/** 改判: the ticket goes to another unit; what was taught by the first ruling ends with it. */
export function change(shell: Shell, actor: Person, id: string, ruling: MoveInput["rerule"]): Promise<void> {
  return moved(shell, actor, id, "change", async (tx, one) => {
    if (one.leadUnitId === ruling.leadUnitId)
      throw new Refused({ code: "ownership-no-change", field: "leadUnitId" });
    orRefuse(await moveTicketIn(tx, shell, actor, one.ticketId, "rerule", ruling, null));
    const now = shell.now();
    await decideAppeal(tx, id, "changed", ruling.reasons ?? ruling.basis, actor, now);
    await endForChange(tx, id, actor, now);
    await audit(tx, now, actor.userId, actor.name, "ownership-changed", {
      detail: { case: id, ticket: one.ticketId, unit: ruling.leadUnitId },
    });
  });
}

interface Done {
  readonly note: string;
  readonly unitId?: string | null;
  readonly change?: Omit<Parameters<typeof updateCase>[2], "state">;
}

/** One step: the ticket is locked first, as its own moves lock it. Null from `work`: nothing was new, nothing is recorded. */
function turn(
  shell: Shell,
  actor: Person,
  id: string,
  step: CaseStep,
  work: (on: { tx: Db; one: Case; now: number }) => Promise<Done | null>,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const ticketId = await ticketOfCase(tx, id);
    const ticket = ticketId === null ? null : await lockTicket(tx, ticketId);
    const one = ticket === null ? null : await caseOf(tx, actor, id);
    if (ticket === null || one === null) throw new Refused({ code: "not-found" });
    const to = await allowed(shell, one, actor, step);
    const now = shell.now();
    const done = await work({ tx, one, now });
    if (done === null) return;
    await updateCase(tx, id, { ...done.change, state: to });
    await addStep(tx, id, step, { note: done.note, unitId: done.unitId ?? null }, actor, now);
    await onTimeline(tx, ticket, one, step, done, actor, now);
  });
}

/** A step that is a move of the ticket: units and ticket are locked by the move, in its order. */
function moved(
  shell: Shell,
  actor: Person,
  id: string,
  step: "rule" | "change",
  work: (tx: Db, one: Case) => Promise<void>,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const one = await caseOf(tx, actor, id);
    if (one === null) throw new Refused({ code: "not-found" });
    const to = await allowed(shell, one, actor, step);
    await work(tx, one);
    const after = await caseOf(tx, actor, id);
    // Somebody was quicker: the ticket was moved under another case.
    if (after?.state !== to)
      throw new Refused({ code: "ownership-state", state: after?.state ?? one.state, step });
  });
}

async function allowed(shell: Shell, one: Case, actor: Actor, step: CaseStep): Promise<CaseState> {
  const answer = stepTo(step, await factsOf(shell, one), actor);
  if (!answer.ok) throw new Refused(answer.refusal);
  return answer.value;
}

async function onTimeline(
  tx: Db,
  ticket: LockedTicket,
  one: Case,
  step: CaseStep,
  done: Done,
  actor: Person,
  at: number,
): Promise<void> {
  const stamp = {
    at,
    userId: actor.userId,
    userName: actor.name,
    role: actor.roles[0] ?? ("system" as const),
  };
  const told = TOLD.includes(step) ? { text: done.note } : {};
  const party = done.unitId ? { partyId: done.unitId, party: await nameOf(tx, done.unitId) } : {};
  await recordEvent(
    tx,
    ticket,
    "ownership",
    { caseId: one.id, ownershipStep: step, step: stepZh(step), ...told, ...party },
    stamp,
  );
}

async function nameOf(tx: Db, unitId: string): Promise<string> {
  const row = await tx
    .selectFrom("unit")
    .select("short_name")
    .where("id", "=", unitId)
    .executeTakeFirstOrThrow();
  return row.short_name;
}

/** Steps whose words everybody who sees the ticket may read; the others are read on the case. */
const TOLD: readonly CaseStep[] = ["invite", "callMeeting", "cancelMeeting", "minutes", "appeal", "uphold"];

function sameClaim(before: Claimed, now: Claimed): boolean {
  const key = ({ position, statement, articles, suggestUnitId, files }: Claimed) =>
    JSON.stringify([
      position,
      statement,
      articles.map(({ paper, article, text }) => [paper, article, text]),
      suggestUnitId,
      [...files].sort(),
    ]);
  return key(before) === key(now);
}

async function mustBeUnits(tx: Db, ids: readonly string[], now: number): Promise<void> {
  if (new Set(ids).size !== ids.length) throw new Refused({ code: "unit-twice" });
  const today = dayOf(now);
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from unit
     where id = any(${[...ids]}::bigint[]) and valid_from <= ${today} and (valid_to is null or valid_to >= ${today})`.execute(
    tx,
  );
  if (rows[0]?.n !== ids.length) throw new Refused({ code: "unit-unknown" });
}

async function mustBeFiles(tx: Db, ticketId: string, files: readonly string[]): Promise<void> {
  const wanted = [...new Set(files)];
  if (wanted.length === 0) return;
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from attachment
     where ticket_id = ${ticketId} and hidden_at is null and id = any(${wanted}::bigint[])`.execute(tx);
  if (rows[0]?.n !== wanted.length) throw new Refused({ code: "ownership-file" });
}
