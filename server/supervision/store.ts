/** 督办件的存取. Items with their units, tickets and clocks, the steps of each, its files: the only writer of these tables. */
import type { ItemClock } from "@jiesu/core/supervision/clocks.ts";
import { isGiven } from "@jiesu/core/supervision/clocks.ts";
import type { ItemFacts } from "@jiesu/core/supervision/decide.ts";
import {
  ALL_SUPERVISION_CLOCKS,
  ALL_SUPERVISION_ORIGINS,
  isSupervisionLevel,
  isSupervisionState,
  type SupervisionLevel,
  type SupervisionOrigin,
  type SupervisionState,
} from "@jiesu/core/supervision/lifecycle.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { TakenFile } from "../platform/files/upload.ts";
import type { Stamp } from "../ticket/store.ts";

export interface NewItem {
  readonly origin: SupervisionOrigin;
  readonly subject: string | null;
  readonly period: string;
  readonly title: string;
  readonly matter: string;
  readonly level: SupervisionLevel;
  readonly state: "proposed" | "arrived";
  readonly givenDueAt: number | null;
  readonly leader: string;
  readonly notedOn: string | null;
  readonly unitIds: readonly string[];
  readonly tickets: readonly { readonly id: string; readonly round: number }[];
}

/** Keeps a new item; null where the same was found by rule in this period already. */
export async function insertItem(tx: Db, item: NewItem, clock: ItemClock, by: Stamp): Promise<string | null> {
  const row = await tx
    .insertInto("supervision_item")
    .values({
      ...{ origin: item.origin, subject: item.subject, period: item.period, title: item.title },
      ...{ matter: item.matter, level: item.level, state: item.state, arrived_at: new Date(by.at) },
      ...{ given_due: dateOf(item.givenDueAt), leader: item.leader, noted_on: item.notedOn },
      ...{ clock: clock.kind, due_at: new Date(clock.dueAt), near_at: new Date(clock.nearAt) },
      ...{ created_by: by.userId, created_name: by.userName },
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!row) return null;
  await putUnits(tx, row.id, item.unitIds);
  if (item.tickets.length > 0)
    await tx
      .insertInto("supervision_ticket")
      .values(item.tickets.map(({ id, round }) => ({ item_id: row.id, ticket_id: id, round })))
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  await startedClock(tx, row.id, clock);
  return row.id;
}

/** An item locked for a step. */
export interface LockedItem extends ItemFacts {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly origin: SupervisionOrigin;
  readonly givenDueAt: number | null;
  readonly forwarded: boolean;
  readonly clockId: string | null;
  readonly running: ItemClock | null;
}

/** Locks the row until the transaction ends; null when there is no such item. */
export const lockItem = (tx: Db, id: string): Promise<LockedItem | null> => itemFacts(tx, id, true);

/** What deciding needs of an item, as it stands. */
export async function itemFacts(tx: Db, id: string, lock = false): Promise<LockedItem | null> {
  const row = await tx
    .selectFrom("supervision_item")
    .selectAll()
    .where("id", "=", id)
    .$if(lock, (q) => q.forUpdate())
    .executeTakeFirst();
  if (!row) return null;
  const units = await tx
    .selectFrom("supervision_unit")
    .select("unit_id")
    .where("item_id", "=", id)
    .orderBy("place")
    .execute();
  const clock = await tx
    .selectFrom("supervision_clock")
    .select(["id", "body"])
    .where("item_id", "=", id)
    .where("state", "=", "running")
    .executeTakeFirst();
  const running = clock ? clockOf(clock.body) : null;
  const givenDueAt = row.given_due?.getTime() ?? null;
  return {
    ...{ id: row.id, version: row.version, title: row.title, origin: originOf(row.origin) },
    ...{ state: stateOf(row.state), level: levelOf(row.level), unitIds: units.map((u) => u.unit_id) },
    ...{ asked: row.asked, granted: row.granted, checked: checkedOf(row.checked), passedBy: row.passed_by },
    givenDue: running !== null && isGiven(running, givenDueAt),
    dueAt: running?.dueAt ?? null,
    ...{ givenDueAt, forwarded: row.forwarded_at !== null, clockId: clock?.id ?? null, running },
  };
}

interface ItemChange {
  readonly state: SupervisionState;
  readonly level: SupervisionLevel;
  /** Null: as they are. */
  readonly unitIds: readonly string[] | null;
  readonly asked: number | null;
  readonly granted: number;
  readonly checked: "good" | "bad" | null;
  readonly passedBy: string | null;
  /** Whether it has now gone to its units, and late; null when this step did not send it. */
  readonly forwardedLate: boolean | null;
  readonly answered: boolean;
  readonly ended: boolean;
  readonly reopened: boolean;
  /** What is shown as the last word; null: as it was. */
  readonly word: { readonly text: string; readonly by: string } | null;
}

/** Writes what a step makes of an item. */
export async function updateItem(
  tx: Db,
  item: LockedItem,
  change: ItemChange,
  clock: ItemClock | null,
  at: number,
): Promise<void> {
  const now = new Date(at);
  await tx
    .updateTable("supervision_item")
    .set({
      ...{ state: change.state, level: change.level, version: item.version + 1 },
      ...{ asked: change.asked, granted: change.granted, checked: change.checked },
      ...{ passed_by: change.passedBy, clock: clock?.kind ?? null },
      ...{ due_at: dateOf(clock?.dueAt ?? null), near_at: dateOf(clock?.nearAt ?? null) },
      ...(change.forwardedLate === null ? {} : { forwarded_at: now, forwarded_late: change.forwardedLate }),
      ...(change.answered ? { answered_at: now } : {}),
      ...(change.ended ? { ended_at: now } : change.reopened ? { ended_at: null } : {}),
      ...(change.word === null
        ? {}
        : { last_word: change.word.text, last_word_at: now, last_word_by: change.word.by }),
    })
    .where("id", "=", item.id)
    .execute();
  if (change.unitIds !== null) {
    await tx.deleteFrom("supervision_unit").where("item_id", "=", item.id).execute();
    await putUnits(tx, item.id, change.unitIds);
  }
}

/** Ends the clock that ran and starts the next, or keeps the running one as it now stands. */
export async function keepClocks(
  tx: Db,
  item: LockedItem,
  ended: ItemClock | null,
  running: ItemClock | null,
): Promise<void> {
  if (ended !== null && item.clockId !== null)
    await tx.updateTable("supervision_clock").set(clockRow(ended)).where("id", "=", item.clockId).execute();
  if (running === null) return;
  if (ended === null && item.clockId !== null)
    await tx.updateTable("supervision_clock").set(clockRow(running)).where("id", "=", item.clockId).execute();
  else await startedClock(tx, item.id, running);
}

interface NewStep {
  readonly itemId: string;
  readonly once: string | null;
  readonly step: string;
  readonly from: SupervisionState | null;
  readonly to: SupervisionState;
  readonly unitId: string | null;
  readonly text: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly fileIds: readonly string[];
}

export async function addStep(tx: Db, step: NewStep, by: Stamp): Promise<string> {
  const { id } = await tx
    .insertInto("supervision_step")
    .values({
      ...{ item_id: step.itemId, once: step.once, step: step.step, from_state: step.from },
      ...{ to_state: step.to, at: new Date(by.at), user_id: by.userId, user_name: by.userName },
      ...{ role: by.role, unit_id: step.unitId, text: step.text, data: JSON.stringify(step.data) },
      file_ids: [...step.fileIds],
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

/** The step that this key was sent with, if it has been taken. */
export async function stepOnce(
  tx: Db,
  once: string,
): Promise<{ itemId: string; userId: string | null } | null> {
  const row = await tx
    .selectFrom("supervision_step")
    .select(["item_id", "user_id"])
    .where("once", "=", once)
    .executeTakeFirst();
  return row ? { itemId: row.item_id, userId: row.user_id } : null;
}

/** The tickets of an item, in the order in which they are locked. */
export async function ticketIdsOf(tx: Db, itemId: string): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("supervision_ticket")
    .select("ticket_id")
    .where("item_id", "=", itemId)
    .orderBy("ticket_id")
    .execute();
  return rows.map((r) => r.ticket_id);
}

/** Whether every one of these is a unit that exists. */
export async function unitsKnown(tx: Db, ids: readonly string[]): Promise<boolean> {
  if (ids.length === 0) return true;
  const { n } = await tx
    .selectFrom("unit")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("id", "in", [...ids])
    .where("merged_into", "is", null)
    .executeTakeFirstOrThrow();
  return Number(n) === new Set(ids).size;
}

/** Rounds of the tickets of these numbers, as they stand; what was voided is none. */
export async function ticketsNumbered(tx: Db, numbers: readonly string[]) {
  if (numbers.length === 0) return [];
  return tx
    .selectFrom("ticket")
    .select(["id", "number", "round", "title", "lead_unit_id as unitId"])
    .where("number", "in", [...numbers])
    .where("state", "<>", "voided")
    .execute();
}

type Person = Actor & { readonly userId: string };

/** A file of an item; the same file by the same person is there once. */
export async function addFile(
  tx: Db,
  itemId: string,
  file: TakenFile,
  by: Person,
  at: number,
): Promise<string> {
  const known = await tx
    .selectFrom("supervision_file")
    .select("id")
    .where("item_id", "=", itemId)
    .where("user_id", "=", by.userId)
    .where("sha256", "=", file.sha256)
    .executeTakeFirst();
  if (known) return known.id;
  const { id } = await tx
    .insertInto("supervision_file")
    .values({
      ...{ item_id: itemId, ...file, user_id: by.userId, user_name: by.name, unit_id: by.unitId },
      at: new Date(at),
    })
    .returning("id")
    .executeTakeFirstOrThrow();
  return id;
}

export async function countFiles(tx: Db, itemId: string): Promise<number> {
  const { n } = await tx
    .selectFrom("supervision_file")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("item_id", "=", itemId)
    .executeTakeFirstOrThrow();
  return Number(n);
}

export async function readFile(db: Db, itemId: string, id: string) {
  const row = await db
    .selectFrom("supervision_file")
    .select(["name", "mime", "size", "sha256"])
    .where("id", "=", id)
    .where("item_id", "=", itemId)
    .executeTakeFirst();
  return row ?? null;
}

/** Whether all of these are files of the item that this person may name: a unit its people's own, the centre any. */
export async function filesKnown(
  tx: Db,
  itemId: string,
  ids: readonly string[],
  by: Person,
): Promise<boolean> {
  if (ids.length === 0) return true;
  const { n } = await tx
    .selectFrom("supervision_file")
    .select((eb) => eb.fn.countAll<string>().as("n"))
    .where("item_id", "=", itemId)
    .$if(by.unitId !== null, (q) => q.where("unit_id", "=", by.unitId))
    .where("id", "in", [...ids])
    .executeTakeFirstOrThrow();
  return Number(n) === new Set(ids).size;
}

async function putUnits(tx: Db, itemId: string, unitIds: readonly string[]): Promise<void> {
  if (unitIds.length === 0) return;
  await tx
    .insertInto("supervision_unit")
    .values(unitIds.map((unit_id, place) => ({ item_id: itemId, unit_id, place })))
    .execute();
}

async function startedClock(tx: Db, itemId: string, clock: ItemClock): Promise<void> {
  await tx
    .insertInto("supervision_clock")
    .values({ item_id: itemId, kind: clock.kind, ...clockRow(clock) })
    .execute();
}

const clockRow = (clock: ItemClock) => ({
  state: clock.state,
  started_at: new Date(clock.startedAt),
  due_at: new Date(clock.dueAt),
  near_at: new Date(clock.nearAt),
  ended_at: dateOf(clock.endedAt),
  late: clock.late,
  rule: `${clock.rule.name}/${clock.rule.row}`,
  body: JSON.stringify(clock),
});

function clockOf(body: unknown): ItemClock {
  if (!isClock(body)) throw new Error("a supervision clock in the ledger does not read");
  return body;
}

const isClock = (body: unknown): body is ItemClock =>
  typeof body === "object" &&
  body !== null &&
  "kind" in body &&
  ALL_SUPERVISION_CLOCKS.some((kind) => kind === body.kind);

export function stateOf(text: string): SupervisionState {
  if (!isSupervisionState(text)) throw new Error(`unknown supervision state in the ledger: ${text}`);
  return text;
}

export function levelOf(text: string): SupervisionLevel {
  if (!isSupervisionLevel(text)) throw new Error(`unknown supervision level in the ledger: ${text}`);
  return text;
}

export function originOf(text: string): SupervisionOrigin {
  const found = ALL_SUPERVISION_ORIGINS.find((each) => each === text);
  if (found === undefined) throw new Error(`unknown supervision origin in the ledger: ${text}`);
  return found;
}

const checkedOf = (text: string | null): "good" | "bad" | null =>
  text === "good" || text === "bad" ? text : null;

const dateOf = (at: number | null): Date | null => (at === null ? null : new Date(at));

/** Items whose clock has come near or is over, and which are with somebody still: what people are reminded of. */
export async function dueItems(db: Db, now: number) {
  const { rows } = await sql<{
    id: string;
    title: string;
    state: string;
    clock: string;
    clock_id: string;
    due_at: Date;
  }>`
    select i.id, i.title, i.state, c.kind as clock, c.id as clock_id, i.due_at
      from supervision_item i join supervision_clock c on c.item_id = i.id and c.state = 'running'
     where i.near_at <= ${new Date(now)}
       and not exists (select from notice n where n.cause = 'supervision-' ||
             case when i.due_at < ${new Date(now)} then 'overdue' else 'near' end || ':' || c.id)
     order by i.due_at, i.id limit 500`.execute(db);
  return rows;
}
