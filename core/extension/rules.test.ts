import assert from "node:assert/strict";
import { test } from "node:test";
import file from "../../rules/extension/2019-default.json" with { type: "json" };
import { askingBarred, type ExtensionFacts, parseExtensionRules } from "./rules.ts";

const read = parseExtensionRules(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const RULES = read.value.body;
const FREE: ExtensionFacts = { pending: null, granted: 0, dueAt: 100, cityDue: false, now: 100 };
const why = (facts: Partial<ExtensionFacts>, rules = RULES) =>
  askingBarred({ ...FREE, ...facts }, rules)?.code ?? null;

test("more time may be asked for until the very due time, and after it only where the rule says so", () => {
  assert.equal(why({ now: 100 }), null);
  assert.equal(why({ now: 101 }), "extension-overdue");
  assert.equal(why({ now: 101 }, { ...RULES, afterDue: true }), null);
});

test("an asking that waits, a clock that does not run, the city's deadline and a round used up bar another asking", () => {
  assert.equal(why({ pending: { id: "1", days: 2 } }), "extension-pending");
  assert.equal(why({ dueAt: null }), "extension-no-clock");
  assert.equal(why({ cityDue: true }), "extension-city");
  assert.equal(why({ granted: RULES.maxTimes }), "extension-used-up");
  assert.equal(why({ granted: RULES.maxTimes }, { ...RULES, maxTimes: RULES.maxTimes + 1 }), null);
});

test("a file of rules that is faulty is told where", () => {
  const bad = parseExtensionRules({
    ...file,
    body: { maxTimes: 0, maxDays: 1.5, afterDue: "no", grounds: [] },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(
    bad.problems.map((each) => each.path),
    ["body.afterDue", "body.grounds", "body.maxTimes", "body.maxDays"],
  );
});
