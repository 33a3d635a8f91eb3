/** 真实回复. Public replies of ../shared/data as tickets before their closing; nothing of them is kept, only counted. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { GuardFacts } from "@jiesu/core/guard/facts.ts";
import { type Day, HOUR_MS, instant, parseDay } from "@jiesu/core/time/day.ts";
import { openTable } from "@jiesu/server/platform/tables/open.ts";

export const REAL_DATA = join(import.meta.dirname, "..", "..", "shared", "data");

export const REAL_FILES = [
  {
    name: "2020 年市级工单（办理结果）",
    path: join(REAL_DATA, "beijing12345", "orders.csv"),
    read: orderFacts,
  },
  { name: "留言板答复", path: join(REAL_DATA, "teddy", "附件4.xlsx"), read: messageFacts },
] as const;

export const realDataIsHere = (): boolean => REAL_FILES.every(({ path }) => existsSync(path));

/** Every row of a file that has a reply, as what is known before its closing. */
export async function realReplies({
  path,
  read,
}: (typeof REAL_FILES)[number]): Promise<readonly GuardFacts[]> {
  const table = await openTable(path, path);
  const facts: GuardFacts[] = [];
  let head: readonly string[] | null = null;
  for await (const rows of table.rows(0))
    for (const { cells } of rows) {
      if (head === null) {
        head = cells;
        continue;
      }
      const row = new Map(head.map((name, i) => [name, (cells[i] ?? "").trim()]));
      const made = read((name) => row.get(name) ?? "");
      if (made !== null) facts.push(made);
    }
  return facts;
}

type Cell = (name: string) => string;

const OUTCOMES: Readonly<Record<string, string>> = { 已解决: "solved", 未解决: "unsolved", 挂账: "unsolved" };
/** Orders tell no time of their reply; none took longer. */
const HANDLED_MS = 60 * 24 * HOUR_MS;

function orderFacts(cell: Cell): GuardFacts | null {
  const at = when(cell("派发时间"));
  if (at === null || cell("办理结果") === "") return null;
  const category = [cell("诉求类型一级"), cell("诉求类型二级"), cell("诉求类型三级")];
  const outcome = OUTCOMES[cell("解决类型")] ?? null;
  return factsOf({
    ...{ number: cell("诉求编号"), at, now: at + HANDLED_MS, title: "", content: cell("诉求内容"), category },
    ...{ reply: cell("办理结果"), outcome },
  });
}

function messageFacts(cell: Cell): GuardFacts | null {
  const [at, now] = [when(cell("留言时间")), when(cell("答复时间"))];
  if (at === null || now === null || cell("答复意见") === "") return null;
  return factsOf({
    ...{
      number: cell("留言编号"),
      at,
      now,
      title: cell("留言主题"),
      content: cell("留言详情"),
      category: [],
    },
    ...{ reply: cell("答复意见"), outcome: null },
  });
}

function factsOf(of: {
  readonly number: string;
  readonly at: number;
  readonly now: number;
  readonly title: string;
  readonly content: string;
  readonly category: readonly string[];
  readonly reply: string;
  readonly outcome: string | null;
}): GuardFacts {
  const { number, at, now, title, content, category, reply, outcome } = of;
  const ticket = { number, title, content, category, receivedAt: at, withdrawFrom: at, kin: [] };
  return {
    ...{ step: "approveClosing", now, words: reply, callback: null, files: 0, others: [], refusals: [] },
    ticket: { ...ticket, street: "", community: "", address: "" },
    lead: { unit: "", street: null, contactedAt: at, reportedAt: now, outcome },
    exemption: [],
  };
}

/** "2019/4/25 9:32:09", "2020-12-31 18:43:24". */
function when(text: string): number | null {
  const m = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:\s+(\d{1,2}):(\d{2})(?::\d{2})?)?$/.exec(text);
  const [, year, month = "", date = "", hour = "0", minute = "00"] = m ?? [];
  const day: Day | null =
    year === undefined ? null : parseDay(`${year}-${month.padStart(2, "0")}-${date.padStart(2, "0")}`);
  return day === null ? null : instant(day, `${hour.padStart(2, "0")}:${minute}`);
}
