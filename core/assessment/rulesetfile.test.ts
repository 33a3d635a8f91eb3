import assert from "node:assert/strict";
import { test } from "node:test";
import { fraction } from "./fraction.ts";
import { district, equal, files } from "./rules.fixture.ts";
import { parseRuleSet } from "./rulesetfile.ts";

/** The district's file with one place changed; undefined takes it out. */
function changed(path: string, value: unknown): unknown {
  const file: Record<string, unknown> = structuredClone(files.district);
  const keys = path.split(".");
  let at = file;
  for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
  const last = keys.at(-1) ?? "";
  if (value === undefined) delete at[last];
  else at[last] = value;
  return file;
}

function problemsOf(file: unknown): readonly string[] {
  const parsed = parseRuleSet(file);
  return parsed.ok ? [] : parsed.problems.map((problem) => problem.path);
}

test("the two rule sets that ship are read, each with its source and its weights", () => {
  assert.deepEqual(district.weights, {
    response: fraction(1, 10),
    solution: fraction(1, 2),
    satisfaction: fraction(2, 5),
  });
  assert.deepEqual(equal.weights, {
    response: fraction(3, 10),
    solution: fraction(7, 20),
    satisfaction: fraction(7, 20),
  });
  assert.deepEqual(district.answers.basicallySatisfied, fraction(9, 10));
  for (const rules of [district, equal]) assert.ok(rules.source.length > 10 && rules.approvedBy !== "");
});

test("each kind of mistake in a rule set is named with its place", () => {
  const mistakes: readonly [path: string, value: unknown, at?: string][] = [
    ["name", "区级 规则"],
    ["title", " "],
    ["status", "active"],
    ["from", "2025-02-30"],
    ["from", "2025/01/01"],
    ["source", undefined],
    ["approvedBy", 5],
    ["period", undefined],
    ["base", "perQuestion"],
    ["base", { formula: "everyTicket" }, "base.formula"],
    ["base", { formula: "validCallback" }, "base.blanks"],
    ["base", { formula: "perQuestion", blanks: "keep" }, "base.blanks"],
    ["answers.satisfaction.basicallySatisfied", "1.1"],
    ["answers.satisfaction.basicallySatisfied", "九折"],
    ["answers.solution.partlySolved", -1],
    ["answers.solution.mostlySolved", "0.5"],
    ["answers.response.contacted", undefined],
    ["scopes.assessed.full", ["response", "speed"]],
    ["scopes.assessed.full", ["response", "response"]],
    ["scopes.all", undefined],
    ["weights.response", "0.20", "weights"],
    ["weights.response", undefined],
    ["rate.digits", 1.5],
    ["rate", undefined],
    ["score.digits", -1],
    ["score.rankBy", "luck"],
    ["volume", "calls"],
    ["minimumVolume", "5"],
    ["ties", "alphabet"],
    ["groups", []],
    ["groups", [{ name: "街镇", kinds: [] }], "groups[0].kinds"],
    [
      "groups",
      [
        { name: "街", kinds: ["street"] },
        { name: "街", kinds: ["town"] },
      ],
      "groups[1].name",
    ],
    [
      "groups",
      [
        { name: "街", kinds: ["street"] },
        { name: "镇", kinds: ["street"] },
      ],
      "groups[1].kinds",
    ],
    ["total", "median"],
    ["wieghts", {}],
  ];
  for (const [path, value, at = path] of mistakes) {
    assert.ok(problemsOf(changed(path, value)).includes(at), `${path} = ${JSON.stringify(value)}`);
  }
});

test("a basically satisfied answer may not be worth more than a satisfied one", () => {
  const file = changed("answers.satisfaction", {
    satisfied: "0.8",
    basicallySatisfied: "0.9",
    dissatisfied: "0",
  });
  assert.deepEqual(problemsOf(file), ["answers.satisfaction.basicallySatisfied"]);
});

test("every mistake is told at once, in Chinese, and no file at all is told too", () => {
  const parsed = parseRuleSet({ name: "x" });
  assert.ok(!parsed.ok);
  const paths = parsed.problems.map((problem) => problem.path);
  for (const field of ["title", "from", "source", "weights", "groups", "answers", "scopes"])
    assert.ok(paths.includes(field), field);
  for (const problem of parsed.problems) assert.match(problem.text, /\p{Script=Han}/u);
  for (const nothing of [null, undefined, [], "rules", 5]) assert.equal(parseRuleSet(nothing).ok, false);
});
