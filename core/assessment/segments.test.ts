import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Day } from "../time/day.ts";
import type { PeriodSettings } from "../time/period.ts";
import { chooseDays, choosePeriod } from "./choice.ts";
import { closedFigures, type Frozen } from "./closed.ts";
import { ALL_CELLS, QUESTIONS, STAT_SCOPES } from "./entry.ts";
import { explainRate } from "./explained.ts";
import { compare, fraction } from "./fraction.ts";
import { measuresOver } from "./measures.ts";
import { ranking } from "./ranking.ts";
import { addEntry, countsByKey, earnedIn, mergeCounts, noCounts, ratesOf } from "./rates.ts";
import { district, equal, files, november, sharedBase } from "./rules.fixture.ts";
import type { RuleSet } from "./ruleset.ts";
import { parseRuleSet } from "./rulesetfile.ts";
import {
  countsOver,
  partedAt,
  readingsOf,
  type Segment,
  type SegmentEntries,
  segmentsText,
} from "./segments.ts";
import { trial } from "./trial.ts";

const settings: readonly PeriodSettings[] = [
  { name: "month-19th", source: "practice", startDay: 19, starts: {}, reportAt: "12:00" },
  { name: "calendar-month", source: "practice", startDay: 1, starts: {}, reportAt: "12:00" },
];
const daily = (name: string, from: Day, more: Partial<RuleSet> = {}): RuleSet => ({
  ...district,
  name,
  title: name,
  from,
  binds: "day",
  ...more,
});
const daysOf = (segments: readonly Segment[] | undefined) =>
  segments?.map(({ from, to, ruleSet }) => [from, to, ruleSet.name]);

const fifth = daily("自11月5日", "2026-11-05", {
  answers: { ...district.answers, basicallySatisfied: fraction(1, 2), partlySolved: fraction(1, 4) },
  scopes: { ...district.scopes, assessed: { ...district.scopes.assessed, responseOnly: [] } },
});

test("a rule of November 5th that binds from its day parts November; December has it as a whole", () => {
  const november26 = choosePeriod([fifth, district], settings, "2026-11");
  assert.deepEqual(daysOf(november26?.segments), [
    ["2026-10-19", "2026-11-04", "district-2025"],
    ["2026-11-05", "2026-11-18", "自11月5日"],
  ]);
  assert.deepEqual([november26?.ruleSet.name, november26?.trial], ["自11月5日", false]);
  assert.deepEqual(daysOf(choosePeriod([fifth, district], settings, "2026-12")?.segments), [
    ["2026-11-19", "2026-12-18", "自11月5日"],
  ]);
  assert.equal(
    segmentsText((november26?.segments ?? []).map((each) => ({ ...each, title: each.ruleSet.title }))),
    "10-19 至 11-04 适用《区级考核规则（10/50/40）》，11-05 起适用《自11月5日》",
  );
});

test("one that binds by the period, cuts its months elsewhere, or is still a draft parts nothing", () => {
  const whole = [["2026-10-19", "2026-11-18", "district-2025"]];
  for (const change of [
    { binds: "period" },
    { period: "calendar-month" },
    { status: "draft" },
    { from: "2026-10-19", name: "district-2025" },
  ] as const) {
    const rules = [daily("自11月5日", "2026-11-05", change), { ...district, from: "2026-10-01" } as const];
    assert.deepEqual(daysOf(choosePeriod(rules, settings, "2026-11")?.segments), whole);
  }
});

test("several changes in one period each take the days until the next; one asked for by name alone is as if it were in force", () => {
  const tenth = daily("自11月10日", "2026-11-10");
  const draft = daily("草稿", "2026-11-08", { status: "draft" });
  const rules = [tenth, fifth, district, draft];
  const three = [
    ["2026-10-19", "2026-11-04", "district-2025"],
    ["2026-11-05", "2026-11-09", "自11月5日"],
    ["2026-11-10", "2026-11-18", "自11月10日"],
  ];
  assert.deepEqual(daysOf(choosePeriod(rules, settings, "2026-11")?.segments), three);
  const named = choosePeriod(rules, settings, "2026-11", "草稿");
  assert.deepEqual(daysOf(named?.segments), [
    three[0],
    ["2026-11-05", "2026-11-07", "自11月5日"],
    ["2026-11-08", "2026-11-09", "草稿"],
    three[2],
  ]);
  assert.equal(named?.trial, true);
  const own = choosePeriod(rules, settings, "2026-11", "自11月5日");
  assert.deepEqual([daysOf(own?.segments), own?.trial], [three, false]);
  const before = choosePeriod(rules, settings, "2026-11", "district-2025");
  assert.deepEqual(
    [daysOf(before?.segments), before?.trial],
    [[["2026-10-19", "2026-11-18", "district-2025"]], true],
  );
});

test("days that are no period are parted in the same way", () => {
  const some = chooseDays([fifth, district], { from: "2026-11-01", to: "2026-11-06" });
  assert.deepEqual(daysOf(some?.segments), [
    ["2026-11-01", "2026-11-04", "district-2025"],
    ["2026-11-05", "2026-11-06", "自11月5日"],
  ]);
  assert.equal(chooseDays([fifth, district], { from: "2026-11-05", to: "2026-11-06" })?.segments.length, 1);
});

test("a file that does not say how it binds binds by the period; nothing but the two ways is read", () => {
  const read = (binds?: string) =>
    parseRuleSet({ ...files.district, ...(binds === undefined ? {} : { binds }) });
  assert.equal(district.binds, "period");
  const day = read("day");
  assert.equal(day.ok && day.value.binds, "day");
  const wrong = read("hour");
  assert.deepEqual(wrong.ok ? [] : wrong.problems.map(({ path }) => path), ["binds"]);
});

const rules = fc.constantFrom(district, equal, fifth, sharedBase("exclude"), sharedBase("keep"));
const starts = fc
  .uniqueArray(fc.integer({ min: 0, max: 16 }), { maxLength: 3 })
  .map((days) =>
    days.sort((a, b) => a - b).map((n): Day => `2026-11-${String(n + 1).padStart(2, "0")}` as Day),
  );
const segments = fc
  .tuple(rules, starts, fc.array(rules, { minLength: 3, maxLength: 3 }))
  .map(([first, days, others]) =>
    november(first, ...days.map((day, at): [Day, RuleSet] => [day, others[at] ?? first])),
  );
const scopes = fc.constantFrom(...STAT_SCOPES);
const entriesOf = (among: readonly Segment[]): fc.Arbitrary<readonly SegmentEntries[]> =>
  fc.array(
    fc.record({
      key: fc.constantFrom("香山", "上地", "水务"),
      entry: fc.constantFrom(...ALL_CELLS),
      times: fc.integer({ min: 1, max: 9 }),
      segment: fc.nat({ max: among.length - 1 }),
    }),
    { maxLength: 40 },
  );
const parted = segments.chain((among) => fc.tuple(fc.constant(among), entriesOf(among), scopes));
const shuffled = <T>(list: readonly T[], keys: Iterator<number>): readonly T[] =>
  list
    .map((each) => ({ each, at: keys.next().value ?? 0 }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);

test("the segments added up are the period, and the units added up are the district, in whatever order they come", () => {
  fc.assert(
    fc.property(parted, fc.infiniteStream(fc.nat()), ([among, entries, scope], keys) => {
      const readings = readingsOf(among, scope);
      const whole = countsOver(entries, readings);
      assert.deepEqual(countsOver(shuffled(entries, keys), readings), new Map(whole));
      for (const [key, counts] of whole) {
        const parts = readings.map((reading, at) => {
          const its = entries.filter((each) => each.key === key && each.segment === at);
          return countsByKey(its, reading).get(key) ?? noCounts();
        });
        assert.deepEqual(parts.reduce(mergeCounts, noCounts()), counts);
      }
      const all =
        countsOver(
          entries.map((each) => ({ ...each, key: "" })),
          readings,
        ).get("") ?? noCounts();
      assert.deepEqual([...whole.values()].reduce(mergeCounts, noCounts()), all);
    }),
  );
});

test("parting days between which nothing changes changes nothing", () => {
  fc.assert(
    fc.property(rules, starts, scopes, fc.infiniteStream(fc.nat()), (rule, days, scope, keys) => {
      const cut = partedAt(november(rule), days);
      assert.deepEqual(
        [cut[0]?.from, cut.at(-1)?.to, cut.length],
        ["2026-10-19", "2026-11-18", days.length + 1],
      );
      const entries = ALL_CELLS.map((entry) => ({
        key: "香山",
        entry,
        times: 1,
        segment: keys.next().value % cut.length,
      }));
      const whole = entries.map((each) => ({ ...each, segment: 0 }));
      assert.deepEqual(
        countsOver(entries, readingsOf(cut, scope)),
        countsOver(whole, readingsOf(november(rule), scope)),
      );
    }),
  );
});

test("an exempt ticket moves no rate, no rank and no count of the assessed scope, on whichever side of a change it lies", () => {
  const exempt = fc.constantFrom(...ALL_CELLS.filter(({ scope }) => scope === "exempt"));
  fc.assert(
    fc.property(parted, exempt, fc.nat(), ([among, entries], entry, at) => {
      const readings = readingsOf(among, "assessed");
      const more = [...entries, { key: "香山", entry, times: 3, segment: at % among.length }];
      const counted = (list: readonly SegmentEntries[]) =>
        countsOver(list, readings).get("香山") ?? noCounts();
      assert.deepEqual(counted(more), counted(entries));
    }),
  );
});

test("a correction, taken out and put in again on its own side, leaves what a recount gives", () => {
  fc.assert(
    fc.property(
      parted,
      fc.constantFrom(...ALL_CELLS),
      fc.constantFrom(...ALL_CELLS),
      fc.nat(),
      ([among, entries, scope], wrong, right, n) => {
        const readings = readingsOf(among, scope);
        const segment = n % among.length;
        const reading = readings[segment];
        assert.ok(reading);
        const one = (entry: typeof wrong) => ({ key: "香山", entry, times: 1, segment });
        const then = countsOver([...entries, one(wrong)], readings).get("香山") ?? noCounts();
        const corrected = addEntry(addEntry(then, wrong, reading, -1), right, reading);
        assert.deepEqual(corrected, countsOver([...entries, one(right)], readings).get("香山"));
      },
    ),
  );
});

test("an explained rate's parts add up to what was earned, and its denominator is the base that was counted", () => {
  fc.assert(
    fc.property(parted, ([among, entries, scope]) => {
      const readings = readingsOf(among, scope);
      const placed = entries.flatMap(({ times, ...each }) => Array.from({ length: times }, () => each));
      const counts =
        countsOver(
          entries.map((each) => ({ ...each, key: "" })),
          readings,
        ).get("") ?? noCounts();
      for (const question of QUESTIONS) {
        const told = explainRate(question, placed, readings);
        assert.equal(compare(told.numerator, earnedIn(counts, question)), 0);
        const rate = ratesOf(counts)[question];
        const again =
          told.denominator === 0
            ? null
            : fraction(told.numerator.num, told.numerator.den * BigInt(told.denominator));
        assert.deepEqual(again, rate);
        const out = told.excluded.reduce((sum, { times }) => sum + times, 0);
        assert.equal(
          told.denominator + out,
          placed.length,
          "every ticket is in the denominator, or it is said why not",
        );
      }
    }),
  );
});

test("a closed copy over several versions gives the same figures to the byte out of its text, and those of the ranking", () => {
  fc.assert(
    fc.property(parted, ([among, entries]) => {
      const keys = [...new Set(entries.map(({ key }) => key))];
      const copy: Frozen = {
        level: "district",
        period: { name: "2026-11", from: "2026-10-19", to: "2026-11-18" },
        rules: files.district,
        units: keys.map((key) => ({
          ...{ id: key, name: key, shortName: key, kind: "street" },
          entries: entries.filter((each) => each.key === key).map(({ key: _key, ...each }) => each),
        })),
      };
      const figures = closedFigures(copy, among);
      assert.equal(closedFigures(JSON.parse(JSON.stringify(copy)), among), figures);
      const last = among.at(-1)?.ruleSet ?? district;
      const counted = countsOver(entries, readingsOf(among, "assessed"));
      const ranked = ranking(
        keys.map((key) => ({ key, kind: "street", counts: counted.get(key) ?? noCounts() })),
        last,
      );
      assert.deepEqual(
        JSON.parse(figures).assessed.flatMap((g: { units: { id: string; rank: number | null }[] }) =>
          g.units.map(({ id, rank }) => [id, rank]),
        ),
        ranked.flatMap(({ units }) => units.map(({ key, rank }) => [key, rank])),
      );
    }),
  );
});

test("a trial of what is in force already moves nobody, however the days are cut for counting", () => {
  const kinds = new Map(["香山", "上地", "水务"].map((key) => [key, { kind: "street" }]));
  fc.assert(
    fc.property(parted, ([among, entries, scope]) => {
      const cut = partedAt(among, ["2026-10-25", "2026-11-03"]);
      // Entries keep their side: each lies in the first piece of its own segment.
      const placed = entries.map((each) => ({
        ...each,
        segment: cut.findIndex(({ from }) => from === among[each.segment]?.from),
      }));
      assert.deepEqual(trial(placed, kinds, cut, cut, scope), []);
    }),
  );
});

test("where versions say different things a definition tells both with their days, and where they agree it says it once", () => {
  const told = measuresOver(november(district, ["2026-11-05", fifth]));
  const of = (key: string) => told.find((each) => each.key === key);
  assert.equal(
    of("satisfaction")?.numerator,
    "10-19 至 11-04：满意 + 0.9×基本满意；11-05 起：满意 + 0.5×基本满意",
  );
  assert.equal(
    of("satisfaction")?.definition,
    measuresOver(november(district)).find((m) => m.key === "satisfaction")?.definition,
  );
  assert.equal(of("score")?.numerator, "（响应率×10% + 解决率×50% + 满意率×40%）×100");
  assert.deepEqual(
    told.map(({ key }) => key),
    measuresOver(november(fifth)).map(({ key }) => key),
  );
});

test("a worth of more than six decimals is our own mistake and throws: it would not add up exactly", () => {
  const third = { ...district, answers: { ...district.answers, satisfied: fraction(1, 3) } };
  const entry = {
    scope: "full",
    valid: true,
    contacted: "yes",
    solved: "yes",
    satisfied: "satisfied",
  } as const;
  assert.throws(() => addEntry(noCounts(), entry, { rules: third, scope: "all" }), /six decimals/);
});
