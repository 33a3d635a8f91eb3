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
  "setting-in-force": { status: 409, zh: () => "该版本已启用，不能再改；请另起草一版。" },
  "setting-own-draft": { status: 409, zh: () => "起草人不能批准自己起草的版本，请由另一人批准启用。" },
  "setting-changed": { status: 409, zh: () => "草稿已由他人先一步修改，请刷新核对后再操作。" },
});

export const RuleKind = z.enum(["calendar", "deadline"]);
export type RuleKind = z.infer<typeof RuleKind>;
export const Body = z.record(z.string(), z.unknown());
export const Written = z.object({ kind: RuleKind, from: text(10), source: text(300), body: Body });

export const ProblemOut = z.object({ path: z.string(), text: z.string() });
const DifferenceOut = z.object({
  path: z.string(),
  before: z.string().nullable(),
  after: z.string().nullable(),
});
export const Look = z.object({
  problems: z.array(ProblemOut),
  /** The version that it would follow. */
  against: z.string().nullable(),
  differences: z.array(DifferenceOut),
  /** Running clocks that count workdays, and those of them whose due time a new calendar moves. */
  clocks: z
    .object({
      open: z.number(),
      moved: z.number(),
      first: z.array(
        z.object({ number: z.string(), kindZh: z.string(), before: z.string(), after: z.string() }),
      ),
    })
    .nullable(),
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
