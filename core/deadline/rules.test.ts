import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import type { Version } from "../rules/effective.ts";
import { instant } from "../time/day.ts";
import { ALL_CLOCKS, type ClockKind } from "./kind.ts";
import type { Level } from "./level.ts";
import { type DeadlineRules, type LimitFacts, limitFor, parseDeadlineRules } from "./rules.ts";

const FOLDER = new URL("../../rules/deadline/", import.meta.url);

function read(json: unknown): Version<DeadlineRules> {
  const rules = parseDeadlineRules(json);
  assert.ok(rules.ok, JSON.stringify(rules));
  return rules.value;
}

const SHIPPED = readdirSync(FOLDER)
  .filter((name) => name.endsWith(".json"))
  .map((name) => read(JSON.parse(readFileSync(new URL(name, FOLDER), "utf8"))));

const ticket = (level: Level, category: readonly string[] = []): LimitFacts => ({
  level,
  channel: "市热线",
  type: "投诉",
  category,
});

/** "24 hours", or why not. */
function granted(
  kind: ClockKind,
  facts: LimitFacts,
  day: Version<unknown>["from"],
  versions = SHIPPED,
): string {
  const grant = limitFor(versions, kind, facts, instant(day, "10:00"));
  return grant.ok ? `${grant.value.limit.amount} ${grant.value.limit.unit}` : grant.refusal.code;
}

test("a ticket is bound by the rule of the day on which its clock started, on both sides of each change", () => {
  const report = (day: Version<unknown>["from"]) => granted("report", ticket(3), day);
  assert.equal(report("2020-02-29"), "7 days"); // the backstop
  assert.equal(report("2020-03-01"), "1 days");
  assert.equal(report("2020-04-19"), "1 days"); // Sunday
  assert.equal(report("2020-04-20"), "3 days"); // Monday
  assert.equal(report("2020-07-20"), "3 days");
  assert.equal(report("2020-07-21"), "2 days");
  assert.equal(report("2022-12-31"), "2 days");
  assert.equal(report("2023-01-01"), "7 days");
});

test("the standard: emergencies are dispatched in 1 hour, utilities and weather in 2, others in 24", () => {
  const dispatch = (facts: LimitFacts) => granted("dispatch", facts, "2026-11-23");
  assert.equal(dispatch(ticket(1)), "1 hours");
  assert.equal(dispatch(ticket(1, ["市政", "供水"])), "1 hours"); // both rows fit; the earlier one
  assert.equal(dispatch(ticket(2)), "2 hours");
  assert.equal(dispatch(ticket(3, ["市政", "供热", "暖气不热"])), "2 hours");
  assert.equal(dispatch(ticket(3, ["市容环境"])), "24 hours");
  assert.equal(dispatch(ticket(4)), "24 hours");
});

test("the standard: handling is reported in 2 hours, 24 hours, 7 days or 15 days by level", () => {
  const report = ([1, 2, 3, 4] as const).map((level) => granted("report", ticket(level), "2026-11-23"));
  assert.deepEqual(report, ["2 hours", "24 hours", "7 days", "15 days"]);
});

test("under the standard no clock of any level goes without a limit, and each remembers rule and row", () => {
  for (const kind of ALL_CLOCKS) {
    for (const level of [1, 2, 3, 4] as const) {
      const grant = limitFor(SHIPPED, kind, ticket(level), instant("2026-11-23", "10:00"));
      assert.ok(grant.ok, `${kind} ${level}`);
      assert.equal(grant.value.rule.name, "standard-2022");
      assert.notEqual(grant.value.rule.row, "");
    }
  }
});

test("a version that says nothing of a kind of clock leaves the earlier one standing for it, for new clocks and running ones", () => {
  const grantedBy = (day: Version<unknown>["from"], kind: ClockKind, versions = SHIPPED, at = day) => {
    const grant = limitFor(versions, kind, ticket(3), instant(day, "10:00"), instant(at, "10:00"));
    return grant.ok ? grant.value.rule.name : grant.refusal.code;
  };
  assert.equal(grantedBy("2020-12-31", "dispatch"), "backstop"); // the city's versions of 2020 speak of reports alone
  assert.equal(grantedBy("2020-12-31", "report"), "city-2020-07");
  const later = read({
    ...{ name: "reports-2027", from: "2027-01-01", source: "test", appliesTo: "running" },
    rows: [{ id: "r", clock: "report", limit: { unit: "days", amount: 5 }, tag: "ours" }],
  });
  const versions = [...SHIPPED, later];
  assert.equal(grantedBy("2027-02-01", "report", versions), "reports-2027");
  assert.equal(grantedBy("2027-02-01", "closing", versions), "standard-2022");
  assert.equal(grantedBy("2020-12-31", "closing", versions, "2027-02-01"), "backstop");
});

test("from the first day of the backstop on no kind of clock of any level goes without a limit", () => {
  const days = ["2000-01-01", "2019-06-01", ...SHIPPED.map((version) => version.from)] as const;
  for (const day of days)
    for (const kind of ALL_CLOCKS)
      for (const level of [1, 2, 3, 4] as const)
        assert.notEqual(granted(kind, ticket(level), day), "no-limit", `${kind} ${level} ${day}`);
});

test("the row that says most about a ticket wins, wherever it stands; a category path counts its depth", () => {
  const row = (id: string, amount: number, when?: object) => ({
    id,
    clock: "report",
    ...(when ? { when } : {}),
    limit: { unit: "hours", amount },
    tag: "ours",
  });
  const rules = read({
    name: "specific",
    from: "2020-01-01",
    source: "test",
    rows: [
      row("any", 1),
      row("channel", 2, { channel: ["人民网"] }),
      row("both", 3, { channel: ["人民网"], level: [2] }),
      row("path", 4, { category: ["市政->供水->停水"] }),
      row("name", 5, { category: ["供水"] }),
    ],
  });
  const report = (facts: Partial<LimitFacts>) =>
    granted("report", { ...ticket(3), ...facts }, "2020-01-01", [rules]);
  assert.equal(report({}), "1 hours");
  assert.equal(report({ channel: "人民网" }), "2 hours");
  assert.equal(report({ channel: "人民网", level: 2 }), "3 hours");
  assert.equal(report({ channel: "人民网", level: 2, category: ["市政", "供水", "停水"] }), "4 hours");
  assert.equal(report({ category: ["市政", "供水", "水质"] }), "5 hours");
  assert.equal(report({ category: ["供水", "停水"] }), "5 hours");
});

test("a rules file with faults is refused whole, and each fault is named where it stands", () => {
  const rules = parseDeadlineRules({
    name: "坏",
    from: "2020-02-30",
    source: "",
    colour: "red",
    workingPeriods: [
      { from: "08:30", to: "12:00" },
      { from: "11:30", to: "17:30" },
      { from: "18:00", to: "17:00" },
    ],
    rows: [
      { id: "a", clock: "report", limit: { unit: "days", amount: 1.5 }, tag: "law" },
      { id: "a", clock: "report", limit: { unit: "hours", amount: 0, cutoff: "18:00" }, tag: "rumour" },
      { id: "c", clock: "lunch", limit: { unit: "weeks", amount: 1 }, tag: "ours" },
      {
        id: "d",
        clock: "accept",
        when: { level: [5], channel: [] },
        limit: { unit: "hours", amount: 1 },
        tag: "ours",
      },
      {
        id: "e",
        clock: "report",
        when: { type: ["投诉"] },
        limit: { unit: "days", amount: 1, cutoff: "25:00" },
        tag: "ours",
      },
      {
        id: "f",
        clock: "report",
        when: { level: [1] },
        limit: { unit: "hours", amount: 1 },
        near: { hoursLeft: 1, usedFraction: 0.5 },
        tag: "ours",
      },
    ],
  });
  assert.ok(!rules.ok);
  const paths = rules.problems.map((p) => p.path);
  for (const path of [
    "colour",
    "name",
    "from",
    "source",
    "workingPeriods[1]",
    "workingPeriods[2]",
    "rows[0].limit.amount",
    "rows[1].id",
    "rows[1].limit.amount",
    "rows[1].limit.cutoff",
    "rows[1].tag",
    "rows[1].when",
    "rows[2].clock",
    "rows[2].limit.unit",
    "rows[3].when.level",
    "rows[3].when.channel",
    "rows[4].limit.cutoff",
    "rows[5].near",
    "rows",
  ]) {
    assert.ok(paths.includes(path), `${path} is named`);
  }
  assert.ok(rules.problems.every((p) => /[\u4e00-\u9fff]/.test(p.text)));
});

test("what is no rules file at all is refused, not crashed upon", () => {
  for (const input of [null, 5, "x", [], {}, { rows: 5 }, { rows: [] }, { rows: [null, 7, []] }]) {
    assert.equal(parseDeadlineRules(input).ok, false);
  }
});

test("a limit in working hours takes the file's periods with it, and is refused without any", () => {
  const file = {
    name: "office",
    from: "2020-01-01",
    source: "test",
    rows: [{ id: "r", clock: "report", limit: { unit: "workHours", amount: 8 }, tag: "ours" }],
  };
  assert.equal(parseDeadlineRules(file).ok, false);
  const periods = [{ from: "08:30", to: "12:00" }];
  assert.deepEqual(read({ ...file, workingPeriods: periods }).body.rows[0]?.limit, {
    unit: "workHours",
    amount: 8,
    periods,
  });
});
