import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import { strFromU8, unzipSync } from "fflate";
import { sql } from "kysely";
import { type Exempting, openExempting } from "../testing/exempting.ts";
import { done, refused } from "../testing/tickets.ts";
import { type Answer, openTown, type Town } from "../testing/town.ts";

let town: Town;
let city: Exempting;
const BATCHES = "/api/exemptions/batches";

before(async () => {
  town = await openTown();
  city = await openExempting(town);
});
after(() => town?.close());

async function cells(bytes: Buffer): Promise<string[][]> {
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(bytes).buffer);
  const rows: string[][] = [];
  book.worksheets[0]?.eachRow((row) => {
    rows.push(Array.from({ length: row.cellCount }, (_, i) => row.getCell(i + 1).text));
  });
  return rows;
}
const waiting = async (query = ""): Promise<Answer["body"][]> =>
  done(await city.assessor.get(`${BATCHES}/waiting?${query}`)).rows;
const stepsOf = async (id: string): Promise<string[]> =>
  done(await city.assessor.get(`/api/exemptions/${id}`)).steps.map((each: Answer["body"]) => each.step);

test("what the centre has approved goes to the city in its form, people covered, with an index of the evidence", async () => {
  const first = await city.approved({ files: ["条例摘录"] });
  const second = await city.approved({ name: "李敏", phone: "13900005678" });
  assert.deepEqual(
    (await waiting()).map((row) => [row.id, row.held, row.files]),
    [
      [first.id, null, 1],
      [second.id, null, 0],
    ],
  );
  const batch = await city.batch([second.id, first.id]);
  assert.deepEqual(
    [batch.number, batch.applications, batch.state, batch.own],
    ["海剔报〔2026〕1号", 2, "sent", true],
  );
  const form = await city.assessor.get(`${BATCHES}/${batch.id}/files/form`);
  assert.deepEqual(await cells(form.raw), [
    ["不纳入考核工单申报表"],
    ["批次 海剔报〔2026〕1号 · 2 件 · 报送日期 2026-11-20"],
    [
      ...[
        "序号",
        "申请编号",
        "工单编号",
        "派单轮次",
        "承办单位",
        "问题分类",
        "标题",
        "派发时间",
        "首次联系时间",
      ],
      ...["回访结果", "申请情形", "申请理由", "佐证材料", "佐证件数", "是否申诉", "诉求人", "联系电话"],
      ...["审核人", "审核日期"],
    ],
    ...[
      { ...first, at: "1", files: "1", who: "王**", phone: "138****1234" },
      { ...second, at: "2", files: "0", who: "李*", phone: "139****5678" },
    ].map(({ at, id, number, files, who, phone }) => [
      ...[at, id, number, "1", "香山街道", "", "地下室渗水", "2026-11-20 09:00", "2026-11-20 09:00"],
      ...["未解决、不满意", "诉求无法律法规政策依据", "诉求没有政策依据"],
      ...["法律法规政策条文、与诉求人沟通记录", files, "否", who, phone, "supervisor", "2026-11-20"],
    ]),
  ]);
  const index = await cells((await city.assessor.get(`${BATCHES}/${batch.id}/files/index`)).raw);
  const sha256 = createHash("sha256").update("条例摘录").digest("hex");
  const path = `001_${first.number}/03_条例摘录.txt`;
  assert.deepEqual(index.slice(3, 6), [
    [
      "1",
      first.number,
      "香山街道",
      "1",
      "法律法规政策条文",
      "《北京市物业管理条例》第三十六条",
      "—",
      "—",
      "—",
      "—",
    ],
    [
      "1",
      first.number,
      "香山街道",
      "2",
      "与诉求人沟通记录",
      "11月20日电话沟通，机主［电话］",
      "—",
      "—",
      "—",
      "—",
    ],
    ["1", first.number, "香山街道", "3", "法律法规政策条文", "", "条例摘录.txt", "12", sha256, path],
  ]);
  const pack = await city.assessor.get(`${BATCHES}/${batch.id}/evidence`);
  const parts = unzipSync(pack.raw);
  assert.deepEqual(Object.keys(parts), ["不纳入考核工单申报表佐证目录-海剔报〔2026〕1号.xlsx", path]);
  assert.equal(strFromU8(parts[path] ?? new Uint8Array()), "条例摘录");
  const told = done(await city.handler.get(`/api/exemptions/${first.id}`));
  assert.deepEqual([told.stateZh, told.batch.number], ["已报市级", "海剔报〔2026〕1号"]);
  assert.deepEqual(await stepsOf(first.id), ["apply", "pass", "send"]);
  assert.equal(told.steps.at(-1).note, "海剔报〔2026〕1号");
  assert.deepEqual(await waiting(), []);

  town.pass(86_400_000); // taken down again the next day, every byte is what it was
  await afresh();
  const again = async (what: string) => (await city.assessor.get(`${BATCHES}/${batch.id}/${what}`)).raw;
  assert.ok((await again("files/form")).equals(form.raw));
  assert.ok((await again("evidence")).equals(pack.raw));
});

/** Sessions have run out: everybody signs in anew. */
async function afresh(): Promise<void> {
  await town.afresh("handler", "香山");
  for (const role of ["supervisor", "assessor", "leader", "triager", "auditadmin"] as const)
    await town.afresh(role);
  city = await openExempting(town);
}

test("the same request, a second click and two hands at once make one batch, and an application is in one alone", async () => {
  const { id } = await city.approved();
  const other = await city.approved();
  const send = (key: string, ids: string[], who = city.assessor) => who.post(BATCHES, { key, ids });
  const [a, b, c] = await Promise.all([
    send("click-once", [id]),
    send("click-once", [id]),
    send("another-hand", [id], city.leader),
  ]);
  const made = [a, b, c].filter((answer) => answer.status === 200);
  assert.equal(new Set(made.map((answer) => answer.body.id)).size, 1);
  const gone = [a, b, c].find((answer) => answer.status !== 200);
  assert.equal(gone?.body.code ?? "sending-changed", "sending-changed");
  const key = a.status === 200 ? "click-once" : "another-hand";
  const hand = a.status === 200 ? city.assessor : city.leader;
  const [batch] = made;
  assert.equal(done(await send(key, [id], hand)).id, batch?.body.id, "asked again, it is the same");
  assert.equal(refused(await send(key, [other.id], hand), 409), "sending-key");
  assert.equal(refused(await send("third-hand", [id, other.id]), 409), "sending-changed");
  assert.deepEqual(
    (await waiting()).map((row) => row.id),
    [other.id],
    "a refused batch has taken nothing",
  );
  assert.deepEqual((await stepsOf(id)).filter((step) => step === "send").length, 1);
  const numbers = done(await city.assessor.get(BATCHES)).rows.map((row: Answer["body"]) => row.number);
  assert.deepEqual(numbers.slice(0, 2), ["海剔报〔2026〕2号", "海剔报〔2026〕1号"]);
  await city.batch([other.id]);
});

test("a batch that breaks off in the middle has sent nothing", async () => {
  const { id } = await city.approved();
  const dies = `create function die_at_send() returns trigger language plpgsql as $$ begin
    if new.step = 'send' then perform pg_terminate_backend(pg_backend_pid()); end if; return new; end $$`;
  await sql.raw(dies).execute(town.shell.db);
  await sql`create trigger dies before insert on exemption_step for each row execute function die_at_send()`.execute(
    town.shell.db,
  );
  const before = done(await city.assessor.get(BATCHES)).rows.length;
  const answer = await city.assessor.post(BATCHES, { key: "cut-off-1", ids: [id] });
  assert.ok(answer.status >= 500, JSON.stringify(answer.body));
  await sql`drop trigger dies on exemption_step`.execute(town.shell.db);
  assert.equal(done(await city.assessor.get(BATCHES)).rows.length, before);
  assert.deepEqual(await stepsOf(id), ["apply", "pass"]);
  assert.equal(done(await city.assessor.post(BATCHES, { key: "cut-off-1", ids: [id] })).applications, 1);
});

test("before the city has signed for it a second person withdraws a batch with a reason; its applications can go again", async () => {
  const { id } = await city.approved();
  const batch = await city.batch([id]);
  const withdraw = (who: typeof city.assessor, reason: string) =>
    who.post(`${BATCHES}/${batch.id}/withdraw`, { reason });
  assert.equal(refused(await withdraw(city.assessor, "材料有误"), 403), "sending-own");
  assert.equal(refused(await withdraw(city.leader, " "), 422), "sending-reason");
  const told = done(await withdraw(city.leader, "材料有误"));
  assert.deepEqual([told.state, told.endedBy, told.endNote], ["withdrawn", "leader", "材料有误"]);
  assert.equal(refused(await withdraw(city.leader, "材料有误"), 409), "sending-ended");
  assert.deepEqual(await stepsOf(id), ["apply", "pass", "send", "unsend"]);
  const [item] = done(await city.assessor.get(`${BATCHES}/${batch.id}`)).items;
  assert.deepEqual([item.here, item.stateZh], [false, "待报市级"], "what went out stays written");
  const later = await city.batch([id]);
  done(await city.assessor.post(`${BATCHES}/${later.id}/acknowledge`, { note: "市热线办收文 18 号" }));
  const signed = await city.leader.post(`${BATCHES}/${later.id}/withdraw`, { reason: "材料有误" });
  assert.equal(refused(signed, 409), "sending-ended");
  const decided = await city.approved();
  const last = await city.batch([decided.id]);
  done(await city.assessor.post(`/api/exemptions/${decided.id}/outcome`, { outcome: "denied" }));
  const late = await city.leader.post(`${BATCHES}/${last.id}/withdraw`, { reason: "材料有误" });
  assert.equal(refused(late, 409), "sending-decided");
});

test("the form in clear costs a reason and an audit row a ticket, and is the same each time", async () => {
  const { id, ticketId } = await city.approved({ name: "赵六一", phone: "13700009999" });
  const batch = await city.batch([id]);
  const clear = (reason: string, who = city.assessor) => who.post(`${BATCHES}/${batch.id}/clear`, { reason });
  assert.equal(refused(await clear(""), 422), "sending-reason");
  assert.equal((await clear("市级要求", city.supervisor)).status, 403);
  const first = await clear("市级要求实名报送");
  assert.deepEqual((await cells(first.raw)).at(-1)?.slice(15, 17), ["赵六一", "13700009999"]);
  assert.ok((await clear("再次报送")).raw.equals(first.raw));
  const kept = await town.shell.db
    .selectFrom("exemption_batch_file")
    .select("bytes")
    .where("batch_id", "=", batch.id)
    .where("kind", "=", "clear")
    .executeTakeFirstOrThrow();
  assert.ok(!kept.bytes.includes(first.raw.subarray(0, 40)), "it lies under seal");
  const auditor = await town.as("auditadmin");
  const rows = done(await auditor.get(`/api/audit?what=reveal&limit=100`));
  const mine = rows.filter((row: Answer["body"]) => row.ticketId === ticketId);
  assert.deepEqual(
    mine.map((row: Answer["body"]) => row.detail.reason).sort(),
    ["再次报送", "市级要求实名报送"].sort(),
  );
});

test("what lost its evidence is held back with the reason, and a package is not made anew without it", async () => {
  const sent = await city.approved({ files: ["已报佐证"] });
  const batch = await city.batch([sent.id]);
  const held = await city.approved({ files: ["传错的佐证"] });
  const lost = await city.approved({ files: ["会丢的佐证"] });
  const hide = async (ticketId: string) => {
    const [file] = done(await city.assessor.get(`/api/tickets/${ticketId}`)).attachments;
    const lead = await town.as("shiftLead");
    done(await lead.post(`/api/tickets/${ticketId}/attachments/${file.id}/hide`, { reason: "含他人证件" }));
  };
  await hide(held.ticketId);
  const digest = createHash("sha256").update("会丢的佐证").digest("hex");
  const folder = join(town.shell.files, "attachments");
  const path = (await readdir(folder, { recursive: true })).find((each) => each.endsWith(digest)) ?? "";
  await rm(join(folder, path));
  assert.deepEqual(
    (await waiting()).map((row) => row.held),
    ["佐证文件“传错的佐证.txt”已被移除，请退回单位补充", "佐证文件“会丢的佐证.txt”已丢失，请从备份恢复"],
  );
  const refusal = await city.assessor.post(BATCHES, { key: "held-back", ids: [held.id, lost.id] });
  assert.equal(refused(refusal, 409), "sending-held");
  assert.ok(refusal.body.message.includes(held.number));
  await hide(sent.ticketId);
  assert.equal(refused(await city.assessor.get(`${BATCHES}/${batch.id}/evidence`), 409), "sending-evidence");
});

test("what waits is found by ground and by the days on which the rounds count", async () => {
  const all = (await waiting()).length;
  assert.ok(all > 0);
  assert.equal((await waiting("ground=notOwned")).length, 0);
  assert.equal((await waiting("ground=unreasonable")).length, all);
  assert.equal((await waiting("from=2026-11-21&to=2026-11-21")).length, all, "a Saturday");
  assert.equal((await waiting("to=2026-11-20")).length, 0);
  assert.equal(refused(await city.assessor.get(`${BATCHES}/waiting?from=2026-13-01`), 422), "bad-input");
});

test("units see no batch, and only those who answer to the city make, sign or withdraw one", async () => {
  const { rows } = done(await city.supervisor.get(BATCHES));
  const [{ id }] = rows;
  assert.equal((await city.handler.get(BATCHES)).status, 403);
  assert.equal((await city.handler.get(`${BATCHES}/${id}`)).status, 403);
  assert.equal(refused(await city.assessor.get(`${BATCHES}/999999`), 404), "not-found");
  const asked = [
    ["", { key: "nobody-s-key", ids: ["1"] }],
    [`/${id}/acknowledge`, {}],
    [`/${id}/withdraw`, { reason: "材料有误" }],
    [`/${id}/clear`, { reason: "市级要求" }],
  ] as const;
  for (const [step, body] of asked)
    for (const who of [city.handler, city.supervisor, await town.as("triager")])
      assert.equal((await who.post(`${BATCHES}${step}`, body)).status, 403, `${who.login} ${step}`);
});
