/** 回访核对接口. Own and city callbacks compared, how often the own foretell the city's, and why citizens said no; each with its tickets. */
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import type { App } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import {
  ACCURACY_BY,
  accuracy,
  type Discrepancy,
  discrepancies,
  listPairs,
  PAIRS_SHOWN,
} from "./discrepancies.ts";
import { contendersOf, currentPeriod } from "./figures.ts";
import { countReasons, NO_QUESTIONS, REASON_SOURCES, REASONS_BY, reasonTickets } from "./noreasons.ts";
import { PeriodQuery } from "./query.ts";

const count = z.number().int();
const AnswersOut = z.object({
  contacted: z.string().nullable(),
  solved: z.string().nullable(),
  satisfied: z.string().nullable(),
});
const AgreementOut = z.object({ both: count, same: count });
const PairOut = z.object({
  ticketId: z.string(),
  number: z.string(),
  round: count,
  unitId: z.string().nullable(),
  unitName: z.string().nullable(),
  caller: z.string(),
  ownAt: z.iso.datetime(),
  cityAt: z.iso.datetime(),
  own: AnswersOut,
  city: AnswersOut,
});
const Question = z.enum(NO_QUESTIONS);

export function callbackRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/callbacks/discrepancies", {
    config: { who: CENTRE },
    schema: {
      summary: "本中心与市级回访结果不一致的工单",
      querystring: z.object({
        period: PeriodQuery.optional(),
        unit: Id.optional(),
        limit: z.coerce.number().int().min(1).max(500).default(100),
      }),
      response: { 200: z.array(PairOut) },
    },
    handler: async (request) => {
      const { period, unit, limit } = request.query;
      const span = { ...(await spanOf(period)), unitId: unit };
      return (await discrepancies(shell.db, span, limit)).map(pairOut);
    },
  });

  app.get("/api/assessment/callbacks/accuracy", {
    config: { who: CENTRE },
    schema: {
      summary: "本中心回访准确率：按回访员、单位或月份",
      querystring: z.object({ period: PeriodQuery.optional(), by: z.enum(ACCURACY_BY).default("caller") }),
      response: {
        200: z.array(
          z.object({
            key: z.string(),
            name: z.string(),
            pairs: count,
            agreed: count,
            contacted: AgreementOut,
            solved: AgreementOut,
            satisfied: AgreementOut,
          }),
        ),
      },
    },
    handler: async (request) => {
      const { period, by } = request.query;
      return (await accuracy(shell.db, await spanOf(period), by)).map((each) => ({ ...each }));
    },
  });

  app.get("/api/assessment/callbacks/pairs", {
    config: { who: CENTRE },
    schema: {
      summary: "回访准确率所计的工单：某回访员、单位或月份的全部、一致或不一致",
      querystring: z.object({
        period: PeriodQuery.optional(),
        by: z.enum(ACCURACY_BY),
        key: text(64),
        which: z.enum(PAIRS_SHOWN).default("all"),
        limit: z.coerce.number().int().min(1).max(500).default(500),
      }),
      response: { 200: z.array(PairOut) },
    },
    handler: async (request) => {
      const { period, by, key, which, limit } = request.query;
      return (await listPairs(shell.db, await spanOf(period), { which, of: { by, key } }, limit)).map(
        pairOut,
      );
    },
  });

  app.get("/api/assessment/callbacks/reasons", {
    config: { who: CENTRE },
    schema: {
      summary: "“否”的原因：本中心或市级回访，按单位或月份逐题计数",
      querystring: z.object({
        period: PeriodQuery.optional(),
        source: z.enum(REASON_SOURCES).default("own"),
        by: z.enum(REASONS_BY).default("unit"),
      }),
      response: {
        200: z.array(
          z.object({
            key: z.string(),
            name: z.string(),
            question: Question,
            code: z.string(),
            zh: z.string(),
            n: count,
          }),
        ),
      },
    },
    handler: async (request) => {
      const { period, source, by } = request.query;
      const asked = { ...(await spanOf(period)), source };
      return (await countReasons(shell.db, asked, by)).map((each) => ({ ...each }));
    },
  });

  app.get("/api/assessment/callbacks/reasons/tickets", {
    config: { who: CENTRE },
    schema: {
      summary: "某一“否”的原因所计的工单",
      querystring: z.object({
        period: PeriodQuery.optional(),
        source: z.enum(REASON_SOURCES).default("own"),
        question: Question,
        code: text(64).optional(),
        unit: Id.optional(),
        month: text(7).optional(),
        limit: z.coerce.number().int().min(1).max(500).default(500),
      }),
      response: {
        200: z.array(
          z.object({
            ticketId: z.string(),
            number: z.string(),
            title: z.string(),
            round: count,
            unitName: z.string(),
            at: z.iso.datetime(),
            by: z.string(),
            zh: z.string(),
            said: z.string(),
          }),
        ),
      },
    },
    handler: async (request) => {
      const { period, source, unit, limit, ...of } = request.query;
      const asked = { ...(await spanOf(period)), source, unitId: unit };
      return (await reasonTickets(shell.db, asked, of, limit)).map((each) => ({
        ...each,
        at: each.at.toISOString(),
      }));
    },
  });

  async function spanOf(period: PeriodName | undefined) {
    const name = period ?? (await currentPeriod(shell)).name;
    const { chosen } = await contendersOf(shell, name, { scope: "all" });
    return instantsOf(chosen.period);
  }
}

function pairOut(pair: Discrepancy): z.infer<typeof PairOut> {
  return {
    ...pair,
    own: { ...pair.own },
    city: { ...pair.city },
    ownAt: pair.ownAt.toISOString(),
    cityAt: pair.cityAt.toISOString(),
  };
}
