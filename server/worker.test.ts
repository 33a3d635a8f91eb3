import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { Shell } from "./platform/shell.ts";
import { startWorker } from "./worker.ts";

const nobody = {} as Shell; // no step of these looks at it

test("while a heap falls due the patient steps stand back, and have their turn when it is worked off", async () => {
  const told: string[] = [];
  let left = 60;
  const steps = {
    due: async () => {
      await sleep(20);
      left -= 1;
      if (left === 0) told.push("worked off");
      return left > 0 ? 500 : 0;
    },
    patient: async () => {
      told.push("patient");
      return 0;
    },
    other: async () => {
      told.push("other");
      return 0;
    },
  };
  const order = { first: ["due"], patient: ["patient"] } as const;
  const worker = startWorker(nobody, steps, (_step, error) => assert.fail(String(error)), order);
  while (!told.slice(told.indexOf("worked off")).includes("patient") || left > 0) await sleep(20);
  await worker.stop();
  const before = told.slice(0, told.indexOf("worked off"));
  assert.equal(before.filter((each) => each === "patient").length, 0);
  assert.ok(before.filter((each) => each === "other").length > 1, "what is not patient goes on");
});

test("a step that fails is told of and tried again, and stops none of the others", async () => {
  const failed: string[] = [];
  let ran = 0;
  const worker = startWorker(
    nobody,
    {
      broken: async () => {
        throw new Error("no");
      },
      sound: async () => {
        ran += 1;
        return 0;
      },
    },
    (step) => failed.push(step),
  );
  while (failed.length < 2 || ran < 2) await sleep(20);
  await worker.stop();
  assert.deepEqual([...new Set(failed)], ["broken"]);
});
