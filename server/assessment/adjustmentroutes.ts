/** 加减分接口. The items of a period, what was drafted and decided; a unit sees its own approved ones alone. */
import { ADJUSTMENT_DECIDERS, ADJUSTMENT_DRAFTERS } from "@jiesu/core/assessment/adjusting.ts";
import { plainText } from "@jiesu/core/assessment/adjustment.ts";
import { LEVELS } from "@jiesu/core/assessment/level.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, text } from "../ticket/schema.ts";
import { periodRules, propose, takeStep } from "./adjusting.ts";
import { AdjustmentOut, adjustmentOut, Kind, State } from "./adjustmentout.ts";
import { listAdjustments } from "./adjustments.ts";
import { currentPeriod } from "./figures.ts";
import { ownUnitOf, PeriodQuery } from "./query.ts";

/** Reasons and evidence are read by units and printed in sheets: nobody's number stands in them. */
const bare = (most: number, what: string) =>
  text(most)
    .transform((said) => said.trim())
    .refine((said) => said.length >= 2, `请填写${what}`)
    .refine((said) => !maskText(said).masked, "不能写入电话或证件号码，请删去后再保存");
const Link = text(500).refine(
  (url) => url === "" || /^https?:\/\/[^\s<>"]+$/.test(url),
  "链接应以 http:// 或 https:// 开头",
);

const ItemOut = z.object({
  key: z.string(),
  name: z.string(),
  kind: Kind,
  mostEach: z.string(),
  mostPerUnit: z.string(),
  evidence: z.string(),
  source: z.string(),
});

const ListOut = z.object({
  period: z.object({ name: z.string(), from: z.string(), to: z.string() }),
  level: z.enum(LEVELS),
  closed: z.boolean(),
  rules: z.object({ name: z.string(), title: z.string() }),
  /** What the period's rule set lets be given; null when it has no bonus and penalty points. */
  rule: z
    .object({
      items: z.array(ItemOut),
      mostBonus: z.string(),
      mostPenalty: z.string(),
      least: z.string(),
      most: z.string(),
    })
    .nullable(),
  /** Drafted and not decided. */
  waiting: z.number().int(),
  rows: z.array(AdjustmentOut),
});

export function adjustmentRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/adjustments", {
    config: { who: WORKERS },
    schema: {
      summary: "加减分：本期规则的各项、各单位已登记的加减分及批准情况；承办单位只见本单位已批准的",
      querystring: z.object({
        period: PeriodQuery.optional(),
        level: z.enum(LEVELS).default("district"),
        unit: Id.optional(),
        state: State.optional(),
      }),
      response: { 200: ListOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { level, unit, state } = request.query;
      const own = ownUnitOf(actor);
      const named = request.query.period ?? (await currentPeriod(shell, level)).name;
      const { ruleSet, period, closed } = await periodRules(shell, level, named);
      const unitId = own ?? unit;
      const all = await listAdjustments(shell.db, { level, period: period.name, unitId });
      const seen = own === null ? all : all.filter((each) => each.state === "approved");
      const rule = ruleSet.adjustments;
      return {
        period,
        level,
        closed: closed !== null,
        rules: { name: ruleSet.name, title: ruleSet.title },
        rule:
          rule === undefined
            ? null
            : {
                items: rule.items.map(({ mostEach, mostPerUnit, ...item }) => ({
                  ...item,
                  mostEach: plainText(mostEach),
                  mostPerUnit: plainText(mostPerUnit),
                })),
                mostBonus: plainText(rule.most.bonus),
                mostPenalty: plainText(rule.most.penalty),
                least: plainText(rule.score.least),
                most: plainText(rule.score.most),
              },
        waiting: seen.filter((each) => each.state === "proposed").length,
        rows: seen
          .filter((each) => state === undefined || each.state === state)
          .map((each) => adjustmentOut(each, actor.userId, closed)),
      };
    },
  });

  app.post("/api/assessment/adjustments", {
    config: { who: ADJUSTMENT_DRAFTERS },
    schema: {
      summary: "登记加减分（待他人批准后计入）；超过规则上限、考核期已封账的不予登记并说明",
      body: z.object({
        level: z.enum(LEVELS).default("district"),
        period: PeriodQuery,
        unit: Id,
        item: text(64),
        points: text(20),
        reason: bare(2000, "事由"),
        evidence: bare(2000, "佐证"),
        link: Link.default(""),
        key: z.uuid(),
        late: z.boolean().default(false),
      }),
      response: { 200: AdjustmentOut },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { unit, ...said } = request.body;
      return adjustmentOut(await propose(shell, actor, { ...said, unitId: unit }), actor.userId, null);
    },
  });

  for (const { step, who, summary } of STEPS)
    app.post(`/api/assessment/adjustments/:id/${step}`, {
      config: { who },
      schema: {
        summary,
        params: z.object({ id: Id }),
        body: z.object({ reason: text(2000).default(""), late: z.boolean().default(false) }),
        response: { 200: AdjustmentOut },
      },
      handler: async (request) => {
        const actor = actorOf(request);
        const { reason, late } = request.body;
        const said = { reason: maskText(reason).text, late };
        return adjustmentOut(await takeStep(shell, actor, request.params.id, step, said), actor.userId, null);
      },
    });
}

const STEPS = [
  { step: "approve", who: ADJUSTMENT_DECIDERS, summary: "批准加减分（须非起草人），计入综合得分" },
  { step: "refuse", who: ADJUSTMENT_DECIDERS, summary: "不予批准加减分（须非起草人、写明理由）" },
  { step: "withdraw", who: ADJUSTMENT_DRAFTERS, summary: "起草人撤回待批准的加减分" },
  {
    step: "revoke",
    who: ADJUSTMENT_DECIDERS,
    summary: "撤销已批准的加减分（须非起草人、写明理由），得分复原",
  },
] as const;
