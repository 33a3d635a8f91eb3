/** 不纳入考核的存取. Applications, their steps, lists within a unit's scope, and how often units and reviewers were right. */
import type { Evidence, Finding } from "@jiesu/core/exemption/checklist.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { State } from "./states.ts";

export interface Exemption {
  readonly id: string;
  readonly ticketId: string;
  readonly number: string;
  readonly round: number;
  readonly unitId: string;
  readonly unitName: string;
  readonly state: State;
  readonly ground: string;
  readonly groundName: string;
  readonly rules: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly dueAt: number;
  readonly appliedAt: number;
  readonly appliedBy: string;
  readonly reviewedBy: string | null;
  readonly outcomeAt: number | null;
  readonly outcomeNo: string;
  readonly appealOf: string | null;
  /** 报市批次, where it is in one. */
  readonly batch: { readonly id: string; readonly number: string } | null;
}

export interface Step {
  readonly step: string;
  readonly at: Date;
  readonly by: string;
  readonly note: string;
}

/** What a round counts for; null when there is no such round. */
export async function roundFacts(db: Db, ticketId: string, round: number) {
  const { rows } = await sql<{
    unitId: string | null;
    countedAt: Date;
    void: boolean;
    contactedAt: Date | null;
  }>`
    select r.unit_id as "unitId", r.counted_at as "countedAt", r.void, a.contacted_at as "contactedAt"
      from result r left join assignment a on a.ticket_id = r.ticket_id and a.round = r.round and a.part = 'lead'
     where r.ticket_id = ${ticketId} and r.round = ${round}`.execute(db);
  const [row] = rows;
  return row
    ? { ...row, countedAt: row.countedAt.getTime(), contactedAt: row.contactedAt?.getTime() ?? null }
    : null;
}

/** States of the other applications for this round. */
export async function otherApplications(db: Db, ticketId: string, round: number, but: string | null) {
  const rows = await db
    .selectFrom("exemption")
    .select("state")
    .where("ticket_id", "=", ticketId)
    .where("round", "=", round)
    .where("id", "!=", but ?? "0")
    .execute();
  return rows.map((row) => row.state);
}

/** Of applications made before one of them; null: of all. */
export async function earlierOutcomes(db: Db, unitId: string, ground: string, before: string | null) {
  const { rows } = await sql<{ upheld: number; denied: number }>`
    select count(*) filter (where state = 'upheld')::int as upheld, count(*) filter (where state = 'denied')::int as denied
      from exemption where unit_id = ${unitId} and ground = ${ground}
         and (${before}::bigint is null or id < ${before}::bigint)`.execute(db);
  return rows[0] ?? { upheld: 0, denied: 0 };
}

/** Whether every reference is an attachment of that ticket that nobody has hidden. */
export async function evidenceFilesKnown(
  db: Db,
  ticketId: string,
  files: readonly string[],
): Promise<boolean> {
  const wanted = [...new Set(files)];
  if (wanted.length === 0) return true;
  const { rows } = await sql<{ found: number }>`
    select count(*)::int as found from attachment
     where ticket_id = ${ticketId} and hidden_at is null and id::text = any(${wanted}::text[])`.execute(db);
  return rows[0]?.found === wanted.length;
}

export interface NewExemption {
  readonly ticketId: string;
  readonly round: number;
  readonly unitId: string;
  readonly ground: string;
  readonly groundName: string;
  readonly rules: string;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly dueAt: number;
  readonly appealOf: string | null;
  readonly at: number;
  readonly by: Actor;
}

/** Null when another application of the round is live already. */
export async function insertExemption(tx: Db, made: NewExemption): Promise<string | null> {
  const row = await tx
    .insertInto("exemption")
    .values({
      ticket_id: made.ticketId,
      round: made.round,
      unit_id: made.unitId,
      state: "applied",
      ground: made.ground,
      ground_name: made.groundName,
      rules: made.rules,
      reason: made.reason,
      evidence: JSON.stringify(made.evidence),
      due_at: new Date(made.dueAt),
      applied_at: new Date(made.at),
      applied_by: made.by.userId,
      applied_name: made.by.name,
      appeal_of: made.appealOf,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return row?.id ?? null;
}

export interface ExemptionChange {
  readonly state: State;
  readonly reason?: string;
  readonly evidence?: readonly Evidence[];
  readonly checks?: readonly Finding[];
  readonly reviewed?: { readonly at: number; readonly by: Actor };
  readonly outcomeAt?: number;
  readonly outcomeNo?: string;
}

export async function updateExemption(tx: Db, id: string, change: ExemptionChange): Promise<void> {
  const { reason, evidence, checks, reviewed, outcomeAt, outcomeNo } = change;
  await tx
    .updateTable("exemption")
    .set({
      state: change.state,
      ...(reason === undefined ? {} : { reason }),
      ...(evidence === undefined ? {} : { evidence: JSON.stringify(evidence) }),
      ...(checks === undefined ? {} : { checks: JSON.stringify(checks) }),
      ...(reviewed === undefined
        ? {}
        : {
            reviewed_at: new Date(reviewed.at),
            reviewed_by: reviewed.by.userId,
            reviewed_name: reviewed.by.name,
          }),
      ...(outcomeAt === undefined ? {} : { outcome_at: new Date(outcomeAt) }),
      ...(outcomeNo === undefined ? {} : { outcome_no: outcomeNo }),
    })
    .where("id", "=", id)
    .execute();
}

export async function addStep(
  tx: Db,
  id: string,
  step: string,
  note: string,
  by: Actor,
  at: number,
  data: Readonly<Record<string, unknown>>,
): Promise<void> {
  await tx
    .insertInto("exemption_step")
    .values({
      exemption_id: id,
      step,
      at: new Date(at),
      user_id: by.userId,
      user_name: by.name,
      note,
      data: JSON.stringify(data),
    })
    .execute();
}

export async function stepsOf(db: Db, id: string): Promise<readonly Step[]> {
  return db
    .selectFrom("exemption_step")
    .select(["step", "at", "user_name as by", "note"])
    .where("exemption_id", "=", id)
    .orderBy("id")
    .execute();
}

export async function lockExemption(tx: Db, id: string): Promise<Exemption | null> {
  await tx.selectFrom("exemption").select("id").where("id", "=", id).forUpdate().execute();
  return exemptionOf(tx, id, null);
}

/** Null when there is none, or none of that unit. */
export async function exemptionOf(db: Db, id: string, ownUnit: string | null): Promise<Exemption | null> {
  const own = ownUnit === null ? sql<boolean>`true` : sql<boolean>`x.unit_id = ${ownUnit}`;
  return (await read(db, sql`x.id = ${id} and ${own}`, 1))[0] ?? null;
}

export interface ExemptionFilter {
  readonly state?: State | undefined;
  readonly unitId?: string | undefined;
  readonly ground?: string | undefined;
  readonly ticketId?: string | undefined;
  /** As the accuracy keys a reviewer. */
  readonly reviewer?: string | undefined;
  /** Those that the accuracy counts, or of them those that an appeal has turned. */
  readonly counted?: "all" | "overturned" | undefined;
  readonly before?: string | undefined;
}

/** Every application once: an appeal is not counted beside what it appeals against. */
const COUNTED = sql<boolean>`x.appeal_of is null and x.state <> 'withdrawn'`;
/** 申诉改判: refused or denied, and upheld on appeal. */
const OVERTURNED = sql<boolean>`x.state in ('refused', 'denied') and exists (
  select from exemption a where a.appeal_of = x.id and a.state = 'upheld')`;
const REVIEWER = sql`coalesce(x.reviewed_by::text, x.reviewed_name)`;

/** The latest first. */
export async function listExemptions(
  db: Db,
  filter: ExemptionFilter,
  limit: number,
): Promise<readonly Exemption[]> {
  const all = [sql<boolean>`true`];
  if (filter.state !== undefined) all.push(sql`x.state = ${filter.state}`);
  if (filter.unitId !== undefined) all.push(sql`x.unit_id = ${filter.unitId}`);
  if (filter.ground !== undefined) all.push(sql`x.ground = ${filter.ground}`);
  if (filter.ticketId !== undefined) all.push(sql`x.ticket_id = ${filter.ticketId}`);
  if (filter.reviewer !== undefined) all.push(sql`${REVIEWER} = ${filter.reviewer}`);
  if (filter.counted !== undefined) all.push(COUNTED);
  if (filter.counted === "overturned") all.push(OVERTURNED);
  if (filter.before !== undefined) all.push(sql`x.id < ${filter.before}`);
  return read(db, sql.join(all, sql` and `), limit);
}

/** The appeal against this application, if it was made and not withdrawn. */
export async function appealOf(db: Db, id: string): Promise<string | null> {
  const row = await db
    .selectFrom("exemption")
    .select("id")
    .where("appeal_of", "=", id)
    .where("state", "!=", "withdrawn")
    .executeTakeFirst();
  return row?.id ?? null;
}

export interface ExemptionAccuracy {
  readonly key: string;
  readonly name: string;
  readonly applied: number;
  readonly upheld: number;
  readonly denied: number;
  readonly refused: number;
  /** Refused or denied, and upheld on appeal. */
  readonly overturned: number;
}

const ACCURACY_KEYS = {
  unit: sql`x.unit_id::text`,
  reviewer: REVIEWER,
  ground: sql`x.ground`,
} as const;
const ACCURACY_NAMES = {
  unit: sql`max(u.short_name)`,
  reviewer: sql`max(x.reviewed_name)`,
  ground: sql`max(x.ground_name)`,
} as const;

/** What came of applications, by the unit that made them, the person who reviewed them or their ground; appeals are not counted twice. */
export async function exemptionAccuracy(
  db: Db,
  by: "unit" | "reviewer" | "ground",
): Promise<readonly ExemptionAccuracy[]> {
  const key = ACCURACY_KEYS[by];
  const name = ACCURACY_NAMES[by];
  const which = by === "reviewer" ? sql`x.reviewed_at is not null` : sql`true`;
  const { rows } = await sql<ExemptionAccuracy>`
    select ${key} as key, ${name} as name, count(*)::int as applied,
           count(*) filter (where x.state = 'upheld')::int as upheld, count(*) filter (where x.state = 'denied')::int as denied,
           count(*) filter (where x.state = 'refused')::int as refused,
           count(*) filter (where ${OVERTURNED})::int as overturned
      from exemption x join unit u on u.id = x.unit_id
     where ${COUNTED} and ${which}
     group by 1 order by 3 desc, 1`.execute(db);
  return rows;
}

async function read(db: Db, which: RawBuilder<unknown>, limit: number): Promise<readonly Exemption[]> {
  const { rows } = await sql<ExemptionRow>`
    select x.id, x.ticket_id as "ticketId", t.number, x.round, x.unit_id as "unitId", u.short_name as "unitName", x.state, x.ground,
           x.ground_name as "groundName", x.rules, x.reason, x.evidence, x.due_at as "dueAt", x.applied_at as "appliedAt",
           x.applied_name as "appliedBy", x.reviewed_name as "reviewedBy", x.outcome_at as "outcomeAt", x.outcome_no as "outcomeNo",
           x.appeal_of as "appealOf",
           case when b.id is null then null else jsonb_build_object('id', b.id::text, 'number', b.number) end as batch
      from exemption x join ticket t on t.id = x.ticket_id join unit u on u.id = x.unit_id left join exemption_batch b on b.id = x.batch_id
     where ${which} order by x.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ...row,
    dueAt: row.dueAt.getTime(),
    appliedAt: row.appliedAt.getTime(),
    outcomeAt: row.outcomeAt?.getTime() ?? null,
  }));
}

type ExemptionRow = Omit<Exemption, "dueAt" | "appliedAt" | "outcomeAt"> & {
  readonly dueAt: Date;
  readonly appliedAt: Date;
  readonly outcomeAt: Date | null;
};
