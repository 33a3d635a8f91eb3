/** 分类与人口接口. What each unit's class and population are and were; a table is looked over, then entered whole. */
import type { TableRow } from "@jiesu/core/assessment/facttable.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { pasteOf, rowsOfFile, rowsOfPaste } from "./factfile.ts";
import {
  enterClasses,
  enterPopulations,
  type Look,
  lookAtClasses,
  lookAtPopulations,
  usedClasses,
} from "./facts.ts";
import { DayQuery } from "./query.ts";
import { allUnits, classHistory, populationHistory } from "./unitfacts.ts";

const ENTERERS: readonly Role[] = ["assessor", "leader"];
const MOST_BYTES = 2 * 1024 * 1024;

const count = z.number().int();
const Source = text(200).transform((said) => said.trim());
const Paper = Source.refine((said) => said !== "", "请写明依据（文号）");
const ClassIn = z.object({
  unitId: Id,
  unitClass: text(20)
    .transform((said) => said.trim())
    .refine((said) => said !== "", "分类不能为空；没有分类的请选“无”")
    .nullable(),
  from: DayQuery,
  source: Paper,
});
const PopulationIn = z.object({
  unitId: Id,
  year: count.min(2000).max(2099),
  people: count.min(1).max(100_000_000).nullable(),
  source: Paper,
});

const FactsOut = z.object({
  units: z.array(
    z.object({
      unit: z.object({ id: z.string(), name: z.string(), shortName: z.string(), kind: z.string() }),
      /** Every entry, the one that counts for a day first. */
      classes: z.array(
        z.object({
          unitClass: z.string().nullable(),
          from: z.string(),
          source: z.string(),
          at: z.iso.datetime(),
          by: z.string(),
        }),
      ),
      populations: z.array(
        z.object({
          year: count,
          people: count.nullable(),
          source: z.string(),
          at: z.iso.datetime(),
          by: z.string(),
        }),
      ),
    }),
  ),
  /** Classes that a rule set ranks apart, and those entered already. */
  classes: z.array(z.object({ name: z.string(), used: z.boolean() })),
});

const FaultOut = z.object({ row: count, column: z.string(), text: z.string() });
const lookOut = <T extends z.ZodType>(entry: T) =>
  z.object({
    faults: z.array(FaultOut),
    rows: z.array(z.object({ entry, unitName: z.string(), now: z.string().nullable(), same: z.boolean() })),
    unusedClasses: z.array(z.string()),
  });
const ReadOut = { row: count, unitId: z.string(), source: z.string() };
const ClassLook = lookOut(z.object({ ...ReadOut, unitClass: z.string().nullable(), from: z.string() }));
const PopulationLook = lookOut(z.object({ ...ReadOut, year: count, people: count.nullable() }));
const EnteredOut = z.object({ entered: count });

export function factRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/unit-facts", {
    config: { who: CENTRE },
    schema: { summary: "各单位的分类与常住人口：现行的、历史的、依据和登记人", response: { 200: FactsOut } },
    handler: async () => {
      const [units, classes, populations, used] = await Promise.all([
        allUnits(shell.db),
        classHistory(shell.db),
        populationHistory(shell.db),
        usedClasses(shell),
      ]);
      const entered = (at: Date, by: string) => ({ at: at.toISOString(), by });
      const byUnit = Map.groupBy(classes, ({ unitId }) => unitId);
      const peopleOf = Map.groupBy(populations, ({ unitId }) => unitId);
      const names = new Set([...used, ...classes.flatMap(({ unitClass }) => unitClass ?? [])]);
      return {
        units: units.map((unit) => ({
          unit: { ...unit },
          classes: (byUnit.get(unit.id) ?? []).map(({ unitClass, from, source, at, byName }) => ({
            ...{ unitClass, from, source },
            ...entered(at, byName),
          })),
          populations: (peopleOf.get(unit.id) ?? []).map(({ year, people, source, at, byName }) => ({
            ...{ year, people, source },
            ...entered(at, byName),
          })),
        })),
        classes: [...names].sort().map((name) => ({ name, used: used.has(name) })),
      };
    },
  });

  app.post("/api/assessment/unit-facts/classes", {
    config: { who: ENTERERS },
    schema: {
      summary: "登记单位分类（自某日起，附依据）：全部保存或一行也不保存；历史保留，已封账的考核期不变",
      body: z.object({ entries: z.array(ClassIn).min(1).max(5000) }),
      response: { 200: EnteredOut },
    },
    handler: async (request) => ({
      entered: await enterClasses(shell, actorOf(request), request.body.entries),
    }),
  });

  app.post("/api/assessment/unit-facts/population", {
    config: { who: ENTERERS },
    schema: {
      summary: "登记单位辖区常住人口（按年份，附依据）：全部保存或一行也不保存；历史保留",
      body: z.object({ entries: z.array(PopulationIn).min(1).max(5000) }),
      response: { 200: EnteredOut },
    },
    handler: async (request) => ({
      entered: await enterPopulations(shell, actorOf(request), request.body.entries),
    }),
  });

  app.post("/api/assessment/unit-facts/classes/paste", {
    config: { who: ENTERERS },
    schema: {
      summary: "查看粘贴的分类表：逐行核对、指出行列和改法；不写入",
      body: z.object({ text: text(500_000), source: Source.default("") }),
      response: { 200: ClassLook },
    },
    handler: async (request) => {
      const { text: pasted, source } = request.body;
      return shown(await lookAtClasses(shell, await rowsOfPaste(shell, pasted), source));
    },
  });

  app.post("/api/assessment/unit-facts/population/paste", {
    config: { who: ENTERERS },
    schema: {
      summary: "查看粘贴的人口表：逐行核对、指出行列和改法；不写入",
      body: z.object({ text: text(500_000), source: Source.default("") }),
      response: { 200: PopulationLook },
    },
    handler: async (request) => {
      const { text: pasted, source } = request.body;
      return shown(await lookAtPopulations(shell, await rowsOfPaste(shell, pasted), source));
    },
  });

  app.post("/api/assessment/unit-facts/read", {
    config: { who: ENTERERS },
    bodyLimit: MOST_BYTES + 64 * 1024,
    schema: {
      summary:
        "读取上传的小表（multipart，字段 file，xlsx、xls 或 csv，不超过 2 MB），答以可粘贴的文本；不写入",
      response: { 200: z.object({ text: z.string() }) },
    },
    handler: async (request) => ({ text: pasteOf(await uploaded(shell, request)) }),
  });
}

async function uploaded(shell: Shell, request: FastifyRequest): Promise<readonly TableRow[]> {
  if (!request.isMultipart()) throw new Refused({ code: "table-refused", why: "没有收到文件，请重新选择" });
  const part = await request.file({ limits: { fileSize: MOST_BYTES, files: 1 } });
  if (!part) throw new Refused({ code: "table-refused", why: "没有收到文件，请重新选择" });
  const bytes = await part.toBuffer().catch((error: unknown) => {
    if (error instanceof Error && "statusCode" in error && error.statusCode === 413)
      throw new Refused({ code: "too-large", limit: "2 MB" });
    throw error;
  });
  return rowsOfFile(shell, part.filename, bytes);
}

/** A copy that may be changed, as the answer's schema has it. */
function shown<T extends object>({ faults, rows, unusedClasses }: Look<T>) {
  return {
    faults: faults.map((fault) => ({ ...fault })),
    rows: rows.map(({ entry, ...row }) => ({ entry: { ...entry }, ...row })),
    unusedClasses: [...unusedClasses],
  };
}
