import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { HOUR_MS, instant } from "../time/day.ts";
import { groundOf, windowEnd } from "./claim.ts";
import { percent } from "./measures.ts";
import { rankByRate } from "./ranking.ts";
import { parseReturnRules } from "./rules.ts";
import { firstOfMonth, mondayOf, spanBefore } from "./span.ts";
import { nextInWords } from "./words.ts";

const file = new URL("../../rules/returns/2019-default.json", import.meta.url);
const read = parseReturnRules(JSON.parse(readFileSync(file, "utf8")));
assert.ok(read.ok, JSON.stringify(read));
const RULES = read.value.body;

test("each ground asks for its own evidence, and a unit that says it is another's must say whose", () => {
  const claim = { kind: "duty", ground: "属市管道路", evidence: "权责清单", suggestUnit: "区城管委" };
  const whole = groundOf(claim, RULES);
  assert.equal(whole.ok && whole.ground?.zh, "非职责（不属本单位职责）");
  const bare = groundOf({ ...claim, evidence: "  " }, RULES);
  assert.deepEqual(!bare.ok && [bare.refusal.code, "field" in bare.refusal && bare.refusal.field], [
    "field-missing",
    "evidence",
  ]);
  const nobody = groundOf({ ...claim, suggestUnit: "" }, RULES);
  assert.equal(!nobody.ok && nobody.refusal.field, "suggestUnit");
  assert.equal(groundOf({ ...claim, kind: "incomplete", suggestUnit: "" }, RULES).ok, true);
});

test("a ground that is on no list is refused, and a return told in words alone, as before there was a list, is not", () => {
  const unknown = groundOf({ kind: "tired", ground: "不想办", suggestUnit: "" }, RULES);
  assert.equal(!unknown.ok && unknown.refusal.code, "reason-unknown");
  assert.deepEqual(groundOf({ ground: "非本辖区", suggestUnit: "" }, RULES), { ok: true, ground: null });
});

test("the window runs from the dispatch by level; one that runs from the acceptance has no end before it", () => {
  const dispatchedAt = instant("2026-11-20", "09:00"); // Friday
  const lead = { dispatchedAt, acceptedAt: null };
  assert.equal(windowEnd(RULES.window, 3, lead), dispatchedAt + 48 * HOUR_MS);
  assert.equal(windowEnd(RULES.window, 1, lead), dispatchedAt + 2 * HOUR_MS);
  assert.equal(windowEnd(null, 1, lead), null);
  assert.ok(RULES.window);
  const fromAccept = { ...RULES.window, from: "accept" as const };
  assert.equal(windowEnd(fromAccept, 3, lead), null);
  const acceptedAt = dispatchedAt + 5 * HOUR_MS;
  assert.equal(windowEnd(fromAccept, 3, { dispatchedAt, acceptedAt }), acceptedAt + 48 * HOUR_MS);
});

test("what comes next is said before the unit returns: one more, the last one, or nothing but a designation", () => {
  assert.match(nextInWords(1, 3), /第 1 次退单；满 3 次后由中心指定/);
  assert.match(nextInWords(3, 3), /第 3 次退单，已到上限；同意后由中心指定/);
  assert.match(nextInWords(4, 3), /已退单 3 次，达到 3 次上限/);
});

test("a unit with one ticket does not top a ranking", () => {
  const ranked = rankByRate(
    [
      { key: "燕园", asked: 1, rounds: 1 },
      { key: "学院路", asked: 30, rounds: 100 },
      { key: "中关村", asked: 10, rounds: 100 },
      { key: "上地", asked: 0, rounds: 40 },
    ],
    10,
  );
  assert.deepEqual(
    ranked.map(({ key, place, rate }) => [key, place, rate]),
    [
      ["学院路", 1, 30],
      ["中关村", 2, 10],
      ["上地", 3, 0],
      ["燕园", null, 100],
    ],
  );
});

test("ranking ignores the order of its input; the same rate has the same place, and a higher rate never a lower one", () => {
  const row = fc.record({ key: fc.uuid(), asked: fc.nat(60), rounds: fc.integer({ min: 1, max: 60 }) });
  const rows = fc.uniqueArray(row, { selector: (each) => each.key, maxLength: 12 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 30 }), (some, least) => {
      const ranked = rankByRate(some, least);
      assert.deepEqual(rankByRate([...some].reverse(), least), ranked);
      for (const a of ranked)
        for (const b of ranked)
          if (a.place !== null && b.place !== null) {
            const [x, y] = [a.asked * b.rounds, b.asked * a.rounds];
            assert.equal(Math.sign(b.place - a.place), Math.sign(x - y));
          }
    }),
  );
});

test("a share has one decimal, half up, and none where there is nothing to divide by", () => {
  assert.equal(percent(1, 8), 12.5);
  assert.equal(percent(1, 16), 6.3);
  assert.equal(percent(0, 0), null);
});

test("a month is compared with the month before, its part with the same days, a week with the week before", () => {
  assert.deepEqual(spanBefore({ from: "2026-11-01", to: "2026-11-30" }), {
    from: "2026-10-01",
    to: "2026-10-31",
  });
  assert.deepEqual(spanBefore({ from: "2026-03-01", to: "2026-03-30" }), {
    from: "2026-02-01",
    to: "2026-02-28",
  });
  assert.deepEqual(spanBefore({ from: "2026-11-01", to: "2026-11-20" }), {
    from: "2026-10-01",
    to: "2026-10-20",
  });
  assert.deepEqual(spanBefore({ from: "2026-11-16", to: "2026-11-22" }), {
    from: "2026-11-09",
    to: "2026-11-15",
  });
  assert.equal(mondayOf("2026-11-22"), "2026-11-16"); // Sunday
  assert.equal(firstOfMonth("2026-11-22"), "2026-11-01");
});

test("a rules file with a ground named twice, a clock that does neither, or no hours for a level is refused", () => {
  const raw: unknown = JSON.parse(readFileSync(file, "utf8"));
  assert.ok(typeof raw === "object" && raw !== null && "body" in raw);
  const faulty = (change: object) => parseReturnRules({ ...raw, body: { ...Object(raw.body), ...change } });
  for (const change of [
    { grounds: [...RULES.grounds, RULES.grounds[0]] },
    { grounds: [] },
    { inReview: "sleep" },
    { window: { from: "dispatch", hours: { "1": 2, "2": 4, "3": 24 } } },
    { minRanked: 0 },
  ])
    assert.equal(faulty(change).ok, false, JSON.stringify(change));
});
