/**
 * 测算. Loads what the core's forecast needs: this period until now, and past periods cut when they were as old. What lies in
 * the past is read and calibrated once for half a day; the running period is read each time, and drawn anew when it changed.
 */
import { createHash } from "node:crypto";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { type ChosenRules, choosePeriod, settingsOf } from "@jiesu/core/assessment/choice.ts";
import type { StatScope } from "@jiesu/core/assessment/entry.ts";
import { LEVEL_NAMES, type Level } from "@jiesu/core/assessment/level.ts";
import { STAT_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { startsOf } from "@jiesu/core/assessment/segments.ts";
import type { Calibration } from "@jiesu/core/outlook/calibration.ts";
import type { Expected } from "@jiesu/core/outlook/forecast.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { addDays, DAY_MS, type Day, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { instantsOf, type Period, type PeriodName, previousPeriod } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { type Asked, refuseRules } from "./figures.ts";
import { cutTexts } from "./outlookcuts.ts";
import { type Reckoning, shelvesOf } from "./outlookkept.ts";
import type { Reckoned, Work } from "./outlookwork.ts";
import { rulebook } from "./rulebook.ts";
import { factsOf } from "./unitfacts.ts";

/** Past periods that are looked at. */
const PAST = 15;
/** Answers come until so many days after a period: 办理时限, the centre's callback, the city's own. */
const SETTLED_DAYS = 28;
const ROUNDS = 400;

/** A forecast is drawn anew at most so often, whatever the ledger says meanwhile. */
const FRESH_FOR_MS = 60_000;

export interface OutlookReport extends ChosenRules {
  readonly period: Period;
  readonly scope: StatScope;
  /** The day on which the past was looked back on. */
  readonly reckonedOn: Day;
  /** When the ledger was asked for what is known of the period. */
  readonly reckonedAt: number;
  readonly seed: string;
  readonly expected: readonly Expected[];
  /** Open tickets of each unit that count in the period. */
  readonly open: ReadonlyMap<string, number>;
  /** What the same forecast was worth in past periods; null when too few are known. */
  readonly calibration: Calibration | null;
}

/** Where every unit's score and rank will stand when all answers of the period are in, with its spread. */
export async function outlookReport(shell: Shell, name: PeriodName, asked: Asked): Promise<OutlookReport> {
  const level = asked.level ?? "district";
  const chosen =
    choosePeriod(await rulebook(shell, level), await periodsInForce(shell), name, asked.rules) ??
    refuseRules(asked.rules);
  const { period } = chosen;
  const reckonedOn = dayOf(shell.now());
  const seed = [period.name, LEVEL_NAMES[level], STAT_SCOPE_NAMES[asked.scope], reckonedOn].join(" ");
  const { at, done } = reckoning(shell, { chosen, level, scope: asked.scope, seed });
  const [{ expected, calibration }, open] = await Promise.all([done, openOf(shell.db, period)]);
  const reckonedAt = Math.max(at, startOfDay(reckonedOn));
  return { ...chosen, period, scope: asked.scope, reckonedOn, reckonedAt, seed, expected, open, calibration };
}

interface Wanted {
  readonly chosen: ChosenRules & { readonly period: Period };
  readonly level: Level;
  readonly scope: StatScope;
  readonly seed: string;
}

/** The forecast that is kept where it is fresh, or where the ledger still says the same; else a new one. */
function reckoning(shell: Shell, wanted: Wanted): Reckoning {
  const now = shell.now();
  const { reckoned } = shelvesOf(shell.db);
  const { period, segments } = wanted.chosen;
  // To the nearest half day, so that the past is read twice a day and not with every look.
  const age = Math.round((now - startOfDay(period.from)) / (DAY_MS / 2)) * (DAY_MS / 2);
  const under = digestOf([age, wanted.seed, segments]);
  const last = reckoned.get(under);
  if (last && now < last.at + FRESH_FOR_MS) return last;
  const next: Reckoning = { at: now, done: reckonedNow(shell, wanted, { now, age, under }, last) };
  next.done.catch(() => reckoned.drop(under, next));
  return reckoned.put(under, next);
}

async function reckonedNow(
  shell: Shell,
  { chosen: { ruleSet, segments, period }, level, scope, seed }: Wanted,
  { now, age, under }: { readonly now: number; readonly age: number; readonly under: string },
  last: Reckoning | undefined,
): Reckoning["done"] {
  const { past, calibrated } = shelvesOf(shell.db);
  const settings = settingsOf(ruleSet, await periodsInForce(shell));
  const before: Period[] = [];
  while (before.length < PAST) before.push(previousPeriod(settings, before.at(-1) ?? period));
  const cut = `${ruleSet.period} ${period.name} ${before.map((each) => each.from).join()} ${age}`;
  const reading = past.get(cut) ?? past.put(cut, cutTexts(shell.db, cutsOf(period, before, age)));
  reading.catch(() => past.drop(cut, reading));
  const [current, older, units] = await Promise.all([
    cutTexts(shell.db, [{ period, cutAt: now, knownBy: now }], startsOf(segments)),
    reading,
    unitsOf(shell.db, level, period),
  ]);
  const digest = digestOf([current, [...units]]);
  const kept = await last?.done.catch(() => null);
  if (kept?.digest === digest) return kept;
  const work: Omit<Work, "known"> = {
    periods: [...current, ...older],
    unsettled: Math.max(
      0,
      before.findIndex((each) => settledAt(each) <= now),
    ),
    units,
    level,
    segments,
    scope,
    seed,
    rounds: ROUNDS,
  };
  const known = calibrated.get(under);
  // The thread that calibrates answers with its forecast too; who asks meanwhile waits for its calibration.
  const done = inThread({ ...work, known: known ? { calibration: await known } : null });
  if (!known) {
    const calibration = done.then((each) => each.calibration);
    calibrated.put(under, calibration);
    calibration.catch(() => calibrated.drop(under, calibration));
  }
  return { ...(await done), digest };
}

function cutsOf(period: Period, before: readonly Period[], age: number) {
  const cutAt = (each: Period): number => startOfDay(each.from) + age;
  return before.map((each, at) => ({
    period: each,
    cutAt: cutAt(each),
    knownBy: cutAt(before[at - 1] ?? period),
  }));
}

const settledAt = (period: Period): number => startOfDay(addDays(period.to, 1 + SETTLED_DAYS));

async function inThread(workerData: Work): Promise<Reckoned> {
  const thread = new Worker(new URL("./outlookthread.ts", import.meta.url), { workerData });
  const [done] = await once(thread, "message");
  return done;
}

/** Open tickets whose round counts in the period. */
async function openOf(db: Db, period: Period): Promise<ReadonlyMap<string, number>> {
  const { fromAt, beforeAt } = instantsOf(period);
  const { rows } = await sql<{ unit: string; times: string }>`
    select r.unit_id::text as unit, count(*)::text as times
      from result r join ticket t on t.id = r.ticket_id and t.round = r.round
     where r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)} and not r.void
       and r.unit_id is not null and t.state = any(${OPEN_STATES}::text[])
     group by 1`.execute(db);
  return new Map(rows.map(({ unit, times }) => [unit, Number(times)]));
}

async function unitsOf(db: Db, level: Level, period: Period): Promise<Work["units"]> {
  const [rows, { classes, given }] = await Promise.all([
    db.selectFrom("unit").select(["id", "kind"]).orderBy("id").execute(),
    factsOf(db, level, period),
  ]);
  return new Map(
    rows.map(({ id, kind }) => [
      id,
      { kind, unitClass: classes.get(id) ?? null, given: given.get(id) ?? [] },
    ]),
  );
}

/** Short for what a forecast hangs on. */
function digestOf(what: readonly unknown[]): string {
  const text = JSON.stringify(what, (_key, value) => (typeof value === "bigint" ? String(value) : value));
  return createHash("sha256").update(text).digest("base64");
}
