/** 协调单台账. The items of a list, their exchanges and the figures of the parties, as a workbook: what this person may see. */
import { ANSWERS, IN_TIME_RATE } from "@jiesu/core/liaison/standing.ts";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import type { z } from "zod";
import type { FigureOut } from "./figures.ts";
import type { LiaisonOut } from "./shape.ts";

type Item = z.infer<typeof LiaisonOut>;

export async function liaisonBook(
  items: readonly Item[],
  figures: readonly z.infer<typeof FigureOut>[],
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = (name: string, heads: readonly string[], widths: readonly number[]) => {
    const made = book.addWorksheet(name, { views: [{ state: "frozen", ySplit: 1 }] });
    made.addRow(heads).font = { bold: true };
    for (const [at, width] of widths.entries()) made.getColumn(at + 1).width = width;
    return made;
  };
  const list = sheet(
    "协调单",
    [
      "编号",
      "标题",
      "缓急",
      "状态",
      "发起方",
      "发起人",
      "发起时间",
      "参与方",
      "关联工单",
      "问题",
      "应结论时间",
      "结论类别",
      "结论",
      "结论时间",
      "结论是否超期",
    ],
    [20, 32, 8, 10, 14, 12, 18, 40, 30, 60, 18, 14, 60, 18, 12],
  );
  for (const item of items)
    list.addRow([
      ...[
        item.number,
        item.title,
        item.pace.name,
        item.stateZh,
        item.opener,
        item.openedBy,
        minute(item.openedAt),
      ],
      item.parties.map((p) => (p.standingZh === "" ? p.name : `${p.name}（${p.standingZh}）`)).join("、"),
      ...[item.tickets.map((ticket) => ticket.number).join("、"), item.question, minute(item.concludeBy)],
      ...[item.outcome?.name ?? "", item.conclusion ?? "", minute(item.closedAt)],
      item.closedLate === null ? "" : item.closedLate ? "是" : "否",
    ]);
  const said = sheet(
    "往来",
    ["编号", "步骤", "时间", "谁", "对谁", "方式", "对方联系人", "内容", "其他", "附件", "登记人"],
    [20, 10, 18, 16, 24, 12, 16, 80, 24, 30, 12],
  );
  for (const item of items)
    for (const step of item.steps)
      said.addRow([
        ...[
          item.number,
          step.stepZh,
          minute(step.saidAt),
          step.from,
          step.to.join("、") || "各方",
          step.means,
        ],
        ...[step.contact, step.words, step.about, step.files.map((file) => file.name).join("、"), step.by],
      ]);
  const by = sheet(
    "各方答复",
    [
      "参与方",
      "协调单",
      "应答复",
      ...Object.values(ANSWERS).map((each) => each.zh),
      `${IN_TIME_RATE.zh}（%）`,
    ],
    [20, 10, 10, 10, 10, 10, 10, 10, 16],
  );
  for (const row of figures)
    by.addRow([
      ...[row.name, row.items, row.asked, row.inTime, row.late, row.overdue, row.waiting, row.letOff],
      row.rate === null ? "—" : Math.round(row.rate * 1000) / 10,
    ]);
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** "2026-11-20 09:00" in Beijing. */
const minute = (at: string | null): string =>
  at === null ? "" : new Date(Date.parse(at) + 8 * HOUR_MS).toISOString().slice(0, 16).replace("T", " ");
