/** `jiesu import` and `jiesu export`: files in and out on the command line, whether or not the server is running. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { importerFor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { type ImportReport, importFile } from "./actions.ts";
import { profiles } from "./profiles.ts";

type Open = () => Promise<{ readonly shell: Shell; close(): Promise<void> }>;

interface ImportOptions {
  readonly profile?: string;
  readonly createUnits?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function registerImport(
  jiesu: Command,
  open: Open,
  say: (text: string) => void = (text) => process.stdout.write(`${text}\n`),
): void {
  jiesu
    .command("import <文件>")
    .description("导入工单（.xlsx .xls .csv）；同一文件导入两次不会有变化，中断后再运行会接着导入")
    .option(
      "--profile <模板>",
      `导入模板，不写则按表头识别：${profiles()
        .map((p) => `${p.name}（${p.zh}）`)
        .join("、")}`,
    )
    .option("--create-units", "新建本区没有的承办单位（类别为“其他”）")
    .option("--dry-run", "只看结果，不写入")
    .option("--json", "以 JSON 输出")
    .action(async (file: string, options: ImportOptions) => {
      const { shell, close } = await open();
      try {
        const outcome = await importFile(shell, importerFor("命令行"), fromUser(file), {
          ...options,
          onProgress: options.json ? undefined : (done, of) => process.stderr.write(`\r${done} / ${of} 行`),
        });
        if (!outcome.ok) throw new Refused(outcome.refusal);
        say(
          options.json
            ? JSON.stringify(answerOf(outcome.value))
            : inWords(outcome.value, options.dryRun === true),
        );
      } finally {
        await close();
      }
    });
}

function answerOf(r: ImportReport) {
  const { rows, created, updated, unchanged, rejected, errors, profile, unknownUnits } = r;
  return { rows, created, updated, unchanged, rejected, errors, profile, unknownUnits };
}

function inWords(r: ImportReport, dryRun: boolean): string {
  const lines = [
    `${dryRun ? "试导入（未写入）" : "导入完成"}：共 ${r.rows} 行，新建 ${r.created}，更新 ${r.updated}，无变化 ${r.unchanged}，退回 ${r.rejected}。`,
  ];
  if (r.unknownUnits.length > 0) {
    lines.push(
      `本区没有的单位 ${r.unknownUnits.length} 个：${r.unknownUnits.map((u) => `${u.name}（${u.rows} 行）`).join("、")}`,
    );
    lines.push("可加 --create-units 新建，或在网页上对应到已有单位。");
  }
  for (const e of r.errors.slice(0, 50))
    lines.push(`第 ${e.row} 行 ${e.column}：${e.why}${e.value ? `（${e.value}）` : ""}`);
  if (r.errors.length > 50) lines.push(`……其余 ${r.errors.length - 50} 条请用 --json 查看`);
  return `\n${lines.join("\n")}`.trimStart();
}

/** Relative to where the person stands. */
const fromUser = (path: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), path);
