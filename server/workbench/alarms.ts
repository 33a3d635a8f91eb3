/**
 * 提醒. What must not be left lying: late, about to be late, not signed, not accepted; counted where a person's work is.
 * Each opens into exactly the tickets that it counts. Seen once, it is quiet until another ticket joins it.
 */
import { type DutyRules, dutyRulesOn } from "@jiesu/core/duty/shifts.ts";
import { type Role, sideOf } from "@jiesu/core/ticket/role.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { countFilters, type Part } from "../ticket/counts.ts";
import type { TicketFilter } from "../ticket/list.ts";
import { findQueue } from "../ticket/queues.ts";

/** A list's filter, and the same as the address of the list says it. */
export interface Opening {
  readonly filter: TicketFilter;
  readonly open: Readonly<Record<string, string>>;
}

/** Whose tickets a person watches: the own unit's, the own queue's, or all; null for who handles none. */
export function watched(actor: Actor): (Opening & { readonly zh: string }) | null {
  if (actor.roles.every((role) => sideOf(role) === "unit")) {
    const unit = actor.unitId ?? "0";
    return { filter: { unitId: unit }, open: { unit }, zh: "本单位主办" };
  }
  if (actor.roles.some((role) => WATCHERS.includes(role))) return { filter: {}, open: {}, zh: "全部在办" };
  for (const key of ["calling", "closing"]) {
    const queue = findQueue(key, actor.roles);
    if (queue) return { filter: { queue }, open: { queue: key }, zh: queue.zh };
  }
  return null;
}

const WATCHERS: readonly Role[] = ["triager", "supervisor", "shiftLead", "leader"];

const MINUTE_MS = 60_000;

interface Kind {
  readonly key: string;
  readonly severity: "overdue" | "near";
  readonly zh: (rules: DutyRules) => string;
  readonly about: string;
  /** Absent: everybody who watches. */
  readonly roles?: readonly Role[];
  readonly part: (rules: DutyRules, now: number) => Opening;
  /** The time that makes a ticket one of them, and how many minutes after it. */
  readonly since: NonNullable<Part["last"]>;
  readonly minutes: (rules: DutyRules) => number;
}

const at = (ms: number): string => new Date(ms).toISOString();

const KINDS: readonly Kind[] = [
  {
    key: "overdue",
    severity: "overdue",
    zh: () => "已超期",
    about: "最近一个时限已过、尚未办结的工单",
    part: () => ({ filter: { due: "overdue" }, open: { due: "overdue" } }),
    since: "due_at",
    minutes: () => 0,
  },
  {
    key: "near",
    severity: "near",
    zh: (rules) => `${rules.nearMinutes} 分钟内到期`,
    about: "最近一个时限即将到达的在办工单",
    part: (rules, now) => {
      const until = now + rules.nearMinutes * MINUTE_MS;
      return {
        filter: { dueFrom: now, dueTo: until },
        open: { dueFrom: at(now), dueTo: at(until) },
      };
    },
    since: "due_at",
    minutes: (rules) => -rules.nearMinutes,
  },
  {
    key: "unsigned",
    severity: "near",
    zh: (rules) => `来单超过 ${rules.untouchedMinutes.received} 分钟未签收`,
    about: "市级派来后，中心还没有人签收的工单",
    roles: WATCHERS,
    part: (rules, now) => {
      const before = now - rules.untouchedMinutes.received * MINUTE_MS;
      return {
        filter: { states: ["received"], to: before },
        open: { state: "received", to: at(before) },
      };
    },
    since: "received_at",
    minutes: (rules) => rules.untouchedMinutes.received,
  },
  {
    key: "unaccepted",
    severity: "near",
    zh: (rules) => `派出超过 ${rules.untouchedMinutes.dispatched} 分钟未接收`,
    about: "已派出、承办单位还没有接收的工单",
    roles: [...WATCHERS, "handler", "unitLead"],
    part: (rules, now) => {
      const before = now - rules.untouchedMinutes.dispatched * MINUTE_MS;
      return {
        filter: { states: ["dispatched"], dispatchedTo: before },
        open: { state: "dispatched", dispatchedTo: at(before) },
      };
    },
    since: "dispatched_at",
    minutes: (rules) => rules.untouchedMinutes.dispatched,
  },
];

export const ALARM_KEYS = KINDS.map((kind) => kind.key);

export interface Alarm {
  readonly key: string;
  readonly severity: "overdue" | "near";
  readonly zh: string;
  readonly about: string;
  readonly count: number;
  readonly open: Record<string, string>;
  /** When the last ticket joined it. */
  readonly aroseAt: string | null;
  /** Whether a ticket joined it since this person saw it. */
  readonly fresh: boolean;
}

/** The alarms of a person that count something now; the gravest first. */
export async function alarmsOf(
  shell: Shell,
  actor: Actor & { readonly userId: string },
): Promise<readonly Alarm[]> {
  const base = watched(actor);
  if (base === null) return [];
  const now = shell.now();
  const rules = dutyRulesOn(shell.rules.duty, now).body;
  const kinds = KINDS.filter((k) => !k.roles || k.roles.some((role) => actor.roles.includes(role)));
  const parts = new Map(kinds.map((kind) => [kind.key, { ...kind.part(rules, now), last: kind.since }]));
  const [counts, seen] = await Promise.all([
    countFilters(shell.db, actor, { ...base.filter, states: OPEN_STATES }, Object.fromEntries(parts), now),
    seenBy(shell.db, actor.userId),
  ]);
  return kinds.flatMap((kind): Alarm[] => {
    const counted = counts.get(kind.key);
    if (!counted || counted.count === 0) return [];
    const arose = counted.lastAt === null ? null : counted.lastAt + kind.minutes(rules) * MINUTE_MS;
    const seenAt = seen.get(kind.key);
    return [
      {
        key: kind.key,
        severity: kind.severity,
        zh: kind.zh(rules),
        about: kind.about,
        count: counted.count,
        open: { ...base.open, ...parts.get(kind.key)?.open },
        aroseAt: arose === null ? null : at(arose),
        fresh: seenAt === undefined || (arose !== null && arose > seenAt),
      },
    ];
  });
}

/** Keeps that a person has seen what an alarm tells of now. */
export async function keepSeen(db: Db, userId: string, alarm: string, now: number): Promise<void> {
  await db
    .insertInto("alarm_seen")
    .values({ user_id: userId, alarm, at: new Date(now) })
    .onConflict((c) => c.columns(["user_id", "alarm"]).doUpdateSet((eb) => ({ at: eb.ref("excluded.at") })))
    .execute();
}

async function seenBy(db: Db, userId: string): Promise<ReadonlyMap<string, number>> {
  const rows = await db
    .selectFrom("alarm_seen")
    .select(["alarm", "at"])
    .where("user_id", "=", userId)
    .execute();
  return new Map(rows.map((row) => [row.alarm, row.at.getTime()]));
}
