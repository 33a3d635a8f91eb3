/** 市级认定结果接口. Upload, look, columns, what would be recorded, put in force, and what became of every row. */

import {
  ALL_OUTCOME_FIELDS,
  OUTCOME_FIELDS,
  OUTCOME_ZH,
  OUTCOMES,
  type OutcomeLine,
} from "@jiesu/core/exemption/outcomefile.ts";
import { STANDINGS, standingZh } from "@jiesu/core/exemption/outcomes.ts";
import { SENDERS } from "@jiesu/core/exemption/roles.ts";
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import type { RowFault } from "@jiesu/core/intake/row.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { brokenForm, bytesOf } from "../platform/tables/look.ts";
import { Id } from "../ticket/schema.ts";
import { fileOrRefuse, giveUp, layoutOf, placeFile, preview, putInForce, takeIn } from "./outcomes.ts";
import { linesOf, listFiles, type OutcomeFile } from "./outcomestore.ts";

const count = z.number().int();
const Of = z.object({ id: Id });
const Mapping = z.record(z.string().max(200), z.string().max(40));
const CellsOut = z.array(z.object({ row: count, cells: z.array(z.string()) }));
const FaultOut = z.object({
  row: count,
  column: z.string(),
  value: z.string(),
  why: z.string(),
  remedy: z.string(),
});
const LineOut = z.object({
  row: count,
  number: z.string(),
  unit: z.string(),
  outcome: z.enum(OUTCOMES),
  outcomeZh: z.string(),
  reason: z.string(),
  paper: z.string(),
  standing: z.enum(STANDINGS),
  standingZh: z.string(),
  why: z.string(),
  exemptionId: z.string().nullable(),
});
const CountsOut = z.array(z.object({ standing: z.enum(STANDINGS), zh: z.string(), rows: count }));
const FileLineOut = z.object({
  id: z.string(),
  status: z.enum(["uploaded", "confirmed", "cancelled"]),
  fileName: z.string(),
  dataRows: count,
  refused: count,
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  confirmedAt: z.iso.datetime().nullable(),
  confirmedBy: z.string().nullable(),
  counts: CountsOut,
});
const FileOut = FileLineOut.extend({
  sheet: z.string(),
  sheetIndex: count,
  sheets: z.array(z.string()),
  headerRow: count,
  encoding: z.string().nullable(),
  mapping: z.record(z.string(), z.string()),
  top: CellsOut,
  faults: z.array(FaultOut),
  /** What became of its rows; empty before it is in force. */
  lines: z.array(LineOut),
  /** True where this very file is in force already: nothing was changed. */
  same: z.boolean(),
});
const PreviewOut = z.object({
  columns: z.array(
    z.object({
      header: z.string(),
      field: z.string(),
      why: z.string(),
      doubt: z.string().nullable(),
      samples: z.array(z.string()),
    }),
  ),
  fields: z.array(z.object({ field: z.string(), zh: z.string(), required: z.boolean() })),
  missing: z.array(z.string()),
  twice: z.array(z.string()),
  counts: CountsOut,
  lines: z.array(LineOut),
  refused: count,
  faults: z.array(FaultOut),
});

const MOST_SHOWN = 500;

export function outcomeRoutes(app: App, shell: Shell): void {
  app.get("/api/exemptions/outcomes", {
    config: { who: CENTRE },
    schema: { summary: "市级认定结果文件，新的在前", response: { 200: z.array(FileLineOut) } },
    handler: async () =>
      Promise.all(
        (await listFiles(shell.db, 200)).map(async (file) =>
          fileLine(file, await linesOf(shell.db, file.id)),
        ),
      ),
  });

  app.post("/api/exemptions/outcomes", {
    config: { who: SENDERS },
    schema: {
      summary: "上传市级认定结果文件（multipart，字段 file），识别表头；生效之前不登记",
      consumes: ["multipart/form-data"],
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const part = request.isMultipart() ? await request.file().catch(brokenForm) : undefined;
      if (!part) throw new Refused({ code: "bad-input", message: "请选择要导入的文件" });
      const sent = { name: part.filename ?? "", bytes: await bytesOf(part.file) };
      const { file, same } = await takeIn(shell, actorOf(request), sent);
      return fileOut(shell, file, same);
    },
  });

  app.get("/api/exemptions/outcomes/:id", {
    config: { who: CENTRE },
    schema: { summary: "一个市级认定结果文件和各行的处理", params: Of, response: { 200: FileOut } },
    handler: async (request) => fileOut(shell, await fileOrRefuse(shell.db, request.params.id)),
  });

  app.post("/api/exemptions/outcomes/:id/preview", {
    config: { who: SENDERS },
    schema: {
      summary: "预览：列的对应、各行对上哪件申请、生效后登记什么；不写入",
      params: Of,
      body: z.object({ mapping: Mapping.default({}) }),
      response: { 200: PreviewOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell.db, request.params.id);
      if (file.status !== "uploaded") throw new Refused({ code: "outcome-settled" });
      const seen = await preview(shell, file, request.body.mapping);
      const { columns, missing, twice } = seen.columns;
      const zhOf = (field: keyof typeof OUTCOME_FIELDS) => OUTCOME_FIELDS[field].zh;
      const required = layoutOf(shell).required;
      const lines = seen.judged.map(({ line, ...rest }) => lineOut({ ...line, ...rest }, false));
      return {
        columns: columns.map(({ header, field, why, doubt }, i) => {
          const cells = file.shape.samples
            .map(({ cells: row }) => row[i] ?? "")
            .filter((cell) => cell !== "");
          return { header, field: field ?? "", why, doubt, samples: [...new Set(cells)].slice(0, 3) };
        }),
        fields: ALL_OUTCOME_FIELDS.map((field) => ({
          ...{ field, zh: zhOf(field), required: required.includes(field) },
        })),
        missing: missing.map(zhOf),
        twice: [...new Set(twice)].map(zhOf),
        counts: countsOf(lines, false),
        lines: lines.slice(0, MOST_SHOWN),
        refused: seen.refused,
        faults: seen.faults.slice(0, MOST_SHOWN).map(faultOut),
      };
    },
  });

  app.post("/api/exemptions/outcomes/:id/header", {
    config: { who: SENDERS },
    schema: {
      summary: "改选工作表或表头行，重新识别；只在生效之前",
      params: Of,
      body: z.object({
        sheet: z.number().int().min(0).max(1000).optional(),
        headerRow: z.number().int().min(1).max(200).optional(),
      }),
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell.db, request.params.id);
      return fileOut(shell, await placeFile(shell, file, request.body));
    },
  });

  app.post("/api/exemptions/outcomes/:id/confirm", {
    config: { who: SENDERS },
    schema: {
      summary: "生效：对上的各行一次登记为认定或查否，三率随即变动；同一文件再次导入没有变化",
      params: Of,
      body: z.object({ mapping: Mapping.default({}), skipFaulty: z.boolean().default(false) }),
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell.db, request.params.id);
      const done = await putInForce(shell, actorOf(request), file, request.body);
      return fileOut(shell, done.file, done.same);
    },
  });

  app.post("/api/exemptions/outcomes/:id/cancel", {
    config: { who: SENDERS },
    schema: {
      summary: "放弃尚未生效的文件",
      params: Of,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await giveUp(shell, await fileOrRefuse(shell.db, request.params.id));
      return { ok: true as const };
    },
  });
}

type Line = z.infer<typeof LineOut>;

async function fileOut(shell: Shell, file: OutcomeFile, same = false): Promise<z.infer<typeof FileOut>> {
  const { sheet, sheetIndex, sheets, headerRow, encoding, top } = file.shape;
  const lines = await linesOf(shell.db, file.id);
  return {
    ...fileLine(file, lines),
    ...{ sheet, sheetIndex, sheets, headerRow, encoding, top, same },
    mapping: { ...file.mapping },
    faults: file.faults.map(faultOut),
    lines: lines.map((line) => lineOut(line, true)),
  };
}

function fileLine(
  file: OutcomeFile,
  lines: readonly { readonly standing: string }[],
): z.infer<typeof FileLineOut> {
  const { id, status, fileName, createdBy, confirmedBy } = file;
  return {
    ...{ id, status, fileName, createdBy, confirmedBy },
    dataRows: file.shape.rows,
    refused: new Set(file.faults.map(({ row }) => row)).size,
    createdAt: file.createdAt.toISOString(),
    confirmedAt: file.confirmedAt?.toISOString() ?? null,
    counts: countsOf(lines, true),
  };
}

function lineOut(
  line: OutcomeLine & { standing: string; why: string; exemptionId: string | null },
  inForce: boolean,
): Line {
  const { row, number, unit, outcome, reason, paper, why, exemptionId } = line;
  const standing = STANDINGS.find((each) => each === line.standing);
  if (standing === undefined) throw new Error(`no such standing: ${line.standing}`);
  return {
    ...{ row, number, unit, outcome, reason, paper, standing, why, exemptionId },
    outcomeZh: OUTCOME_ZH[outcome],
    standingZh: standingZh(standing, inForce),
  };
}

function countsOf(
  lines: readonly { readonly standing: string }[],
  inForce: boolean,
): z.infer<typeof CountsOut> {
  return STANDINGS.flatMap((standing) => {
    const rows = lines.filter((line) => line.standing === standing).length;
    return rows === 0 ? [] : [{ standing, zh: standingZh(standing, inForce), rows }];
  });
}

const faultOut = (fault: RowFault): z.infer<typeof FaultOut> => ({ ...fault, remedy: remedyOf(fault) });
