import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import fc from "fast-check";
import { ALL_CLOCKS } from "../deadline/kind.ts";
import { ALL_ROLES } from "../ticket/role.ts";
import { addDays, type Day } from "../time/day.ts";
import { alarmsAt, incidentOf } from "./found.ts";
import {
  ALL_INCIDENT_STATES,
  ALL_INCIDENT_STEPS,
  decideIncident,
  INCIDENT_STEPS,
  type IncidentFacts,
  incidentStepsNow,
} from "./life.ts";
import { parseIncidentRules, termOn } from "./rules.ts";

const read = parseIncidentRules(
  JSON.parse(readFileSync(new URL("../../rules/incident/2019-default.json", import.meta.url), "utf8")),
);
assert.ok(read.ok);
const SHIPPED = read.value;
const RULES = SHIPPED.body;

test("what the centre owed is an incident whenever it is late; what a unit owed, where it lay untouched; other clocks never", () => {
  const late = (clock: (typeof ALL_CLOCKS)[number], touched: boolean) =>
    incidentOf({ what: "overdue", ticketId: "7", clock, startedAt: 5, touched }, RULES);
  const kinds = (touched: boolean) => ALL_CLOCKS.filter((clock) => late(clock, touched) !== null);
  assert.deepEqual(kinds(true), ["dispatch", "closing", "returnReview", "ownership"]);
  assert.deepEqual(kinds(false), [
    "dispatch",
    "accept",
    "report",
    "closing",
    "returnReview",
    "ownership",
    "watch",
  ]);
  assert.deepEqual(late("report", false), {
    ...{ kind: "overdue", key: "overdue:7:5", side: "unit", post: null },
    cause: "办理反馈超过时限，其间没有任何办理",
  });
  assert.equal(late("accept", false)?.key, late("report", false)?.key, "one lying is one incident");
});

test("a rejection, a late forwarding and a loose ticket are incidents of the centre, each once by its key", () => {
  const rejected = incidentOf({ what: "rejected", eventId: "9", reason: "属本区职责" }, RULES);
  assert.deepEqual([rejected?.key, rejected?.cause], ["rejected:9", "市级驳回退市申请：属本区职责"]);
  assert.equal(incidentOf({ what: "forwardedLate", item: "3" }, RULES)?.key, "supervision:3");
  const loose = { what: "loose", ticketId: "7", movedVersion: 4, lacks: ["没有承办单位"] } as const;
  assert.equal(incidentOf(loose, RULES)?.key, "loose:7:4");
});

test("law: terms follow one another without a gap and without an overlap, under one version and across two", () => {
  const later = {
    ...SHIPPED,
    ...{ name: "contract-2026", from: "2026-03-15" as const },
    body: { ...RULES, term: { from: "2026-03-10" as const, months: 6 } },
  };
  const days = fc.integer({ min: 0, max: 3650 }).map((n): Day => addDays("2019-01-01", n));
  for (const versions of [[SHIPPED], [SHIPPED, later]])
    fc.assert(
      fc.property(days, (day) => {
        const term = termOn(versions, day);
        assert.ok(term.from <= day && day <= term.to, JSON.stringify([day, term]));
        assert.deepEqual(termOn(versions, term.from), term);
        assert.deepEqual(termOn(versions, term.to), term);
        assert.equal(termOn(versions, addDays(term.to, 1)).from, addDays(term.to, 1));
      }),
    );
  assert.deepEqual(termOn([SHIPPED], "2026-11-20"), { from: "2026-01-01", to: "2026-12-31" });
  assert.deepEqual(termOn([SHIPPED, later], "2026-02-01"), { from: "2026-01-01", to: "2026-03-14" });
  assert.deepEqual(termOn([SHIPPED, later], "2026-04-01"), { from: "2026-03-15", to: "2026-09-09" });
});

test("the third of a kind raises the alarm, and the sixth again", () => {
  assert.deepEqual(
    [2, 3, 5, 7].map((n) => alarmsAt(n, 3)),
    [[], [3], [3], [3, 6]],
  );
});

const OPEN: IncidentFacts = { state: "open", side: "unit", unitId: "7", personId: "1", answeredBy: null };

test("every step is allowed from the table's states to the table's roles, and refused to all others", () => {
  for (const state of ALL_INCIDENT_STATES)
    for (const step of ALL_INCIDENT_STEPS)
      for (const role of ALL_ROLES) {
        const row = INCIDENT_STEPS.find((each) => each.step === step);
        assert.ok(row);
        const unitId = role === "handler" || role === "unitLead" ? "7" : null;
        const said = decideIncident({ ...OPEN, state }, { userId: "2", roles: [role], unitId }, step);
        const may = row.by.some((each) => each === role) && row.from.some((each) => each === state);
        assert.equal(said.ok, may, `${role} ${step} ${state}`);
        if (said.ok) assert.equal(said.to, row.to);
      }
});

test("a unit answers its own alone; who answered, or answers for it, does not review it", () => {
  const refusal = (
    facts: Partial<IncidentFacts>,
    userId: string,
    unitId: string | null,
    step: "answer" | "uphold",
  ) => {
    const roles = unitId === null ? (["leader"] as const) : (["handler"] as const);
    const said = decideIncident({ ...OPEN, ...facts }, { userId, roles, unitId }, step);
    return said.ok ? null : said.refusal.code;
  };
  assert.equal(refusal({}, "2", "8", "answer"), "incident-not-yours");
  assert.equal(refusal({ side: "centre" }, "2", "7", "answer"), "incident-not-yours");
  const answered = { state: "answered", answeredBy: "3" } as const;
  assert.equal(refusal(answered, "3", null, "uphold"), "incident-second-person");
  assert.equal(refusal(answered, "1", null, "uphold"), "incident-second-person");
  assert.equal(refusal(answered, "2", null, "uphold"), null);
  assert.deepEqual(incidentStepsNow(OPEN, { userId: "9", roles: ["unitLead"], unitId: "7" }), ["answer"]);
});

test("rules with a term of nothing, a clock twice or an unknown one are refused with the place", () => {
  const bad = parseIncidentRules({
    ...{ name: "x", from: "2026-01-01", source: "合同" },
    body: {
      ...{ term: { from: "2026-01-31", months: 0 }, alarmEvery: 1.5, answerDays: 3 },
      overdue: { always: ["report", "lunch"], untouched: ["report"] },
    },
  });
  assert.ok(!bad.ok);
  assert.deepEqual(bad.problems.map((p) => p.path).sort(), [
    "body.alarmEvery",
    "body.overdue.always",
    "body.overdue.untouched",
    "body.term.from",
    "body.term.months",
  ]);
});
