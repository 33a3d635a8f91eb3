/** 附件接口. Upload, show or save, hide with a reason; the list is part of the ticket page. */
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { z } from "zod";
import { addWordings, Refused } from "../platform/errors.ts";
import { giveFile, takeFile, UPLOAD_LIMIT } from "../platform/files/upload.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { addAttachment, checkAttachable, findAttachment, hideAttachment } from "./store.ts";

addWordings({
  "files-full": { status: 409, zh: (r) => `本单附件已达 ${String(r.limit)} 个，不能再添加。` },
  "attach-not-now": { status: 409, zh: () => "该工单现不由您所在单位办理，不能添加附件。" },
  "not-your-file": { status: 403, zh: () => "只有上传人、督办员或值班长可以移除附件。" },
});

const OnTicket = z.object({ id: Id });
const OneFile = z.object({ id: Id, attachmentId: Id });

export function attachmentRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets/:id/attachments", {
    config: { who: WORKERS },
    bodyLimit: UPLOAD_LIMIT,
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
      const file = await takeFile(request, shell.files);
      const added = await addAttachment(shell.db, actor, id, file, shell.now());
      const { name, mime, size } = file;
      return { id: added, name, mime, size };
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
      return giveFile(request, reply, shell.files, found, request.query.show === "1");
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
