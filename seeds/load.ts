/** 装入演示工单. Generates tickets and copies them into the ledger, all of them in one transaction or none. */
import { setImmediate as breath } from "node:timers/promises";
import { foldTally } from "@jiesu/server/assessment/tally.ts";
import { type Db, poolOf } from "@jiesu/server/platform/db/open.ts";
import type { Shell } from "@jiesu/server/platform/shell.ts";
import { sealRequester } from "@jiesu/server/ticket/requester.ts";
import { sql } from "kysely";
import type pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { takeOff } from "./bulk.ts";
import { loadDistrict, readDistrict, unitIds } from "./district.ts";
import { generate, spanFor } from "./generator.ts";
import { addRows, emptyLines, type Ids, type Lines, TABLE_NAMES, TABLES, type Table } from "./rows.ts";

export interface SeedOptions {
  readonly tickets: number;
  /** The same seed over the same span gives the same tickets; 1 unless told. */
  readonly seed?: number;
  /** First arrival at the earliest, epoch ms; by default as many days before `to` as the volume is worth. */
  readonly from?: number;
  /** The story's end, epoch ms; the shell's now unless told. */
  readonly to?: number;
  /** Full names of units, each in turn gets a ticket that waits to be taken. */
  readonly waitingFor?: readonly string[];
  readonly onProgress?: (done: number, total: number) => void;
}

export interface Seeded {
  readonly tickets: number;
  readonly events: number;
  readonly seconds: number;
}

const CHUNK = 1000;
/** From here on a load into an empty ledger does without indexes, and stopped clocks that nobody reads are left out. */
const BULK = 20_000;

/**
 * Fills the ledger with `tickets` invented tickets and their whole lives. The district is loaded first where it is
 * missing; accounts are not made here, and events of people without one carry the name alone. Writers wait meanwhile.
 */
export async function seed(shell: Shell, options: SeedOptions): Promise<Seeded> {
  const started = performance.now();
  const { tickets, seed: number = 1, onProgress } = options;
  const span = spanFor(tickets, options.to ?? shell.now());
  const from = options.from ?? span.from;
  if (tickets < 1 || from >= span.to) return { tickets: 0, events: 0, seconds: 0 };
  await loadDistrict(shell.db, shell.now());
  const references = await referencesOf(shell);
  const events = await onOneConnection(shell.db, async (client) => {
    await client.query(`lock table ${TABLE_NAMES.join(", ")} in share row exclusive mode`);
    const { rows } = await client.query<{ used: boolean }>("select exists (select from ticket) as used");
    const restore = tickets >= BULK && rows[0]?.used === false ? await takeOff(client, TABLE_NAMES) : null;
    const ids: Ids = { ...references, ...(await firstIds(client)) };
    let count = 0;
    let done = 0;
    let lines = emptyLines();
    let sending: Promise<void> = Promise.resolve();
    const send = async (): Promise<void> => {
      await sending;
      const full = lines;
      lines = emptyLines();
      sending = copyAll(client, full);
      sending.catch(() => {}); // awaited at the next chunk, where it is heard
    };
    const serialsAfter = await lastSerial(client);
    for (const tale of generate({
      tickets,
      seed: number,
      from,
      to: span.to,
      rules: shell.rules,
      serialsAfter,
      ...(options.waitingFor ? { waitingFor: options.waitingFor } : {}),
    })) {
      addRows(lines, tale, ids, tickets < BULK);
      count += tale.events.length;
      done += 1;
      if (done % 20 === 0) await breath(); // lets the last chunk flow while this one is made
      if (done % CHUNK === 0) {
        await send();
        onProgress?.(done, tickets);
      }
    }
    await send();
    await sending;
    await client.query(
      "select setval(pg_get_serial_sequence('ticket', 'id'), $1), setval(pg_get_serial_sequence('assignment', 'id'), $2), setval(pg_get_serial_sequence('clock', 'id'), $3)",
      [ids.firstTicket + done - 1, Math.max(1, ids.nextAssignment - 1), Math.max(1, ids.nextClock - 1)],
    );
    await restore?.();
    onProgress?.(done, tickets);
    return count;
  });
  // A big load is vacuumed at once: otherwise lists miss the index-only way until the database gets round to it.
  const big = tickets >= BULK ? sql`vacuum (analyze) ${sql.raw(TABLE_NAMES.join(", "))}` : sql`analyze`;
  await big.execute(shell.db);
  while ((await foldTally(shell.db)) > 0); // the counters of a month would be slow to read until the worker had done it
  return { tickets, events, seconds: (performance.now() - started) / 1000 };
}

async function copyAll(client: pg.ClientBase, lines: Lines): Promise<void> {
  for (const table of TABLE_NAMES) if (lines[table].length > 0) await copy(client, table, lines[table]);
}

function copy(client: pg.ClientBase, table: Table, lines: readonly string[]): Promise<void> {
  const columns = TABLES[table].replaceAll(" ", ", ");
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(`copy ${table} (${columns}) from stdin`));
    stream.once("error", reject);
    stream.once("finish", () => resolve());
    stream.end(lines.join(""));
  });
}

/** What the ledger calls the district's units and people, and how it seals a requester. */
async function referencesOf(shell: Shell): Promise<Pick<Ids, "unit" | "user" | "requester">> {
  const district = readDistrict();
  const units = await unitIds(shell.db, district);
  const users = new Map(
    (await shell.db.selectFrom("app_user").select(["id", "login"]).execute()).map((u) => [u.login, u.id]),
  );
  const sealed = new Map<number, string>();
  return {
    unit(name) {
      const id = units.get(name);
      if (id === undefined) throw new Error(`the ledger has no unit ${name}`);
      return id;
    },
    user: (login) => users.get(login) ?? null,
    requester({ requester: { person, name, phone } }) {
      const known = sealed.get(person);
      if (known !== undefined) return known;
      // One sealing a person, not a ticket: who calls again shows by the phone's digest anyway.
      const r = sealRequester(shell.secrets, { name, phone, account: "", content: "" });
      const made = [r.name_enc, r.phone_enc, r.phone_hash, r.tail_hash]
        .map((part) => (part === null ? "\\N" : `\\\\x${part.toString("hex")}`))
        .join("\t");
      sealed.set(person, made);
      return made;
    },
  };
}

async function firstIds(
  client: pg.ClientBase,
): Promise<Pick<Ids, "firstTicket" | "nextAssignment" | "nextClock">> {
  const { rows } = await client.query<{ ticket: string; assignment: string; clock: string }>(
    "select nextval(pg_get_serial_sequence('ticket', 'id')) as ticket, nextval(pg_get_serial_sequence('assignment', 'id')) as assignment, nextval(pg_get_serial_sequence('clock', 'id')) as clock",
  );
  const [first] = rows;
  if (!first) throw new Error("no sequences");
  return {
    firstTicket: Number(first.ticket),
    nextAssignment: Number(first.assignment),
    nextClock: Number(first.clock),
  };
}

/** Serials of an earlier run end here, so that a second one gives other numbers. */
async function lastSerial(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ last: number | null }>(
    String.raw`select max(substring(number from '\d{6}$')::int) as last from ticket where number ~ '-\d{6}-\d{6}$'`,
  );
  return rows[0]?.last ?? 0;
}

/** One transaction on one connection of the driver's own, which COPY needs. */
async function onOneConnection<T>(db: Db, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await poolOf(db).connect();
  client.on("error", () => {}); // a lost connection fails the query under way, and that is where it is heard
  try {
    await client.query("begin");
    const done = await work(client);
    await client.query("commit");
    client.release();
    return done;
  } catch (error) {
    client.release(true); // it may be in the middle of a COPY: closing it rolls back
    throw error;
  }
}
