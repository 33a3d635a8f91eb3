/** The shape in which suggestions cross the door. */
import { z } from "zod";
import { Instant } from "../ticket/schema.ts";

const Kin = z.object({
  id: z.string(),
  number: z.string(),
  title: z.string(),
  receivedAt: Instant,
  stateZh: z.string(),
  unitName: z.string().nullable(),
});

export const Suggestions = z.object({
  /** Best first; the points of a unit's reasons add up to its score. */
  units: z.array(
    z.object({
      unitId: z.string(),
      name: z.string(),
      score: z.number().int(),
      reasons: z.array(
        z.object({
          points: z.number().int(),
          text: z.string(),
          /** Where in `content` the evidence stands, if it is there. */
          evidence: z.object({ start: z.number().int(), end: z.number().int() }).optional(),
        }),
      ),
    }),
  ),
  /** Places named in the ticket's text, as UTF-16 positions in `content`. */
  places: z.array(
    z.object({
      start: z.number().int(),
      end: z.number().int(),
      kind: z.enum(["street", "community"]),
      name: z.string(),
    }),
  ),
  /** 同一诉求人的历史工单 */
  earlier: z.array(Kin),
  /** 同类工单: same category in the same community (or street) within 30 days. */
  similar: z.array(Kin),
});
export type Suggestions = z.infer<typeof Suggestions>;

export const Reading = z.object({
  /** In the order of `content`, as UTF-16 positions; they never lie over each other. */
  marks: z.array(
    z.object({
      kind: z.enum(["place", "unit", "sensitive", "phrase"]),
      start: z.number().int(),
      end: z.number().int(),
      why: z.string(),
    }),
  ),
  /** 敏感词与规范用语的依据 */
  rules: z.object({ name: z.string(), from: z.string(), source: z.string() }),
  /** 同一诉求人的历史工单 */
  earlier: z.array(Kin),
  /** 相似工单, most alike first, with why. */
  similar: z.array(Kin.extend({ why: z.string() })),
});
export type Reading = z.infer<typeof Reading>;
