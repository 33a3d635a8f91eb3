/** 工作台首页. One answer a person: what is mine now, what falls due, today against usual, rates so far, alarms. */
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { addDays, DAY_MS, dayOf, HOUR_MS, startOfDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { countFilters, countReceived, firstReceived } from "../ticket/counts.ts";
import { countQueues } from "../ticket/list.ts";
import { queuesOf } from "../ticket/queues.ts";
import { Instant } from "../ticket/schema.ts";
import { ALARM_KEYS, alarmsOf, keepSeen, type Opening, watched } from "./alarms.ts";
import { SystemOut, systemState } from "./system.ts";

/** Filters as the address of the list says them; `/api/tickets` takes the same. */
const Open = z.record(z.string(), z.string());
const AlarmKey = z.enum(ALARM_KEYS as [string, ...string[]]);
const Alarm = z.object({
  key: AlarmKey,
  severity: z.enum(["overdue", "near"]),
  zh: z.string(),
  about: z.string(),
  count: z.number().int(),
  open: Open,
  aroseAt: Instant.nullable(),
  fresh: z.boolean(),
});
const Rates = z.object({
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  scope: z.enum(["all", "assessed"]),
  scopeZh: z.string(),
  rules: z.string(),
  rows: z.array(
    z.object({
      group: z.string().nullable(),
      unit: z.object({ id: z.string(), name: z.string() }).nullable(),
      rank: z.number().int().nullable(),
      ranked: z.number().int(),
      tickets: z.number().int(),
      base: z.number().int(),
      text: z.object({
        response: z.string(),
        solution: z.string(),
        satisfaction: z.string(),
        score: z.string(),
      }),
    }),
  ),
});
const Home = z.object({
  asOf: Instant,
  mine: z.array(z.object({ key: z.string(), zh: z.string(), count: z.number().int(), open: Open })),
  due: z
    .object({
      zh: z.string(),
      until: Instant,
      total: z.number().int(),
      open: Open,
      hours: z.array(z.object({ from: Instant, to: Instant, count: z.number().int(), open: Open })),
    })
    .nullable(),
  volume: z
    .object({
      today: z.number().int(),
      open: Open,
      /** Median of the same weekday of past weeks, up to the same time of day; null with too few weeks to say. */
      usual: z.number().nullable(),
      /** The same for the whole day. */
      usualDay: z.number().nullable(),
      weeks: z.array(
        z.object({ day: z.string(), soFar: z.number().int(), wholeDay: z.number().int(), open: Open }),
      ),
    })
    .nullable(),
  rates: Rates.nullable(),
  /** Urges that wait for the answer of my unit. */
  urges: z.object({ count: z.number().int(), oldestAt: Instant.nullable() }).nullable(),
  /** 盯办件 that are mine, of a shift lead all; `alone`: those that nobody has. */
  watch: z.object({ open: z.number().int(), alone: z.number().int() }).nullable(),
  alarms: z.array(Alarm),
  system: SystemOut.nullable(),
});

/** What the home page needs of other features; given by whoever builds the house. */
export interface HomeSources {
  /** When the shift that is on ends, epoch ms. */
  shiftEnd(): Promise<number>;
  /** Rates of the running period; a unit's own alone. */
  rates(ownUnit: string | null): Promise<z.infer<typeof Rates>>;
  /** Urges that wait for this person's answer; null for who answers none. */
  urges(actor: Actor): Promise<{ readonly count: number; readonly oldestAt: string | null } | null>;
  /** What the shift watches, as far as it is this person's; null for who is in no shift. */
  watch(
    actor: Actor & { readonly userId: string },
  ): Promise<{ readonly open: number; readonly alone: number } | null>;
}

const WEEKS = 8;
const FEWEST_WEEKS = 3;
const UNIT_AHEAD_MS = 12 * HOUR_MS;

export function homeRoutes(app: App, shell: Shell, sources: HomeSources): void {
  app.get("/api/home", {
    config: { who: "signedIn" },
    schema: { summary: "工作台首页：按岗位汇总，每个数都带其明细的筛选条件", response: { 200: Home } },
    handler: async (request) => {
      const actor = actorOf(request);
      const now = shell.now();
      const asOf = new Date(now).toISOString();
      const system = await systemState(shell.db, actor.roles, now);
      if (system !== null)
        return {
          asOf,
          mine: [],
          due: null,
          volume: null,
          rates: null,
          urges: null,
          watch: null,
          alarms: [],
          system,
        };
      const ownUnit = ownUnitOf(actor);
      const [mine, due, volume, rates, urges, watch, alarms] = await Promise.all([
        mineNow(shell, actor),
        dueSoon(shell, actor, ownUnit === null ? await sources.shiftEnd() : now + UNIT_AHEAD_MS),
        volumeToday(shell, ownUnit),
        sources.rates(ownUnit),
        sources.urges(actor),
        sources.watch(actor),
        alarmsOf(shell, actor),
      ]);
      const told = alarms.map((a) => ({ ...a }));
      return { asOf, mine, due, volume, rates, urges, watch, alarms: told, system: null };
    },
  });

  app.get("/api/alarms", {
    config: { who: WORKERS },
    schema: { summary: "我的提醒：超期、即将到期、久未签收或接收", response: { 200: z.array(Alarm) } },
    handler: async (request) => (await alarmsOf(shell, actorOf(request))).map((a) => ({ ...a })),
  });

  app.post("/api/alarms/:key/seen", {
    config: { who: WORKERS },
    schema: {
      summary: "知悉一项提醒：到此刻为止的不再提示，新增的仍会提示",
      params: z.object({ key: AlarmKey }),
      response: { 200: z.array(Alarm) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      await keepSeen(shell.db, actor.userId, request.params.key, shell.now());
      return (await alarmsOf(shell, actor)).map((a) => ({ ...a }));
    },
  });
}

async function mineNow(shell: Shell, actor: Actor) {
  const queues = queuesOf(actor.roles);
  const counts = await countQueues(shell.db, actor, queues, shell.now());
  return queues.map((q) => ({ key: q.key, zh: q.zh, count: counts.get(q.key) ?? 0, open: { queue: q.key } }));
}

/** By the clock's hours, the running one from now on. */
async function dueSoon(shell: Shell, actor: Actor, until: number) {
  const base = watched(actor);
  if (base === null) return null;
  const now = shell.now();
  const edges = [now];
  for (let at = (Math.floor(now / HOUR_MS) + 1) * HOUR_MS; at < until; at += HOUR_MS) edges.push(at);
  edges.push(until);
  const part = (from: number, to: number): Opening => ({
    filter: { ...base.filter, dueFrom: from, dueTo: to },
    open: { ...base.open, dueFrom: iso(from), dueTo: iso(to) },
  });
  const hours = edges.slice(0, -1).map((from, i) => ({ from, to: edges[i + 1] ?? until }));
  const counts = await countFilters(
    shell.db,
    actor,
    { ...base.filter, states: OPEN_STATES, dueFrom: now, dueTo: until },
    Object.fromEntries(hours.map((h, i) => [String(i), part(h.from, h.to)])),
    now,
  );
  const rows = hours.map((h, i) => ({
    from: iso(h.from),
    to: iso(h.to),
    count: counts.get(String(i))?.count ?? 0,
    open: part(h.from, h.to).open,
  }));
  const total = rows.reduce((sum, row) => sum + row.count, 0);
  return { zh: base.zh, until: iso(until), total, open: part(now, until).open, hours: rows };
}

/** Today against the same weekday of the past weeks; weeks before the ledger's first ticket say nothing. */
async function volumeToday(shell: Shell, ownUnit: string | null) {
  const now = shell.now();
  const today = dayOf(now);
  const sinceMidnight = now - startOfDay(today);
  const first = await firstReceived(shell.db, ownUnit);
  const past = Array.from({ length: WEEKS }, (_, i) => addDays(today, -7 * (i + 1))).filter(
    (day) => first !== null && startOfDay(day) >= first - DAY_MS && startOfDay(addDays(day, 1)) > first,
  );
  const spans = past.flatMap((day) => {
    const from = startOfDay(day);
    return [
      { from, before: from + sinceMidnight },
      { from, before: startOfDay(addDays(day, 1)) },
    ];
  });
  const own: Record<string, string> = ownUnit === null ? {} : { unit: ownUnit };
  const open = (from: number, to: number) => ({ ...own, from: iso(from), to: iso(to) });
  const [todayCount = 0, ...before] = await countReceived(shell.db, ownUnit, [
    { from: startOfDay(today), before: now },
    ...spans,
  ]);
  const weeks = past.map((day, i) => ({
    day,
    soFar: before[2 * i] ?? 0,
    wholeDay: before[2 * i + 1] ?? 0,
    open: open(startOfDay(day), startOfDay(addDays(day, 1))),
  }));
  const enough = weeks.length >= FEWEST_WEEKS;
  return {
    today: todayCount,
    open: open(startOfDay(today), now),
    usual: enough ? median(weeks.map((w) => w.soFar)) : null,
    usualDay: enough ? median(weeks.map((w) => w.wholeDay)) : null,
    weeks,
  };
}

/** The middle one; the mean of the two middle ones of an even number. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  const upper = sorted[Math.floor(half)] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[half - 1] ?? 0)) / 2;
}

function ownUnitOf(actor: Actor): string | null {
  return actor.roles.every((role) => sideOf(role) === "unit") ? (actor.unitId ?? "0") : null;
}

const iso = (ms: number): string => new Date(ms).toISOString();
