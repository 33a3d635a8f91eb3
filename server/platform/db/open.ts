/** Opens the ledger's database: one pool, one typed query builder. Ids are strings, instants are Date. */
import { Kysely, PostgresDialect } from "kysely";
import pg from "pg";
import type { DB } from "./types.ts";

export type Db = Kysely<DB>;

export interface OpenedDb {
  readonly db: Db;
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

// A civil date stays text: a Date would be read in the machine's zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text);

/** `max` is the number of connections of this process. */
export function openDb(url: string, max = 16): OpenedDb {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    idleTimeoutMillis: 30_000,
    connectionTimeoutMillis: 10_000,
    application_name: "jiesu",
  });
  // An idle connection that the server drops must not end the process; the next query reports the fault.
  pool.on("error", () => {});
  // Nor one that is in use and just between two statements of a transaction: the pool listens to idle ones alone.
  pool.on("connect", (client) => client.on("error", () => {}));
  const db = new Kysely<DB>({ dialect: new PostgresDialect({ pool }) });
  pools.set(db, pool);
  const close = async (): Promise<void> => {
    await db.destroy();
    if (!pool.ended) await pool.end(); // Kysely leaves alone a pool that it has not used itself
  };
  return { db, pool, close };
}

const pools = new WeakMap<Db, pg.Pool>();

/** The driver's pool under a database that `openDb` opened: for COPY, which the query builder does not speak. */
export function poolOf(db: Db): pg.Pool {
  const pool = pools.get(db);
  if (!pool) throw new Error("a transaction, or a database opened elsewhere, has no pool");
  return pool;
}
