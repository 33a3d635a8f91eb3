/** 地名惯例缓存. Learns from the ledger's newest tickets which street a landmark belongs to; learned again every hour. */
import type { Gazetteer } from "@jiesu/core/triage/gazetteer.ts";
import { type Habits, type KnownTicket, learnHabits } from "@jiesu/core/triage/habit.ts";
import { streetOf } from "@jiesu/core/triage/place.ts";
import type { Db } from "../platform/db/open.ts";

/** Enough to meet every landmark that is asked about often; read in well under a second. */
const NEWEST = 3000;
const HOUR_MS = 3_600_000;

export interface Learned {
  readonly known: Habits;
  /** The street under which each ticket was counted, by ticket id. */
  readonly streets: ReadonlyMap<string, string>;
}

interface Kept {
  readonly at: number;
  readonly gazetteer: Gazetteer;
  readonly learned: Promise<Learned>;
}
const kept = new WeakMap<Db, Kept>();

export function learnedHabits(db: Db, gazetteer: Gazetteer, now: number): Promise<Learned> {
  const before = kept.get(db);
  if (before && before.gazetteer === gazetteer && now >= before.at && now - before.at < HOUR_MS)
    return before.learned;
  const learned = learn(db, gazetteer);
  kept.set(db, { at: now, gazetteer, learned });
  learned.catch(() => kept.delete(db)); // the caller sees the fault; the next one tries again
  return learned;
}

/** A ticket's street is the street or town that led it; else the one that was entered. Others teach nothing. */
async function learn(db: Db, gazetteer: Gazetteer): Promise<Learned> {
  const rows = await db
    .selectFrom("ticket")
    .select(["id", "content", "street", "lead_unit_id"])
    .where("state", "<>", "voided")
    .orderBy("received_at", "desc")
    .orderBy("id", "desc")
    .limit(NEWEST)
    .execute();
  const streets = new Map<string, string>();
  const tickets: KnownTicket[] = [];
  for (const row of rows) {
    const unitId = leadStreet(row.lead_unit_id, gazetteer) ?? streetOf(row.street, gazetteer)?.unitIds[0];
    if (unitId === undefined) continue;
    streets.set(row.id, unitId);
    tickets.push({ unitId, text: row.content });
  }
  return { known: learnHabits(tickets), streets };
}

function leadStreet(unitId: string | null, gazetteer: Gazetteer): string | undefined {
  const unit = unitId === null ? undefined : gazetteer.units.get(unitId);
  return unit?.kind === "street" || unit?.kind === "town" ? unit.id : undefined;
}
