/**
 * 备份与恢复. Every row of every table at one instant, as PostgreSQL's own text COPY, compressed, with a manifest.
 *
 * The embedded PostgreSQL ships no pg_dump; COPY inside one repeatable-read snapshot keeps the same promise, works on
 * any version 15–18 and while the server runs. The key that seals personal data is never in a backup.
 * Transaction numbers mean nothing in another cluster: event.txid is left out and given anew by the restoring
 * transaction (ids keep the order); readers' cursors and sessions are not carried over.
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
const LEFT_OUT_COLUMNS = new Set(["event.txid"]);

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
      const stream = client.query(copyTo(`copy ${name} (${columns.join(", ")}) to stdout`));
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
  const text = await readFile(join(folder, "manifest.json"), "utf8").catch(() => null);
  const parsed = text === null ? null : Manifest.safeParse(JSON.parse(text));
  if (!parsed?.success) throw new StartError(`${folder} 不是完整的备份（缺少有效的 manifest.json）。`);
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
    const { rows: used } = await client.query<{ used: boolean }>(
      "select exists (select 1 from ticket) or exists (select 1 from app_user) or exists (select 1 from unit) as used",
    );
    if (used[0]?.used)
      throw new StartError(
        "目标数据库不是空的，未作任何改动。请用 JIESU_DATA 或 DATABASE_URL 指向一个空库。",
      );
    await client.query("begin");
    for (const table of manifest.tables) {
      const digest = createHash("sha256");
      const gunzip = createGunzip();
      gunzip.on("data", (chunk: Buffer) => digest.update(chunk));
      const stream = client.query(copyFrom(`copy ${table.name} (${table.columns.join(", ")}) from stdin`));
      await pipeline(createReadStream(join(folder, `${table.name}.copy.gz`)), gunzip, stream);
      if (digest.digest("hex") !== table.sha256 || stream.rowCount !== table.rows)
        throw new StartError(`备份已损坏：${table.name} 与清单不符，未作任何改动。`);
    }
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

/** Tables with the referenced ones first, and their columns as they are kept. */
async function tablesInOrder(client: pg.Client): Promise<{ name: string; columns: string[] }[]> {
  const { rows: columns } = await client.query<{ name: string; column: string }>(
    `select c.relname as name, a.attname as "column" from pg_class c
     join pg_namespace n on n.oid = c.relnamespace and n.nspname = 'public'
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
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
      columns: (byTable.get(name) ?? [])
        .map((c) => c.column)
        .filter((column) => !LEFT_OUT_COLUMNS.has(`${name}.${column}`))
        .map((column) => `"${column}"`),
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
