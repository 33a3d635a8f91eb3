/** 导入接口. Upload, look, map, confirm, follow, errors; the worker does the importing. */
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { filterOf, ListQuery } from "../ticket/routes.ts";
import {
  cancelBatch,
  confirmBatch,
  haltBatch,
  mapUnits,
  placeHeader,
  previewBatch,
  resumeBatch,
  uploadFile,
} from "./actions.ts";
import { exportStream, safeCell } from "./export.ts";
import type { Answer } from "./inspect.ts";
import type { Choice } from "./prepare.ts";
import { findProfile, profiles } from "./profiles.ts";
import { countRefused, refusedBook } from "./refused.ts";
import {
  BatchLine,
  BatchOut,
  BatchParams,
  batchLine,
  batchOut,
  ChoiceIn,
  ErrorOut,
  errorOut,
  KeptOut,
  PlaceIn,
  PreviewOut,
  previewOut,
  UndoIn,
  UnitMapIn,
} from "./shape.ts";
import { type Batch, listBatches, listErrors, readBatch } from "./store.ts";
import { maySeeWhole, undoable, undoBatch } from "./undo.ts";
import { listKept, readUndo, readUndos } from "./undostore.ts";

const IMPORTERS: readonly Role[] = ["triager", "shiftLead", "assessor", "sysadmin"];
const Id = BatchParams.shape.id;
const Skip = z.object({
  skip: z.coerce.number().int().min(0).max(10_000_000).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export function intakeRoutes(app: App, shell: Shell): void {
  app.get("/api/imports", {
    config: { who: IMPORTERS },
    schema: {
      summary: "导入记录",
      querystring: z.object({
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      response: { 200: z.object({ rows: z.array(BatchLine), next: z.string().nullable() }) },
    },
    handler: async (request) => {
      const { after, limit } = request.query;
      const found = await listBatches(shell.db, after ?? null, limit + 1);
      const page = found.slice(0, limit);
      const undos = await readUndos(
        shell.db,
        page.map((b) => b.id),
      );
      const rows = page.map((b) => batchLine(b, undos.get(b.id) ?? null));
      return { rows, next: found.length > limit ? (rows.at(-1)?.id ?? null) : null };
    },
  });

  app.post("/api/imports", {
    config: { who: IMPORTERS },
    schema: {
      summary: "上传文件（multipart，字段 file），识别表头；尚未导入",
      consumes: ["multipart/form-data"],
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const part = request.isMultipart() ? await request.file().catch(brokenForm) : undefined;
      if (!part) throw new Refused({ code: "bad-input", message: "请选择要导入的文件" });
      const id = orRefuse(await uploadFile(shell, actorOf(request), part.filename ?? "", part.file));
      return shownBatch(shell, actorOf(request), id);
    },
  });

  app.get("/api/imports/:id", {
    config: { who: IMPORTERS },
    schema: { summary: "一次导入：识别结果与进度", params: BatchParams, response: { 200: BatchOut } },
    handler: async (request) => shownBatch(shell, actorOf(request), request.params.id),
  });

  app.post("/api/imports/:id/preview", {
    config: { who: IMPORTERS },
    schema: {
      summary: "试导入：不写入，只看会怎样",
      params: BatchParams,
      body: ChoiceIn,
      response: { 200: PreviewOut },
    },
    handler: async (request) => {
      const batch = await batchOf(shell, request.params.id);
      const choice: Choice = request.body;
      const report = orRefuse(await previewBatch(shell, batch, choice));
      return previewOut(batch, report.profile, choice.mapping, report);
    },
  });

  app.post("/api/imports/:id/unknown-units", {
    config: { who: IMPORTERS },
    schema: {
      summary: "把文件里的单位名对应到本区单位（成为别名）",
      params: BatchParams,
      body: UnitMapIn,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await batchOf(shell, request.params.id);
      orRefuse(await mapUnits(shell, actorOf(request), request.body.map));
      return { ok: true as const };
    },
  });

  app.post("/api/imports/:id/confirm", {
    config: { who: IMPORTERS },
    schema: {
      summary: "确认导入：后台进程随即开始，对应关系记住",
      params: BatchParams,
      body: ChoiceIn,
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const batch = await batchOf(shell, request.params.id);
      orRefuse(await confirmBatch(shell, actorOf(request), batch, request.body));
      return shownBatch(shell, actorOf(request), batch.id);
    },
  });

  for (const [path, summary, act] of STEPS) {
    app.post(`/api/imports/:id/${path}`, {
      config: { who: IMPORTERS },
      schema: { summary, params: BatchParams, response: { 200: BatchOut } },
      handler: async (request) => {
        const batch = await batchOf(shell, request.params.id);
        orRefuse(await act(shell, actorOf(request), batch));
        return shownBatch(shell, actorOf(request), batch.id);
      },
    });
  }

  app.get("/api/imports/:id/errors", {
    config: { who: IMPORTERS },
    schema: {
      summary: "退回的行及原因",
      params: BatchParams,
      querystring: Skip,
      response: { 200: z.object({ rows: z.array(ErrorOut), next: z.number().nullable() }) },
    },
    handler: async (request) => {
      const { skip, limit } = request.query;
      const batch = await batchOf(shell, request.params.id);
      const found = await listErrors(shell.db, batch.id, skip, limit + 1);
      return { rows: found.slice(0, limit).map(errorOut), next: found.length > limit ? skip + limit : null };
    },
  });

  app.post("/api/imports/:id/header", {
    config: { who: IMPORTERS },
    schema: {
      summary: "改选工作表或表头行，重新识别；只在确认之前",
      params: BatchParams,
      body: PlaceIn,
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const batch = await batchOf(shell, request.params.id);
      orRefuse(await placeHeader(shell, batch, request.body));
      return shownBatch(shell, actorOf(request), batch.id);
    },
  });

  app.post("/api/imports/:id/undo", {
    config: { who: IMPORTERS },
    schema: {
      summary: "撤销整批导入：没有人办理过的收回，其余保留并说明原因；后台进行",
      params: BatchParams,
      body: UndoIn,
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const batch = await batchOf(shell, request.params.id);
      orRefuse(await undoBatch(shell, actorOf(request), batch, request.body.reason.trim()));
      return shownBatch(shell, actorOf(request), batch.id);
    },
  });

  app.get("/api/imports/:id/kept", {
    config: { who: IMPORTERS },
    schema: {
      summary: "撤销时保留的工单及原因",
      params: BatchParams,
      querystring: Skip,
      response: { 200: z.object({ rows: z.array(KeptOut), next: z.number().nullable() }) },
    },
    handler: async (request) => {
      const { skip, limit } = request.query;
      const batch = await batchOf(shell, request.params.id);
      const found = await listKept(shell.db, batch.id, skip, limit + 1);
      return { rows: found.slice(0, limit), next: found.length > limit ? skip + limit : null };
    },
  });

  app.get("/api/imports/:id/refused.xlsx", {
    config: { who: IMPORTERS },
    schema: { summary: "退回的行，原列加“错误”“怎样改”两列：改好后再上传", params: BatchParams },
    handler: async (request, reply) => {
      const batch = await batchOf(shell, request.params.id);
      const actor = actorOf(request);
      if (!maySeeWhole(actor, batch)) throw new Refused({ code: "refused-rows-not-yours" });
      const rows = await countRefused(shell.db, batch.id);
      if (rows === 0) throw new Refused({ code: "not-found" });
      await audit(shell.db, shell.now(), actor.userId, actor.name, "import-refused", {
        detail: { batch: batch.id, file: batch.fileName, rows },
      });
      const name = encodeURIComponent(`${batch.fileName.replace(/\.[^.]+$/, "")}-退回的行.xlsx`);
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header("content-disposition", `attachment; filename*=UTF-8''${name}`)
        .send(refusedBook(shell.db, shell.secrets, batch));
    },
  });

  app.get("/api/tickets/export.xlsx", {
    config: { who: WORKERS },
    schema: {
      summary: "导出工单到 Excel，列同所选模板；诉求人信息已遮盖",
      querystring: ListQuery.extend({ profile: z.string().max(40).default("city-export") }),
    },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const { profile: name, ...query } = request.query;
      const profile = findProfile(name);
      if (!profile)
        throw new Refused({
          code: "profile-unknown",
          profile: name,
          known: profiles()
            .map((p) => p.name)
            .join("、"),
        });
      const filter = filterOf(query, actor.roles);
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", { detail: { profile: name } });
      return reply
        .header("content-type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent("工单.xlsx")}`)
        .send(exportStream(shell, actor, profile, filter));
    },
  });

  app.get("/api/imports/:id/errors.csv", {
    config: { who: IMPORTERS },
    schema: { summary: "退回的行及原因（CSV）", params: BatchParams },
    handler: async (request, reply) => {
      const batch = await batchOf(shell, request.params.id);
      const errors = await listErrors(shell.db, batch.id, 0, 100_000);
      const lines = errors.map((e) =>
        [String(e.row), e.column, e.value, e.why, remedyOf(e)].map(csvCell).join(","),
      );
      const name = encodeURIComponent(`${batch.fileName}-退回的行.csv`);
      return reply
        .header("content-type", "text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename*=UTF-8''${name}`)
        .send(`\ufeff${["行,列,值,原因,怎样改", ...lines].join("\r\n")}\r\n`);
    },
  });
}

type Step = (shell: Shell, actor: Actor, batch: Batch) => Promise<Answer<null>>;
const STEPS: readonly (readonly [string, string, Step])[] = [
  ["resume", "继续中断的导入", resumeBatch],
  ["stop", "停止正在进行的导入（已写入的保留，可继续、可撤销）", haltBatch],
  ["cancel", "放弃尚未确认或已中断的导入", cancelBatch],
];

/** A batch with what came of undoing it, as this person sees it. */
async function shownBatch(shell: Shell, actor: Actor, id: string): Promise<z.infer<typeof BatchOut>> {
  const batch = await batchOf(shell, id);
  const [undo, mendable] = await Promise.all([readUndo(shell.db, id), countRefused(shell.db, id)]);
  const mayUndo = maySeeWhole(actor, batch) && undoable(batch, undo);
  return batchOut(batch, { undo, mendable: maySeeWhole(actor, batch) ? mendable : 0, mayUndo });
}

async function batchOf(shell: Shell, id: string): Promise<Batch> {
  const batch = await readBatch(shell.db, id);
  if (!batch) throw new Refused({ code: "not-found" });
  return batch;
}

function orRefuse<T>(answer: Answer<T>): T {
  if (!answer.ok) throw new Refused(answer.refusal);
  return answer.value;
}

/** A form that breaks off has no status of its own; those that have one keep it. */
function brokenForm(error: unknown): never {
  if (error instanceof Error && !("statusCode" in error))
    throw new Refused({ code: "bad-input", message: "上传的内容不完整，请重新上传" });
  throw error;
}

const csvCell = (text: string): string => `"${safeCell(text).replaceAll('"', '""')}"`;
