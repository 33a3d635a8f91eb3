/** 确权案的存取. Cases with their parties, claims, meetings, appeal and steps; a unit reads only the cases that it is party to. */
import { type CaseState, isCaseState } from "@jiesu/core/ownership/steps.ts";
import type { LegalBasis } from "@jiesu/core/ticket/moves.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

export interface UnitName {
  readonly id: string;
  readonly name: string;
}

/** 初步派遣意见 as it stands. */
export interface Opinion {
  readonly leadUnitId: string;
  readonly coUnitIds: readonly string[];
  readonly text: string;
  readonly articles: readonly LegalBasis[];
  readonly at: number;
  readonly by: string;
}

/** 上报, with the answer once it came. */
export interface Report {
  readonly to: string;
  readonly note: string;
  readonly at: number;
  readonly by: string;
  readonly answer?: {
    readonly decision: "agreed" | "other";
    readonly text: string;
    readonly paper: string;
    readonly from: string;
    readonly at: number;
    readonly by: string;
  };
}

export interface Case {
  readonly id: string;
  readonly ticketId: string;
  readonly ticketNumber: string;
  readonly ticketTitle: string;
  readonly ticketState: string;
  readonly level: number;
  readonly dueAt: Date | null;
  readonly returns: number;
  readonly round: number;
  readonly state: CaseState;
  readonly openedAt: number;
  readonly openedBy: string | null;
  readonly openedName: string;
  readonly reason: string;
  readonly site: string;
  readonly siteFiles: readonly string[];
  readonly opinion: Opinion | null;
  readonly report: Report | null;
  readonly leadUnitId: string | null;
  readonly coUnitIds: readonly string[];
  readonly basis: string | null;
  readonly reasons: string;
  readonly articles: readonly LegalBasis[];
  readonly ruledAt: number | null;
  readonly ruledBy: string | null;
  readonly ruledName: string | null;
  readonly ruledEvent: string | null;
  readonly parties: readonly (UnitName & { readonly because: "led" | "invited" | "ruled" })[];
  /** Parties whose claim is in. */
  readonly claimed: readonly string[];
  readonly mine: boolean;
}

export const caseNumber = (id: string): string => `确权${id}`;

/** Whether a case waits for this person, or was worked on by them: those come first. */
function mineOf(actor: Actor): RawBuilder<boolean> {
  if (actor.unitId !== null)
    return sql`(c.state in ('claims', 'meeting', 'heard') and not exists (
      select from ownership_claim x where x.case_id = c.id and x.unit_id = ${actor.unitId}))`;
  return sql`exists (select from ownership_step x where x.case_id = c.id and x.user_id = ${actor.userId})`;
}

function seenBy(actor: Actor): RawBuilder<boolean> {
  if (actor.unitId === null) return sql`true`;
  return sql`exists (select from ownership_party p where p.case_id = c.id and p.unit_id = ${actor.unitId})`;
}

export interface CaseFilter {
  readonly states?: readonly CaseState[] | undefined;
  readonly ticketId?: string | undefined;
  /** "mine.id" of the last row of the page before. */
  readonly after?: string | undefined;
}

/** Mine first, then the newest. */
export function listCases(db: Db, actor: Actor, filter: CaseFilter, limit: number): Promise<readonly Case[]> {
  const all = [seenBy(actor), sql<boolean>`t.state <> 'voided'`];
  if (filter.states) all.push(sql`c.state = any(${[...filter.states]}::text[])`);
  if (filter.ticketId !== undefined) all.push(sql`c.ticket_id = ${filter.ticketId}`);
  const [mine, id] = (filter.after ?? "").split(".");
  if (id !== undefined) all.push(sql`(${mineOf(actor)}::int, c.id) < (${Number(mine)}, ${id}::bigint)`);
  return read(db, actor, sql.join(all, sql` and `), limit);
}

/** How many of each state, as this person sees them. */
export async function countCases(db: Db, actor: Actor): Promise<ReadonlyMap<CaseState, number>> {
  const { rows } = await sql<{ state: string; n: number }>`
    select c.state, count(*)::int as n from ownership_case c join ticket t on t.id = c.ticket_id
     where ${seenBy(actor)} and t.state <> 'voided' group by 1`.execute(db);
  return new Map(rows.flatMap(({ state, n }) => (isCaseState(state) ? [[state, n] as const] : [])));
}

/** Null when there is none, or none that this person may see. */
export async function caseOf(db: Db, actor: Actor, id: string): Promise<Case | null> {
  return (await read(db, actor, sql`c.id = ${id} and ${seenBy(actor)}`, 1))[0] ?? null;
}

export async function ticketOfCase(db: Db, id: string): Promise<string | null> {
  const row = await db
    .selectFrom("ownership_case")
    .select("ticket_id")
    .where("id", "=", id)
    .executeTakeFirst();
  return row?.ticket_id ?? null;
}

async function read(
  db: Db,
  actor: Actor,
  which: RawBuilder<unknown>,
  limit: number,
): Promise<readonly Case[]> {
  const { rows } = await sql<CaseRow>`
    select c.id, c.ticket_id as "ticketId", t.number as "ticketNumber", t.title as "ticketTitle", t.state as "ticketState",
           t.level, case when t.state = 'ownership' then t.due_at end as "dueAt", t.returns, c.round, c.state,
           c.opened_at as "openedAt", c.opened_by as "openedBy", c.opened_name as "openedName", c.reason, c.site,
           c.site_files::text[] as "siteFiles", c.opinion, c.report, c.lead_unit_id as "leadUnitId",
           c.co_unit_ids::text[] as "coUnitIds", c.basis, c.reasons, c.articles, c.ruled_at as "ruledAt",
           c.ruled_by as "ruledBy", c.ruled_name as "ruledName", c.ruled_event as "ruledEvent", ${mineOf(actor)} as mine,
           array(select distinct x.unit_id::text from ownership_claim x where x.case_id = c.id) as claimed,
           coalesce((select jsonb_agg(jsonb_build_object('id', u.id::text, 'name', u.short_name, 'because', p.because)
             order by p.added_at, u.id) from ownership_party p join unit u on u.id = p.unit_id where p.case_id = c.id), '[]') as parties
      from ownership_case c join ticket t on t.id = c.ticket_id
     where ${which}
     order by ${mineOf(actor)} desc, c.id desc limit ${limit}`.execute(db);
  return rows.map((row) => ({
    ...row,
    openedAt: row.openedAt.getTime(),
    ruledAt: row.ruledAt?.getTime() ?? null,
  }));
}
type CaseRow = Omit<Case, "openedAt" | "ruledAt"> & {
  readonly openedAt: Date;
  readonly ruledAt: Date | null;
};

export type Position = "mine" | "shared" | "notMine";

export interface Claim {
  readonly unitId: string;
  readonly position: Position;
  readonly statement: string;
  readonly articles: readonly LegalBasis[];
  readonly suggestUnitId: string | null;
  readonly suggestUnit: string | null;
  readonly files: readonly string[];
  readonly late: boolean;
  readonly at: Date;
  readonly userName: string;
  /** How often the unit has stated it. */
  readonly versions: number;
}

/** The latest claim of every unit. */
export async function claimsOf(db: Db, caseId: string): Promise<readonly Claim[]> {
  const { rows } = await sql<Claim>`
    select distinct on (x.unit_id) x.unit_id as "unitId", x.position, x.statement, x.articles,
           x.suggest_unit_id as "suggestUnitId", u.short_name as "suggestUnit", x.files::text[] as files, x.late, x.at,
           x.user_name as "userName", (count(*) over (partition by x.unit_id))::int as versions
      from ownership_claim x left join unit u on u.id = x.suggest_unit_id
     where x.case_id = ${caseId} order by x.unit_id, x.id desc`.execute(db);
  return rows;
}

export interface NewClaim {
  readonly unitId: string;
  readonly position: Position;
  readonly statement: string;
  readonly articles: readonly LegalBasis[];
  readonly suggestUnitId: string | null;
  readonly files: readonly string[];
  readonly late: boolean;
}

export async function insertClaim(
  tx: Db,
  caseId: string,
  claim: NewClaim,
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .insertInto("ownership_claim")
    .values({
      ...{ case_id: caseId, unit_id: claim.unitId, position: claim.position, statement: claim.statement },
      ...{ articles: JSON.stringify(claim.articles), suggest_unit_id: claim.suggestUnitId },
      ...{
        files: [...claim.files],
        late: claim.late,
        at: new Date(at),
        user_id: by.userId,
        user_name: by.name,
      },
    })
    .execute();
}

export async function addParty(tx: Db, caseId: string, unitId: string, at: number): Promise<boolean> {
  const added = await tx
    .insertInto("ownership_party")
    .values({ case_id: caseId, unit_id: unitId, because: "invited", added_at: new Date(at) })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return added.numInsertedOrUpdatedRows === 1n;
}

export interface CaseChange {
  readonly state: CaseState;
  readonly site?: string;
  readonly siteFiles?: readonly string[];
  readonly opinion?: Opinion;
  readonly report?: Report;
}

export async function updateCase(tx: Db, id: string, change: CaseChange): Promise<void> {
  await tx
    .updateTable("ownership_case")
    .set({
      state: change.state,
      ...(change.site === undefined ? {} : { site: change.site }),
      ...(change.siteFiles === undefined ? {} : { site_files: [...change.siteFiles] }),
      ...(change.opinion === undefined ? {} : { opinion: JSON.stringify(change.opinion) }),
      ...(change.report === undefined ? {} : { report: JSON.stringify(change.report) }),
    })
    .where("id", "=", id)
    .execute();
}

export interface CaseStepRow {
  readonly step: string;
  readonly at: Date;
  readonly by: string;
  readonly unit: string | null;
  readonly note: string;
}

export async function addStep(
  tx: Db,
  caseId: string,
  step: string,
  said: { readonly note: string; readonly unitId?: string | null; readonly data?: object },
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .insertInto("ownership_step")
    .values({
      ...{ case_id: caseId, step, at: new Date(at), user_id: by.userId, user_name: by.name },
      ...{ unit_id: said.unitId ?? null, note: said.note, data: JSON.stringify(said.data ?? {}) },
    })
    .execute();
}

export async function stepsOf(db: Db, caseId: string): Promise<readonly CaseStepRow[]> {
  const { rows } = await sql<CaseStepRow>`
    select s.step, s.at, s.user_name as by, u.short_name as unit, s.note
      from ownership_step s left join unit u on u.id = s.unit_id
     where s.case_id = ${caseId} order by s.id`.execute(db);
  return rows;
}

export interface Appeal {
  readonly unitId: string;
  readonly unit: string;
  readonly reason: string;
  readonly files: readonly string[];
  readonly at: Date;
  readonly by: string;
  readonly outcome: "upheld" | "changed" | null;
  readonly reasons: string | null;
  readonly decidedAt: Date | null;
  readonly decidedBy: string | null;
}

export async function appealOf(db: Db, caseId: string): Promise<Appeal | null> {
  const { rows } = await sql<Appeal>`
    select a.unit_id as "unitId", u.short_name as unit, a.reason, a.files::text[] as files, a.at, a.user_name as by, a.outcome,
           a.reasons, a.decided_at as "decidedAt", a.decided_name as "decidedBy"
      from ownership_appeal a join unit u on u.id = a.unit_id where a.case_id = ${caseId}`.execute(db);
  return rows[0] ?? null;
}

export async function insertAppeal(
  tx: Db,
  caseId: string,
  appeal: { readonly unitId: string; readonly reason: string; readonly files: readonly string[] },
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .insertInto("ownership_appeal")
    .values({
      ...{ case_id: caseId, unit_id: appeal.unitId, reason: appeal.reason, files: [...appeal.files] },
      ...{ at: new Date(at), user_id: by.userId, user_name: by.name },
    })
    .execute();
}

export async function decideAppeal(
  tx: Db,
  caseId: string,
  outcome: "upheld" | "changed",
  reasons: string,
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .updateTable("ownership_appeal")
    .set({ outcome, reasons, decided_at: new Date(at), decided_by: by.userId, decided_name: by.name })
    .where("case_id", "=", caseId)
    .execute();
}
