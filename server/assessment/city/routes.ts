/** 市级结果对账接口. Differences by cause, a line with both readings, matching, adopting, disputes, the levels compared. */
import { causeRow } from "@jiesu/core/assessment/causes.ts";
import { z } from "zod";
import { audit } from "../../platform/auth/sessions.ts";
import { Refused } from "../../platform/errors.ts";
import { type App, actorOf } from "../../platform/http/app.ts";
import { CENTRE } from "../../platform/http/who.ts";
import type { Shell } from "../../platform/shell.ts";
import { Id, text } from "../../ticket/schema.ts";
import { PeriodQuery } from "../query.ts";
import { unitNames } from "../store.ts";
import { comparisonBook, differencesBook } from "./book.ts";
import { compareLevels } from "./compare.ts";
import { cityFileRoutes, SETTLERS } from "./fileroutes.ts";
import { reconcile } from "./reckon.ts";
import { matchingsOf } from "./reckonstore.ts";
import {
  ANSWERS_TO_DISPUTE,
  adoptReadings,
  answerDispute,
  type Chosen,
  dispute,
  matchByHand,
  nameUnit,
} from "./settle.ts";
import {
  ActOut,
  actOut,
  CauseKey,
  ComparisonOut,
  comparisonOut,
  LineOut,
  lineOut,
  STATES,
  SummaryOut,
  stateOf,
  summaryOut,
  unitsIn,
} from "./shape.ts";

const Of = z.object({ period: PeriodQuery });
const Key = z.string().regex(/^[0-9a-f]{20}$|^o\d{1,18}-\d{1,5}$/, "没有这一行");
const Keys = z.array(Key).min(1, "请选择要处置的行").max(500);
const Which = z.object({ keys: Keys.optional(), cause: CauseKey.optional() });
const reason = (what: string) => text(500).refine((said) => said.trim() !== "", what);
const Ok = z.object({ ok: z.literal(true) });
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

export function cityResultRoutes(app: App, shell: Shell): void {
  cityFileRoutes(app, shell);

  app.get("/api/assessment/city-results/:period", {
    config: { who: CENTRE },
    schema: { summary: "对账概况：相同、差异、按可能原因分", params: Of, response: { 200: SummaryOut } },
    handler: async (request) => summaryOut(await reconcile(shell, request.params.period)),
  });

  app.get("/api/assessment/city-results/:period/lines", {
    config: { who: CENTRE },
    schema: {
      summary: "逐件差异：两边的读法并列",
      params: Of,
      querystring: z.object({
        cause: CauseKey.optional(),
        unit: Id.optional(),
        state: z.enum(STATES).optional(),
        number: text(80).optional(),
        skip: z.coerce.number().int().min(0).max(1_000_000).default(0),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: {
        200: z.object({ total: z.number().int(), rows: z.array(LineOut), next: z.number().int().nullable() }),
      },
    },
    handler: async (request) => {
      const { cause, unit, state, number, skip, limit } = request.query;
      const { lines } = await reconcile(shell, request.params.period);
      const wanted = lines.filter(
        (line) =>
          (state === undefined ? line.fields.length > 0 : stateOf(line) === state) &&
          (cause === undefined || line.cause === cause) &&
          (unit === undefined || [line.city?.unitId, line.ours?.unitId].includes(unit)) &&
          (number === undefined || (line.line?.number ?? line.round?.number) === number),
      );
      const page = wanted.slice(skip, skip + limit);
      const names = await unitNames(shell.db, unitsIn(page));
      return {
        total: wanted.length,
        rows: page.map((line) => lineOut(line, names)),
        next: skip + limit < wanted.length ? skip + limit : null,
      };
    },
  });

  app.get("/api/assessment/city-results/:period/lines/:key", {
    config: { who: CENTRE },
    schema: {
      summary: "一行：两边的读法、可对应的轮次、处置经过",
      params: Of.extend({ key: Key }),
      response: {
        200: z.object({
          line: LineOut,
          todo: z.string(),
          candidates: z.array(
            z.object({
              ticketId: z.string(),
              number: z.string(),
              round: z.number().int(),
              unit: z.string(),
              countedAt: z.iso.datetime(),
              void: z.boolean(),
            }),
          ),
          acts: z.array(ActOut),
          matchings: z.array(
            z.object({
              number: z.string().nullable(),
              round: z.number().int().nullable(),
              reason: z.string(),
              at: z.iso.datetime(),
              by: z.string(),
            }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const { period, key } = request.params;
      const { lines } = await reconcile(shell, period);
      const line = lines.find((each) => each.key === key);
      if (!line) throw new Refused({ code: "city-line-unknown" });
      const candidates = line.match?.ok === false ? line.match.candidates : [];
      const ids = [...unitsIn([line]), ...candidates.flatMap(({ unitId }) => unitId ?? [])];
      const [names, matchings] = await Promise.all([
        unitNames(shell.db, ids),
        matchingsOf(shell.db, period, key),
      ]);
      return {
        line: lineOut(line, names),
        todo: line.cause === null ? "" : causeRow(line.cause).todo,
        candidates: candidates.map((each) => ({
          ...{ ticketId: each.ticketId, number: line.line?.number ?? "", round: each.round, void: each.void },
          unit: names.get(each.unitId ?? "")?.shortName ?? "",
          countedAt: new Date(each.countedAt).toISOString(),
        })),
        acts: line.acts.map(actOut),
        matchings: matchings.map(({ number, round, reason: why, at, by }) => ({
          ...{ number, round, reason: why, by },
          at: at.toISOString(),
        })),
      };
    },
  });

  app.post("/api/assessment/city-results/:period/matches", {
    config: { who: SETTLERS },
    schema: {
      summary: "人工对应：文件的一行对应到哪张工单的哪一轮；to 为空即取消",
      params: Of,
      body: z.object({
        key: Key,
        to: z.object({ number: text(80).min(1), round: z.number().int().min(1).max(1000) }).nullable(),
        reason: reason("请填写对应的理由"),
      }),
      response: { 200: Ok },
    },
    handler: async (request) => {
      const { key, to, reason: why } = request.body;
      await matchByHand(shell, actorOf(request), request.params.period, key, to, why.trim());
      return { ok: true as const };
    },
  });

  app.post("/api/assessment/city-results/units", {
    config: { who: SETTLERS },
    schema: {
      summary: "市级文件中的单位名对应到本区单位，各期通用",
      body: z.object({ name: text(200).min(1), unitId: Id }),
      response: { 200: Ok },
    },
    handler: async (request) => {
      await nameUnit(shell, actorOf(request), request.body.name, request.body.unitId);
      return { ok: true as const };
    },
  });

  app.post("/api/assessment/city-results/:period/adopt", {
    config: { who: SETTLERS },
    schema: {
      summary: "采用市级结果：所选各行，或一种原因的全部；一次至多 500 行，left 为尚余",
      params: Of,
      body: Which,
      response: {
        200: z.object({
          adopted: z.number().int(),
          refused: z.array(z.object({ key: z.string(), number: z.string(), why: z.string() })),
          left: z.number().int(),
        }),
      },
    },
    handler: async (request) => {
      const done = await adoptReadings(
        shell,
        actorOf(request),
        request.params.period,
        chosenOf(request.body),
      );
      return { ...done, refused: done.refused.map((each) => ({ ...each })) };
    },
  });

  app.post("/api/assessment/city-results/:period/disputes", {
    config: { who: SETTLERS },
    schema: {
      summary: "提出异议：所选各行，或一种原因的全部",
      params: Of,
      body: Which.extend({ reason: reason("请填写异议理由") }),
      response: { 200: z.object({ disputed: z.number().int() }) },
    },
    handler: async (request) => {
      const { reason: why, ...which } = request.body;
      const { period } = request.params;
      return { disputed: await dispute(shell, actorOf(request), period, chosenOf(which), why.trim()) };
    },
  });

  app.post("/api/assessment/city-results/:period/disputes/answer", {
    config: { who: SETTLERS },
    schema: {
      summary: "登记异议的答复：corrected 市级已更正，kept 市级维持，dropped 撤回异议",
      params: Of,
      body: z.object({ keys: Keys, answer: z.enum(ANSWERS_TO_DISPUTE), note: text(500).default("") }),
      response: { 200: z.object({ answered: z.number().int() }) },
    },
    handler: async (request) => {
      const { keys, answer, note } = request.body;
      const { period } = request.params;
      return { answered: await answerDispute(shell, actorOf(request), period, keys, answer, note.trim()) };
    },
  });

  app.get("/api/assessment/city-results/:period/comparison", {
    config: { who: CENTRE },
    schema: {
      summary: "市区对照：各单位市级公布、逐件推算、本区市级口径、区级成绩并列",
      params: Of,
      response: { 200: ComparisonOut },
    },
    handler: async (request) => comparisonOut(await compareLevels(shell, request.params.period)),
  });

  app.get("/api/assessment/city-results/:period/comparison.xlsx", {
    config: { who: CENTRE },
    schema: { summary: "市区对照（Excel）", params: Of },
    handler: async (request, reply) => {
      const { period } = request.params;
      const actor = actorOf(request);
      const book = await comparisonBook(comparisonOut(await compareLevels(shell, period)), shell.now());
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { cityComparison: period },
      });
      return sheet(reply, `${period} 市区对照.xlsx`).send(book);
    },
  });

  app.get("/api/assessment/city-results/:period/differences.xlsx", {
    config: { who: CENTRE },
    schema: { summary: "逐件差异（Excel）", params: Of },
    handler: async (request, reply) => {
      const { period } = request.params;
      const actor = actorOf(request);
      const found = await reconcile(shell, period);
      const differing = found.lines.filter(({ fields }) => fields.length > 0);
      const names = await unitNames(shell.db, unitsIn(differing));
      const rows = differing.map((line) => lineOut(line, names));
      const book = await differencesBook(summaryOut(found), rows, shell.now());
      await audit(shell.db, shell.now(), actor.userId, actor.name, "export", {
        detail: { cityDifferences: period, rows: rows.length },
      });
      return sheet(reply, `${period} 市级结果差异.xlsx`).send(book);
    },
  });
}

function chosenOf({ keys, cause }: z.infer<typeof Which>): Chosen {
  if (keys !== undefined && cause === undefined) return { keys };
  if (cause !== undefined && keys === undefined) return { cause };
  throw new Refused({ code: "bad-input", message: "请选择若干行，或选择一种原因" });
}

function sheet<R extends { header(name: string, value: string): R }>(reply: R, name: string): R {
  return reply
    .header("content-type", XLSX)
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`);
}
