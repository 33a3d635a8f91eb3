/** 成绩单的文件. The paper and the workbook of a sheet as it stands, or would stand when published now. */
import { createHash } from "node:crypto";
import {
  marks,
  type SheetPaper,
  sheetDocument,
  sheetTitle,
} from "@jiesu/core/assessment/scoresheetdocument.ts";
import type { ScoreSheetRules } from "@jiesu/core/assessment/scoresheetrules.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { docxOf } from "../../platform/documents/docx.ts";
import { sheetBook } from "./book.ts";
import { FILE_KINDS, type FileKind, type ScoreSheet, type SheetFile } from "./store.ts";

/** Both files; `publishedAt` is null for a draft, which says so. */
export async function filesOf(
  sheet: ScoreSheet,
  rules: ScoreSheetRules,
  publishing: { readonly at: number; readonly provisional: boolean } | null,
  now: number,
): Promise<readonly SheetFile[]> {
  const paper: SheetPaper = {
    number: sheet.number,
    version: sheet.version,
    reason: sheet.reason,
    provisional: publishing?.provisional ?? false,
    on: publishing === null ? null : dayOf(publishing.at),
  };
  const title = sheetTitle(sheet.figures, rules);
  const mark = marks(paper);
  const make: Readonly<Record<FileKind, () => Promise<Buffer>>> = {
    docx: () => docxOf(sheetDocument(sheet.figures, sheet.words, paper, rules), now),
    xlsx: () => sheetBook(sheet.figures, title, mark, now),
  };
  return Promise.all(
    FILE_KINDS.map(async (kind) => {
      const bytes = await make[kind]();
      const sha256 = createHash("sha256").update(bytes).digest("hex");
      return { kind, name: `${title}${mark}.${kind}`, bytes, sha256 };
    }),
  );
}
