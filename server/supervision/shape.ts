/** 督办的样子: how items, their steps and the form of a note cross the door. */
import {
  ALL_SUPERVISION_LEVELS,
  ALL_SUPERVISION_ORIGINS,
  ALL_SUPERVISION_STATES,
  ALL_SUPERVISION_STEPS,
} from "@jiesu/core/supervision/lifecycle.ts";
import { parseDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { Id, Instant, text } from "../ticket/schema.ts";

const count = z.number().int();
const Named = z.object({ id: z.string(), name: z.string() });

export const State = z.enum(ALL_SUPERVISION_STATES);
export const Level = z.enum(ALL_SUPERVISION_LEVELS);
const Origin = z.enum(ALL_SUPERVISION_ORIGINS);
export const StepName = z.enum(ALL_SUPERVISION_STEPS);
export const PeriodName = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/, "考核期应写作 2020-12");
/** The sender's own key of one sending. */
export const Once = z.string().regex(/^[A-Za-z0-9-]{8,64}$/, "请求标识不正确");
export const Day = z.string().transform((value, context) => {
  const day = parseDay(value);
  if (day !== null && value >= "2000" && value < "2100") return day;
  context.addIssue({ code: "custom", message: "日期应写作 2020-12-31" });
  return z.NEVER;
});

export const Row = z.object({
  id: z.string(),
  title: z.string(),
  matter: z.string(),
  version: count,
  period: z.string(),
  origin: Origin,
  originZh: z.string(),
  state: State,
  stateZh: z.string(),
  level: Level,
  levelZh: z.string(),
  leader: z.string(),
  notedOn: z.string().nullable(),
  arrivedAt: Instant,
  /** 交办期限 of the city or the leader. */
  givenDueAt: Instant.nullable(),
  forwardedAt: Instant.nullable(),
  /** 督办迟转; null before it was forwarded. */
  forwardedLate: z.boolean().nullable(),
  answeredAt: Instant.nullable(),
  endedAt: Instant.nullable(),
  clockZh: z.string().nullable(),
  dueAt: Instant.nullable(),
  standing: z.enum(["plain", "near", "overdue", "ended"]),
  /** Days of an extension that waits for an answer. */
  asked: count.nullable(),
  /** The lead 主责 first. */
  units: z.array(Named),
  tickets: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      title: z.string(),
      state: z.string(),
      stateZh: z.string(),
    }),
  ),
  lastWord: z.object({ text: z.string(), by: z.string(), at: Instant }).nullable(),
  createdBy: z.string(),
});
export type RowOut = z.infer<typeof Row>;

export const Detail = Row.extend({
  leftMs: z.number().nullable(),
  steps: z.array(
    z.object({
      id: z.string(),
      step: z.string(),
      zh: z.string(),
      at: Instant,
      by: z.string(),
      roleZh: z.string(),
      unit: z.string().nullable(),
      text: z.string(),
      told: z.array(z.object({ zh: z.string(), text: z.string() })),
      fileIds: z.array(z.string()),
    }),
  ),
  files: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      mime: z.string(),
      size: count,
      by: z.string(),
      at: Instant,
    }),
  ),
  clocks: z.array(
    z.object({
      kind: z.string(),
      zh: z.string(),
      state: z.string(),
      startedAt: Instant,
      dueAt: Instant,
      endedAt: Instant.nullable(),
      late: z.boolean().nullable(),
    }),
  ),
  /** The steps that are this person's now. */
  moves: z.array(StepName),
  rules: z.object({ name: z.string(), source: z.string(), maxDays: count }),
});
export type DetailOut = z.infer<typeof Detail>;

const words = text(5000);

/** 领导批示. */
export const Note = z.object({
  once: Once,
  title: text(200).refine((s) => s.trim() !== "", "请填写事由"),
  matter: words.refine((s) => s.trim() !== "", "请填写批示内容"),
  leader: text(60).refine((s) => s.trim() !== "", "请填写批示领导"),
  notedOn: Day,
  level: Level,
  due: Day.nullable().default(null),
  numbers: z.array(text(80)).max(20).default([]),
  unitIds: z.array(Id).max(20).default([]),
});

export const StepBody = z.object({
  once: Once,
  version: count,
  input: z
    .object({
      text: words.optional(),
      unitIds: z.array(Id).max(20).optional(),
      level: Level.optional(),
      days: count.min(0).max(1000).optional(),
      place: text(200).optional(),
      result: z.enum(["good", "bad"]).optional(),
      fileIds: z.array(Id).max(30).optional(),
    })
    .default({}),
});

export const ListQuery = z.object({
  /** One state, everything open, or a number of the summary. */
  state: z.union([State, z.enum(["open", "counted", "checking"])]).optional(),
  level: Level.optional(),
  origin: Origin.optional(),
  unit: z.union([Id, z.literal("none")]).optional(),
  lead: z.literal("1").optional(),
  period: PeriodName.optional(),
  due: z.enum(["near", "overdue"]).optional(),
  late: z.literal("1").optional(),
  ticket: Id.optional(),
  q: text(100).optional(),
  skip: z.coerce.number().int().min(0).max(100_000).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
