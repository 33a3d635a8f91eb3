import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { StartError } from "../config/start-error.ts";
import { type Embedded, openEmbedded } from "./embedded.ts";
import { runningPostmaster } from "./postmaster.ts";

const root = process.getuid?.() === 0;
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "jiesu-pg-"));
fs.chmodSync(scratch, 0o711);
const pgHome = path.join(scratch, "home");
const opened: Embedded[] = [];
after(async () => {
  for (const database of opened) await database.close().catch(() => {});
  fs.rmSync(scratch, { recursive: true, force: true });
});

let places = 0;
const newDataDir = () => path.join(scratch, `data-${++places}`);

async function open(dataDir: string, more: { onLost?: (error: StartError) => void } = {}): Promise<Embedded> {
  const database = await openEmbedded({ dataDir, pgHome, ...more });
  opened.push(database);
  return database;
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    const { rows } = await client.query({ text: sql, rowMode: "array" });
    return rows[0]?.[0];
  } finally {
    await client.end();
  }
}

function postmasterOf({ folder }: Embedded): number {
  const running = runningPostmaster(folder);
  assert.ok(running, "PostgreSQL should be running");
  return running.pid;
}

/** Another process that has the database open until it is killed or its input ends. */
async function otherProcess(dataDir: string) {
  const script = `
    import { openEmbedded } from ${JSON.stringify(path.join(import.meta.dirname, "embedded.ts"))};
    const database = await openEmbedded({ dataDir: process.argv[1], pgHome: process.argv[2] });
    console.log(database.started ? "started" : "attached");
    process.stdin.resume().on("end", () => database.close());`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script, dataDir, pgHome], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [said] = await once(child.stdout, "data");
  return { child, said: String(said).trim() };
}

test("the first start makes a database that keeps what it acknowledged, and the next start finds it", async () => {
  const dataDir = newDataDir();
  const first = await open(dataDir);
  assert.ok(first.started);
  await ask(first.url, "create table ticket as select 'a'::text as title");
  await first.close();
  assert.equal(runningPostmaster(first.folder), undefined);
  const second = await open(dataDir);
  assert.equal(second.url, first.url);
  assert.equal(await ask(second.url, "select title from ticket"), "a");
  await second.close();
});

test("it is PostgreSQL 18 in UTF-8, durable, reachable from this machine by password alone", async () => {
  const database = await open(newDataDir());
  assert.match(String(await ask(database.url, "show server_version")), /^18\./);
  assert.equal(await ask(database.url, "show server_encoding"), "UTF8");
  assert.equal(await ask(database.url, "show fsync"), "on");
  assert.equal(await ask(database.url, "show synchronous_commit"), "on");
  assert.equal(await ask(database.url, "show listen_addresses"), "127.0.0.1");
  assert.equal(await ask(database.adminUrl, "show unix_socket_directories"), "");
  assert.equal(await ask(database.url, "select rolsuper from pg_roles where rolname = current_user"), false);
  const wrong = database.url.replace(/:[0-9a-f]+@/, ":wrong@");
  await assert.rejects(ask(wrong, "select 1"), /password authentication failed/);
  await database.close();
});

test("passwords are readable by their owner alone", async () => {
  const dataDir = newDataDir();
  const database = await open(dataDir);
  assert.equal(fs.statSync(path.join(dataDir, "postgres.json")).mode & 0o777, 0o600);
  assert.equal(fs.statSync(database.folder).mode & 0o777, 0o700);
  await database.close();
});

test("a command attaches to the server's database, and leaves it running", async () => {
  const dataDir = newDataDir();
  const server = await open(dataDir);
  const command = await otherProcess(dataDir);
  assert.equal(command.said, "attached");
  command.child.stdin.end();
  await once(command.child, "exit");
  assert.equal(await ask(server.url, "select 1"), 1);
  await server.close();
});

test("whoever started it may leave first: the last one out stops it", async () => {
  const dataDir = newDataDir();
  const command = await otherProcess(dataDir);
  assert.equal(command.said, "started");
  const server = await open(dataDir);
  assert.equal(server.started, false);
  command.child.stdin.end();
  await once(command.child, "exit");
  assert.equal(await ask(server.url, "select 1"), 1);
  await server.close();
  assert.equal(runningPostmaster(server.folder), undefined);
});

test("four that come at once on a first start get one database", async () => {
  const dataDir = newDataDir();
  const all = await Promise.all([1, 2, 3, 4].map(() => otherProcess(dataDir)));
  assert.deepEqual(all.map(({ said }) => said).sort(), ["attached", "attached", "attached", "started"]);
  for (const { child } of all) child.stdin.end();
  await Promise.all(all.map(({ child }) => once(child, "exit")));
  const later = await open(dataDir);
  assert.ok(later.started, "the last one out should have stopped it");
  await later.close();
});

test("kill -9 of the process that started it: PostgreSQL goes on, the next one attaches, and stops it when it leaves", async () => {
  const dataDir = newDataDir();
  const killed = await otherProcess(dataDir);
  killed.child.kill("SIGKILL");
  await once(killed.child, "exit");
  const next = await open(dataDir);
  assert.equal(next.started, false);
  await sleep(200); // the killed one's connection is noticed as closed
  await next.close();
  assert.equal(runningPostmaster(next.folder), undefined);
});

test("kill -9 of PostgreSQL itself loses nothing acknowledged, and the next start works", async () => {
  const dataDir = newDataDir();
  const first = await open(dataDir);
  await ask(first.url, "create table ticket (n int)");
  for (let n = 1; n <= 20; n++) await ask(first.url, `insert into ticket values (${n})`);
  process.kill(postmasterOf(first), "SIGKILL");
  const second = await open(dataDir);
  assert.ok(second.started);
  assert.equal(await ask(second.url, "select count(*)::int from ticket"), 20);
  await second.close();
  await first.close();
});

test("a server whose PostgreSQL is killed has it back on the same port, without a word from anybody", async () => {
  const lost: StartError[] = [];
  const server = await open(newDataDir(), { onLost: (error) => lost.push(error) });
  await ask(server.url, "create table ticket as select 7 as n");
  for (let round = 0; round < 5; round++) {
    const killed = postmasterOf(server);
    process.kill(killed, "SIGKILL");
    const until = performance.now() + 30_000;
    let answer: unknown;
    while (answer !== 7 && performance.now() < until) {
      answer = await ask(server.url, "select n from ticket").catch(() => sleep(100));
    }
    assert.equal(answer, 7);
    assert.notEqual(postmasterOf(server), killed);
  }
  assert.deepEqual(lost, []);
  await server.close();
  assert.equal(runningPostmaster(server.folder), undefined);
});

test("a stale postmaster.pid whose number another program has now does not stop the start", async () => {
  const dataDir = newDataDir();
  const first = await open(dataDir);
  await first.close();
  const note = path.join(first.folder, "postmaster.pid");
  fs.writeFileSync(note, `${process.pid}\n${first.folder}\n1700000000\n54321\n\n127.0.0.1\n\nready\n`);
  const { uid, gid } = fs.statSync(first.folder);
  fs.chownSync(note, uid, gid);
  const second = await open(dataDir);
  assert.ok(second.started);
  await second.close();
});

test("when its port has been taken meanwhile, it takes another", async () => {
  const dataDir = newDataDir();
  const first = await open(dataDir);
  await first.close();
  const port = Number(new URL(first.url).port);
  const { createServer } = await import("node:net");
  const squatter = createServer().listen(port, "127.0.0.1");
  await once(squatter, "listening");
  const second = await open(dataDir);
  assert.notEqual(new URL(second.url).port, String(port));
  await second.close();
  squatter.close();
});

test("a database whose note is lost is never overwritten", async () => {
  const dataDir = newDataDir();
  const first = await open(dataDir);
  await first.close();
  const note = path.join(dataDir, "postgres.json");
  fs.renameSync(note, `${note}.kept`);
  await assert.rejects(
    open(dataDir),
    (error) => error instanceof StartError && error.message.includes("postgres.json"),
  );
  fs.renameSync(`${note}.kept`, note);
  const second = await open(dataDir);
  await second.close();
});

test("a first start that was cut short is made again", async () => {
  const dataDir = newDataDir();
  fs.mkdirSync(path.join(dataDir, "postgres-18.new", "base"), { recursive: true });
  fs.chmodSync(dataDir, 0o711);
  const note = { cluster: "postgres-18", made: false, adminPassword: "a1", appPassword: "b2" };
  fs.writeFileSync(path.join(dataDir, "postgres.json"), JSON.stringify(note), { mode: 0o600 });
  const database = await open(dataDir);
  assert.equal(await ask(database.url, "select 1"), 1);
  await database.close();
});

test("as root, under a home that only root may enter, the cluster lies in the system folder", {
  skip: !root && "not root",
}, async () => {
  const closed = path.join(scratch, "closed-home");
  fs.mkdirSync(closed, { mode: 0o700 });
  const dataDir = path.join(closed, "clone", ".jiesu");
  const first = await open(dataDir);
  assert.ok(first.folder.startsWith(path.join(pgHome, "data-")), first.folder);
  assert.notEqual(fs.statSync(first.folder).uid, 0);
  await ask(first.url, "create table ticket as select 1 as n");
  await first.close();
  const second = await open(dataDir);
  assert.equal(await ask(second.url, "select n from ticket"), 1);
  await second.close();
});

test("as root, a fresh data directory in the same place is a fresh database", {
  skip: !root && "not root",
}, async () => {
  const closed = path.join(scratch, "closed-again");
  fs.mkdirSync(closed, { mode: 0o700 });
  const first = await open(path.join(closed, ".jiesu"));
  await ask(first.url, "create table ticket (n int)");
  await first.close();
  fs.rmSync(path.join(closed, ".jiesu"), { recursive: true });
  const second = await open(path.join(closed, ".jiesu"));
  assert.notEqual(second.folder, first.folder);
  assert.equal(await ask(second.url, "select to_regclass('ticket')"), null);
  await second.close();
});
