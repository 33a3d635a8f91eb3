/** 排班、交班、接班. Who may enter what, which shift may be handed over now, and who may take it over. */
import { HANDOVER_GRACE_MS, touches } from "@jiesu/core/duty/shifts.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { countQueues, listTickets } from "../ticket/list.ts";
import { queuesOf } from "../ticket/queues.ts";
import { type RosterShift, rosterOf } from "./roster.ts";
import {
  acknowledge,
  addHandover,
  centrePeople,
  enteredShifts,
  type OpenWork,
  putShift,
  readHandovers,
  removeShift,
  type ShiftEntry,
  sameHandover,
} from "./store.ts";
import { handOverWatched, receiver, shiftAfter } from "./watch.ts";
import { lockWatch, namedFor, takeItems } from "./watchstore.ts";

addWordings({
  "shift-length": { status: 422, zh: () => "班次应在 1 到 24 小时之间，且结束晚于开始。" },
  "shift-over": { status: 409, zh: () => "该班次已经结束，不能再改。" },
  "shift-overlap": {
    status: 409,
    zh: (r) => `与已排的“${String(r.name)}”时间重叠，请先调整或删除那一班。`,
  },
  "shift-people": { status: 422, zh: () => "值班长须有值班长岗位，班组人员须为中心在岗人员，请重新选择。" },
  "shift-handed-over": { status: 409, zh: () => "没有这个班次，或已交接、属于记录，不能删除。" },
  "handover-when": {
    status: 409,
    zh: () => "只能交当前班，或刚结束不超过 12 小时的班，请刷新后重新选择班次。",
  },
  "handover-own": { status: 409, zh: () => "交班与接班不能是同一人，请由下一班值班长接班。" },
  "handover-taken": { status: 409, zh: (r) => `${String(r.by)}已接班，无需重复。` },
});

type Person = Actor & { readonly userId: string };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LISTED = 12;

/** Enters a shift, or changes one that was entered. Throws Refused. */
export async function enterShift(shell: Shell, actor: Person, entry: ShiftEntry): Promise<string> {
  const length = entry.endsAt - entry.startsAt;
  if (length < HOUR_MS || length > DAY_MS) throw new Refused({ code: "shift-length" });
  if (entry.endsAt <= shell.now()) throw new Refused({ code: "shift-over" });
  const people = await centrePeople(shell.db);
  const known = new Set(people.map((p) => p.id));
  const leads = entry.leadId === null || people.some((p) => p.id === entry.leadId && p.leads);
  if (!leads || entry.memberIds.some((id) => !known.has(id))) throw new Refused({ code: "shift-people" });
  return shell.db.transaction().execute(async (tx) => {
    await lockRoster(tx);
    const entered = await enteredShifts(tx, entry.startsAt, entry.endsAt);
    const before = entered.find((s) => s.startsAt === entry.startsAt && s.name === entry.name);
    if (before && before.endsAt <= shell.now()) throw new Refused({ code: "shift-over" });
    const other = entered.find((s) => s !== before && touches(s, entry));
    if (other) throw new Refused({ code: "shift-overlap", name: other.name });
    const id = await putShift(tx, entry);
    await audit(tx, shell.now(), actor.userId, actor.name, "shift-entered", {
      detail: { shift: id, name: entry.name, startsAt: new Date(entry.startsAt).toISOString() },
    });
    return id;
  });
}

/** Takes an entered shift off the roster again: the rule's own shift stands. */
export async function dropShift(shell: Shell, actor: Person, id: string): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    if (!(await removeShift(tx, id))) throw new Refused({ code: "shift-handed-over" });
    await audit(tx, shell.now(), actor.userId, actor.name, "shift-removed", { detail: { shift: id } });
  });
}

/**
 * 交班: keeps the words and what is open at this moment. What the shift watches goes over with names: those given, and
 * `watchTo` for the rest. A shift of the rule is entered with it. The same words sent again after a lost answer are there
 * once. Throws Refused.
 */
export async function handOver(
  shell: Shell,
  actor: Person,
  { startsAt, text, watchTo }: { startsAt: number; text: string; watchTo: string | null },
): Promise<string> {
  const now = shell.now();
  const slots = await rosterOf(shell, now - 2 * DAY_MS, now + 1);
  const slot = slots.find((s) => s.startsAt === startsAt);
  if (!slot || slot.startsAt > now || slot.endsAt + HANDOVER_GRACE_MS < now)
    throw new Refused({ code: "handover-when" });
  const open = await openWork(shell, shell.db, actor);
  const next = await shiftAfter(shell, slot);
  const to = watchTo === null ? null : await receiver(shell, actor, watchTo, next);
  return shell.db.transaction().execute(async (tx) => {
    await lockRoster(tx);
    const shiftId = await shiftIdOf(tx, slot, actor.userId);
    const same = await sameHandover(tx, shiftId, text, actor);
    if (same !== null) return same;
    const watch = await handOverWatched(shell, tx, actor, slot, to);
    return addHandover(tx, shiftId, text, { ...open, watch }, actor, now);
  });
}

/** 接班. Throws Refused. */
export async function takeOver(shell: Shell, actor: Person, id: string, note: string): Promise<void> {
  const [handover] = await readHandovers(shell.db, { id, limit: 1 });
  if (!handover) throw new Refused({ code: "not-found" });
  if (handover.user_id === actor.userId) throw new Refused({ code: "handover-own" });
  const taken = await shell.db.transaction().execute(async (tx) => {
    if (!(await acknowledge(tx, id, note, actor, shell.now()))) return false;
    // What the shift left to this person by name is theirs with it.
    await lockWatch(tx);
    const from = handover.starts_at.getTime();
    await takeItems(tx, await namedFor(tx, actor.userId, from), actor, from, shell.now());
    return true;
  });
  if (taken) return;
  const [later] = await readHandovers(shell.db, { id, limit: 1 });
  throw new Refused({ code: "handover-taken", by: later?.taken_by ?? "" });
}

/** 在办情况 at this moment, as the shift leads see it: their queues, and the tickets that are late or nearly. */
export async function openWork(shell: Shell, db: Db, actor: Person): Promise<OpenWork> {
  const now = shell.now();
  const queues = queuesOf(["shiftLead"]);
  const [counts, overdue, near] = await Promise.all([
    countQueues(db, actor, queues, now),
    listTickets(db, actor, { due: "overdue" }, "due", LISTED, null, now),
    listTickets(db, actor, { due: "near" }, "due", LISTED, null, now),
  ]);
  const row = (overdueNow: boolean) => (t: (typeof overdue.rows)[number]) => ({
    id: t.id,
    number: t.number,
    title: t.title,
    stateZh: t.stateZh,
    unit: t.leadUnit?.name ?? "",
    dueAt: t.dueAt,
    dueKindZh: t.dueKindZh,
    overdue: overdueNow,
  });
  return {
    at: new Date(now).toISOString(),
    queues: queues.map((q) => ({ key: q.key, zh: q.zh, count: counts.get(q.key) ?? 0 })),
    tickets: [...overdue.rows.map(row(true)), ...near.rows.map(row(false))],
    watch: [],
  };
}

/** Two leads at one roster. */
async function lockRoster(tx: Db): Promise<void> {
  await sql`lock table shift in share row exclusive mode`.execute(tx);
}

async function shiftIdOf(tx: Db, slot: RosterShift, leadId: string): Promise<string> {
  if ("id" in slot) return slot.id;
  const { name, startsAt, endsAt } = slot;
  // Entered by another since the roster was read: it stands as it was entered.
  const entered = await enteredShifts(tx, startsAt, endsAt);
  const same = entered.find((s) => s.startsAt === startsAt && s.name === name);
  return same?.id ?? putShift(tx, { name, startsAt, endsAt, leadId, memberIds: [] });
}
