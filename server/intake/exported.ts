/** 导出所读. Tickets with their rounds, imported rows and requesters, a page at a time. */
import type { Said } from "@jiesu/core/intake/row.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Secrets } from "../platform/secrets.ts";
import { maskedRequester } from "../ticket/requester.ts";

export interface ExportedTicket {
  readonly id: string;
  readonly number: string;
  readonly channel: string;
  readonly kind: string;
  readonly level: number;
  readonly title: string;
  readonly content: string;
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly district: string;
  readonly street: string;
  readonly community: string;
  readonly address: string;
  readonly enterprise: string;
  readonly reply: string;
  readonly state: string;
  readonly closingKind: string;
  readonly receivedAt: number;
  readonly closedAt: number | null;
  readonly cityDueAt: number | null;
  readonly rounds: readonly ExportedRound[];
  readonly kept: readonly KeptLine[];
  /** Covered; only of tickets that no file told of: the rows of the others hold it. */
  readonly requester: { readonly name: string; readonly phone: string; readonly account: string } | null;
}

interface ExportedRound {
  readonly round: number;
  readonly unitName: string;
  readonly dispatchedAt: number;
  readonly report: string | null;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
}

interface KeptLine {
  readonly key: string;
  readonly round: number;
  readonly unitName: string;
  readonly said: Said;
}

/** The tickets in the order of `ids`. */
export async function readExported(
  db: Db,
  secrets: Secrets,
  ids: readonly string[],
): Promise<readonly ExportedTicket[]> {
  if (ids.length === 0) return [];
  const [tickets, rounds, kept] = await Promise.all([
    db
      .selectFrom("ticket")
      .selectAll()
      .where("id", "in", [...ids])
      .execute(),
    readRounds(db, ids),
    readKept(db, ids),
  ]);
  const byId = new Map(tickets.map((t) => [t.id, t]));
  const roundsOf = Map.groupBy(rounds, (r) => r.ticketId);
  const keptOf = Map.groupBy(kept, (k) => k.ticketId);
  const requesters = new Map<string, ExportedTicket["requester"]>();
  for (const id of ids) if (!keptOf.has(id)) requesters.set(id, await maskedRequester(db, secrets, id));
  return ids.flatMap((id) => {
    const t = byId.get(id);
    if (!t) return [];
    return [
      {
        id,
        number: t.number,
        channel: t.channel,
        kind: t.kind,
        level: t.level,
        title: t.title,
        content: t.content,
        category1: t.category1,
        category2: t.category2,
        category3: t.category3,
        district: t.district,
        street: t.street,
        community: t.community,
        address: t.address,
        enterprise: t.enterprise,
        reply: t.reply,
        state: t.state,
        closingKind: t.closing_kind ?? "",
        receivedAt: t.received_at.getTime(),
        closedAt: t.closed_at?.getTime() ?? null,
        cityDueAt: t.city_due_at?.getTime() ?? null,
        rounds: roundsOf.get(id) ?? [],
        kept: keptOf.get(id) ?? [],
        requester: requesters.get(id) ?? null,
      },
    ];
  });
}

async function readRounds(
  db: Db,
  ids: readonly string[],
): Promise<readonly (ExportedRound & { readonly ticketId: string })[]> {
  const { rows } = await sql<Omit<ExportedRound, "dispatchedAt"> & { ticketId: string; at: Date }>`
    select a.ticket_id::text as "ticketId", a.round, u.name as "unitName", a.dispatched_at as at, a.report,
           r.contacted, r.solved, r.satisfied
      from assignment a
      join unit u on u.id = a.unit_id
      left join result r on r.ticket_id = a.ticket_id and r.round = a.round
     where a.part = 'lead' and a.ticket_id = any(${ids}::bigint[])
     order by a.ticket_id, a.round`.execute(db);
  return rows.map(({ at, ...row }) => ({ ...row, dispatchedAt: at.getTime() }));
}

async function readKept(
  db: Db,
  ids: readonly string[],
): Promise<readonly (KeptLine & { readonly ticketId: string })[]> {
  const { rows } = await sql<KeptLine & { ticketId: string }>`
    select i.ticket_id::text as "ticketId", i.key, i.round, coalesce(u.name, '') as "unitName", i.said
      from import_row i left join unit u on u.id = i.unit_id
     where i.ticket_id = any(${ids}::bigint[])
     order by i.ticket_id, i.round, i.key`.execute(db);
  return rows;
}
