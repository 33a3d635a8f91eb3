/** 附件接口. Upload, show or save, hide with a reason; the list is part of the ticket page. */
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { z } from "zod";
import { addWordings, Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { digestOf, keepFile, readKept } from "./files.ts";
import { fileName, kindOf, mayShowInPage } from "./sniff.ts";
import { addAttachment, checkAttachable, findAttachment, hideAttachment } from "./store.ts";

const MAX_BYTES = 20 * 1024 * 1024;

addWordings({
  "file-kind": {
    status: 422,
    zh: () => "这个文件不能作附件：只收图片、PDF、Word、Excel、PowerPoint（不含宏）和纯文本。",
  },
  "file-empty": { status: 422, zh: () => "文件是空的，请重新选择。" },
  "file-missing": { status: 422, zh: () => "没有收到文件，请重新选择后上传。" },
  "file-gone": { status: 410, zh: () => "附件的文件已丢失或损坏，请系统管理员从备份中恢复。" },
  "files-full": { status: 409, zh: (r) => `本单附件已达 ${String(r.limit)} 个，不能再添加。` },
  "attach-not-now": { status: 409, zh: () => "该工单现不由您所在单位办理，不能添加附件。" },
  "not-your-file": { status: 403, zh: () => "只有上传人、督办员或值班长可以移除附件。" },
});

const OnTicket = z.object({ id: Id });
const OneFile = z.object({ id: Id, attachmentId: Id });

export function attachmentRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/:id/attachments", {
    config: { who: WORKERS },
    bodyLimit: MAX_BYTES + 64 * 1024,
    schema: {
      summary: "上传附件（multipart，字段 file，不超过 20 MB）",
      params: OnTicket,
      response: {
        200: z.object({ id: z.string(), name: z.string(), mime: z.string(), size: z.number() }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      await checkAttachable(shell.db, actor, id);
      if (!request.isMultipart()) throw new Refused({ code: "file-missing" });
      const part = await request.file({ limits: { fileSize: MAX_BYTES, files: 1 } });
      if (!part) throw new Refused({ code: "file-missing" });
      const bytes = await part.toBuffer().catch((error: unknown) => {
        if ((error as { statusCode?: number }).statusCode === 413)
          throw new Refused({ code: "too-large", limit: "20 MB" });
        throw error;
      });
      if (bytes.length === 0) throw new Refused({ code: "file-empty" });
      const kind = kindOf(bytes, part.filename);
      if (!kind) throw new Refused({ code: "file-kind" });
      const name = fileName(maskText(part.filename.toWellFormed()).text, kind);
      const sha256 = digestOf(bytes);
      await keepFile(shell.files, sha256, bytes);
      const file = { name, mime: kind.mime, size: bytes.length, sha256 };
      const added = await addAttachment(shell.db, actor, id, file, shell.now());
      return { id: added, name, mime: kind.mime, size: bytes.length };
    },
  });

  app.get("/api/tickets/:id/attachments/:attachmentId", {
    config: { who: WORKERS },
    schema: {
      summary: "查看或下载附件；show=1 时图片和 PDF 在页面中显示",
      params: OneFile,
      querystring: z.object({ show: z.literal("1").optional() }),
    },
    handler: async (request, reply) => {
      const { id, attachmentId } = request.params;
      const found = await findAttachment(shell.db, actorOf(request), id, attachmentId);
      if (!found) throw new Refused({ code: "not-found" });
      const etag = `"${found.sha256.toString("hex")}"`;
      // Asked anew every time: a file may be hidden a minute from now.
      reply.header("cache-control", "private, no-cache").header("etag", etag);
      if (request.headers["if-none-match"] === etag) return reply.status(304).send();
      const bytes = await readKept(shell.files, found.sha256);
      if (!bytes) throw new Refused({ code: "file-gone" });
      const inPage = request.query.show === "1" && mayShowInPage(found.mime);
      return reply
        .header("content-type", found.mime === "text/plain" ? "text/plain; charset=utf-8" : found.mime)
        .header("x-content-type-options", "nosniff")
        .header(
          "content-security-policy",
          "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'",
        )
        .header(
          "content-disposition",
          `${inPage ? "inline" : "attachment"}; filename*=UTF-8''${encodeName(found.name)}`,
        )
        .send(bytes);
    },
  });

  app.post("/api/tickets/:id/attachments/:attachmentId/hide", {
    config: { who: WORKERS },
    schema: {
      summary: "移除附件（须填写理由，留痕）",
      params: OneFile,
      body: z.object({ reason: text(200).refine((s) => s.trim().length >= 2, "请填写移除理由") }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      const { id, attachmentId } = request.params;
      const reason = maskText(request.body.reason).text;
      await hideAttachment(shell.db, actorOf(request), id, attachmentId, reason, shell.now());
      return { ok: true as const };
    },
  });
}

/** RFC 8187: encodeURIComponent leaves a few signs that the header may not carry. */
const encodeName = (name: string): string =>
  encodeURIComponent(name).replace(/['()*!]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
