/** 分拣研判台账. Reads what suggestions are made from: the ticket, the district's names, the caller's earlier and like tickets. */
import { inForce } from "@jiesu/core/rules/effective.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import type { Gazetteer } from "@jiesu/core/triage/gazetteer.ts";
import { findPlaces } from "@jiesu/core/triage/place.ts";
import { said } from "@jiesu/core/triage/text.ts";
import { type CategoryFacts, suggestUnits } from "@jiesu/core/triage/unit.ts";
import type { TriageWeights } from "@jiesu/core/triage/weights.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import { sameRequester } from "../ticket/requester.ts";
import { learnedHabits } from "./habits.ts";
import { gazetteerOf } from "./names.ts";
import type { Suggestions } from "./shape.ts";

const UNITS_SHOWN = 8;
const EARLIER_READ = 20;
const SIMILAR_SHOWN = 5;
const SIMILAR_DAYS = 30;
/** Like tickets that are counted for a unit's share of them; more would change no share worth a point. */
const SIMILAR_READ = 200;
const DAY_MS = 86_400_000;

/** Null when there is no such ticket or it is not this person's to see. */
export async function readSuggestions(shell: Shell, actor: Actor, id: string): Promise<Suggestions | null> {
  const { db } = shell;
  const ticket = await db
    .selectFrom("ticket as t")
    .select([
      "t.id",
      "t.title",
      "t.content",
      "t.address",
      "t.street",
      "t.community",
      "t.category1",
      "t.category2",
      "t.category3",
      "t.received_at",
    ])
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  if (!ticket) return null;
  const weights = weightsOn(shell);
  const [gazetteer, category, earlier, similar] = await Promise.all([
    gazetteerOf(db, weights.place, dayOf(shell.now())),
    readCategory(db, ticket),
    readEarlier(db, actor, id),
    readSimilar(db, actor, ticket),
  ]);
  const habits = await learnedHabits(db, gazetteer, shell.now());
  const sameCategory = (kin: Kin): boolean =>
    ticket.category1 !== "" && CATEGORY.every((level) => kin[level] === ticket[level]);
  const units = suggestUnits(
    {
      title: ticket.title,
      content: ticket.content,
      address: ticket.address,
      street: ticket.street,
      community: ticket.community,
      category,
      earlier: earlier.flatMap((t) =>
        t.lead_unit_id === null ? [] : [{ unitId: t.lead_unit_id, sameCategory: sameCategory(t) }],
      ),
      habits: { known: habits.known, learnedAs: habits.streets.get(id) ?? null },
      history: similar.flatMap((t) =>
        t.lead_unit_id === null ? [] : [{ unitId: t.lead_unit_id, tickets: 1 }],
      ),
    },
    gazetteer,
    weights,
  );
  return {
    units: units.slice(0, UNITS_SHOWN).map((u) => ({
      ...u,
      reasons: u.reasons.map(({ points, text, evidence }) => ({ points, text, evidence })),
    })),
    places: placesIn(ticket.content, gazetteer),
    earlier: earlier.map(shownKin),
    similar: similar.slice(0, SIMILAR_SHOWN).map(shownKin),
  };
}

const CATEGORY = ["category1", "category2", "category3"] as const;

export function weightsOn(shell: Shell): TriageWeights {
  const version = inForce(shell.rules.triage, dayOf(shell.now()));
  if (!version.ok) throw new Error(`no triage weights on ${version.refusal.on}`);
  return version.value.body;
}

function placesIn(content: string, gazetteer: Gazetteer): Suggestions["places"] {
  return findPlaces(said(content), gazetteer).map(({ start, end, kind, name }) => ({
    start,
    end,
    kind,
    name,
  }));
}

interface Categorised {
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
}

/** The row of the district's table for the ticket's category, or for the nearest level above it. */
async function readCategory(db: Db, ticket: Categorised): Promise<CategoryFacts | null> {
  if (ticket.category1 === "") return null;
  const row = await db
    .selectFrom("category")
    .select(["level1", "level2", "level3", "default_unit_id", "to_street"])
    .where("level1", "=", ticket.category1)
    .where("level2", "in", [ticket.category2, ""])
    .where("level3", "in", [ticket.category3, ""])
    .orderBy("level3", "desc") // '' sorts last: the deepest row first
    .orderBy("level2", "desc")
    .executeTakeFirst();
  if (!row) return null;
  const name = [row.level1, row.level2, row.level3].filter((level) => level !== "").join("·");
  return { name, defaultUnitId: row.default_unit_id, toStreet: row.to_street };
}

export type Kin = Awaited<ReturnType<typeof readEarlier>>[number];

export function kinOf(db: Db, actor: Actor) {
  return db
    .selectFrom("ticket as t")
    .leftJoin("unit as u", "u.id", "t.lead_unit_id")
    .select([
      "t.id",
      "t.number",
      "t.title",
      "t.received_at",
      "t.state",
      "t.lead_unit_id",
      "u.short_name as unit_name",
      "t.category1",
      "t.category2",
      "t.category3",
    ])
    .where((eb) => inScope(eb, actor))
    .orderBy("t.received_at", "desc")
    .orderBy("t.id", "desc");
}

/** 同一诉求人的历史工单, newest first. */
export async function readEarlier(db: Db, actor: Actor, id: string) {
  const ids = await sameRequester(db, id, EARLIER_READ);
  return ids.length === 0 ? [] : kinOf(db, actor).where("t.id", "in", ids).execute();
}

interface Placed extends Categorised {
  readonly id: string;
  readonly street: string;
  readonly community: string;
  readonly received_at: Date;
}

/** 同地同类: the same category in the same community (the same street where no community is known), received in the 30 days before or since. */
async function readSimilar(db: Db, actor: Actor, ticket: Placed): Promise<Kin[]> {
  const place = ticket.community === "" ? "t.street" : "t.community";
  const written = ticket.community === "" ? ticket.street : ticket.community;
  if (written === "" || ticket.category1 === "") return [];
  const received = ticket.received_at.getTime();
  return kinOf(db, actor)
    .where("t.received_at", ">=", new Date(received - SIMILAR_DAYS * DAY_MS))
    .where("t.received_at", "<=", new Date(received + SIMILAR_DAYS * DAY_MS))
    .where(place, "=", written)
    .where("t.category1", "=", ticket.category1)
    .where("t.category2", "=", ticket.category2)
    .where("t.category3", "=", ticket.category3)
    .where("t.id", "!=", ticket.id)
    .where("t.state", "<>", "voided")
    .limit(SIMILAR_READ)
    .execute();
}

export function shownKin(row: Kin): Suggestions["earlier"][number] {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    receivedAt: row.received_at.toISOString(),
    stateZh: isState(row.state) ? STATES[row.state].zh : row.state,
    unitName: row.unit_name,
  };
}
