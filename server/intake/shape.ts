/** 导入的接口形状. What the routes of imports take and answer. */
import { ALL_FIELDS, FIELDS, isField } from "@jiesu/core/intake/fields.ts";
import { type Column, describe, remap } from "@jiesu/core/intake/header.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import { z } from "zod";
import { findProfile, GENERIC, profiles } from "./profiles.ts";
import type { ImportReport } from "./running.ts";
import type { Batch, BatchStatus } from "./store.ts";

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
});
const FieldOut = z.object({ field: z.string(), zh: z.string(), required: z.boolean() });
const UnknownUnitOut = z.object({ name: z.string(), rows: z.number() });
export const ErrorOut = z.object({ row: z.number(), column: z.string(), value: z.string(), why: z.string() });

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
});

export const BatchLine = BatchOut.omit({
  profiles: true,
  columns: true,
  fields: true,
  previewRows: true,
  duplicated: true,
});

export function batchLine(b: Batch): z.infer<typeof BatchLine> {
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
  };
}

export function batchOut(b: Batch): z.infer<typeof BatchOut> {
  const profile = findProfile(b.profile) ?? findProfile(GENERIC);
  return {
    ...batchLine(b),
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
    errors: r.errors.slice(0, 200),
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
  return columns.map((c, i) => ({
    header: c.header,
    field: c.field ?? "",
    fieldZh: fieldZh(c),
    samples: [...new Set(b.shape.previewRows.map((r) => r.cells[i] ?? "").filter((s) => s !== ""))].slice(
      0,
      3,
    ),
  }));
}

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
