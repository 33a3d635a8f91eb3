import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { LIST_COLUMN_KEYS, LIST_COLUMNS } from "@jiesu/core/ticket/listing.ts";
import ExcelJS from "exceljs";
import { seed } from "../../seeds/load.ts";
import { bring, done, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
before(async () => {
  town = await openTown();
  await seed(town.shell, { tickets: 700, seed: 9 });
});
after(() => town.close());

test("the sheet is the list: the same tickets in the same order, the columns that are shown, Beijing time", async () => {
  const triager = await town.as("triager");
  const query = "state=closed&sort=-street";
  const rows = await all(triager, query);
  assert.ok(rows.length > 500, "more than a page of the export");
  const [header, ...lines] = await sheet(triager, `${query}&columns=number,street,receivedAt,returns`);
  assert.deepEqual(header, ["工单编号", "街道（镇）", "来电时间", "退单次数"]);
  assert.deepEqual(
    lines,
    rows.map((row) => [row.number, row.street, beijing(row.receivedAt), row.returns]),
  );
});

test("every column can be exported, under the words of its heading", async () => {
  const triager = await town.as("triager");
  const [header, ...lines] = await sheet(triager, `queue=with-units&columns=${LIST_COLUMN_KEYS.join(",")}`);
  assert.deepEqual(
    header,
    LIST_COLUMN_KEYS.map((key) => LIST_COLUMNS[key].zh),
  );
  assert.equal(lines.length, (await all(triager, "queue=with-units")).length);
});

test("a unit's sheet holds its own tickets alone; who took a sheet is on record; strange columns are refused", async () => {
  await bring(town, "handling", "学院路", { ticket: { title: "学院路井盖" } });
  await bring(town, "handling", "清河", { ticket: { title: "清河井盖" } });
  const handler = await town.as("handler", "学院路");
  const lines = await sheet(handler, "columns=title&sort=title");
  const titles = lines.map((line) => line[0]);
  assert.ok(titles.includes("学院路井盖"));
  assert.ok(!titles.includes("清河井盖"));
  const record = await town.shell.db
    .selectFrom("audit")
    .select(["what", "user_id", "detail"])
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirstOrThrow();
  assert.deepEqual(
    [record.what, record.user_id, record.detail],
    ["export", handler.actor.userId, { list: "all", columns: ["title"], sort: "title" }],
  );
  const strange = await handler.get("/api/tickets/list.xlsx?columns=title,phone");
  assert.equal(refused(strange, 422), "bad-input");
  assert.equal(refused(await handler.get("/api/tickets/list.xlsx?queue=received"), 404), "not-found");
});

test("a view's count is what its list holds, and follows what happens; a unit's is of its own tickets", async () => {
  const lead = await town.as("shiftLead");
  const handler = await town.as("handler", "学院路");
  const view = { name: "井盖", sharing: "role", roles: ["handler", "shiftLead"], filter: { q: "井盖" } };
  const { id } = done(await lead.post("/api/views", view));
  const count = async (who: Client) =>
    done(await who.get("/api/views/counts")).find((each: { id: string }) => each.id === id);
  const listed = async (who: Client) => (await all(who, `q=${encodeURIComponent("井盖")}`)).length;
  assert.deepEqual(await count(lead), { id, count: await listed(lead), more: false });
  const before = await count(handler);
  assert.equal(before.count, await listed(handler));
  assert.ok(before.count < (await count(lead)).count);
  await bring(town, "handling", "学院路", { ticket: { title: "又一处井盖" } });
  assert.equal((await count(handler)).count, before.count + 1);
  const stranger = await town.as("triager");
  assert.equal(await count(stranger), undefined);
});

test("of a long list the count says only that there are more", async () => {
  await seed(town.shell, { tickets: 600, seed: 11 });
  const lead = await town.as("shiftLead");
  const { id } = done(await lead.post("/api/views", { name: "全部", filter: {} }));
  const counts = done(await lead.get("/api/views/counts"));
  assert.deepEqual(
    counts.find((each: { id: string }) => each.id === id),
    { id, count: 1000, more: true },
  );
});

interface Row {
  readonly number: string;
  readonly street: string;
  readonly receivedAt: string;
  readonly returns: number;
}

async function all(who: Client, query: string): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  do {
    const place: string = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page = done(await who.get(`/api/tickets?${query}&limit=200${place}`));
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null);
  return rows;
}

async function sheet(who: Client, query: string): Promise<unknown[][]> {
  const answer = await who.get(`/api/tickets/list.xlsx?${query}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(new Uint8Array(answer.raw).buffer);
  const lines: unknown[][] = [];
  book.worksheets[0]?.eachRow((row) => {
    lines.push(Array.isArray(row.values) ? row.values.slice(1).map(plain) : []);
  });
  return lines;
}

const plain = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);

const beijing = (instant: string): string => new Date(Date.parse(instant) + 8 * 3_600_000).toISOString();
