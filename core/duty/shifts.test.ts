import assert from "node:assert/strict";
import { test } from "node:test";
import type { Version } from "../rules/effective.ts";
import { instant } from "../time/day.ts";
import { type DutyRules, parseDutyRules, roster, slotAt } from "./shifts.ts";

const version = (from: Version<DutyRules>["from"], shifts: DutyRules["shifts"]): Version<DutyRules> => ({
  name: from,
  from,
  source: "排班制度",
  body: { shifts, untouchedMinutes: { received: 30, dispatched: 120 }, nearMinutes: 60 },
});
const TWO = version("2019-01-01", [
  { name: "白班", start: "08:00" },
  { name: "夜班", start: "20:00" },
]);
const THREE = version("2026-11-23", [
  { name: "夜班", start: "00:00" },
  { name: "早班", start: "08:00" },
  { name: "中班", start: "16:00" },
]);
const at = (day: `${number}-${number}-${number}`, time: string) => instant(day, time);

test("at three in the morning the night shift of the evening before is on", () => {
  const now = at("2026-11-20", "03:00"); // Friday
  const slots = roster([TWO], [], now, now + 1);
  assert.deepEqual(slotAt(slots, now), {
    name: "夜班",
    startsAt: at("2026-11-19", "20:00"),
    endsAt: at("2026-11-20", "08:00"),
  });
});

test("at the stroke of eight the day shift has begun and the night shift is over", () => {
  const now = at("2026-11-20", "08:00");
  assert.equal(slotAt(roster([TWO], [], now, now + 1), now)?.name, "白班");
  assert.equal(slotAt(roster([TWO], [], now - 1, now), now - 1)?.name, "夜班");
});

test("under a new rule the last shift of the old one ends where the first of the new begins: no gap, nobody twice", () => {
  const slots = roster([TWO, THREE], [], at("2026-11-22", "00:00"), at("2026-11-25", "00:00"));
  assert.deepEqual(
    slots.map((s) => s.name),
    ["夜班", "白班", "夜班", "夜班", "早班", "中班", "夜班", "早班", "中班"],
  );
  for (const [i, slot] of slots.entries()) if (i > 0) assert.equal(slot.startsAt, slots[i - 1]?.endsAt);
});

test("a shift that was entered stands instead of those of the rule that it touches", () => {
  const long = {
    name: "保障班",
    startsAt: at("2026-11-20", "07:00"),
    endsAt: at("2026-11-20", "21:00"),
    id: "7",
  };
  const slots = roster([TWO], [long], at("2026-11-20", "00:00"), at("2026-11-21", "12:00"));
  assert.deepEqual(
    slots.map((s) => s.name),
    ["保障班", "白班"],
  );
});

test("a bad file of duty rules is told in words", () => {
  const answer = parseDutyRules({
    name: "x",
    from: "2026-01-01",
    source: "制度",
    body: {
      shifts: [
        { name: "夜班", start: "20:00" },
        { name: "白班", start: "8点" },
      ],
      untouchedMinutes: { received: 0, nowhere: 5 },
      nearMinutes: 60,
    },
  });
  assert.equal(answer.ok, false);
  assert.deepEqual(answer.ok ? [] : answer.problems.map((p) => p.path), [
    "body.shifts[1].start",
    "body.shifts",
    "body.untouchedMinutes.nowhere",
    "body.untouchedMinutes.received",
    "body.untouchedMinutes.dispatched",
  ]);
});
