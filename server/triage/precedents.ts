/** 可引先例. Precedents in force that speak of one ticket, by its category, place and words, each with why; read from `ownership`'s tables. */
import { type Candidate, matchPrecedents } from "@jiesu/core/ownership/match.ts";
import type { VersionState } from "@jiesu/core/ownership/precedent.ts";
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import { said } from "@jiesu/core/triage/text.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { ownershipRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { cutterFor } from "../ticket/words.ts";
import { gazetteerOf } from "./names.ts";
import { weightsOn } from "./store.ts";

export const Offered = z.array(
  z.object({
    /** Of the version: what a dispatch cites. */
    id: z.string(),
    precedentId: z.string(),
    number: z.string(),
    title: z.string(),
    reason: z.string(),
    lead: z.object({ id: z.string(), name: z.string() }),
    co: z.array(z.object({ id: z.string(), name: z.string() })),
    from: z.string(),
    to: z.string().nullable(),
    cited: z.number().int(),
    returned: z.number().int(),
    score: z.number().int(),
    reasons: z.array(z.object({ points: z.number().int(), text: z.string() })),
  }),
);
export type Offered = z.infer<typeof Offered>;

/** Null when there is no such ticket or it is not this person's to see. */
export async function offeredPrecedents(shell: Shell, actor: Actor, id: string): Promise<Offered | null> {
  const { db } = shell;
  const ticket = await db
    .selectFrom("ticket as t")
    .select(["t.title", "t.content", "t.address", "t.street", "t.community"])
    .select(["t.category1", "t.category2", "t.category3"])
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!ticket) return null;
  const now = shell.now();
  const today = dayOf(now);
  const found = await inForce(db, ticket.category1, today);
  if (found.length === 0) return [];
  const [gazetteer, cutter] = await Promise.all([
    gazetteerOf(db, weightsOn(shell).place, today),
    cutterFor(db),
  ]);
  const words = new Set(cutter.wordsOf([ticket.title, said(ticket.content), ticket.address].join("\n")));
  const { match } = ownershipRulesOn(shell.rules, now);
  return matchPrecedents({ ...ticket, words }, found, gazetteer, match, today).map(
    ({ precedent: { state: _state, scope: _scope, ...told }, score, reasons }) => ({
      ...told,
      co: told.co.map((unit) => ({ ...unit })),
      number: `先例${told.precedentId}`,
      score,
      reasons: reasons.map(({ points, text }) => ({ points, text })),
    }),
  );
}

interface Found extends Candidate {
  readonly precedentId: string;
  readonly title: string;
  readonly reason: string;
  readonly lead: { readonly id: string; readonly name: string };
  readonly co: readonly { readonly id: string; readonly name: string }[];
  readonly cited: number;
  readonly returned: number;
}

/** Published and valid today, of the ticket's first category; a ticket without one may be of any. */
async function inForce(db: Db, category: string, today: Day): Promise<readonly Found[]> {
  const { rows } = await sql<Omit<Found, "scope"> & Found["scope"] & { readonly state: VersionState }>`
    select v.id, v.precedent_id as "precedentId", v.state, v.title, v.reason, v.valid_from::text as "from", v.valid_to::text as "to",
           v.category1, v.category2, v.category3, v.street, v.community, v.spot, v.words,
           jsonb_build_object('id', u.id::text, 'name', u.short_name) as lead,
           coalesce((select jsonb_agg(jsonb_build_object('id', x.id::text, 'name', x.short_name) order by x.id)
             from unit x where x.id = any(v.co_unit_ids)), '[]') as co, n.cited, n.returned
      from precedent_version v join unit u on u.id = v.lead_unit_id
      cross join lateral (
        select count(*)::int as cited, count(*) filter (where a.ended_as = 'returned')::int as returned
          from precedent_citation x left join assignment a on a.ticket_id = x.ticket_id and a.round = x.round and a.part = 'lead'
         where x.version_id = v.id) n
     where v.state = 'published' and v.valid_from <= ${today} and (v.valid_to is null or v.valid_to >= ${today})
       and (v.category1 = ${category} or ${category} = '')`.execute(db);
  return rows.map(({ category1, category2, category3, street, community, spot, words, ...rest }) => ({
    ...rest,
    scope: { category1, category2, category3, street, community, spot, words },
  }));
}
