/** 问题事件的存取. What was found, once each; the event under its lock; its steps; who of a unit is told. */
import type { ProblemState } from "@jiesu/core/problem/lifecycle.ts";
import { isProblemState } from "@jiesu/core/problem/lifecycle.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Stamp } from "../ticket/store.ts";

export interface NewProblem {
  readonly kind: string;
  readonly kindZh: string;
  readonly group: string;
  readonly standard: string;
  readonly ticketId: string;
  readonly round: number;
  /** What makes it the same one: the clock, or the day of the closing. */
  readonly mark: string;
  readonly unitId: string | null;
  readonly day: Day;
  readonly at: number;
  readonly said: string;
  readonly rule: string;
  readonly foundAt: number;
  /** Null: counted alone. */
  readonly dueAt: number | null;
}

/** Keeps what is not kept yet; answers those. */
export async function keepProblems(tx: Db, problems: readonly NewProblem[]) {
  if (problems.length === 0) return [];
  const rows = problems.map((p) => ({
    ...{ kind: p.kind, kind_zh: p.kindZh, grp: p.group, standard: p.standard, ticket_id: p.ticketId },
    ...{ round: p.round, mark: p.mark, unit_id: p.unitId, day: p.day, at: new Date(p.at).toISOString() },
    ...{ said: p.said, rule: p.rule, found_at: new Date(p.foundAt).toISOString() },
    ...{ state: p.dueAt === null ? "noted" : "open" },
    due_at: p.dueAt === null ? null : new Date(p.dueAt).toISOString(),
  }));
  const { rows: kept } = await sql<{
    id: string;
    unitId: string | null;
    kindZh: string;
    answers: boolean;
  }>`
    insert into problem (kind, kind_zh, grp, standard, ticket_id, round, mark, unit_id, day, at, said, rule, found_at, state, due_at)
    select kind, kind_zh, grp, standard, ticket_id, round, mark, unit_id, day, at, said, rule, found_at, state, due_at
      from json_to_recordset(${JSON.stringify(rows)}::json) as r(
        kind text, kind_zh text, grp text, standard text, ticket_id bigint, round smallint, mark text, unit_id bigint, day date,
        at timestamptz, said text, rule text, found_at timestamptz, state text, due_at timestamptz)
     order by ticket_id, round, kind, mark
    on conflict (ticket_id, round, kind, mark) do nothing
    returning id, unit_id as "unitId", kind_zh as "kindZh", due_at is not null as answers`.execute(tx);
  return kept;
}

export async function keepRun(
  tx: Db,
  run: {
    readonly day: Day;
    readonly at: number;
    readonly by: { readonly userId: string | null; readonly name: string };
    readonly looked: number;
    readonly found: number;
  },
): Promise<void> {
  await tx
    .insertInto("problem_run")
    .values({
      ...{ day: run.day, at: new Date(run.at), user_id: run.by.userId, user_name: run.by.name },
      ...{ looked: run.looked, found: run.found },
    })
    .execute();
}

/** Days of the span that were gone through after they were over. */
export async function daysGone(db: Db, from: Day, to: Day): Promise<ReadonlySet<string>> {
  const { rows } = await sql<{ day: string }>`
    select distinct day::text from problem_run
     where day between ${from}::date and ${to}::date
           and at >= (day + 1)::timestamp at time zone 'Asia/Shanghai'`.execute(db);
  return new Set(rows.map((row) => row.day));
}

/** The active people of these units, by unit. */
export async function peopleOfUnits(
  tx: Db,
  unitIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (unitIds.length === 0) return new Map();
  const rows = await tx
    .selectFrom("app_user")
    .select(["id", "unit_id"])
    .where("unit_id", "in", [...unitIds])
    .where("active", "=", true)
    .orderBy("id")
    .execute();
  const byUnit = Map.groupBy(rows, (row) => row.unit_id ?? "");
  return new Map([...byUnit].map(([unit, its]) => [unit, its.map((each) => each.id)]));
}

export interface LockedProblem {
  readonly id: string;
  readonly state: ProblemState;
  readonly version: number;
  readonly unitId: string | null;
  readonly disputed: boolean;
  readonly kindZh: string;
  readonly ticketId: string;
  readonly number: string;
}

/** Locks the row until the transaction ends; null when there is none. */
export async function lockProblem(tx: Db, id: string): Promise<LockedProblem | null> {
  const row = await tx
    .selectFrom("problem as p")
    .innerJoin("ticket as t", "t.id", "p.ticket_id")
    .select([
      "p.id",
      "p.state",
      "p.version",
      "p.unit_id",
      "p.disputed",
      "p.kind_zh",
      "p.ticket_id",
      "t.number",
    ])
    .where("p.id", "=", id)
    .forUpdate("p")
    .executeTakeFirst();
  if (!row) return null;
  if (!isProblemState(row.state)) throw new Error(`unknown state of a problem: ${row.state}`);
  return {
    ...{ id: row.id, state: row.state, version: row.version, unitId: row.unit_id, disputed: row.disputed },
    ...{ kindZh: row.kind_zh, ticketId: row.ticket_id, number: row.number },
  };
}

export interface Recorded {
  readonly step: string;
  readonly from: ProblemState;
  readonly to: ProblemState;
  readonly text: string;
  /** Given with an answer. */
  readonly cause: { readonly code: string; readonly zh: string } | null;
  readonly remedyDay: Day | null;
  /** When the next answer is due, where one is asked for anew. */
  readonly dueAt: number | null;
}

export async function recordProblemStep(
  tx: Db,
  problem: LockedProblem,
  step: Recorded,
  stamp: Stamp,
): Promise<void> {
  const at = new Date(stamp.at);
  const { cause, remedyDay, text } = step;
  await tx
    .updateTable("problem")
    .set({
      ...{ state: step.to, version: problem.version + 1 },
      ...(step.step === "dispute" ? { disputed: true } : {}),
      ...(cause ? { cause: cause.code, cause_zh: cause.zh, remedy: text, remedy_day: remedyDay } : {}),
      ...(step.dueAt === null ? {} : { due_at: new Date(step.dueAt) }),
      ...(step.to === "done" || step.to === "dropped" ? { ended_at: at } : {}),
    })
    .where("id", "=", problem.id)
    .execute();
  await tx
    .insertInto("problem_step")
    .values({
      ...{ problem_id: problem.id, step: step.step, from_state: step.from, to_state: step.to, text, at },
      data: JSON.stringify(cause ? { cause: cause.code, causeZh: cause.zh, remedyDay } : {}),
      ...{ user_id: stamp.userId, user_name: stamp.userName, role: stamp.role },
    })
    .execute();
}
