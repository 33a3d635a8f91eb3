/** 倒推. What a rule set about to be put in force would bind of days that are past: those of periods that are not closed. */
import { settingsOf } from "@jiesu/core/assessment/choice.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { addDays, type Day, dayOf, daysBetween } from "@jiesu/core/time/day.ts";
import {
  type DayRange,
  instantsOf,
  nameAfter,
  type PeriodSettings,
  periodNamed,
  periodOn,
} from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import { addWordings } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { rulebook } from "./rulebook.ts";

addWordings({
  "rule-backwards": {
    status: 409,
    zh: (r) => `${String(r.backwards)}请核对后勾选“确认倒推”再启用。`,
  },
});

/** In words, with how many tickets; null where it binds only what is to come, or what is past is closed. */
export async function backwardsOf(shell: Shell, rules: RuleSet): Promise<string | null> {
  const today = dayOf(shell.now());
  const settings = settingsOf(rules, await periodsInForce(shell));
  const later = (await rulebook(shell, rules.level)).filter(
    (each) => each.from > rules.from && (each.status === "inForce" || each.status === "superseded"),
  );
  const ends = [today, ...later.map((each) => each.from)].toSorted()[0] ?? today;
  const past = { from: bindsFrom(rules, settings), to: addDays(ends, -1) };
  if (past.from > past.to) return null;
  const open = await openDays(shell, rules, past);
  const [first, last] = [open[0], open.at(-1)];
  if (first === undefined || last === undefined) return null;
  const tickets = await countIn(shell, open);
  const names = [...new Set([periodOn(settings, first.from).name, periodOn(settings, last.to).name])];
  return `该规则自 ${past.from} 起执行，已过 ${daysBetween(past.from, today)} 天：考核期 ${names.join(" 至 ")} 尚未封账，${
    first.from
  } 至 ${last.to} 派单、已计入的 ${tickets} 件将倒推按本规则计算；已封账的不变。`;
}

/** The first day that it binds: its own, or the first of the first period that begins on it or later. */
function bindsFrom({ binds, from }: RuleSet, settings: PeriodSettings): Day {
  if (binds === "day") return from;
  const period = periodOn(settings, from);
  return period.from === from ? from : periodNamed(settings, nameAfter(period.name, 1)).from;
}

/** The days left when those of closed periods of its level are taken away. */
async function openDays(shell: Shell, { level }: RuleSet, days: DayRange): Promise<readonly DayRange[]> {
  const rows = await shell.db
    .selectFrom("closing")
    .select(["from_day", "to_day"])
    .where("level", "=", level)
    .where("to_day", ">=", days.from)
    .orderBy("from_day")
    .execute();
  const open: DayRange[] = [];
  let from = days.from;
  for (const closed of rows) {
    const [first, last] = [dayIn(closed.from_day), dayIn(closed.to_day)];
    if (first > from) open.push({ from, to: first > days.to ? days.to : addDays(first, -1) });
    if (last >= from) from = addDays(last, 1);
  }
  if (from <= days.to) open.push({ from, to: days.to });
  return open.filter((each) => each.from <= each.to && each.from <= days.to);
}

async function countIn(shell: Shell, open: readonly DayRange[]): Promise<number> {
  const within = open.map((days) => {
    const { fromAt, beforeAt } = instantsOf(days);
    return sql<boolean>`(counted_at >= ${new Date(fromAt)} and counted_at < ${new Date(beforeAt)})`;
  });
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from result where not void and (${sql.join(within, sql` or `)})`.execute(
    shell.db,
  );
  return rows[0]?.n ?? 0;
}

const dayIn = (text: string): Day => dayOf(Date.parse(`${text}T00:00:00+08:00`));
