/** 等锁. For tests of two at once: goes on when so many wait for a lock, so that the order of things is the test's own. */
import assert from "node:assert/strict";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";

export async function untilWaiting(db: Db, n: number): Promise<void> {
  for (let round = 0; round < 300; round++) {
    const { rows } = await sql<{ n: string }>`select count(*) as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(db);
    if (Number(rows[0]?.n) >= n) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail(`${n} should wait for a lock`);
}
