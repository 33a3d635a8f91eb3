import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { inboxStep } from "../inbox/jobs.ts";
import { searchStep } from "../search/jobs.ts";
import { csvOf } from "../testing/sheets.ts";
import { unsound } from "../testing/soundness.ts";
import { done } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { resumeImports } from "./jobs.ts";
import { readBatch } from "./store.ts";
import { runUndos, undoBatch } from "./undo.ts";

let town: Town;
let triager: Client;
let shiftLead: Client;
before(async () => {
  town = await openTown();
  triager = await town.as("triager");
  shiftLead = await town.as("shiftLead");
});
after(() => town.close());

const HEADER = [
  "工单编号",
  "标题",
  "主要内容",
  "工单状态",
  "来电人",
  "来电人电话/账号",
  "来电时间",
  "办结时间",
  "主办单位",
  "办理结果",
  "是否联系",
  "是否解决",
  "是否满意",
];

const row = (
  number: string,
  more: Partial<Record<"title" | "state" | "name" | "closed" | "unit" | "result" | "solved", string>> = {},
): string[] => [
  number,
  more.title ?? "路灯不亮",
  "上地街道某路口路灯不亮，请回电13800001234",
  more.state ?? "承办中",
  more.name ?? "李雷",
  "13800001234",
  "2026-11-18 09:05:00",
  more.closed ?? "",
  more.unit ?? "上地街道",
  more.result ?? "",
  more.solved ? "是" : "",
  more.solved ?? "",
  more.solved ? "满意" : "",
];

/** Uploads, confirms, lets the worker run; answers the batch's id. */
async function bringIn(name: string, rows: readonly string[][], by = triager): Promise<string> {
  const up = done(await by.upload("/api/imports", name, Buffer.from(csvOf([HEADER, ...rows]))));
  done(await by.post(`/api/imports/${up.id}/confirm`, { mapping: {} }));
  assert.equal(await resumeImports(town.shell), 1);
  const after = done(await by.get(`/api/imports/${up.id}`));
  assert.equal(after.status, "done", JSON.stringify(after));
  return up.id;
}

async function undo(id: string, by = triager, reason = "选错了文件") {
  done(await by.post(`/api/imports/${id}/undo`, { reason }));
  assert.equal(await resumeImports(town.shell), 1);
  return done(await by.get(`/api/imports/${id}`)).undo;
}

/** Everything of the tickets but what an undoing must leave: their versions, times of writing, history. */
async function standing(prefix: string): Promise<string> {
  const like = `${prefix}%`;
  const { rows } = await sql<{ all: unknown }>`
    select jsonb_build_object(
      'ticket', (select jsonb_agg(to_jsonb(t) - '{version,moved_version,updated_at}'::text[] order by id) from ticket t where number like ${like}),
      'assignment', (select jsonb_agg(to_jsonb(a) - '{id}'::text[] order by a.ticket_id, a.round, a.part desc) from assignment a join ticket t on t.id = a.ticket_id where number like ${like}),
      'result', (select jsonb_agg(to_jsonb(r) order by r.ticket_id, r.round) from result r join ticket t on t.id = r.ticket_id where number like ${like}),
      'callback', (select jsonb_agg(to_jsonb(c) - '{id,at,user_id,user_name}'::text[] order by c.ticket_id, c.round) from callback c join ticket t on t.id = c.ticket_id where number like ${like}),
      'requester', (select jsonb_agg(to_jsonb(q) order by q.ticket_id) from requester q join ticket t on t.id = q.ticket_id where number like ${like}),
      'clock', (select jsonb_agg(to_jsonb(k) - '{id}'::text[] order by k.ticket_id, k.kind) from clock k join ticket t on t.id = k.ticket_id where number like ${like} and k.state = 'running'),
      'row', (select jsonb_agg(to_jsonb(i) order by i.key) from import_row i join ticket t on t.id = i.ticket_id where number like ${like})
    ) as all`.execute(town.shell.db);
  return JSON.stringify(rows[0]?.all, null, 1);
}

const search = async (word: string): Promise<number> => {
  while ((await searchStep(town.shell)) > 0);
  return done(await triager.get(`/api/search?q=${encodeURIComponent(word)}`)).tickets.length;
};

test("what a wrong batch created is taken back: no queue, no figure, no person's number is left of it", async () => {
  const before = done(await triager.get("/api/queues"));
  const id = await bringIn("错.csv", [
    row("热线-A1", { title: "甲处坑洼", solved: "解决", closed: "2026-11-19 09:00:00", result: "已修" }),
    row("热线-A2", { title: "甲处坑洼" }),
    row("热线-A3", { title: "甲处坑洼", unit: "", state: "" }),
  ]);
  assert.equal(await search("坑洼"), 3);
  const told = await undo(id);
  assert.deepEqual([told.voided, told.putBack, told.kept, told.userName], [3, 0, 0, triager.actor.name]);
  assert.deepEqual(await unsound(town.shell.db), []);
  await inboxStep(town.shell);
  await inboxStep(town.shell);
  const messages = done(await triager.get("/api/inbox")).rows.filter(
    (m: { title: string }) => m.title === "导入已撤销",
  );
  assert.deepEqual(
    messages.map((m: { body: string; link: string }) => [m.body, m.link]),
    [["错.csv\n作废 3 件，恢复 0 件，保留 0 件", `/intake/${id}`]],
  );

  assert.deepEqual(done(await triager.get("/api/queues")), before);
  const listed = done(await triager.get("/api/tickets?sort=-received")).rows;
  assert.ok(!listed.some((t: { number: string }) => t.number.startsWith("热线-A")));
  const ticket = done(await triager.get(`/api/tickets/by-number/${encodeURIComponent("热线-A2")}`));
  assert.deepEqual(
    [ticket.state, ticket.requester, ticket.clocks.filter((c: { state: string }) => c.state === "running")],
    ["voided", null, []],
  );
  const last = ticket.events.find((e: { kind: string }) => e.kind === "undoImport");
  assert.deepEqual([last.zh, last.data.reason], ["撤销导入", "选错了文件"]);
  assert.deepEqual(ticket.moves, [], "nobody works on what was taken back");
  const { rows: counted } =
    await sql`select 1 from result r join ticket t on t.id = r.ticket_id where t.number like '热线-A%'`.execute(
      town.shell.db,
    );
  assert.equal(counted.length, 0);
  assert.equal(
    done(await triager.post("/api/tickets/find-by-phone", { phone: "13800001234" })).rows.length,
    0,
  );
});

test("asked twice it is undone once; the right file then brings the same numbers as new", async () => {
  const listed = done(await triager.get("/api/imports")).rows[0];
  const again = await triager.post(`/api/imports/${listed.id}/undo`, { reason: "再来一次" });
  assert.deepEqual([again.status, again.body.code], [409, "undo-import-twice"]);
  assert.equal(await runUndos(town.shell), 0);

  const look = done(
    await triager.upload(
      "/api/imports",
      "对.csv",
      Buffer.from(csvOf([HEADER, row("热线-A2", { title: "乙处" })])),
    ),
  );
  const seen = done(await triager.post(`/api/imports/${look.id}/preview`, { mapping: {} }));
  assert.deepEqual([seen.toCreate, seen.toUpdate, seen.created[0].title], [1, 0, "乙处"]);
  done(await triager.post(`/api/imports/${look.id}/confirm`, { mapping: {} }));
  await resumeImports(town.shell);
  const ticket = done(await triager.get(`/api/tickets/by-number/${encodeURIComponent("热线-A2")}`));
  assert.deepEqual([ticket.state, ticket.title, ticket.requester.name], ["handling", "乙处", "李*"]);
  assert.deepEqual(ticket.events.map((e: { kind: string }) => e.kind).toSorted(), [
    "import",
    "import",
    "undoImport",
  ]);
  assert.deepEqual(await unsound(town.shell.db), []);
});

test("what a wrong batch changed stands again as it did, to the requester's sealed bytes", async () => {
  await bringIn("先.csv", [
    row("热线-B1", { name: "韩梅梅" }),
    row("热线-B2", { solved: "未解决", closed: "2026-11-19 09:00:00", result: "已看" }),
    row("热线-B3"),
  ]);
  const before = await standing("热线-B");
  const wrong = await bringIn("后.csv", [
    row("热线-B1", {
      name: "李雷",
      unit: "清河街道",
      solved: "解决",
      closed: "2026-11-19 10:00:00",
      result: "假",
    }),
    row("热线-B2", { solved: "解决", closed: "2026-11-19 09:00:00", result: "已看" }),
    row("热线-B3"),
    row("热线-B4"),
  ]);
  assert.notEqual(await standing("热线-B"), before);
  const told = await undo(wrong, shiftLead, "列错了位");
  assert.deepEqual([told.voided, told.putBack, told.kept], [1, 2, 0]);
  await sql`update ticket set number = '作废-B4' where number = '热线-B4'`.execute(town.shell.db);
  assert.equal(await standing("热线-B"), before);
  await sql`update ticket set number = '热线-B4' where number = '作废-B4'`.execute(town.shell.db);
  assert.deepEqual(await unsound(town.shell.db), []);
});

test("what somebody has worked on stays, and so does what a later file changed, each with its reason", async () => {
  const id = await bringIn("C.csv", [
    row("热线-C1", { state: "", unit: "" }),
    row("热线-C2"),
    row("热线-C3"),
  ]);
  const c1 = done(await triager.get(`/api/tickets/by-number/${encodeURIComponent("热线-C1")}`));
  done(await triager.move(c1.id, "sign"));
  const later = await bringIn("C续.csv", [row("热线-C2", { title: "改了标题" })]);
  const told = await undo(id);
  assert.deepEqual([told.voided, told.putBack, told.kept], [1, 0, 2]);
  const { rows } = done(await triager.get(`/api/imports/${id}/kept`));
  assert.deepEqual(
    rows.map((k: { number: string; why: string }) => [k.number, k.why]),
    [
      ["热线-C1", `${triager.actor.name}已签收`],
      ["热线-C2", `后来的导入又更新了它（导入编号 ${later}）`],
    ],
  );
  await undo(later);
  const again = await undo(id);
  assert.deepEqual(
    [again.voided, again.kept],
    [2, 1],
    "once the later batch is undone, the earlier is asked for again",
  );
  const c2 = done(await triager.get(`/api/tickets/by-number/${encodeURIComponent("热线-C2")}`));
  assert.equal(c2.state, "voided");
  assert.deepEqual(await unsound(town.shell.db), []);
});

test("only who imported it or the shift lead may undo a batch, with a reason, in time, and when it has ended", async () => {
  const id = await bringIn("D.csv", [row("热线-D1")]);
  const assessor = await town.as("assessor");
  const by = async (who: Client, reason = "错") =>
    (await who.post(`/api/imports/${id}/undo`, { reason })).body.code;
  assert.equal(await by(assessor), "bad-input");
  assert.equal(
    (await assessor.post(`/api/imports/${id}/undo`, { reason: "选错了" })).body.code,
    "undo-import-not-yours",
  );
  assert.equal(done(await assessor.get(`/api/imports/${id}`)).mayUndo, false);
  const batch = await readBatch(town.shell.db, id);
  assert.ok(batch);
  town.pass(31 * 86_400_000);
  const late = await undoBatch(town.shell, shiftLead.actor, batch, "太晚了");
  assert.deepEqual(late, { ok: false, refusal: { code: "undo-import-late", days: 30 } });
  town.at("2026-11-20", "09:30");
});

test("killed in the middle of undoing, it goes on: every ticket is taken back once", async () => {
  const many = Array.from({ length: 3000 }, (_, i) => row(`热线-E${i}`));
  const id = await bringIn("E.csv", many);
  done(await triager.post(`/api/imports/${id}/undo`, { reason: "整批错" }));
  const child = undoInChild();
  const ended = once(child, "exit");
  await until(async () => (await voidedOf(id)) >= 400);
  child.kill("SIGKILL");
  assert.deepEqual(await ended, [null, "SIGKILL"]);
  const cut = await voidedOf(id);
  assert.ok(cut >= 400 && cut < 3000, `stood at ${cut}`);
  await until(async () => {
    await Promise.all([runUndos(town.shell), runUndos(town.shell)]); // two workers: one holds it
    return done(await triager.get(`/api/imports/${id}`)).undo.finishedAt !== null;
  });
  assert.equal(await voidedOf(id), 3000);
  const { rows } = await sql<{ n: string }>`
    select count(*) as n from event e join ticket t on t.id = e.ticket_id
     where t.number like '热线-E%' and e.kind = 'undoImport'`.execute(town.shell.db);
  assert.equal(rows[0]?.n, "3000");
  assert.deepEqual(await unsound(town.shell.db), []);
});

const voidedOf = async (id: string): Promise<number> => {
  const { rows } = await sql<{
    n: number;
  }>`select voided as n from import_undo where batch_id = ${id}`.execute(town.shell.db);
  return rows[0]?.n ?? 0;
};

async function until(come: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 600; i++) {
    if (await come()) return;
    await sleep(20);
  }
  throw new Error("it did not come");
}

function undoInChild() {
  const code = `
    import { openDb } from "${join(import.meta.dirname, "../platform/db/open.ts")}";
    import { loadRules } from "${join(import.meta.dirname, "../platform/rules.ts")}";
    import { secretsOf } from "${join(import.meta.dirname, "../platform/secrets.ts")}";
    import { runUndos } from "${join(import.meta.dirname, "undo.ts")}";
    const { db } = openDb(process.env.TOWN, 4);
    const now = ${town.shell.now()};
    await runUndos({ db, now: () => now, secrets: secretsOf(Buffer.alloc(32, 7)), rules: loadRules(), files: "" });
  `;
  return spawn(process.execPath, ["--input-type=module-typescript", "-e", code], {
    env: { ...process.env, TOWN: town.databaseUrl },
    stdio: "inherit",
  });
}
