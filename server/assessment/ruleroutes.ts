/** 考核规则接口. Drafting, checking, comparing, trying, reviewing and putting in force. */
import { STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { parsePeriodName } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { text } from "../ticket/schema.ts";
import {
  bindsBackwards,
  differencesOf,
  draft,
  faultsOf,
  type KeptRuleSet,
  putInForce,
  redraft,
  review,
  ruleSetNamed,
} from "./drafts.ts";
import { TrialOut, trialRun } from "./trialrun.ts";

/** Who writes and reviews rules, and who puts them in force. */
const WRITERS: readonly Role[] = ["assessor", "leader"];
const APPROVERS: readonly Role[] = ["leader"];

const Body = z.record(z.string(), z.unknown());
const Name = z.object({ name: text(64) });
const SignedOut = z.object({ userId: z.string().nullable(), name: z.string(), at: z.string() }).nullable();
const KeptOut = z.object({
  name: z.string(),
  level: z.string(),
  status: z.string(),
  from: z.string(),
  documentNo: z.string(),
  basedOn: z.string().nullable(),
  body: Body,
  drafted: SignedOut,
  reviewed: SignedOut,
  approved: SignedOut,
});
const Written = z.object({ body: Body, documentNo: text(200).default("") });
const out = (kept: KeptRuleSet): z.infer<typeof KeptOut> => ({ ...kept, body: { ...kept.body } });

export function ruleRoutes(app: App, shell: Shell): void {
  app.get("/api/assessment/rules/:name", {
    config: { who: WORKERS },
    schema: { summary: "一个考核规则的全文、文号与签批", params: Name, response: { 200: KeptOut } },
    handler: async (request) => out(await ruleSetNamed(shell, request.params.name)),
  });

  app.post("/api/assessment/rules/check", {
    config: { who: WRITERS },
    schema: {
      summary: "检查规则内容，列出问题（空即无误）",
      body: z.object({ body: Body }),
      response: { 200: z.object({ problems: z.array(z.object({ path: z.string(), text: z.string() })) }) },
    },
    handler: async (request) => ({
      problems: (await faultsOf(shell, request.body.body)).map((each) => ({ ...each })),
    }),
  });

  app.post("/api/assessment/rules", {
    config: { who: WRITERS },
    schema: {
      summary: "起草考核规则",
      body: Written.extend({ basedOn: text(64).nullable().default(null) }),
      response: { 200: KeptOut },
    },
    handler: async (request) => {
      const { body, documentNo, basedOn } = request.body;
      return out(await draft(shell, actorOf(request), body, documentNo, basedOn));
    },
  });

  app.patch("/api/assessment/rules/:name", {
    config: { who: WRITERS },
    schema: { summary: "修改考核规则草稿", params: Name, body: Written, response: { 200: KeptOut } },
    handler: async (request) => {
      const { body, documentNo } = request.body;
      return out(await redraft(shell, actorOf(request), request.params.name, body, documentNo));
    },
  });

  app.get("/api/assessment/rules/:name/diff", {
    config: { who: WORKERS },
    schema: {
      summary: "与上一版（或指定规则）的逐项差异",
      params: Name,
      querystring: z.object({ to: text(64).optional() }),
      response: {
        200: z.object({
          against: z.string().nullable(),
          differences: z.array(
            z.object({ path: z.string(), before: z.string().nullable(), after: z.string().nullable() }),
          ),
        }),
      },
    },
    handler: async (request) => {
      const { against, differences } = await differencesOf(shell, request.params.name, request.query.to);
      return { against, differences: differences.map((each) => ({ ...each })) };
    },
  });

  app.post("/api/assessment/rules/:name/trial", {
    config: { who: WRITERS },
    schema: {
      summary: "试算：以该规则重算以往各期，列出名次、得分变动及原因",
      params: Name,
      body: z.object({
        periods: z
          .array(
            z.string().transform((name, context) => {
              const period = parsePeriodName(name);
              if (period !== null && name >= "2000" && name < "2100") return period;
              context.addIssue({ code: "custom", message: "考核期应写作 2020-12" });
              return z.NEVER;
            }),
          )
          .min(1)
          .max(24),
        scope: z.enum(STAT_SCOPES).default("assessed"),
      }),
      response: { 200: TrialOut },
    },
    handler: async (request) =>
      trialRun(shell, request.params.name, request.body.periods, request.body.scope),
  });

  app.post("/api/assessment/rules/:name/review", {
    config: { who: WRITERS },
    schema: { summary: "审核考核规则（须非起草人）", params: Name, response: { 200: KeptOut } },
    handler: async (request) => out(await review(shell, actorOf(request), request.params.name)),
  });

  app.post("/api/assessment/rules/:name/approve", {
    config: { who: APPROVERS },
    schema: {
      summary: "批准并启用考核规则（须非起草人，且已审核；倒推的须确认）",
      params: Name,
      body: z.object({ confirmBackwards: z.boolean().default(false) }).nullish(),
      response: { 200: KeptOut },
    },
    handler: async (request) => {
      const confirmed = request.body?.confirmBackwards ?? false;
      return out(await putInForce(shell, actorOf(request), request.params.name, confirmed));
    },
  });

  app.get("/api/assessment/rules/:name/backwards", {
    config: { who: WORKERS },
    schema: {
      summary: "启用该规则将倒推哪些已过的日子（空即不倒推）",
      params: Name,
      response: { 200: z.object({ backwards: z.string().nullable() }) },
    },
    handler: async (request) => ({ backwards: await bindsBackwards(shell, request.params.name) }),
  });
}
