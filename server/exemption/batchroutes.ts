/** 报市批次接口. What waits and what is held back, making a batch, its files, 市级签收 and 撤回. */
import { Readable } from "node:stream";
import { SENDERS } from "@jiesu/core/exemption/roles.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import type { FastifyReply } from "fastify";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import {
  acknowledge,
  batchOrRefuse,
  clearForm,
  formOn,
  MOST,
  makeBatch,
  packageParts,
  sendable,
  withdrawBatch,
} from "./batches.ts";
import { packageOf } from "./batchfiles.ts";
import { type Batch, digestsOf, fileOf, itemsOf, listBatches } from "./batchstore.ts";
import { STATES, type State } from "./states.ts";
import { answersText } from "./words.ts";

const XLSX_MIME = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const count = z.number().int();
const Of = z.object({ id: Id });
const Day = z.string().transform((value, context) => {
  const day = parseDay(value);
  if (day !== null) return day;
  context.addIssue({ code: "custom", message: "日期应写作 2020-12-31" });
  return z.NEVER;
});

const BatchOut = z.object({
  id: z.string(),
  number: z.string(),
  form: z.string(),
  state: z.enum(["sent", "acknowledged", "withdrawn"]),
  sentAt: z.iso.datetime(),
  sentBy: z.string(),
  /** Whether the person who asks has made it: then another withdraws it. */
  own: z.boolean(),
  applications: count,
  upheld: count,
  denied: count,
  endedAt: z.iso.datetime().nullable(),
  endedBy: z.string().nullable(),
  endNote: z.string().nullable(),
});

const WaitingOut = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.string(),
  round: count,
  unit: z.string(),
  title: z.string(),
  ground: z.string(),
  groundName: z.string(),
  answers: z.string(),
  countedAt: z.iso.datetime(),
  reviewedAt: z.iso.datetime().nullable(),
  files: count,
  bytes: count,
  isAppeal: z.boolean(),
  held: z.string().nullable(),
});

export function batchRoutes(app: App, shell: Shell): void {
  app.get("/api/exemptions/batches", {
    config: { who: CENTRE },
    schema: {
      summary: "不纳入考核报市批次，新的在前",
      querystring: z.object({
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      response: { 200: z.object({ rows: z.array(BatchOut), next: z.string().nullable() }) },
    },
    handler: async (request) => {
      const { after, limit } = request.query;
      const actor = actorOf(request);
      const rows = await listBatches(shell.db, after ?? null, limit);
      const next = rows.length === limit ? (rows.at(-1)?.id ?? null) : null;
      return { rows: rows.map((row) => batchOut(row, actor.userId)), next };
    },
  });

  app.get("/api/exemptions/batches/waiting", {
    config: { who: CENTRE },
    schema: {
      summary: "待报市的申请：哪些可报、哪些暂不能报及原因；可按计入日期和情形筛选",
      querystring: z.object({ from: Day.optional(), to: Day.optional(), ground: text(64).optional() }),
      response: {
        200: z.object({
          form: z.object({
            name: z.string(),
            title: z.string(),
            source: z.string(),
            columns: z.array(z.string()),
          }),
          most: count,
          rows: z.array(WaitingOut),
        }),
      },
    },
    handler: async (request) => {
      const { name, source, body } = formOn(shell, shell.now());
      const rows = await sendable(shell.db, shell, request.query);
      return {
        form: { name, source, title: body.title, columns: body.columns.map(({ header }) => header) },
        most: MOST,
        rows: rows.map(({ application: one, held }) => {
          const { id, ticketId, number, round, unit, title, ground, groundName, files } = one;
          return {
            ...{ id, ticketId, number, round, unit, title, ground, groundName, held },
            answers: answersText(one),
            countedAt: one.countedAt.toISOString(),
            reviewedAt: one.reviewedAt?.toISOString() ?? null,
            files: files.length,
            bytes: files.reduce((sum, { size }) => sum + size, 0),
            isAppeal: one.appealOf !== null,
          };
        }),
      };
    },
  });

  app.post("/api/exemptions/batches", {
    config: { who: SENDERS },
    schema: {
      summary: "生成报市批次：所选申请一并报市；同一请求（key）重复提交不再生成",
      body: z.object({ key: text(64).min(8), ids: z.array(Id).min(1).max(MOST) }),
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const id = await makeBatch(shell, actor, request.body);
      return batchOut(await batchOrRefuse(shell.db, id), actor.userId);
    },
  });

  app.get("/api/exemptions/batches/:id", {
    config: { who: CENTRE },
    schema: {
      summary: "一个报市批次：其中的申请、佐证目录、文件摘要、签收或撤回",
      params: Of,
      response: {
        200: BatchOut.extend({
          items: z.array(
            z.object({
              place: count,
              exemptionId: z.string(),
              ticketId: z.string(),
              number: z.string(),
              unit: z.string(),
              title: z.string(),
              ground: z.string(),
              state: z.string(),
              stateZh: z.string(),
              here: z.boolean(),
              evidence: z.array(
                z.object({
                  order: count,
                  kind: z.string(),
                  text: z.string(),
                  file: z
                    .object({ name: z.string(), size: count, sha256: z.string(), path: z.string() })
                    .nullable(),
                }),
              ),
            }),
          ),
          files: z.array(z.object({ kind: z.string(), name: z.string(), sha256: z.string() })),
        }),
      },
    },
    handler: async (request) => {
      const { id } = request.params;
      const batch = await batchOrRefuse(shell.db, id);
      const items = await itemsOf(shell.db, id);
      return {
        ...batchOut(batch, actorOf(request).userId),
        items: items.map(({ place, exemptionId, ticketId, facts, state, here, evidence }) => ({
          ...{ place, exemptionId, ticketId, state, here },
          ...{ number: facts.number, unit: facts.unit, title: facts.title, ground: facts.ground },
          stateZh: STATES[stateOf(state)],
          evidence: evidence.map(({ order, kind, text: words, file }) => ({
            ...{ order, kind, text: words },
            file: file && { name: file.name, size: file.size, sha256: file.sha256, path: file.path },
          })),
        })),
        files: [...(await digestsOf(shell.db, id))],
      };
    },
  });

  app.get("/api/exemptions/batches/:id/files/:kind", {
    config: { who: CENTRE },
    schema: {
      summary: "下载报市表（诉求人已遮盖）或佐证目录，与生成时逐字节相同",
      params: Of.extend({ kind: z.enum(["form", "index"]) }),
    },
    handler: async (request, reply) => {
      const { id, kind } = request.params;
      const actor = actorOf(request);
      const batch = await batchOrRefuse(shell.db, id);
      const file = await fileOf(shell.db, id, kind);
      if (file === null) throw new Refused({ code: "not-found" });
      const detail = { batch: id, number: batch.number, file: kind };
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", { detail });
      return saved(reply, XLSX_MIME, file.name).send(file.bytes);
    },
  });

  app.post("/api/exemptions/batches/:id/clear", {
    config: { who: SENDERS },
    schema: {
      summary: "下载完整报市表（含诉求人姓名和电话；须填写理由，逐件留痕）",
      params: Of,
      body: z.object({ reason: text(200) }),
    },
    handler: async (request, reply) => {
      const { name, bytes } = await clearForm(
        shell,
        actorOf(request),
        request.params.id,
        request.body.reason,
      );
      return saved(reply, XLSX_MIME, name).header("cache-control", "no-store").send(bytes);
    },
  });

  app.get("/api/exemptions/batches/:id/evidence", {
    config: { who: SENDERS },
    schema: { summary: "下载佐证压缩包（按目录的页序，留痕）", params: Of },
    handler: async (request, reply) => {
      const { batch, items, index } = await packageParts(shell, actorOf(request), request.params.id);
      const parts = packageOf(shell.files, index, items, batch.sentAt.getTime());
      const name = `佐证-${batch.number}.zip`;
      return saved(reply, "application/zip", name).send(Readable.from(parts, { objectMode: false }));
    },
  });

  app.post("/api/exemptions/batches/:id/acknowledge", {
    config: { who: SENDERS },
    schema: {
      summary: "登记市级签收；此后批次不能撤回",
      params: Of,
      body: z.object({ note: text(500).default("") }),
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      await acknowledge(shell, actor, request.params.id, request.body.note);
      return batchOut(await batchOrRefuse(shell.db, request.params.id), actor.userId);
    },
  });

  app.post("/api/exemptions/batches/:id/withdraw", {
    config: { who: SENDERS },
    schema: {
      summary: "撤回报市批次（市级签收之前，由制批人以外的另一人，填写理由）；其中申请可再次报市",
      params: Of,
      body: z.object({ reason: text(500) }),
      response: { 200: BatchOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      await withdrawBatch(shell, actor, request.params.id, request.body.reason);
      return batchOut(await batchOrRefuse(shell.db, request.params.id), actor.userId);
    },
  });
}

function batchOut(batch: Batch, userId: string | null): z.infer<typeof BatchOut> {
  const { id, number, form, applications, upheld, denied, step } = batch;
  return {
    ...{ id, number, form, applications, upheld, denied },
    state: step === null ? "sent" : step === "withdraw" ? "withdrawn" : "acknowledged",
    sentAt: batch.sentAt.toISOString(),
    sentBy: batch.sentName,
    own: batch.sentBy !== null && batch.sentBy === userId,
    endedAt: batch.stepAt?.toISOString() ?? null,
    endedBy: batch.stepName,
    endNote: batch.stepNote,
  };
}

function stateOf(text: string): State {
  if (Object.hasOwn(STATES, text)) return text as State; // the parser of this type
  throw new Error(`no such state: ${text}`);
}

function saved(reply: FastifyReply, mime: string, name: string): FastifyReply {
  return reply
    .header("content-type", mime)
    .header("x-content-type-options", "nosniff")
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
}
