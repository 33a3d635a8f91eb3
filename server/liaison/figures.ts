/** 各方答复统计. How often each party was asked and answered in time, of the items begun in a stretch of days. */

import { SIDES } from "@jiesu/core/liaison/lifecycle.ts";
import { type AnswerStanding, answerStanding, inTimeRate } from "@jiesu/core/liaison/standing.ts";
import { type Day, endOfDay, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { seesItem } from "./list.ts";

export const FigureOut = z.object({
  /** "centre", "city", or the unit's id: what the list is cut by to see what is behind a number. */
  party: z.string(),
  name: z.string(),
  items: z.number().int(),
  asked: z.number().int(),
  ...{ inTime: z.number().int(), late: z.number().int(), overdue: z.number().int() },
  ...{ waiting: z.number().int(), letOff: z.number().int() },
  /** Null while nothing has fallen due or been answered. */
  rate: z.number().nullable(),
});

interface Days {
  readonly from: Day | null;
  readonly to: Day | null;
}

interface AskRow {
  readonly liaisonId: string;
  readonly party: string;
  readonly name: string;
  readonly standing: AnswerStanding;
}

/** Every asking with how it stands; a unit sees its own alone. */
async function readAsks(db: Db, actor: Actor, { from, to }: Days, now: number): Promise<readonly AskRow[]> {
  const { rows } = await sql<{
    liaisonId: string;
    side: "centre" | "city" | "unit";
    unitId: string | null;
    name: string | null;
    dueAt: Date;
    answeredAt: Date | null;
    letOffAt: Date | null;
  }>`
    select a.liaison_id as "liaisonId", p.side, p.unit_id as "unitId", u.short_name as name, a.due_at as "dueAt",
           a.answered_at as "answeredAt", a.let_off_at as "letOffAt"
    from liaison_ask a join liaison_party p on p.id = a.party_id join liaison l on l.id = a.liaison_id
      left join unit u on u.id = p.unit_id
    where ${seesItem(actor)}
      ${actor.unitId === null ? sql`` : sql`and p.unit_id = ${actor.unitId}`}
      ${from === null ? sql`` : sql`and l.opened_at >= ${new Date(startOfDay(from))}`}
      ${to === null ? sql`` : sql`and l.opened_at <= ${new Date(endOfDay(to))}`}
    order by a.id`.execute(db);
  return rows.map((row) => ({
    ...{ liaisonId: row.liaisonId, party: row.unitId ?? row.side, name: row.name ?? SIDES[row.side] },
    standing: answerStanding(
      {
        dueAt: row.dueAt.getTime(),
        answeredAt: row.answeredAt?.getTime() ?? null,
        letOffAt: row.letOffAt?.getTime() ?? null,
      },
      now,
    ),
  }));
}

/** The party that was asked most first. */
export async function liaisonFigures(
  db: Db,
  actor: Actor,
  days: Days,
  now: number,
): Promise<z.infer<typeof FigureOut>[]> {
  const asks = await readAsks(db, actor, days, now);
  return [...Map.groupBy(asks, (ask) => ask.party)]
    .map(([party, its]) => {
      const of = (standing: AnswerStanding) => its.filter((ask) => ask.standing === standing).length;
      const [inTime, late, overdue, waiting, letOff] = [
        of("inTime"),
        of("late"),
        of("overdue"),
        of("waiting"),
        of("letOff"),
      ];
      return {
        ...{ party, name: its[0]?.name ?? "", items: new Set(its.map((ask) => ask.liaisonId)).size },
        ...{ asked: its.length, inTime, late, overdue, waiting, letOff },
        rate: inTimeRate({ inTime, late, overdue }),
      };
    })
    .sort((a, b) => b.asked - a.asked || (a.name < b.name ? -1 : 1));
}

/** The items behind one number: those in which this party stands so with an asking. */
export async function itemsBehind(
  db: Db,
  actor: Actor,
  days: Days,
  of: { readonly party: string | null; readonly standing: AnswerStanding },
  now: number,
): Promise<readonly string[]> {
  const asks = await readAsks(db, actor, days, now);
  return [
    ...new Set(
      asks
        .filter((ask) => (of.party === null || ask.party === of.party) && ask.standing === of.standing)
        .map((ask) => ask.liaisonId),
    ),
  ];
}
