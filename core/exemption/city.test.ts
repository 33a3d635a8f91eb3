import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import formFile from "../../rules/cityform/2020-default.json" with { type: "json" };
import layoutFile from "../../rules/cityoutcome/2020-default.json" with { type: "json" };
import { instant } from "../time/day.ts";
import {
  asksForPeople,
  batchNumber,
  type FormFacts,
  formCells,
  parseCityForm,
  pathInPackage,
} from "./cityform.ts";
import { type OutcomeLine, parseOutcomeLayout, readOutcomes, settleOutcomeColumns } from "./outcomefile.ts";
import { judgeOutcomes, type Sent } from "./outcomes.ts";

const form = read(parseCityForm(formFile)).body;
const layout = read(parseOutcomeLayout(layoutFile));

function read<T>(answer: { ok: true; value: T } | { ok: false; problems: unknown }): T {
  if (!answer.ok) throw new Error(JSON.stringify(answer.problems));
  return answer.value;
}

const facts: FormFacts = {
  ...{
    application: "7",
    number: "热线-201120-000001",
    round: 1,
    unit: "香山街道办事处",
    title: "地下室渗水",
  },
  ...{
    content: "",
    category: "住房/物业",
    street: "香山街道",
    answers: "未解决、不满意",
    ground: "非本区权属",
  },
  ...{ scope: "不计入三率", reason: "不属本区", evidence: "权属证明", files: 1, appliedBy: "任志恒" },
  ...{ reviewedBy: "范建国", note: "", appeal: "否", requesterName: "王**", requesterPhone: "138****1234" },
  countedAt: instant("2026-11-20", "09:00"),
  contactedAt: null,
  appliedAt: instant("2026-11-21", "10:30"),
  reviewedAt: instant("2026-11-23", "16:05"),
};

test("the form says what its columns read, moments as each column writes them, and nothing where nothing is known", () => {
  assert.deepEqual(formCells(form.columns, facts, 3), [
    ...[3, "7", "热线-201120-000001", 1, "香山街道办事处", "住房/物业", "地下室渗水", "2026-11-20 09:00", ""],
    ...[
      "未解决、不满意",
      "非本区权属",
      "不属本区",
      "权属证明",
      1,
      "否",
      "王**",
      "138****1234",
      "范建国",
      "2026-11-23",
    ],
  ]);
  assert.ok(asksForPeople(form));
  assert.ok(
    !asksForPeople({
      ...form,
      columns: form.columns.filter(({ reads }) => reads !== "requesterName").slice(0, 5),
    }),
  );
  const chinese = form.columns.map((column) => ({ ...column, format: "yyyy年M月d日" as const }));
  assert.equal(formCells(chinese, facts, 1)[7], "2026年11月20日");
  assert.equal(batchNumber(form, 2026, 12), "海剔报〔2026〕12号");
});

test("no name of a file leaves its folder in the package", () => {
  assert.equal(pathInPackage(2, "热线-1", 1, "../../密.pdf"), "002_热线-1/01___.._密.pdf");
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), (number, name) => {
      const parts = pathInPackage(1, number, 1, name).split("/");
      assert.equal(parts.length, 2);
      assert.ok(parts.every((part) => part !== ".." && part !== "." && !part.includes("\\")));
    }),
  );
});

test("a form that is misspelt, repeats a header or lacks the ticket's number is told where", () => {
  const [first] = formFile.body.columns;
  const bad = parseCityForm({
    ...formFile,
    body: {
      ...formFile.body,
      number: "{year}号",
      columns: [first, first, { header: "甲", reads: "nobody", width: 900 }],
    },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(bad.problems.map((each) => `${each.path} ${each.text}`).sort(), [
    "body.columns 有两列的表头相同",
    "body.columns 缺少读 number 的列",
    "body.columns[2].reads 没有这一项",
    "body.columns[2].width 应为 4 到 80",
    "body.number 应含 {serial}",
  ]);
  const words = { ...layoutFile, words: { outcome: { upheld: ["是"], denied: ["是"] } } };
  const twice = parseOutcomeLayout(words);
  assert.ok(!twice.ok && twice.problems[0]?.text === "同一个词有两种含义");
});

test("a row is read by its headers; one without a number, with an unknown word or a rounded number says what to do", () => {
  const header = ["序号", "申请编号", "诉求编号", "申报单位", "市级审核结果", "市级意见", "文号"];
  const { columns, missing } = settleOutcomeColumns(header, layout, {});
  assert.deepEqual(missing, []);
  const raw = (number: number, ...cells: string[]) => ({ number, cells, faults: null });
  const { lines, faults } = readOutcomes(layout, columns, [
    raw(2, "1", "7", " 热线-1 ", "香山", "同意剔除", "", "市热线〔2026〕31号"),
    raw(3, "2", "", "热线-2", "香山", "驳回", "佐证不足", "-"),
    raw(4, "3", "", "", "香山", "认定", "", ""),
    raw(5, "4", "", "热线-4", "香山", "再议", "", ""),
    raw(6, "5", "", "4.1E+17", "香山", "认定", "", ""),
    raw(7, "6", "", "", "", "", "", ""),
    raw(8, "合计", "", "3", "", "", "", ""),
  ]);
  assert.deepEqual(
    lines.map((line) => [line.row, line.number, line.application, line.outcome, line.reason, line.paper]),
    [
      [2, "热线-1", "7", "upheld", "", "市热线〔2026〕31号"],
      [3, "热线-2", null, "denied", "佐证不足", ""],
    ],
  );
  assert.deepEqual(
    faults.map((fault) => [fault.row, fault.column, fault.why]),
    [
      [4, "诉求编号", "缺少工单编号"],
      [5, "市级审核结果", "无法识别的取值，可填：认定、查否"],
      [6, "诉求编号", "编号被表格软件改成了科学计数法，请把该列设为文本后重新导出"],
    ],
  );
});

const line = (row: number, number: string, more: Partial<OutcomeLine> = {}): OutcomeLine => ({
  ...{ row, number, application: null, round: null, unit: "", outcome: "upheld", reason: "", paper: "" },
  ...more,
});
const sent = (id: string, number: string, state: string, more: Partial<Sent> = {}): Sent => ({
  ...{ id, number, round: 1, unitNames: ["香山", "香山街道"], state, stateZh: state, void: false },
  ...more,
});
const standings = (lines: readonly OutcomeLine[], all: readonly Sent[]) =>
  judgeOutcomes(lines, all, new Set(all.map(({ number }) => number))).map(({ standing }) => standing);

test("a row does something only where it names one application that waits for the city", () => {
  const all = [
    sent("1", "a", "sent"),
    sent("2", "b", "passed"),
    sent("3", "c", "upheld"),
    sent("4", "d", "denied"),
    sent("5", "e", "sent"),
    sent("6", "f", "sent", { void: true }),
  ];
  const lines = [
    line(2, "a", { unit: "香山街道" }),
    line(3, "a"),
    line(4, "b"),
    line(5, "c"),
    line(6, "d"),
    line(7, "e"),
    line(8, "e", { outcome: "denied" }),
    line(9, "z"),
    line(10, "f"),
    line(11, "c", { application: "9" }),
    line(12, "d", { unit: "清河" }),
  ];
  assert.deepEqual(standings(lines, all), [
    ...["apply", "duplicate", "outside", "same", "conflict", "conflict", "conflict", "unmatched", "conflict"],
    ...["unmatched", "unmatched"],
  ]);
});

test("an appeal is not decided by a row that may speak of what it appeals against", () => {
  const all = [sent("1", "a", "denied"), sent("2", "a", "sent")];
  assert.deepEqual(standings([line(2, "a", { outcome: "denied" })], all), ["unmatched"]);
  assert.deepEqual(standings([line(2, "a", { outcome: "denied", application: "2" })], all), ["apply"]);
  assert.deepEqual(standings([line(2, "a", { outcome: "denied", application: "1" })], all), ["same"]);
  assert.deepEqual(
    standings([line(2, "a")], all),
    ["apply"],
    "the first was denied: 认定 can only be the appeal's",
  );
  const rounds = [sent("1", "a", "sent"), sent("2", "a", "sent", { round: 2 })];
  assert.deepEqual(standings([line(2, "a")], rounds), ["unmatched"]);
  assert.deepEqual(standings([line(2, "a", { round: 2 })], rounds), ["apply"]);
});

test("no application is recorded twice by a file, whatever stands in it; the order of rows changes no outcome", () => {
  const all = ["a", "b", "c"].flatMap((number, i) => [
    sent(String(i * 2 + 1), number, "sent"),
    sent(String(i * 2 + 2), number, i === 0 ? "sent" : "denied", { round: i === 1 ? 1 : 2 }),
  ]);
  const someLine = fc.record({
    number: fc.constantFrom("a", "b", "c", "z"),
    outcome: fc.constantFrom("upheld" as const, "denied" as const),
    round: fc.constantFrom(null, 1, 2, 3),
    application: fc.constantFrom(null, null, "1", "2", "4", "9"),
  });
  fc.assert(
    fc.property(fc.array(someLine, { maxLength: 12 }), (some) => {
      const lines = some.map((each, i) => line(i + 2, each.number, each));
      const known = new Set(["a", "b", "c"]);
      const applied = (of: readonly OutcomeLine[]) =>
        judgeOutcomes(of, all, known)
          .filter(({ standing }) => standing === "apply")
          .map(({ exemptionId, line: { outcome } }) => `${exemptionId} ${outcome}`)
          .sort();
      const once = applied(lines);
      assert.equal(new Set(once.map((each) => each.split(" ")[0])).size, once.length);
      assert.deepEqual(applied([...lines].reverse()), once);
    }),
  );
});
