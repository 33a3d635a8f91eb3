/** 采集与退单统计. The three tables with their totals, what they are compared with, places and shares. */
import {
  COLLECTION_MEASURES,
  measureText,
  percent,
  RETURN_MEASURES,
  RETURN_STANDINGS,
  type ReturnStanding,
  type StatMeasure,
  WITHDRAWAL_MEASURES,
} from "@jiesu/core/returns/measures.ts";
import { rankByRate } from "@jiesu/core/returns/ranking.ts";
import { spanBefore } from "@jiesu/core/returns/span.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import { returnRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import {
  type CollectionBy,
  countCollected,
  countReturns,
  countRounds,
  countWithdrawals,
  type ReturnBy,
  type WithdrawalBy,
} from "./counts.ts";

const count = z.number().int();
const share = z.number().nullable();
const Row = z.object({
  key: z.string(),
  name: z.string(),
  /** Figures by the keys of the measures; null: nothing to divide by, or no such figure of this row. */
  figures: z.record(z.string(), share),
  /** The first figure of the span before. */
  before: count,
  /** 名次 by the rate of returns, where the table ranks and the row has enough to be ranked. */
  place: count.nullable(),
});
export const StatOut = z.object({
  days: z.object({ from: z.string(), to: z.string() }),
  before: z.object({ from: z.string(), to: z.string() }),
  minRanked: count,
  measures: z.array(
    z.object({ key: z.string(), name: z.string(), unit: z.string(), definition: z.string() }),
  ),
  total: Row,
  rows: z.array(Row),
});
type Stat = z.infer<typeof StatOut>;
type Line = z.infer<typeof Row>;

export async function returnStatistics(
  shell: Shell,
  days: DayRange,
  by: ReturnBy,
  unitId: string | null,
): Promise<Stat> {
  const { db } = shell;
  const rules = returnRulesOn(shell.rules, shell.now()).body;
  const earlier = spanBefore(days);
  const [rows, rounds, past, names] = await Promise.all([
    countReturns(db, days, by, unitId),
    countRounds(db, days, by, unitId),
    countReturns(db, earlier, by, unitId),
    namesOf(db, by, shell),
  ]);
  const byKey = new Map(rows.map((row) => [row.key, row]));
  const before = new Map(past.map((row) => [row.key, row.asked]));
  // Who had rounds and returned none has a rate of 0 and a place; by kind of matter only what was returned is listed.
  const keys = by === "unit" ? new Set([...byKey.keys(), ...(rounds?.keys() ?? [])]) : new Set(byKey.keys());
  const none = { asked: 0, waiting: 0, accepted: 0, designated: 0, refused: 0, ownership: 0 };
  const lines = [...keys].map((key) => ({
    ...none,
    ...byKey.get(key),
    key,
    rounds: rounds?.get(key) ?? 0,
  }));
  const ordered =
    by === "unit"
      ? rankByRate(lines, rules.minRanked)
      : inOrder(lines, by).map((line) => ({ ...line, rate: percent(line.asked, line.rounds), place: null }));
  const sumOf = (key: "asked" | "rounds" | ReturnStanding) => total(lines.map((line) => line[key]));
  const sum = {
    ...{ asked: sumOf("asked"), waiting: sumOf("waiting"), accepted: sumOf("accepted") },
    ...{ designated: sumOf("designated"), refused: sumOf("refused"), ownership: sumOf("ownership") },
    rounds: sumOf("rounds"),
  };
  const out = (line: typeof sum, more: Pick<Line, "key" | "name" | "before" | "place">): Line => {
    const { asked, rounds: given, ...standings } = line;
    const decided = asked - standings.waiting;
    return {
      ...more,
      figures: {
        ...{ asked, ...standings, refusedRate: percent(standings.refused, decided) },
        ...{ rounds: rounds === null ? null : given, rate: rounds === null ? null : percent(asked, given) },
      },
    };
  };
  return {
    ...{ days: { ...days }, before: { ...earlier }, minRanked: rules.minRanked },
    measures: told(RETURN_MEASURES),
    total: out(sum, { key: "", name: "合计", before: total(past.map((row) => row.asked)), place: null }),
    rows: ordered.map(({ key, place, rate: _rate, ...line }) =>
      out(line, { key, name: names(key), before: before.get(key) ?? 0, place }),
    ),
  };
}

export async function withdrawalStatistics(shell: Shell, days: DayRange, by: WithdrawalBy): Promise<Stat> {
  const earlier = spanBefore(days);
  const [rows, past] = await Promise.all([
    countWithdrawals(shell.db, days, by),
    countWithdrawals(shell.db, earlier, by),
  ]);
  const before = new Map(past.map((row) => [row.key, row.applied]));
  const figures = (line: Omit<(typeof rows)[number], "key">) => ({
    ...line,
    rejectedRate: percent(line.rejected, line.accepted + line.rejected),
  });
  const sum = {
    applied: total(rows.map((row) => row.applied)),
    waiting: total(rows.map((row) => row.waiting)),
    accepted: total(rows.map((row) => row.accepted)),
    rejected: total(rows.map((row) => row.rejected)),
  };
  return {
    ...{ days: { ...days }, before: { ...earlier }, minRanked: 0, measures: told(WITHDRAWAL_MEASURES) },
    total: { key: "", name: "合计", figures: figures(sum), before: total([...before.values()]), place: null },
    rows: inOrder(
      rows.map((row) => ({ ...row, asked: row.applied })),
      by,
    ).map(({ key, asked: _asked, ...line }) => ({
      ...{ key, name: key === "" ? "未填" : nameOf(by, key), figures: figures(line) },
      ...{ before: before.get(key) ?? 0, place: null },
    })),
  };
}

export async function collectionStatistics(shell: Shell, days: DayRange, by: CollectionBy): Promise<Stat> {
  const earlier = spanBefore(days);
  const [rows, whole, past] = await Promise.all([
    countCollected(shell.db, days, by),
    countCollected(shell.db, days, null),
    countCollected(shell.db, earlier, by),
  ]);
  const before = new Map(past.map((row) => [row.key, row.tickets]));
  const figures = ({ key: _key, ...line }: (typeof rows)[number]) => ({
    ...line,
    firstRightRate: percent(line.firstRight, line.dispatched),
  });
  const none = {
    ...{ key: "", tickets: 0, merged: 0, dispatched: 0, firstRight: 0, replied: 0, withdrawn: 0, closed: 0 },
    minutes: null,
  };
  return {
    ...{ days: { ...days }, before: { ...earlier }, minRanked: 0, measures: told(COLLECTION_MEASURES) },
    total: {
      ...{ key: "", name: "合计", figures: figures(whole[0] ?? none), place: null },
      before: total([...before.values()]),
    },
    rows: inOrder(
      rows.map((row) => ({ ...row, asked: row.tickets })),
      by,
    ).map(({ asked: _asked, ...line }) => ({
      ...{ key: line.key, name: line.key === "" ? "未填" : nameOf(by, line.key), figures: figures(line) },
      ...{ before: before.get(line.key) ?? 0, place: null },
    })),
  };
}

const told = (of: Readonly<Record<string, StatMeasure>>): Stat["measures"] =>
  Object.entries(of).map(([key, measure]) => ({
    ...{ key, name: measure.name, unit: measure.unit, definition: measureText(measure) },
  }));

const total = (numbers: readonly number[]): number => numbers.reduce((sum, n) => sum + n, 0);

/** Times in their own order, all else the most first. */
function inOrder<T extends { readonly key: string; readonly asked: number }>(
  rows: readonly T[],
  by: string,
): readonly T[] {
  const timely = by === "week" || by === "month" || by === "hour";
  return [...rows].sort((a, b) =>
    timely ? (a.key < b.key ? -1 : 1) : b.asked - a.asked || (a.key < b.key ? -1 : 1),
  );
}

const PATHS: Readonly<Record<string, string>> = {
  ...{ district: "派区", directStreet: "直派街镇", directBureau: "直派部门", own: "区自收" },
};

function nameOf(by: string, key: string): string {
  if (by === "path") return PATHS[key] ?? key;
  if (by === "hour") return `${key}:00–${key}:59`;
  return by === "week" ? `${key} 起一周` : key;
}

/** Names of the keys of a table of returns: units as they are called now, grounds as the rules have called them. */
async function namesOf(db: Db, by: ReturnBy, shell: Shell): Promise<(key: string) => string> {
  if (by === "unit") {
    const units = await db.selectFrom("unit").select(["id", "short_name"]).execute();
    const names = new Map(units.map((unit) => [unit.id, unit.short_name]));
    return (key) => names.get(key) ?? key;
  }
  if (by === "ground") {
    const grounds = new Map(
      shell.rules.returns.flatMap(({ body }) => body.grounds.map(({ code, zh }) => [code, zh] as const)),
    );
    return (key) => (key === "" ? "未分类" : (grounds.get(key) ?? key));
  }
  if (by === "outcome")
    return (key) => Object.entries(RETURN_STANDINGS).find(([each]) => each === key)?.[1].zh ?? key;
  return (key) => (key === "" ? "未填" : nameOf(by, key));
}
