/**
 * 以往各期的切面. Past periods as a forecast sees them, out of invented tales and without a database: what was said of each
 * ticket at the cut, and what became of it. It shares no code with the SQL that reads the same out of the ledger, so that
 * the one can be held against the other.
 */
import { cellKey, type Entry } from "@jiesu/core/assessment/entry.ts";
import { atLevel, type Level } from "@jiesu/core/assessment/level.ts";
import type { CutPeriod } from "@jiesu/core/outlook/history.ts";
import type { Turned } from "@jiesu/core/outlook/known.ts";
import { instantsOf, type Period } from "@jiesu/core/time/period.ts";
import type { UnitFact } from "./district.ts";
import type { Answers, Tale, TaleCallback, TaleResult } from "./tale.ts";

/** One round of one ticket, with all that its entry hangs on. */
export interface Counted {
  readonly unit: string;
  readonly category: string;
  readonly at: number;
  /** When it was given back or handed on; null where it counts. */
  readonly endedAt: number | null;
  readonly scope: TaleResult["scope"];
  readonly callbacks: readonly TaleCallback[];
}

export function countedOf(tale: Tale): readonly Counted[] {
  return tale.results.map((result) => ({
    unit: result.unit,
    category: tale.matter.category1,
    at: result.countedAt,
    endedAt: result.void ? leadEnded(tale, result.round) : null,
    scope: result.scope,
    callbacks: tale.callbacks.filter((callback) => callback.round === result.round),
  }));
}

/** These periods, the running one first, each cut `age` ms after its beginning, seen from `now`. */
export function cutPeriods(
  rounds: readonly Counted[],
  units: readonly UnitFact[],
  periods: readonly Period[],
  { now, age, level = "district" }: { readonly now: number; readonly age: number; readonly level?: Level },
): readonly CutPeriod[] {
  const kinds = new Map<string, string>(units.map(({ name, kind }) => [name, kind]));
  const cutAt = (period: Period | undefined): number =>
    period ? Math.min(now, instantsOf(period).fromAt + age) : now;
  return periods.map((period, n) => {
    const { fromAt, beforeAt } = instantsOf(period);
    const cut = n === 0 ? now : cutAt(period);
    const made = growing(kinds);
    for (const round of rounds) {
      if (round.at < fromAt || round.at >= Math.min(beforeAt, now)) continue;
      const there = round.at < cut && (round.endedAt === null || round.endedAt > cut);
      const before = there ? said(round, cut, level) : null;
      const end = round.endedAt === null ? said(round, now, level) : null;
      if (before === null && end === null) continue;
      made.add(round, before, end, end === null || settledAt(round) < cutAt(periods[n - 1]));
    }
    return made.done(period.name);
  });
}

/** What the ledger said of a round before an instant. */
function said(round: Counted, before: number, level: Level): { entry: Entry; firm: boolean } {
  const told = round.callbacks.filter(({ at }) => at < before);
  const answered = told.filter(({ outcome }) => outcome === "answered");
  const counts = answered.findLast(({ source }) => source === "city") ?? answered.at(-1) ?? null;
  const decided = round.callbacks.findLast(({ source }) => source === "city");
  const scope = decided === undefined || decided.at < before ? round.scope : "full";
  const { contacted, solved, satisfied }: Answers = counts ?? NONE;
  const valid = contacted !== null || solved !== null || satisfied !== null;
  const source = counts?.source ?? null;
  const entry = { scope, valid, contacted, solved, satisfied, source, cityScope: null };
  return { entry: atLevel(entry, level), firm: source === "city" };
}

const NONE: Answers = { contacted: null, solved: null, satisfied: null };

/** When the last thing came that its entry hangs on: the answers that count, the scope that was decided. */
function settledAt({ scope, callbacks }: Counted): number {
  const city = callbacks.filter(({ source }) => source === "city");
  const answered = callbacks.filter(({ outcome }) => outcome === "answered");
  const counts = answered.findLast(({ source }) => source === "city") ?? answered.at(-1);
  return Math.max(counts?.at ?? 0, (scope === "full" ? undefined : city.at(-1))?.at ?? 0);
}

function leadEnded(tale: Tale, round: number): number | null {
  const lead = tale.assignments.find((each) => each.part === "lead" && each.round === round);
  return lead?.endedAt ?? null;
}

type Said = { readonly entry: Entry; readonly firm: boolean };

/** A period while its rounds are added. */
function growing(kinds: ReadonlyMap<string, string>) {
  const units = new Map<
    string,
    { turned: Map<string, { of: Omit<Turned, "times">; times: number }>; waiting: Map<string, number> }
  >();
  const categories = new Map<string, Map<string, { entry: Entry; times: number }>>();
  return {
    add(round: Counted, before: Said | null, end: Said | null, soon: boolean): void {
      const unit = units.get(round.unit) ?? { turned: new Map(), waiting: new Map() };
      units.set(round.unit, unit);
      const key = [before && cellKey(before.entry), before?.firm, end && cellKey(end.entry), soon].join(" ");
      const alike = unit.turned.get(key);
      const of = {
        before: before?.entry ?? null,
        firm: before?.firm ?? false,
        end: end?.entry ?? null,
        segment: 0,
        soon,
      };
      unit.turned.set(key, { of, times: (alike?.times ?? 0) + 1 });
      if (before && !before.entry.valid && before.entry.scope === "full")
        unit.waiting.set(round.category, (unit.waiting.get(round.category) ?? 0) + 1);
      if (!end) return;
      const ends = categories.get(round.category) ?? new Map<string, { entry: Entry; times: number }>();
      categories.set(round.category, ends);
      const cell = cellKey(end.entry);
      ends.set(cell, { entry: end.entry, times: (ends.get(cell)?.times ?? 0) + 1 });
    },
    done: (name: string): CutPeriod => ({
      name,
      units: [...units].map(([key, { turned, waiting }]) => ({
        key,
        kind: kinds.get(key) ?? "",
        turned: [...turned.values()].map(({ of, times }) => ({ ...of, times })),
        waiting,
      })),
      byCategory: new Map([...categories].map(([category, ends]) => [category, [...ends.values()]])),
    }),
  };
}
