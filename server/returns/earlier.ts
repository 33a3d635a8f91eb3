/**
 * 退单审核的参考. The returns of one ticket, and what was decided before on the same matter: same category and place, whoever
 * had it; and the same unit with the same category, wherever. Newest first, with how often it was accepted and refused.
 */
import { clocksInWords, nextInWords } from "@jiesu/core/returns/words.ts";
import { DAY_MS } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { guardRulesOn, returnRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { Instant } from "../ticket/schema.ts";
import { standing } from "./counts.ts";

const ReturnOut = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  nth: z.number().int(),
  round: z.number().int(),
  unitName: z.string(),
  groundZh: z.string(),
  reason: z.string(),
  evidence: z.string(),
  suggestUnit: z.string(),
  at: Instant,
  byName: z.string(),
  standing: z.string(),
  decidedAt: Instant.nullable(),
  decidedBy: z.string().nullable(),
  words: z.string().nullable(),
  /** Who got it in the end; null while nobody has. */
  nextUnit: z.string().nullable(),
});
const Tally = z.object({ accepted: z.number().int(), refused: z.number().int() });
export const EarlierOut = z.object({
  /** Of this ticket, the latest first. */
  own: z.array(ReturnOut),
  nth: z.number().int(),
  max: z.number().int(),
  next: z.string(),
  clocks: z.string(),
  /** For who reviews; null for a unit, which does not see others' tickets. */
  matter: z
    .object({
      sinceDays: z.number().int(),
      /** Same category and street. */
      place: Tally,
      /** Same unit, same category. */
      unit: Tally,
      rows: z.array(ReturnOut.extend({ sameUnit: z.boolean(), samePlace: z.boolean() })),
    })
    .nullable(),
});

/** As many earlier ones as a reviewer reads. */
const SHOWN = 8;

export async function returnsOfTicket(
  shell: Shell,
  actor: Actor,
  ticketId: string,
): Promise<z.infer<typeof EarlierOut>> {
  const { db } = shell;
  const now = shell.now();
  const ticket = await db
    .selectFrom("ticket as t")
    .select(["t.id", "t.state", "t.returns", "t.category1", "t.category2", "t.street", "t.lead_unit_id"])
    .where("t.id", "=", ticketId)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!ticket) throw new Refused({ code: "not-found" });
  const rules = returnRulesOn(shell.rules, now).body;
  const max = guardRulesOn(shell.rules, now).maxReturns;
  const all = await read(db, sql`r.ticket_id = ${ticketId}`, 50);
  // A unit reads of its own returns; what another said of the same ticket is the centre's.
  const own = actor.unitId === null ? all : all.filter((each) => each.unitId === actor.unitId);
  const waiting = all.find((each) => each.standing === "waiting");
  const nth = waiting?.nth ?? ticket.returns + 1;
  return {
    ...{ own: own.map(shown), nth, max, next: nextInWords(nth, max), clocks: clocksInWords(rules.inReview) },
    matter: actor.unitId === null ? await matterOf(db, ticket, rules.lookBackDays, now) : null,
  };
}

interface Matter {
  readonly id: string;
  readonly category1: string;
  readonly category2: string;
  readonly street: string;
  readonly lead_unit_id: string | null;
}

async function matterOf(db: Db, t: Matter, sinceDays: number, now: number) {
  const since = new Date(now - sinceDays * DAY_MS);
  const place = sql`r.category1 = ${t.category1} and r.category2 = ${t.category2} and r.street = ${t.street}`;
  const unit = sql`r.unit_id = ${t.lead_unit_id ?? "0"} and r.category1 = ${t.category1} and r.category2 = ${t.category2}`;
  const decided = sql`r.outcome is not null and r.ticket_id <> ${t.id} and r.asked_at >= ${since}`;
  // A matter without a category or a street is no matter: everything would be alike.
  const told = t.category1 !== "" && t.street !== "";
  const [byPlace, byUnit, placed, ofUnit] = await Promise.all([
    told ? tally(db, sql`${place} and ${decided}`) : NONE,
    t.category1 === "" ? NONE : tally(db, sql`${unit} and ${decided}`),
    told ? read(db, sql`${place} and ${decided}`, SHOWN) : [],
    t.category1 === "" ? [] : read(db, sql`${unit} and ${decided}`, SHOWN),
  ]);
  const rows = [...new Map([...placed, ...ofUnit].map((each) => [each.id, each])).values()]
    .map((each) => ({
      ...shown(each),
      sameUnit: each.unitId === t.lead_unit_id,
      samePlace: each.street === t.street,
    }))
    // Nearest to this case first: same place and same unit, then the newer.
    .sort(
      (a, b) =>
        Number(b.samePlace) + Number(b.sameUnit) - Number(a.samePlace) - Number(a.sameUnit) ||
        Number(b.samePlace) - Number(a.samePlace) ||
        Date.parse(b.at) - Date.parse(a.at),
    )
    .slice(0, SHOWN);
  return { sinceDays, place: byPlace, unit: byUnit, rows };
}

const NONE = { accepted: 0, refused: 0 };

async function tally(db: Db, where: RawBuilder<unknown>): Promise<z.infer<typeof Tally>> {
  const { rows } = await sql<z.infer<typeof Tally>>`
    select (count(*) filter (where r.outcome <> 'refused'))::int as accepted,
           (count(*) filter (where r.outcome = 'refused'))::int as refused
      from unit_return r where r.undone_at is null and ${where}`.execute(db);
  return rows[0] ?? NONE;
}

async function read(db: Db, where: RawBuilder<unknown>, limit: number) {
  const { rows } = await sql<{
    id: string;
    ticketId: string;
    number: string;
    title: string;
    nth: number;
    round: number;
    unitId: string;
    unitName: string;
    street: string;
    groundZh: string;
    reason: string;
    evidence: string;
    suggestUnit: string;
    at: Date;
    byName: string;
    standing: string;
    decidedAt: Date | null;
    decidedBy: string | null;
    words: string | null;
    nextUnit: string | null;
  }>`
    select r.id, r.ticket_id as "ticketId", t.number, t.title, r.nth, r.round, r.unit_id as "unitId", u.short_name as "unitName",
           r.street, coalesce(r.ground_zh, '未分类') as "groundZh", r.reason, r.evidence, r.suggest_unit as "suggestUnit",
           r.asked_at as at, r.asked_name as "byName", ${standing} as standing, r.decided_at as "decidedAt",
           r.decided_name as "decidedBy", r.words, nu.short_name as "nextUnit"
      from unit_return r join ticket t on t.id = r.ticket_id join unit u on u.id = r.unit_id
      left join assignment n on n.ticket_id = r.ticket_id and n.round = r.round + 1 and n.part = 'lead'
      left join unit nu on nu.id = n.unit_id and r.outcome <> 'refused'
     where r.undone_at is null and ${where}
     order by r.asked_at desc, r.id desc limit ${limit}`.execute(db);
  return rows;
}

function shown(row: Awaited<ReturnType<typeof read>>[number]): z.infer<typeof ReturnOut> {
  const { unitId: _unit, street: _street, at, decidedAt, ...rest } = row;
  return { ...rest, at: at.toISOString(), decidedAt: decidedAt?.toISOString() ?? null };
}
