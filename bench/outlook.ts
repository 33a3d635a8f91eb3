/**
 * 测算. How far the outlook can be trusted, and how soon it is there: the stated 80 % of final scores in unit-months that had
 * no say in it, by size of unit and day of the period; and the first outlook of the day over HTTP, with what a light page
 * waits meanwhile.
 */
import { settingsOf } from "@jiesu/core/assessment/choice.ts";
import { calibrate, type Held, SIZES } from "@jiesu/core/outlook/calibration.ts";
import { STATED } from "@jiesu/core/outlook/forecast.ts";
import { pastOf } from "@jiesu/core/outlook/history.ts";
import { DAY_MS, dayOf, instant } from "@jiesu/core/time/day.ts";
import { periodOn, previousPeriod } from "@jiesu/core/time/period.ts";
import type { Rules } from "@jiesu/server/platform/rules.ts";
import { type Counted, countedOf, cutPeriods } from "../seeds/cuts.ts";
import { readDistrict } from "../seeds/district.ts";
import { generate } from "../seeds/generator.ts";
import type { Ground } from "./ground.ts";
import { measured, percentile, type Tell, tellTimes, timed } from "./measure.ts";
import { signInAll } from "./users.ts";

/** Days of the period at which past ones are cut. */
const CUTS = [5, 12, 19, 26] as const;
const MONTHS = 16;
/** A fixed day: the same tickets and the same figures on every machine. */
const NOW = instant("2026-12-16", "09:00");

/** Tickets of the months together; the district has ninety units. */
export async function outlook(ground: Ground, tell: Tell, tickets: number, size: number): Promise<void> {
  const ledger = await ground.ledger(size);
  calibration(tell, ledger.opened.shell.rules, tickets);
  const server = await ledger.serve();
  try {
    const assessor = (await signInAll(server.port, ledger.accounts, ["shenyh"])).get("shenyh");
    if (!assessor) throw new Error("nobody to ask");
    const get = (url: string) => assessor.call("GET", url);
    const url = "/api/assessment/outlook";
    const quiet = await timed(30, () => get("/api/queues"));
    const began = performance.now();
    const first = get(url).then(() => performance.now() - began);
    let done = false;
    void first.then(() => {
      done = true;
    });
    const meanwhile: number[] = [];
    while (!done) {
      const asked = performance.now();
      await get("/api/queues");
      meanwhile.push(performance.now() - asked);
    }
    const again = await timed(10, () => get(url));
    tell(
      measured(
        `outlook first of the day ${size} tickets`,
        await first,
        "ms",
        percentile(again, 50),
        "asked again",
      ),
    );
    tellTimes(
      tell,
      `queues while the first outlook is reckoned ${size} tickets`,
      meanwhile,
      quiet,
      "the same alone",
    );
  } finally {
    await server.stop();
  }
}

function calibration(tell: Tell, rules: Rules, tickets: number): void {
  const ruleSet = rules.assessments.find(({ status }) => status === "inForce");
  if (!ruleSet) throw new Error("no rule set in force");
  const settings = settingsOf(ruleSet, rules.periods);
  const periods = [periodOn(settings, dayOf(NOW))];
  for (let last = periods[0]; last && periods.length < MONTHS; last = periods.at(-1))
    periods.push(previousPeriod(settings, last));
  const rounds: Counted[] = [];
  for (const tale of generate({ tickets, seed: 5, from: NOW - MONTHS * 31 * DAY_MS, to: NOW, rules }))
    rounds.push(...countedOf(tale));
  const under = { rules: ruleSet, readings: [{ rules: ruleSet, scope: "assessed" as const }] };
  const { units } = readDistrict();
  const found = CUTS.flatMap((day) => {
    const cut = cutPeriods(rounds, units, periods, { now: NOW, age: day * DAY_MS });
    const one = calibrate(pastOf(cut, 1, under));
    return one ? [{ day, ...one }] : [];
  });
  const share = (name: string, those: readonly Held[]) => {
    const [held, of] = [those.map((each) => each.held), those.map((each) => each.of)].map((list) =>
      list.reduce((sum, n) => sum + n, 0),
    );
    const width = those.reduce((sum, each) => sum + each.width * each.of, 0) / Math.max(1, of ?? 0);
    const words = `stated; ${held} of ${of} unit-months, bounds ${width.toFixed(1)} points wide`;
    tell(measured(`outlook calibration ${name}`, (held ?? 0) / (of ?? 1), "share held", STATED, words));
  };
  share(`${tickets} tickets`, found);
  for (const size of SIZES)
    share(
      `${tickets} tickets ${size} units`,
      found.map(({ bySize }) => bySize[size]),
    );
  for (const one of found) share(`${tickets} tickets day ${one.day}`, [one]);
}
