/** 指纹. A digest of every row of every table, to show that something changed nothing or that two ledgers are the same. */
import pg from "pg";

/** Kept by attempts as such: sessions, the audit of what was tried, counts of failed sign-ins. */
const OF_ATTEMPTS = ["session", "audit", "bulk_run"];
const ATTEMPT_COLUMNS = ["failed_logins", "locked_until"];

/** Digest by table. `but` leaves out tables; without it those that keep attempts are left out. */
export async function ledgerDigest(
  databaseUrl: string,
  but: readonly string[] = OF_ATTEMPTS,
  butColumns: readonly string[] = ATTEMPT_COLUMNS,
): Promise<ReadonlyMap<string, string>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    const { rows: tables } = await client.query<{ name: string }>(
      "select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = 'public' and relkind in ('r', 'p') and relname <> all ($1) order by 1",
      [but],
    );
    const parts = tables.map(
      ({ name }) =>
        `select '${name}' as name, md5(coalesce(string_agg(md5((to_jsonb(t) - $1::text[])::text), '' order by md5((to_jsonb(t) - $1::text[])::text)), '')) as digest from "${name}" t`,
    );
    const { rows } = await client.query<{ name: string; digest: string }>(parts.join(" union all "), [
      butColumns,
    ]);
    return new Map(rows.map((r) => [r.name, r.digest]));
  } finally {
    await client.end();
  }
}
