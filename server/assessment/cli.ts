/** `jiesu rates`, `jiesu rank`, `jiesu explain`: three rates, ranking and where they come from, on the command line, as a table or with --json. */
import { STAT_SCOPES, type StatScope } from "@jiesu/core/assessment/entry.ts";
import { LEVEL_NAMES, LEVELS, type Level } from "@jiesu/core/assessment/level.ts";
import {
  COMPARISONS,
  MEASURE_NAMES as N,
  rankingNotes,
  STAT_SCOPE_NAMES,
} from "@jiesu/core/assessment/measures.ts";
import { unrankedText } from "@jiesu/core/assessment/ranking.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import type { Result } from "@jiesu/core/assessment/score.ts";
import { daysText, segmentsText } from "@jiesu/core/assessment/segments.ts";
import { type Day, dayOf, parseDay } from "@jiesu/core/time/day.ts";
import { type DayRange, type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import { type Command, InvalidArgumentError, Option } from "commander";
import { sql } from "kysely";
import { Refused } from "../platform/errors.ts";
import type { Opened, Shell } from "../platform/shell.ts";
import { explainUnit } from "./explain.ts";
import {
  type Asked,
  currentPeriod,
  type RankReport,
  type RatesReport,
  rankReport,
  ratesReport,
} from "./figures.ts";
import { densityOut, resultOut } from "./shape.ts";
import { GROUPINGS, type Grouping } from "./store.ts";

interface RatesOptions {
  readonly from?: Day;
  readonly to?: Day;
  readonly by?: Grouping;
  readonly scope: StatScope;
  readonly rules?: string;
  readonly json?: boolean;
}

interface RankOptions {
  readonly period?: PeriodName;
  readonly group?: string;
  readonly scope: StatScope;
  readonly rules?: string;
  readonly json?: boolean;
}

/** Adds the three commands; `open` reaches the ledger, `say` prints. */
export function registerAssessment(
  jiesu: Command,
  open: () => Promise<Pick<Opened, "shell" | "close">>,
  say: (text: string) => void = (text) => process.stdout.write(`${text}\n`),
): void {
  const scope = () =>
    new Option("--scope <口径>", "统计口径：all 全口径（含剔除），assessed 不含剔除")
      .choices(STAT_SCOPES)
      .default("assessed");

  jiesu
    .command("rates")
    .description("三率：任意时段，合计及按单位、街乡镇或分类")
    .option("--from <日期>", "起始日，如 2020-12-01（含当日；不写起止日即本考核期）", dayArgument)
    .option("--to <日期>", "截止日（含当日；只写起始日即到今天）", dayArgument)
    .addOption(
      new Option("--by <分组>", "unit 承办单位，street 街乡镇，category 一级分类").choices(GROUPINGS),
    )
    .addOption(scope())
    .option("--rules <规则>", "考核规则名称（不写即当时执行的规则）")
    .option("--json", "以 JSON 输出")
    .action((options: RatesOptions) =>
      within(open, async (shell) => {
        const report = await ratesReport(
          shell,
          await timeOf(shell, options),
          options.by ?? null,
          askedOf(options),
          null,
        );
        say(options.json ? JSON.stringify(ratesJson(report)) : ratesText(report, options.by));
      }),
    );

  jiesu
    .command("rank")
    .description("三率排名：一个考核期内各单位的得分与名次，分组排列")
    .option("--period <考核期>", "如 2020-12（不写即本考核期）", periodArgument)
    .option("--group <分组>", "只列一个分组，如 街镇")
    .addOption(scope())
    .option("--rules <规则>", "考核规则名称（不写即当时执行的规则）")
    .option("--json", "以 JSON 输出")
    .action((options: RankOptions) =>
      within(open, async (shell) => {
        const period = options.period ?? (await currentPeriod(shell)).name;
        const report = await rankReport(shell, period, askedOf(options), options.group);
        say(options.json ? JSON.stringify(rankJson(report)) : rankText(report));
      }),
    );

  jiesu
    .command("explain")
    .description("考核解释：一个单位一个考核期的分子、分母、未计入及原因、规则，由台账逐条重放")
    .requiredOption("--unit <单位>", "单位名称、简称或编号")
    .option("--period <考核期>", "如 2020-12（不写即本考核期）", periodArgument)
    .addOption(new Option("--level <层级>", "district 区级，city 市级").choices(LEVELS).default("district"))
    .addOption(scope())
    .option("--rules <规则>", "考核规则名称（不写即当时执行的规则）")
    .option("--json", "以 JSON 输出")
    .action((options: RankOptions & { readonly unit: string; readonly level: Level }) =>
      within(open, async (shell) => {
        const told = await explainUnit(shell, {
          unitId: await unitNamed(shell, options.unit),
          period: options.period ?? (await currentPeriod(shell, options.level)).name,
          ...askedOf(options),
          level: options.level,
          tickets: options.json === true,
        });
        say(options.json ? JSON.stringify(told) : explainText(told));
      }),
    );
}

/** The unit written by name, short name or id. */
async function unitNamed(shell: Shell, text: string): Promise<string> {
  const row = await shell.db
    .selectFrom("unit")
    .select("id")
    .where((eb) => eb.or([eb("name", "=", text), eb("short_name", "=", text), eb(sql`id::text`, "=", text)]))
    .orderBy("id")
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "bad-input", message: `没有名为“${text}”的单位` });
  return row.id;
}

function explainText(told: Explained): string {
  const { unit, period, rules } = told;
  const rows = rateRows(told.rates);
  return [
    `${unit.name}　考核期 ${period.name}（${period.from} 至 ${period.to}）　${LEVEL_NAMES[told.level]}　${rules.title}${rules.trial ? "（试算）" : ""}　依据：${rules.source}`,
    ...(segmentsText(rules.segments) === null ? [] : [`${segmentsText(rules.segments)}。`]),
    table([["率", "分子", "分母", "结果", "未计入"], ...rows]),
    ...(told.segments.length > 1 ? told.segments.map((each) => segmentText(each, told.segments)) : []),
    ...madeText(told),
    `${N.score} ${told.score}；台账 ${told.entries} 条，其中作废 ${told.voided} 条；重放${told.replayAgrees ? "一致" : "不一致"}。`,
  ].join("\n");
}

type Explained = Awaited<ReturnType<typeof explainUnit>>;

/** What the days of one version add. */
function segmentText(segment: Explained["segments"][number], among: Explained["segments"]): string {
  const heading = `${daysText(segment, among)}　${segment.rules.title}　${segment.entries} 件　依据：${segment.rules.source}`;
  return [`\n${heading}`, table([["率", "分子", "分母", "结果", "未计入"], ...rateRows(segment.rates)])].join(
    "\n",
  );
}

function rateRows(rates: Explained["rates"]): readonly (readonly string[])[] {
  return rates.map((rate) => [
    rate.name,
    String(rate.numerator),
    String(rate.denominator),
    rate.text,
    rate.excluded.map((each) => `${each.why} ${each.times} 件`).join("；"),
  ]);
}

/** The parts of the score, and each item of points with its reason and who approved it. */
function madeText({ made, density, group, unitClass }: Explained): readonly string[] {
  const sum = made.parts.map(({ name, text }) => `${name} ${text}`).join(" + ");
  const records = (made.items ?? []).flatMap(({ name, counted, records }) =>
    records.map(({ points, reason, by, steps }) => {
      const approver = steps.find(({ state }) => state === "approved")?.by ?? "";
      return `  ${name} ${points}（本项计 ${counted}）：${reason}；起草 ${by}，批准 ${approver}`;
    }),
  );
  return [
    `分组 ${group ?? "未编组"}${unitClass === null ? "" : `（${unitClass}）`}；万人诉求比 ${density.missing ?? `${density.text}（${density.year} 年常住人口 ${density.people}）`}`,
    ...(sum === "" ? [] : [`得分构成：${sum}`]),
    ...records,
  ];
}

/** What `rates --json` prints: rates from 0 to 1 unrounded, the score as shown, null for an empty base. */
function ratesJson(report: RatesReport) {
  const rules = report.ruleSet;
  return {
    scope: report.scope,
    rules: rules.name,
    trial: report.trial,
    from: report.range.from,
    to: report.range.to,
    total: resultOut(report.total, rules),
    by: report.rows.map((row) => ({ key: row.unit?.name ?? row.key, ...resultOut(row, rules) })),
  };
}

/** What `rank --json` prints: the units of every group in order, and each group's total row. */
function rankJson(report: RankReport) {
  const rules = report.ruleSet;
  return {
    scope: report.scope,
    rules: rules.name,
    trial: report.trial,
    period: report.period.name,
    from: report.period.from,
    to: report.period.to,
    total: resultOut(report.total, rules),
    groups: report.groups.map(({ group, total }) => ({ group, total: resultOut(total, rules) })),
    by: report.groups.flatMap(({ group, units }) =>
      units.map((unit) => ({
        key: report.names.get(unit.key)?.name ?? unit.key,
        unitId: unit.key,
        group,
        rank: unit.rank,
        unranked: unit.unranked === null ? null : unrankedText(unit.unranked),
        ...resultOut(unit, rules),
        unitClass: unit.unitClass,
        density: densityOut(unit.counts.tickets, unit.key, report),
      })),
    ),
  };
}

function ratesText(report: RatesReport, by: Grouping | undefined): string {
  const heading = `${report.range.from} 至 ${report.range.to}　${STAT_SCOPE_NAMES[report.scope]}　${rulesLine(report)}`;
  const first = by === undefined ? "" : { unit: "承办单位", street: "街乡镇", category: "一级分类" }[by];
  const rows = report.rows.map((row) => [
    row.unit?.name ?? (row.key || "（未填）"),
    ...cells(row, report.ruleSet),
  ]);
  const total = ["合计", ...cells(report.total, report.ruleSet)];
  return [heading, table([[first, ...columnsOf(report.ruleSet)], ...rows, total])].join("\n");
}

function rankText(report: RankReport): string {
  const { name, from, to } = report.period;
  const heading = `考核期 ${name}（${from} 至 ${to}）　${STAT_SCOPE_NAMES[report.scope]}　${rulesLine(report)}`;
  const groups = report.groups.flatMap(({ group, units, total }) => {
    const rows = units.map((unit) => [
      unit.rank === null ? "—" : String(unit.rank),
      report.names.get(unit.key)?.name ?? unit.key,
      ...cells(unit, report.ruleSet),
      densityOut(unit.counts.tickets, unit.key, report).text,
    ]);
    const columns = [...columnsOf(report.ruleSet), N.density];
    return [
      `\n【${group ?? "未编入分组"}】`,
      table([
        [COMPARISONS.rank.name, "承办单位", ...columns],
        ...rows,
        ["", "合计", ...cells(total, report.ruleSet)],
      ]),
    ];
  });
  if (groups.length === 0) groups.push("\n本期没有计入考核的工单。");
  return [heading, ...groups, `\n${rankingNotes(report.ruleSet).join("；")}。`].join("\n");
}

const columnsOf = ({ adjustments }: RuleSet): readonly string[] => [
  ...[N.tickets, N.base, N.contacted, N.solved, N.satisfied, N.basicallySatisfied],
  ...[N.response, N.solution, N.satisfaction],
  ...(adjustments === undefined ? [] : [N.basic, N.points]),
  N.score,
];

function cells(result: Result, rules: RuleSet): readonly string[] {
  const out = resultOut(result, rules);
  const counts = [out.tickets, out.base, out.contacted, out.solved, out.satisfied, out.basicallySatisfied];
  const { response, solution, satisfaction, basic, points, score } = out.text;
  const adjusted = rules.adjustments === undefined ? [] : [basic, points];
  return [...counts.map(String), response, solution, satisfaction, ...adjusted, score];
}

function rulesLine({ ruleSet, segments, trial }: RatesReport | RankReport): string {
  const parts = segmentsText(segments.map(({ from, to, ruleSet: { title } }) => ({ from, to, title })));
  return `${parts ?? ruleSet.title}${trial ? "（试算）" : ""}`;
}

/** Columns aligned for a terminal, where a Chinese character takes two places. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => width(row[at] ?? ""))));
  const pad = (text: string, at: number) => text + " ".repeat((widths[at] ?? 0) - width(text));
  return rows.map((row) => row.map(pad).join("  ").trimEnd()).join("\n");
}

function width(text: string): number {
  return [...text].reduce((sum, char) => sum + (/[\u2e80-\uffef]/u.test(char) ? 2 : 1), 0);
}

/** Runs one piece of work over the ledger and closes it; a refusal is left to the caller to print. */
async function within(
  open: () => Promise<Pick<Opened, "shell" | "close">>,
  work: (shell: Shell) => Promise<void>,
): Promise<void> {
  const opened = await open();
  try {
    await work(opened.shell);
  } finally {
    await opened.close();
  }
}

function askedOf({ scope, rules }: RatesOptions | RankOptions): Asked {
  return { scope, ...(rules === undefined ? {} : { rules }) };
}

async function timeOf(shell: Shell, { from, to }: RatesOptions): Promise<PeriodName | DayRange> {
  if (from === undefined && to === undefined) return (await currentPeriod(shell)).name;
  if (from === undefined) throw new Refused({ code: "bad-input", message: "请用 --from 写明起始日" });
  return { from, to: to ?? dayOf(shell.now()) };
}

function dayArgument(text: string): Day {
  return parseDay(text) ?? invalid("日期应写作 2020-12-31");
}

function periodArgument(text: string): PeriodName {
  return parsePeriodName(text) ?? invalid("考核期应写作 2020-12");
}

function invalid(message: string): never {
  throw new InvalidArgumentError(message);
}
