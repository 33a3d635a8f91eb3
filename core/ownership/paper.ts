/** 派遣意见上报表. The case, what each unit claims, what was heard and the centre's opinion, as a paper to be reported upward. */
import type { Block, ReportDocument, TableColumn } from "../report/document.ts";
import type { LegalBasis } from "../ticket/moves.ts";
import { clockText, dayOf } from "../time/day.ts";

export interface PaperFacts {
  readonly number: string;
  readonly ticket: {
    readonly number: string;
    readonly title: string;
    readonly content: string;
    readonly category: string;
    readonly place: string;
    readonly returns: number;
  };
  readonly reason: string;
  readonly returned: readonly { readonly unit: string; readonly ground: string; readonly at: number }[];
  readonly claims: readonly {
    readonly unit: string;
    readonly position: string;
    readonly statement: string;
    readonly articles: readonly LegalBasis[];
  }[];
  readonly site: string;
  readonly meeting: {
    readonly at: number;
    readonly place: string;
    readonly present: readonly string[];
    readonly excused: readonly string[];
    readonly minutes: string;
  } | null;
  readonly opinion: {
    readonly lead: string;
    readonly co: readonly string[];
    readonly text: string;
    readonly articles: readonly LegalBasis[];
  } | null;
  readonly to: string;
  readonly by: string;
  readonly at: number;
}

export const POSITIONS = { mine: "属本单位", shared: "共同承担", notMine: "不属本单位" } as const;

/** 《北京市物业管理条例》第三十六条：… */
export function articleText({ paper, article, text }: LegalBasis): string {
  const named = /^《.*》$/u.test(paper) ? paper : `《${paper}》`;
  return `${named}${article}${text === "" ? "" : `：${text}`}`;
}

export function ownershipPaper(facts: PaperFacts): ReportDocument {
  const { ticket, opinion } = facts;
  return {
    head: null,
    title: "派遣意见上报表",
    subtitle: `${facts.number}（工单 ${ticket.number}）`,
    body: [
      heading("工单情况"),
      table(
        [column("项目", 2), column("内容", 8)],
        [
          ["标题", ticket.title],
          ["分类", ticket.category],
          ["地点", ticket.place],
          ["诉求内容", ticket.content],
          ["提交确权的理由", facts.reason],
          ["退单次数", `${ticket.returns} 次`],
        ],
      ),
      ...(facts.returned.length === 0
        ? []
        : [
            table(
              [column("退单单位", 2), column("时间", 2), column("退单理由", 6)],
              facts.returned.map((each) => [each.unit, clockText(each.at), each.ground]),
            ),
          ]),
      heading("各方意见"),
      facts.claims.length === 0
        ? paragraph("截至上报，各当事单位未提交意见。")
        : table(
            [column("单位", 2), column("意见", 2), column("理由", 4), column("法律依据", 4)],
            facts.claims.map((each) => [
              each.unit,
              each.position,
              each.statement,
              each.articles.map(articleText).join("\n"),
            ]),
          ),
      heading("现场情况与会议"),
      paragraph(facts.site === "" ? "未作现场查看。" : facts.site),
      ...meetingBlocks(facts.meeting),
      heading("初步派遣意见"),
      ...(opinion === null
        ? [paragraph("尚未形成初步意见。")]
        : [
            paragraph(
              `建议由${opinion.lead}主办${opinion.co.length === 0 ? "" : `，${opinion.co.join("、")}协办`}。`,
            ),
            paragraph(opinion.text),
            ...opinion.articles.map((each) => paragraph(articleText(each))),
          ]),
      ...(facts.to === "" ? [] : [heading("呈报"), paragraph(`妥否，请${facts.to}批示。`)]),
    ],
    signature: { by: facts.by, on: dayOf(facts.at) },
    annexes: [],
    imprint: null,
  };
}

function meetingBlocks(meeting: PaperFacts["meeting"]): readonly Block[] {
  if (meeting === null) return [paragraph("未召开确权会。")];
  const excused = meeting.excused.length === 0 ? "" : `；请假：${meeting.excused.join("、")}`;
  return [
    paragraph(`${dayOf(meeting.at)} ${clockText(meeting.at).slice(6)} 在${meeting.place}召开确权会。`),
    paragraph(`出席：${meeting.present.length === 0 ? "无" : meeting.present.join("、")}${excused}。`),
    paragraph(meeting.minutes),
  ];
}

const heading = (text: string): Block => ({ kind: "heading", level: 1, text });
const paragraph = (text: string): Block => ({ kind: "paragraph", text });
const column = (title: string, weight: number): TableColumn => ({ title, align: "left", weight });
const table = (columns: readonly TableColumn[], rows: readonly (readonly string[])[]): Block => ({
  kind: "table",
  table: { caption: "", columns, rows: rows.map((cells) => ({ cells })) },
});
