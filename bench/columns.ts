/**
 * 列存参照. DuckDB over the very rows of `result`: a table of its own in its own types, in the order of time, on two
 * threads; a month of it grouped by unit and kind of entry is what the ranking's counters are measured against.
 */
import { createWriteStream, rmSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import type pg from "pg";
import { to as copyTo } from "pg-copy-streams";

export interface Columns {
  readonly rows: number;
  /** Groups by unit and kind of entry from … before; answers how many groups. */
  month(from: Date, before: Date): Promise<number>;
  close(): void;
}

const LISTED = "unit_id, counted_at, scope, city_scope, source, valid, contacted, solved, satisfied, void";
const TYPES = `
  create type scope_t as enum ('full', 'responseOnly', 'exempt'); create type source_t as enum ('own', 'city');
  create type contacted_t as enum ('yes', 'no'); create type solved_t as enum ('yes', 'partly', 'no');
  create type satisfied_t as enum ('satisfied', 'basically', 'dissatisfied')`;
const COLUMNS = `{unit_id: 'INTEGER', counted_at: 'TIMESTAMP', scope: 'scope_t', city_scope: 'scope_t', source: 'source_t', valid: 'BOOLEAN',
  contacted: 'contacted_t', solved: 'solved_t', satisfied: 'satisfied_t', void: 'BOOLEAN'}`;

/** Reads the results once through a file in `folder`, which is gone again before anything is measured. */
export async function columnsOf(pool: pg.Pool, folder: string): Promise<Columns> {
  const file = join(folder, "results.csv");
  const client = await pool.connect();
  try {
    await client.query("set timezone = 'UTC'");
    await pipeline(
      client.query(
        copyTo(
          `copy (select ${LISTED.replace("counted_at", "counted_at at time zone 'UTC' as counted_at")} from result order by counted_at) to stdout (format csv)`,
        ),
      ),
      createWriteStream(file),
    );
  } finally {
    client.release(true);
  }
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const duck = await instance.connect();
  await duck.run(TYPES);
  await duck.run(
    `create table result as select * from read_csv('${file}', header = false, columns = ${COLUMNS})`,
  );
  rmSync(file);
  const counted = await duck.runAndReadAll("select count(*)::integer from result");
  const month = await duck.prepare(
    `select unit_id, scope, city_scope, source, valid, contacted, solved, satisfied, count(*) from result
      where counted_at >= $1::timestamp and counted_at < $2::timestamp and not void group by all`,
  );
  return {
    rows: Number(counted.getRowsJson()[0]?.[0]),
    async month(from, before) {
      month.bindVarchar(1, from.toISOString().slice(0, 19));
      month.bindVarchar(2, before.toISOString().slice(0, 19));
      return (await month.runAndReadAll()).currentRowCount;
    },
    close: () => duck.closeSync(),
  };
}
