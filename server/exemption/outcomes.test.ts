import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { DAY_MS } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { type Approved, type Exempting, openExempting } from "../testing/exempting.ts";
import { bookOf, csvOf, textRows } from "../testing/sheets.ts";
import { done, refused } from "../testing/tickets.ts";
import { type Answer, openTown, type Town } from "../testing/town.ts";
import { sweepOutcomeFiles } from "./outcomes.ts";

let town: Town;
let city: Exempting;
const OUTCOMES = "/api/exemptions/outcomes";
const HEADER = ["序号", "工单编号", "承办单位", "认定结果", "查否理由", "市级文号"];
const PAPER = "市热线〔2026〕31号";

before(async () => {
  town = await openTown();
  city = await openExempting(town);
});
after(() => town?.close());

const workbookOf = (rows: readonly (readonly string[])[], header: readonly string[] = HEADER): Buffer =>
  bookOf({ rows: textRows([["不纳入考核认定结果"], header, ...rows]) });
const send = (content: Buffer, name = "认定结果.xlsx", who = city.assessor) =>
  who.upload(OUTCOMES, name, content);
const step = (id: string, name: string, body: object = {}, who = city.assessor) =>
  who.post(`${OUTCOMES}/${id}/${name}`, body);
const bringIn = async (rows: readonly (readonly string[])[], name?: string): Promise<Answer["body"]> => {
  const { id } = done(await send(workbookOf(rows), name));
  return done(await step(id, "confirm"));
};
const sent = async (n: number): Promise<readonly Approved[]> => {
  const all: Approved[] = [];
  for (let i = 0; i < n; i++) all.push(await city.approved());
  await city.batch(all.map(({ id }) => id));
  return all;
};
const unsolvedIn = async (scope: string): Promise<number> =>
  done(await city.assessor.get(`/api/assessment/rates?period=2026-12&scope=${scope}`)).total.unsolved;
const stateOf = async (id: string): Promise<string> =>
  done(await city.assessor.get(`/api/exemptions/${id}`)).state;
const standings = (file: Answer["body"]): [number, string][] =>
  file.lines.map((line: Answer["body"]) => [line.row, line.standing]);

test("the city's file upholds one and denies another: rates move at once in the assessed scope, and accuracy follows", async () => {
  const [first, second, third] = await sent(3);
  assert.ok(first && second && third);
  assert.deepEqual([await unsolvedIn("assessed"), await unsolvedIn("all")], [3, 3]);
  const rows = [
    ["1", first.number, "香山街道", "认定", "", PAPER],
    ["2", second.number, "香山街道", "查否", "佐证不足，联系人13811112222", ""],
  ];
  const file = done(await send(workbookOf(rows)));
  assert.deepEqual([file.status, file.headerRow, file.dataRows, file.same], ["uploaded", 2, 2, false]);
  const seen = done(await step(file.id, "preview"));
  assert.deepEqual(seen.counts, [{ standing: "apply", zh: "可登记", rows: 2 }]);
  assert.deepEqual(
    seen.columns.map((column: Answer["body"]) => column.field),
    ["sequence", "number", "unit", "outcome", "reason", "paper"],
  );
  assert.equal(await stateOf(first.id), "sent", "a preview writes nothing");
  const kept = done(await step(file.id, "confirm"));
  assert.deepEqual([kept.status, kept.counts[0].rows, kept.same], ["confirmed", 2, false]);
  assert.deepEqual(
    [await stateOf(first.id), await stateOf(second.id), await stateOf(third.id)],
    [...["upheld", "denied", "sent"]],
  );
  assert.deepEqual([await unsolvedIn("assessed"), await unsolvedIn("all")], [2, 3]);
  const told = done(await city.handler.get(`/api/exemptions/${first.id}`));
  assert.deepEqual([told.outcomeNo, told.steps.at(-1).step], [PAPER, "upheld"]);
  const denied = done(await city.handler.get(`/api/exemptions/${second.id}`));
  assert.equal(denied.steps.at(-1).note, "佐证不足，联系人［电话］");
  assert.equal(denied.outcomeNo, "认定结果.xlsx（2026-11-20 导入）");
  assert.ok(denied.appealBy, "the window of appeals is open");
  const [unit] = done(await city.assessor.get("/api/exemptions/accuracy?by=unit"));
  assert.deepEqual([unit.name, unit.applied, unit.upheld, unit.denied], ["香山", 3, 1, 1]);
  const [reviewer] = done(await city.assessor.get("/api/exemptions/accuracy?by=reviewer"));
  assert.deepEqual([reviewer.upheld, reviewer.denied], [1, 1]);
  const [ground] = done(await city.assessor.get("/api/exemptions/accuracy?by=ground"));
  assert.deepEqual([ground.name, ground.upheld, ground.denied], ["诉求无法律法规政策依据", 1, 1]);
  const [batch] = done(await city.assessor.get("/api/exemptions/batches")).rows;
  assert.deepEqual([batch.applications, batch.upheld, batch.denied], [3, 1, 1]);

  const before = await unsolvedIn("assessed");
  const again = done(await send(workbookOf(rows)));
  assert.deepEqual([again.same, again.id], [true, file.id], "the same bytes are the same file");
  const retyped = await bringIn(rows, "同样的结果另存.xlsx");
  assert.equal(retyped.same, true, "a file's name says nothing of what it is");
  const more = [...rows, ["3", third.number, "", "认定", "", PAPER]];
  assert.deepEqual(standings(await bringIn(more)), [
    [3, "same"],
    [4, "same"],
    [5, "apply"],
  ]);
  assert.equal(await unsolvedIn("assessed"), before - 1);
  assert.equal(done(await city.assessor.get(`/api/exemptions/${first.id}`)).steps.length, told.steps.length);
});

test("what says nothing new is kept with why: unknown numbers, nothing applied for, not sent, conflicting, twice", async () => {
  const [one, two] = await sent(2);
  const unsent = await city.approved();
  assert.ok(one && two);
  done(await step(done(await send(workbookOf([["1", one.number, "", "查否", "", ""]]))).id, "confirm"));
  const bare = await town.as("triager");
  const { ticket } = done(
    await bare.post("/api/tickets", { channel: "电话", content: "市民反映路灯不亮。" }),
  );
  const before = await unsolvedIn("assessed");
  const file = await bringIn([
    ["1", one.number, "", "认定", "", ""],
    ["2", "热线-错号", "", "认定", "", ""],
    ["3", ticket.number, "", "认定", "", ""],
    ["4", unsent.number, "", "认定", "", ""],
    ["5", two.number, "清河街道", "认定", "", ""],
    ["6", two.number, "香山", "查否", "佐证不足", ""],
    ["7", two.number, "香山街道", "查否", "佐证不足", ""],
  ]);
  assert.deepEqual(
    file.lines.map((line: Answer["body"]) => [line.standing, line.why]),
    [
      ["conflict", "已登记为“查否”，与文件不同，请向市级核实"],
      ["unmatched", "本区没有这个工单编号，请核对编号"],
      ["unmatched", "该工单没有不纳入考核申请"],
      ["outside", "申请现为“待报市级”，没有报市，不能登记结果"],
      ["unmatched", "承办单位“清河街道”与申请单位不符"],
      ["apply", ""],
      ["duplicate", "与第 8 行是同一申请"],
    ],
  );
  assert.deepEqual(
    [await stateOf(one.id), await stateOf(two.id), await stateOf(unsent.id)],
    [...["denied", "denied", "passed"]],
  );
  assert.equal(await unsolvedIn("assessed"), before);
  const kept = done(await city.supervisor.get(`${OUTCOMES}/${file.id}`));
  assert.deepEqual(kept.lines, file.lines);
});

test("a denial by file may be appealed in its window, and the appeal's own outcome comes by its 申请编号", async () => {
  const [one] = await sent(1);
  assert.ok(one);
  await bringIn([["1", one.number, "", "查否", "", ""]], "查否一件.xlsx");
  const proof = [
    { kind: "legalBasis", text: "第三十六条" },
    { kind: "contactRecord", text: "补录音" },
  ];
  const appeal = done(
    await city.handler.post(`/api/exemptions/${one.id}/appeal`, { reason: "补充新证据", evidence: proof }),
  );
  done(
    await city.supervisor.post(`/api/exemptions/${appeal.id}/review`, { decision: "pass", note: "同意再报" }),
  );
  await city.batch([appeal.id]);
  const before = await unsolvedIn("assessed");
  const unclear = await bringIn([["1", one.number, "", "查否", "第二次", ""]]);
  assert.equal(unclear.lines[0].why, "该轮另有原申请已是这一结果，分不清是原申请还是申诉，请写明申请编号");
  assert.equal(await stateOf(appeal.id), "sent");
  const header = ["申请编号", ...HEADER];
  const clear = workbookOf([[appeal.id, "1", one.number, "", "认定", "", ""]], header);
  done(await step(done(await send(clear)).id, "confirm"));
  assert.deepEqual([await stateOf(one.id), await stateOf(appeal.id)], ["denied", "upheld"]);
  assert.equal(await unsolvedIn("assessed"), before - 1);
  const [unit] = done(await city.assessor.get("/api/exemptions/accuracy?by=unit"));
  assert.equal(unit.overturned, 1);
  for (const [by, key] of [
    ["unit", "unit"],
    ["reviewer", "reviewer"],
    ["ground", "ground"],
  ] as const) {
    const [row] = done(await city.assessor.get(`/api/exemptions/accuracy?by=${by}`));
    const opened = async (query: string): Promise<number> =>
      done(
        await city.assessor.get(`/api/exemptions?limit=200&${key}=${encodeURIComponent(row.key)}&${query}`),
      ).rows.length;
    assert.deepEqual(
      [
        await opened("counted=all"),
        await opened("counted=all&state=upheld"),
        await opened("counted=all&state=denied"),
        await opened("counted=overturned"),
      ],
      [row.applied, row.upheld, row.denied, row.overturned],
      `${by}: each figure opens into as many applications`,
    );
  }
});

test("a file that breaks off in the middle of its rows has recorded none of them", async () => {
  const [one, two] = await sent(2);
  assert.ok(one && two);
  const { id } = done(
    await send(
      workbookOf([
        ["1", one.number, "", "认定", "", PAPER],
        ["2", two.number, "", "认定", "", PAPER],
      ]),
    ),
  );
  await sql
    .raw(
      `create function die_at_second() returns trigger language plpgsql as $$ begin
         if new.exemption_id = ${Number(two.id)} and new.step = 'upheld' then perform pg_terminate_backend(pg_backend_pid()); end if;
         return new; end $$`,
    )
    .execute(town.shell.db);
  const { db } = town.shell;
  await sql`create trigger dies before insert on exemption_step for each row execute function die_at_second()`.execute(
    db,
  );
  const before = await unsolvedIn("assessed");
  const answer = await step(id, "confirm");
  assert.ok(answer.status >= 500, JSON.stringify(answer.body));
  await sql`drop trigger dies on exemption_step`.execute(db);
  assert.deepEqual([await stateOf(one.id), await stateOf(two.id)], ["sent", "sent"]);
  assert.equal(await unsolvedIn("assessed"), before);
  assert.equal(done(await city.assessor.get(`${OUTCOMES}/${id}`)).status, "uploaded");
  const both = await Promise.all([step(id, "confirm"), step(id, "confirm")]);
  assert.deepEqual(
    both.map((each) => [each.status, each.body.status]),
    [
      [200, "confirmed"],
      [200, "confirmed"],
    ],
  );
  assert.deepEqual(both.map((each) => each.body.same).sort(), [false, true]);
  assert.equal(await unsolvedIn("assessed"), before - 2);
});

test("what is no table is refused; a row that cannot be read names its row, its column and what to do", async () => {
  const cases: readonly (readonly [string, Buffer, string])[] = [
    ["空.xlsx", Buffer.alloc(0), "文件是空的"],
    ["截断.xlsx", workbookOf([["1", "热线-1", "", "认定", "", ""]]).subarray(0, 400), "损坏"],
    ["改名.xlsx", Buffer.from("工单编号,认定结果\r\n1,认定"), "扩展名不符"],
    ["图片.png", Buffer.from([0x89, 0x50, 0x4e, 0x47]), "只能导入"],
    ["没有表头.csv", Buffer.from("一\r\n二\r\n"), "没有找到表头"],
  ];
  for (const [name, content, why] of cases) {
    const answer = await send(content, name);
    assert.equal(refused(answer, 422), "file-refused", name);
    assert.ok(answer.body.message.includes(why), `${name}：${answer.body.message}`);
  }
  const [one] = await sent(1);
  assert.ok(one);
  const faulty = csvOf([
    HEADER,
    ["1", one.number, "", "认定", "", ""],
    ["2", "", "", "认定"],
    ["3", "热线-9", "", "再议"],
  ]);
  const { id } = done(await send(Buffer.from(faulty), "有误.csv"));
  const seen = done(await step(id, "preview"));
  assert.deepEqual(
    seen.faults.map((fault: Answer["body"]) => [fault.row, fault.column, fault.why, fault.remedy]),
    [
      [3, "工单编号", "缺少工单编号", "在“工单编号”列补填"],
      [4, "认定结果", "无法识别的取值，可填：认定、查否", "改成其中之一：认定、查否"],
    ],
  );
  assert.equal(refused(await step(id, "confirm"), 422), "outcome-rows-faulty");
  assert.equal(await stateOf(one.id), "sent");
  const kept = done(await step(id, "confirm", { skipFaulty: true }));
  assert.deepEqual([kept.refused, kept.faults.length, kept.lines.length], [2, 2, 1]);
  assert.equal(refused(await step(id, "preview"), 409), "outcome-settled");
  assert.equal(refused(await step(id, "cancel"), 409), "outcome-settled");
});

test("columns that nothing names are settled by hand and remembered; a file may be given up", async () => {
  const [one] = await sent(1);
  assert.ok(one);
  const odd = (row: readonly string[]) => Buffer.from(csvOf([["编号", "怎么定的", "说法"], row]));
  const { id } = done(await send(odd([one.number, "同意", ""]), "另一种.csv"));
  assert.deepEqual(done(await step(id, "preview")).missing, ["认定结果"]);
  assert.equal(refused(await step(id, "confirm"), 422), "outcome-columns-missing");
  const mapping = { 怎么定的: "outcome" };
  const twice = await step(id, "confirm", { mapping: { ...mapping, 说法: "outcome" } });
  assert.equal(refused(twice, 422), "outcome-columns-twice");
  assert.equal(done(await step(id, "preview", { mapping })).counts[0].rows, 1);
  done(await step(id, "confirm", { mapping }));
  assert.equal(await stateOf(one.id), "upheld");
  const later = done(await send(odd(["热线-8", "驳回", ""]), "另一种二.csv"));
  assert.deepEqual(later.mapping, mapping);
  const moved = done(await step(later.id, "header", { headerRow: 2 }));
  assert.equal(moved.headerRow, 2);
  done(await step(later.id, "cancel"));
  assert.equal(refused(await city.assessor.get(`${OUTCOMES}/${later.id}`), 404), "not-found");
});

test("the sealed bytes of a file that was given up go a day later; those of a file in force stay", async () => {
  const folder = join(town.shell.files, "exemption-outcomes");
  const standing = (await readdir(folder)).length;
  const { id } = done(await send(workbookOf([["1", "热线-弃用", "", "认定", "", ""]])));
  assert.equal((await readdir(folder)).length, standing + 1);
  assert.equal(
    await sweepOutcomeFiles({ ...town.shell, now: () => Date.now() + 2 * DAY_MS }),
    1,
    "what was given up before",
  );
  done(await step(id, "cancel"));
  assert.equal(await sweepOutcomeFiles({ ...town.shell, now: Date.now }), 0, "it is young");
  assert.equal(await sweepOutcomeFiles({ ...town.shell, now: () => Date.now() + 2 * DAY_MS }), 1);
  const [file] = done(await city.supervisor.get(OUTCOMES)).filter(
    (each: Answer["body"]) => each.status === "confirmed",
  );
  assert.equal(done(await send(workbookOf([["1", "热线-弃用", "", "认定", "", ""]]))).status, "uploaded");
  assert.ok(file, "and what is in force can be read");
});

test("units see no file, and only those who answer to the city bring one in", async () => {
  const [file] = done(await city.supervisor.get(OUTCOMES));
  assert.equal((await city.handler.get(OUTCOMES)).status, 403);
  assert.equal((await city.handler.get(`${OUTCOMES}/${file.id}`)).status, 403);
  for (const who of [city.handler, city.supervisor, await town.as("triager")]) {
    assert.equal((await send(Buffer.from("a,b"), "a.csv", who)).status, 403, who.login);
    for (const name of ["preview", "confirm", "header", "cancel"])
      assert.equal((await step(file.id, name, {}, who)).status, 403, `${who.login} ${name}`);
  }
});
