/** 名次抓手的数据. A unit's open tickets of the period, with what each says now and would say if it ended well. */
import type { Entry } from "@jiesu/core/assessment/entry.ts";
import { atLevel, parseKeptKey } from "@jiesu/core/assessment/level.ts";
import { groupOf } from "@jiesu/core/assessment/ranking.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { readingsOf, startsOf } from "@jiesu/core/assessment/segments.ts";
import { type Lever, leversOf, type Rung } from "@jiesu/core/outlook/levers.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import { Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { type Asked, contendersOf } from "./figures.ts";
import { segmentAt, type UnitName } from "./store.ts";

/** More open tickets than this are not looked at: the most pressing are. */
const MOST = 2000;

/** What of an open ticket is shown beside its effect. */
export interface OpenFacts {
  readonly number: string;
  readonly title: string;
  readonly street: string;
  readonly category: string;
  readonly state: string;
  readonly dueAt: Date | null;
}

export interface LeversReport {
  readonly contenders: Awaited<ReturnType<typeof contendersOf>>;
  readonly unit: UnitName;
  readonly levers: readonly (Lever & OpenFacts)[];
  readonly rungs: readonly Rung[];
}

/** Throws Refused "not-found" for a unit without a ticket in the period. */
export async function leversReport(
  shell: Shell,
  unitId: string,
  period: PeriodName,
  asked: Asked,
): Promise<LeversReport> {
  const found = await contendersOf(shell, period, asked);
  const unit = found.names.get(unitId);
  if (!unit) throw new Refused({ code: "not-found" });
  const { ruleSet: rules, segments, period: cut } = found.chosen;
  const now = shell.now();
  const { fromAt, beforeAt } = instantsOf(cut);
  const { rows } = await sql<OpenRow>`
    select t.id, t.number, case when t.title = '' then left(t.content, 60) else t.title end as title, t.street,
           t.category1 as category, t.state, t.due_at as "dueAt", ${segmentAt(startsOf(segments))} as segment,
           tally_cell(r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied) as cell
      from ticket t join result r on r.ticket_id = t.id and r.round = t.round
     where t.lead_unit_id = ${unitId} and t.state = any(${OPEN_STATES}::text[])
       and r.unit_id = t.lead_unit_id and not r.void
       and r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)}
     order by t.due_at nulls last, t.id limit ${MOST}`.execute(shell.db);
  const facts = new Map(rows.map((row) => [row.id, row]));
  const readings = readingsOf(segments, asked.scope);
  const open = rows.flatMap((row) => {
    const reading = readings[row.segment];
    if (!reading) return [];
    const entry = atLevel(parseKeptKey(row.cell), asked.level ?? "district");
    // A ticket past its term may still be answered; the term is only how pressing it is.
    const leftMs = (row.dueAt?.getTime() ?? beforeAt) - now;
    return [{ id: row.id, now: entry, well: endedWell(entry), leftMs, reading }];
  });
  const standing = { rules, contenders: rivals(found, unit, rules) };
  const { levers, rungs } = leversOf(unitId, open, standing);
  return {
    contenders: found,
    unit,
    levers: levers.map((lever) => ({ ...factsOf(facts, lever.id), ...lever })),
    rungs,
  };
}

/** Those it is ranked among; the others' ranks are their own. */
function rivals(
  { contenders }: Awaited<ReturnType<typeof contendersOf>>,
  unit: UnitName,
  { groups }: Pick<RuleSet, "groups">,
) {
  const mine = contenders.find((each) => each.key === unit.id);
  if (!mine) throw new Error(`unit ${unit.id} is not in the ranking`);
  return contenders.filter((each) => groupOf(each, groups) === groupOf(mine, groups));
}

/** 已联系, 已解决, 满意, in the scope that it has. */
function endedWell(entry: Entry): Entry {
  return { scope: entry.scope, valid: true, contacted: "yes", solved: "yes", satisfied: "satisfied" };
}

function factsOf(facts: ReadonlyMap<string, OpenRow>, id: string): OpenFacts {
  const row = facts.get(id);
  if (!row) throw new Error(`a lever is no open ticket: ${id}`);
  const { number, title, street, category, state, dueAt } = row;
  return { number, title, street, category, state, dueAt };
}

interface OpenRow extends OpenFacts {
  readonly id: string;
  readonly segment: number;
  readonly cell: string;
}
