/** 工单页. Everything one person may see of one ticket, and the moves that are theirs now. */

import type { Clock } from "@jiesu/core/deadline/clock.ts";
import { countsDays } from "@jiesu/core/deadline/limit.ts";
import { limitWords } from "@jiesu/core/deadline/limit-words.ts";
import { INNER_STEPS, supervisionEvent } from "@jiesu/core/supervision/lifecycle.ts";
import { CO_LIFECYCLE, CO_STATES, type CoState } from "@jiesu/core/ticket/cohandling.ts";
import { movesNow } from "@jiesu/core/ticket/decide.ts";
import { MOVES } from "@jiesu/core/ticket/lifecycle.ts";
import { isRole, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { guardRulesOn } from "../platform/rules.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { clockOf } from "./clocks.ts";
import { EVENT_ZH } from "./events.ts";
import { extensionOf, extensionOut } from "./extension.ts";
import { changesOf, doneBy, isStep, namesFor } from "./history.ts";
import { clockName, inScope, toRow } from "./list.ts";
import { pauseOf, pauseOut } from "./pause.ts";
import { maskedRequester } from "./requester.ts";
import { returningOf } from "./returning.ts";
import type { TicketDetail } from "./schema.ts";
import { undoOffer } from "./snapshot.ts";
import { levelOf } from "./store.ts";

/** Null when there is no such ticket or it is not this person's to see. */
export async function readTicket(
  shell: Shell,
  db: Db,
  actor: Actor,
  id: string,
): Promise<TicketDetail | null> {
  const t = await db
    .selectFrom("ticket as t")
    .leftJoin("unit as u", "u.id", "t.lead_unit_id")
    .leftJoin("ticket as main", "main.id", "t.merged_into")
    .selectAll("t")
    .select(["u.short_name as unit_name", "main.number as main_number"])
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!t) return null;
  const [assignments, clocks, callbacks, events, requester, attachments, undo] = await Promise.all([
    readAssignments(db, id),
    readClocks(db, id, shell.now()),
    db
      .selectFrom("callback")
      .selectAll()
      .where("ticket_id", "=", id)
      .orderBy("at", "desc")
      .orderBy("id", "desc")
      .execute(),
    readEvents(db, id, actor),
    maskedRequester(db, shell.secrets, id),
    readAttachments(db, id, actor),
    undoOffer(shell, db, actor, id),
  ]);
  const lead = assignments.find((a) => a.part === "lead" && a.round === t.round && a.endedAt === null);
  const timed = { ...t, cityDueAt: t.city_due_at?.getTime() ?? null, level: levelOf(t.level) };
  const standing = t.state === "handling" ? await extensionOf(db, timed, shell.now()) : null;
  const resting = t.state === "handling" ? await pauseOf(db, timed, shell.now()) : null;
  const facts = {
    ...(standing ? { extension: standing.facts } : {}),
    ...(resting ? { pause: resting.facts } : {}),
    state: isState(t.state) ? t.state : "received",
    round: t.round,
    returns: t.returns,
    leadUnitId: t.lead_unit_id,
    lead: lead
      ? {
          designated: lead.designated,
          dispatchedAt: Date.parse(lead.dispatchedAt),
          acceptedAt: at(lead.acceptedAt),
          contactedAt: at(lead.contactedAt),
          reportedAt: at(lead.reportedAt),
        }
      : null,
  } as const;
  const guards = guardRulesOn(await rulesInForce(db, shell.rules, shell.now()), shell.now());
  const returning = returningOf({ ...facts, level: timed.level }, guards.returns, shell.now());
  return {
    ...toRow({ ...t, excerpt: t.content.slice(0, 90) }),
    content: t.content,
    kind: t.kind,
    path: t.path,
    district: t.district,
    address: t.address,
    enterprise: t.enterprise,
    category1: t.category1,
    category2: t.category2,
    category3: t.category3,
    reply: t.reply,
    closingKind: t.closing_kind,
    cityDispatchedAt: iso(t.city_dispatched_at),
    cityDueAt: iso(t.city_due_at),
    closedAt: iso(t.closed_at),
    mergedInto: t.merged_into ? { id: t.merged_into, number: t.main_number ?? "" } : null,
    extra: isRecord(t.extra) ? t.extra : {},
    requester,
    assignments,
    clocks,
    callbacks: callbacks.map((c) => ({
      id: c.id,
      round: c.round,
      source: c.source === "city" ? ("city" as const) : ("own" as const),
      outcome: c.outcome,
      contacted: c.contacted,
      solved: c.solved,
      satisfied: c.satisfied,
      reason: c.reason,
      reasons: reasonWords(c.reasons),
      note: c.note,
      talkSeconds: c.talk_seconds,
      recorded: c.recording !== null,
      at: c.at.toISOString(),
      userName: c.user_name,
    })),
    events,
    attachments,
    guards,
    pause: resting && pauseOut(resting),
    returning: returning && { nth: returning.nth, until: isoOf(returning.until) },
    extension: standing && extensionOut(standing, timed, await rulesInForce(db, shell.rules, shell.now())),
    undo,
    moves: [...movesNow(facts, actor, MOVES)],
    coMoves: coMovesOf(assignments, actor, t.round),
  };
}

async function readAssignments(db: Db, id: string) {
  const rows = await db
    .selectFrom("assignment as a")
    .innerJoin("unit as u", "u.id", "a.unit_id")
    .selectAll("a")
    .select("u.short_name")
    .where("a.ticket_id", "=", id)
    .orderBy("a.round", "desc")
    .orderBy("a.id")
    .execute();
  return rows.map((a) => ({
    id: a.id,
    round: a.round,
    part: a.part === "lead" ? ("lead" as const) : ("co" as const),
    unit: { id: a.unit_id, name: a.short_name },
    state: a.state,
    stateZh: isState(a.state) ? STATES[a.state].zh : isCoState(a.state) ? CO_STATES[a.state] : a.state,
    opinion: a.opinion,
    designated: a.designated,
    dispatchedAt: a.dispatched_at.toISOString(),
    acceptedAt: iso(a.accepted_at),
    contactedAt: iso(a.contacted_at),
    contactWay: a.contact_way,
    reportedAt: iso(a.reported_at),
    report: a.report,
    outcome: a.outcome,
    endedAt: iso(a.ended_at),
    endedAs: a.ended_as,
  }));
}

async function readClocks(db: Db, id: string, now: number) {
  const rows = await db
    .selectFrom("clock")
    .selectAll()
    .where("ticket_id", "=", id)
    .where("state", "!=", "cancelled")
    .orderBy("id", "desc")
    .execute();
  return rows.map((c) => ({
    kind: c.kind,
    kindZh: clockName(c.kind) ?? c.kind,
    round: c.round,
    state: c.state,
    startedAt: c.started_at.toISOString(),
    dueAt: c.due_at.toISOString(),
    nearAt: c.near_at.toISOString(),
    stoppedAt: iso(c.stopped_at),
    pausedUntil: iso(c.paused_until),
    late: (c.stopped_at?.getTime() ?? (c.state === "running" ? now : 0)) > c.due_at.getTime(),
    limitZh: limitZhOf(clockOf(c.body)),
    rule: c.rule,
  }));
}

/** The limit with what was given on top: "2 个自然日，已延期 3 天". */
function limitZhOf({ limit, extended }: Clock): string {
  if (extended === 0) return limitWords(limit);
  return `${limitWords(limit)}，已延期 ${extended} ${countsDays(limit) ? "天" : "小时"}`;
}

/** Files on the ticket, hidden ones with why and by whom; their bytes are asked for one by one. */
async function readAttachments(db: Db, id: string, actor: Actor) {
  const rows = await db
    .selectFrom("attachment as f")
    .leftJoin("unit as u", "u.id", "f.unit_id")
    .selectAll("f")
    .select("u.short_name")
    .where("f.ticket_id", "=", id)
    .orderBy("f.id")
    .execute();
  const mayHideAll = actor.roles.some((r) => r === "shiftLead" || r === "supervisor");
  return rows.map((f) => ({
    id: f.id,
    name: f.name,
    mime: f.mime,
    size: f.size,
    round: f.round,
    at: f.at.toISOString(),
    userName: f.user_name,
    unit: f.unit_id ? { id: f.unit_id, name: f.short_name ?? "" } : null,
    hidden: f.hidden_at
      ? { at: f.hidden_at.toISOString(), userName: f.hidden_by_name ?? "", reason: f.hidden_reason ?? "" }
      : null,
    mayHide: f.hidden_at === null && (mayHideAll || f.user_id === actor.userId),
  }));
}

/** What the centre says with the city or among itself. */
const OF_THE_CENTRE = ["cityTalk", ...INNER_STEPS.map(supervisionEvent)];

/** What is of the centre's own units do not hear of; of a 协调单 its parties do. */
async function readEvents(db: Db, id: string, actor: Actor) {
  const rows = await db
    .selectFrom("event as e")
    .leftJoin("unit as u", "u.id", "e.unit_id")
    .select([
      "e.id",
      "e.kind",
      "e.from_state",
      "e.to_state",
      "e.round",
      "e.at",
      "e.user_name",
      "e.role",
      "e.unit_id",
      "e.data",
      "u.short_name",
    ])
    .where("e.ticket_id", "=", id)
    .$if(actor.unitId !== null, (b) =>
      b
        .where("e.kind", "not in", OF_THE_CENTRE)
        .where(sql<boolean>`(e.kind <> 'liaison' or e.data->'units' ? ${actor.unitId})`),
    )
    .orderBy("e.id", "desc")
    .limit(500)
    .execute();
  const events = rows.map((row) => ({ ...row, data: isRecord(row.data) ? row.data : {} }));
  const names = await namesFor(db, events);
  return events.map((e) => ({
    id: e.id,
    kind: e.kind,
    zh: EVENT_ZH.get(e.kind) ?? e.kind,
    fromState: e.from_state,
    toState: e.to_state,
    round: e.round,
    at: e.at.toISOString(),
    userName: e.user_name,
    roleZh: isRole(e.role) ? ROLES[e.role].zh : "系统",
    unit: e.unit_id ? { id: e.unit_id, name: e.short_name ?? "" } : null,
    data: e.data,
    by: doneBy(e),
    step: isStep(e),
    changes: changesOf(e, names),
  }));
}

type AssignmentRow = Awaited<ReturnType<typeof readAssignments>>[number];

function coMovesOf(assignments: readonly AssignmentRow[], actor: Actor, round: number) {
  return assignments
    .filter((a) => a.part === "co" && a.round === round)
    .map((a) => ({ assignmentId: a.id, moves: coMovesFor(a.state, a.unit.id, actor) }))
    .filter((a) => a.moves.length > 0);
}

function coMovesFor(state: string, unitId: string, actor: Actor) {
  return CO_LIFECYCLE.filter((step) => {
    const by: readonly Role[] = step.by;
    const from: readonly string[] = step.from;
    const mine = actor.unitId === null || actor.unitId === unitId;
    return mine && from.includes(state) && actor.roles.some((r) => by.includes(r));
  }).map((step) => ({ move: step.move, zh: step.zh }));
}

const isCoState = (state: string): state is CoState => Object.hasOwn(CO_STATES, state);
/** The words of the chosen reasons, as copied when it happened. */
function reasonWords(kept: unknown): Record<string, string> {
  const pairs = Object.entries(isRecord(kept) ? kept : {});
  return Object.fromEntries(
    pairs.flatMap(([question, reason]) =>
      isRecord(reason) && typeof reason.zh === "string" ? [[question, reason.zh]] : [],
    ),
  );
}
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
const isoOf = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());
const at = (text: string | null): number | null => (text === null ? null : Date.parse(text));
