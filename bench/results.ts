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
    words: "the outlook's stated 80 % hold in 75–85 % of unit-months",
    about: /^outlook calibration \d+ tickets$/,
    kept: (m) => m.value >= 0.75 && m.value <= 0.85,
  },
  {
    words: "CSV import ≥ 10k rows/s or ≤ 4 × the parser alone",
    about: /^import csv/,
    kept: (m) => m.value >= 10_000 || m.ratio >= 0.25,
  },
];

/** Where the figures of the browser begin; each half is kept when only the other is measured. */
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

export function writeResults(measures: readonly Measure[], postgres: string, command: string): void {
  const before = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";
  const [server = "", browser] = before.split(`\n${IN_THE_BROWSER}\n`);
  const inBrowser = measures.filter((m) => m.name.startsWith("browser "));
  const atServer = measures.filter((m) => !inBrowser.includes(m));
  const first =
    atServer.length > 0
      ? ["# Measurements", ...told(atServer, PROMISES, postgres, command)].join("\n")
      : server;
  const second =
    inBrowser.length > 0 ? told(inBrowser, BROWSER_PROMISES, postgres, command).join("\n") : browser;
  writeFileSync(FILE, second === undefined ? first : `${first.trimEnd()}\n\n${IN_THE_BROWSER}\n${second}`);
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
