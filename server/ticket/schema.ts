/** The shapes that cross the door: inputs of every move, rows of a list, the ticket page. One zod schema each. */
import { ALL_CLOCKS } from "@jiesu/core/deadline/kind.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { LIFECYCLE, MOVES, type Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { MoveInput } from "@jiesu/core/ticket/moves.ts";
import { ALL_STATES } from "@jiesu/core/ticket/state.ts";
import { z } from "zod";

/** Written in one way only: "07" would pass for another ticket than "7". */
export const Id = z.string().regex(/^[1-9]\d{0,17}$/, "编号格式不正确");
export const Instant = z.iso.datetime();

/** Free text: no NUL, no lone surrogates (PostgreSQL keeps neither), bounded. */
export const text = (max: number) =>
  z
    .string()
    .max(max, `不能超过 ${max} 个字`)
    .refine((s) => !s.includes("\0") && s.isWellFormed(), "含有无法保存的字符");

const long = text(20_000);
const short = text(200);
/** What lists, exports and messages show of a ticket holds nobody's number: at receipt it was covered and sealed. */
const bare = (max: number) =>
  text(max).refine((s) => !maskText(s).masked, "不能写入电话或证件号码，请删去后再保存");
export const Answers = z.object({
  contacted: z.enum(["yes", "no"]).optional(),
  solved: z.enum(["yes", "partly", "no"]).optional(),
  satisfied: z.enum(["satisfied", "basically", "dissatisfied"]).optional(),
});
export const Reasons = z.object({
  contacted: short.optional(),
  solved: short.optional(),
  satisfied: short.optional(),
  missed: short.optional(),
});
/** Address of a recording in the telephone system: of the web, so that it can be heard, and never a script. */
export const Recording = text(500).refine(
  (url) => /^https?:\/\/[^\s<>"]+$/.test(url),
  "录音地址应以 http:// 或 https:// 开头",
);
const Level = z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]);
const coUnits = z.array(Id).max(20).default([]);
const cited = z.array(Id).min(1).max(5).optional();
export const Article = z.object({
  paper: short,
  article: text(100).default(""),
  text: text(2000).default(""),
});
const Ruling = z.object({
  leadUnitId: Id,
  coUnitIds: coUnits,
  basis: long,
  reasons: long.optional(),
  articles: z.array(Article).max(20).optional(),
  precedents: cited,
});

/** The input of each move. A move of the table without a schema does not compile. */
export const MOVE_INPUT: { readonly [M in Move]: z.ZodType<MoveInput[M]> } = {
  sign: z.object({}),
  watch: z.object({}),
  recordCityClosing: z.object({ reply: long.default("") }),
  replyDirectly: z.object({ reply: long }),
  handleDirectly: z.object({ reply: long }),
  dispatch: z.object({
    leadUnitId: Id,
    coUnitIds: coUnits,
    opinion: long.default(""),
    designated: z.boolean().default(false),
    precedents: cited,
  }),
  merge: z.object({ into: Id }),
  unmerge: z.object({}),
  accept: z.object({}),
  contact: z.object({ way: short, note: long.default("") }),
  report: z.object({ text: long, outcome: z.enum(["solved", "partly", "unsolved", "explained"]) }),
  askExtension: z.object({ ground: short, reason: long, days: z.number().int().min(1).max(365) }),
  grantExtension: z.object({ opinion: long.default("") }),
  refuseExtension: z.object({ opinion: long }),
  askPause: z.object({
    ground: short,
    evidence: long,
    reason: long.default(""),
    days: z.number().int().min(1).max(365),
  }),
  grantPause: z.object({ opinion: long.default("") }),
  refusePause: z.object({ opinion: long }),
  endPause: z.object({ note: long.default("") }),
  returnToCentre: z.object({
    kind: short.optional(),
    ground: long,
    evidence: long.optional(),
    suggestUnit: short.default(""),
  }),
  acceptReturn: z.object({ note: long.default("") }),
  refuseReturn: z.object({ reason: long }),
  openOwnership: z.object({ reason: long }),
  rule: Ruling,
  rerule: Ruling,
  applyWithdraw: z.object({ ground: long }),
  acceptWithdraw: z.object({ note: long.default("") }),
  rejectWithdraw: z.object({ reason: long }),
  passReview: z.object({ note: long.default("") }),
  rework: z.object({ reason: long }),
  callback: z.object({
    outcome: z.enum(["answered", "refused", "unreached"]),
    answers: Answers.default({}),
    reason: long.default(""),
    note: long.default(""),
    reasons: Reasons.optional(),
    talkSeconds: z.number().int().min(0).max(86_400).optional(),
    recording: Recording.optional(),
  }),
  callbackMissed: z.object({
    note: long.default(""),
    reasons: Reasons.pick({ missed: true }).optional(),
    nextAt: Instant.transform((at) => Date.parse(at)).optional(),
    recording: Recording.optional(),
  }),
  approveClosing: z.object({ note: long.default("") }),
  refuseReply: z.object({ reason: long }),
  reopen: z.object({ reason: long }),
  shelve: z.object({ reason: long }),
  unshelve: z.object({ note: long.default("") }),
  urge: z.object({ text: long.default("") }),
  note: z.object({ text: long }),
  correct: z.object({
    fields: z.object({
      level: Level.optional(),
      kind: short.optional(),
      title: bare(200).optional(),
      category1: short.optional(),
      category2: short.optional(),
      category3: short.optional(),
      street: short.optional(),
      community: short.optional(),
      address: bare(500).optional(),
    }),
  }),
  cityResult: z.object({
    outcome: z.enum(["answered", "missed", "refused"]).nullable().default(null),
    answers: Answers.default({}),
    reasons: Reasons.omit({ missed: true }).optional(),
    reason: long.default(""),
    scope: z.enum(["full", "responseOnly", "exempt"]).nullable().default(null),
    scopeNote: long.default(""),
    round: z.number().int().min(1).max(1000).optional(),
    valid: z.boolean().optional(),
  }),
};

export const MoveName = z.enum(MOVES as [Move, ...Move[]]);
export const State = z.enum(ALL_STATES as [string, ...string[]]);
export const MOVE_ZH: ReadonlyMap<string, string> = new Map(LIFECYCLE.map((s) => [s.move, s.zh]));

const UnitRef = z.object({ id: z.string(), name: z.string() });
const At = Instant.nullable();

export const TicketRow = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  excerpt: z.string(),
  channel: z.string(),
  level: z.number(),
  state: z.string(),
  stateZh: z.string(),
  category: z.string(),
  street: z.string(),
  community: z.string(),
  leadUnit: UnitRef.nullable(),
  receivedAt: Instant,
  dueAt: At,
  dueKind: z.string().nullable(),
  dueKindZh: z.string().nullable(),
  nearAt: At,
  round: z.number(),
  returns: z.number(),
  version: z.number(),
});
export type TicketRow = z.infer<typeof TicketRow>;

export const TicketPage = z.object({ rows: z.array(TicketRow), next: z.string().nullable() });

const AssignmentOut = z.object({
  id: z.string(),
  round: z.number(),
  part: z.enum(["lead", "co"]),
  unit: UnitRef,
  state: z.string(),
  stateZh: z.string(),
  opinion: z.string(),
  designated: z.boolean(),
  dispatchedAt: Instant,
  acceptedAt: At,
  contactedAt: At,
  contactWay: z.string().nullable(),
  reportedAt: At,
  report: z.string().nullable(),
  outcome: z.string().nullable(),
  endedAt: At,
  endedAs: z.string().nullable(),
});
const ClockOut = z.object({
  kind: z.string(),
  kindZh: z.string(),
  round: z.number(),
  state: z.string(),
  startedAt: Instant,
  dueAt: Instant,
  nearAt: Instant,
  /** 暂停至: of a clock that rests and goes on by itself. */
  pausedUntil: At,
  stoppedAt: At,
  late: z.boolean(),
  limitZh: z.string(),
  rule: z.string(),
});
const CallbackOut = z.object({
  id: z.string(),
  round: z.number(),
  source: z.enum(["own", "city"]),
  outcome: z.string(),
  contacted: z.string().nullable(),
  solved: z.string().nullable(),
  satisfied: z.string().nullable(),
  reason: z.string(),
  /** 原因 chosen from the lists, by question, in the words of the day. */
  reasons: z.record(z.string(), z.string()),
  note: z.string(),
  talkSeconds: z.number().nullable(),
  /** Whether there is a recording to hear, for those who may. */
  recorded: z.boolean(),
  at: Instant,
  userName: z.string(),
});
const EventOut = z.object({
  id: z.string(),
  kind: z.string(),
  zh: z.string(),
  fromState: z.string().nullable(),
  toState: z.string().nullable(),
  round: z.number(),
  at: Instant,
  userName: z.string(),
  roleZh: z.string(),
  unit: UnitRef.nullable(),
  data: z.record(z.string(), z.unknown()),
  by: z.enum(["person", "machine"]),
  /** A step of the ticket or of a co-handler; else a mere record. */
  step: z.boolean(),
  /** Before and after, in words. */
  changes: z.array(z.object({ zh: z.string(), before: z.string().nullable(), after: z.string() })),
});

const AttachmentOut = z.object({
  id: z.string(),
  name: z.string(),
  mime: z.string(),
  size: z.number(),
  round: z.number(),
  at: Instant,
  userName: z.string(),
  unit: UnitRef.nullable(),
  hidden: z.object({ at: Instant, userName: z.string(), reason: z.string() }).nullable(),
  mayHide: z.boolean(),
});

const ExtensionOut = z.object({
  pending: z
    .object({
      id: z.string(),
      days: z.number(),
      groundZh: z.string(),
      reason: z.string(),
      at: Instant,
      userName: z.string(),
      /** When the report would be due. */
      wouldBeDueAt: At,
    })
    .nullable(),
  granted: z.number(),
  dueAt: At,
  cityDue: z.boolean(),
});

const PauseOut = z.object({
  pending: z
    .object({
      ...{ id: z.string(), days: z.number(), code: z.string(), zh: z.string() },
      clocks: z.array(z.enum(ALL_CLOCKS)).readonly(),
      ...{ evidence: z.string(), reason: z.string(), at: Instant, userName: z.string() },
      /** If it is granted today. */
      until: Instant,
    })
    .nullable(),
  running: z
    .object({
      ...{ id: z.string(), groundZh: z.string(), until: Instant, since: Instant, userName: z.string() },
      clocksZh: z.array(z.string()),
    })
    .nullable(),
  granted: z.record(z.string(), z.number()),
  dueAt: At,
  cityDueAt: At,
});

export const TicketDetail = TicketRow.extend({
  content: z.string(),
  kind: z.string(),
  path: z.string(),
  district: z.string(),
  address: z.string(),
  enterprise: z.string(),
  category1: z.string(),
  category2: z.string(),
  category3: z.string(),
  reply: z.string(),
  closingKind: z.string().nullable(),
  cityDispatchedAt: At,
  cityDueAt: At,
  closedAt: At,
  mergedInto: z.object({ id: z.string(), number: z.string() }).nullable(),
  extra: z.record(z.string(), z.unknown()),
  requester: z
    .object({ name: z.string(), phone: z.string(), account: z.string(), textMasked: z.boolean() })
    .nullable(),
  assignments: z.array(AssignmentOut),
  clocks: z.array(ClockOut),
  callbacks: z.array(CallbackOut),
  events: z.array(EventOut),
  attachments: z.array(AttachmentOut),
  /** The dated settings that guards read today, so that a form can say beforehand what would be refused. */
  guards: z.object({
    maxReturns: z.number(),
    contactBeforeReport: z.boolean(),
    returns: z.object({
      window: z
        .object({
          from: z.enum(["dispatch", "accept"]),
          hours: z.object({ 1: z.number(), 2: z.number(), 3: z.number(), 4: z.number() }),
        })
        .nullable(),
      inReview: z.enum(["pause", "run"]),
      grounds: z
        .array(
          z.object({
            code: z.string(),
            zh: z.string(),
            evidence: z.string(),
            evidenceNeeded: z.boolean(),
            unitNeeded: z.boolean(),
          }),
        )
        .readonly(),
    }),
    extension: z.object({
      maxTimes: z.number(),
      maxDays: z.number(),
      afterDue: z.boolean(),
      grounds: z.array(z.object({ code: z.string(), zh: z.string() })).readonly(),
    }),
    pause: z.object({
      grounds: z
        .array(
          z.object({
            ...{ code: z.string(), zh: z.string(), evidence: z.string() },
            clocks: z.array(z.enum(ALL_CLOCKS)).readonly(),
            ...{ maxDays: z.number(), maxTimes: z.number() },
          }),
        )
        .readonly(),
    }),
  }),
  /** 退单: which one it would be (or is, in review), and until when it may be made; null where no unit could. */
  returning: z.object({ nth: z.number(), until: At }).nullable(),
  /** 延期: how the ticket stands towards one; null where no unit handles it. */
  extension: ExtensionOut.nullable(),
  /** 暂停计时, likewise. */
  pause: PauseOut.nullable(),
  /** The move that I may take back now, and until when. */
  undo: z.object({ move: z.string(), zh: z.string(), until: Instant }).nullable(),
  moves: z.array(z.string()),
  coMoves: z.array(
    z.object({ assignmentId: z.string(), moves: z.array(z.object({ move: z.string(), zh: z.string() })) }),
  ),
});
export type TicketDetail = z.infer<typeof TicketDetail>;
