/**
 * 催办阶梯的预览. What a drafted ladder would do to the clocks that run: which step each comes to next, and when, under the one in
 * force and under the draft, reckoned by the very function that will fire them. Writes nothing.
 */
import { CLOCKS, isClockKind } from "@jiesu/core/deadline/kind.ts";
import { isLevel } from "@jiesu/core/deadline/level.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import { clockText, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { type Ladder, ladderOn } from "@jiesu/core/urging/ladder.ts";
import { parseLadder } from "@jiesu/core/urging/ladderfile.ts";
import { type NextStep, nextStep } from "@jiesu/core/urging/schedule.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { LadderPreview } from "./shape.ts";

const PAGE = 20_000;
const SHOWN = 20;

/** A ladder as it is edited, in the form of a file under rules/urging/ and of what is kept. */
export function ladderFile(ladder: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return { name: "draft", from: "2000-01-01", source: "—", body: ladder };
}

/** The ladder inside what is kept, as it is edited. */
export function ladderInside(kept: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { body } = kept;
  return typeof body === "object" && body !== null ? Object.fromEntries(Object.entries(body)) : {};
}

/** A drafted ladder that reads, or null. */
export function ladderDrafted(file: unknown): Version<Ladder> | null {
  const read = parseLadder(file);
  return read.ok ? read.value : null;
}

/** What would be otherwise if the draft were in force; of one for a day to come, at that day's beginning. */
export async function ladderPreview(
  db: Db,
  files: Rules,
  draft: Version<Ladder>,
  now: number,
): Promise<z.infer<typeof LadderPreview>> {
  const { urgings, calendar } = await rulesInForce(db, files, now);
  const at = Math.max(now, startOfDay(draft.from));
  const standing = ladderOn(urgings, dayOf(at));
  const seen = { clocks: 0, changed: 0, earlier: 0, later: 0, added: 0, dropped: 0, atOnce: 0 };
  const steps = new Map<string, { before: number; after: number }>();
  const first: z.infer<typeof LadderPreview>["first"] = [];
  const count = (step: NextStep | null, which: "before" | "after") => {
    if (step === null) return;
    const line = steps.get(step.step.zh) ?? { before: 0, after: 0 };
    steps.set(step.step.zh, { ...line, [which]: line[which] + 1 });
  };
  for (let last = "0"; ; ) {
    const page = await pageOfClocks(db, last);
    for (const { kind, level, number, ticketId, unit, nearAt, dueAt, made } of page) {
      if (!isClockKind(kind) || !isLevel(level)) continue;
      const clock = { kind, level, nearAt: nearAt.getTime(), dueAt: dueAt.getTime(), made: new Set(made) };
      const before = standing && nextStep(standing, clock, at, calendar);
      const after = nextStep(draft, clock, at, calendar);
      count(before, "before");
      count(after, "after");
      seen.clocks += 1;
      if (after !== null && after.fireAt <= at && (before === null || before.fireAt > at)) seen.atOnce += 1;
      if (before?.step.id === after?.step.id && before?.fireAt === after?.fireAt) continue;
      seen.changed += 1;
      if (before === null) seen.added += 1;
      else if (after === null) seen.dropped += 1;
      else if (after.fireAt < before.fireAt) seen.earlier += 1;
      else if (after.fireAt > before.fireAt) seen.later += 1;
      if (first.length < SHOWN)
        first.push({
          ...{ ticketId, number, unit: unit ?? "", clockZh: CLOCKS[kind].zh },
          ...{ before: stepText(before, at), after: stepText(after, at) },
        });
    }
    const end = page.at(-1);
    if (end === undefined) break;
    last = end.id;
  }
  return { ...seen, steps: [...steps].map(([zh, line]) => ({ zh, ...line })), first };
}

/** "到期催办 11-20 15:00"; one whose time has come: at once. */
function stepText(next: NextStep | null, at: number): string | null {
  if (next === null) return null;
  return `${next.step.zh} ${next.fireAt <= at ? "立即" : clockText(next.fireAt)}`;
}

async function pageOfClocks(db: Db, after: string) {
  const { rows } = await sql<{
    id: string;
    kind: string;
    level: number;
    number: string;
    ticketId: string;
    unit: string | null;
    nearAt: Date;
    dueAt: Date;
    made: string[];
  }>`
    select c.id::text, c.kind, t.level, t.number, t.id::text as "ticketId", u.short_name as unit, c.near_at as "nearAt",
           c.due_at as "dueAt", array(select g.step from urge g where g.clock_id = c.id and g.step <> 'hand') as made
      from clock c join ticket t on t.id = c.ticket_id left join assignment a on a.id = c.assignment_id
        left join unit u on u.id = coalesce(a.unit_id, t.lead_unit_id)
     where c.state = 'running' and c.id > ${after}::bigint
     order by c.id limit ${PAGE}`.execute(db);
  return rows;
}
