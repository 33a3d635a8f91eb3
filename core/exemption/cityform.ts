/**
 * 报市表式. The form in which applications go to the city, and the index of their evidence, as dated data: the columns in
 * their order, what each reads, how it is written. Nothing of a person is in clear unless a column asks for it and a
 * person has given the reason.
 */
import { writeInstant } from "../intake/instant.ts";
import type { Version } from "../rules/effective.ts";
import { dayIn, fieldsOf, listOf, type Parsed, parsed, type Say, wordsOf } from "../rules/problem.ts";
import { dayOf } from "../time/day.ts";

/** Everything that a column of the form can read; the only list of it. */
export const FORM_FIELDS = {
  sequence: { zh: "序号", kind: "count" },
  application: { zh: "申请编号", kind: "text" },
  number: { zh: "工单编号", kind: "text" },
  round: { zh: "派单轮次", kind: "count" },
  unit: { zh: "承办单位", kind: "text" },
  title: { zh: "标题", kind: "text" },
  content: { zh: "主要内容", kind: "text" },
  category: { zh: "问题分类", kind: "text" },
  street: { zh: "被反映街乡镇", kind: "text" },
  countedAt: { zh: "计入时间", kind: "instant" },
  contactedAt: { zh: "首次联系时间", kind: "instant" },
  answers: { zh: "回访结果", kind: "text" },
  ground: { zh: "申请情形", kind: "text" },
  scope: { zh: "认定后口径", kind: "text" },
  reason: { zh: "申请理由", kind: "text" },
  evidence: { zh: "佐证名称", kind: "text" },
  files: { zh: "佐证件数", kind: "count" },
  appliedAt: { zh: "申请时间", kind: "instant" },
  appliedBy: { zh: "申请人", kind: "text" },
  reviewedAt: { zh: "审核时间", kind: "instant" },
  reviewedBy: { zh: "审核人", kind: "text" },
  note: { zh: "审核意见", kind: "text" },
  appeal: { zh: "是否申诉", kind: "text" },
  requesterName: { zh: "诉求人", kind: "personal" },
  requesterPhone: { zh: "诉求人电话", kind: "personal" },
} as const satisfies Record<string, { zh: string; kind: "count" | "text" | "instant" | "personal" }>;
export type FormField = keyof typeof FORM_FIELDS;
type InstantField = "countedAt" | "contactedAt" | "appliedAt" | "reviewedAt";

/** What a column of the index of evidence can read. */
export const INDEX_FIELDS = {
  sequence: { zh: "序号" },
  number: { zh: "工单编号" },
  unit: { zh: "承办单位" },
  order: { zh: "卷内页序" },
  kind: { zh: "佐证名称" },
  text: { zh: "文字说明" },
  file: { zh: "文件名" },
  size: { zh: "大小（字节）" },
  sha256: { zh: "SHA-256" },
  path: { zh: "压缩包内位置" },
} as const;
export type IndexField = keyof typeof INDEX_FIELDS;

/** How a moment is written; the first is used where the file names none. */
const FORMATS = ["yyyy-MM-dd HH:mm", "yyyy-MM-dd", "yyyy年M月d日"] as const;
type Format = (typeof FORMATS)[number];

export interface FormColumn<F extends string> {
  readonly header: string;
  readonly reads: F;
  readonly format: Format;
  /** Signs that the column is wide. */
  readonly width: number;
}

export interface CityForm {
  readonly title: string;
  /** 批次编号, with {year} and {serial} in it. */
  readonly number: string;
  readonly columns: readonly FormColumn<FormField>[];
  readonly index: readonly FormColumn<IndexField>[];
}

export function parseCityForm(input: unknown): Parsed<Version<CityForm>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["title", "number", "columns", "index"], say);
    const number = wordsOf(body.number, "body.number", say);
    for (const part of ["{year}", "{serial}"]) if (!number.includes(part)) say("body.number", `应含 ${part}`);
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: {
        title: wordsOf(body.title, "body.title", say),
        number,
        columns: columnsIn(body.columns, "body.columns", FORM_KEYS, ["number"], say),
        index: columnsIn(body.index, "body.index", INDEX_KEYS, ["number", "sha256"], say),
      },
    };
  });
}

const FORM_KEYS = Object.keys(FORM_FIELDS) as readonly FormField[];
const INDEX_KEYS = Object.keys(INDEX_FIELDS) as readonly IndexField[];
const WIDEST = 80;
const USUAL_WIDTH = 16;

function columnsIn<F extends string>(
  input: unknown,
  path: string,
  known: readonly F[],
  needed: readonly F[],
  say: Say,
): readonly FormColumn<F>[] {
  const columns = listOf(input, path, say).flatMap((each, at): FormColumn<F>[] => {
    const where = `${path}[${at}]`;
    const read = fieldsOf(each, where, ["header", "reads", "format", "width"], say);
    const reads = known.find((field) => field === read.reads);
    if (reads === undefined) say(`${where}.reads`, "没有这一项");
    const format = FORMATS.find((one) => one === (read.format ?? FORMATS[0]));
    if (format === undefined) say(`${where}.format`, `应为 ${FORMATS.join("、")} 之一`);
    const width = read.width ?? USUAL_WIDTH;
    const isWidth = typeof width === "number" && width >= 4 && width <= WIDEST;
    if (!isWidth) say(`${where}.width`, `应为 4 到 ${WIDEST}`);
    const header = wordsOf(read.header, `${where}.header`, say);
    if (reads === undefined || format === undefined || !isWidth) return [];
    return [{ header, reads, format, width }];
  });
  const headers = columns.map(({ header }) => header);
  if (new Set(headers).size < headers.length) say(path, "有两列的表头相同");
  for (const field of needed)
    if (!columns.some(({ reads }) => reads === field)) say(path, `缺少读 ${field} 的列`);
  return columns;
}

/** What is known of one application when it goes out; texts are masked, the requester as far as it may be shown. */
export interface FormFacts extends Readonly<Record<Exclude<FormField, InstantField | Counted>, string>> {
  readonly round: number;
  readonly files: number;
  readonly countedAt: number;
  readonly contactedAt: number | null;
  readonly appliedAt: number;
  readonly reviewedAt: number | null;
}
type Counted = "sequence" | "round" | "files";

/** Whether the form has a column that names a person. */
export function asksForPeople(form: CityForm): boolean {
  return form.columns.some(({ reads }) => FORM_FIELDS[reads].kind === "personal");
}

/** One row of the form. */
export function formCells(
  columns: CityForm["columns"],
  facts: FormFacts,
  sequence: number,
): readonly (string | number)[] {
  return columns.map(({ reads, format }) => {
    if (reads === "sequence") return sequence;
    const value = facts[reads];
    if (!isInstant(reads)) return value ?? "";
    return typeof value === "number" ? written(value, format) : "";
  });
}

/** One piece of evidence in the index: words, or a file. */
export type IndexFacts = Readonly<Record<IndexField, string | number>>;

export function indexCells(columns: CityForm["index"], facts: IndexFacts): readonly (string | number)[] {
  return columns.map(({ reads }) => facts[reads]);
}

/** "海剔报〔2026〕3号". */
export function batchNumber(form: CityForm, year: number, serial: number): string {
  return form.number.replace("{year}", String(year)).replace("{serial}", String(serial));
}

/** Where a file lies in the package: by the order of the form, then by the order of its pages; no name can leave it. */
export function pathInPackage(sequence: number, number: string, order: number, name: string): string {
  const plain = (text: string) => text.replace(/[\p{Cc}\\/:*?"<>|]/gu, "_").replace(/^\.+/, "_");
  return `${pad(sequence, 3)}_${plain(number)}/${pad(order, 2)}_${plain(name)}`;
}

function written(at: number, format: Format): string {
  if (format === "yyyy-MM-dd HH:mm") return writeInstant(at).slice(0, 16);
  if (format === "yyyy-MM-dd") return dayOf(at);
  const [year, month, day] = dayOf(at).split("-").map(Number);
  return `${year}年${month}月${day}日`;
}

function isInstant(field: FormField): field is InstantField {
  return FORM_FIELDS[field].kind === "instant";
}

const pad = (n: number, digits: number): string => String(n).padStart(digits, "0");
