/** 测量结果. Writes bench/RESULTS.md: the machine, the command, the figures, and which promise each one keeps. */
import { writeFileSync } from "node:fs";
import { cpus, totalmem, type } from "node:os";
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

export function writeResults(measures: readonly Measure[], postgres: string, command: string): void {
  const cpu = cpus();
  const lines = [
    "# Measurements",
    "",
    `Machine: ${cpu.length} cores (${cpu[0]?.model.trim() ?? "unknown"}), ${Math.round(totalmem() / 1024 ** 3)} GB memory, ${type()}. Node ${process.versions.node}, embedded PostgreSQL ${postgres} with fsync on. ${new Date().toISOString().slice(0, 10)}.`,
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
    ...PROMISES.map(({ words, about, kept }) => {
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
  writeFileSync(FILE, lines.join("\n"));
}
