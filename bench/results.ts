/** 测量结果. Writes bench/RESULTS.md: the machine, the command, the figures, and which promise each one keeps. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg, totalmem, type } from "node:os";
import { join } from "node:path";
import type { Measure } from "./measure.ts";

const FILE = join(import.meta.dirname, "RESULTS.md");

/** Promises of the project: which measures they are about, and when they are kept. */
const PROMISES: readonly {
  readonly words: string;
  readonly about: RegExp;
  readonly kept: (m: Measure) => boolean;
}[] = [
  {
    words: "lifecycles/s at 1M tickets ≥ 0.8 of those at none",
    about: /^lifecycle \d+ users 1000000 tickets$/,
    kept: (m) => m.ratio >= 0.8,
  },
  {
    words: "queue page p95 at 1M ≤ 50 ms",
    about: /^queue .* 1000000 tickets p95$/,
    kept: (m) => m.value <= 50,
  },
  {
    words: "CSV import ≥ 10k rows/s or ≤ 4 × the parser alone",
    about: /^import csv/,
    kept: (m) => m.value >= 10_000 || m.ratio >= 0.25,
  },
];

/** Where the figures of the browser begin. */
const IN_THE_BROWSER = "## In the browser";

const BROWSER_PROMISES: typeof PROMISES = [
  {
    words: "first load of the queue ≤ 350 KB gz of script",
    about: /^browser first load script/,
    kept: (m) => m.value <= 350,
  },
  {
    words: "first load of the queue ≤ 1.5 s (median of new profiles)",
    about: /^browser first load of the queue .* p50$/,
    kept: (m) => m.value <= 1500,
  },
  {
    words: "a list opened, searched, filtered, sorted: p95 ≤ 200 ms to painted",
    about: /^browser list .* p95$/,
    kept: (m) => m.value <= 200,
  },
  {
    words: "row to row ≤ 50 ms (median)",
    about: /^browser row to row .* p50$/,
    kept: (m) => m.value <= 50,
  },
  {
    words: "a move and the next ticket ≤ 150 ms (median)",
    about: /^browser move and next ticket .* p50$/,
    kept: (m) => m.value <= 150,
  },
  {
    words: "a list of 10k rows scrolls at ≥ 45 frames/s",
    about: /^browser scroll/,
    kept: (m) => m.value >= 45,
  },
];

/** Where the figures of the assessment over years begin. */
const OVER_YEARS = "## Assessment over years";

const ASSESSMENT_PROMISES: typeof PROMISES = [
  {
    words: "ranking of a month within 1.0 × DuckDB scanning the same columns (median)",
    about: /^assessment ranking of .* rows p50$/,
    kept: (m) => m.ratio <= 1,
  },
  {
    words: "a callback is in the ranking within 1 s (p95)",
    about: /^assessment callback recorded until the ranking shows it.* p95$/,
    kept: (m) => m.value <= 1000,
  },
  {
    words: "its deltas are folded within 1 s (p95)",
    about: /^assessment callback recorded until folded.* p95$/,
    kept: (m) => m.value <= 1000,
  },
  {
    words: "explain of a ticket < 50 ms (p95)",
    about: /^assessment explain of a ticket .* p95$/,
    kept: (m) => m.value < 50,
  },
  {
    words: "trial run over 12 months of 100 units < 2 s (median)",
    about: /^assessment trial run .* p50$/,
    kept: (m) => m.value < 2000,
  },
];

/** Where the figures of the outlook begin. */
const OF_THE_OUTLOOK = "## The outlook";

const OUTLOOK_PROMISES: typeof PROMISES = [
  {
    words: "the outlook's stated 80 % hold in 75–85 % of unit-months",
    about: /^outlook calibration \d+ tickets$/,
    kept: (m) => m.value >= 0.75 && m.value <= 0.85,
  },
];

/** Where the figures of timers begin. */
const AT_ONCE = "## Timers due at once";

const TIMER_PROMISES: typeof PROMISES = [
  {
    words: "100 000 timers due at once are worked off within 30 s",
    about: /^timers 100000 due at once, all told$/,
    kept: (m) => m.value <= 30,
  },
];

/** The parts of the file in their order; those that are not measured now stay as they are. */
const PARTS: readonly {
  readonly heading: string;
  readonly of: (m: Measure) => boolean;
  readonly promises: typeof PROMISES;
}[] = [
  { heading: IN_THE_BROWSER, of: (m) => m.name.startsWith("browser "), promises: BROWSER_PROMISES },
  { heading: OVER_YEARS, of: (m) => m.name.startsWith("assessment "), promises: ASSESSMENT_PROMISES },
  {
    heading: OF_THE_OUTLOOK,
    of: (m) => /^(outlook|queues while the first outlook) /.test(m.name),
    promises: OUTLOOK_PROMISES,
  },
  { heading: AT_ONCE, of: (m) => m.name.startsWith("timers "), promises: TIMER_PROMISES },
];

export function writeResults(measures: readonly Measure[], postgres: string, command: string): void {
  const before = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  const partOf = (heading: string): string | undefined =>
    before.split(`\n${heading}\n`)[1]?.split(/\n## /)[0];
  const atServer = measures.filter((m) => !PARTS.some((part) => part.of(m)));
  const first =
    atServer.length > 0
      ? ["# Measurements", ...told(atServer, PROMISES, postgres, command)].join("\n")
      : (before.split(/\n## /)[0] ?? "");
  const others = PARTS.flatMap(({ heading, of, promises }) => {
    const its = measures.filter(of);
    const text = its.length > 0 ? told(its, promises, postgres, command).join("\n") : partOf(heading);
    return text === undefined ? [] : [`${heading}\n${text}`];
  });
  writeFileSync(FILE, `${[first, ...others].map((part) => part.trimEnd()).join("\n\n")}\n`);
}

function told(
  measures: readonly Measure[],
  promises: typeof PROMISES,
  postgres: string,
  command: string,
): readonly string[] {
  const cpu = cpus();
  const [minute = 0, , quarter = 0] = loadavg();
  return [
    "",
    `Machine: ${cpu.length} cores (${cpu[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 1024 ** 3)} GB memory, ${type()}. Node ${process.versions.node}, embedded PostgreSQL ${postgres} with fsync on. ${new Date().toISOString().slice(0, 10)}. Load of the machine at the end, other work included: ${minute.toFixed(1)} over a minute, ${quarter.toFixed(1)} over fifteen.`,
    "",
    `Command: \`${command}\``,
    "",
    "Load generator, server and PostgreSQL share the machine. Every figure stands beside its reference from the same run.",
    "",
    "| Measure | Value | Unit | Reference | Ratio | Reference is |",
    "|---|--:|---|--:|--:|---|",
    ...measures.map(
      (m) => `| ${m.name} | ${m.value} | ${m.unit} | ${m.reference} | ${m.ratio} | ${m.against} |`,
    ),
    "",
    "| Promise | Kept |",
    "|---|---|",
    ...promises.map(({ words, about, kept }) => {
      const those = measures.filter((m) => about.test(m.name));
      const broken = those.filter((m) => !kept(m));
      const verdict =
        those.length === 0
          ? "not measured"
          : broken.length === 0
            ? "yes"
            : `no: ${broken.map((m) => `${m.name} ${m.value} ${m.unit}`).join("; ")}`;
      return `| ${words} | ${verdict} |`;
    }),
    "",
  ];
}
