import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import file from "../../rules/checklist/2026-default.json" with { type: "json" };
import { HOUR_MS, instant } from "../time/day.ts";
import { parseChecklist } from "./checklistfile.ts";
import type { GuardFacts } from "./facts.ts";
import { lookBefore, stopsOf } from "./guard.ts";
import { covers, decidingBarred, type OverrideState, SECOND, stateAt } from "./override.ts";
import { sayingsOf } from "./sayings.ts";

const read = parseChecklist(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const LIST = read.value.body;
const RECEIVED = instant("2026-11-16", "09:00");
const CLOSING: GuardFacts = {
  step: "approveClosing",
  now: instant("2026-11-20", "09:00"),
  ticket: {
    number: "热线-261116-000001",
    receivedAt: RECEIVED,
    withdrawFrom: RECEIVED,
    title: "学院路东口路灯不亮",
    content: "市民反映，学院路东口3号楼前路灯不亮，夜间出行不便。",
    category: ["道路设施", "路灯", "路灯不亮"],
    street: "学院路街道",
    community: "石油大院社区",
    address: "学院路东口3号楼",
    kin: [],
  },
  words: "11月17日到学院路东口3号楼核实，更换灯头两只，路灯恢复照明，已电话告知来电人。",
  lead: {
    unit: "学院路",
    street: "学院路",
    contactedAt: RECEIVED + HOUR_MS,
    reportedAt: RECEIVED + 30 * HOUR_MS,
    outcome: "solved",
  },
  callback: { contacted: "yes", solved: "yes", satisfied: "satisfied" },
  files: 0,
  others: [],
  refusals: [],
  exemption: [],
};
const stops = (more: Partial<GuardFacts>): string[] =>
  stopsOf(lookBefore({ ...CLOSING, ...more }, LIST)).map((each) => each.key);
const failing = (more: Partial<GuardFacts>): string[] =>
  lookBefore({ ...CLOSING, ...more }, LIST)
    .filter((each) => !each.ok)
    .map((each) => each.key);

test("a sound closing passes every check, and every check that fails says what to do", () => {
  assert.deepEqual(failing({}), []);
  for (const each of lookBefore({ ...CLOSING, words: "已处理。" }, LIST))
    assert.equal(each.ok, each.remedy === "");
});

test("what was said earlier is overtaken by what was done later, and not the other way round", () => {
  const first = sayingsOf("前期缺少配件未能修复，11月17日更换灯头，路灯恢复照明。", LIST.words);
  assert.ok(Math.max(first.done, first.did) > first.unsolved);
  assert.deepEqual(
    stops({ words: "11月17日更换了灯头，但线路老化，路灯不亮的问题至今未能修复，已告知来电人。" }),
    ["result"],
  );
  assert.deepEqual(stops({ words: "市民反映路灯不亮，多日未修复。11月17日已更换灯头，已告知来电人。" }), []);
});

test("a number of another building, an earlier day, another ticket and the citizen's number stop; their sound twins do not", () => {
  const words = CLOSING.words;
  assert.deepEqual(stops({ words: words.replace("3号楼", "十七号楼") }), ["numbers"]);
  assert.deepEqual(stops({ words: words.replace("3号楼", "三栋") }), []);
  assert.deepEqual(stops({ words: words.replace("11月17日", "11月10日") }), ["dates"]);
  assert.deepEqual(stops({ words: `${words}本单即热线-261103-000777。` }), ["otherTicket"]);
  assert.deepEqual(stops({ words: `${words}与热线-261103-000777为同一问题，一并办理。` }), []);
  assert.deepEqual(stops({ words: `${words}联系电话13912345678。` }), ["personal"]);
  assert.deepEqual(stops({ words: `${words}联系电话010-62345678。` }), []);
});

test("a withdrawal stops out of its window, and on a ground that was refused without anything new", () => {
  const asked: GuardFacts = { ...CLOSING, step: "applyWithdraw", lead: null, callback: null, files: 1 };
  const withdraw = (more: Partial<GuardFacts>) =>
    stops({ ...asked, words: "点位在昌平区，附定位截图。", ...more });
  const fresh = { ...asked.ticket, withdrawFrom: asked.now - LIST.withdraw.windowHours * HOUR_MS };
  assert.deepEqual(withdraw({ ticket: fresh }), []);
  assert.deepEqual(withdraw({ ticket: { ...fresh, withdrawFrom: fresh.withdrawFrom - 1 } }), ["window"]);
  const refusal = {
    number: "1",
    own: true,
    ground: "在昌平区，请改派",
    at: asked.now - HOUR_MS,
    filesSince: 0,
  };
  assert.deepEqual(withdraw({ ticket: fresh, refusals: [refusal] }), ["refusedBefore"]);
  assert.deepEqual(withdraw({ ticket: fresh, refusals: [{ ...refusal, filesSince: 1 }] }), []);
});

test("no words whatever make the checks fall over, and the same words are always judged the same", () => {
  const words = fc
    .array(
      fc.constantFrom(..."已未将完成更换路灯号楼3月17日，。热线满意不无法解决市民反映", "13912345678", "\n"),
    )
    .map((all) => all.join(""));
  fc.assert(
    fc.property(
      words,
      fc.constantFrom("approveClosing", "passReview", "applyWithdraw", "exemptionApply", "exemptionPass"),
      (said, step) => {
        const facts: GuardFacts = { ...CLOSING, step, words: said };
        assert.deepEqual(lookBefore(facts, LIST), lookBefore(facts, LIST));
      },
    ),
  );
});

test("never does one person alone let a step pass, nor anybody after its time, nor for other words or other stops", () => {
  const state = fc.constantFrom<OverrideState>("asked", "confirmed", "refused", "used", "expired", "dropped");
  const role = fc.constantFrom("triager", "closer", "shiftLead", "leader", "handler");
  fc.assert(
    fc.property(
      state,
      fc.nat(9),
      fc.nat(9),
      fc.constantFrom("1", "2"),
      fc.array(role),
      (s, expiresAt, now, userId, roles) => {
        const barred = decidingBarred({ state: s, askedBy: "1", expiresAt }, { userId, roles }, now);
        if (barred !== null) return;
        assert.ok(
          userId !== "1" && s === "asked" && now <= expiresAt && roles.some((r) => SECOND.includes(r)),
        );
      },
    ),
  );
  assert.equal(stateAt({ state: "confirmed", expiresAt: 5 }, 6), "expired");
  assert.equal(stateAt({ state: "used", expiresAt: 5 }, 6), "used");
  const passed = { keys: ["empty", "result"] as const, digest: "a" };
  assert.ok(covers(passed, [{ key: "empty" }], "a"));
  assert.ok(!covers(passed, [{ key: "empty" }], "b"));
  assert.ok(!covers(passed, [{ key: "personal" }], "a"));
});

test("a file of checks that is faulty is told where", () => {
  const bad = parseChecklist({
    ...file,
    body: {
      ...file.body,
      overrideHours: 0,
      checks: [{ ...file.body.checks[0], key: "moon", steps: { sign: "stops", passReview: "maybe" } }],
    },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(bad.problems.map((each) => each.path).sort(), [
    "body.checks[0].key",
    "body.checks[0].steps.passReview",
    "body.checks[0].steps.sign",
    "body.overrideHours",
  ]);
});
