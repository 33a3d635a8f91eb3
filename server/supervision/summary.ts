/** 督办汇总的数据与表格. The items behind a period's summary, read once, and the workbook of it. */

import { writeInstant } from "@jiesu/core/intake/instant.ts";
import { SUPERVISION_LEVELS, SUPERVISION_STATES } from "@jiesu/core/supervision/lifecycle.ts";
import {
  ALL_SUMMARY_COUNTS,
  CLOSING_RATE,
  COUNTED_STATES,
  SUMMARY_COUNTS,
  type SummaryItem,
  summaryOf,
} from "@jiesu/core/supervision/summary.ts";
import ExcelJS from "exceljs";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { levelOf, stateOf } from "./store.ts";

/** Items of a period, or of all; a unit's person sees those that were sent to the unit. */
export async function summaryItems(
  db: Db,
  actor: Actor,
  period: string | null,
  now: number,
): Promise<readonly SummaryItem[]> {
  const { rows } = await sql<{
    id: string;
    title: string;
    level: string;
    state: string;
    unit_id: string | null;
    unit: string | null;
    numbers: string[];
    due_at: Date | null;
    late: boolean | null;
    last_word: string;
    last_word_by: string;
    last_word_at: Date | null;
  }>`
    select i.id, i.title, i.level, i.state, u.id as unit_id, u.short_name as unit, i.due_at, i.forwarded_late as late,
           i.last_word, i.last_word_by, i.last_word_at,
           array(select t.number from supervision_ticket s join ticket t on t.id = s.ticket_id where s.item_id = i.id order by t.id) as numbers
      from supervision_item i
      left join supervision_unit l on l.item_id = i.id and l.place = 0
      left join unit u on u.id = l.unit_id
     where i.state = any(${[...COUNTED_STATES]}::text[])
       ${period === null ? sql`` : sql`and i.period = ${period}`}
       ${actor.unitId === null ? sql`` : sql`and i.forwarded_at is not null and l.unit_id = ${actor.unitId}`}
     order by i.id`.execute(db);
  return rows.map((row) => ({
    ...{
      id: row.id,
      title: row.title,
      level: levelOf(row.level),
      state: stateOf(row.state),
      tickets: row.numbers,
    },
    unit: row.unit_id === null ? null : { id: row.unit_id, name: row.unit ?? "" },
    dueAt: row.due_at?.getTime() ?? null,
    overdue: row.due_at !== null && row.due_at.getTime() < now,
    late: row.late === true,
    word:
      row.last_word_at === null
        ? null
        : { text: row.last_word, by: row.last_word_by, at: row.last_word_at.getTime() },
  }));
}

/** Periods that have items, the latest first: how many, and how many are closed. */
export async function summaryPeriods(db: Db, actor: Actor) {
  const { rows } = await sql<{ period: string; total: number; closed: number }>`
    select i.period, count(*)::int as total, count(*) filter (where i.state = 'closed')::int as closed
      from supervision_item i
     where i.state = any(${[...COUNTED_STATES]}::text[])
       ${actor.unitId === null ? sql`` : sql`and i.forwarded_at is not null and exists (select from supervision_unit l where l.item_id = i.id and l.place = 0 and l.unit_id = ${actor.unitId})`}
     group by 1 order by 1 desc limit 36`.execute(db);
  return rows;
}

/** The summary as the screen shows it, and every item behind it on a sheet of its own. */
export async function summaryBook(
  items: readonly SummaryItem[],
  period: string | null,
  now: number,
): Promise<Buffer> {
  const { lines, total } = summaryOf(items);
  const book = new ExcelJS.Workbook();
  const units = book.addWorksheet("各单位", { views: [{ state: "frozen", xSplit: 1, ySplit: 3 }] });
  units.addRow([`督办情况汇总（${period === null ? "全部考核期" : `${period} 考核期`}）`]).font = {
    bold: true,
    size: 14,
  };
  units.addRow([
    `按主责单位统计；${SUMMARY_COUNTS.total.about}${CLOSING_RATE.about}统计至 ${writeInstant(now)}`,
  ]);
  units.addRow([
    "单位",
    ...ALL_SUMMARY_COUNTS.map((key) => SUMMARY_COUNTS[key].zh),
    CLOSING_RATE.zh,
    "最新情况",
    "督办件",
    "时间",
  ]).font = { bold: true };
  for (const line of lines)
    units.addRow([
      line.unit?.name ?? "未定单位",
      ...ALL_SUMMARY_COUNTS.map((key) => line.counts[key]),
      line.rate,
      ...(line.last === null
        ? ["", "", ""]
        : [`${line.last.text}（${line.last.by}）`, line.last.title, writeInstant(line.last.at)]),
    ]);
  units.addRow(["合计", ...ALL_SUMMARY_COUNTS.map((key) => total.counts[key]), total.rate]).font = {
    bold: true,
  };
  units.columns.forEach((column, i) => {
    column.width = i === 0 ? 18 : i === ALL_SUMMARY_COUNTS.length + 2 ? 40 : 10;
  });
  const list = book.addWorksheet("督办件", { views: [{ state: "frozen", ySplit: 1 }] });
  list.addRow([
    "督办件",
    "工单编号",
    "主责单位",
    "等级",
    "状态",
    "到期",
    "是否超期",
    "是否迟转",
    "最新情况",
    "时间",
  ]).font = {
    bold: true,
  };
  for (const item of items)
    list.addRow([
      ...[item.title, item.tickets.join("、"), item.unit?.name ?? "未定单位", SUPERVISION_LEVELS[item.level]],
      ...[SUPERVISION_STATES[item.state].zh, item.dueAt === null ? "" : writeInstant(item.dueAt)],
      ...[item.overdue ? "是" : "否", item.late ? "是" : "否"],
      ...(item.word === null
        ? ["", ""]
        : [`${item.word.text}（${item.word.by}）`, writeInstant(item.word.at)]),
    ]);
  for (const [i, width] of [36, 24, 16, 8, 10, 20, 10, 10, 48, 20].entries())
    list.getColumn(i + 1).width = width;
  return Buffer.from(await book.xlsx.writeBuffer());
}
