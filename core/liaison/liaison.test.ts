import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { startClock } from "../deadline/clock.ts";
import { ALL_ROLES, type Role, sideOf } from "../ticket/role.ts";
import { calendarOf, parseCalendarYear } from "../time/calendar.ts";
import { instant } from "../time/day.ts";
import { answerable, decideLiaison, type LiaisonFacts, type LiaisonPerson, liaisonBarred } from "./decide.ts";
import {
  ALL_LIAISON_STATES,
  ALL_LIAISON_STEPS,
  LIAISON_HANDS,
  LIAISON_LEADS,
  LIAISON_STATES,
  type LiaisonState,
  type LiaisonStep,
} from "./lifecycle.ts";
import { liaisonGrant, liaisonNumber, parseLiaisonRules } from "./rules.ts";
import { ALL_ANSWERS, type AnswerStanding, answerStanding, inTimeRate } from "./standing.ts";

const RULES = join(import.meta.dirname, "..", "..", "rules");
const fileOf = (path: string): unknown => JSON.parse(readFileSync(join(RULES, path), "utf8"));
function told<T>(parsed: { ok: true; value: T } | { ok: false; problems: unknown }): T {
  assert.ok(parsed.ok, JSON.stringify(parsed));
  return parsed.value;
}
const RULE = told(parseLiaisonRules(fileOf("liaison/2019-default.json")));
const CALENDAR = calendarOf([told(parseCalendarYear(fileOf("calendar/2026.json")))]);

const [CENTRE, CITY, XUEYUAN, QINGHE] = ["1", "2", "3", "4"] as const;
/** The centre asked the city and two streets; who is named still owes. */
const item = (
  state: LiaisonState,
  waiting: readonly string[],
  more: Partial<LiaisonFacts> = {},
): LiaisonFacts => ({
  ...{ state, openedBy: "opener", openerUnit: null },
  parties: [
    { id: CENTRE, side: "centre", unitId: null, waiting: waiting.includes(CENTRE) },
    { id: CITY, side: "city", unitId: null, waiting: waiting.includes(CITY) },
    { id: XUEYUAN, side: "unit", unitId: "11", waiting: waiting.includes(XUEYUAN) },
    { id: QINGHE, side: "unit", unitId: "12", waiting: waiting.includes(QINGHE) },
  ],
  ...more,
});
const person = (
  role: Role,
  unitId: string | null = sideOf(role) === "unit" ? "11" : null,
): LiaisonPerson => ({
  ...{ userId: "someone", roles: [role], unitId },
});
const WORDS = { words: "请协助核实" };

const UNIT: readonly Role[] = ["handler", "unitLead"];
/** Whose each step is, and where: written down apart from the table, so that a slip in it shows. */
const MAY: Readonly<
  Record<LiaisonStep, { readonly by: readonly Role[]; readonly from: readonly LiaisonState[] }>
> = {
  open: { by: [...LIAISON_HANDS, ...UNIT], from: [] },
  answer: { by: [...LIAISON_HANDS, ...UNIT], from: ["asking"] },
  say: { by: [...LIAISON_HANDS, ...UNIT], from: ["asking", "answered"] },
  ask: { by: LIAISON_HANDS, from: ["asking", "answered"] },
  link: { by: LIAISON_HANDS, from: ["asking", "answered"] },
  letOff: { by: LIAISON_LEADS, from: ["asking"] },
  extend: { by: LIAISON_LEADS, from: ["asking", "answered"] },
  conclude: { by: LIAISON_LEADS, from: ["asking", "answered"] },
  cancel: { by: LIAISON_LEADS, from: ["asking", "answered"] },
  reopen: { by: LIAISON_LEADS, from: ["closed"] },
};

test("every post may take its steps in their states, and no other step, post or state is let through", () => {
  let allowed = 0;
  for (const step of ALL_LIAISON_STEPS)
    for (const state of ALL_LIAISON_STATES)
      for (const role of ALL_ROLES) {
        const facts = item(state, state === "asking" ? [CENTRE, CITY, XUEYUAN, QINGHE] : []);
        const barred = liaisonBarred(facts, step, person(role));
        const may = MAY[step].by.includes(role) && MAY[step].from.includes(state);
        assert.equal(barred === null, may, `${step} by ${role} of ${state}: ${JSON.stringify(barred)}`);
        allowed += may ? 1 : 0;
      }
  assert.equal(allowed, 8 + 16 + 12 + 12 + 3 + 6 + 6 + 6 + 3);
});

test("an item waits for answers until the last party that was asked has answered; then for its outcome", () => {
  const first = decideLiaison(item("asking", [XUEYUAN, QINGHE]), "answer", person("handler"), WORDS);
  assert.deepEqual(first.ok && [first.value.answered, first.value.to], [XUEYUAN, "asking"]);
  const last = decideLiaison(item("asking", [XUEYUAN]), "answer", person("handler"), WORDS);
  assert.deepEqual(last.ok && [last.value.answered, last.value.to], [XUEYUAN, "answered"]);
  const again = decideLiaison(item("answered", []), "ask", person("triager"), { ...WORDS, asked: [QINGHE] });
  assert.deepEqual(again.ok && [again.value.asked, again.value.to], [[QINGHE], "asking"]);
});

test("a unit answers for itself alone; what the city said the centre puts down, what a unit said by telephone its leads", () => {
  const facts = item("asking", [CITY, XUEYUAN, QINGHE]);
  const ids = (who: LiaisonPerson) => answerable(facts, who).map((party) => party.id);
  assert.deepEqual(ids(person("handler")), [XUEYUAN]);
  assert.deepEqual(ids(person("triager")), [CITY]);
  assert.deepEqual(ids(person("supervisor")), [CITY, XUEYUAN, QINGHE]);
  const other = decideLiaison(facts, "answer", person("handler"), { ...WORDS, party: QINGHE });
  assert.deepEqual(!other.ok && other.refusal, { code: "liaison-not-yours-to-answer" });
  const which = decideLiaison(facts, "answer", person("supervisor"), WORDS);
  assert.deepEqual(!which.ok && which.refusal, { code: "liaison-which-party" });
  const stranger = liaisonBarred(facts, "say", person("handler", "99"));
  assert.deepEqual(stranger, { code: "liaison-not-party" });
});

test("who began an item may take it back: the person of the centre, or the unit whose it is", () => {
  const facts = item("asking", [CENTRE], { openerUnit: "11" });
  assert.equal(liaisonBarred(facts, "cancel", person("unitLead")), null);
  assert.deepEqual(liaisonBarred(facts, "cancel", person("handler", "12")), {
    code: "liaison-role",
    step: "cancel",
  });
  const triager = { ...person("triager"), userId: "opener" };
  assert.equal(liaisonBarred(item("asking", [CITY]), "cancel", triager), null);
  assert.deepEqual(liaisonBarred(item("asking", [CITY]), "cancel", person("triager")), {
    ...{ code: "liaison-role", step: "cancel" },
  });
});

test("an outcome with an answer still owed names who did not answer; nobody is asked twice at once", () => {
  const early = decideLiaison(item("asking", [CITY, QINGHE]), "conclude", person("leader"), WORDS);
  assert.deepEqual(early.ok && [early.value.to, early.value.dropped], ["closed", [CITY, QINGHE]]);
  const twice = decideLiaison(item("asking", [CITY]), "ask", person("triager"), { ...WORDS, asked: [CITY] });
  assert.deepEqual(!twice.ok && twice.refusal, { code: "liaison-asked-already" });
  const mute = decideLiaison(item("asking", [CITY]), "conclude", person("leader"), { words: " " });
  assert.deepEqual(!mute.ok && mute.refusal, { code: "liaison-words" });
});

test("by whatever steps, an item waits for an answer exactly while somebody owes one, and ends only by an outcome or a cancelling", () => {
  const steps = fc.constantFrom(...ALL_LIAISON_STEPS);
  const who = fc.constantFrom<LiaisonPerson>(
    person("supervisor"),
    person("triager"),
    person("handler"),
    person("handler", "12"),
  );
  const party = fc.constantFrom(CENTRE, CITY, XUEYUAN, QINGHE);
  fc.assert(
    fc.property(
      fc.array(fc.tuple(steps, who, party, fc.subarray([CENTRE, CITY, XUEYUAN, QINGHE])), { maxLength: 30 }),
      (taken) => {
        let owing = new Set<string>([CITY, XUEYUAN]);
        let state: LiaisonState = "asking";
        for (const [step, actor, named, asked] of taken) {
          const decided = decideLiaison(item(state, [...owing]), step, actor, {
            ...WORDS,
            party: named,
            asked,
          });
          if (!decided.ok) continue;
          const { to, answered, letOff, dropped } = decided.value;
          const left = new Set([answered, letOff, ...dropped]);
          owing = new Set([...[...owing].filter((id) => !left.has(id)), ...decided.value.asked]);
          assert.ok(LIAISON_STATES[to].open || step === "conclude" || step === "cancel");
          assert.equal(to === "asking", LIAISON_STATES[to].open && owing.size > 0, `${step} → ${to}`);
          state = to;
        }
      },
    ),
  );
});

test("answered at the very instant it is due is in time; let off before it counts for nobody, after it as unanswered", () => {
  const ask = { dueAt: 1000, answeredAt: null, letOffAt: null };
  assert.equal(answerStanding({ ...ask, answeredAt: 1000 }, 2000), "inTime");
  assert.equal(answerStanding({ ...ask, answeredAt: 1001 }, 2000), "late");
  assert.equal(answerStanding(ask, 1000), "waiting");
  assert.equal(answerStanding(ask, 1001), "overdue");
  assert.equal(answerStanding({ ...ask, letOffAt: 1000 }, 5000), "letOff");
  assert.equal(answerStanding({ ...ask, letOffAt: 1001 }, 5000), "overdue");
  assert.equal(inTimeRate({ inTime: 0, late: 0, overdue: 0 }), null);
  assert.equal(inTimeRate({ inTime: 3, late: 1, overdue: 0 }), 0.75);
});

test("an asking stands in one way at every instant, and what was answered or let off never changes afterwards", () => {
  const at = fc.integer({ min: 0, max: 10_000 });
  fc.assert(
    fc.property(at, fc.option(at), fc.option(at), at, at, (dueAt, answeredAt, letOff, a, b) => {
      const ask = { dueAt, answeredAt, letOffAt: answeredAt === null ? letOff : null };
      const standing: AnswerStanding = answerStanding(ask, Math.min(a, b));
      assert.ok(ALL_ANSWERS.includes(standing));
      if (ask.answeredAt !== null || ask.letOffAt !== null)
        assert.equal(answerStanding(ask, Math.max(a, b)), standing);
      else if (standing === "overdue") assert.equal(answerStanding(ask, Math.max(a, b)), "overdue");
    }),
  );
});

test("an ordinary asking of a Friday is due at the end of Wednesday; an urgent one four hours on", () => {
  const friday = instant("2026-11-20", "09:00");
  const [ordinary, urgent] = RULE.body.paces;
  assert.ok(ordinary && urgent);
  const due = (pace: typeof ordinary) => {
    const clock = startClock("answer" as const, 1, liaisonGrant(RULE, pace, "answer"), friday, CALENDAR);
    assert.ok(clock.ok);
    return clock.value.dueAt;
  };
  assert.equal(due(ordinary), instant("2026-11-26", "00:00") - 1);
  assert.equal(due(urgent), instant("2026-11-20", "13:00"));
  assert.equal(liaisonNumber(RULE.body, "2026-11-20", 7), "协调〔2026〕7号");
});

test("a wrong rules file is told place by place", () => {
  const file: Record<string, unknown> = Object(structuredClone(fileOf("liaison/2019-default.json")));
  const body: Record<string, unknown> = Object(file.body);
  Object.assign(body, { number: "协调", mostDays: 0, tell: { asked: ["pigeon"], others: ["workbench"] } });
  const outcomes: Record<string, unknown>[] = Object(body.outcomes);
  Object.assign(outcomes[1] ?? {}, { code: "agreed" });
  const read = parseLiaisonRules(file);
  assert.ok(!read.ok);
  assert.deepEqual(
    read.problems.map((p) => p.path),
    ["body.number", "body.outcomes[1].code", "body.mostDays", "body.tell.asked[0]"],
  );
});
