/** 点名. The parties and tickets that a person names, found by id and number within what they may see. */
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { inScope } from "../ticket/list.ts";
import type { PartyIn } from "./shape.ts";
import type { NewParty } from "./store.ts";

/** With the names of today, which the item keeps. Throws Refused for a unit that is none, or is no more. */
export async function partiesNamed(tx: Db, named: readonly PartyIn[]): Promise<readonly NewParty[]> {
  const ids = named.flatMap((party) => (party.side === "unit" ? [party.unit] : []));
  const units =
    ids.length === 0
      ? []
      : await tx
          .selectFrom("unit")
          .select(["id", "short_name"])
          .where("id", "in", ids)
          .where("valid_to", "is", null)
          .execute();
  const names = new Map(units.map((unit) => [unit.id, unit.short_name]));
  const parties = named.map((party): NewParty => {
    if (party.side === "city") return { side: "city", unitId: null, name: party.name };
    const name = names.get(party.unit);
    if (name === undefined) throw new Refused({ code: "unit-unknown" });
    return { side: "unit", unitId: party.unit, name };
  });
  const keyOf = (party: NewParty) => `${party.side} ${party.unitId ?? party.name}`;
  return [...new Map(parties.map((party) => [keyOf(party), party])).values()];
}

/** Ids of tickets by their numbers. Throws Refused with those that this person does not see. */
export async function ticketsByNumber(
  tx: Db,
  actor: Actor,
  numbers: readonly string[],
): Promise<readonly string[]> {
  const wanted = [...new Set(numbers.map((number) => number.trim()).filter((number) => number !== ""))];
  if (wanted.length === 0) return [];
  const rows = await tx
    .selectFrom("ticket as t")
    .select(["t.id", "t.number"])
    .where(sql<boolean>`t.number = any(${wanted}::text[])`)
    .where((eb) => inScope(eb, actor))
    .execute();
  const missing = wanted.filter((number) => !rows.some((row) => row.number === number));
  if (missing.length > 0) throw new Refused({ code: "liaison-tickets", numbers: missing.join("、") });
  return rows.map((row) => row.id);
}
