/** 测算线程. The forecast and its calibration reckon for seconds; they do so beside the server, not in it. */
import { parentPort, workerData } from "node:worker_threads";
import { lastOf, readingsOf } from "@jiesu/core/assessment/segments.ts";
import { type Calibration, calibrate } from "@jiesu/core/outlook/calibration.ts";
import { forecast } from "@jiesu/core/outlook/forecast.ts";
import { outlookAt, pastOf } from "@jiesu/core/outlook/history.ts";
import { type Reckoned, readCut, type Work } from "./outlookwork.ts";

/** Until it has been measured. */
const USUAL_LOOSENESS = 0.01;

const work: Work = workerData;
const { segments, scope, level, unsettled, seed, rounds } = work;
const periods = work.periods.map((text) => readCut(text, level, work.units));
const rules = lastOf(segments).ruleSet;
// Past periods are forecast, and held against their end, by the rules that this one ends under.
const past = { rules, readings: [{ rules, scope }] };
const calibration: Calibration | null = work.known
  ? work.known.calibration
  : calibrate(pastOf(periods, unsettled, past));
const looseness = calibration?.looseness ?? USUAL_LOOSENESS;
const now = outlookAt(periods, 0, unsettled, { rules, readings: readingsOf(segments, scope) });
const expected = forecast({ ...now, looseness, seed, rounds });
const done: Reckoned = { calibration, expected };
parentPort?.postMessage(done);
