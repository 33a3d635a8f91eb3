/**
 * 可能重复. What a ticket being typed may be a second time: tickets of the same caller within the month, and recent ones
 * that say nearly the same, by the words that stand in both.
 */
import { maskText, normalisePhone } from "@jiesu/core/privacy/mask.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { listTickets } from "./list.ts";
import { findByPhone } from "./requester.ts";
import { TicketRow, text } from "./schema.ts";
import { cutterFor, tsqueryOf } from "./words.ts";

const DAY_MS = 86_400_000;
const PHONE_DAYS = 30;
const TEXT_DAYS = 14;
const READ = 200;
const SHOWN = 5;
/** Share of the shorter text's words that must stand in the other. */
const ENOUGH = 0.6;
const LEAST_WORDS = 4;

export function alikeRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/alike", {
    config: { who: ["triager", "shiftLead"] },
    schema: {
      summary: "录入时查重：同一来电号码近 30 天的，和近 14 天内容相近的",
      body: z.object({
        phone: text(100).default(""),
        title: text(200).default(""),
        content: text(20_000).default(""),
      }),
      response: { 200: z.object({ samePhone: z.array(TicketRow), similar: z.array(TicketRow) }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { phone, title, content } = request.body;
      const [samePhone, similar] = await Promise.all([
        ofPhone(shell, actor, phone),
        sayingTheSame(shell, actor, maskText(`${title}\n${content}`).text),
      ]);
      const known = new Set(samePhone.map((t) => t.id));
      return { samePhone, similar: similar.filter((t) => !known.has(t.id)) };
    },
  });
}

/** A whole number only: four last digits would be strangers. Looking is on record, as by the search box. */
async function ofPhone(shell: Shell, actor: Actor, phone: string) {
  if (normalisePhone(phone).length < 7) return [];
  const ids = await findByPhone(shell.db, shell.secrets, actor, phone);
  await audit(shell.db, shell.now(), actor.userId, actor.name, "find-by-phone", {
    detail: { found: ids.length, at: "new-ticket" },
  });
  const from = shell.now() - PHONE_DAYS * DAY_MS;
  return (await listTickets(shell.db, actor, { ids, from }, "-received", SHOWN, null, shell.now())).rows;
}

async function sayingTheSame(shell: Shell, actor: Actor, said: string) {
  const cutter = await cutterFor(shell.db);
  const words = new Set(cutter.wordsOf(said));
  if (words.size < LEAST_WORDS) return [];
  // The longest words tell most; a ticket without any of them is not the same matter.
  const telling = [...words].sort((a, b) => b.length - a.length).slice(0, 8);
  const anyOf = telling.map((w) => tsqueryOf([w])).join(" | ");
  const { rows } = await sql<{ id: string; words: string[] }>`
    select t.id::text, tsvector_to_array(s.words) as words
      from ticket t join ticket_search s on s.ticket_id = t.id
     where t.received_at >= ${new Date(shell.now() - TEXT_DAYS * DAY_MS)} and t.state <> 'voided'
       and s.words @@ ${anyOf}::tsquery
     order by t.received_at desc, t.id desc limit ${READ}`.execute(shell.db);
  const ids = rows
    .map((r) => ({ id: r.id, share: shareOf(words, r.words) }))
    .filter((r) => r.share >= ENOUGH)
    .sort((a, b) => b.share - a.share)
    .slice(0, SHOWN)
    .map((r) => r.id);
  if (ids.length === 0) return [];
  return (await listTickets(shell.db, actor, { ids }, "-received", SHOWN, null, shell.now())).rows;
}

function shareOf(words: ReadonlySet<string>, other: readonly string[]): number {
  const theirs = other.filter((w) => !w.startsWith("§"));
  const common = theirs.filter((w) => words.has(w)).length;
  const shorter = Math.min(words.size, theirs.length);
  return shorter < LEAST_WORDS ? 0 : common / shorter;
}
