/** 试验用的一个月. A town with a month's tickets, one for each way in which the city's results differ from ours. */
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import { bookOf, textRows } from "./sheets.ts";
import { bring, done, go, look } from "./tickets.ts";
import { type Answer, type Client, openTown, type Town } from "./town.ts";

export const PERIOD = "2026-11"; // 2026-10-19 … 2026-11-18
export const BASE = `/api/assessment/city-results/${PERIOD}`;
export const HEADER = [
  ...["序号", "工单编号", "承办单位", "是否响应", "是否解决", "是否满意", "是否剔除", "剔除依据"],
];
const GOOD = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
const BAD = { contacted: "yes", solved: "no", satisfied: "dissatisfied" };

type Letter = "same" | "own" | "typed" | "exempt" | "unit" | "unnamed" | "misnumbered" | "silent" | "later";

export interface CityMonth {
  readonly town: Town;
  readonly assessor: Client;
  readonly ids: Readonly<Record<Letter, string>>;
  readonly numbers: Readonly<Record<Letter, string>>;
  /** Holds the clock there; who has signed in stays so. */
  at(day: Day, time: string): Promise<void>;
  /** What the city's file says of the month, row by row below its header. */
  rows(): string[][];
  send(content: Buffer, name: string, query?: string): Promise<Answer>;
  /** A step of a file: preview, confirm, withdraw. */
  step(file: string, step: string, body?: object): Promise<Answer>;
  /** Sends a workbook of these rows and confirms it; answers the file. */
  bringIn(rows: readonly (readonly string[])[]): Promise<Answer["body"]>;
  /** How many lines each cause has. */
  causes(): Promise<Record<string, number>>;
  lines(query?: string): Promise<Answer["body"]>;
}

export async function openCityMonth(): Promise<CityMonth> {
  const town = await openTown();
  const at = async (day: Day, time: string): Promise<void> => {
    town.at(day, time);
    const now = town.shell.now();
    const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
    await town.shell.db.updateTable("session").set(session).execute();
  };
  const assessor = await town.as("assessor");
  const ticket = async (unit: string, said: object | null, stop: "closed" | "handling" = "closed") => {
    const id = await bring(town, stop, unit);
    if (said !== null) await go(assessor, id, "cityResult", { outcome: "answered", answers: said });
    return id;
  };
  await at("2026-11-04", "10:00"); // a Wednesday
  const here = {
    same: await ticket("清河", GOOD),
    own: await ticket("香山", null), // the centre alone has called, and heard that all is well
    typed: await ticket("清河", GOOD),
    exempt: await ticket("清河", BAD),
    unit: await ticket("温泉镇", GOOD),
    unnamed: await ticket("香山", GOOD),
    misnumbered: await ticket("学院路", GOOD),
    silent: await ticket("温泉镇", null, "handling"),
  };
  await at("2026-11-19", "10:00"); // Thursday: the next period
  const ids = { ...here, later: await ticket("清河", GOOD) };
  await at("2026-11-20", "09:00");
  const numberOf = async (id: string): Promise<string> => (await look(assessor, id)).number;
  const numbers = {
    same: await numberOf(ids.same),
    own: await numberOf(ids.own),
    typed: await numberOf(ids.typed),
    exempt: await numberOf(ids.exempt),
    unit: await numberOf(ids.unit),
    unnamed: await numberOf(ids.unnamed),
    misnumbered: await numberOf(ids.misnumbered),
    silent: await numberOf(ids.silent),
    later: await numberOf(ids.later),
  };
  const send = (content: Buffer, name: string, query = `period=${PERIOD}`) =>
    assessor.upload(`/api/assessment/city-results/files?${query}`, name, content);
  const step = (file: string, name: string, body: object = {}) =>
    assessor.post(`/api/assessment/city-results/files/${file}/${name}`, body);
  return {
    town,
    assessor,
    ids,
    numbers,
    at,
    send,
    step,
    rows: () => [
      ["1", numbers.same, "清河街道", "是", "是", "满意", "否", ""],
      ["2", numbers.own, "香山街道办事处", "是", "否", "不满意", "否", ""],
      ["3", numbers.typed, "清河街道", "是", "否", "不满意", "否", ""],
      ["4", numbers.exempt, "清河街道", "是", "否", "不满意", "是", "无政策依据"],
      ["5", numbers.unit, "香山街道", "是", "是", "满意", "否", ""],
      ["6", numbers.later, "清河街道", "是", "是", "满意", "否", ""],
      ["7", "热线-错号", "学院路街道", "是", "是", "满意", "否", ""],
      ["8", numbers.silent, "温泉镇", "是", "是", "基本满意", "否", ""],
      ["合计", "8"],
    ],
    async bringIn(rows) {
      const sent = done(await send(workbookOf(rows), "考核结果.xlsx"));
      return done(await step(sent.id, "confirm"));
    },
    causes: async () =>
      Object.fromEntries(
        done(await assessor.get(BASE)).causes.map((each: { cause: string; lines: number }) => [
          each.cause,
          each.lines,
        ]),
      ),
    lines: async (query = "") => done(await assessor.get(`${BASE}/lines?${query}`)).rows,
  };
}

/** A workbook as the city sends it: a title above the header. */
export const workbookOf = (
  rows: readonly (readonly string[])[],
  header: readonly string[] = HEADER,
): Buffer => bookOf({ rows: textRows([["2026年11月接诉即办考核结果"], [], header, ...rows]) });
