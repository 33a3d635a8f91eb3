import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { parseCallbackRules } from "../callback/rules.ts";
import { instant } from "../time/day.ts";
import { judgeCall, type SampledCall } from "./call.ts";
import { resultsOf } from "./results.ts";
import { parseSamplingRules } from "./rules.ts";
import { type Drawable, drawSample, STRATA, sharesOf, stratumOf } from "./sample.ts";

const fileOf = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../rules/${name}.json`, import.meta.url), "utf8"));
const read = parseCallbackRules(fileOf("callback/2019-default"));
assert.ok(read.ok);
const RULES = read.value.body;

const anyFrame = fc
  .array(
    fc.record({
      channel: fc.constantFrom("96181", "人民网", "政务服务网", "网络舆情"),
      unitId: fc.constantFrom("", "1", "2", "3"),
    }),
    { maxLength: 120 },
  )
  .map((all) => all.map((each, at): Drawable => ({ ...each, id: String(at + 1) })));
const anyDesign = fc.record({
  seed: fc.string({ minLength: 1, maxLength: 12 }),
  strata: fc.constantFrom(...STRATA),
  size: fc.integer({ min: 1, max: 60 }),
});

test("law: a seed draws the same tickets again, in whatever order the frame comes", () => {
  fc.assert(
    fc.property(anyFrame, anyDesign, fc.integer({ min: 0, max: 119 }), (frame, design, turn) => {
      const first = drawSample(frame, design);
      const turned = [...frame.slice(turn), ...frame.slice(0, turn)].toReversed();
      assert.deepEqual(drawSample(turned, design), first);
    }),
  );
});

test("law: as many as asked for are drawn, none twice, from every stratum its share and never more than it has", () => {
  fc.assert(
    fc.property(anyFrame, anyDesign, (frame, design) => {
      const { drawn, strata } = drawSample(frame, design);
      const wanted = Math.min(design.size, frame.length);
      assert.equal(drawn.length, wanted);
      assert.equal(new Set(drawn).size, drawn.length);
      const chosen = frame.filter((each) => drawn.includes(each.id));
      for (const stratum of strata) {
        const its = chosen.filter((each) => stratumOf(each, design.strata) === stratum.key);
        assert.equal(its.length, stratum.drawn);
        assert.ok(stratum.drawn <= stratum.of);
        if (wanted >= strata.length) assert.ok(stratum.drawn >= 1);
        // One each is taken first; beyond it, within one of the exact share.
        const least = wanted >= strata.length ? 1 : 0;
        const beyond = frame.length - least * strata.length;
        const exact = beyond === 0 ? 0 : ((stratum.of - least) * (wanted - least * strata.length)) / beyond;
        assert.ok(Math.abs(stratum.drawn - least - exact) < 1);
      }
    }),
  );
});

test("over many seeds every ticket of a stratum is drawn about as often as any other", () => {
  const frame = Array.from({ length: 40 }, (_, at) => ({ id: String(at), channel: "96181", unitId: "1" }));
  const times = new Map<string, number>();
  for (let seed = 0; seed < 2000; seed += 1)
    for (const id of drawSample(frame, { seed: `s${seed}`, strata: "channel", size: 10 }).drawn)
      times.set(id, (times.get(id) ?? 0) + 1);
  // 500 expected with a deviation of 19.4: five deviations either way
  for (const { id } of frame) assert.ok(Math.abs((times.get(id) ?? 0) - 500) < 97, `${id}: ${times.get(id)}`);
});

test("sixty of three channels are shared in proportion, the smallest not left out", () => {
  assert.deepEqual(sharesOf([900, 95, 5], 60), [53, 6, 1]);
  assert.deepEqual(sharesOf([2, 2], 1), [1, 0]);
  assert.deepEqual(sharesOf([1, 1, 1], 9), [1, 1, 1]);
  assert.deepEqual(sharesOf([], 9), []);
});

const call = (facts: Partial<SampledCall> = {}): SampledCall => ({
  outcome: "answered",
  answers: { contacted: "yes" },
  reasons: {},
  ...facts,
});
const MORNING = instant("2026-11-20", "09:00");
const AFTERNOON = instant("2026-11-20", "15:00");
const EVENING = instant("2026-11-20", "18:30");

test("a call says what its rule's lists know; a second one after an answer says nothing", () => {
  const judged = (facts: Partial<SampledCall>, before: readonly number[] = [], done = false) => {
    const answer = judgeCall(call(facts), { done, before }, RULES, EVENING);
    return answer.ok ? answer.value : answer.refusal.code;
  };
  assert.deepEqual(judged({ answers: { solved: "no" }, reasons: { solved: "came-back" } }), {
    reasons: { solved: { code: "came-back", zh: "处理后又出现" } },
    nextAt: null,
  });
  assert.equal(judged({ reasons: { solved: "luck" } }), "reason-unknown");
  assert.equal(judged({ answers: {} }), "call-unanswered");
  assert.equal(judged({}, [], true), "call-done");
  assert.equal(judged({ outcome: "unreached" }, [MORNING]), "attempts-too-few");
  assert.deepEqual(judged({ outcome: "unreached" }, [MORNING, AFTERNOON]), { reasons: {}, nextAt: null });
  assert.equal(judged({ outcome: "missed", nextAt: MORNING }), "next-attempt-past");
  assert.deepEqual(judged({ outcome: "missed" }, [MORNING]), {
    reasons: {},
    nextAt: instant("2026-11-21", "14:00"),
  });
});

test("the rule file reads, and one that is faulty is told where", () => {
  const file = fileOf("sampling/2019-default");
  const rules = parseSamplingRules(file);
  assert.ok(rules.ok);
  assert.equal(rules.value.body.counted, false);
  const broken = structuredClone(file) as { body: Record<string, unknown> };
  Object.assign(broken.body, { channels: [], strata: "luck", size: 0, counted: "maybe" });
  const answer = parseSamplingRules(broken);
  assert.ok(!answer.ok);
  assert.deepEqual(
    answer.problems.map((each) => each.path),
    ["body.channels", "body.strata", "body.counted", "body.size"],
  );
});

test("law: results add up, every ticket has one outcome, and reasons are never more than the answers that they are of", () => {
  const anyTicket = fc.record({
    outcome: fc.constantFrom("answered" as const, "refused" as const, "unreached" as const, null),
    contacted: fc.constantFrom("yes", "no", null),
    solved: fc.constantFrom("yes", "partly", "no", null),
    satisfied: fc.constantFrom("satisfied", "basically", "dissatisfied", null),
    reasons: fc.constantFrom({}, { solved: { code: "came-back", zh: "处理后又出现" } }),
  });
  fc.assert(
    fc.property(fc.array(anyTicket, { maxLength: 30 }), (tickets) => {
      const told = resultsOf(tickets);
      assert.equal(told.waiting + told.answered + told.refused + told.unreached, told.drawn);
      for (const { known, answers, reasons } of Object.values(told.questions)) {
        assert.equal(
          answers.reduce((sum, each) => sum + each.n, 0),
          known,
        );
        assert.ok(reasons.reduce((sum, each) => sum + each.n, 0) <= known && known <= told.answered);
      }
    }),
  );
});
