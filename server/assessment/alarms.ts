/** 计数告警. What the last nightly recount found, in words: which unit, which day or stretch, which kind of entry. */
import { answerTo, QUESTIONS } from "@jiesu/core/assessment/entry.ts";
import { parseKeptKey } from "@jiesu/core/assessment/level.ts";
import { ENTRY_SCOPE_NAMES, FIGURE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { z } from "zod";
import type { Db } from "../platform/db/open.ts";

export const LastRecountOut = z
  .object({
    at: z.iso.datetime(),
    ms: z.number().int(),
    /** Wrong counters; at most a thousand are kept. */
    wrong: z.number().int(),
    alarms: z.array(
      z.object({
        id: z.string(),
        from: z.string(),
        to: z.string(),
        unit: z.string(),
        kind: z.string(),
        kept: z.number().int(),
        counted: z.number().int(),
      }),
    ),
  })
  .nullable();

const SHOWN = 200;

/** Null until the first night. */
export async function lastRecount(db: Db): Promise<z.infer<typeof LastRecountOut>> {
  const check = await db
    .selectFrom("tally_check")
    .selectAll()
    .orderBy("at", "desc")
    .orderBy("id", "desc")
    .limit(1)
    .executeTakeFirst();
  if (!check) return null;
  const rows = await db
    .selectFrom("tally_alarm as a")
    .leftJoin("unit as u", "u.id", "a.unit_id")
    .select(["a.id", "a.day", "a.to_day", "u.short_name", "a.cell", "a.kept", "a.counted"])
    .where("a.check_id", "=", check.id)
    .orderBy("a.id")
    .limit(SHOWN)
    .execute();
  return {
    at: check.at.toISOString(),
    ms: check.ms,
    wrong: check.wrong,
    alarms: rows.map((row) => ({
      id: row.id,
      from: row.day,
      to: row.to_day ?? row.day,
      unit: row.short_name ?? "（无承办单位）",
      kind: kindText(row.cell),
      kept: Number(row.kept),
      counted: Number(row.counted),
    })),
  };
}

/** "三率 · 市级回访 · 已联系 · 未解决 · 不满意". */
function kindText(cell: string): string {
  const kept = parseKeptKey(cell);
  const source = kept.source === null ? "未回访" : kept.source === "city" ? "市级回访" : "本中心回访";
  const answers = QUESTIONS.flatMap((question) => {
    const answer = answerTo(kept, question);
    return answer === null ? [] : [FIGURE_NAMES[answer]];
  });
  const valid = kept.source === null || kept.valid ? [] : ["无效回访"];
  return [ENTRY_SCOPE_NAMES[kept.scope], source, ...valid, ...answers].join(" · ");
}
