/** 名次抓手的数据. A unit's open tickets of the period, with what each says now and would say if it ended well. */
import type { Entry } from "@jiesu/core/assessment/entry.ts";
import { atLevel, parseKeptKey } from "@jiesu/core/assessment/level.ts";
import { groupOf, ranking } from "@jiesu/core/assessment/ranking.ts";
import { noCounts } from "@jiesu/core/assessment/rates.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { readingsOf, startsOf } from "@jiesu/core/assessment/segments.ts";
import {
  leversOf,
  type OpenTicket,
  type Ordered,
  type Rung,
  type Stand,
  type Standing,
  standingAfter,
} from "@jiesu/core/outlook/levers.ts";
import { OPEN_STATES } from "@jiesu/core/ticket/state.ts";
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { type Asked, contendersOf } from "./figures.ts";
import { segmentAt, type UnitName, unitNames } from "./store.ts";

addWordings({
  "not-a-lever": {
    status: 422,
    zh: () => "所选工单已办结、已改派或不计入本期，请刷新后重新勾选。",
  },
});

/** More open tickets than this are not looked at: the most pressing are. */
const MOST = 2000;
/** So many levers are listed. */
const LISTED = 100;

/** What of an open ticket is shown beside its effect. */
export interface OpenFacts {
  readonly number: string;
  readonly title: string;
  readonly street: string;
  readonly category: string;
  readonly state: string;
  readonly dueAt: Date | null;
  readonly nearAt: Date | null;
}

interface Base {
  readonly contenders: Awaited<ReturnType<typeof contendersOf>>;
  readonly unit: UnitName;
}

export interface LeversReport extends Base {
  /** None in a closed period: nothing moves there any more. */
  readonly levers: readonly (Ordered & OpenFacts)[];
  readonly rungs: readonly Rung[];
  /** Levers beyond those listed. */
  readonly more: number;
  /** How many units are ranked with it. */
  readonly ranked: number;
}

/** Throws Refused "not-found" for a unit that is not. */
export async function leversReport(
  shell: Shell,
  unitId: string,
  period: PeriodName,
  asked: Asked,
): Promise<LeversReport> {
  const { base, standing, open } = await openLevers(shell, unitId, period, asked);
  const { levers, rungs, more } = leversOf(unitId, open, standing, LISTED);
  const facts = new Map(open.map((ticket) => [ticket.id, ticket]));
  return {
    ...base,
    levers: levers.map((lever) => ({ ...factsOf(facts, lever.id), ...lever })),
    rungs,
    more,
    ranked: ranking(standing.contenders, standing.rules)
      .flatMap(({ units }) => units)
      .filter(({ rank }) => rank !== null).length,
  };
}

export interface WhatIf extends Base {
  readonly now: Stand;
  readonly after: Stand;
}

/** Where the unit stood if these of its open tickets ended well. Throws Refused "not-a-lever" for any other ticket. */
export async function whatIf(
  shell: Shell,
  unitId: string,
  tickets: readonly string[],
  period: PeriodName,
  asked: Asked,
): Promise<WhatIf> {
  const { base, standing, open } = await openLevers(shell, unitId, period, asked);
  const chosen = open.filter(({ id }) => tickets.includes(id));
  if (chosen.length !== new Set(tickets).size) throw new Refused({ code: "not-a-lever" });
  return {
    ...base,
    now: standingAfter(unitId, [], standing),
    after: standingAfter(unitId, chosen, standing),
  };
}

async function openLevers(shell: Shell, unitId: string, period: PeriodName, asked: Asked) {
  const found = await contendersOf(shell, period, asked);
  const unit = found.names.get(unitId) ?? (await unitNames(shell.db, [unitId])).get(unitId);
  if (!unit) throw new Refused({ code: "not-found" });
  const { ruleSet: rules } = found.chosen;
  const mine = { key: unitId, kind: unit.kind, counts: noCounts() }; // until its first ticket of the period
  const all = found.names.has(unitId) ? found.contenders : [...found.contenders, mine];
  const standing: Standing = {
    rules,
    contenders: rivals(all, unitId, rules),
  };
  const open = found.closed === null ? await openTickets(shell, unitId, found.chosen, asked) : [];
  return { base: { contenders: found, unit }, standing, open };
}

async function openTickets(
  shell: Shell,
  unitId: string,
  { period, segments }: Base["contenders"]["chosen"],
  { level = "district", scope }: Asked,
): Promise<readonly (OpenTicket & OpenFacts)[]> {
  const now = shell.now();
  const { fromAt, beforeAt } = instantsOf(period);
  const { rows } = await sql<
    OpenFacts & { readonly id: string; readonly segment: number; readonly cell: string }
  >`
    select t.id, t.number, case when t.title = '' then left(t.content, 60) else t.title end as title, t.street,
           t.category1 as category, t.state, t.due_at as "dueAt", t.near_at as "nearAt",
           ${segmentAt(startsOf(segments))} as segment,
           tally_cell(r.scope, r.city_scope, r.source, r.valid, r.contacted, r.solved, r.satisfied) as cell
      from ticket t join result r on r.ticket_id = t.id and r.round = t.round
     where t.lead_unit_id = ${unitId} and t.state = any(${OPEN_STATES}::text[])
       and r.unit_id = t.lead_unit_id and not r.void
       and r.counted_at >= ${new Date(fromAt)} and r.counted_at < ${new Date(beforeAt)}
     order by t.due_at nulls last, t.id limit ${MOST}`.execute(shell.db);
  const readings = readingsOf(segments, scope);
  return rows.flatMap(({ cell, segment, ...row }) => {
    const reading = readings[segment];
    if (!reading) return [];
    const said = atLevel(parseKeptKey(cell), level);
    // A ticket past its term may still be answered; the term is only how pressing it is.
    const leftMs = (row.dueAt?.getTime() ?? beforeAt) - now;
    return [{ ...row, now: said, well: endedWell(said), leftMs, reading }];
  });
}

/** Those it is ranked among; the others' ranks are their own. */
function rivals(contenders: Standing["contenders"], unitId: string, { groups }: Pick<RuleSet, "groups">) {
  const mine = contenders.find((each) => each.key === unitId);
  if (!mine) throw new Error(`unit ${unitId} is not in the ranking`);
  return contenders.filter((each) => groupOf(each, groups) === groupOf(mine, groups));
}

/** 已联系, 已解决, 满意, in the scope that it has. */
function endedWell(entry: Entry): Entry {
  return { scope: entry.scope, valid: true, contacted: "yes", solved: "yes", satisfied: "satisfied" };
}

function factsOf(facts: ReadonlyMap<string, OpenFacts>, id: string): OpenFacts {
  const row = facts.get(id);
  if (!row) throw new Error(`a lever is no open ticket: ${id}`);
  const { number, title, street, category, state, dueAt, nearAt } = row;
  return { number, title, street, category, state, dueAt, nearAt };
}
