/** 成批写入的共同部分. One ticket as an import writes it, and one statement for any number of rows of a table. */
import type { FoldedTicket } from "@jiesu/core/intake/fold.ts";
import { STATES, type TicketState } from "@jiesu/core/ticket/state.ts";
import { type RawBuilder, sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Requester } from "./requester.ts";

/** One ticket as it shall be after the import. */
export interface TicketWrite {
  /** From newTicketIds for a new one. */
  readonly id: string;
  readonly number: string;
  /** What it was; null when it is new. */
  readonly before: {
    readonly state: TicketState;
    readonly round: number;
    readonly version: number;
    readonly movedVersion: number;
  } | null;
  readonly folded: FoldedTicket;
  /** Written when given; empty parts leave what is there. */
  readonly requester: Requester | null;
  readonly events: readonly TicketEvent[];
}

export interface TicketEvent {
  readonly kind: "import" | "importRound" | "importUpdate" | "undoImport";
  readonly round: number;
  readonly unitId: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export const isOpen = (w: TicketWrite): boolean => STATES[w.folded.state].open;

type Columns = Readonly<Record<string, string>>;

/** One statement for any number of rows: they travel as one JSON text, which costs less than an array a column. */
export async function insertRows(
  tx: Db,
  table: string,
  columns: Columns,
  rows: readonly object[],
  conflict: RawBuilder<unknown> = sql``,
): Promise<void> {
  if (rows.length === 0) return;
  const names = sql.join(Object.keys(columns).map((c) => sql.ref(c)));
  const picked = sql.join(Object.keys(columns).map((c) => sql`rec.${sql.ref(c)}`));
  await sql`insert into ${sql.table(table)} (${names}) overriding system value
    select ${picked} from ${recordset(columns, rows)} ${conflict}`.execute(tx);
}

export function recordset(columns: Columns, rows: readonly object[]): RawBuilder<unknown> {
  const typed = sql.join(
    Object.entries(columns).map(([name, type]) => sql`${sql.ref(name)} ${sql.raw(type)}`),
  );
  return sql`json_to_recordset(${JSON.stringify(rows)}::json) as rec(${typed})`;
}

/** Ids for so many new rows. */
export async function newIds(tx: Db, table: "ticket" | "clock", count: number): Promise<readonly string[]> {
  if (count === 0) return [];
  // The sequence's name is looked up once, not for every number.
  const { rows } = await sql<{ id: string }>`
    with s as materialized (select pg_get_serial_sequence(${table}, 'id')::regclass as name)
    select nextval(s.name)::text as id from s, generate_series(1, ${count}::integer)`.execute(tx);
  return rows.map((r) => r.id);
}

export const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
