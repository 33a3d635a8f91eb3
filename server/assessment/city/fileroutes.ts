/** 市级结果文件接口. Months, upload, look, columns, confirm, withdraw. */
import { CITY_FILE_KINDS } from "@jiesu/core/cityresult/layout.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import { Refused } from "../../platform/errors.ts";
import { type App, actorOf } from "../../platform/http/app.ts";
import { CENTRE } from "../../platform/http/who.ts";
import type { Shell } from "../../platform/shell.ts";
import { brokenForm, bytesOf } from "../../platform/tables/look.ts";
import { Id, text } from "../../ticket/schema.ts";
import { PeriodQuery } from "../query.ts";
import {
  confirmWhole,
  fileOrRefuse,
  giveUp,
  placeFile,
  readWhole,
  takeIn,
  withdrawWhole,
} from "./fileactions.ts";
import { FileLine, FileOut, fileLine, fileOut, PreviewOut, previewOut } from "./fileshape.ts";
import { listFiles } from "./filestore.ts";

/** Who answers for the city's results. */
export const SETTLERS: readonly Role[] = ["assessor"];

const Mapping = z.record(z.string().max(200), z.string().max(40));
const Params = z.object({ id: Id });

export function cityFileRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/city-results", {
    config: { who: CENTRE },
    schema: {
      summary: "市级结果：各考核期的文件及版本，新的在前",
      response: { 200: z.array(z.object({ period: z.string(), files: z.array(FileLine) })) },
    },
    handler: async () => {
      const byPeriod = Map.groupBy(await listFiles(shell.db), ({ period }) => period);
      return [...byPeriod]
        .sort(([a], [b]) => (a > b ? -1 : 1))
        .map(([period, files]) => ({ period, files: files.map((file) => fileLine(shell, file)) }));
    },
  });

  app.post("/api/assessment/city-results/files", {
    config: { who: SETTLERS },
    schema: {
      summary: "上传一个考核期的市级结果文件（multipart，字段 file），识别表头；确认之前不计入",
      consumes: ["multipart/form-data"],
      querystring: z.object({ period: PeriodQuery, kind: z.enum(CITY_FILE_KINDS).optional() }),
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const { period, kind } = request.query;
      const part = request.isMultipart() ? await request.file().catch(brokenForm) : undefined;
      if (!part) throw new Refused({ code: "bad-input", message: "请选择要导入的文件" });
      const sent = { name: part.filename ?? "", bytes: await bytesOf(part.file) };
      const { file, same } = await takeIn(shell, actorOf(request), sent, period, { kind });
      return fileOut(shell, file, same);
    },
  });

  app.get("/api/assessment/city-results/files/:id", {
    config: { who: CENTRE },
    schema: { summary: "一个市级结果文件", params: Params, response: { 200: FileOut } },
    handler: async (request) => fileOut(shell, await fileOrRefuse(shell, request.params.id)),
  });

  app.post("/api/assessment/city-results/files/:id/preview", {
    config: { who: SETTLERS },
    schema: {
      summary: "预览：列的对应及理由、可导入的行、读不出的行及怎样改；不写入",
      params: Params,
      body: z.object({ mapping: Mapping.default({}) }),
      response: { 200: PreviewOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell, request.params.id);
      return previewOut(shell, file, await readWhole(shell, file, request.body.mapping));
    },
  });

  app.post("/api/assessment/city-results/files/:id/header", {
    config: { who: SETTLERS },
    schema: {
      summary: "改选工作表、表头行或文件种类，重新识别；只在确认之前",
      params: Params,
      body: z.object({
        sheet: z.number().int().min(0).max(1000).optional(),
        headerRow: z.number().int().min(1).max(200).optional(),
        kind: z.enum(CITY_FILE_KINDS).optional(),
      }),
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell, request.params.id);
      return fileOut(shell, await placeFile(shell, file, request.body));
    },
  });

  app.post("/api/assessment/city-results/files/:id/confirm", {
    config: { who: SETTLERS },
    schema: {
      summary: "确认导入：一次写入全部行，成为该考核期的新版本；同一文件再次导入没有变化",
      params: Params,
      body: z.object({ mapping: Mapping.default({}), skipFaulty: z.boolean().default(false) }),
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell, request.params.id);
      const done = await confirmWhole(shell, actorOf(request), file, request.body);
      return fileOut(shell, done.file, done.same);
    },
  });

  app.post("/api/assessment/city-results/files/:id/withdraw", {
    config: { who: SETTLERS },
    schema: {
      summary: "撤回在用的文件，前一版本恢复有效",
      params: Params,
      body: z.object({ reason: text(500).refine((said) => said.trim() !== "", "请填写撤回理由") }),
      response: { 200: FileOut },
    },
    handler: async (request) => {
      const file = await fileOrRefuse(shell, request.params.id);
      return fileOut(shell, await withdrawWhole(shell, actorOf(request), file, request.body.reason.trim()));
    },
  });

  app.post("/api/assessment/city-results/files/:id/cancel", {
    config: { who: SETTLERS },
    schema: {
      summary: "放弃尚未确认的文件",
      params: Params,
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await giveUp(shell, await fileOrRefuse(shell, request.params.id));
      return { ok: true as const };
    },
  });
}
