/** 协调单的字段. What the routes of items take and answer. */
import {
  ALL_LIAISON_STATES,
  ALL_LIAISON_STEPS,
  type LiaisonState,
  type LiaisonStep,
  WAYS,
} from "@jiesu/core/liaison/lifecycle.ts";
import { ALL_ANSWERS, type AnswerStanding } from "@jiesu/core/liaison/standing.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { z } from "zod";
import { Id, Instant, text } from "../ticket/schema.ts";

/** Units read it, tickets and messages show it: nobody's number stands in it. */
const covered = (most: number) => text(most).transform((said) => maskText(said.trim()).text);

export const State = z.enum(ALL_LIAISON_STATES as [LiaisonState, ...LiaisonState[]]);
export const StepName = z.enum(ALL_LIAISON_STEPS as [LiaisonStep, ...LiaisonStep[]]);
export const Standing = z.enum(ALL_ANSWERS as [AnswerStanding, ...AnswerStanding[]]);

/** A party to come in: a unit of the district, or somebody at the city by what they are called. */
const PartyIn = z.union([
  z.strictObject({ side: z.literal("unit"), unit: Id }),
  z.strictObject({
    side: z.literal("city"),
    name: covered(40).refine((name) => name !== "", "请填写市级单位"),
  }),
]);
export type PartyIn = z.infer<typeof PartyIn>;

/** How somebody outside the system was spoken with; nothing of it for what is written here by oneself. */
const Spoken = {
  means: z.enum(WAYS).optional(),
  contact: covered(60).default(""),
  saidAt: Instant.optional(),
};

export const Opening = z.object({
  /** Made by the screen, so that a sending repeated after a lost answer is one item. */
  key: z.uuid(),
  title: covered(80).refine((said) => said.length >= 2, "请填写标题"),
  question: covered(5000),
  pace: text(32),
  asked: z.array(PartyIn).max(100).default([]),
  tickets: z.array(text(64)).max(200).default([]),
  files: z.array(Id).max(50).default([]),
});
export type Opening = z.infer<typeof Opening>;

export const StepIn = z.object({
  key: z.uuid(),
  /** Steps that the screen has seen: who ends or changes an item has read what was said last. */
  version: z.number().int().min(1),
  words: covered(5000).default(""),
  ...Spoken,
  /** Parties by id: whose answer it is, who is let off. */
  party: Id.optional(),
  /** Who is to see an exchange or an answer besides the centre; none: all parties. */
  to: z.array(Id).max(100).default([]),
  /** Parties of the item that are asked. */
  asked: z.array(Id).max(100).default([]),
  /** Parties that come in, and are asked. */
  invited: z.array(PartyIn).max(100).default([]),
  /** Numbers of tickets to link. */
  tickets: z.array(text(64)).max(200).default([]),
  days: z.number().int().optional(),
  outcome: text(32).optional(),
  files: z.array(Id).max(50).default([]),
});
export type StepIn = z.infer<typeof StepIn>;

const Named = z.object({ id: z.string(), name: z.string() });
const Code = z.object({ code: z.string(), name: z.string() });
const Ask = z.object({
  askedAt: Instant,
  dueAt: Instant,
  answeredAt: Instant.nullable(),
  standing: Standing,
  standingZh: z.string(),
});
const Party = z.object({
  id: z.string(),
  side: z.enum(["centre", "city", "unit"]),
  unit: Named.nullable(),
  name: z.string(),
  asks: z.array(Ask),
  /** Of the last asking; null: never asked. */
  standing: Standing.nullable(),
  standingZh: z.string(),
});
export const FileOut = z.object({ id: z.string(), name: z.string(), mime: z.string(), size: z.number() });

export const RowOut = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  pace: Code,
  state: State,
  stateZh: z.string(),
  opener: z.string(),
  openedAt: Instant,
  openedBy: z.string(),
  parties: z.array(Party.omit({ asks: true })),
  tickets: z.number().int(),
  /** When the next answer that is owed is due, else the outcome; null once it is closed. */
  dueAt: Instant.nullable(),
  dueZh: z.string(),
  overdue: z.boolean(),
  /** Whether something of it waits for this person. */
  mine: z.boolean(),
  last: z.object({ at: Instant, by: z.string(), stepZh: z.string(), words: z.string() }),
});
export const ListOut = z.object({ rows: z.array(RowOut), next: z.string().nullable() });

export const LiaisonOut = RowOut.omit({ tickets: true, last: true, parties: true }).extend({
  version: z.number().int(),
  question: z.string(),
  parties: z.array(Party),
  concludeBy: Instant,
  outcome: Code.nullable(),
  conclusion: z.string().nullable(),
  closedAt: Instant.nullable(),
  closedBy: z.string().nullable(),
  closedLate: z.boolean().nullable(),
  /** Those that this person may open. */
  tickets: z.array(z.object({ id: z.string(), number: z.string(), title: z.string(), stateZh: z.string() })),
  /** Newest last. */
  steps: z.array(
    z.object({
      id: z.string(),
      step: z.string(),
      stepZh: z.string(),
      at: Instant,
      saidAt: Instant,
      by: z.string(),
      roleZh: z.string(),
      from: z.string(),
      to: z.array(z.string()),
      means: z.string(),
      contact: z.string(),
      words: z.string(),
      about: z.string(),
      files: z.array(FileOut),
    }),
  ),
  /** The steps that are this person's now, and for which parties they may answer. */
  may: z.array(StepName),
  mayAnswerFor: z.array(z.string()),
});

export const RulesOut = z.object({
  name: z.string(),
  source: z.string(),
  paces: z.array(Code.extend({ answerZh: z.string(), concludeZh: z.string() })),
  outcomes: z.array(Code),
  mostParties: z.number(),
  mostTickets: z.number(),
  mostFiles: z.number(),
  mostDays: z.number(),
});
