/** `jiesu city-results`: a month's file of the city on the command line, taken in or, with --dry-run, only looked at. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { CITY_FILE_KINDS, type CityFileKind } from "@jiesu/core/cityresult/layout.ts";
import { maskFileName } from "@jiesu/core/intake/filename.ts";
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import { type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { importerFor } from "../../platform/auth/actor.ts";
import { Refused } from "../../platform/errors.ts";
import { digestOf } from "../../platform/files/whole.ts";
import type { Opened, Shell } from "../../platform/shell.ts";
import { plainFileName } from "../../platform/tables/open.ts";
import { confirmWhole, layoutOf, readRows, settledOrRefuse, takeIn } from "./fileactions.ts";
import { earlierMapping, fileInForce } from "./filestore.ts";
import { lookInto } from "./look.ts";
import { reconcile } from "./reckon.ts";
import { summaryOut } from "./shape.ts";

interface Options {
  readonly period: PeriodName;
  readonly kind?: CityFileKind;
  readonly skipFaulty?: boolean;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

export function registerCityResults(
  jiesu: Command,
  open: () => Promise<Pick<Opened, "shell" | "close">>,
  say: (text: string) => void = (text) => process.stdout.write(`${text}\n`),
): void {
  jiesu
    .command("city-results <文件>")
    .description(
      "导入一个考核期的市级结果（逐件结果或单位成绩表，.xlsx .xls .csv）并对账；同一文件再次导入没有变化",
    )
    .requiredOption("--period <考核期>", "如 2026-10", periodArgument)
    .addOption(
      new Option("--kind <种类>", "lines 逐件结果，units 单位成绩表；不写则按表头识别").choices(
        CITY_FILE_KINDS,
      ),
    )
    .option("--skip-faulty", "读不出的行不导入，其余照常导入")
    .option("--dry-run", "只看文件读成什么，不写入")
    .option("--json", "以 JSON 输出")
    .action(async (path: string, options: Options) => {
      const opened = await open();
      try {
        const told = await run(opened.shell, path, options);
        say(options.json ? JSON.stringify(told) : textOf(told));
      } finally {
        await opened.close();
      }
    });
}

async function run(shell: Shell, path: string, options: Options) {
  const bytes = await readFile(resolve(process.env.INIT_CWD ?? process.cwd(), path)).catch(() => null);
  if (bytes === null) throw new Refused({ code: "file-refused", why: "找不到或不能读取这个文件" });
  const name = maskFileName(plainFileName(path));
  return options.dryRun ? looked(shell, bytes, name, options) : taken(shell, bytes, name, options);
}

/** What the file would bring; nothing is written. */
async function looked(shell: Shell, bytes: Buffer, name: string, { period, kind }: Options) {
  const seen = await lookInto(bytes, name, shell.rules.cityLayouts, { kind });
  const layout = seen.layout ?? layoutOf(shell, kind ?? "lines");
  const mapping = (await earlierMapping(shell.db, layout.kind, seen.shape.signature)) ?? {};
  const read = settledOrRefuse(readRows(layout, seen.shape.headers, mapping, seen.rows));
  const standing = await fileInForce(shell.db, period, layout.kind);
  return {
    ...{ period, file: name, dryRun: true, kind: layout.kind },
    same: standing?.sha256.equals(digestOf(bytes)) ?? false,
    version: standing?.version ?? null,
    rows: read.lines.length + read.units.length,
    refused: read.refused,
    columns: read.columns.columns.map(({ header, field, why }) => ({ header, field, why })),
    faults: read.faults.map((fault) => ({ ...fault, remedy: remedyOf(fault) })),
    reconciliation: null,
  };
}

/** Takes the file in, and tells what reconciling it found. */
async function taken(shell: Shell, bytes: Buffer, name: string, options: Options) {
  const { period, kind } = options;
  const actor = importerFor("命令行");
  const { file, same } = await takeIn(shell, actor, { name, bytes }, period, { kind });
  const skipFaulty = options.skipFaulty === true;
  const done = same
    ? { file, same }
    : await confirmWhole(shell, actor, file, { mapping: file.mapping, skipFaulty });
  return {
    ...{ period, file: name, dryRun: false, kind: done.file.kind, same: done.same },
    version: done.file.version,
    rows: done.file.rows,
    refused: new Set(done.file.refused.map(({ row }) => row)).size,
    columns: [],
    faults: done.file.refused.map((fault) => ({ ...fault, remedy: remedyOf(fault) })),
    reconciliation: done.file.kind === "lines" ? summaryOut(await reconcile(shell, period)) : null,
  };
}

function textOf(told: Awaited<ReturnType<typeof run>>): string {
  const what = told.kind === "lines" ? "逐件结果" : "单位成绩表";
  const state = told.same ? "与在用的文件相同，没有变化" : told.dryRun ? "试看，未写入" : "已导入";
  const found = told.reconciliation;
  return [
    `${told.period} ${what}：${told.rows} 行可用，${told.refused} 行读不出；${state}${told.version === null ? "" : `（在用第 ${told.version} 版）`}`,
    ...told.faults.map(({ row, column, why, remedy }) => `  第 ${row} 行“${column}”：${why}；${remedy}`),
    ...(found
      ? [
          `对账：相同 ${found.equal} 件，差异 ${found.differing + found.unnamed} 件`,
          ...found.causes.map(({ zh, lines }) => `  ${zh} ${lines} 件`),
        ]
      : []),
  ].join("\n");
}

function periodArgument(text: string): PeriodName {
  const name = parsePeriodName(text);
  if (name === null) throw new InvalidArgumentError("考核期应写作 2020-12");
  return name;
}
