/** 测算线程. The forecast and its calibration reckon for seconds; they do so beside the server, not in it. */
import { parentPort, workerData } from "node:worker_threads";
import { coverageOf, loosenessOf, type PastPeriod } from "@jiesu/core/outlook/calibration.ts";
import { forecast } from "@jiesu/core/outlook/forecast.ts";
import type { Calibration, Reckoned, Work } from "./outlookwork.ts";

/** Until it has been measured. */
const USUAL_LOOSENESS = 0.02;

const work: Work = workerData;
const calibration = work.known ?? calibrate(work.past);
const looseness = calibration?.looseness ?? USUAL_LOOSENESS;
const done: Reckoned = { calibration, expected: forecast({ ...work.outlook, looseness }) };
parentPort?.postMessage(done);

/** Looseness is chosen on the older half of the past; what it is worth is told by the newer half, which had no say in it. */
function calibrate(past: readonly PastPeriod[]): Calibration | null {
  if (past.length < 2) return null;
  const half = Math.ceil(past.length / 2);
  const looseness = loosenessOf(past.slice(half));
  const judged = past.slice(0, half);
  return { ...coverageOf(judged, looseness), periods: judged.length, looseness };
}
