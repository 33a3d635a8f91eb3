/** 市级清单接口. Look, confirm, lists with their lines, match again. */
import { remedyOf } from "@jiesu/core/intake/remedy.ts";
import { SUPERVISION_STATES } from "@jiesu/core/supervision/lifecycle.ts";
import { ALL_LIST_FIELDS, LIST_FIELDS } from "@jiesu/core/supervision/list.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { type PeriodName, parsePeriodName } from "@jiesu/core/time/period.ts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { brokenForm, bytesOf } from "../platform/tables/look.ts";
import { Id, Instant } from "../ticket/schema.ts";
import { periodAt } from "./actions.ts";
import { confirmList, lookAtList, type Matched, rematchList, type SeenFile } from "./listactions.ts";
import { linesOf, listLists } from "./liststore.ts";
import { Level, PeriodName as PeriodText } from "./shape.ts";
import { stateOf } from "./store.ts";

const TAKERS: readonly Role[] = ["supervisor", "shiftLead"];
const MOST_FAULTS = 200;
const MOST_LINES = 500;

const count = z.number().int();
const Fault = z.object({
  row: count,
  column: z.string(),
  value: z.string(),
  why: z.string(),
  remedy: z.string(),
});
const ListOut = z.object({
  id: z.string(),
  period: z.string(),
  fileName: z.string(),
  rows: count,
  refused: count,
  items: count,
  unmatched: count,
  at: Instant,
  by: z.string(),
});
const LineOut = z.object({
  row: count,
  number: z.string(),
  unit: z.string(),
  asked: z.string(),
  dueAt: Instant.nullable(),
  item: z.object({ id: z.string(), stateZh: z.string() }).nullable(),
  ticketId: z.string().nullable(),
  whyZh: z.string().nullable(),
});
const Preview = z.object({
  fileName: z.string(),
  /** The list that this very file is already. */
  same: z.string().nullable(),
  sheet: count,
  sheets: z.array(z.string()),
  headerRow: count,
  top: z.array(z.object({ row: count, cells: z.array(z.string()) })),
  mapping: z.record(z.string(), z.string()),
  columns: z.array(z.object({ header: z.string(), field: z.string(), samples: z.array(z.string()) })),
  fields: z.array(z.object({ field: z.string(), zh: z.string(), required: z.boolean() })),
  missing: z.array(z.string()),
  twice: z.array(z.string()),
  rows: count,
  refused: count,
  totals: count,
  /** Lines that would be new items, that are under supervision already, and that have no ticket here. */
  fresh: count,
  known: count,
  unmatched: count,
  faults: z.array(Fault),
  lines: z.array(
    z.object({
      row: count,
      number: z.string(),
      unit: z.string(),
      asked: z.string(),
      dueAt: Instant.nullable(),
      standing: z.enum(["fresh", "known", "unmatched"]),
      whyZh: z.string().nullable(),
    }),
  ),
});

/** Why a line has no ticket of ours, and what to do. */
const WHY_ZH: Readonly<Record<string, string>> = {
  noTicket: "台账里没有这个编号，请核对编号；工单导入后可重新匹配",
  noRound: "有这个编号，但没有这一轮次，请核对轮次",
  roundUnclear: "这个编号有几个轮次都可能，请在文件中补填派单轮次或派发时间",
  twice: "与另一行指同一工单的同一轮次",
};

const Asked = z.object({
  period: PeriodText.optional(),
  level: Level.default("general"),
  sheet: z.coerce.number().int().min(0).max(1000).optional(),
  headerRow: z.coerce.number().int().min(1).max(200).optional(),
});

export function supervisionListRoutes(app: App, shell: Shell): void {
  app.get("/api/supervision/lists", {
    config: { who: CENTRE },
    schema: { summary: "已导入的市级未办结清单，新的在前", response: { 200: z.array(ListOut) } },
    handler: async () => (await listLists(shell.db)).map(listOut),
  });

  app.post("/api/supervision/lists/look", {
    config: { who: TAKERS },
    schema: {
      summary:
        "预览市级未办结清单（multipart：可先送字段 mapping，再送 file）：列的对应、读不出的行及怎样改、匹配情况；不写入",
      consumes: ["multipart/form-data"],
      querystring: Asked,
      response: { 200: Preview },
    },
    handler: async (request) => previewOut(await lookAtList(shell, await askedOf(request, request.query))),
  });

  app.post("/api/supervision/lists", {
    config: { who: TAKERS },
    schema: {
      summary: "确认导入市级未办结清单：匹配到工单的列入督办，匹配不到的留存原因；同一文件再次导入没有变化",
      consumes: ["multipart/form-data"],
      querystring: Asked.extend({ skipFaulty: z.enum(["0", "1"]).default("0") }),
      response: { 200: ListOut.extend({ same: z.boolean() }) },
    },
    handler: async (request) => {
      const asked = await askedOf(request, request.query);
      const { id, same } = await confirmList(
        shell,
        actorOf(request),
        asked,
        request.query.skipFaulty === "1",
      );
      return { ...(await listOr404(id)), same };
    },
  });

  app.get("/api/supervision/lists/:id", {
    config: { who: CENTRE },
    schema: {
      summary: "一份市级清单：各行及其督办件，匹配不到的在前并写明原因",
      params: z.object({ id: Id }),
      response: { 200: ListOut.extend({ lines: z.array(LineOut), faults: z.array(Fault) }) },
    },
    handler: async (request) => {
      const list = await listOr404(request.params.id);
      const [row] = await listLists(shell.db, request.params.id);
      const lines = await linesOf(shell.db, request.params.id);
      return {
        ...list,
        lines: lines.slice(0, MOST_LINES * 4).map((line) => ({
          ...{ row: line.row, number: line.number, unit: line.said.unit, asked: line.said.asked },
          dueAt: isoOf(line.said.dueAt),
          item:
            line.item_id === null || line.state === null
              ? null
              : { id: line.item_id, stateZh: SUPERVISION_STATES[stateOf(line.state)].zh },
          ticketId: line.ticket_id,
          whyZh: line.why === null ? null : (WHY_ZH[line.why] ?? line.why),
        })),
        faults: Faults.parse(row?.refused ?? [])
          .slice(0, MOST_FAULTS)
          .map((fault) => ({ ...fault, remedy: remedyOf(fault) })),
      };
    },
  });

  app.post("/api/supervision/lists/:id/match", {
    config: { who: TAKERS },
    schema: {
      summary: "重新匹配未匹配的行（工单导入之后）",
      params: z.object({ id: Id }),
      body: z.object({ level: Level.default("general") }),
      response: { 200: z.object({ matched: count }) },
    },
    handler: async (request) => ({
      matched: await rematchList(shell, actorOf(request), request.params.id, request.body.level),
    }),
  });

  async function listOr404(id: string): Promise<z.infer<typeof ListOut>> {
    const [list] = await listLists(shell.db, id);
    if (!list) throw new Refused({ code: "not-found" });
    return listOut(list);
  }

  async function askedOf(request: FastifyRequest, query: z.infer<typeof Asked>) {
    const part = request.isMultipart() ? await request.file().catch(brokenForm) : undefined;
    if (!part) throw new Refused({ code: "bad-input", message: "请选择要导入的文件" });
    const field = part.fields.mapping;
    const said = field !== undefined && !Array.isArray(field) && field.type === "field" ? field.value : null;
    return {
      ...{ name: part.filename ?? "", bytes: await bytesOf(part.file), level: query.level },
      ...{ period: periodIn(query.period), place: { sheet: query.sheet, headerRow: query.headerRow } },
      mapping: said === null ? null : mappingIn(said),
    };
  }

  function periodIn(text: string | undefined): PeriodName {
    return (text === undefined ? null : parsePeriodName(text)) ?? periodAt(shell, shell.now()).name;
  }
}

const Faults = z.array(z.object({ row: z.number(), column: z.string(), value: z.string(), why: z.string() }));
const Mapping = z.record(z.string().max(200), z.string().max(40));

function mappingIn(said: unknown): Record<string, string> {
  try {
    return Mapping.parse(JSON.parse(String(said)));
  } catch {
    throw new Refused({ code: "bad-input", message: "列的对应格式不正确" });
  }
}

function listOut(list: Awaited<ReturnType<typeof listLists>>[number]): z.infer<typeof ListOut> {
  return {
    ...{ id: list.id, period: list.period, fileName: list.file_name, rows: list.rows },
    ...{
      items: list.items,
      unmatched: list.unmatched,
      at: list.created_at.toISOString(),
      by: list.user_name,
    },
    refused: new Set(Faults.parse(list.refused).map(({ row }) => row)).size,
  };
}

function previewOut(file: SeenFile): z.infer<typeof Preview> {
  const { shape } = file;
  const standingOf = (each: Matched) =>
    each.round === null
      ? ("unmatched" as const)
      : each.item === null
        ? ("fresh" as const)
        : ("known" as const);
  const countOf = (standing: string) => file.matched.filter((each) => standingOf(each) === standing).length;
  return {
    ...{ fileName: file.fileName, same: file.same, sheet: shape.sheetIndex, sheets: [...shape.sheets] },
    ...{ headerRow: shape.headerRow, mapping: { ...file.mapping }, rows: file.lines.length },
    ...{ refused: file.refused, totals: file.totals, fresh: countOf("fresh") },
    ...{ known: countOf("known"), unmatched: countOf("unmatched") },
    top: shape.top.map(({ row, cells }) => ({ row, cells: [...cells] })),
    columns: file.columns.map((column) => ({ ...column, samples: [...column.samples] })),
    fields: ALL_LIST_FIELDS.map((field) => ({
      ...{ field, zh: LIST_FIELDS[field], required: file.layout.required.includes(field) },
    })),
    missing: file.missing.map((field) => LIST_FIELDS[field]),
    twice: [...new Set(file.twice)].map((field) => LIST_FIELDS[field]),
    faults: file.faults.slice(0, MOST_FAULTS).map((fault) => ({ ...fault, remedy: remedyOf(fault) })),
    lines: [...file.matched]
      .sort((a, b) => Number(a.round !== null) - Number(b.round !== null) || a.line.row - b.line.row)
      .slice(0, MOST_LINES)
      .map((each) => ({
        ...{ row: each.line.row, number: each.line.number, unit: each.line.unit, asked: each.line.asked },
        dueAt: isoOf(each.line.dueAt),
        standing: standingOf(each),
        whyZh: each.why === null ? null : (WHY_ZH[each.why] ?? each.why),
      })),
  };
}

const isoOf = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
