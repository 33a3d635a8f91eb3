/** 导入的接口形状. What the routes of imports take and answer. */
import { ALL_FIELDS, FIELDS, isField } from "@jiesu/core/intake/fields.ts";
import { doubtOf, type Guess, guessFields } from "@jiesu/core/intake/guess.ts";
import { type Column, describe, remap } from "@jiesu/core/intake/header.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import type { RowFault } from "@jiesu/core/intake/row.ts";
import { z } from "zod";
import { findProfile, GENERIC, profiles } from "./profiles.ts";
import type { ImportReport } from "./running.ts";
import type { SeenRow } from "./runstate.ts";
import type { Batch, BatchStatus } from "./store.ts";
import type { Undo } from "./undostore.ts";

export const STATUS_ZH: Readonly<Record<BatchStatus, string>> = {
  uploaded: "待确认",
  running: "导入中",
  done: "已完成",
  failed: "已中断",
  cancelled: "已取消",
};

const Id = z.string().regex(/^[1-9]\d{0,17}$/);
export const BatchParams = z.object({ id: Id });
const plain = (max: number) =>
  z
    .string()
    .max(max)
    .refine((s) => !s.includes("\0"), "含有无法保存的字符");

/** header → field; "" keeps the column as an extra field, "-" leaves it out. */
const MappingIn = z.record(
  plain(110),
  z.string().refine((f) => f === "" || f === "-" || isField(f), "没有这个字段"),
);
export const ChoiceIn = z.object({
  profile: z
    .string()
    .refine((name) => findProfile(name) !== null, "没有这个模板")
    .optional(),
  mapping: MappingIn.default({}),
  createUnits: z.boolean().default(false),
});
export const UnitMapIn = z.object({
  map: z
    .array(z.object({ name: plain(200).min(1), unitId: Id }))
    .min(1)
    .max(500),
});

const ColumnOut = z.object({
  header: z.string(),
  /** "" for an extra field, "-" for a column that is left out. */
  field: z.string(),
  fieldZh: z.string(),
  samples: z.array(z.string()),
  /** How it came to this field: the header says so, resembles a known one, was confirmed before, by hand, not at all. */
  because: z.enum(["header", "like", "learned", "hand", "none"]),
  /** Why, in words. */
  why: z.string(),
  /** What speaks against it; null where nothing does. */
  doubt: z.string().nullable(),
});
const SeenOut = z.object({
  row: z.number(),
  number: z.string(),
  ticketId: z.string().nullable(),
  title: z.string(),
  unit: z.string(),
  kind: z.enum(["create", "round", "change"]),
  touched: z.boolean(),
  changes: z.array(z.object({ field: z.string(), before: z.string(), after: z.string() })),
});
const FieldOut = z.object({ field: z.string(), zh: z.string(), required: z.boolean() });
const UnknownUnitOut = z.object({ name: z.string(), rows: z.number() });
export const ErrorOut = z.object({
  row: z.number(),
  column: z.string(),
  value: z.string(),
  why: z.string(),
  /** What a person does about it. */
  remedy: z.string(),
});
export const KeptOut = z.object({ ticketId: z.string(), number: z.string(), why: z.string() });
export const PlaceIn = z.object({
  sheet: z.number().int().min(0).max(1000).optional(),
  headerRow: z.number().int().min(1).max(2_000_000).optional(),
});
export const UndoIn = z.object({
  reason: plain(500).refine((s) => s.trim().length >= 2, "请写明撤销的原因"),
});
const UndoOut = z.object({
  reason: z.string(),
  userName: z.string(),
  askedAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  /** Tickets that the batch had created, taken back. */
  voided: z.number(),
  putBack: z.number(),
  /** What had to stay. */
  kept: z.number(),
});

export const BatchOut = z.object({
  id: z.string(),
  fileName: z.string(),
  status: z.enum(["uploaded", "running", "done", "failed", "cancelled"]),
  statusZh: z.string(),
  profile: z.string(),
  profileZh: z.string(),
  profiles: z.array(z.object({ name: z.string(), zh: z.string() })),
  sheet: z.string(),
  headerRow: z.number(),
  /** Headers that stand twice: say which column is meant before confirming. */
  duplicated: z.array(z.string()),
  columns: z.array(ColumnOut),
  fields: z.array(FieldOut),
  previewRows: z.array(z.object({ row: z.number(), cells: z.array(z.string()) })),
  /** Rows of data in the file. */
  rows: z.number(),
  /** Rows that are dealt with. */
  nextRow: z.number(),
  created: z.number(),
  updated: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  failure: z.string().nullable(),
  userName: z.string(),
  createdAt: z.iso.datetime(),
  finishedAt: z.iso.datetime().nullable(),
  sheets: z.array(z.string()),
  sheetIndex: z.number(),
  /** The file's first rows, personal data covered. */
  top: z.array(z.object({ row: z.number(), cells: z.array(z.string()) })),
  /** Refused rows that can be taken away to be mended. */
  mendable: z.number(),
  undo: UndoOut.nullable(),
  /** Whether this person may ask for the batch to be undone, now. */
  mayUndo: z.boolean(),
});

export const PreviewOut = z.object({
  profile: z.string(),
  profileZh: z.string(),
  columns: z.array(ColumnOut),
  fields: z.array(FieldOut),
  rows: z.number(),
  toCreate: z.number(),
  toUpdate: z.number(),
  unchanged: z.number(),
  rejected: z.number(),
  unknownUnits: z.array(UnknownUnitOut),
  errors: z.array(ErrorOut),
  created: z.array(SeenOut),
  updated: z.array(SeenOut),
});

export const BatchLine = BatchOut.omit({
  profiles: true,
  columns: true,
  fields: true,
  previewRows: true,
  duplicated: true,
  sheets: true,
  sheetIndex: true,
  top: true,
  mendable: true,
  mayUndo: true,
});

export function batchLine(b: Batch, undo: Undo | null): z.infer<typeof BatchLine> {
  return {
    id: b.id,
    fileName: b.fileName,
    status: b.status,
    statusZh: STATUS_ZH[b.status],
    profile: b.profile,
    profileZh: findProfile(b.profile)?.zh ?? "",
    sheet: b.shape.sheet,
    headerRow: b.shape.headerRow,
    rows: b.shape.rows,
    nextRow: b.nextRow,
    created: b.created,
    updated: b.updated,
    unchanged: b.unchanged,
    rejected: b.rejected,
    failure: b.failure,
    userName: b.userName,
    createdAt: b.createdAt.toISOString(),
    finishedAt: b.finishedAt?.toISOString() ?? null,
    undo: undo && {
      reason: undo.reason,
      userName: undo.userName,
      askedAt: undo.askedAt.toISOString(),
      finishedAt: undo.finishedAt?.toISOString() ?? null,
      voided: undo.voided,
      putBack: undo.putBack,
      kept: undo.kept,
    },
  };
}

export function batchOut(
  b: Batch,
  more: { readonly undo: Undo | null; readonly mendable: number; readonly mayUndo: boolean },
): z.infer<typeof BatchOut> {
  const profile = findProfile(b.profile) ?? findProfile(GENERIC);
  return {
    ...batchLine(b, more.undo),
    sheets: [...b.shape.sheets],
    sheetIndex: b.shape.sheetIndex,
    top: b.shape.top,
    mendable: more.mendable,
    mayUndo: more.mayUndo,
    profiles: profiles().map(({ name, zh }) => ({ name, zh })),
    duplicated: [...b.shape.duplicated],
    columns: columnsOut(b, profile, b.mapping),
    fields: fieldsOut(profile),
    previewRows: b.shape.previewRows,
  };
}

export function previewOut(
  b: Batch,
  profileName: string,
  mapping: Record<string, string>,
  r: ImportReport,
): z.infer<typeof PreviewOut> {
  const profile = findProfile(profileName);
  return {
    profile: profileName,
    profileZh: profile?.zh ?? "",
    columns: columnsOut(b, profile, mapping),
    fields: fieldsOut(profile),
    rows: r.rows,
    toCreate: r.created,
    toUpdate: r.updated,
    unchanged: r.unchanged,
    rejected: r.rejected,
    unknownUnits: [...r.unknownUnits],
    errors: r.errors.slice(0, 200).map(errorOut),
    created: (r.seen?.created ?? []).map(seenOut),
    updated: (r.seen?.updated ?? []).map(seenOut),
  };
}

function columnsOut(b: Batch, profile: Profile | null, mapping: Record<string, string>) {
  const row: string[] = [];
  for (const h of b.shape.headers) row[h.index] = h.header;
  const described = describe(
    0,
    Array.from(row, (h) => h ?? ""),
    profile,
  );
  const { columns } = remap(described.columns, mapping);
  const like = profile ? guessFields(described.columns, profile) : new Map<string, Guess>();
  return columns.map((c, i) => {
    const cells = b.shape.previewRows.map((r) => r.cells[i] ?? "").filter((s) => s !== "");
    const by = because(b, c, described.columns[i] ?? c, like.get(c.header), mapping);
    return {
      header: c.header,
      field: c.field ?? "",
      fieldZh: fieldZh(c),
      samples: [...new Set(cells)].slice(0, 3),
      ...by,
      doubt:
        profile && c.field !== null && c.field !== "-" && FIELDS[c.field].kind !== "personal"
          ? (doubtOf(c.field, cells, profile) ?? by.doubt)
          : by.doubt,
    };
  });
}

/** Why a column has the field that it has. */
function because(
  b: Batch,
  column: Column,
  byHeader: Column,
  like: Guess | undefined,
  mapping: Record<string, string>,
): Pick<z.infer<typeof ColumnOut>, "because" | "why" | "doubt"> {
  const said = (because: z.infer<typeof ColumnOut>["because"], why: string, doubt: string | null = null) => ({
    because,
    why,
    doubt,
  });
  const { field } = column;
  if (field === byHeader.field && field !== null)
    return field === "-" ? said("header", "退回行文件的说明列") : said("header", "表头相同");
  if (b.shape.guess === "learned" && b.mapping[column.header] === (field ?? ""))
    return said("learned", "上次确认的对应");
  if (like && field === like.field) return said("like", `表头与“${like.like}”相近`, "按相近的表头猜的");
  if (field !== byHeader.field && Object.hasOwn(mapping, column.header)) return said("hand", "人工选择");
  if (like && like.like === column.header)
    return said("none", "所选模板没有这一列，其他模板有；需要时请人工对应");
  return like
    ? said("none", `没有相同的表头；与“${like.like}”相近`)
    : said("none", "没有相符的项，保留为附加项");
}

export const errorOut = (f: RowFault): z.infer<typeof ErrorOut> => ({ ...f, remedy: remedyOf(f) });

const seenOut = (s: SeenRow): z.infer<typeof SeenOut> => ({ ...s, changes: [...s.changes] });

function fieldZh({ field }: Column): string {
  if (field === null) return "保留为附加项";
  return field === "-" ? "不导入" : FIELDS[field].zh;
}

function fieldsOut(profile: Profile | null) {
  return ALL_FIELDS.map((field) => ({
    field,
    zh: FIELDS[field].zh,
    required: profile?.required.includes(field) ?? false,
  }));
}
