import assert from "node:assert/strict";
import { test } from "node:test";
import { parseChecklist } from "@jiesu/core/guard/checklistfile.ts";
import file from "../rules/checklist/2026-default.json" with { type: "json" };
import { measureGuards } from "./faultfigures.ts";
import { FAULTS, plantedTickets } from "./faults.ts";

const read = parseChecklist(file);
if (!read.ok) throw new Error(JSON.stringify(read.problems));
const list = read.value.body;
const figures = measureGuards(plantedTickets(2026, 2400), list);

test("every planted fault of every kind is caught, and told with what to do about it", (t) => {
  for (const line of figures.faults)
    t.diagnostic(`${line.fault}: ${line.caught} of ${line.planted}, ${line.stopped} of them stopped`);
  assert.equal(figures.faults.length, Object.keys(FAULTS).length);
  assert.deepEqual(
    figures.faults.filter((line) => line.caught < line.planted).map((line) => [line.fault, line.missed]),
    [],
  );
});

test("of the sound tickets hardly one is stopped", (t) => {
  const { sound } = figures;
  t.diagnostic(`${sound.stopped} of ${sound.tickets} sound tickets stopped, ${sound.warned} with a hint`);
  for (const [key, count] of sound.byCheck) t.diagnostic(`stopped by ${key}: ${count}`);
  assert.ok(sound.stopped <= sound.tickets / 100, JSON.stringify(sound.examples));
});

test("the same holds of tickets that nobody looked at before", () => {
  for (const seed of [7, 99]) {
    const again = measureGuards(plantedTickets(seed, 1200), list);
    assert.deepEqual(
      again.faults.flatMap((line) => line.missed),
      [],
    );
    assert.ok(again.sound.stopped <= again.sound.tickets / 100, JSON.stringify(again.sound.examples));
  }
});
