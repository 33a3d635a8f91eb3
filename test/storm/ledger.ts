/** 台账的一致. What must hold in the ledger whatever was killed when: each check answers the faults that it finds. */
import { CO_LIFECYCLE } from "@jiesu/core/ticket/cohandling.ts";
import { isMove, targetOf } from "@jiesu/core/ticket/lifecycle.ts";
import { isRole } from "@jiesu/core/ticket/role.ts";
import { isState } from "@jiesu/core/ticket/state.ts";
import { compareTally } from "@jiesu/server/assessment/recount.ts";
import { foldTally } from "@jiesu/server/assessment/tally.ts";
import type { OpenedDb } from "@jiesu/server/platform/db/open.ts";
import { SOUND } from "@jiesu/server/testing/soundness.ts";
import { EVENT_ZH } from "@jiesu/server/ticket/events.ts";
import type { Told } from "./people.ts";

/** Each rule as a query that answers what breaks it. */
const RULES: Readonly<Record<string, string>> = {
  ...SOUND,
  "rounds are dispatches and rulings, one lead and one result each": `
    select t.id, t.round, d.n as dispatches, l.n as leads, r.n as results from ticket t
    cross join lateral (select count(*) as n from event e where e.ticket_id = t.id and e.kind in ('dispatch', 'rule')) d
    cross join lateral (select count(*) as n from assignment a where a.ticket_id = t.id and a.part = 'lead') l
    cross join lateral (select count(*) as n from result r where r.ticket_id = t.id) r
    where t.round <> d.n or t.round <> l.n or t.round <> r.n`,
  "the result of a round is of the unit that led it, and void when it gave the ticket back": `
    select r.ticket_id, r.round, r.unit_id, a.unit_id as lead, r.void, a.ended_as from result r
    join assignment a on a.ticket_id = r.ticket_id and a.round = r.round and a.part = 'lead'
    where r.unit_id <> a.unit_id or r.void <> (a.ended_as is not distinct from 'returned')`,
  "a unit has a ticket in hand exactly while its round lasts": `
    select t.id, t.state, t.lead_unit_id, a.unit_id, a.ended_at, a.state as assignment_state from ticket t
    join assignment a on a.ticket_id = t.id and a.round = t.round and a.part = 'lead'
    where (a.ended_at is null) <> (t.state in ('dispatched', 'handling', 'rework', 'returnReview', 'reported', 'calling', 'closing', 'shelved'))
      and not (t.state in ('calling', 'closing') and t.closing_kind = 'direct')
       or (a.ended_at is null and (t.lead_unit_id is distinct from a.unit_id or a.state <> t.state))`,
  "no helper of an ended round is still at work": `
    select a.* from assignment a join assignment l on l.ticket_id = a.ticket_id and l.round = a.round and l.part = 'lead'
    where a.part = 'co' and l.ended_at is not null and a.state in ('assigned', 'accepted')`,
  "returns are counted": `
    select t.id, t.returns, count(e.*) from ticket t left join event e on e.ticket_id = t.id and e.kind = 'returnToCentre'
    group by t.id having t.returns <> count(e.*)`,
  "every callback is an event and the other way round": `
    select t.id, c.n, e.n from ticket t
    cross join lateral (select count(*) as n from callback c where c.ticket_id = t.id) c
    cross join lateral (select count(*) as n from event e where e.ticket_id = t.id
      and (e.kind in ('callback', 'callbackMissed') or e.kind = 'cityResult' and e.data ->> 'outcome' is not null)) e
    where c.n <> e.n`,
  "no reminder came before its time": `
    select tm.clock_id, tm.what, tm.fire_at, e.at from timer tm
    join event e on e.kind = 'timer.' || tm.what and e.data ->> 'clockId' = tm.clock_id::text where e.at < tm.fire_at`,
  "no reminder came after its clock was stopped": `
    select c.id, e.version, s.version from clock c
    join event e on e.kind like 'timer.%' and e.data ->> 'clockId' = c.id::text
    join event s on s.ticket_id = c.ticket_id and s.at = c.stopped_at and s.kind not like 'timer.%'
    where c.state in ('stopped', 'cancelled') and e.version > s.version`,
  "no reminder that is due is still untold": `
    select tm.* from timer tm where tm.fired_at is null and tm.fire_at < now() - interval '5 seconds'`,
  "no clock ran half a minute past its due time untold, though it was stopped later": `
    select c.id, c.due_at, c.stopped_at from clock c
    where c.state = 'stopped' and c.stopped_at > c.due_at + interval '30 seconds'
      and c.due_at > c.started_at and not (c.body ? 'pauses' and jsonb_array_length(c.body -> 'pauses') > 0)
      and not exists (select 1 from event e where e.kind = 'timer.overdue' and e.data ->> 'clockId' = c.id::text)`,
};

/** Every fault found, a line each; none in a sound ledger. */
export async function faultsIn({ db, pool }: OpenedDb, told: readonly Told[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [rule, query] of Object.entries(RULES)) {
    const { rows } = await pool.query(query);
    if (rows.length > 0) faults.push(`${rule}: ${rows.length}, such as ${JSON.stringify(rows[0])}`);
  }
  const events = await db
    .selectFrom("event")
    .select(["id", "ticket_id", "kind", "from_state", "to_state", "role", "user_name"])
    .execute();
  faults.push(...events.filter((e) => !isLegal(e)).map((e) => `no step of the table: ${JSON.stringify(e)}`));
  const byId = new Map(events.map((e) => [e.id, e]));
  for (const t of told) {
    const e = byId.get(t.eventId);
    const kept =
      e?.ticket_id === t.ticketId &&
      e.kind === t.kind &&
      e.user_name === t.userName &&
      e.to_state === t.toState;
    if (!kept)
      faults.push(`acknowledged and lost: ${JSON.stringify(t)}, in the ledger ${JSON.stringify(e ?? null)}`);
  }
  while ((await foldTally(db)) > 0);
  for (const wrong of await compareTally(db)) faults.push(`a counter is wrong: ${JSON.stringify(wrong)}`);
  return faults;
}

interface Step {
  readonly kind: string;
  readonly from_state: string | null;
  readonly to_state: string | null;
  readonly role: string;
}

/** Whether the table lets that role take a ticket from there to there by that move. */
function isLegal({ kind, from_state: from, to_state: to, role }: Step): boolean {
  if (kind === "receive") return from === null && to === "received";
  if (kind.startsWith("timer.")) return from === to && role === "system";
  const co = CO_LIFECYCLE.find((step) => step.move === kind);
  if (co) return from === to && (co.by as readonly string[]).includes(role);
  // Told beside the ticket by a feature: supervision, a case of ownership, an urge answered.
  if (!isMove(kind)) return from === to && EVENT_ZH.has(kind);
  return isRole(role) && from !== null && isState(from) && targetOf(role, from, kind) === to;
}
