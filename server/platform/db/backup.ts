/**
 * 备份与恢复. Every row of every table at one instant, as PostgreSQL's own text COPY, compressed, with a manifest.
 *
 * The embedded PostgreSQL ships no pg_dump; COPY inside one repeatable-read snapshot keeps the same promise, works on
 * any version 15–18 and while the server runs. The key that seals personal data is never in a backup.
 * Transaction numbers mean nothing in another cluster, where they may lie in the future and hide events from their
 * readers for years. What they still say there is which events and entries of one ticket belong together: so they are
 * kept as small numbers, counted anew for each ticket. Readers' cursors and sessions are not carried over.
 */
import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip, createGzip } from "node:zlib";
import pg from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import { z } from "zod";
import { StartError } from "../config/start-error.ts";
import { migrate } from "./migrate.ts";

const Manifest = z.object({
  format: z.literal(1),
  version: z.string(),
  at: z.string(),
  keyId: z.string(),
  migrations: z.array(z.object({ number: z.number(), sha256: z.string() })),
  tables: z.array(
    z.object({ name: z.string(), columns: z.array(z.string()), rows: z.number(), sha256: z.string() }),
  ),
});
export type Manifest = z.infer<typeof Manifest>;

const LEFT_OUT_TABLES = new Set(["schema_migration", "session", "event_cursor", "seal_key"]);

/** Below every transaction of a fresh cluster, and more than any ticket has seen. */
const MOST_TXIDS = 600;
const NTH = `(2 + least(dense_rank() over (partition by ticket_id order by txid), ${MOST_TXIDS}))::text::xid8`;

/** Where a table's txid comes from instead of its own column. */
const TXIDS: Readonly<Record<string, { readonly value: string; readonly from: string }>> = {
  event: { value: NTH, from: "event" },
  ledger: {
    value: "coalesce(nth.txid, '0')",
    from: `ledger left join (select distinct ticket_id as of_ticket, txid as was, ${NTH} as txid from event) nth
           on nth.of_ticket = ledger.ticket_id and nth.was = ledger.txid`,
  },
};

/** Writes a backup into a folder that does not exist yet; answers its manifest. */
export async function backUp(
  url: string,
  folder: string,
  about: { version: string; keyId: string; at: number },
): Promise<Manifest> {
  await mkdir(folder, { recursive: false, mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST"
      ? new StartError(`备份目录已存在：${folder}。请换一个目录，以免覆盖。`)
      : error;
  });
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read read only");
    const { rows: migrations } = await client.query<{ number: number; sha256: string }>(
      "select number, sha256 from schema_migration order by number",
    );
    const tables: Manifest["tables"] = [];
    for (const { name, columns } of await tablesInOrder(client)) {
      const digest = createHash("sha256");
      const stream = client.query(copyTo(`copy (${rowsOf(name, columns)}) to stdout`));
      stream.on("data", (chunk: Buffer) => digest.update(chunk));
      await pipeline(
        stream,
        createGzip({ level: 4 }),
        createWriteStream(join(folder, `${name}.copy.gz`), { mode: 0o600 }),
      );
      tables.push({ name, columns, rows: stream.rowCount, sha256: digest.digest("hex") });
    }
    await client.query("commit");
    const manifest: Manifest = {
      format: 1,
      version: about.version,
      keyId: about.keyId,
      at: new Date(about.at).toISOString(),
      migrations,
      tables,
    };
    await writeFile(join(folder, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600 });
    return manifest;
  } finally {
    await client.end();
  }
}

/** Reads the manifest of a backup; refuses a folder that is none, one cut short, and one sealed with another key. */
export async function readManifest(folder: string, keyId: string): Promise<Manifest> {
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => "");
  const parsed = Manifest.safeParse(parseJson(text));
  if (!parsed.success) throw new StartError(`${folder} 不是完整的备份（缺少有效的 manifest.json）。`);
  const manifest = parsed.data;
  if (manifest.keyId !== keyId) {
    throw new StartError(
      `备份中的个人信息是用另一把密钥加密的（编号 ${manifest.keyId}，现为 ${keyId}）。请先换回那把密钥（JIESU_KEY 或 JIESU_KEY_FILE）。`,
    );
  }
  const files = new Set(await readdir(folder));
  const missing = manifest.tables.filter((t) => !files.has(`${t.name}.copy.gz`));
  if (missing.length > 0) throw new StartError(`备份不完整，缺少：${missing.map((t) => t.name).join("、")}`);
  return manifest;
}

/** Fills an empty database from a backup in one transaction: all of it or nothing. */
export async function restore(pool: pg.Pool, url: string, folder: string, manifest: Manifest): Promise<void> {
  await migrate(pool);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows: now } = await client.query<{ number: number; sha256: string }>(
      "select number, sha256 from schema_migration order by number",
    );
    const newer = manifest.migrations.filter(
      (m) => now.find((n) => n.number === m.number)?.sha256 !== m.sha256,
    );
    if (newer.length > 0) throw new StartError("备份来自更新的版本，请先升级程序再恢复。");
    await checkTables(client, manifest, now.length);
    const { rows: used } = await client.query<{ used: boolean }>(
      "select exists (select 1 from ticket) or exists (select 1 from app_user) or exists (select 1 from unit) as used",
    );
    if (used[0]?.used)
      throw new StartError(
        "目标数据库不是空的，未作任何改动。请用 JIESU_DATA 或 DATABASE_URL 指向一个空库。",
      );
    await client.query("begin");
    // What opening an empty database has written into it (the key that it is sealed with) comes again from the backup.
    await client.query(`truncate ${manifest.tables.map((t) => t.name).join(", ")} cascade`);
    // What triggers made of the rows, entries of the ledger and counters, is in the backup itself.
    for (const { name } of manifest.tables) await client.query(`alter table ${name} disable trigger user`);
    for (const table of manifest.tables) await fill(client, folder, table);
    for (const { name } of manifest.tables) await client.query(`alter table ${name} enable trigger user`);
    await resetSequences(client);
    await client.query("commit");
    await client.query("analyze");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  } finally {
    await client.end();
  }
}

/** Copies one table in. Throws StartError when its file is not what the manifest says. */
async function fill(client: pg.Client, folder: string, table: Manifest["tables"][number]): Promise<void> {
  const digest = createHash("sha256");
  const gunzip = createGunzip();
  gunzip.on("data", (chunk: Buffer) => digest.update(chunk));
  const stream = client.query(copyFrom(`copy ${table.name} (${table.columns.join(", ")}) from stdin`));
  const damaged = (cause?: unknown): StartError =>
    new StartError(`备份已损坏：${table.name} 与清单不符，未作任何改动。`, { cause });
  await pipeline(createReadStream(join(folder, `${table.name}.copy.gz`)), gunzip, stream).catch(
    (error: unknown) => {
      throw damaged(error);
    },
  );
  if (digest.digest("hex") !== table.sha256 || stream.rowCount !== table.rows) throw damaged();
}

/** Names out of a manifest go into SQL: only those that this database has pass; of the same version, all of them must be there. */
async function checkTables(client: pg.Client, manifest: Manifest, migrations: number): Promise<void> {
  const known = new Map((await tablesInOrder(client)).map((t) => [t.name, new Set(t.columns)]));
  const strange = manifest.tables.filter((t) => !t.columns.every((c) => known.get(t.name)?.has(c)));
  const same = manifest.migrations.length === migrations;
  const missing = same ? known.size - new Set(manifest.tables.map((t) => t.name)).size : 0;
  if (strange.length > 0 || missing !== 0 || manifest.tables.length === 0)
    throw new StartError("备份的清单与数据库结构不符，备份已损坏或不是接诉的备份。未作任何改动。");
}

function rowsOf(name: string, columns: readonly string[]): string {
  const txid = TXIDS[name];
  if (!txid) return `select ${columns.join(", ")} from ${name}`;
  const values = columns.map((c) => (c === '"txid"' ? `${txid.value} as txid` : `${name}.${c}`));
  return `select ${values.join(", ")} from ${txid.from}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** Tables with the referenced ones first, and their columns as they are kept. */
async function tablesInOrder(client: pg.Client): Promise<{ name: string; columns: string[] }[]> {
  const { rows: columns } = await client.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as "column" from pg_class c
     join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where c.relkind = 'r' order by c.relname, a.attnum`,
  );
  const { rows: keys } = await client.query<{ name: string; needs: string }>(
    "select conrelid::regclass::text as name, confrelid::regclass::text as needs from pg_constraint where contype = 'f' and conrelid <> confrelid",
  );
  const byTable = Map.groupBy(columns, (c) => c.name);
  const done: string[] = [];
  const visit = (name: string): void => {
    if (done.includes(name)) return;
    for (const key of keys) if (key.name === name) visit(key.needs);
    done.push(name);
  };
  for (const name of byTable.keys()) visit(name);
  return done
    .filter((name) => !LEFT_OUT_TABLES.has(name))
    .map((name) => ({
      name,
      columns: (byTable.get(name) ?? []).map((c) => `"${c.column}"`),
    }));
}

async function resetSequences(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ table: string; sequence: string }>(
    `select c.relname as "table", pg_get_serial_sequence(c.relname, 'id') as sequence from pg_class c
     join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and a.attidentity <> ''
     where c.relkind = 'r'`,
  );
  for (const { table, sequence } of rows) {
    await client.query(
      `select setval('${sequence}', coalesce((select max(id) from ${table}), 0) + 1, false)`,
    );
  }
  await client.query(
    "select setval('ticket_serial', coalesce((select max(right(number, 6)::bigint) from ticket where number ~ '^区收-[0-9]{6}-[0-9]{6}$'), 0) + 1, false)",
  );
}
