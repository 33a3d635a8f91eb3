/** 催办清单. Urges of a ticket, a unit or all, open or answered; what is open by unit; and how many wait for a person. */
import { CLOCKS, isClockKind } from "@jiesu/core/deadline/kind.ts";
import { isMeans, MEANS } from "@jiesu/core/notify/means.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Instant } from "../ticket/schema.ts";
import { mayAnswer } from "./answers.ts";

export const STANDINGS = ["open", "answered", "settled", "all"] as const;

const Named = z.object({ id: z.string(), name: z.string() });
const People = z.array(Named.extend({ as: z.string() })).catch([]);
export const UrgeOut = z.object({
  id: z.string(),
  ticket: z.object({ id: z.string(), number: z.string(), title: z.string(), stateZh: z.string() }),
  round: z.number().int(),
  clockZh: z.string().nullable(),
  dueAt: Instant.nullable(),
  step: z.string(),
  stepZh: z.string(),
  /** Null: the centre itself owes the answer. */
  unit: Named.nullable(),
  people: z.array(Named.extend({ as: z.string() })),
  meansZh: z.array(z.string()),
  /** Deliveries outside the workbench: how many have left, wait, or failed for good. */
  outward: z.object({ sent: z.number().int(), waiting: z.number().int(), failed: z.number().int() }),
  words: z.string(),
  at: Instant,
  byName: z.string(),
  answer: z.object({ text: z.string(), by: z.string(), at: Instant }).nullable(),
  settledAt: Instant.nullable(),
  mayAnswer: z.boolean(),
});

export interface UrgeFilter {
  readonly standing: (typeof STANDINGS)[number];
  readonly unitId: string | null;
  readonly ticketId: string | null;
  readonly after: string | null;
  readonly limit: number;
}

/** One page, the newest first. A unit sees its own. */
export async function listUrges(db: Db, actor: Actor, f: UrgeFilter) {
  const rows = await db
    .selectFrom("urge as u")
    .innerJoin("ticket as t", "t.id", "u.ticket_id")
    .leftJoin("unit as n", "n.id", "u.unit_id")
    .selectAll("u")
    .select(["t.number", "t.title", "t.state", "n.short_name"])
    .$if(actor.unitId !== null, (q) => q.where("u.unit_id", "=", actor.unitId))
    .$if(f.unitId !== null, (q) => q.where("u.unit_id", "=", f.unitId))
    .$if(f.ticketId !== null, (q) => q.where("u.ticket_id", "=", f.ticketId ?? "0"))
    .$if(f.after !== null, (q) => q.where("u.id", "<", f.after ?? "0"))
    .$if(f.standing === "open", (q) => q.where("u.answered_at", "is", null).where("u.settled_at", "is", null))
    .$if(f.standing === "answered", (q) => q.where("u.answered_at", "is not", null))
    .$if(f.standing === "settled", (q) =>
      q.where("u.answered_at", "is", null).where("u.settled_at", "is not", null),
    )
    .orderBy("u.id", "desc")
    .limit(f.limit + 1)
    .execute();
  const page = rows.slice(0, f.limit);
  const outward = await outwardOf(
    db,
    page.map((u) => u.id),
  );
  return {
    rows: page.map(
      (u): z.infer<typeof UrgeOut> => ({
        id: u.id,
        ticket: {
          id: u.ticket_id,
          number: u.number,
          title: u.title,
          stateZh: isState(u.state) ? STATES[u.state].zh : u.state,
        },
        round: u.round,
        clockZh: u.clock !== null && isClockKind(u.clock) ? CLOCKS[u.clock].zh : null,
        dueAt: u.due_at?.toISOString() ?? null,
        step: u.step,
        stepZh: u.step_zh,
        unit: u.unit_id === null ? null : { id: u.unit_id, name: u.short_name ?? "" },
        people: People.parse(u.people),
        meansZh: u.means.filter(isMeans).map((means) => MEANS[means].zh),
        outward: outward.get(u.id) ?? { sent: 0, waiting: 0, failed: 0 },
        words: u.words,
        at: u.at.toISOString(),
        byName: u.by_name,
        answer:
          u.answered_at === null
            ? null
            : { text: u.answer ?? "", by: u.answered_name ?? "", at: u.answered_at.toISOString() },
        settledAt: u.settled_at?.toISOString() ?? null,
        mayAnswer: u.answered_at === null && u.settled_at === null && mayAnswer(actor, u.unit_id),
      }),
    ),
    next: rows.length > f.limit ? (page.at(-1)?.id ?? null) : null,
  };
}

/** Open urges by unit, the one with the most first; the centre's own as null. */
export async function openByUnit(db: Db, actor: Actor) {
  const rows = await db
    .selectFrom("urge as u")
    .leftJoin("unit as n", "n.id", "u.unit_id")
    .select((eb) => [
      "u.unit_id",
      "n.short_name",
      eb.fn.countAll<string>().as("urges"),
      eb.fn.count<string>("u.ticket_id").distinct().as("tickets"),
      eb.fn.min("u.at").as("oldest"),
    ])
    .where("u.answered_at", "is", null)
    .where("u.settled_at", "is", null)
    .$if(actor.unitId !== null, (q) => q.where("u.unit_id", "=", actor.unitId))
    .groupBy(["u.unit_id", "n.short_name"])
    .orderBy("urges", "desc")
    .orderBy("u.unit_id")
    .execute();
  return rows.map((r) => ({
    unit: r.unit_id === null ? null : { id: r.unit_id, name: r.short_name ?? "" },
    urges: Number(r.urges),
    tickets: Number(r.tickets),
    oldestAt: r.oldest.toISOString(),
  }));
}

/** What came of the notices of these urges outside the workbench. */
async function outwardOf(db: Db, ids: readonly string[]) {
  const { rows } = await sql<{ id: string; sent: number; waiting: number; failed: number }>`
    select split_part(n.cause, ':', 2) as id,
           count(*) filter (where d.state = 'sent')::int as sent,
           count(*) filter (where d.state in ('waiting', 'sending'))::int as waiting,
           count(*) filter (where d.state in ('dead', 'unknown'))::int as failed
    from notice n join delivery d on d.notice_id = n.id
    where n.cause = any(${ids.map((id) => `urge:${id}`)}::text[])
    group by 1`.execute(db);
  return new Map(rows.map(({ id, ...counts }) => [id, counts]));
}
