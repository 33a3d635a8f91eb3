/** 问题事件汇总表. Units by kinds with the total, and every item with cause and remedy, as a workbook; no requester in it. */
import { PROBLEM_MEASURES } from "@jiesu/core/problem/measures.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import type { DayRange } from "@jiesu/core/time/period.ts";
import ExcelJS from "exceljs";
import type { Actor } from "../platform/auth/actor.ts";
import type { Shell } from "../platform/shell.ts";
import { listProblems } from "./list.ts";

interface Summed {
  readonly total: { readonly all: number; readonly open: number; readonly late: number };
  readonly kinds: readonly { readonly kind: string; readonly kindZh: string; readonly n: number }[];
  readonly units: readonly {
    readonly name: string;
    readonly all: number;
    readonly open: number;
    readonly late: number;
    readonly kinds: Readonly<Record<string, number>>;
  }[];
}

/** Items in one workbook: beyond it a span is to be told in parts. */
const MOST = 20_000;
const PAGE = 1000;

export async function problemBook(
  shell: Shell,
  actor: Actor,
  days: DayRange,
  summary: Summed,
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const table = book.addWorksheet("单位汇总", { views: [{ state: "frozen", xSplit: 1, ySplit: 2 }] });
  table.addRow([`问题事件（${days.from} 至 ${days.to}）`]).font = { bold: true, size: 14 };
  const { all, open, late } = PROBLEM_MEASURES;
  const heads = table.addRow([
    "单位",
    all.name,
    ...summary.kinds.map(({ kindZh }) => kindZh),
    open.name,
    late.name,
  ]);
  heads.font = { bold: true };
  heads.getCell(2).note = all.definition;
  const line = (name: string, of: Summed["total"], kinds: (kind: string) => number) =>
    table.addRow([name, of.all, ...summary.kinds.map(({ kind }) => kinds(kind)), of.open, of.late]);
  for (const unit of summary.units) line(unit.name, unit, (kind) => unit.kinds[kind] ?? 0);
  line("合计", summary.total, (kind) => summary.kinds.find((each) => each.kind === kind)?.n ?? 0).font = {
    bold: true,
  };
  table.getColumn(1).width = 22;
  const list = book.addWorksheet("清单", { views: [{ state: "frozen", ySplit: 1 }] });
  list.addRow([
    ...["发生日", "种类", "工单编号", "标题", "单位", "发现的问题", "状态"],
    ...["答复期限", "原因", "整改措施", "整改完成日"],
  ]).font = { bold: true };
  const filter = { days, kind: null, group: null, unit: null, cause: null, state: null, ticketId: null };
  let after: string | null = null;
  for (let n = 0; n < MOST; n += PAGE) {
    const { rows, next }: Awaited<ReturnType<typeof listProblems>> = await listProblems(
      shell.db,
      actor,
      filter,
      { after, limit: PAGE },
      shell.now(),
    );
    for (const row of rows)
      list.addRow([
        ...[row.day, row.kindZh, row.ticket.number, row.ticket.title, row.unit?.name ?? "中心", row.said],
        ...[row.stateZh, row.dueAt === null ? "" : clockText(Date.parse(row.dueAt))],
        ...[row.causeZh ?? "", row.remedy ?? "", row.remedyDay ?? ""],
      ]);
    if (next === null) break;
    after = next;
  }
  for (const [at, width] of [12, 18, 22, 32, 16, 44].entries()) list.getColumn(at + 1).width = width;
  return Buffer.from(await book.xlsx.writeBuffer());
}
