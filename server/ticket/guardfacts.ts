/** 检查所需. Loads what the checks before a step read of a ticket: few short queries, in the caller's transaction. */
import type { GuardedStep } from "@jiesu/core/guard/checklist.ts";
import type {
  GuardCallback,
  GuardFacts,
  GuardLead,
  GuardTicket,
  OtherReply,
  WithdrawRefusal,
} from "@jiesu/core/guard/facts.ts";
import { DAY_MS } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { sameRequester } from "./requester.ts";

/** What a step beside the ticket's own moves adds. */
export interface Asked {
  readonly step: GuardedStep;
  /** The words under examination; null: the ticket's reply. */
  readonly words: string | null;
  /** Round that it is about; null: the current one. */
  readonly round: number | null;
  readonly exemption: GuardFacts["exemption"];
}

/** How far other replies are looked at. */
export interface Looking {
  readonly days: number;
  readonly looked: number;
}

/** Earlier tickets of the same caller whose refusals are looked at. */
const EARLIER = 20;

/** Null when there is no such ticket. */
export async function factsFor(
  db: Db,
  ticketId: string,
  asked: Asked,
  looking: Looking,
  now: number,
): Promise<GuardFacts | null> {
  const { rows } = await sql<TicketRow>`
    select t.number, t.received_at as "receivedAt", t.title, t.content, t.category1, t.category2, t.category3,
           t.street, t.community, t.address, t.reply, t.round, t.lead_unit_id as "leadUnitId",
           greatest(coalesce(t.city_dispatched_at, t.received_at),
             (select max(e.at) from event e where e.ticket_id = t.id and e.kind in ('rejectWithdraw', 'reopen'))) as "withdrawFrom",
           array(select m.number from ticket m where m.merged_into = t.id or m.id = t.merged_into) as kin,
           (select count(*)::int from attachment f where f.ticket_id = t.id and f.hidden_at is null) as files
      from ticket t where t.id = ${ticketId}`.execute(db);
  const [row] = rows;
  if (!row) return null;
  const round = asked.round ?? row.round;
  const withdrawing = asked.step === "applyWithdraw";
  const words = asked.words ?? row.reply;
  const closing = asked.step === "approveClosing" || asked.step === "passReview";
  return {
    step: asked.step,
    now,
    ticket: ticketOf(row),
    words,
    lead: withdrawing ? null : await leadOf(db, ticketId, round),
    callback: asked.step === "approveClosing" ? await callbackOf(db, ticketId, round) : null,
    files: row.files,
    others: closing ? await otherReplies(db, ticketId, row.leadUnitId, looking, now) : [],
    refusals: withdrawing ? await refusalsOf(db, ticketId) : [],
    exemption: asked.exemption,
  };
}

interface TicketRow {
  readonly number: string;
  readonly receivedAt: Date;
  readonly withdrawFrom: Date;
  readonly title: string;
  readonly content: string;
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly street: string;
  readonly community: string;
  readonly address: string;
  readonly reply: string;
  readonly round: number;
  readonly leadUnitId: string | null;
  readonly kin: readonly string[];
  readonly files: number;
}

function ticketOf(row: TicketRow): GuardTicket {
  const { number, title, content, street, community, address, kin } = row;
  return {
    ...{ number, title, content, street, community, address, kin },
    receivedAt: row.receivedAt.getTime(),
    withdrawFrom: row.withdrawFrom.getTime(),
    category: [row.category1, row.category2, row.category3],
  };
}

async function leadOf(db: Db, ticketId: string, round: number): Promise<GuardLead | null> {
  const row = await db
    .selectFrom("assignment as a")
    .innerJoin("unit as u", "u.id", "a.unit_id")
    .select(["u.short_name", "u.kind", "a.contacted_at", "a.reported_at", "a.outcome"])
    .where("a.ticket_id", "=", ticketId)
    .where("a.round", "=", round)
    .where("a.part", "=", "lead")
    .where((eb) => eb.or([eb("a.ended_as", "is", null), eb("a.ended_as", "!=", "returned")]))
    .executeTakeFirst();
  if (!row) return null;
  const local = row.kind === "street" || row.kind === "town";
  return {
    unit: row.short_name,
    street: local ? row.short_name : null,
    contactedAt: row.contacted_at?.getTime() ?? null,
    reportedAt: row.reported_at?.getTime() ?? null,
    outcome: row.outcome,
  };
}

async function callbackOf(db: Db, ticketId: string, round: number): Promise<GuardCallback | null> {
  const row = await db
    .selectFrom("callback")
    .select(["contacted", "solved", "satisfied"])
    .where("ticket_id", "=", ticketId)
    .where("round", "=", round)
    .where("source", "=", "own")
    .where("outcome", "=", "answered")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ?? null;
}

/** The latest replies of the same unit, or of the desk. */
async function otherReplies(
  db: Db,
  ticketId: string,
  unitId: string | null,
  looking: Looking,
  now: number,
): Promise<readonly OtherReply[]> {
  if (unitId === null) return [];
  const { rows } = await sql<OtherReply>`
    select number, reply, title || ' ' || content || ' ' || address as appeal from ticket
     where lead_unit_id = ${unitId} and id <> ${ticketId} and reply <> '' and merged_into is null
       and received_at >= ${new Date(now - looking.days * DAY_MS)}
     order by received_at desc, id desc limit ${looking.looked}`.execute(db);
  return rows;
}

/** The city's refusals of this ticket, and of the same caller's tickets of the same category. */
async function refusalsOf(db: Db, ticketId: string): Promise<readonly WithdrawRefusal[]> {
  const kin = await sameRequester(db, ticketId, EARLIER);
  const { rows } = await sql<Omit<WithdrawRefusal, "at"> & { readonly at: Date }>`
    select t.number, t.id = mine.id as own, e.at,
           coalesce((select a.data ->> 'ground' from event a
             where a.ticket_id = e.ticket_id and a.kind = 'applyWithdraw' and a.id < e.id order by a.id desc limit 1), '') as ground,
           (select count(*)::int from attachment f
             where f.ticket_id = mine.id and f.hidden_at is null and f.at > e.at) as "filesSince"
      from event e join ticket t on t.id = e.ticket_id join ticket mine on mine.id = ${ticketId}
     where e.kind = 'rejectWithdraw' and e.ticket_id = any(${[ticketId, ...kin]}::bigint[])
       and (t.id = mine.id or (t.category1 = mine.category1 and t.category2 = mine.category2 and t.category3 = mine.category3))
     order by e.id desc limit 20`.execute(db);
  return rows.map((row) => ({ ...row, at: row.at.getTime() }));
}
