/** 月度考核成绩单接口. */
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import {
  columnName,
  isSide,
  SHEET_COLUMNS,
  SHEET_KEYS,
  SIDE_COUNTS,
  SIDE_KEYS,
} from "@jiesu/core/assessment/scoresheet.ts";
import { SHEET_REVIEWERS, SHEET_STEP_KEYS, SHEET_WRITERS } from "@jiesu/core/assessment/scoresheetlife.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import { instantsOf } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import type { Actor } from "../../platform/auth/actor.ts";
import { audit } from "../../platform/auth/sessions.ts";
import { DOCX_MIME } from "../../platform/documents/docx.ts";
import { Refused } from "../../platform/errors.ts";
import { type App, actorOf } from "../../platform/http/app.ts";
import { CENTRE, WORKERS } from "../../platform/http/who.ts";
import type { Shell } from "../../platform/shell.ts";
import { Id, text } from "../../ticket/schema.ts";
import { ownUnitOf, PeriodQuery } from "../query.ts";
import {
  differencesNow,
  makeSheet,
  refreshSheet,
  sheetOr404,
  sheetRulesOn,
  stepSheet,
  writeSheet,
} from "./actions.ts";
import { filesOf } from "./files.ts";
import { lineOut, SheetLineOut, SheetOut, sheetOut, WordsOut } from "./shape.ts";
import { sideTickets } from "./side.ts";
import {
  digestsOf,
  FILE_KINDS,
  type FileKind,
  fileOf,
  listSheets,
  type ScoreSheet,
  stepsOf,
} from "./store.ts";

const Of = z.object({ id: Id });
const Edition = z.object({ edition: z.number().int().min(1) });
const MIMES: Readonly<Record<FileKind, string>> = {
  docx: DOCX_MIME,
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

export function scoreSheetRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/sheets", {
    config: { who: WORKERS },
    schema: {
      summary: "各考核期的成绩单及其状态，新的在前；承办单位只见已发布的",
      response: { 200: z.array(SheetLineOut) },
    },
    handler: async (request) => {
      const isUnit = ownUnitOf(actorOf(request)) !== null;
      return (await listSheets(shell.db, isUnit)).map((line) => lineOut(line, titled(line), isUnit));
    },
  });

  app.get("/api/assessment/sheets/columns", {
    config: { who: WORKERS },
    schema: {
      summary: "成绩单各列：名称、分组、所依指标或定义",
      response: {
        200: z.array(
          z.object({
            key: z.string(),
            zh: z.string(),
            name: z.string(),
            group: z.string().nullable(),
            measure: z.string().nullable(),
            definition: z.string().nullable(),
          }),
        ),
      },
    },
    handler: async () =>
      SHEET_KEYS.map((key) => {
        const name = columnName(key);
        if (isSide(key)) return { key, name, measure: null, ...SIDE_COUNTS[key] };
        const measure = SHEET_COLUMNS.find((column) => column.key === key)?.measure ?? null;
        return { key, zh: name, name, group: null, measure, definition: null };
      }),
  });

  app.post("/api/assessment/sheets", {
    config: { who: SHEET_WRITERS },
    schema: {
      summary: "草拟成绩单；已发布的须写明更正原因，另成一版",
      body: z.object({
        period: PeriodQuery,
        level: z.enum(LEVELS).default("district"),
        reason: text(2000).default(""),
      }),
      response: { 200: SheetOut },
    },
    handler: async (request) => {
      const { period, level, reason } = request.body;
      const actor = actorOf(request);
      return shown(await makeSheet(shell, actor, level, period, reason), actor);
    },
  });

  app.get("/api/assessment/sheets/:id", {
    config: { who: WORKERS },
    schema: {
      summary: "一份成绩单：各单位数字、通报文字、办理经过；承办单位见已发布的本单位一行和全部排名",
      params: Of,
      response: { 200: SheetOut },
    },
    handler: async (request) => shown(request.params.id, actorOf(request)),
  });

  app.patch("/api/assessment/sheets/:id", {
    config: { who: SHEET_WRITERS },
    schema: {
      summary: "修改成绩单草稿的文字和发文字号",
      params: Of,
      body: Edition.extend({ number: text(100), words: WordsOut }),
      response: { 200: SheetOut },
    },
    handler: async (request) => {
      const { edition, number, words } = request.body;
      const actor = actorOf(request);
      await writeSheet(shell, actor, request.params.id, edition, { number: number.trim(), words });
      return shown(request.params.id, actor);
    },
  });

  app.post("/api/assessment/sheets/:id/refresh", {
    config: { who: SHEET_WRITERS },
    schema: { summary: "按台账刷新草稿的数字", params: Of, body: Edition, response: { 200: SheetOut } },
    handler: async (request) => {
      const actor = actorOf(request);
      await refreshSheet(shell, actor, request.params.id, request.body.edition);
      return shown(request.params.id, actor);
    },
  });

  app.post("/api/assessment/sheets/:id/steps/:step", {
    config: { who: SHEET_REVIEWERS },
    schema: {
      summary: "送审、审核通过、退回修改、发布；审核和发布须非起草、修改过的人",
      params: Of.extend({ step: z.enum(SHEET_STEP_KEYS) }),
      body: Edition.extend({ note: text(2000).default(""), provisional: z.boolean().default(false) }),
      response: { 200: SheetOut },
    },
    handler: async (request) => {
      const { id, step } = request.params;
      const actor = actorOf(request);
      await stepSheet(shell, actor, id, { step, ...request.body });
      return shown(id, actor);
    },
  });

  app.get("/api/assessment/sheets/:id/differences", {
    config: { who: CENTRE },
    schema: {
      summary: "成绩单所载与台账现数的差异",
      params: Of,
      response: {
        200: z.array(
          z.object({
            unit: z.object({ id: z.string(), shortName: z.string() }),
            column: z.string(),
            columnZh: z.string(),
            was: z.string().nullable(),
            now: z.string().nullable(),
          }),
        ),
      },
    },
    handler: async (request) => {
      const found = await differencesNow(shell, await sheetOr404(shell.db, request.params.id));
      return found.map((each) => ({
        ...each,
        unit: { ...each.unit },
        columnZh: columnName(each.column),
      }));
    },
  });

  app.get("/api/assessment/sheets/:id/tickets", {
    config: { who: WORKERS },
    schema: {
      summary: "不纳入、挂账、退单、重办各数所计的工单（现有记录）；承办单位只见本单位",
      params: Of,
      querystring: z.object({
        column: z.enum(SIDE_KEYS),
        unit: Id,
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
      response: {
        200: z.object({
          columnZh: z.string(),
          definition: z.string(),
          /** As the sheet has it. */
          shown: z.string(),
          rows: z.array(
            z.object({
              ticketId: z.string(),
              number: z.string(),
              title: z.string(),
              round: z.number().int(),
              unitName: z.string(),
              at: z.iso.datetime(),
            }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const { column, unit, limit } = request.query;
      const own = ownUnitOf(actorOf(request));
      const sheet = await visible(request.params.id, actorOf(request));
      const row = sheet.figures.groups.flatMap(({ rows }) => rows).find((each) => each.unit.id === unit);
      if (!row || (own !== null && own !== unit)) throw new Refused({ code: "not-found" });
      const span = { ...instantsOf(daysOf(sheet)), now: shell.now() };
      const rows = await sideTickets(shell.db, span, column, [unit], limit);
      return {
        columnZh: columnName(column),
        definition: SIDE_COUNTS[column].definition,
        shown: row.cells[column],
        rows: rows.map((each) => ({ ...each, at: each.at.toISOString() })),
      };
    },
  });

  for (const kind of FILE_KINDS)
    app.get(`/api/assessment/sheets/:id/sheet.${kind}`, {
      config: { who: WORKERS },
      schema: {
        summary: `成绩单${kind === "docx" ? "公文（Word）" : "表格（Excel）"}：已发布的为发布时的原件，草稿按现有内容生成`,
        params: Of,
      },
      handler: async (request, reply) => {
        const actor = actorOf(request);
        const sheet = await visible(request.params.id, actor);
        if (ownUnitOf(actor) !== null && sheetRulesOn(shell, shell.now()).unitsSee !== "all")
          throw new Refused({ code: "not-allowed" });
        const file = await fileFor(sheet, kind);
        await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
          detail: { sheet: sheet.id, period: sheet.period, version: sheet.version, kind },
        });
        return reply
          .header("content-type", MIMES[kind])
          .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`)
          .send(file.bytes);
      },
    });

  /** Published: the bytes that were kept. Else: made anew, and marked as a draft. */
  async function fileFor(sheet: ScoreSheet, kind: FileKind) {
    const kept = sheet.state === "published" ? await fileOf(shell.db, sheet.id, kind) : null;
    const made =
      kept ??
      (await filesOf(sheet, sheetRulesOn(shell, shell.now()), null, shell.now())).find(
        (each) => each.kind === kind,
      );
    if (!made) throw new Error(`a score sheet has no ${kind}`);
    return made;
  }

  /** A draft does not exist for a unit. */
  async function visible(id: string, actor: Actor): Promise<ScoreSheet> {
    const sheet = await sheetOr404(shell.db, id);
    if (ownUnitOf(actor) !== null && sheet.state !== "published") throw new Refused({ code: "not-found" });
    return sheet;
  }

  async function shown(id: string, actor: Actor): Promise<z.infer<typeof SheetOut>> {
    const sheet = await visible(id, actor);
    const [steps, files] = await Promise.all([stepsOf(shell.db, id), digestsOf(shell.db, id)]);
    const { unitsSee } = sheetRulesOn(shell, shell.now());
    const rules = { ...titled(sheet), unitsSee };
    return sheetOut(sheet, { actor, ownUnit: ownUnitOf(actor), rules, steps, files });
  }

  /** A published sheet keeps the name that it had. */
  function titled({ publishedAt }: Pick<ScoreSheet, "publishedAt">) {
    return sheetRulesOn(shell, publishedAt?.getTime() ?? shell.now());
  }
}

function daysOf({ figures: { period } }: ScoreSheet) {
  const [from, to] = [parseDay(period.from), parseDay(period.to)];
  if (from === null || to === null) throw new Error(`a score sheet of no days: ${period.name}`);
  return { from, to };
}
