import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { openDb } from "./open.ts";

const url = process.env.JIESU_TEST_PG ?? "";
const options = { skip: url === "" && "JIESU_TEST_PG is not set: run npm test" };

test(
  "closing ends every connection, whether the builder or only the pool was used: a command must not linger",
  options,
  async () => {
    const poolOnly = openDb(url);
    await poolOnly.pool.query("select 1");
    await poolOnly.close();
    assert.equal(poolOnly.pool.totalCount, 0);
    const both = openDb(url);
    await both.pool.query("select 1");
    await sql`select 1`.execute(both.db);
    await both.close();
    assert.equal(both.pool.totalCount, 0);
  },
);
