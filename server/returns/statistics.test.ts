import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import { bring, done, go, lodge, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;
let supervisor: Client;
let xueyuanlu: Client;

before(async () => {
  town = await openTown(); // Friday 2026-11-20
  triager = await town.as("triager");
  supervisor = await town.as("supervisor");
  xueyuanlu = await town.as("handler", "学院路");
});
after(() => town.close());

const DAYS = "from=2026-11-01&to=2026-11-30";
const CLAIM = { kind: "area", ground: "属清河街道", evidence: "辖区图", suggestUnit: "清河街道" };

interface Line {
  readonly key: string;
  readonly name: string;
  readonly figures: Readonly<Record<string, number | null>>;
  readonly before: number;
  readonly place: number | null;
}

interface Stat {
  readonly rows: readonly Line[];
  readonly total: Line;
  readonly before: { readonly from: string; readonly to: string };
  readonly minRanked: number;
  readonly row: (name: string) => Line | undefined;
}

const stat = async (who: Client, of: string, by: string, days = DAYS): Promise<Stat> => {
  const body = done(await who.get(`/api/returns/${of}?${days}&by=${by}`), `${of} ${by}`);
  const rows: readonly Line[] = body.rows;
  const total: Line = body.total;
  return { ...body, rows, total, row: (name: string) => rows.find((row) => row.name === name) };
};

const behind = async (who: Client, of: string, figure: string, by: string, key?: string) => {
  const at = key === undefined ? "" : `&key=${encodeURIComponent(key)}`;
  return done(await who.get(`/api/returns/tickets?of=${of}&figure=${figure}&by=${by}&${DAYS}${at}`)).rows;
};

async function returned(unit: string, answer: "acceptReturn" | "refuseReturn" | null): Promise<string> {
  const handler = await town.as("handler", unit);
  const id = await bring(town, "handling", unit, { ticket: { category1: "环境卫生" } });
  await go(handler, id, "returnToCentre", CLAIM);
  if (answer) await go(triager, id, answer, { reason: "请继续办理", note: "属实" });
  return id;
}

test("returns are counted by unit, ground, category and outcome, and each number opens into the tickets that it counts", async () => {
  const taken = await returned("学院路", "acceptReturn");
  const kept = await returned("学院路", "refuseReturn");
  const waits = await returned("中关村", null);
  const units = await stat(supervisor, "statistics", "unit");
  const line = units.row("学院路");
  assert.ok(line);
  assert.deepEqual(
    ["asked", "accepted", "refused", "waiting", "refusedRate"].map((key) => line.figures[key]),
    [2, 1, 1, 0, 50],
  );
  assert.deepEqual(
    [units.row("中关村")?.figures.waiting, units.row("中关村")?.figures.refusedRate],
    [1, null],
  );
  assert.equal(units.total.figures.asked, 3);
  assert.deepEqual(
    (await stat(supervisor, "statistics", "ground")).row("非属地（点位不在辖区）")?.figures.asked,
    3,
  );
  assert.deepEqual((await stat(supervisor, "statistics", "category")).row("环境卫生")?.figures.asked, 3);
  assert.deepEqual((await stat(supervisor, "statistics", "outcome")).row("驳回退单")?.figures.asked, 1);
  const key = await town.unit("学院路");
  const ids = (rows: { ticketId: string }[]) => rows.map((row) => row.ticketId);
  assert.deepEqual(ids(await behind(supervisor, "returns", "asked", "unit", key)), [kept, taken]);
  assert.deepEqual(ids(await behind(supervisor, "returns", "refused", "unit", key)), [kept]);
  assert.deepEqual(ids(await behind(supervisor, "returns", "waiting", "unit")), [waits]);
  for (const { key: each, figures } of units.rows)
    assert.equal((await behind(supervisor, "returns", "asked", "unit", each)).length, figures.asked, each);
});

test("a unit counts its own returns and no other's, and nothing of what the centre collects", async () => {
  const own = await stat(xueyuanlu, "statistics", "unit");
  assert.deepEqual(
    own.rows.map((row) => row.name),
    ["学院路"],
  );
  const rows = await behind(xueyuanlu, "returns", "asked", "unit");
  assert.ok(rows.length > 0 && rows.every((row: { unitName: string }) => row.unitName === "学院路"));
  const other = await town.unit("中关村");
  assert.deepEqual(await behind(xueyuanlu, "returns", "asked", "unit", other), []);
  assert.equal(refused(await xueyuanlu.get(`/api/returns/collection?${DAYS}`), 403), "not-allowed");
  assert.equal(
    refused(await xueyuanlu.get(`/api/returns/tickets?of=collection&figure=tickets&by=channel&${DAYS}`), 403),
    "not-allowed",
  );
});

test("a unit with one ticket does not top a ranking", async () => {
  await returned("燕园", "acceptReturn"); // its only ticket: a rate of 100 %
  for (let i = 0; i < 10; i += 1) await bring(town, "dispatched", "花园路");
  await returned("花园路", "refuseReturn");
  const { rows, row, minRanked } = await stat(supervisor, "statistics", "unit");
  assert.equal(minRanked, 10);
  assert.deepEqual([row("燕园")?.figures.rate, row("燕园")?.place], [100, null]);
  assert.deepEqual([row("花园路")?.figures.rate, row("花园路")?.place], [9.1, 1]);
  assert.equal(rows[0]?.name, "花园路");
});

test("merged counted once: the ticket that went into another is no second one of the collection", async () => {
  const before = (await stat(supervisor, "collection", "channel")).row("微博");
  assert.equal(before, undefined);
  const main = await lodge(town, { channel: "微博" });
  const twin = await lodge(town, { channel: "微博" });
  assert.equal((await stat(supervisor, "collection", "channel")).row("微博")?.figures.tickets, 2);
  await go(triager, twin, "merge", { into: main });
  const after = (await stat(supervisor, "collection", "channel")).row("微博");
  assert.deepEqual([after?.figures.tickets, after?.figures.merged], [1, 1]);
  assert.deepEqual(
    (await behind(supervisor, "collection", "merged", "channel", "微博")).map(
      (r: { ticketId: string }) => r.ticketId,
    ),
    [twin],
  );
});

test("reopened leaves closed statistics", async () => {
  const id = await bring(town, "closed", "上地", { ticket: { channel: "人民网留言板" } });
  const closed = async () =>
    (await stat(supervisor, "collection", "channel")).row("人民网留言板")?.figures.closed;
  assert.equal(await closed(), 1);
  await go(supervisor, id, "reopen", { reason: "市民反映未解决" });
  assert.equal(await closed(), 0);
  assert.deepEqual(await behind(supervisor, "collection", "closed", "channel", "人民网留言板"), []);
  assert.equal((await stat(supervisor, "collection", "channel")).row("人民网留言板")?.figures.tickets, 1);
});

test("rejected tickets are still found: in the collection, among the withdrawals with the city's no, and in the list", async () => {
  const ticket = { channel: "政务服务网", content: "市民反映京密引水渠水质。" };
  const id = await bring(town, "triage", "学院路", { ticket });
  await go(triager, id, "applyWithdraw", { ground: "不属本区" });
  await go(triager, id, "acceptWithdraw");
  const gone = (await stat(supervisor, "collection", "channel")).row("政务服务网");
  assert.deepEqual([gone?.figures.tickets, gone?.figures.withdrawn], [1, 1]);
  await go(triager, id, "rejectWithdraw", { reason: "点位在海淀区" });
  const back = (await stat(supervisor, "collection", "channel")).row("政务服务网");
  assert.deepEqual([back?.figures.tickets, back?.figures.withdrawn], [1, 0]);
  const withdrawals = (await stat(supervisor, "withdrawals", "channel")).row("政务服务网");
  assert.deepEqual(
    ["applied", "waiting", "accepted", "rejected", "rejectedRate"].map((key) => withdrawals?.figures[key]),
    [1, 0, 0, 1, 100],
  );
  const rows = await behind(supervisor, "withdrawals", "rejected", "channel", "政务服务网");
  assert.deepEqual(
    rows.map((r: Record<string, unknown>) => [r.ticketId, r.standingZh, r.reason]),
    [[id, "市级驳回", "不属本区"]],
  );
  const listed = done(await triager.get(`/api/tickets?channel=${encodeURIComponent("政务服务网")}`)).rows;
  assert.deepEqual(
    listed.map((r: { id: string }) => r.id),
    [id],
  );
});

test("sorting: minutes to the first dispatch by their median, and a first dispatch that was returned was not right", async () => {
  const channel = "网络舆情";
  for (const minutes of [10, 20, 25]) {
    const id = await bring(town, "triage", "学院路", { ticket: { channel } });
    town.pass(minutes * 60_000);
    await go(triager, id, "dispatch", { leadUnitId: await town.unit("学院路") });
    if (minutes === 25) {
      await go(await town.as("handler", "学院路"), id, "returnToCentre", CLAIM);
      await go(triager, id, "acceptReturn");
    }
  }
  const line = (await stat(supervisor, "collection", "channel")).row(channel);
  assert.deepEqual(
    ["tickets", "dispatched", "firstRight", "firstRightRate", "minutes"].map((key) => line?.figures[key]),
    [3, 3, 2, 66.7, 20],
  );
});

test("环比: a week beside the week before, day by day the same number of days; nothing of it in an empty span", async () => {
  town.at("2026-11-27", "09:00"); // Friday of the next week
  supervisor = await town.afresh("supervisor");
  const { total, before: earlier } = await stat(
    supervisor,
    "statistics",
    "unit",
    "from=2026-11-23&to=2026-11-29",
  );
  assert.deepEqual([earlier.from, earlier.to, total.figures.asked], ["2026-11-16", "2026-11-22", 0]);
  assert.equal(total.before, (await stat(supervisor, "statistics", "unit")).total.figures.asked);
  assert.equal(total.figures.refusedRate, null);
});

test("days the wrong way round, more than a year, or a figure that no table has, are refused with a reason", async () => {
  assert.equal(
    refused(await supervisor.get("/api/returns/statistics?from=2026-11-30&to=2026-11-01"), 422),
    "days-reversed",
  );
  assert.equal(
    refused(await supervisor.get("/api/returns/statistics?from=2024-11-01&to=2026-11-01"), 422),
    "days-too-many",
  );
  assert.equal(
    (await supervisor.get(`/api/returns/tickets?of=returns&figure=nothing&by=unit&${DAYS}`)).status,
    404,
  );
});

test("the workbook holds every table with its definitions, and no requester", async () => {
  const answer = await supervisor.get(`/api/returns/book.xlsx?${DAYS}`);
  assert.equal(answer.status, 200);
  const book = new ExcelJS.Workbook();
  const bytes = new Uint8Array(answer.raw);
  await book.xlsx.load(bytes.buffer);
  const names = book.worksheets.map((sheet) => sheet.name);
  assert.ok(names.includes("退单·按单位") && names.includes("退市·按渠道") && names.includes("采集·按时刻"));
  const sheet = book.getWorksheet("退单·按单位");
  const units = await stat(supervisor, "statistics", "unit");
  assert.equal(sheet?.rowCount, 3 + units.rows.length + 1);
  assert.deepEqual(sheet?.getRow(4).getCell(2).value, units.rows[0]?.figures.asked);
  assert.match(JSON.stringify(sheet?.getRow(3).getCell(2).note), /同一工单退几次计几次/);
});
