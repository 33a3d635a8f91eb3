import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import file from "../../rules/exemption/2020-default.json" with { type: "json" };
import { instant } from "../time/day.ts";
import { appealUntil, applyUntil, missingEvidence, precheck } from "./checklist.ts";
import { groundOf, parseExemptionRules } from "./grounds.ts";

const read = parseExemptionRules(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const rules = read.value.body;
const unreasonable = groundOf(rules, "unreasonable");
if (!unreasonable) throw new Error("no such ground");

test("the window ends with the forty-fifth day after the dispatch, the day of dispatch not counted", () => {
  assert.equal(applyUntil(rules, "2026-11-04"), instant("2026-12-20", "00:00") - 1); // Saturday 2026-12-19 to its end
  assert.equal(appealUntil(rules, instant("2026-11-20", "15:00")), instant("2026-12-01", "00:00") - 1);
});

test("evidence without words and without a file is none", () => {
  assert.deepEqual(missingEvidence(unreasonable, [{ kind: "legalBasis", text: "  ", file: null }]), [
    "法律法规政策条文",
    "与诉求人沟通记录",
  ]);
  assert.deepEqual(missingEvidence(unreasonable, [{ kind: "legalBasis", text: "", file: "17" }]), [
    "与诉求人沟通记录",
  ]);
});

test("an application in time, with its evidence and a contact, passes every check", () => {
  const facts = {
    ground: unreasonable,
    evidence: unreasonable.evidence.map(({ kind }) => ({ kind, text: "见附件", file: null })),
    appliedAt: 5,
    dueAt: 5,
    contactedAt: 1,
    duplicates: 0,
    earlier: { upheld: 0, denied: 0 },
  };
  assert.ok(precheck(facts).every((each) => each.ok));
  const worse = {
    ...facts,
    appliedAt: 6,
    evidence: [],
    contactedAt: null,
    duplicates: 1,
    earlier: { upheld: 1, denied: 2 },
  };
  assert.ok(precheck(worse).every((each) => !each.ok));
});

test("more evidence never makes more of it missing", () => {
  const piece = fc.record({
    kind: fc.constantFrom("legalBasis", "contactRecord", "photo"),
    text: fc.string(),
    file: fc.option(fc.string()),
  });
  fc.assert(
    fc.property(fc.array(piece), piece, (evidence, more) => {
      const before = missingEvidence(unreasonable, evidence);
      const after = missingEvidence(unreasonable, [...evidence, more]);
      assert.ok(after.every((name) => before.includes(name)));
    }),
  );
});

test("a file of grounds that is misspelt or says one thing twice is told where", () => {
  const bad = parseExemptionRules({
    ...file,
    body: {
      ...file.body,
      windowDays: 0,
      grounds: [{ ...file.body.grounds[0], scope: "full" }, file.body.grounds[0]],
    },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(bad.problems.map((each) => each.path).sort(), [
    "body.grounds",
    "body.grounds[0].scope",
    "body.windowDays",
  ]);
});
