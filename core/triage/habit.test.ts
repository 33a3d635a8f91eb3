import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { habitsOf, landmarksIn, learnHabits } from "./habit.ts";
import { HAIDIAN, WEIGHTS } from "./town.fixture.ts";
import { suggestUnits } from "./unit.ts";

const LAKE = [
  { unitId: "温泉镇", text: "玉带湖公园东门有人钓鱼" },
  { unitId: "温泉镇", text: "在玉带湖公园遛狗不拴绳" },
  { unitId: "上庄镇", text: "从玉带湖公园路过，东马坊路坑洼" },
];

test("a landmark is taken by its ending, with its first place in the text, and not out of a flow note", () => {
  const text = "今天，玉带湖公园门口；又到玉带湖公园。工单流转：请转翠屏山公园";
  const landmarks = landmarksIn(text);
  const lake = landmarks.get("玉带湖公园");
  assert.deepEqual(lake, { start: 3, end: 8 });
  assert.equal(text.slice(lake.start, lake.end), "玉带湖公园");
  assert.ok(![...landmarks.keys()].some((name) => name.includes("翠屏")));
});

test("a landmark that one ticket alone has named is not a habit", () => {
  assert.equal(learnHabits([LAKE[0] ?? { unitId: "", text: "" }]).size, 0);
});

test("each street has its share of the tickets that named the landmark", () => {
  const habits = habitsOf("玉带湖公园烧烤", learnHabits(LAKE), null).filter((h) => h.name === "玉带湖公园");
  assert.deepEqual(
    habits.map((h) => [h.unitId, h.tickets, h.total]),
    [
      ["温泉镇", 2, 3],
      ["上庄镇", 1, 3],
    ],
  );
});

test("a ticket that was counted itself is no evidence for itself", () => {
  const habits = habitsOf("玉带湖公园烧烤", learnHabits(LAKE), "上庄镇").filter(
    (h) => h.name === "玉带湖公园",
  );
  assert.deepEqual(
    habits.map((h) => [h.unitId, h.tickets, h.total]),
    [["温泉镇", 2, 2]],
  );
});

test("a habit is weaker than a street that the text names, and says how many tickets it rests on", () => {
  const facts = { title: "", address: "", street: "", community: "", category: null, earlier: [] };
  const habits = { known: learnHabits(LAKE), learnedAs: null };
  const units = suggestUnits({ ...facts, content: "四季青镇玉带湖公园烧烤", habits }, HAIDIAN, WEIGHTS);
  assert.deepEqual(
    units.map((u) => u.name),
    ["四季青镇", "温泉镇", "上庄镇"],
  );
  assert.match(units[1]?.reasons[0]?.text ?? "", /以往提到它的 3 件工单中有 2 件属该街镇/);
});

test("the order in which tickets are learned changes no suggestion", () => {
  const parts = fc.constantFrom("玉带湖公园", "翠屏山路", "清风桥", "南门小区", "，", "在", "四季青镇");
  const text = fc.array(parts, { maxLength: 6 }).map((p) => p.join(""));
  const ticket = fc.record({ unitId: fc.constantFrom("温泉镇", "上庄镇", "四季青镇", "上地街道"), text });
  fc.assert(
    fc.property(fc.array(ticket, { maxLength: 12 }), text, (tickets, content) => {
      const facts = {
        title: "",
        content,
        address: "",
        street: "",
        community: "",
        category: null,
        earlier: [],
      };
      const by = (told: typeof tickets) =>
        suggestUnits({ ...facts, habits: { known: learnHabits(told), learnedAs: null } }, HAIDIAN, WEIGHTS);
      assert.deepEqual(by([...tickets].reverse()), by(tickets));
    }),
  );
});
