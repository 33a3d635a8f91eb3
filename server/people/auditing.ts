/** 审计查询. What was done by whom, when and to what: found by person, action, object and time; taken out as Excel, which is itself on record. */
import { instant, parseDay } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import type { Shell } from "../platform/shell.ts";
import { DayText, Id, line } from "./shape.ts";

const MOST_EXPORTED = 50_000;

const Filter = z.object({
  what: line(40).optional(),
  user: Id.optional(),
  ticket: line(60).optional(),
  /** A login, a unit, a file: what the entry says of its object. */
  q: line(60).optional(),
  from: DayText.optional(),
  to: DayText.optional(),
});
type Wanted = z.infer<typeof Filter>;

const Entry = z.object({
  id: z.string(),
  at: z.iso.datetime(),
  userName: z.string(),
  what: z.string(),
  ticketId: z.string().nullable(),
  ticketNumber: z.string().nullable(),
  detail: z.unknown(),
});

export function auditRoutes(app: App, shell: Shell): void {
  app.get("/api/audit", {
    config: { who: ["auditadmin"] },
    schema: {
      summary: "审计记录",
      querystring: Filter.extend({
        before: Id.optional(),
        limit: z.coerce.number().int().min(1).max(200).default(100),
      }),
      response: { 200: z.array(Entry) },
    },
    handler: async (request) => {
      const { before, limit, ...wanted } = request.query;
      return entries(shell.db, wanted, limit, before);
    },
  });

  app.get("/api/audit/facets", {
    config: { who: ["auditadmin"] },
    schema: {
      summary: "审计记录中出现过的事项和人员",
      response: {
        200: z.object({
          whats: z.array(z.string()),
          users: z.array(z.object({ id: z.string(), name: z.string(), login: z.string() })),
        }),
      },
    },
    handler: async () => {
      const [whats, users] = await Promise.all([
        shell.db.selectFrom("audit").select("what").distinct().orderBy("what").execute(),
        shell.db.selectFrom("app_user").select(["id", "name", "login"]).orderBy("login").execute(),
      ]);
      return { whats: whats.map((w) => w.what), users };
    },
  });

  app.post("/api/audit/export", {
    config: { who: ["auditadmin"] },
    schema: { summary: "导出审计记录（导出本身也记入审计）", body: Filter },
    handler: async (request, reply) => {
      const actor = actorOf(request);
      const rows = await entries(shell.db, request.body, MOST_EXPORTED + 1);
      if (rows.length > MOST_EXPORTED)
        throw new Refused({
          code: "bad-input",
          message: `符合的记录超过 ${MOST_EXPORTED} 条，请缩小时间范围`,
        });
      const said = Object.entries(request.body).map(([key, value]) => `${key}=${value}`);
      await audit(shell.db, shell.now(), actor.userId, actor.name, "audit-exported", {
        detail: { rows: rows.length, filter: said },
      });
      return reply
        .type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent("审计记录.xlsx")}`)
        .send(await sheetOf(rows));
    },
  });
}

async function entries(
  db: Db,
  wanted: Wanted,
  limit: number,
  before?: string,
): Promise<z.infer<typeof Entry>[]> {
  let query = db
    .selectFrom("audit as a")
    .leftJoin("ticket as t", "t.id", "a.ticket_id")
    .select(["a.id", "a.at", "a.user_name", "a.what", "a.ticket_id", "a.detail", "t.number"])
    .orderBy("a.id", "desc")
    .limit(limit);
  if (before) query = query.where("a.id", "<", before);
  if (wanted.what) query = query.where("a.what", "=", wanted.what);
  if (wanted.user) query = query.where("a.user_id", "=", wanted.user);
  if (wanted.ticket) query = query.where("t.number", "=", wanted.ticket);
  if (wanted.q)
    query = query.where((eb) =>
      eb(
        eb.cast<string>("a.detail", "text"),
        "like",
        `%${(wanted.q ?? "").replace(/[\\%_]/g, (c) => `\\${c}`)}%`,
      ),
    );
  if (wanted.from) query = query.where("a.at", ">=", new Date(dayStart(wanted.from)));
  if (wanted.to) query = query.where("a.at", "<", new Date(dayStart(wanted.to) + 86_400_000));
  const rows = await query.execute();
  return rows.map((r) => ({
    id: r.id,
    at: r.at.toISOString(),
    userName: r.user_name,
    what: r.what,
    ticketId: r.ticket_id,
    ticketNumber: r.number,
    detail: r.detail,
  }));
}

function dayStart(text: string): number {
  const day = parseDay(text);
  if (day === null) throw new Error(`not a day: ${text}`);
  return instant(day, "00:00");
}

async function sheetOf(rows: readonly z.infer<typeof Entry>[]): Promise<Buffer> {
  const book = new ExcelJS.Workbook();
  const sheet = book.addWorksheet("审计记录", { views: [{ state: "frozen", ySplit: 1 }] });
  sheet.columns = [
    { header: "编号", width: 10 },
    { header: "时间（北京）", width: 20 },
    { header: "人员", width: 14 },
    { header: "事项", width: 20 },
    { header: "工单编号", width: 24 },
    { header: "内容", width: 80 },
  ];
  sheet.getRow(1).font = { bold: true };
  for (const row of rows)
    sheet.addRow([
      row.id,
      new Date(Date.parse(row.at) + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " "),
      row.userName,
      row.what,
      row.ticketNumber ?? "",
      JSON.stringify(row.detail),
    ]);
  return Buffer.from(await book.xlsx.writeBuffer());
}
