/** 履约事件台账表. A term's incidents as a workbook: the counts by kind, then each with its steps; nothing of the requester is in it. */
import { INCIDENTS } from "@jiesu/core/incident/kinds.ts";
import { INCIDENT_STATES } from "@jiesu/core/incident/life.ts";
import type { Term } from "@jiesu/core/incident/rules.ts";
import ExcelJS from "exceljs";
import type { Incident, KindCount } from "./store.ts";

export async function incidentBook(
  term: Term,
  counts: readonly KindCount[],
  incidents: readonly Incident[],
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sums = book.addWorksheet("按种类");
  sums.addRow([`履约事件（${term.from} 至 ${term.to}）`]).font = { bold: true, size: 14 };
  sums.addRow(["种类", "计入件数", "其中未了结", "复核不成立", "含义"]).font = { bold: true };
  for (const { kind, count, live, dismissed } of counts)
    sums.addRow([INCIDENTS[kind].zh, count, live, dismissed, INCIDENTS[kind].about]);
  for (const [at, width] of [14, 10, 12, 12, 44].entries()) sums.getColumn(at + 1).width = width;
  const list = book.addWorksheet("明细", { views: [{ state: "frozen", ySplit: 1 }] });
  list.addRow([
    ...["种类", "工单、督办件", "标题", "派单轮次", "发生时间", "原因", "责任方", "责任人", "岗位"],
    ...["状态", "整改要求", "整改期限", "说明与整改", "依据"],
  ]).font = { bold: true };
  for (const i of incidents)
    list.addRow([
      ...[INCIDENTS[i.kind].zh, ...aboutOf(i), i.round, minute(i.occurredAt), i.cause],
      ...[i.side === "centre" ? "中心" : (i.unitName ?? "承办单位"), i.personName, i.post],
      ...[INCIDENT_STATES[i.state], i.remedy, i.remedyDue ?? "", i.answer, i.rule],
    ]);
  for (const [at, width] of [12, 22, 30, 8, 18, 36, 14, 12, 12, 10, 30, 12, 36, 18].entries())
    list.getColumn(at + 1).width = width;
  return Buffer.from(await book.xlsx.writeBuffer());
}

const aboutOf = ({ ticket, item }: Incident): readonly [string, string] =>
  ticket !== null ? [ticket.number, ticket.title] : [`督办件 ${item?.id ?? ""}`, item?.title ?? ""];

const minute = (at: Date): string =>
  new Date(at.getTime() + 8 * 3_600_000).toISOString().replace("T", " ").slice(0, 16);
