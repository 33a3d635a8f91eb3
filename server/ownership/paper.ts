/** 派遣意见上报表的文件. The same facts as a Word paper and as an Excel form. */
import { articleText, ownershipPaper, type PaperFacts, POSITIONS } from "@jiesu/core/ownership/paper.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import type { z } from "zod";
import { docxOf } from "../platform/documents/docx.ts";
import type { CaseDetail } from "./shape.ts";

const ISSUER = "区市民诉求处置中心";

export function paperFacts(one: z.infer<typeof CaseDetail>, now: number): PaperFacts {
  const { ticketText } = one;
  const held = one.meetings.find((each) => each.state === "held");
  const called = (presence: string) =>
    (held?.attendance ?? [])
      .filter((each) => each.presence === presence)
      .map(({ unit, name, post }) => [unit, name, post].filter((word) => word !== "").join(" "));
  return {
    number: one.number,
    ticket: {
      ...{ number: one.ticket.number, title: one.ticket.title, content: ticketText.content },
      ...{ category: ticketText.category, returns: ticketText.returns },
      place: [ticketText.street, ticketText.community, ticketText.address].filter((w) => w !== "").join(" "),
    },
    reason: one.reason,
    returned: one.returned.map(({ unit, ground, at }) => ({ unit, ground, at: Date.parse(at) })),
    claims: one.claims.flatMap(({ unit, claim }) =>
      claim === null
        ? []
        : [
            {
              unit: unit.name,
              position: POSITIONS[claim.position] + (claim.suggest ? `，建议${claim.suggest.name}` : ""),
              statement: claim.statement,
              articles: claim.articles,
            },
          ],
    ),
    site: one.site.text,
    meeting: held
      ? {
          ...{ at: Date.parse(held.startsAt), place: held.place, minutes: held.minutes },
          present: [...called("present"), ...called("observer").map((who) => `${who}（列席）`)],
          excused: called("excused"),
        }
      : null,
    opinion: one.opinion && {
      lead: one.opinion.lead.name,
      co: one.opinion.co.map((each) => each.name),
      text: one.opinion.text,
      articles: one.opinion.articles,
    },
    to: one.report?.to ?? "",
    by: ISSUER,
    at: now,
  };
}

export function paperDocx(facts: PaperFacts): Promise<Buffer> {
  return docxOf(ownershipPaper(facts), facts.at);
}

/** The form of one sheet, as it is filled in by hand elsewhere: what is asked on the left, the answer beside it. */
export async function paperXlsx(facts: PaperFacts): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("派遣意见上报表", {
    pageSetup: { paperSize: 9, orientation: "portrait", fitToPage: true, fitToWidth: 1, fitToHeight: 0 },
  });
  sheet.columns = [{ width: 18 }, { width: 18 }, { width: 44 }, { width: 40 }];
  const title = sheet.addRow(["派遣意见上报表"]);
  title.font = { bold: true, size: 16 };
  sheet.mergeCells(title.number, 1, title.number, 4);
  const wide = (name: string, text: string): void => {
    const row = sheet.addRow([name, text]);
    sheet.mergeCells(row.number, 2, row.number, 4);
    row.getCell(1).font = { bold: true };
    // Merged cells do not grow by themselves.
    row.height = 18 * linesOf(text.split("\n"));
  };
  wide("案号", facts.number);
  wide("工单编号", facts.ticket.number);
  wide("标题", facts.ticket.title);
  wide("分类", facts.ticket.category);
  wide("地点", facts.ticket.place);
  wide("诉求内容", facts.ticket.content);
  wide("提交确权的理由", facts.reason);
  for (const each of facts.returned) wide("退单", `${clockText(each.at)} ${each.unit}：${each.ground}`);
  sheet.addRow(["各方意见", "意见", "理由", "法律依据"]).font = { bold: true };
  for (const each of facts.claims)
    sheet.addRow([each.unit, each.position, each.statement, each.articles.map(articleText).join("\n")]);
  wide("现场情况", facts.site);
  if (facts.meeting) {
    const { at, place, present, excused, minutes } = facts.meeting;
    wide("确权会", `${clockText(at)} ${place}`);
    wide("出席", present.join("、"));
    if (excused.length > 0) wide("请假", excused.join("、"));
    wide("会议情况", minutes);
  }
  if (facts.opinion) {
    const { lead, co, text, articles } = facts.opinion;
    wide("初步派遣意见", `主办：${lead}${co.length === 0 ? "" : `；协办：${co.join("、")}`}\n${text}`);
    wide("依据", articles.map(articleText).join("\n"));
  }
  wide("呈报", facts.to);
  sheet.eachRow((row) => {
    row.eachCell({ includeEmpty: true }, (cell) => {
      cell.alignment = { wrapText: true, vertical: "top" };
      if (row.number > 1)
        cell.border = {
          ...{ top: { style: "thin" }, left: { style: "thin" } },
          ...{ bottom: { style: "thin" }, right: { style: "thin" } },
        };
    });
  });
  title.getCell(1).alignment = { horizontal: "center" };
  book.created = new Date(facts.at);
  book.modified = new Date(facts.at);
  return Buffer.from(await book.xlsx.writeBuffer());
}

/** Lines that a merged cell of about a hundred half-signs needs. */
const linesOf = (lines: readonly string[]): number =>
  lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / 48)), 0);
