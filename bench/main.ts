/**
 * `npm run bench [-- NAME …] [--json] [--results] [--sizes 0,100000,1000000] [--seconds 15] [--keep FOLDER]`
 *
 * NAME is assessment, browser, guards, import, lifecycle, outlook, queue, ticket, timers or ranking; all but assessment when none is given. One line a measure, as JSON
 * with --json; --results also writes bench/RESULTS.md. Everything runs in a temporary folder with its own PostgreSQL;
 * --keep names a folder of one's own instead, whose seeded ledgers are used again the next time.
 */
import { parseArgs } from "node:util";
import { assessment } from "./assessment.ts";
import { browser } from "./browser.ts";
import { type Ground, openGround } from "./ground.ts";
import { guards } from "./guards.ts";
import { imports } from "./imports.ts";
import { lifecycle } from "./lifecycle.ts";
import type { Measure, Tell } from "./measure.ts";
import { outlook } from "./outlook.ts";
import { monthRanking, queuePage, ticketPage } from "./pages.ts";
import { writeResults } from "./results.ts";
import { timers } from "./timers.ts";

interface Settings {
  readonly sizes: readonly number[];
  readonly largest: number;
  readonly rows: number;
  readonly seconds: number;
}

/** In the order in which they run: what grows the ledger comes last. */
const BENCHES: Readonly<Record<string, (ground: Ground, tell: Tell, s: Settings) => Promise<void>>> = {
  import: (ground, tell, s) => imports(ground, tell, s.rows),
  browser: (ground, tell, s) => browser(ground, tell, s.largest, 40),
  guards: (_ground, tell) => guards(tell),
  queue: (ground, tell, s) => queuePage(ground, tell, s.largest, 200),
  ticket: (ground, tell, s) => ticketPage(ground, tell, s.largest, 300),
  ranking: (ground, tell, s) => monthRanking(ground, tell, s.largest, 30),
  timers: (ground, tell) => timers(ground, tell, TIMERS_AT_ONCE),
  outlook: (ground, tell, s) => outlook(ground, tell, MONTHS_OF_TICKETS, s.largest),
  assessment: (ground, tell, s) => assessment(ground, tell, say, s.largest, 40),
  lifecycle: (ground, tell, s) =>
    lifecycle(ground, tell, { sizes: s.sizes, users: [1, 8, 16], seconds: s.seconds }),
};

const TIMERS_AT_ONCE = 100_000;

/** Sixteen months of a district's tickets: enough of every size of unit. */
const MONTHS_OF_TICKETS = 240_000;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: "boolean", default: false },
    results: { type: "boolean", default: false },
    sizes: { type: "string", default: "0,100000,1000000" },
    rows: { type: "string", default: "100000" },
    seconds: { type: "string", default: "15" },
    keep: { type: "string" },
  },
});
const unknown = positionals.filter((name) => !Object.hasOwn(BENCHES, name));
if (unknown.length > 0) {
  process.stderr.write(
    `no such measurement: ${unknown.join(", ")}; there are ${Object.keys(BENCHES).join(", ")}\n`,
  );
  process.exit(2);
}
const sizes = values.sizes.split(",").map(Number);
const settings: Settings = {
  sizes,
  largest: Math.max(...sizes),
  rows: Number(values.rows),
  seconds: Number(values.seconds),
};

const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
const measures: Measure[] = [];
const tell: Tell = (measure) => {
  measures.push(measure);
  const { name, value, unit, reference, ratio, against } = measure;
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ name, value, unit, reference, ratio, against })}\n`
      : `${name}: ${value} ${unit} (${ratio} × ${reference}: ${against})\n`,
  );
};

const ground = await openGround(say, values.keep);
let abandoned: Promise<unknown> | null = null;
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    say("stopping …");
    abandoned = ground.abandon().finally(() => process.exit(1));
  });
}
try {
  for (const [name, bench] of Object.entries(BENCHES)) {
    if (positionals.length === 0 ? name !== "assessment" : positionals.includes(name))
      await bench(ground, tell, settings);
  }
  if (values.results) writeResults(measures, ground.version, commandLine());
} catch (error) {
  if (abandoned === null) throw error; // else it is only what was cut off
} finally {
  await (abandoned ?? ground.close());
}

/** As it was typed, but for whose folder was kept. */
function commandLine(): string {
  const words = process.argv.slice(2);
  return ["npm run bench --", ...words.map((word, i) => (words[i - 1] === "--keep" ? "FOLDER" : word))].join(
    " ",
  );
}
