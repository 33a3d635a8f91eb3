/** Numbered plain-SQL migrations, forward only: each is applied once, in its own transaction, and never edited after. */
import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type pg from "pg";

export const MIGRATIONS = join(import.meta.dirname, "..", "..", "migrations");

const LOCK = 7_212_345; // any fixed number: two processes must not migrate at once

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly sha256: string;
}

export async function readMigrations(folder = MIGRATIONS): Promise<readonly Migration[]> {
  const files = (await readdir(folder)).filter((f) => /^\d{4}_.+\.sql$/.test(f)).sort();
  return Promise.all(
    files.map(async (name) => {
      const sql = await readFile(join(folder, name), "utf8");
      return {
        number: Number(name.slice(0, 4)),
        name,
        sql,
        sha256: createHash("sha256").update(sql).digest("hex"),
      };
    }),
  );
}

/** Brings the database to the newest schema; answers the names applied now. Throws when an applied file was changed. */
export async function migrate(pool: pg.Pool, folder = MIGRATIONS): Promise<readonly string[]> {
  const migrations = await readMigrations(folder);
  const client = await pool.connect();
  const applied: string[] = [];
  try {
    await client.query("select pg_advisory_lock($1)", [LOCK]);
    await client.query(
      "create table if not exists schema_migration (number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())",
    );
    const { rows } = await client.query<{ number: number; sha256: string }>(
      "select number, sha256 from schema_migration",
    );
    const done = new Map(rows.map((r) => [r.number, r.sha256]));
    for (const m of migrations) {
      const before = done.get(m.number);
      if (before === m.sha256) continue;
      if (before !== undefined) throw new Error(`migration ${m.name} was changed after it had been applied`);
      await client.query("begin");
      try {
        await client.query(m.sql);
        await client.query("insert into schema_migration (number, name, sha256) values ($1, $2, $3)", [
          m.number,
          m.name,
          m.sha256,
        ]);
        await client.query("commit");
      } catch (error) {
        await client.query("rollback");
        throw error;
      }
      applied.push(m.name);
    }
    return applied;
  } finally {
    await client.query("select pg_advisory_unlock($1)", [LOCK]).catch(() => {});
    client.release();
  }
}
