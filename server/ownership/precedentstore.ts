/** 先例的存取. A precedent, its versions and steps, and the tickets that cited it with what became of them. */
import type { Scope, VersionState } from "@jiesu/core/ownership/precedent.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

export interface Content extends Scope {
  readonly title: string;
  readonly leadUnitId: string;
  readonly coUnitIds: readonly string[];
  readonly reason: string;
  readonly from: Day;
  readonly to: Day | null;
}

export interface PrecedentVersion extends Content {
  readonly id: string;
  readonly precedentId: string;
  readonly caseId: string;
  readonly ticketId: string;
  readonly version: number;
  readonly state: VersionState;
  readonly leadUnit: string;
  readonly coUnits: readonly string[];
  readonly writtenBy: string | null;
  readonly writtenName: string;
  readonly writtenAt: Date;
  readonly publishedAt: Date | null;
  readonly publishedName: string | null;
  readonly endedAt: Date | null;
  /** How often dispatches and rulings cited it; of these, rounds that the unit returned all the same. */
  readonly cited: number;
  readonly returned: number;
}

export const precedentNumber = (id: string): string => `先例${id}`;

export interface PrecedentFilter {
  /** "standing": published and not ended by its days; "ended": overruled or past its days. */
  readonly standing?: "standing" | "draft" | "ended" | undefined;
  readonly q?: string | undefined;
  readonly unitId?: string | undefined;
  readonly category?: string | undefined;
  readonly before?: string | undefined;
}

/** Of every precedent the version that stands, else its newest; the newest precedents first. */
export function listPrecedents(
  db: Db,
  filter: PrecedentFilter,
  today: Day,
  limit: number,
): Promise<readonly PrecedentVersion[]> {
  const all = [
    sql<boolean>`v.id = (select w.id from precedent_version w where w.precedent_id = v.precedent_id and w.state <> 'discarded'
      order by (w.state = 'published') desc, w.version desc limit 1)`,
  ];
  const live = sql<boolean>`(v.state = 'published' and (v.valid_to is null or v.valid_to >= ${today}))`;
  if (filter.standing === "standing") all.push(live);
  if (filter.standing === "draft")
    all.push(
      sql`exists (select from precedent_version w where w.precedent_id = v.precedent_id and w.state = 'draft')`,
    );
  if (filter.standing === "ended")
    all.push(sql`(v.state = 'overruled' or v.state = 'published' and not ${live})`);
  if (filter.unitId !== undefined)
    all.push(sql`(v.lead_unit_id = ${filter.unitId} or ${filter.unitId}::bigint = any(v.co_unit_ids))`);
  if (filter.category !== undefined) all.push(sql`v.category1 = ${filter.category}`);
  if (filter.before !== undefined) all.push(sql`v.precedent_id < ${filter.before}`);
  for (const term of (filter.q ?? "").trim().split(/\s+/).slice(0, 8)) {
    if (term === "") continue;
    const like = `%${term.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`;
    all.push(sql`concat_ws(' ', '先例' || v.precedent_id, v.title, v.reason, v.category1, v.category2, v.category3, v.street,
      v.community, v.spot, array_to_string(v.words, ' '), u.name, u.short_name, t.number) ilike ${like}`);
  }
  return read(db, sql.join(all, sql` and `), sql`v.precedent_id desc`, limit);
}

/** Every version, the newest first. */
export function versionsOf(db: Db, precedentId: string): Promise<readonly PrecedentVersion[]> {
  return read(db, sql`v.precedent_id = ${precedentId}`, sql`v.version desc`, 200);
}

export async function precedentOfCase(db: Db, caseId: string): Promise<string | null> {
  const row = await db.selectFrom("precedent").select("id").where("case_id", "=", caseId).executeTakeFirst();
  return row?.id ?? null;
}

/** Whose steps come one after the other. */
export async function lockPrecedent(tx: Db, id: string): Promise<{ readonly caseId: string } | null> {
  const row = await tx
    .selectFrom("precedent")
    .select("case_id")
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  return row ? { caseId: row.case_id } : null;
}

async function read(
  db: Db,
  which: RawBuilder<unknown>,
  order: RawBuilder<unknown>,
  limit: number,
): Promise<readonly PrecedentVersion[]> {
  const { rows } = await sql<PrecedentVersion>`
    select v.id, v.precedent_id as "precedentId", p.case_id as "caseId", c.ticket_id as "ticketId", v.version, v.state, v.title,
           v.category1, v.category2, v.category3, v.street, v.community, v.spot, v.words,
           v.lead_unit_id as "leadUnitId", u.short_name as "leadUnit", v.co_unit_ids::text[] as "coUnitIds",
           array(select x.short_name from unit x where x.id = any(v.co_unit_ids) order by x.id) as "coUnits",
           v.reason, v.valid_from::text as "from", v.valid_to::text as "to", v.written_by as "writtenBy",
           v.written_name as "writtenName", v.written_at as "writtenAt", v.published_at as "publishedAt",
           v.published_name as "publishedName", v.ended_at as "endedAt", n.cited, n.returned
      from precedent_version v join precedent p on p.id = v.precedent_id join ownership_case c on c.id = p.case_id
      join ticket t on t.id = c.ticket_id join unit u on u.id = v.lead_unit_id
      cross join lateral (
        select count(*)::int as cited, count(*) filter (where a.ended_as = 'returned')::int as returned
          from precedent_citation x left join assignment a on a.ticket_id = x.ticket_id and a.round = x.round and a.part = 'lead'
         where x.version_id = v.id) n
     where ${which} order by ${order} limit ${limit}`.execute(db);
  return rows;
}

export interface Citing {
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly state: string;
  readonly version: number;
  readonly round: number;
  readonly at: Date;
  readonly by: string;
  readonly unit: string | null;
  readonly returned: "returned" | "asked" | null;
}

/** The tickets that cited any version, the newest first. */
export async function citingOf(db: Db, precedentId: string, limit: number): Promise<readonly Citing[]> {
  const { rows } = await sql<Citing>`
    select x.ticket_id as "ticketId", t.number, t.title, t.state, v.version, x.round, x.at, x.user_name as by,
           u.short_name as unit,
           case when a.ended_as = 'returned' then 'returned'
                when t.state = 'returnReview' and t.round = x.round then 'asked' end as returned
      from precedent_citation x join precedent_version v on v.id = x.version_id join ticket t on t.id = x.ticket_id
      left join unit u on u.id = x.unit_id
      left join assignment a on a.ticket_id = x.ticket_id and a.round = x.round and a.part = 'lead'
     where v.precedent_id = ${precedentId} order by x.at desc, x.event_id desc limit ${limit}`.execute(db);
  return rows;
}

export async function insertPrecedent(
  tx: Db,
  caseId: string,
  content: Content,
  by: Actor,
  at: number,
): Promise<string> {
  const { id } = await tx
    .insertInto("precedent")
    .values({ case_id: caseId })
    .returning("id")
    .executeTakeFirstOrThrow();
  await insertVersion(tx, id, 1, content, by, at);
  await addPrecedentStep(tx, id, 1, "draft", "", by, at);
  return id;
}

export async function insertVersion(
  tx: Db,
  precedentId: string,
  version: number,
  content: Content,
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .insertInto("precedent_version")
    .values({
      ...{ precedent_id: precedentId, version, state: "draft", ...columnsOf(content) },
      ...{ written_by: by.userId, written_name: by.name, written_at: new Date(at) },
    })
    .execute();
}

export async function updateDraft(
  tx: Db,
  id: string,
  content: Content,
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .updateTable("precedent_version")
    .set({ ...columnsOf(content), written_by: by.userId, written_name: by.name, written_at: new Date(at) })
    .where("id", "=", id)
    .where("state", "=", "draft")
    .execute();
}

export async function setState(
  tx: Db,
  versionId: string,
  state: VersionState,
  by: Actor,
  at: number,
): Promise<void> {
  const ends = state === "amended" || state === "overruled";
  await tx
    .updateTable("precedent_version")
    .set({
      state,
      ...(state === "published" ? { published_at: new Date(at), published_name: by.name } : {}),
      ...(ends ? { ended_at: new Date(at) } : {}),
    })
    .where("id", "=", versionId)
    .execute();
}

/** A changed ruling ends what the first one taught; drafts that nobody published are discarded. */
export async function endForChange(tx: Db, caseId: string, by: Actor, at: number): Promise<void> {
  const id = await precedentOfCase(tx, caseId);
  if (id === null) return;
  await lockPrecedent(tx, id);
  for (const version of await versionsOf(tx, id)) {
    if (version.state !== "published" && version.state !== "draft") continue;
    await setState(tx, version.id, version.state === "draft" ? "discarded" : "overruled", by, at);
    await addPrecedentStep(tx, id, version.version, "changed", "复议改判，原裁定不再适用", by, at);
  }
}

export async function addPrecedentStep(
  tx: Db,
  precedentId: string,
  version: number,
  step: string,
  note: string,
  by: Actor,
  at: number,
): Promise<void> {
  await tx
    .insertInto("precedent_step")
    .values({
      ...{ precedent_id: precedentId, version, step, at: new Date(at), note },
      ...{ user_id: by.userId, user_name: by.name },
    })
    .execute();
}

export async function precedentSteps(db: Db, precedentId: string) {
  return db
    .selectFrom("precedent_step")
    .select(["version", "step", "at", "user_name as by", "note"])
    .where("precedent_id", "=", precedentId)
    .orderBy("id")
    .execute();
}

function columnsOf(content: Content) {
  const { title, category1, category2, category3, street, community, spot, words, reason } = content;
  return {
    ...{ title, category1, category2, category3, street, community, spot, words: [...words], reason },
    ...{ lead_unit_id: content.leadUnitId, co_unit_ids: [...content.coUnitIds] },
    ...{ valid_from: content.from, valid_to: content.to },
  };
}
