/** 催办的走与停. Plans the next step of live clocks, and fires the steps whose time has come: each once, for ever. */
import { CLOCKS } from "@jiesu/core/deadline/kind.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import type { Calendar } from "@jiesu/core/time/calendar.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type Ladder, ladderOn } from "@jiesu/core/urging/ladder.ts";
import { type NextStep, nextStep } from "@jiesu/core/urging/schedule.ts";
import { filledWords } from "@jiesu/core/urging/words.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { recordMany } from "../ticket/many.ts";
import { peopleFor } from "./recipients.ts";
import {
  clocksById,
  dropEnded,
  keepPlans,
  keepUrges,
  type LiveClock,
  type NewUrge,
  type Plan,
  unplanned,
} from "./store.ts";

const BATCH = 1000;

export interface InForce {
  readonly ladder: Version<Ladder>;
  readonly calendar: Calendar;
  /** Names both, so far as a plan depends on them: a plan made under another is made anew. */
  readonly mark: string;
}

/** The ladder of the day and the calendar; null before the first ladder. */
export async function ladderNow(shell: Shell, tx: Db, now: number): Promise<InForce | null> {
  const { calendar, urgings } = await rulesInForce(tx, shell.rules, now);
  const ladder = ladderOn(urgings, dayOf(now));
  if (ladder === null) return null;
  const mark = `${ladder.name}/${calendar.years.size}.${calendar.off.size}.${calendar.work.size}`;
  return { ladder, calendar, mark };
}

/**
 * Plans clocks anew that are not planned as they stand: of these tickets, or of all (a first start, a ladder that has
 * begun, a calendar that was published). Answers how many; asked until it is 0.
 */
export async function plan(
  shell: Shell,
  tx: Db,
  now: number,
  ticketIds: readonly string[] | null,
): Promise<number> {
  const rules = await ladderNow(shell, tx, now);
  if (rules === null) return 0;
  await dropEnded(tx, ticketIds);
  const clocks = await unplanned(tx, rules.mark, ticketIds, BATCH);
  await keepPlans(
    tx,
    clocks.map((clock) => planOf(clock, stepOf(clock, rules, now), rules.mark)),
  );
  return clocks.length;
}

/**
 * Fires up to a batch of steps that are due; answers how many plans it looked at.
 *
 * The ticket is locked first, as every move does; tickets that somebody is moving are skipped and come again. What is
 * fired is decided by the clock as it stands under the lock: one that was stopped, paused or moved meanwhile is only
 * planned again. The urge, its notices, its event and the next plan are one transaction; the urge is unique by clock
 * and step, so a clock of the machine set back, two workers or a kill make none twice.
 */
export function fireUrges(shell: Shell, batch = BATCH): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const rules = await ladderNow(shell, tx, now);
    if (rules === null) return 0;
    const { rows: due } = await sql<{ clock_id: string; ticket_id: string }>`
      select p.clock_id, p.ticket_id from urge_plan p join ticket t on t.id = p.ticket_id
      where p.fire_at <= ${new Date(now)}
      order by p.fire_at, p.clock_id
      limit ${batch}
      for update of t skip locked`.execute(tx);
    if (due.length === 0) return 0;
    const clocks = await clocksById(
      tx,
      due.map((d) => d.clock_id),
    );
    const looked = clocks.map((clock) => ({ clock, next: clock.running ? stepOf(clock, rules, now) : null }));
    const firing = looked.flatMap(({ clock, next }) => (next && next.fireAt <= now ? [{ clock, next }] : []));
    await fire(tx, firing, rules, now);
    const made = new Map(firing.map(({ clock, next }) => [clock.id, next.step.id]));
    await keepPlans(
      tx,
      looked.map(({ clock, next }) => {
        const step = made.get(clock.id);
        const after = step === undefined ? clock : { ...clock, made: new Set([...clock.made, step]) };
        return planOf(after, step === undefined ? next : stepOf(after, rules, now), rules.mark);
      }),
    );
    if (clocks.length < due.length)
      await dropEnded(
        tx,
        due.map((d) => d.ticket_id),
      );
    return due.length;
  });
}

async function fire(
  tx: Db,
  firing: readonly { readonly clock: LiveClock; readonly next: NextStep }[],
  { ladder }: InForce,
  now: number,
): Promise<void> {
  const people = await peopleFor(
    tx,
    firing.map(({ clock, next }) => ({
      key: clock.id,
      ticketId: clock.ticketId,
      round: clock.round,
      unitId: owing(clock),
      targets: next.step.to,
    })),
    now,
  );
  const numbers = new Map(firing.map(({ clock }) => [clock.ticketId, clock.number]));
  const kept = await keepUrges(
    tx,
    firing.map(
      ({ clock, next: { step } }): NewUrge => ({
        ...{
          ticketId: clock.ticketId,
          round: clock.round,
          clock,
          step: step.id,
          stepZh: step.zh,
          rule: ladder.name,
        },
        ...{ eventId: null, unitId: owing(clock), people: people.get(clock.id) ?? [], means: step.by },
        ...{ words: filledWords(step.words, clock), at: now, byId: null, byName: "系统" },
      }),
    ),
  );
  await enqueue(
    tx,
    kept.map(({ id, urge }) => ({
      ...{ cause: `urge:${id}`, kind: "urge" as const, to: urge.people.map((p) => p.id), means: urge.means },
      ...{ ticketId: urge.ticketId, title: titleOf(urge), link: `/tickets/${urge.ticketId}`, at: now },
      body: `${numbers.get(urge.ticketId) ?? ""}\n${urge.words}`,
    })),
  );
  await recordMany(
    tx,
    "timer.urge",
    kept.map(({ id, urge }) => ({ ticketId: urge.ticketId, data: toldOf(id, urge) })),
    now,
  );
}

/** What the ticket's history tells of an urge. */
function toldOf(id: string, urge: NewUrge): Record<string, unknown> {
  const names = urge.people.slice(0, NAMED).map((p) => `${p.name}（${p.as}）`);
  return {
    ...{ urge: id, step: urge.stepZh, text: urge.words },
    ...(urge.clock ? { clock: urge.clock.kind, clockId: urge.clock.id } : {}),
    to: names.join("、") + (urge.people.length > NAMED ? ` 等 ${urge.people.length} 人` : ""),
  };
}

const NAMED = 6;

export function titleOf(urge: NewUrge): string {
  return urge.clock ? `${urge.stepZh}：${CLOCKS[urge.clock.kind].zh}` : urge.stepZh;
}

/** The unit that owes what the clock waits for; null: the centre, also where the city owes it to the centre. */
function owing(clock: LiveClock): string | null {
  const { owed } = CLOCKS[clock.kind];
  return owed === "unit" || owed === "coUnit" ? clock.unitId : null;
}

const stepOf = (clock: LiveClock, { ladder, calendar }: InForce, now: number): NextStep | null =>
  nextStep(ladder, clock, now, calendar);

const planOf = (clock: LiveClock, next: NextStep | null, rule: string): Plan => ({
  clock,
  rule,
  next: next && { step: next.step.id, nominalAt: next.nominalAt, fireAt: next.fireAt },
});
