/** 规则版本的字段. What the routes of calendars and limits take and answer. */
import { z } from "zod";
import { addWordings } from "../platform/errors.ts";
import { text } from "../ticket/schema.ts";

addWordings({
  "setting-faults": {
    status: 422,
    zh: (r) => `内容有 ${String(r.n)} 处问题，请改正后再保存：${String(r.first)}`,
  },
  "setting-day": { status: 422, zh: (r) => String(r.message) },
  "setting-backwards": {
    status: 409,
    zh: (r) => `${String(r.backwards)}请核对后勾选“确认倒推”再启用。`,
  },
  "setting-in-force": { status: 409, zh: () => "该版本已启用，不能再改；请另起草一版。" },
  "setting-own-draft": { status: 409, zh: () => "起草人不能批准自己起草的版本，请由另一人批准启用。" },
  "setting-changed": { status: 409, zh: () => "草稿已由他人先一步修改，请刷新核对后再操作。" },
});

export const RuleKind = z.enum(["calendar", "deadline", "period", "urging"]);
export type RuleKind = z.infer<typeof RuleKind>;
export const Body = z.record(z.string(), z.unknown());
export const Written = z.object({ kind: RuleKind, from: text(10), source: text(300), body: Body });

export const ProblemOut = z.object({ path: z.string(), text: z.string() });
const DifferenceOut = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
const Counts = { moved: z.number(), earlier: z.number(), later: z.number(), overdue: z.number() };
const Group = z.object({ name: z.string(), ...Counts });
export const Preview = z.object({
  /** Running clocks that could be moved. */
  open: z.number(),
  /** Of them: those whose due time is another; earlier, later; overdue the moment they are moved. */
  ...Counts,
  byUnit: z.array(Group),
  byClock: z.array(Group),
  first: z.array(
    z.object({
      ...{ ticketId: z.string(), number: z.string(), unit: z.string(), kindZh: z.string() },
      ...{ before: z.iso.datetime(), after: z.iso.datetime(), overdue: z.boolean() },
    }),
  ),
  /** Limits alone: clocks begun in the last days, late under their own limits, and under the draft's. */
  recent: z
    .object({
      ...{ days: z.number(), clocks: z.number(), moved: z.number() },
      ...{ late: z.number(), wouldBeLate: z.number() },
    })
    .nullable(),
});
const Days = z.object({ from: z.string(), to: z.string() });
/** 考核周期: periods with other limits, and the counted rounds whose days come into another period. */
export const PeriodPreview = z.object({
  changed: z.array(
    z.object({
      ...{ name: z.string(), before: Days, after: Days },
      ...{ doneBefore: Days, doneAfter: Days },
    }),
  ),
  moves: z.array(z.object({ from: z.string(), to: z.string(), days: Days, tickets: z.number() })),
  tickets: z.number(),
  /** What has begun already and would be cut otherwise, in words; null where nothing has. */
  backwards: z.string().nullable(),
});
/** 催办阶梯: running clocks that come to another step, or at another time, than under the ladder in force. */
export const LadderPreview = z.object({
  clocks: z.number(),
  changed: z.number(),
  ...{ earlier: z.number(), later: z.number(), added: z.number(), dropped: z.number() },
  /** Urges that would go out the moment it begins, and would not otherwise. */
  atOnce: z.number(),
  /** To how many clocks each step comes next. */
  steps: z.array(z.object({ zh: z.string(), before: z.number(), after: z.number() })),
  first: z.array(
    z.object({
      ...{ ticketId: z.string(), number: z.string(), unit: z.string(), clockZh: z.string() },
      ...{ before: z.string().nullable(), after: z.string().nullable() },
    }),
  ),
});
export const Look = z.object({
  problems: z.array(ProblemOut),
  /** The version that it would follow. */
  against: z.string().nullable(),
  differences: z.array(DifferenceOut),
  /** What it would move; null while the draft has faults, and of periods. */
  clocks: Preview.nullable(),
  /** Of periods alone; null while the draft has faults. */
  periods: PeriodPreview.nullable(),
  /** Of a ladder alone; null while the draft has faults. */
  ladder: LadderPreview.nullable(),
});

const Signed = z.object({ name: z.string(), at: z.iso.datetime() }).nullable();
export const VersionOut = z.object({
  name: z.string(),
  kind: RuleKind,
  from: z.string(),
  source: z.string(),
  /** Shipped with the software, or entered on screen. */
  origin: z.enum(["shipped", "entered"]),
  status: z.enum(["draft", "inForce"]),
  /** What counts today, what will, what did. */
  standing: z.enum(["draft", "now", "coming", "past"]),
  version: z.number(),
  drafted: Signed,
  approved: Signed,
  body: Body,
});
export type VersionOut = z.infer<typeof VersionOut>;

export const RowOut = z.object({
  id: z.string(),
  clock: z.string(),
  clockZh: z.string(),
  whenZh: z.string(),
  limitZh: z.string(),
  nearZh: z.string(),
  tag: z.string(),
  note: z.string(),
});
