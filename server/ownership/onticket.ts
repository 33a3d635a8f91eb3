/** 工单上的确权. The cases of one ticket, and the precedents that its rounds cited: a return against one is said to who reviews it. */

import type { VersionState } from "@jiesu/core/ownership/precedent.ts";
import { sideOf } from "@jiesu/core/ticket/role.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { Instant } from "../ticket/schema.ts";
import { precedentNumber } from "./precedentstore.ts";
import { caseRows } from "./reading.ts";
import { CaseRow } from "./shape.ts";
import { PRECEDENT_STANDINGS, standingOf } from "./standing.ts";
import { listCases } from "./store.ts";

export const OnTicketOut = z.object({
  cases: z.array(CaseRow),
  cited: z.array(
    z.object({
      versionId: z.string(),
      /** Null for units: the library is the centre's. */
      precedentId: z.string().nullable(),
      number: z.string(),
      title: z.string(),
      reason: z.string(),
      lead: z.string(),
      standing: z.enum(PRECEDENT_STANDINGS),
      standingZh: z.string(),
      round: z.number().int(),
      at: Instant,
      by: z.string(),
      /** asked: the unit wants to return this round all the same; returned: it was let. */
      returned: z.enum(["returned", "asked"]).nullable(),
      ground: z.string(),
    }),
  ),
});

const SHOWN = 20;

/** Null when there is no such ticket or it is not this person's to see. */
export async function citedOn(
  shell: Shell,
  actor: Actor,
  ticketId: string,
): Promise<z.infer<typeof OnTicketOut> | null> {
  const { db } = shell;
  const ticket = await db
    .selectFrom("ticket as t")
    .select("t.id")
    .where("t.id", "=", ticketId)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!ticket) return null;
  const { rows } = await sql<CitedRow>`
    select v.id, v.precedent_id, v.title, v.reason, u.short_name as lead, v.state, v.valid_from::text as "from",
           v.valid_to::text as "to", x.round, x.at, x.user_name,
           case when a.ended_as = 'returned' then 'returned'
                when t.state = 'returnReview' and t.round = x.round then 'asked' end as returned,
           coalesce((select e.data->>'ground' from event e
             where e.ticket_id = x.ticket_id and e.round = x.round and e.kind = 'returnToCentre' order by e.id desc limit 1), '') as ground
      from precedent_citation x join precedent_version v on v.id = x.version_id join unit u on u.id = v.lead_unit_id
      join ticket t on t.id = x.ticket_id
      left join assignment a on a.ticket_id = x.ticket_id and a.round = x.round and a.part = 'lead'
     where x.ticket_id = ${ticketId} order by x.event_id desc, v.id limit ${SHOWN}`.execute(db);
  const today = dayOf(shell.now());
  const ofUnit = actor.roles.every((role) => sideOf(role) === "unit");
  return {
    cases: await caseRows(shell, await listCases(db, actor, { ticketId }, SHOWN)),
    cited: rows.map((row) => ({
      ...{
        versionId: row.id,
        precedentId: ofUnit ? null : row.precedent_id,
        number: precedentNumber(row.precedent_id),
      },
      ...{
        title: row.title,
        reason: row.reason,
        lead: row.lead,
        ...standingOf(row, today),
        round: row.round,
      },
      ...{ at: row.at.toISOString(), by: row.user_name, returned: row.returned, ground: row.ground },
    })),
  };
}

interface CitedRow {
  readonly id: string;
  readonly precedent_id: string;
  readonly title: string;
  readonly reason: string;
  readonly lead: string;
  readonly state: VersionState;
  readonly from: Day;
  readonly to: Day | null;
  readonly round: number;
  readonly at: Date;
  readonly user_name: string;
  readonly returned: "returned" | "asked" | null;
  readonly ground: string;
}
