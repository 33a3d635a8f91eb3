/**
 * 不纳入的影响. How a unit stands in the period with a round counted in full, and with it left out of the rates, in both
 * statistical scopes: the whole ranking is reckoned twice, and nothing is written.
 */

import { chooseRuleSet, settingsOf } from "@jiesu/core/assessment/choice.ts";
import { type Entry, STAT_SCOPES, type StatScope } from "@jiesu/core/assessment/entry.ts";
import { STAT_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { ranking } from "@jiesu/core/assessment/ranking.ts";
import { addEntry } from "@jiesu/core/assessment/rates.ts";
import { segmentOn } from "@jiesu/core/assessment/segments.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type PeriodName, periodOn } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { contendersOf, type OwnUnit, refuseRules } from "./figures.ts";
import { rulebook } from "./rulebook.ts";
import { ResultOut, resultOut } from "./shape.ts";

const Standing = ResultOut.extend({ rank: z.number().int().nullable() });

export const EffectOut = z.object({
  unit: z.object({ id: z.string(), name: z.string() }),
  period: z.string(),
  rules: z.string(),
  /** A closed period keeps its figures: the exemption shows as a difference beside it. */
  closed: z.boolean(),
  scopes: z.array(
    z.object({ scope: z.enum(STAT_SCOPES), scopeZh: z.string(), before: Standing, after: Standing }),
  ),
});

/** `to` is what the round would count in. Null when there is no such round, or it is another unit's. */
export async function effectOf(
  shell: Shell,
  ticketId: string,
  round: number,
  to: "responseOnly" | "exempt",
  ownUnit: OwnUnit,
): Promise<z.infer<typeof EffectOut>> {
  const line = await lineOf(shell, ticketId, round);
  if (!line || (ownUnit !== null && line.unitId !== ownUnit)) throw new Refused({ code: "not-found" });
  const day = dayOf(line.countedAt.getTime());
  const { ruleSet } = chooseRuleSet(await rulebook(shell, "district"), day) ?? refuseRules(undefined);
  const period = periodOn(settingsOf(ruleSet, await periodsInForce(shell)), day);
  const scopes = await Promise.all(STAT_SCOPES.map((scope) => compare(shell, period.name, scope, line, to)));
  const [first] = scopes;
  if (!first) throw new Error("no statistical scope");
  return {
    unit: { id: line.unitId, name: first.unitName },
    period: period.name,
    rules: first.rules,
    closed: first.closed,
    scopes: scopes.map(({ scope, before, after }) => ({
      scope,
      scopeZh: STAT_SCOPE_NAMES[scope],
      before,
      after,
    })),
  };
}

async function compare(
  shell: Shell,
  period: PeriodName,
  scope: StatScope,
  line: Line,
  to: "responseOnly" | "exempt",
) {
  const { chosen, contenders, names, closed } = await contendersOf(shell, period, { scope });
  const { ruleSet: rules } = segmentOn(chosen.segments, dayOf(line.countedAt.getTime()));
  const reading = { rules, scope };
  const standing = (as: Entry["scope"]) => {
    const changed = contenders.map((unit) => {
      if (unit.key !== line.unitId || closed !== null) return unit;
      const without = addEntry(unit.counts, line.entry, reading, -1);
      return { ...unit, counts: addEntry(without, { ...line.entry, scope: as }, reading) };
    });
    const row = ranking(changed, chosen.ruleSet)
      .flatMap((group) => group.units)
      .find((unit) => unit.key === line.unitId);
    if (!row) throw new Refused({ code: "not-found" });
    return { ...resultOut(row, chosen.ruleSet), rank: row.rank };
  };
  return {
    scope,
    unitName: names.get(line.unitId)?.shortName ?? "",
    rules: chosen.ruleSet.title,
    closed: closed !== null,
    before: standing("full"),
    after: standing(to),
  };
}

interface Line {
  readonly unitId: string;
  readonly countedAt: Date;
  readonly entry: Entry;
}

async function lineOf(shell: Shell, ticketId: string, round: number): Promise<Line | null> {
  const { rows } = await sql<Entry & { unitId: string; countedAt: Date }>`
    select unit_id as "unitId", counted_at as "countedAt", scope, valid, contacted, solved, satisfied
      from result where ticket_id = ${ticketId} and round = ${round} and not void and unit_id is not null`.execute(
    shell.db,
  );
  const [row] = rows;
  if (!row) return null;
  const { unitId, countedAt, ...entry } = row;
  return { unitId, countedAt, entry };
}
