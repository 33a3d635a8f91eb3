/** 规则与设置接口. Calendars and limits with their versions and papers, drafted and put in force; other rules and settings to read. */
import { parseDeadlineRules } from "@jiesu/core/deadline/rules.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import type { ShownSetting } from "../platform/config/config.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { text } from "../ticket/schema.ts";
import { changeDraft, dropDraft, keepDraft, lookAt, movedBy, putInForce } from "./actions.ts";
import { movedBook } from "./movedbook.ts";
import { settingsInWords } from "./periods.ts";
import { Look, RowOut, RuleKind, VersionOut, Written } from "./shape.ts";
import { rowInWords, versionsOf } from "./versions.ts";

/** 系统管理员 drafts, the centre's leader puts in force; never the same person. */
const DRAFTERS: readonly Role[] = ["sysadmin", "leader"];
const APPROVERS: readonly Role[] = ["leader"];
const READERS: readonly Role[] = [...WORKERS, "sysadmin", "secadmin", "auditadmin"];
const ByName = z.object({ name: text(64) });
const Seen = z.object({ version: z.number().int().min(1) });
const Ok = z.object({ ok: z.literal(true) });
const Other = z.object({ kindZh: z.string(), name: z.string(), from: z.string(), source: z.string() });

export function settingRoutes(app: App, shell: Shell, settings: readonly ShownSetting[]): void {
  app.get("/api/settings/rules/:kind", {
    config: { who: READERS },
    schema: {
      summary: "工作日历、时限规则、考核周期或催办阶梯的各版本与依据",
      params: z.object({ kind: RuleKind }),
      response: {
        200: z.array(
          VersionOut.extend({
            rows: z.array(RowOut),
            /** Of periods: the settings in words. */
            words: z.array(z.object({ zh: z.string(), text: z.string() })),
          }),
        ),
      },
    },
    handler: async (request) => {
      const versions = await versionsOf(shell, request.params.kind, shell.now());
      return versions.map((version) => {
        const read = version.kind === "deadline" ? parseDeadlineRules(version.body) : null;
        const words = version.kind === "period" ? settingsInWords(version.body) : [];
        return {
          ...version,
          rows: read?.ok ? read.value.body.rows.map(rowInWords) : [],
          words: words.map(([zh, said]) => ({ zh, text: said })),
        };
      });
    },
  });

  app.get("/api/settings/rules", {
    config: { who: READERS },
    schema: { summary: "其他规则的版本与依据", response: { 200: z.array(Other) } },
    handler: async () => otherRules(shell),
  });

  app.post("/api/settings/rules/look", {
    config: { who: DRAFTERS },
    schema: {
      summary: "检查规则草稿：问题、差异、受影响的在办时限或考核期",
      body: Written,
      response: { 200: Look },
    },
    handler: async (request) => lookAt(shell, request.body),
  });

  app.post("/api/settings/rules/look.xlsx", {
    config: { who: DRAFTERS },
    schema: { summary: "启用前预览：受影响的在办时限逐个列出（Excel）", body: Written },
    handler: async (request, reply) => {
      const moved = await movedBy(shell, request.body);
      return reply
        .type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(
          "content-disposition",
          `attachment; filename*=UTF-8''${encodeURIComponent("受影响的时限.xlsx")}`,
        )
        .send(await movedBook(moved, request.body.source, shell.now()));
    },
  });

  app.post("/api/settings/rules", {
    config: { who: DRAFTERS },
    schema: {
      summary: "起草工作日历、时限规则、考核周期或催办阶梯",
      body: Written,
      response: { 200: z.object({ name: z.string() }) },
    },
    handler: async (request) => ({ name: await keepDraft(shell, actorOf(request), request.body) }),
  });

  app.put("/api/settings/drafts/:name", {
    config: { who: DRAFTERS },
    schema: {
      summary: "修改规则草稿",
      params: ByName,
      body: Written.extend(Seen.shape),
      response: { 200: Ok },
    },
    handler: async (request) => {
      const { version, ...draft } = request.body;
      await changeDraft(shell, actorOf(request), request.params.name, version, draft);
      return { ok: true as const };
    },
  });

  app.post("/api/settings/drafts/:name/drop", {
    config: { who: DRAFTERS },
    schema: { summary: "放弃规则草稿", params: ByName, body: Seen, response: { 200: Ok } },
    handler: async (request) => {
      await dropDraft(shell, actorOf(request), request.params.name, request.body.version);
      return { ok: true as const };
    },
  });

  app.post("/api/settings/drafts/:name/put-in-force", {
    config: { who: APPROVERS },
    schema: {
      summary: "批准并启用规则草稿（须非起草人）",
      params: ByName,
      body: Seen.extend({ confirmBackwards: z.boolean().default(false) }),
      response: { 200: z.object({ moved: z.number() }) },
    },
    handler: async (request) => {
      const { version, confirmBackwards } = request.body;
      const moved = await putInForce(shell, actorOf(request), request.params.name, version, confirmBackwards);
      return { moved };
    },
  });

  app.get("/api/settings/system", {
    config: { who: ["sysadmin", "secadmin", "auditadmin"] },
    schema: {
      summary: "系统设置（只读；密钥和口令不显示）",
      response: {
        200: z.array(
          z.object({
            name: z.string(),
            meaning: z.string(),
            byDefault: z.string(),
            set: z.boolean(),
            value: z.string().nullable(),
          }),
        ),
      },
    },
    handler: async () => settings.map((s) => ({ ...s })),
  });
}

function otherRules(shell: Shell): z.infer<typeof Other>[] {
  const {
    returns,
    checklists,
    problems,
    guards,
    extensions,
    pauses,
    workbench,
    exemptions,
    shelvings,
    triage,
    assessments,
  } = shell.rules;
  const dated = (kindZh: string, versions: readonly { name: string; from: string; source: string }[]) =>
    versions.map(({ name, from, source }) => ({ kindZh, name, from, source }));
  return [
    ...dated("办理约束（退单次数、先联系后反馈）", guards),
    ...dated("退单期限、情形与审核期间时限", returns),
    ...dated("办前检查清单（退市、结案、不纳入考核）", checklists),
    ...dated("问题事件种类、标准与原因", problems),
    ...dated("延期次数、天数与情形", extensions),
    ...dated("暂停计时的理由、材料与天数", pauses),
    ...dated("撤销时限", workbench),
    ...dated("不纳入考核理由与材料", exemptions),
    ...dated("挂账类型与期限", shelvings),
    ...dated("分拣建议权重", triage),
    ...dated("考核规则", assessments),
  ];
}
