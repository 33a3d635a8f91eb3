/** 看文件. Opens an uploaded file, finds its sheet, header and profile, and reads it to its end once before any row counts. */
import { createHash } from "node:crypto";
import { FIELDS, type Field } from "@jiesu/core/intake/fields.ts";
import { type Column, describe, headerSignature, remap } from "@jiesu/core/intake/header.ts";
import type { Profile } from "@jiesu/core/intake/profile.ts";
import type { RawRow } from "@jiesu/core/intake/row.ts";
import { cleanText } from "@jiesu/core/intake/text.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { addWordings, type Refusal, Refused } from "../platform/errors.ts";
import { type FoundSheet, findSheet, MAX_TOP_CELLS, type Place } from "../platform/tables/look.ts";
import { openTable } from "../platform/tables/open.ts";
import { FileRefused, type Table } from "../platform/tables/table.ts";
import { findProfile, profiles } from "./profiles.ts";
import type { Mapping, Shape } from "./store.ts";

addWordings({
  "header-unknown": {
    status: 422,
    zh: (r) => `认不出表头（${String(r.headers)}），请选择模板并逐列对应。`,
  },
  "header-twice": { status: 422, zh: (r) => `表头重复：${String(r.headers)}，请指定用哪一列。` },
  "column-missing": { status: 422, zh: (r) => `缺少必需的列：${String(r.columns)}。` },
  "field-twice": { status: 422, zh: (r) => `两列对应了同一项：${String(r.fields)}。` },
  "profile-unknown": {
    status: 422,
    zh: (r) => `没有名为“${String(r.profile)}”的导入模板，可用：${String(r.known)}。`,
  },
});

export interface Inspected {
  readonly table: Table;
  readonly shape: Shape;
  /** Guessed by the header; null when none fits. */
  readonly profile: Profile | null;
}

export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly refusal: Refusal };

const PREVIEW_ROWS = 20;
/** Opens and reads the file; `profile` forces a profile by name. Refuses what is no table, and what breaks off. */
export async function inspectFile(
  path: string,
  fileName: string,
  profile?: string,
  place: Place = {},
): Promise<Answer<Inspected>> {
  const forced = profile === undefined ? null : findProfile(profile);
  if (profile !== undefined && forced === null)
    return no({
      code: "profile-unknown",
      profile,
      known: profiles()
        .map((p) => p.name)
        .join("、"),
    });
  try {
    const table = await openTable(path, fileName);
    const found = await findSheet<Field, Profile>(table, forced ? [forced] : profiles(), place);
    const shape = await readThrough(table, found);
    return { ok: true, value: { table, shape, profile: found.header.profile } };
  } catch (error) {
    const why = unreadable(error);
    if (why !== null) return no({ code: "file-refused", why });
    if (error instanceof Refused) return no(error.refusal);
    if (error instanceof FileRefused) return no({ code: "file-refused", fault: error.fault, why: error.why });
    throw error;
  }
}

/** Opens a file that has been inspected before. */
export async function reopenFile(path: string, fileName: string, shape: Shape): Promise<Answer<Inspected>> {
  try {
    return { ok: true, value: { table: await openTable(path, fileName), shape, profile: null } };
  } catch (error) {
    if (error instanceof FileRefused) return no({ code: "file-refused", fault: error.fault, why: error.why });
    throw error;
  }
}

/** The columns of a file under a profile and a person's mapping; refused when a required one is missing or given twice. */
export function columnsOf(shape: Shape, profile: Profile, mapping: Mapping): Answer<readonly Column[]> {
  const row: string[] = [];
  for (const h of shape.headers) row[h.index] = h.header;
  const described = describe(
    0,
    Array.from(row, (header) => header ?? ""),
    profile,
  );
  const { columns, twice } = remap(described.columns, mapping);
  if (twice.length > 0) return no({ code: "field-twice", fields: zhOf(twice) });
  const unsettled = shape.duplicated.filter((header) => !Object.hasOwn(mapping, header));
  if (unsettled.length > 0 && Object.keys(mapping).length === 0)
    return no({ code: "header-twice", headers: unsettled.join("、") });
  const have = new Set(columns.map((c) => c.field));
  const missing = profile.required.filter((field) => !have.has(field));
  if (missing.length > 0) return no({ code: "column-missing", columns: zhOf(missing) });
  return { ok: true, value: columns };
}

/** The digest of a header, by which a confirmed mapping is found again. */
export function headerHash(shape: Shape): Buffer {
  return createHash("sha256")
    .update(headerSignature(shape.headers.map((h) => ({ ...h, field: null }))))
    .digest();
}

/** The rows below the header, in batches. */
export async function* dataRows(table: Table, shape: Shape): AsyncGenerator<readonly RawRow[]> {
  for await (const batch of table.rows(shape.sheetIndex)) {
    const below =
      batch[0] && batch[0].number > shape.headerRow ? batch : batch.filter((r) => r.number > shape.headerRow);
    if (below.length > 0) yield below;
  }
}

/** Reads every row once: what breaks off in the middle is refused before anything of it is written. */
async function readThrough(table: Table, found: FoundSheet<Field, Profile>): Promise<Shape> {
  const { columns, duplicated } = found.header;
  const shape: Shape = {
    sheet: table.sheets[found.index] ?? "",
    sheetIndex: found.index,
    format: table.format,
    encoding: table.encoding,
    headerRow: found.headerRow,
    headers: columns.map(({ index, header }) => ({ index, header })),
    duplicated: [...duplicated],
    previewRows: [],
    rows: 0,
    sheets: [...table.sheets],
    top: [],
    guess: found.header.profile ? "header" : "none",
  };
  const personal = new Set(
    columns.flatMap((c) =>
      c.field !== null && c.field !== "-" && FIELDS[c.field].kind === "personal" ? [c.index] : [],
    ),
  );
  // Above and at the header nothing is personal; below it, by the columns that are known.
  for (const row of found.top)
    shape.top.push({
      row: row.number,
      cells: row.cells
        .slice(0, MAX_TOP_CELLS)
        .map((cell, i) => shown(cell, row.number > found.headerRow && personal.has(i))),
    });
  for await (const batch of dataRows(table, shape)) {
    for (const row of batch.slice(0, Math.max(0, PREVIEW_ROWS - shape.previewRows.length)))
      shape.previewRows.push({
        row: row.number,
        cells: columns.map((c) => shown(row.cells[c.index] ?? "", personal.has(c.index))),
      });
    shape.rows += batch.length;
  }
  return shape;
}

function shown(cell: string, personal: boolean): string {
  const text = cleanText(cell);
  if (personal) return text === "" ? "" : `${[...text][0]}***`;
  const masked = maskText(text).text;
  return masked.length > 120 ? `${masked.slice(0, 119)}…` : masked;
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: "找不到这个文件",
  EISDIR: "这是一个目录，不是文件",
  EACCES: "没有读取这个文件的权限",
};

/** Why the system does not let us read a file; null when it is something else. */
function unreadable(error: unknown): string | null {
  const code = error instanceof Error && "code" in error ? error.code : null;
  return typeof code === "string" ? (UNREADABLE[code] ?? null) : null;
}

const zhOf = (fields: readonly Field[]): string => [...new Set(fields)].map((f) => FIELDS[f].zh).join("、");
const no = (refusal: Refusal) => ({ ok: false as const, refusal });
