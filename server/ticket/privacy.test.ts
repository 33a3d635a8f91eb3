/** 个人信息只在一处. Name and number of a requester are sealed in one table, opened for a reason, and stand nowhere else. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import pg from "pg";
import { pino } from "pino";
import { logOptions } from "../cli/serve.ts";
import { resumeImports } from "../intake/jobs.ts";
import { bring, done, go, lodge, look } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { revealRequester } from "./requester.ts";

const NAME = "欧阳某芳";
const PHONE = "13988887777";
const IDENTITY = "11010819900307231X";
const REQUESTER = {
  title: `${PHONE}反映路灯不亮`,
  content: `暗号丙：路灯不亮，请回电${PHONE}，身份证${IDENTITY}`,
  requesterName: NAME,
  requesterPhone: PHONE,
};
/** As they might stand somewhere: as text, without the first digits, as bytes written in hex. */
const SECRETS = [NAME, PHONE, PHONE.slice(3), IDENTITY].flatMap((s) => [s, Buffer.from(s).toString("hex")]);

let town: Town;
let triager: Client;
let id: string;
const logged: string[] = [];

before(async () => {
  // The server's own log at its most talkative.
  town = await openTown(
    pino(logOptions("server", "trace"), { write: (line: string) => void logged.push(line) }),
  );
  triager = await town.as("triager");
  id = await bring(town, "closing", "学院路", { co: ["中关村"], ticket: REQUESTER });
});
after(() => town?.close());

function assertClean(text: string, where: string): void {
  for (const secret of SECRETS) {
    const at = text.indexOf(secret);
    assert.ok(at < 0, `${secret} in ${where}: ${text.slice(Math.max(0, at - 100), at + 40)}`);
  }
}

/** Every row of every table as text; bytes are in hex. */
async function everything(): Promise<readonly { table: string; text: string }[]> {
  const client = new pg.Client({ connectionString: town.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where nspname = 'public' and relkind = 'r'",
    );
    const all: { table: string; text: string }[] = [];
    for (const { name } of rows) {
      const found = await client.query<{ text: string }>(`select to_jsonb(t)::text as text from "${name}" t`);
      all.push(...found.rows.map((r) => ({ table: name, text: r.text })));
    }
    return all;
  } finally {
    await client.end();
  }
}

test("the page shows the requester covered, and the numbers in the text too", async () => {
  const page = await look(triager, id);
  assert.deepEqual(page.requester, { name: "欧**", phone: "139****7777", account: "", textMasked: true });
  assert.equal(page.content, "暗号丙：路灯不亮，请回电［电话］，身份证［证件号］");
  assert.equal(page.title, "［电话］反映路灯不亮");
  assertClean(JSON.stringify(page), "the page");
});

test("whoever needs the text as it came is shown it for a reason", async () => {
  const clear = done(await triager.post(`/api/tickets/${id}/reveal`, { reason: "回电核实" }));
  assert.deepEqual([clear.name, clear.phone], [NAME, PHONE]);
  assert.ok(clear.content.includes(REQUESTER.content) && clear.content.includes(REQUESTER.title));
});

test("a look at the requester and its audit row are one: without the row nothing is shown", async () => {
  const { db, secrets } = town.shell;
  const count = async () =>
    (await db.selectFrom("audit").select("id").where("what", "=", "reveal").execute()).length;
  const before = await count();
  await assert.rejects(
    db.transaction().execute(async (tx) => {
      assert.equal(
        (await revealRequester(tx, secrets, triager.actor, id, "核实", town.shell.now()))?.phone,
        PHONE,
      );
      throw new Error("cut off");
    }),
    /cut off/,
  );
  assert.equal(await count(), before);
  done(await triager.post(`/api/tickets/${id}/reveal`, { reason: "核实" }));
  assert.equal(await count(), before + 1);
});

test("a reason that repeats the number is kept without it", async () => {
  done(await triager.post(`/api/tickets/${id}/reveal`, { reason: `回拨${PHONE}` }));
  const row = await town.shell.db
    .selectFrom("audit")
    .selectAll()
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  assert.equal(row.what, "reveal");
  assert.equal(row.ticket_id, id);
  assertClean(JSON.stringify(row), "the audit");
});

test("a correction puts no number into the title or the address, which every list shows", async () => {
  const one = await lodge(town);
  for (const field of ["title", "address"]) {
    const answer = await triager.move(one, "correct", { fields: { [field]: `请回电${PHONE}` } });
    assert.equal(answer.status, 422);
    assert.match(answer.body.message, /不能写入电话或证件号码/);
  }
  await go(triager, one, "correct", { fields: { title: "学院路东口路灯不亮", address: "学院路38号" } });
});

test("a number in a remark or a report is found by nobody: it is asked for by its digest, in the body and not in the address", async () => {
  const found = done(await triager.post("/api/tickets/find-by-phone", { phone: PHONE }));
  assert.deepEqual(
    found.rows.map((r: { id: string }) => r.id),
    [id],
  );
  assertClean(JSON.stringify(found), "the list");
});

test("no refusal repeats what was typed", async () => {
  const typed = `${NAME} ${PHONE} ${IDENTITY}`;
  const answers: Answer[] = [
    await triager.post("/api/tickets", { ...REQUESTER, channel: "电话", level: typed }),
    await triager.post("/api/tickets", { ...REQUESTER, channel: "电话", requesterName: typed.repeat(20) }),
    await triager.post("/api/tickets/find-by-phone", { phone: typed.repeat(5) }),
    await triager.post(`/api/tickets/${id}/moves/note`, { version: 1, input: { text: { typed } } }),
    await triager.post(`/api/tickets/${id}/moves/${encodeURIComponent(typed)}`, { version: 1 }),
    await triager.get(`/api/tickets/by-number/${encodeURIComponent(typed)}`),
    await triager.get(`/api/tickets?level=${encodeURIComponent(typed)}`),
    await triager.get(`/api/tickets/${encodeURIComponent(typed)}`),
    await triager.get(`/api/${encodeURIComponent(typed)}`),
    await triager.move(id, "dispatch", { leadUnitId: typed }),
    await triager.move(id, "sign", {}),
  ];
  for (const { status, body } of answers) {
    assert.ok(status >= 400 && status < 500, JSON.stringify(body));
    assertClean(JSON.stringify(body), "a refusal");
  }
});

test("a fault of the database, which quotes the row that it refused, is told and logged without the row", async () => {
  const client = new pg.Client({ connectionString: town.databaseUrl });
  await client.connect();
  try {
    for (const table of ["ticket", "requester"]) {
      await client.query(`alter table ${table} add constraint broken check (false) not valid`);
      const answer = await triager.post("/api/tickets", { ...REQUESTER, channel: "电话" });
      await client.query(`alter table ${table} drop constraint broken`);
      assert.equal(answer.status, 500);
      assert.deepEqual(Object.keys(answer.body), ["code", "message", "detail"]);
      const line = logged.find((l) => l.includes(answer.body.detail.id));
      assert.ok(line, "the fault is logged under the number that the person is told");
      assert.match(line, /"faultCode":"23514"/);
      assert.ok(!line.includes("暗号丙"), line);
    }
  } finally {
    await client.end();
  }
});

test("an imported file leaves names and numbers in the sealed table alone, and is not kept", async () => {
  const head = "工单编号,主要内容,来电人,来电人电话/账号,被反映街乡镇,主办单位,来电时间,标题";
  const rows = [
    `热线-261101-000001,路灯不亮请联系${PHONE},${NAME},${PHONE},学院路街道,学院路街道,2026-11-01 10:00:00,${PHONE}反映路灯`,
    `热线-261101-000002,身份证${IDENTITY},${NAME},${PHONE},学院路街道,学院路街道,2020-02-30,反映路灯`,
    `,没有编号，电话${PHONE},${NAME},${PHONE},学院路街道,学院路街道,2026-11-01 10:00:00,反映路灯`,
  ];
  const file = Buffer.from(`${head}\n${rows.join("\n")}\n`);
  const batch = done(await triager.upload("/api/imports", "来件.csv", file));
  assertClean(JSON.stringify(batch), "the preview");
  const columns: { header: string; field: string | null }[] = batch.columns;
  const mapping = Object.fromEntries(columns.flatMap((c) => (c.field ? [[c.header, c.field]] : [])));
  done(
    await triager.post(`/api/imports/${batch.id}/confirm`, {
      profile: batch.profile,
      mapping,
      createUnits: false,
    }),
  );
  while ((await resumeImports(town.shell)) > 0);
  const after = done(await triager.get(`/api/imports/${batch.id}`));
  assert.deepEqual([after.status, after.created], ["done", 1]);
  for (const list of ["errors", "errors.csv"])
    assertClean(JSON.stringify((await triager.get(`/api/imports/${batch.id}/${list}`)).body), list);
  const kept = readdirSync(town.shell.files, { recursive: true, withFileTypes: true }).filter((f) =>
    f.isFile(),
  );
  for (const f of kept) assertClean(readFileSync(join(f.parentPath, f.name), "utf8"), f.name);
  const imported = done(
    await triager.get(`/api/tickets/by-number/${encodeURIComponent("热线-261101-000001")}`),
  );
  assert.equal(
    done(await triager.post(`/api/tickets/${imported.id}/reveal`, { reason: "核实" })).phone,
    PHONE,
  );
});

test("after all this no table holds a name or a number that can be read, and the sealed one holds them sealed", async () => {
  await lodge(town, REQUESTER);
  await go(await town.as("closer"), id, "approveClosing");
  const rows = await everything();
  assert.ok(rows.length > 1000, String(rows.length));
  for (const { table, text } of rows) assertClean(text, `table ${table}`);
  const sealed = await town.shell.db
    .selectFrom("requester")
    .selectAll()
    .where("ticket_id", "=", id)
    .executeTakeFirstOrThrow();
  assert.equal(town.shell.secrets.open(sealed.phone_enc ?? Buffer.alloc(0)), PHONE);
  const again = await town.shell.db
    .selectFrom("requester")
    .select("phone_enc")
    .where("ticket_id", "!=", id)
    .execute();
  assert.ok(
    again.every((r) => !r.phone_enc?.equals(sealed.phone_enc ?? Buffer.alloc(0))),
    "equal numbers do not look equal",
  );
});

test("a sealed number that was altered, or is opened with another key, is refused and not guessed", async () => {
  const { phone_enc: sealed } = await town.shell.db
    .selectFrom("requester")
    .select("phone_enc")
    .where("ticket_id", "=", id)
    .executeTakeFirstOrThrow();
  const altered = Buffer.from(sealed ?? []);
  altered[20] = (altered[20] ?? 0) ^ 1;
  assert.throws(() => town.shell.secrets.open(altered), /altered/);
});

test("the log of all this holds no name, no number, no text of a ticket, no password and no cookie", () => {
  assert.ok(logged.length >= 2, String(logged.length));
  const log = logged.join("");
  assertClean(log, "the log");
  for (const word of [
    "暗号丙",
    "jiesu_session",
    triager.cookie.split("=")[1] ?? "?",
    triager.csrf,
    "password",
  ])
    assert.ok(!log.includes(word), `${word} in the log`);
});
