import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go, goCo, lodge, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;
let shiftLead: Client;
let xueyuanlu: Client;
let zhongguancun: Client;
/** Led by 学院路, helped by nobody. */
let theirs: string;
let theirNumber: string;
/** Led by 中关村, helped by 学院路. */
let shared: string;
/** Led by 中关村 alone. */
let own: string;

const PHONE = "13911112222";

before(async () => {
  town = await openTown();
  triager = await town.as("triager");
  shiftLead = await town.as("shiftLead");
  xueyuanlu = await town.as("handler", "学院路");
  zhongguancun = await town.as("handler", "中关村");
  const ticket = { requesterName: "赵某某", requesterPhone: PHONE, content: "暗号甲：路灯不亮" };
  theirs = await bring(town, "handling", "学院路", { ticket });
  shared = await bring(town, "handling", "中关村", { co: ["学院路"], ticket });
  own = await bring(town, "handling", "中关村", { ticket });
  theirNumber = (await look(triager, theirs)).number;
});
after(() => town?.close());

const idsOf = (rows: { id: string }[]): string[] =>
  rows.map((r) => r.id).sort((a, b) => Number(a) - Number(b));

test("a unit's list holds what it leads and what it helps with, nothing else, whatever is asked for", async () => {
  const unit = await town.unit("学院路");
  for (const query of [
    "",
    "?limit=200&sort=received",
    "?sort=due",
    `?unit=${unit}`,
    "?q=暗号甲",
    "?state=handling",
    `?q=${theirNumber}`,
  ]) {
    const { rows } = done(await zhongguancun.get(`/api/tickets${encodeURI(query)}`));
    assert.ok(!idsOf(rows).includes(theirs), query);
  }
  assert.deepEqual(idsOf(done(await zhongguancun.get("/api/tickets")).rows), [shared, own]);
  assert.deepEqual(idsOf(done(await xueyuanlu.get("/api/tickets")).rows), [theirs, shared]);
});

test("another unit's ticket is not there for a unit: not by id, by number, or by its files", async () => {
  for (const url of [
    `/api/tickets/${theirs}`,
    `/api/tickets/by-number/${encodeURIComponent(theirNumber)}`,
    `/api/tickets/${theirs}/attachments/1`,
    `/api/assessment/explain/tickets/${theirs}`,
  ]) {
    assert.equal(refused(await zhongguancun.get(url), 404), "not-found", url);
  }
  // The same words for a ticket that does not exist: nothing can be learned by trying.
  const [foreign, nobodys] = [
    await zhongguancun.get(`/api/tickets/${theirs}`),
    await zhongguancun.get("/api/tickets/987654321"),
  ];
  assert.deepEqual(foreign.body, nobodys.body);
});

test("a unit opens no queue of the centre", async () => {
  for (const queue of ["received", "triage", "with-units", "near", "overdue", "calling"])
    assert.equal(refused(await zhongguancun.get(`/api/tickets?queue=${queue}`), 404), "not-found", queue);
});

test("a unit's queues count its own tickets alone", async () => {
  const counts = async (who: Client) =>
    Object.fromEntries(
      done(await who.get("/api/queues")).map((q: { key: string; count: number }) => [q.key, q.count]),
    );
  const [ours, others] = [await counts(zhongguancun), await counts(xueyuanlu)];
  assert.deepEqual([ours["unit-handling"], ours["unit-co"], ours["unit-new"]], [2, 0, 0]);
  assert.deepEqual([others["unit-handling"], others["unit-co"], others["unit-new"]], [1, 1, 0]);
  assert.ok(
    Object.keys(ours).every((key) => key.startsWith("unit-")),
    Object.keys(ours).join(),
  );
});

test("a unit's export holds its own tickets alone", async () => {
  const answer = await zhongguancun.get("/api/tickets/export.xlsx");
  assert.equal(answer.status, 200);
  const { default: ExcelJS } = await import("exceljs");
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(answer.raw).buffer);
  const cells: string[] = [];
  book.eachSheet((sheet) => sheet.eachRow((row) => row.eachCell((cell) => cells.push(cell.text))));
  assert.ok(
    cells.some((c) => c.includes("区收-")),
    "the export holds tickets",
  );
  assert.ok(!cells.includes(theirNumber));
  assert.ok(!cells.some((c) => c.includes(PHONE) || c.includes("赵某某")), "names and numbers are covered");
});

test("by the phone of a caller a unit finds its own tickets of that caller alone, however many others the caller has", async () => {
  const found = done(await zhongguancun.post("/api/tickets/find-by-phone", { phone: PHONE }));
  assert.deepEqual(idsOf(found.rows), [shared, own]);
  for (let n = 0; n < 55; n++) await lodge(town, { requesterPhone: PHONE });
  assert.deepEqual(
    idsOf(done(await zhongguancun.post("/api/tickets/find-by-phone", { phone: "2222" })).rows),
    [shared, own],
  );
  assert.equal(
    done(await triager.post("/api/tickets/find-by-phone", { phone: "+86 139-1111-2222" })).rows.length,
    50,
  );
});

test("a unit moves no other unit's ticket: not alone, not in bulk, not as a helper, not by adding a file", async () => {
  for (const move of ["accept", "contact", "note", "returnToCentre"]) {
    const input = { way: "电话", text: "记", ground: "非本辖区" };
    const answer = await zhongguancun.post(`/api/tickets/${theirs}/moves/${move}`, { version: 5, input });
    assert.equal(refused(answer, 404), "not-found", move);
  }
  const bulk = done(
    await zhongguancun.post("/api/tickets/bulk-moves", {
      ids: [theirs],
      move: "note",
      input: { text: "记" },
    }),
  );
  assert.deepEqual([bulk.done, bulk.refused[0].code, bulk.refused[0].number], [[], "not-found", ""]);
  const lead = (await look(xueyuanlu, theirs)).assignments[0].id;
  const foreignCo = (await look(xueyuanlu, shared)).assignments.find(
    (a: { part: string }) => a.part === "co",
  ).id;
  for (const [ticket, assignment] of [
    [theirs, lead],
    [shared, lead],
    [own, foreignCo],
    [shared, foreignCo],
  ])
    assert.equal(
      refused(await zhongguancun.post(`/api/tickets/${ticket}/co/${assignment}/coAccept`), 404),
      "not-found",
    );
  const file = await zhongguancun.upload(
    `/api/tickets/${theirs}/attachments`,
    "图.txt",
    Buffer.from("现场情况"),
  );
  assert.equal(refused(file, 404), "not-found");
  assert.ok(
    !(await look(triager, theirs)).events.some(
      (e: { unit: { name: string } | null }) => e.unit?.name === "中关村",
    ),
  );
});

test("a helper sees the ticket and does its part, but the lead's moves are not its own", async () => {
  assert.equal((await look(xueyuanlu, shared)).moves.length, 0);
  assert.equal(
    refused(await xueyuanlu.move(shared, "report", { text: "已办", outcome: "solved" }), 403),
    "not-your-unit",
  );
  await goCo(xueyuanlu, shared, "coAccept");
});

test("names and numbers are covered on the page, and shown in clear to the unit that leads, to helpers and to the centre, each with a reason", async () => {
  const page = await look(zhongguancun, own);
  assert.deepEqual(page.requester, { name: "赵**", phone: "139****2222", account: "", textMasked: false });
  for (const [who, id] of [
    [zhongguancun, own],
    [xueyuanlu, shared],
    [triager, theirs],
  ] as const) {
    const clear = done(await who.post(`/api/tickets/${id}/reveal`, { reason: "联系诉求人" }));
    assert.deepEqual([clear.name, clear.phone], ["赵某某", PHONE]);
  }
  assert.equal(
    refused(await zhongguancun.post(`/api/tickets/${own}/reveal`, { reason: " " }), 422),
    "bad-input",
  );
});

test("the requester of another unit's ticket is not revealed, and the attempt leaves no row that says it was", async () => {
  const before = await audits("reveal");
  assert.equal(
    refused(await zhongguancun.post(`/api/tickets/${theirs}/reveal`, { reason: "想看看" }), 404),
    "not-found",
  );
  assert.equal(await audits("reveal"), before);
});

test("a unit that gave a ticket back still reads what it did, but is no longer told whom to call", async () => {
  const id = await bring(town, "handling", "清河", { ticket: { requesterPhone: PHONE } });
  const qinghe = await town.as("handler", "清河");
  done(await qinghe.post(`/api/tickets/${id}/reveal`, { reason: "联系诉求人" }));
  await go(qinghe, id, "returnToCentre", { ground: "非本辖区" });
  await go(shiftLead, id, "acceptReturn");
  await go(triager, id, "dispatch", { leadUnitId: await town.unit("中关村"), coUnitIds: [] });
  assert.equal((await look(qinghe, id)).leadUnit.name, "中关村");
  const again = await qinghe.post(`/api/tickets/${id}/reveal`, { reason: "再看看" });
  assert.equal(refused(again, 403), "not-your-unit");
});

test("a unit's figures are its own: no other unit's line, and no ticket behind another unit's figure", async () => {
  await bring(town, "closed", "学院路");
  await bring(town, "closed", "中关村");
  const other = await town.unit("学院路");
  const linesOf = (rows: { unit: { shortName: string } }[]) => rows.map((r) => r.unit.shortName).sort();
  const span = "from=2026-11-01&to=2026-11-30&scope=all";
  const figure = `/api/assessment/tickets?unit=${other}&${span}&measure=base`;
  const rates = `/api/assessment/rates?${span}&by=unit`;
  const rank = "/api/assessment/rank?period=2026-12&group=街镇";
  assert.equal(done(await triager.get(figure)).count, 1);
  assert.equal(refused(await zhongguancun.get(figure), 404), "not-found");
  assert.ok(linesOf(done(await triager.get(rates)).rows).includes("学院路"));
  assert.deepEqual(linesOf(done(await zhongguancun.get(rates)).rows), ["中关村"]);
  assert.ok(linesOf(done(await triager.get(encodeURI(rank))).groups[0].units).includes("学院路"));
  assert.deepEqual(linesOf(done(await zhongguancun.get(encodeURI(rank))).groups[0].units), ["中关村"]);
});

async function audits(what: string): Promise<number> {
  const { n } = await town.shell.db
    .selectFrom("audit")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("what", "=", what)
    .executeTakeFirstOrThrow();
  return Number(n);
}
