/** `jiesu import` and `jiesu export`: files in and out on the command line, whether or not the server is running. */

import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { resolve } from "node:path";
import { addDays, type Day, parseDay, startOfDay } from "@jiesu/core/time/day.ts";
import { type Command, InvalidArgumentError } from "commander";
import { importerFor } from "../platform/auth/actor.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { readUnitBook } from "../ticket/unitbook.ts";
import { importFile } from "./actions.ts";
import { writeExport } from "./export.ts";
import { findProfile, profiles } from "./profiles.ts";
import type { ImportReport } from "./running.ts";

type Open = () => Promise<{ readonly shell: Shell; close(): Promise<void> }>;

addWordings({ "cannot-write": { status: 422, zh: (r) => `不能写入 ${String(r.path)}，请检查目录和权限。` } });

interface ImportOptions {
  readonly profile?: string;
  readonly createUnits?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

interface ExportOptions {
  readonly profile: string;
  readonly from?: Day;
  readonly to?: Day;
  readonly unit?: string;
  readonly state?: string;
  readonly channel?: string;
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

  jiesu
    .command("export <文件>")
    .description("导出工单到 .xlsx，列同所选模板（一轮一行；诉求人信息已遮盖）")
    .option("--profile <模板>", "列的模板", "city-orders-2020")
    .option("--from <日期>", "受理日起，如 2020-12-01（含当日）", dayArgument)
    .option("--to <日期>", "受理日止（含当日）", dayArgument)
    .option("--unit <单位>", "只导出由该单位主办的")
    .option("--state <状态>", "只导出处于该状态的，如 closed")
    .option("--channel <渠道>", "只导出该渠道的")
    .option("--json", "以 JSON 输出")
    .action(async (file: string, options: ExportOptions) => {
      const { shell, close } = await open();
      try {
        const profile = findProfile(options.profile);
        if (!profile)
          throw new Refused({
            code: "profile-unknown",
            profile: options.profile,
            known: profiles()
              .map((p) => p.name)
              .join("、"),
          });
        const unitId =
          options.unit === undefined ? undefined : (await readUnitBook(shell.db)).find(options.unit);
        if (unitId === null) throw new Refused({ code: "unit-unknown" });
        const path = fromUser(file);
        const out = createWriteStream(path, { mode: 0o600 });
        await once(out, "open").catch(() => {
          throw new Refused({ code: "cannot-write", path });
        });
        const { rows } = await writeExport(
          shell,
          importerFor("命令行"),
          profile,
          {
            from: options.from === undefined ? undefined : startOfDay(options.from),
            to: options.to === undefined ? undefined : startOfDay(addDays(options.to, 1)),
            unitId,
            channel: options.channel,
            states: options.state === undefined ? undefined : [options.state],
          },
          out,
        );
        say(
          options.json
            ? JSON.stringify({ file: path, rows, profile: profile.name })
            : `已导出 ${rows} 行到 ${path}`,
        );
      } finally {
        await close();
      }
    });
}

function dayArgument(text: string): Day {
  const day = parseDay(text);
  if (day === null) throw new InvalidArgumentError("应为日期，如 2020-12-01");
  return day;
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
