/** 备份与恢复. A backup made while moves go on comes back whole into an empty database; anything else changes nothing. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { chmod, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gunzipSync, gzipSync } from "node:zlib";
import { backUp, type Manifest, readManifest, restore } from "@jiesu/server/platform/db/backup.ts";
import { type OpenedDb, openDb } from "@jiesu/server/platform/db/open.ts";
import { ledgerDigest } from "@jiesu/server/testing/digest.ts";
import { bring, done, go, lodge, look } from "@jiesu/server/testing/tickets.ts";
import { type Client, openTown, type Town } from "@jiesu/server/testing/town.ts";
import { fireTimers } from "@jiesu/server/ticket/timers.ts";
import { sql } from "kysely";
import { faultsIn } from "./ledger.ts";

const NOT_KEPT = ["session", "schema_migration", "event_cursor"];
const ABOUT = { version: "test", keyId: "k1", at: 0 };

let town: Town;
let triager: Client;
let folder: string;
const emptied: { name: string; opened: OpenedDb }[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "jiesu-backup-"));
  await chmod(folder, 0o700);
  town = await openTown();
  town.pass(Date.now() - town.shell.now());
  triager = await town.as("triager");
  await bring(town, "closed", "学院路", { co: ["中关村"], ticket: { requesterPhone: "13911110000" } });
  const back = await bring(town, "handling", "学院路");
  await go(await town.as("handler", "学院路"), back, "returnToCentre", { ground: "非\t本\\辖区\n换行" });
  await go(await town.as("supervisor"), back, "acceptReturn");
  await lodge(town, { level: 1 });
  await fireTimers(town.shell.db, town.shell.now() + 2 * 3_600_000);
});
after(async () => {
  for (const { name, opened } of emptied) {
    await opened.close();
    await sql`drop database if exists ${sql.id(name)} with (force)`.execute(town.shell.db);
  }
  await town?.close();
  await rm(folder, { recursive: true, force: true });
});

/** A database of its own with nothing in it, not even tables. */
async function emptyDatabase(): Promise<{ url: string; opened: OpenedDb }> {
  const name = `t_${randomBytes(6).toString("hex")}`;
  await sql`create database ${sql.id(name)} template template0`.execute(town.shell.db);
  const at = new URL(town.databaseUrl);
  at.pathname = `/${name}`;
  const opened = openDb(at.href, 2);
  emptied.push({ name, opened });
  return { url: at.href, opened };
}

async function backUpTo(name: string): Promise<{ path: string; manifest: Manifest }> {
  const path = join(folder, name);
  return { path, manifest: await backUp(town.databaseUrl, path, ABOUT) };
}

const digest = (url: string) => ledgerDigest(url, NOT_KEPT, ["txid"]);

test("a ledger comes back as it was, row by row, and work goes on in it", async () => {
  const { path } = await backUpTo("quiet");
  const { url, opened } = await emptyDatabase();
  await restore(opened.pool, url, path, await readManifest(path, "k1"));
  assert.deepEqual(await digest(url), await digest(town.databaseUrl));
  assert.deepEqual(await faultsIn(opened, []), []);
  // New rows get numbers of their own, and a new ticket a number after the last.
  const { rows } = await sql<{ ahead: boolean }>`
    select nextval(pg_get_serial_sequence('event', 'id')) > (select max(id) from event)
       and nextval(pg_get_serial_sequence('ticket', 'id')) > (select max(id) from ticket) as ahead`.execute(
    opened.db,
  );
  assert.equal(rows[0]?.ahead, true);
});

test("which event wrote which entry of the assessment's ledger is still known after a restore", async () => {
  const { path } = await backUpTo("entries");
  const { url, opened } = await emptyDatabase();
  await restore(opened.pool, url, path, await readManifest(path, "k1"));
  const entries = (db: OpenedDb["db"]) =>
    sql<object>`select l.ticket_id, l.round, l.seq, e.kind, e.version from ledger l
      join event e on e.ticket_id = l.ticket_id and e.txid = l.txid order by 1, 2, 3, 5`
      .execute(db)
      .then((r) => r.rows);
  const before = await entries(town.shell.db);
  assert.ok(before.length >= 4, String(before.length));
  assert.deepEqual(await entries(opened.db), before);
  // Nothing of the past lies in the future of this database, where it would hide from its readers.
  const { rows } = await sql<{ n: number }>`
    select count(*)::int as n from event where txid >= pg_snapshot_xmin(pg_current_snapshot())`.execute(
    opened.db,
  );
  assert.equal(rows[0]?.n, 0);
});

test("a backup made in the middle of work holds one instant: no event without its change", async () => {
  let working = true;
  const ids = await Promise.all(Array.from({ length: 6 }, () => lodge(town)));
  const work = ids.map(async (id) => {
    for (let n = 0; working; n++) done(await triager.move(id, "note", { text: `第 ${n} 条` }));
  });
  const first = await backUpTo("busy");
  const second = await backUpTo("busier");
  working = false;
  await Promise.all(work);
  const eventsIn = (m: Manifest) => m.tables.find((t) => t.name === "event")?.rows ?? 0;
  assert.ok(eventsIn(second.manifest) > eventsIn(first.manifest), "the work went on meanwhile");
  const { url, opened } = await emptyDatabase();
  await restore(opened.pool, url, second.path, second.manifest);
  assert.deepEqual(await faultsIn(opened, []), []);
});

test("what was sealed is sealed in the backup, and no password, session or key is in it in clear", async () => {
  const { path, manifest } = await backUpTo("sealed");
  assert.ok(manifest.tables.every((t) => !NOT_KEPT.includes(t.name)));
  for (const { name } of manifest.tables) {
    const text = gunzipSync(await readFile(join(path, `${name}.copy.gz`))).toString("latin1");
    assert.ok(!text.includes("13911110000"), name);
  }
});

test("a database with anything in it is not written to", async () => {
  const { path, manifest } = await backUpTo("full");
  const before = await digest(town.databaseUrl);
  const target = openDb(town.databaseUrl, 1);
  await assert.rejects(
    restore(target.pool, town.databaseUrl, path, manifest),
    /目标数据库不是空的，未作任何改动/,
  );
  await target.close();
  assert.deepEqual(await digest(town.databaseUrl), before);
});

test("a folder that is there already is not backed up into", async () => {
  await assert.rejects(backUp(town.databaseUrl, folder, ABOUT), /备份目录已存在/);
});

interface Damage {
  readonly how: string;
  readonly to: (path: string) => Promise<void>;
  readonly says: RegExp;
}
const inManifest = (change: (text: string) => string) => async (path: string) => {
  const file = join(path, "manifest.json");
  await writeFile(file, change(await readFile(file, "utf8")));
};
const inFile = (name: string, change: (bytes: Buffer) => Buffer) => async (path: string) => {
  const file = join(path, `${name}.copy.gz`);
  await writeFile(file, change(await readFile(file)));
};
const DAMAGES: readonly Damage[] = [
  { how: "cut short", to: inFile("event", (b) => b.subarray(0, b.length - 40)), says: /已损坏：event/ },
  {
    how: "with one byte changed",
    to: inFile("ticket", (b) => Buffer.from(b.map((x, i) => (i === 200 ? x ^ 1 : x)))),
    says: /已损坏：ticket/,
  },
  {
    how: "with a row less",
    to: inFile("event", (b) => gzipSync(gunzipSync(b).toString().split("\n").slice(1).join("\n"))),
    says: /已损坏：event/,
  },
  {
    how: "with a word of a row changed",
    to: inFile("ticket", (b) => gzipSync(gunzipSync(b).toString().replace("路灯", "路障"))),
    says: /已损坏：ticket/,
  },
  { how: "with an empty file", to: inFile("result", () => Buffer.alloc(0)), says: /已损坏：result/ },
  { how: "with a file less", to: (path) => rm(join(path, "clock.copy.gz")), says: /缺少：clock/ },
  { how: "without its manifest", to: (path) => rm(join(path, "manifest.json")), says: /不是完整的备份/ },
  { how: "with half a manifest", to: inManifest((t) => t.slice(0, t.length / 2)), says: /不是完整的备份/ },
  { how: "with another key", to: inManifest((t) => t.replace('"k1"', '"k2"')), says: /另一把密钥/ },
  {
    how: "of a version to come",
    to: inManifest((t) => t.replace('"number": 1,', '"number": 999,')),
    says: /更新的版本/,
  },
  {
    how: "with SQL for a table's name",
    to: inManifest((t) => t.replace('"name": "ticket"', '"name": "ticket from stdin; drop table unit; --"')),
    says: /不是完整的备份|结构不符|缺少/,
  },
  {
    how: "with SQL for a column's name",
    to: inManifest((t) => t.replace('"\\"login\\""', '"login) from stdin; drop table unit; --"')),
    says: /结构不符/,
  },
  {
    how: "with a table struck out of the manifest",
    to: inManifest((t) =>
      JSON.stringify({
        ...JSON.parse(t),
        tables: JSON.parse(t).tables.filter((x: { name: string }) => x.name !== "callback"),
      }),
    ),
    says: /结构不符/,
  },
];

for (const [n, { how, to, says }] of DAMAGES.entries()) {
  test(`a backup ${how} changes nothing`, async () => {
    const whole = join(folder, "whole");
    if (n === 0) await backUp(town.databaseUrl, whole, ABOUT);
    const path = join(folder, `damaged-${n}`);
    await cp(whole, path, { recursive: true });
    await to(path);
    const { url, opened } = emptied[0] && n > 0 ? await sameEmpty() : await freshEmpty();
    await assert.rejects(
      async () => restore(opened.pool, url, path, await readManifest(path, "k1")),
      (error: Error) => {
        assert.equal(error.name, "StartError", error.stack);
        assert.match(error.message, says);
        return true;
      },
    );
    const counts = await digest(url).catch(() => new Map());
    assert.equal(new Set(counts.values()).size <= 1, true, "every table is as empty as the others");
    assert.ok(counts.size === 0 || counts.has("unit"));
  });
}

let empty: { url: string; opened: OpenedDb } | undefined;
async function freshEmpty() {
  empty = await emptyDatabase();
  return empty;
}
/** The same empty database for all damages: that the next restore still finds it empty is part of the proof. */
const sameEmpty = async () => empty ?? freshEmpty();

test("after all those refusals the whole backup still goes in", async () => {
  const { url, opened } = await sameEmpty();
  const path = join(folder, "whole");
  await restore(opened.pool, url, path, await readManifest(path, "k1"));
  assert.deepEqual(await faultsIn(opened, []), []);
  assert.equal((await look(triager, "1")).state, "closed");
});
