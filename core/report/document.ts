/**
 * 公文. A report, notice or minutes as pure data: what it says and in which part, nothing of how it looks. A renderer
 * makes a file of it; `documentText` makes the text of it, which a person reads in a test or sends in a message.
 */
import type { Day } from "../time/day.ts";
import { dayText } from "./wording.ts";

export interface ReportDocument {
  /** The red head 红头: whose paper it is, and 发文字号; null for papers without one. */
  readonly head: { readonly issuer: string; readonly number: string } | null;
  readonly title: string;
  /** Under the title: 暂定, 统计时间 …; "" for none. */
  readonly subtitle: string;
  readonly body: readonly Block[];
  readonly signature: { readonly by: string; readonly on: Day } | null;
  /** 附件, each on a page of its own after the body, listed before the signature. */
  readonly annexes: readonly Annex[];
  /** 抄送, and who printed it when; null for none. */
  readonly imprint: { readonly copies: string; readonly printedBy: string; readonly on: Day } | null;
}

export type Block =
  | { readonly kind: "heading"; readonly level: HeadingLevel; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  | { readonly kind: "table"; readonly table: Table }
  | { readonly kind: "note"; readonly text: string };

/** 一、 is 1, （一） is 2, 1. is 3. */
export type HeadingLevel = 1 | 2 | 3;

export interface Annex {
  readonly title: string;
  /** On paper turned to its side, for wide tables. */
  readonly wide: boolean;
  readonly body: readonly Block[];
}

export interface Table {
  /** "" for none. */
  readonly caption: string;
  readonly columns: readonly TableColumn[];
  readonly rows: readonly TableRow[];
}

export interface TableColumn {
  /** May say where its lines break. */
  readonly title: string;
  /** Neighbours of one group stand under its name. */
  readonly group?: string;
  readonly align: "left" | "right" | "center";
  /** How wide beside the others. */
  readonly weight: number;
}

export interface TableRow {
  readonly cells: readonly string[];
  /** 合计 and other lines that stand out. */
  readonly strong?: true;
}

/** The blocks with their headings numbered as official papers number them: 一、 （一） 1. */
export function numbered(body: readonly Block[]): readonly Block[] {
  let at: readonly number[] = [];
  return body.map((block) => {
    if (block.kind !== "heading") return block;
    const above = Array.from({ length: block.level - 1 }, (_, i) => at[i] ?? 0);
    const own = (at[block.level - 1] ?? 0) + 1;
    at = [...above, own];
    return { ...block, text: `${NUMBERS[block.level](own)}${block.text}` };
  });
}

/** Runs of neighbouring columns under one group name; a column of no group is a run of its own. */
export function columnGroups(
  columns: readonly TableColumn[],
): readonly { readonly group: string | null; readonly span: number }[] {
  const runs: { group: string | null; span: number }[] = [];
  for (const { group } of columns) {
    const last = runs.at(-1);
    if (group !== undefined && last?.group === group) last.span += 1;
    else runs.push({ group: group ?? null, span: 1 });
  }
  return runs;
}

/** The lines under 附件：, as the body ends with them. */
export function annexLines(annexes: readonly Annex[]): readonly string[] {
  if (annexes.length === 1) return annexes.map(({ title }) => `附件：${title}`);
  return annexes.map(({ title }, i) => `${i === 0 ? "附件：" : "　　　"}${i + 1}. ${title}`);
}

/** The whole document as text, a line a paragraph, cells between bars. */
export function documentText(document: ReportDocument): string {
  const { head, title, subtitle, body, signature, annexes, imprint } = document;
  const lines = [
    ...(head ? [head.issuer, head.number, ""] : []),
    title,
    ...(subtitle === "" ? [] : [subtitle]),
    "",
    ...blockLines(body),
    ...(annexes.length > 0 ? ["", ...annexLines(annexes)] : []),
    ...(signature ? ["", signature.by, dayText(signature.on)] : []),
    ...annexes.flatMap((annex, i) => [
      "",
      annexes.length === 1 ? "附件" : `附件${i + 1}`,
      annex.title,
      "",
      ...blockLines(annex.body),
    ]),
    ...(imprint ? ["", `抄送：${imprint.copies}`, `${imprint.printedBy}　${dayText(imprint.on)}印发`] : []),
  ];
  return `${lines.filter((line, i) => line !== "" || lines[i - 1] !== "").join("\n")}\n`;
}

const NUMBERS: Readonly<Record<HeadingLevel, (n: number) => string>> = {
  1: (n) => `${chinese(n)}、`,
  2: (n) => `（${chinese(n)}）`,
  3: (n) => `${n}. `,
};

const DIGITS = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/** 1 … 99 as headings write them. */
function chinese(n: number): string {
  const tens = Math.floor(n / 10);
  const ones = DIGITS[n % 10] ?? "";
  if (tens === 0) return ones;
  return `${tens === 1 ? "" : (DIGITS[tens] ?? "")}十${ones}`;
}

function blockLines(body: readonly Block[]): readonly string[] {
  return numbered(body).flatMap((block) => {
    if (block.kind === "heading") return ["", block.text];
    if (block.kind === "table") return ["", ...tableLines(block.table), ""];
    return [block.kind === "note" ? `注：${block.text}` : block.text];
  });
}

function tableLines({ caption, columns, rows }: Table): readonly string[] {
  const head = columns.map(({ title, group }) =>
    (group === undefined ? title : `${group}·${title}`).replaceAll("\n", ""),
  );
  return [
    ...(caption === "" ? [] : [caption]),
    head.join(" | "),
    ...rows.map((row) => row.cells.join(" | ")),
  ];
}
