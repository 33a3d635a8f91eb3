/**
 * 通报的文字. The sentences of a score sheet as its figures give them: 基本情况, 排名, 问题. A person may write each anew, and
 * writes 建议; what nobody has touched follows the figures when they are taken again.
 */
import { dayText, monthText, pointsChange, scoreMoved, volumeChange } from "../report/wording.ts";
import { parseDay } from "../time/day.ts";
import { type Cells, problemsText, type SheetFigures, type SheetGroup, type SheetRow } from "./scoresheet.ts";

export const SHEET_SECTIONS = {
  situation: "基本情况",
  ranking: "考核排名",
  problems: "主要问题",
  advice: "工作建议",
} as const;
export type SheetSection = keyof typeof SHEET_SECTIONS;
export const SHEET_SECTION_KEYS = Object.keys(SHEET_SECTIONS) as readonly SheetSection[];
export type SheetWords = Readonly<Record<SheetSection, string>>;

/** The text that the figures give; `listed` units are named at either end of a group. Advice is for a person to write. */
export function wordsOf(figures: SheetFigures, listed: number): SheetWords {
  return {
    situation: situation(figures),
    ranking: figures.groups.map((group) => groupText(group, listed)).join("\n"),
    problems: problems(figures, listed),
    advice: "",
  };
}

/** The text after the figures were taken anew: sections that a person has written stay as they are. */
export function wordsAnew(
  words: SheetWords,
  before: SheetFigures,
  now: SheetFigures,
  listed: number,
): SheetWords {
  const [old, young] = [wordsOf(before, listed), wordsOf(now, listed)];
  const kept = (key: SheetSection): string => (words[key] === old[key] ? young[key] : words[key]);
  return {
    situation: kept("situation"),
    ranking: kept("ranking"),
    problems: kept("problems"),
    advice: words.advice,
  };
}

/** The sections that say something else than the figures by themselves would: written by a person. */
export function writtenSections(
  words: SheetWords,
  figures: SheetFigures,
  listed: number,
): readonly SheetSection[] {
  const own = wordsOf(figures, listed);
  return SHEET_SECTION_KEYS.filter((key) => words[key] !== own[key]);
}

function situation({ period, overall, overallBefore: before }: SheetFigures): string {
  const volume = before === null ? "" : `，${volumeChange(Number(overall.tickets), Number(before.tickets))}`;
  const rates = (["response", "solution", "satisfaction"] as const).map((key) => {
    const name = { response: "响应率", solution: "解决率", satisfaction: "满意率" }[key];
    return `${name} ${overall[key]}${compared(pointsChange(percent(overall[key]), percent(before[key])))}`;
  });
  const score = `综合得分 ${overall.score} 分${compared(scoreMoved(figure(overall.score), figure(before.score)))}`;
  return [
    `${monthText(period.name)}考核期为${dayWords(period.from)}至${dayWords(period.to)}，计入考核的诉求 ${overall.tickets} 件${volume}，其中有效回访 ${overall.base} 件。`,
    `${[...rates, overall.score === "—" ? "综合得分无有效基数" : score].join("；")}。`,
    `按期办结率 ${overall.onTime}，超期 ${overall.overdue} 件；中心同意退单 ${overall.returned} 件，退回重办 ${overall.reworked} 件次。`,
    `申请不纳入考核 ${overall.exemptApplied} 件，市级认定 ${overall.exemptUpheld} 件、查否 ${overall.exemptDenied} 件；新增挂账 ${overall.shelvedNew} 件，销账 ${overall.shelvedEnded} 件，期末在挂 ${overall.shelvedLive} 件。`,
  ].join("\n");
}

function groupText({ group, ranked, rows }: SheetGroup, listed: number): string {
  const name = group ?? "未编组单位";
  const running = rows.filter((row) => row.cells.rank !== "—");
  if (running.length === 0) return `${name}：本期没有参评单位。`;
  const first = running.slice(0, ends(running, listed));
  const last = lastOf(running, listed);
  const said = [
    `${name}：参评 ${ranked} 个单位。排名靠前的是${named(first)}`,
    ...(last.length === 0 ? [] : [`；排名靠后的是${named(last)}`]),
    "。",
  ].join("");
  const risen = running
    .map((row) => ({ row, by: risenBy(row) }))
    .filter(({ by }) => by > 0)
    .toSorted((a, b) => b.by - a.by)
    .slice(0, listed);
  if (risen.length === 0) return said;
  return `${said}较上期进步较大的是${risen.map(({ row, by }) => `${row.unit.shortName}（上升 ${by} 位）`).join("、")}。`;
}

function problems({ problems: all, groups }: SheetFigures, listed: number): string {
  if (all.length === 0) return "本期没有未解决、不满意的诉求。";
  const units = groups.flatMap(({ rows }) =>
    lastOf(
      rows.filter((row) => row.cells.rank !== "—"),
      listed,
    )
      .filter((row) => row.problems.length > 0)
      .map((row) => `${row.unit.shortName}：${problemsText(row.problems)}。`),
  );
  return [
    `未解决、不满意的诉求主要集中在${problemsText(all)}。`,
    ...(units.length === 0 ? [] : ["排名靠后单位的主要问题："]),
    ...units,
  ].join("\n");
}

/** So many are named at either end: never more than half, so that nobody is in both. */
const ends = (running: readonly SheetRow[], listed: number): number =>
  Math.min(listed, Math.ceil(running.length / 2));

const lastOf = (running: readonly SheetRow[], listed: number): readonly SheetRow[] =>
  running.slice(ends(running, listed)).slice(-listed);

const dayWords = (text: string): string => {
  const day = parseDay(text);
  return day === null ? text : dayText(day);
};

const named = (rows: readonly SheetRow[]): string =>
  rows.map(({ unit, cells }) => `${unit.shortName}（${cells.score} 分）`).join("、");

const compared = (text: string | null): string => {
  if (text === null) return "";
  return text === "持平" ? "，与上期持平" : `，较上期${text}`;
};

const risenBy = ({ cells }: SheetRow): number => Number(/^升 (\d+)$/.exec(cells.rankChange)?.[1] ?? 0);

function percent(text: Cells[keyof Cells] | undefined): number | null {
  const match = /^(-?[\d.]+)%$/.exec(text ?? "");
  return match ? Number(match[1]) : null;
}

function figure(text: string | undefined): number | null {
  return text === undefined || text === "—" ? null : Number(text);
}
