/** 抽访表. The drawn tickets in the order of the lot and the results, as a workbook; nothing of the requester is in it. */
import {
  SAMPLED_ANSWER_NAMES,
  SAMPLED_QUESTIONS,
  type SampledQuestion,
} from "@jiesu/core/sampling/results.ts";
import ExcelJS from "exceljs";
import type { DrawnTicket, Plan, Progress } from "./store.ts";

const OUTCOMES = { answered: "接通", missed: "未接通", refused: "拒访", unreached: "未联系上" } as const;
const STRATA_NAMES = { channel: "渠道", unit: "承办单位", channelUnit: "渠道和承办单位" } as const;
const QUESTION_NAMES = { contacted: "是否联系", solved: "是否解决", satisfied: "是否满意" } as const;
const BY_NAMES = { channel: "渠道", unit: "承办单位", month: "回访月份" } as const;

interface Row {
  readonly name: string;
  readonly drawn: number;
  readonly waiting: number;
  readonly answered: number;
  readonly refused: number;
  readonly unreached: number;
  readonly questions: Readonly<
    Record<
      SampledQuestion,
      {
        readonly answers: readonly { readonly answer: string; readonly n: number }[];
        readonly reasons: readonly { readonly zh: string; readonly n: number }[];
      }
    >
  >;
}

export async function samplingBook(
  plan: Plan & Progress,
  tickets: readonly DrawnTicket[],
  parts: readonly { readonly by: keyof typeof BY_NAMES; readonly rows: readonly Row[] }[],
): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const list = book.addWorksheet("抽访名单", { views: [{ state: "frozen", ySplit: 3 }] });
  list.addRow([`${plan.name}（${plan.from} 至 ${plan.to} 结案）`]).font = { bold: true, size: 14 };
  list.addRow([
    `总体 ${plan.frame} 件，抽取 ${plan.drawn} 件，按${STRATA_NAMES[plan.strata]}分层，种子 ${plan.seed}；${plan.counted ? "计入考核" : "不计入考核"}`,
  ]);
  const asked = SAMPLED_QUESTIONS.flatMap((question) => [
    QUESTION_NAMES[question],
    `${QUESTION_NAMES[question]}：原因`,
  ]);
  list.addRow([
    "序号",
    "工单编号",
    "标题",
    "渠道",
    "承办单位",
    "结果",
    "未接通次数",
    ...asked,
    "诉求人说法",
    "备注",
    "回访时间",
    "回访员",
  ]);
  list.getRow(3).font = { bold: true };
  for (const ticket of tickets)
    list.addRow([
      ...[ticket.place, ticket.number, ticket.title, ticket.channel, ticket.unitName ?? ""],
      ...[ticket.outcome === null ? "待访" : OUTCOMES[ticket.outcome], ticket.attempts.length],
      ...SAMPLED_QUESTIONS.flatMap((question) => [
        SAMPLED_ANSWER_NAMES[question][ticket[question] ?? ""] ?? "",
        ticket.reasons[question]?.zh ?? "",
      ]),
      ...[ticket.reason, ticket.note, minute(ticket.calledAt), ticket.caller ?? ""],
    ]);
  for (const { by, rows } of parts) {
    const sheet = book.addWorksheet(`按${BY_NAMES[by]}`, { views: [{ state: "frozen", ySplit: 1 }] });
    const answers = SAMPLED_QUESTIONS.flatMap((question) => [
      ...Object.values(SAMPLED_ANSWER_NAMES[question]),
      `${QUESTION_NAMES[question]}“否”的原因`,
    ]);
    sheet.addRow([BY_NAMES[by], "抽取", "接通", "拒访", "未联系上", "待访", ...answers]).font = {
      bold: true,
    };
    for (const row of rows)
      sheet.addRow([
        ...[row.name, row.drawn, row.answered, row.refused, row.unreached, row.waiting],
        ...SAMPLED_QUESTIONS.flatMap((question) => [
          ...row.questions[question].answers.map((each) => each.n),
          row.questions[question].reasons.map((each) => `${each.zh} ${each.n}`).join("；"),
        ]),
      ]);
    sheet.getColumn(1).width = 22;
  }
  for (const [at, width] of [6, 22, 36, 14, 14].entries()) list.getColumn(at + 1).width = width;
  return Buffer.from(await book.xlsx.writeBuffer());
}

const minute = (at: Date | null): string =>
  at === null ? "" : new Date(at.getTime() + 8 * 3_600_000).toISOString().replace("T", " ").slice(0, 16);
