/** The shapes in which cases and precedents cross the door. */

import { ALL_VERSION_STATES, PRECEDENT_STEPS, type VersionState } from "@jiesu/core/ownership/precedent.ts";
import { ALL_CASE_STATES, CASE_STEPS, type CaseState, type CaseStep } from "@jiesu/core/ownership/steps.ts";
import { z } from "zod";
import { Article, Id, Instant, text } from "../ticket/schema.ts";
import { PRECEDENT_STANDINGS } from "./standing.ts";

const Unit = z.object({ id: z.string(), name: z.string() });
const At = Instant.nullable();
export const CaseStateName = z.enum(ALL_CASE_STATES as [CaseState, ...CaseState[]]);
const CaseStepName = z.enum(CASE_STEPS.map((each) => each.step) as [CaseStep, ...CaseStep[]]);
const ArticleOut = z.object({ paper: z.string(), article: z.string(), text: z.string() });
const FileOut = z.object({ id: z.string(), name: z.string(), mime: z.string() });

export const CaseRow = z.object({
  id: z.string(),
  number: z.string(),
  ticket: z.object({
    id: z.string(),
    number: z.string(),
    title: z.string(),
    stateZh: z.string(),
    level: z.number(),
  }),
  state: CaseStateName,
  stateZh: z.string(),
  openedAt: Instant,
  openedBy: z.string(),
  reason: z.string(),
  parties: z.array(Unit),
  /** Parties whose claim is in. */
  claimed: z.number().int(),
  claimBy: Instant,
  /** 确权裁定 is due by the ticket's own clock. */
  dueAt: At,
  lead: Unit.nullable(),
  appealBy: At,
  mine: z.boolean(),
});

export const CaseDetail = CaseRow.extend({
  ticketText: z.object({
    content: z.string(),
    address: z.string(),
    street: z.string(),
    community: z.string(),
    category: z.string(),
    returns: z.number().int(),
    /** Whether this person may open the ticket itself. */
    open: z.boolean(),
  }),
  returned: z.array(z.object({ unit: z.string(), ground: z.string(), suggest: z.string(), at: Instant })),
  claims: z.array(
    z.object({
      unit: Unit,
      because: z.enum(["led", "invited", "ruled"]),
      /** hidden: stated, but not for this person to read yet. */
      standing: z.enum(["none", "hidden", "shown"]),
      claim: z
        .object({
          position: z.enum(["mine", "shared", "notMine"]),
          statement: z.string(),
          articles: z.array(ArticleOut),
          suggest: Unit.nullable(),
          files: z.array(FileOut),
          late: z.boolean(),
          at: Instant,
          by: z.string(),
          versions: z.number().int(),
        })
        .nullable(),
    }),
  ),
  site: z.object({ text: z.string(), files: z.array(FileOut) }),
  meetings: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(["onSite", "office"]),
      startsAt: Instant,
      place: z.string(),
      agenda: z.string(),
      state: z.enum(["called", "held", "cancelled", "moved"]),
      attendance: z.array(
        z.object({
          unit: z.string(),
          name: z.string(),
          post: z.string(),
          presence: z.enum(["present", "excused", "observer"]),
        }),
      ),
      minutes: z.string(),
      files: z.array(FileOut),
      calledBy: z.string(),
    }),
  ),
  opinion: z
    .object({
      lead: Unit,
      co: z.array(Unit),
      text: z.string(),
      articles: z.array(ArticleOut),
      at: Instant,
      by: z.string(),
    })
    .nullable(),
  report: z
    .object({
      to: z.string(),
      note: z.string(),
      at: Instant,
      by: z.string(),
      answer: z
        .object({
          decision: z.enum(["agreed", "other"]),
          text: z.string(),
          paper: z.string(),
          from: z.string(),
          at: Instant,
          by: z.string(),
        })
        .nullable(),
    })
    .nullable(),
  ruling: z
    .object({
      lead: Unit,
      co: z.array(Unit),
      basis: z.string(),
      reasons: z.string(),
      articles: z.array(ArticleOut),
      at: Instant,
      by: z.string(),
    })
    .nullable(),
  appeal: z
    .object({
      unit: Unit,
      reason: z.string(),
      files: z.array(FileOut),
      at: Instant,
      by: z.string(),
      outcome: z.enum(["upheld", "changed"]).nullable(),
      reasons: z.string(),
      decidedAt: At,
      decidedBy: z.string(),
    })
    .nullable(),
  steps: z.array(
    z.object({
      step: z.string(),
      stepZh: z.string(),
      at: Instant,
      by: z.string(),
      unit: z.string().nullable(),
      note: z.string(),
    }),
  ),
  /** What this person may do now. */
  may: z.array(CaseStepName),
  precedentId: z.string().nullable(),
  mayDraft: z.boolean(),
});

export const Files = z.array(Id).max(30).default([]);
export const Articles = z
  .array(Article.extend({ paper: text(200).refine((s) => s.trim() !== "", "请写明文件名称") }))
  .max(20)
  .default([]);
export const Said = text(20_000).refine((s) => s.trim().length >= 2, "不能为空");

const Day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "日期应写作 2026-12-31");

/** A version's own words, as they are written. */
export const PrecedentIn = z.object({
  title: text(200).refine((s) => s.trim() !== "", "请填写标题"),
  category1: text(100).default(""),
  category2: text(100).default(""),
  category3: text(100).default(""),
  street: text(100).default(""),
  community: text(100).default(""),
  spot: text(100).default(""),
  words: z
    .array(text(20).refine((s) => s.trim() !== "", "事项词不能为空"))
    .max(20)
    .default([]),
  leadUnitId: Id,
  coUnitIds: z.array(Id).max(20).default([]),
  reason: Said,
  from: Day,
  to: Day.nullable(),
});

const PrecedentStepName = z.enum(
  PRECEDENT_STEPS.map((each) => each.step) as [
    (typeof PRECEDENT_STEPS)[number]["step"],
    ...(typeof PRECEDENT_STEPS)[number]["step"][],
  ],
);

export const VersionOut = z.object({
  id: z.string(),
  version: z.number().int(),
  state: z.enum(ALL_VERSION_STATES as [VersionState, ...VersionState[]]),
  /** 有效, 未生效, 已到期 beside the state of the version. */
  standing: z.enum(PRECEDENT_STANDINGS),
  standingZh: z.string(),
  title: z.string(),
  category1: z.string(),
  category2: z.string(),
  category3: z.string(),
  street: z.string(),
  community: z.string(),
  spot: z.string(),
  words: z.array(z.string()),
  lead: Unit,
  co: z.array(Unit),
  reason: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  writtenBy: z.string(),
  writtenAt: Instant,
  publishedAt: At,
  publishedBy: z.string().nullable(),
  endedAt: At,
  cited: z.number().int(),
  returned: z.number().int(),
});

export const PrecedentRow = VersionOut.extend({
  precedentId: z.string(),
  number: z.string(),
  caseId: z.string(),
  caseNumber: z.string(),
});

export const PrecedentDetail = z.object({
  id: z.string(),
  number: z.string(),
  caseId: z.string(),
  caseNumber: z.string(),
  /** The newest first. */
  versions: z.array(VersionOut),
  steps: z.array(
    z.object({
      version: z.number().int(),
      stepZh: z.string(),
      at: Instant,
      by: z.string(),
      note: z.string(),
    }),
  ),
  citing: z.array(
    z.object({
      ticket: z.object({ id: z.string(), number: z.string(), title: z.string(), stateZh: z.string() }),
      version: z.number().int(),
      round: z.number().int(),
      at: Instant,
      by: z.string(),
      unit: z.string().nullable(),
      returned: z.enum(["returned", "asked"]).nullable(),
    }),
  ),
  may: z.array(PrecedentStepName),
});
