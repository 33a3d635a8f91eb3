import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { documentText } from "@jiesu/core/report/document.ts";
import { summaryDocument } from "@jiesu/core/supervision/summary.ts";
import ExcelJS from "exceljs";
import { unitStandings } from "../assessment/unitstanding.ts";
import { bringItem, step } from "../testing/supervision.ts";
import { bring, done, go, lodge, look, refused } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { supervisionJob } from "./jobs.ts";
import { summaryItems } from "./summary.ts";

const UNIT = "学院路街道";
const OTHER = "清河街道";
let town: Town;
let supervisor: Client;
let handler: Client;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  supervisor = await town.as("supervisor");
  handler = await town.as("handler", UNIT);
});
after(() => town?.close());

const csv = (lines: readonly (readonly string[])[]): Buffer =>
  Buffer.from(`\ufeff${lines.map((cells) => cells.join(",")).join("\r\n")}\r\n`);
const HEADER = ["序号", "工单编号", "责任单位", "督办等级", "督办要求", "办理期限", "备注"];
const take = (path: string, bytes: Buffer, name = "十一月未办结清单.csv"): Promise<Answer> =>
  supervisor.upload(`/api/supervision/lists${path}`, name, bytes, "text/csv");
const numberOf = async (id: string): Promise<string> => (await look(supervisor, id)).number;
const listed = async (query: string): Promise<Answer["body"]> =>
  done(await supervisor.get(`/api/supervision?${query}`));

test("the city's list becomes items by number, each with its day and level; what has no ticket is kept with why, and the file again changes nothing", async () => {
  const [one, two] = [
    await bring(town, "closed", UNIT, { ticket: { title: "楼道堆物" } }),
    await bring(town, "handling", OTHER),
  ];
  const bytes = csv([
    ["市级未办结工单清单"],
    HEADER,
    [
      "1",
      await numberOf(one),
      "海淀区学院路街道办事处",
      "重点",
      "请核实解决",
      "2026-11-25",
      "诉求人 13812345678 仍不满意",
    ],
    ["2", await numberOf(two), "", "", "", "", ""],
    ["3", "热线-000000-404", UNIT, "一般", "请办理", "2026/12/1 18:00", ""],
    ["合计", "3", "", "", "", "", ""],
  ]);
  const seen = done(await take("/look", bytes));
  assert.deepEqual(
    [seen.rows, seen.refused, seen.totals, seen.fresh, seen.known, seen.unmatched, seen.headerRow],
    [3, 0, 1, 2, 0, 1, 2],
  );
  assert.match(seen.lines[0].whyZh, /台账里没有这个编号/);
  assert.equal((await listed("origin=city")).total, 0, "a look writes nothing");
  const made = done(await take("", bytes));
  assert.deepEqual([made.items, made.unmatched, made.same, made.period], [2, 1, false, "2026-12"]);
  const again = done(await take("", bytes, "改了名字.csv"));
  assert.deepEqual([again.id, again.same], [made.id, true]);
  const { rows, total } = await listed("origin=city&state=arrived");
  assert.equal(total, 2);
  const item = rows.find((row: { tickets: { id: string }[] }) => row.tickets[0]?.id === one);
  assert.deepEqual([item.title, item.level, item.units[0].name], ["楼道堆物", "key", "学院路"]);
  assert.equal(item.givenDueAt, "2026-11-25T15:59:59.999Z");
  assert.doesNotMatch(JSON.stringify(item), /13812345678/);
  const forwarded = done(
    await step(supervisor, item.id, "forward", { unitIds: [await town.unit(UNIT)], text: "请限期办结" }),
  );
  assert.equal(forwarded.dueAt, "2026-11-25T15:59:59.999Z", "the city's day binds the unit's clock");
});

test("a corrected list adds only what is new; a ticket that comes later is matched again", async () => {
  const [known] = (await listed("origin=city")).rows;
  const late = await lodge(town, { title: "后来导入" });
  const { number: lateNumber } = await look(supervisor, late);
  const { db } = town.shell;
  await db.updateTable("ticket").set({ number: "热线-待导入" }).where("id", "=", late).execute();
  const bytes = csv([
    HEADER,
    ["1", known.tickets[0].number, "", "", "", "", ""],
    ["2", lateNumber, "", "", "", "", ""],
  ]);
  const made = done(await take("", bytes));
  assert.deepEqual([made.items, made.unmatched], [1, 1]);
  assert.equal((await listed("origin=city")).total, 2, "no ticket has two items of one month");
  assert.equal(done(await supervisor.post(`/api/supervision/lists/${made.id}/match`, {})).matched, 0);
  await db.updateTable("ticket").set({ number: lateNumber }).where("id", "=", late).execute();
  assert.equal(done(await supervisor.post(`/api/supervision/lists/${made.id}/match`, {})).matched, 1);
  assert.equal(done(await supervisor.post(`/api/supervision/lists/${made.id}/match`, {})).matched, 0);
  const list = done(await supervisor.get(`/api/supervision/lists/${made.id}`));
  assert.ok(
    list.lines.every((line: { item: unknown; whyZh: unknown }) => line.item !== null && line.whyZh === null),
  );
});

test("a number that came twice is told apart by round or dispatch, and what two rounds fit is left open", async () => {
  const id = await bring(town, "handling", UNIT);
  await go(handler, id, "returnToCentre", { ground: "非本辖区" });
  await go(supervisor, id, "acceptReturn", {});
  const triager = await town.as("triager");
  await go(triager, id, "dispatch", { leadUnitId: await town.unit(OTHER), opinion: "请办理" });
  const number = await numberOf(id);
  const bytes = csv([
    ["工单编号", "派单轮次", "责任单位", "督办要求"],
    [number, "2", "", "请办理"],
    [number, "9", "", "请办理"],
  ]);
  const seen = done(await take("/look", bytes));
  assert.deepEqual(
    seen.lines.map((line: { standing: string; whyZh: string | null }) => [line.standing, line.whyZh]),
    [
      ["unmatched", "有这个编号，但没有这一轮次，请核对轮次"],
      ["fresh", null],
    ],
  );
});

test("files that are no list are refused with what to do, and rows that cannot be read name row, column and remedy", async () => {
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["空.csv", Buffer.alloc(0), "file-refused"],
    ["照片.xlsx", Buffer.from("\u0089PNG"), "file-refused"],
    ["半个.xlsx", Buffer.from("504b0304aaaa", "hex"), "file-refused"],
    [
      "没有编号.csv",
      csv([
        ["街道", "要求"],
        ["学院路", "请办理"],
      ]),
      "list-columns-missing",
    ],
    ["只有表头.csv", csv([HEADER]), "list-rows-none"],
  ];
  for (const [name, bytes, code] of cases) {
    const answer = await take("", bytes, name);
    assert.equal(refused(answer, 422), code, name);
    assert.ok(answer.body.message.length > 8);
  }
  const number = await numberOf(await bring(town, "handling", UNIT));
  const bytes = csv([
    HEADER,
    ["1", number, "", "特别", "", "2026-02-30", ""],
    ["2", "", UNIT, "", "请办理", "", ""],
    ["3", "4.1E+17", UNIT, "", "", "", ""],
    ["4", number, "", "", "请办理", "", ""],
    ["5", number, "", "", "请办理", "", ""],
  ]);
  const seen = done(await take("/look", bytes));
  assert.deepEqual(
    seen.faults.map((f: { row: number; column: string }) => `${f.row} ${f.column}`),
    ["2 办理期限", "2 督办等级", "3 工单编号", "4 工单编号", "6 工单编号"],
  );
  assert.ok(seen.faults.every((f: { remedy: string }) => f.remedy !== "按原因改正后重新导入"));
  assert.equal(refused(await take("", bytes), 422), "list-rows-faulty");
  const kept = done(await take("?skipFaulty=1", bytes));
  assert.deepEqual([kept.items, kept.refused], [1, 4]);
  assert.equal(
    refused(await handler.upload("/api/supervision/lists/look", "a.csv", bytes), 403),
    "not-allowed",
  );
});

test("the daily look proposes a place, a requester and a ticket that came again, once; taken up it is an item, dismissed it stays away", async () => {
  const same = { category1: "市容环卫", content: "市民反映学院路甲5号院垃圾堆放。" };
  const ids: string[] = [];
  for (let i = 0; i < 5; i++)
    ids.push(await lodge(town, { ...same, requesterPhone: i < 3 ? "13900000001" : `1390000100${i}` }));
  await town.shell.db
    .updateTable("ticket")
    .set({ street: UNIT, community: "甲5号院社区" })
    .where("id", "in", ids)
    .execute();
  const returned = await bring(town, "handling", UNIT);
  await town.shell.db.updateTable("ticket").set({ returns: 3 }).where("id", "=", returned).execute();
  const job = supervisionJob(unitStandings);
  const found = await job(town.shell);
  assert.equal(found, 3);
  assert.equal(await job(town.shell), 0, "once a day");
  assert.equal(
    await supervisionJob(unitStandings)(town.shell),
    0,
    "a worker started anew finds the same and proposes nothing",
  );
  assert.equal(done(await supervisor.post("/api/supervision/find", {})).found, 0);
  const { rows } = await listed("state=proposed");
  assert.deepEqual(
    rows.map((row: { title: string }) => row.title.split("：")[0]).sort(),
    ["同一点位反复诉求", "同一诉求人反复诉求", "多次退单"].sort(),
  );
  assert.doesNotMatch(JSON.stringify(rows), /13900000001/);
  const [place, person] = ["同一点位", "同一诉求人"].map((words) =>
    rows.find((row: { title: string }) => row.title.startsWith(words)),
  );
  assert.deepEqual([place.tickets.length, person.tickets.length], [5, 3]);
  assert.equal(
    refused(await step(supervisor, place.id, "dismiss", { text: " " }), 422),
    "supervision-missing",
  );
  done(await step(supervisor, place.id, "dismiss", { text: "已列入每月一题治理" }));
  const taken = done(await step(supervisor, person.id, "takeUp", { level: "key" }));
  assert.deepEqual([taken.state, taken.level, taken.clockZh], ["arrived", "key", "督办转办"]);
  assert.equal(
    done(await supervisor.post("/api/supervision/find", {})).found,
    0,
    "dismissed in this period, it is not proposed again",
  );
  town.at("2026-12-21", "09:00"); // Monday of the next period
  supervisor = await town.afresh("supervisor");
  assert.equal(
    done(await supervisor.post("/api/supervision/find", {})).found,
    0,
    "what is still open is not proposed again",
  );
  town.at("2026-11-20", "09:00");
});

test("the summary counts every unit's items, each number opens into exactly them, and table and paper say the same", async () => {
  await bringItem(town, "closed", UNIT, { level: "general" });
  await bringItem(town, "answered", UNIT, { level: "listed" });
  await bringItem(town, "handling", OTHER);
  const summary = done(await supervisor.get("/api/supervision/summary"));
  assert.equal(summary.period, "2026-12");
  const lines = [...summary.lines, summary.total];
  assert.ok(lines.length >= 3);
  for (const line of lines) {
    const unit = line === summary.total ? "" : `&unit=${line.unit?.id ?? "none"}&lead=1`;
    const opens: Readonly<Record<string, string>> = {
      ...{
        total: "state=counted",
        arrived: "state=arrived",
        handling: "state=handling",
        rework: "state=rework",
      },
      ...{ checking: "state=checking", closed: "state=closed", general: "state=counted&level=general" },
      ...{ key: "state=counted&level=key", listed: "state=counted&level=listed" },
      ...{ overdue: "state=counted&due=overdue", late: "state=counted&late=1" },
    };
    for (const [key, query] of Object.entries(opens)) {
      const { total } = await listed(`period=2026-12&${query}${unit}`);
      assert.equal(total, line.counts[key], `${line.unit?.name ?? "—"} ${key}`);
    }
  }
  const mine = lines.find((line) => line.unit?.name === "学院路");
  assert.equal(mine.rate, `${((mine.counts.closed / mine.counts.total) * 100).toFixed(1)}%`);
  assert.ok(mine.last.text.length > 0);
  const own = done(await handler.get("/api/supervision/summary"));
  assert.deepEqual(
    own.lines.map((line: { unit: { name: string } }) => line.unit.name),
    ["学院路"],
    "a unit reads its own line",
  );
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(
    new Uint8Array(answered(await supervisor.get("/api/supervision/summary.xlsx")).raw).buffer,
  );
  const sheet = book.getWorksheet("各单位");
  assert.deepEqual(
    [sheet?.rowCount, book.worksheets.map((s) => s.name)],
    [3 + lines.length, ["各单位", "督办件"]],
  );
  assert.equal(book.getWorksheet("督办件")?.rowCount, 1 + summary.total.counts.total);
  const items = await summaryItems(town.shell.db, supervisor.actor, "2026-12", town.shell.now());
  const text = documentText(
    summaryDocument(items, { period: "2026-12", at: town.shell.now(), on: "2026-11-20" }),
  );
  assert.match(text, new RegExp(`列入督办 ${summary.total.counts.total} 件`));
  assert.match(text, /^一、总体情况$/m);
  const paper = answered(await supervisor.get("/api/supervision/summary.docx"));
  assert.equal(paper.raw.subarray(0, 2).toString(), "PK");
  assert.equal(refused(await handler.get("/api/supervision/summary.docx"), 403), "not-allowed");
});

test("tickets sent straight to a street are watched with their clock and the unit's last word, and leave when the city closes", async () => {
  const triager = await town.as("triager");
  const id = await lodge(town, { title: "直派：积水" });
  await go(triager, id, "watch", {});
  await town.shell.db.updateTable("ticket").set({ street: "学院路街道" }).where("id", "=", id).execute();
  const watched = done(await supervisor.get("/api/supervision/watched"));
  const line = watched.units.find((each: { unit: { name: string } | null }) => each.unit?.name === "学院路");
  assert.deepEqual([line.n, line.near, line.overdue], [1, 0, 0]);
  const [row] = watched.rows;
  assert.deepEqual(
    [row.id, row.unit.name, row.standing, row.word, row.urgedAt],
    [id, "学院路", "plain", null, null],
  );
  const report = done(
    await supervisor.post("/api/tickets/bulk-moves", {
      ids: [id],
      move: "urge",
      input: { text: "请今日反馈" },
    }),
  );
  assert.equal(report.done.length, 1);
  assert.notEqual(done(await supervisor.get("/api/supervision/watched")).rows[0].urgedAt, null);
  town.at("2026-11-28", "09:00");
  supervisor = await town.afresh("supervisor");
  assert.equal(done(await supervisor.get("/api/supervision/watched?due=overdue")).rows.length, 1);
  await go(supervisor, id, "recordCityClosing", { reply: "街道已排水" });
  assert.equal(done(await supervisor.get("/api/supervision/watched")).rows.length, 0);
  town.at("2026-11-20", "09:00");
});

function answered(answer: Answer): Answer {
  assert.equal(answer.status, 200);
  return answer;
}
