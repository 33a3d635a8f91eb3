/**
 * 催办谁. The people behind a ladder's targets, as they are responsible at this moment, for many urges at once.
 *
 * What the centre owes has no unit: its holder is who last moved the ticket, its lead the shift's, its superior the
 * centre's leader. Where nobody is found (a unit without accounts), the shift lead hears of it: no urge goes nowhere.
 */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { TARGETS, type Target } from "@jiesu/core/urging/ladder.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { CENTRE } from "../platform/http/who.ts";

export interface Asked {
  readonly key: string;
  readonly ticketId: string;
  readonly round: number;
  /** That owes the answer; null: the centre. */
  readonly unitId: string | null;
  readonly targets: readonly Target[];
}

export interface Urged {
  readonly id: string;
  readonly name: string;
  /** In which capacity: 经办人, 单位负责人 … */
  readonly as: string;
}

/** By key. */
export async function peopleFor(
  tx: Db,
  asked: readonly Asked[],
  now: number,
): Promise<ReadonlyMap<string, readonly Urged[]>> {
  if (asked.length === 0) return new Map();
  const [people, takers, hands, shift] = await Promise.all([
    peopleOf(tx, asked),
    takersOf(
      tx,
      asked.filter((a) => a.unitId !== null),
    ),
    handsOf(
      tx,
      asked.filter((a) => a.unitId === null),
    ),
    shiftLeads(tx, now),
  ]);
  const centre = (role: Role) => people.filter((p) => p.roles.includes(role));
  const onShift = () => {
    const leads = centre("shiftLead").filter((p) => shift.has(p.id));
    return leads.length > 0 ? leads : centre("shiftLead");
  };
  const inUnit = (unitId: string | null, role: Role) =>
    people.filter((p) => p.unitId !== null && p.unitId === unitId && p.roles.includes(role));
  const found = (a: Asked, target: Target): readonly Person[] => {
    switch (target) {
      case "holder": {
        if (a.unitId === null) {
          const hand = people.filter((p) => p.id === hands.get(a.key));
          return hand.length > 0 ? hand : onShift();
        }
        const took = takers.get(a.key);
        const own = people.filter((p) => p.unitId === a.unitId && took?.has(p.id));
        return own.length > 0 ? own : inUnit(a.unitId, "handler");
      }
      case "unitLead":
        return a.unitId === null ? onShift() : inUnit(a.unitId, "unitLead");
      case "superior":
        return a.unitId === null
          ? centre("leader")
          : inUnit(people.parentOf.get(a.unitId) ?? null, "unitLead");
      case "shiftLead":
        return onShift();
      case "supervisor":
      case "leader":
        return centre(target);
    }
  };
  return new Map(
    asked.map((a) => {
      const all = new Map<string, Urged>();
      for (const target of a.targets)
        for (const { id, name } of found(a, target))
          if (!all.has(id)) all.set(id, { id, name, as: TARGETS[target] });
      if (all.size === 0)
        for (const { id, name } of onShift()) all.set(id, { id, name, as: TARGETS.shiftLead });
      return [a.key, [...all.values()]];
    }),
  );
}

interface Person {
  readonly id: string;
  readonly name: string;
  readonly unitId: string | null;
  readonly roles: readonly string[];
}

/** The people of the units in question and of those above them, and the centre's. */
async function peopleOf(
  tx: Db,
  asked: readonly Asked[],
): Promise<readonly Person[] & { readonly parentOf: ReadonlyMap<string, string> }> {
  const units = [...new Set(asked.flatMap((a) => (a.unitId === null ? [] : [a.unitId])))];
  const { rows: parents } = await sql<{ id: string; parent_id: string }>`
    select id, parent_id from unit where id = any(${units}::bigint[]) and parent_id is not null`.execute(tx);
  const all = [...units, ...parents.map((p) => p.parent_id)];
  const { rows } = await sql<{ id: string; name: string; unit_id: string | null; roles: string[] }>`
    select id, name, unit_id, roles from app_user
    where active and (unit_id = any(${all}::bigint[]) or roles && ${[...CENTRE]}::text[])
    order by id`.execute(tx);
  const people = rows.map(({ unit_id, ...p }) => ({ ...p, unitId: unit_id }));
  return Object.assign(people, { parentOf: new Map(parents.map((p) => [p.id, p.parent_id])) });
}

/** Who in the unit accepted the ticket in this round. */
async function takersOf(tx: Db, asked: readonly Asked[]): Promise<ReadonlyMap<string, ReadonlySet<string>>> {
  if (asked.length === 0) return new Map();
  const { rows } = await sql<{ key: string; user_id: string }>`
    select distinct a.key::text as key, e.user_id::text as user_id
    from json_to_recordset(${jsonOf(asked)}::json) as a(key bigint, ticket_id bigint, round smallint)
      join event e on e.ticket_id = a.ticket_id and e.round = a.round
    where e.kind in ('accept', 'coAccept') and e.user_id is not null`.execute(tx);
  const byKey = new Map<string, Set<string>>();
  for (const { key, user_id } of rows) byKey.set(key, (byKey.get(key) ?? new Set()).add(user_id));
  return byKey;
}

/** Who in the centre last moved the ticket. */
async function handsOf(tx: Db, asked: readonly Asked[]): Promise<ReadonlyMap<string, string>> {
  if (asked.length === 0) return new Map();
  const { rows } = await sql<{ key: string; user_id: string }>`
    select a.key::text as key, last.user_id::text as user_id
    from json_to_recordset(${jsonOf(asked)}::json) as a(key bigint, ticket_id bigint)
      cross join lateral (
        select e.user_id from event e
        where e.ticket_id = a.ticket_id and e.role = any(${[...CENTRE]}) and e.user_id is not null
          and e.from_state is distinct from e.to_state
        order by e.id desc limit 1) last`.execute(tx);
  return new Map(rows.map((r) => [r.key, r.user_id]));
}

async function shiftLeads(tx: Db, now: number): Promise<ReadonlySet<string>> {
  const at = new Date(now);
  const { rows } = await sql<{ id: string }>`
    select lead_id::text as id from shift where starts_at <= ${at} and ends_at > ${at} and lead_id is not null`.execute(
    tx,
  );
  return new Set(rows.map((r) => r.id));
}

const jsonOf = (asked: readonly Asked[]): string =>
  JSON.stringify(asked.map((a) => ({ key: a.key, ticket_id: a.ticketId, round: a.round })));
