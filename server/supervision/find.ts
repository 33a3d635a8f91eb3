/**
 * 发现线索. Once a day, and when asked, the rules in force look through the period's figures and the tickets that came again; what
 * they find is proposed once a period and matter, and nobody but a person makes an item of it.
 */
import {
  belowAverage,
  type Found,
  repeated,
  topVolume,
  type UnitStanding,
} from "@jiesu/core/supervision/find.ts";
import type { Trigger } from "@jiesu/core/supervision/rules.ts";
import { addDays, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { periodAt, register, rulesNow } from "./actions.ts";
import { oftenReturned, roundsOfTickets, samePlaces, sameRequesters, subjectsTaken } from "./findstore.ts";

/** How units stand, told by the assessment: the measures are its own. */
export type Standings = (shell: Shell) => Promise<{ readonly units: readonly UnitStanding[] }>;

/** Proposes what is found and not known yet; answers how many. Two looks at once find it once. */
export async function findItems(shell: Shell, standings: Standings): Promise<number> {
  const now = shell.now();
  const { units } = await standings(shell);
  const { triggers } = rulesNow(shell, now).body;
  const found: Found[] = [];
  for (const trigger of triggers) found.push(...(await foundBy(shell.db, trigger, units, now)));
  return shell.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended('supervision-find', 0))`.execute(tx);
    const period = periodAt(shell, now).name;
    const taken = await subjectsTaken(
      tx,
      found.map((each) => each.subject),
      period,
    );
    const by = { at: now, userId: null, userName: "系统", role: "system" } as const;
    let made = 0;
    for (const each of found.filter(({ subject }) => !taken.has(subject))) {
      const tickets = await roundsOfTickets(tx, each.ticketIds);
      const { subject, level, title, matter, unitIds } = each;
      const id = await register(
        shell,
        tx,
        {
          ...({ origin: "rule", state: "proposed", givenDueAt: null, leader: "", notedOn: null } as const),
          ...{ subject, period, level, title, matter, unitIds: await alive(tx, unitIds), tickets },
        },
        by,
      );
      made += id === null ? 0 : 1;
    }
    return made;
  });
}

function foundBy(
  db: Db,
  trigger: Trigger,
  units: readonly UnitStanding[],
  now: number,
): Promise<readonly Found[]> | readonly Found[] {
  const { days = 0, times = 1 } = trigger.numbers;
  const since = new Date(startOfDay(addDays(dayOf(now), -days)));
  switch (trigger.key) {
    case "belowAverage":
      return belowAverage(trigger, units);
    case "topVolume":
      return topVolume(trigger, units);
    case "samePlace":
      return samePlaces(db, since, times).then((all) => repeated(trigger, all));
    case "sameRequester":
      return sameRequesters(db, since, times).then((all) => repeated(trigger, all));
    case "returned":
      return oftenReturned(db, times).then((all) => repeated(trigger, all));
  }
}

/** Units that were merged into others since are not named. */
async function alive(tx: Db, unitIds: readonly string[]): Promise<readonly string[]> {
  if (unitIds.length === 0) return [];
  const rows = await tx
    .selectFrom("unit")
    .select("id")
    .where("id", "in", [...unitIds])
    .where("merged_into", "is", null)
    .execute();
  return rows.map((row) => row.id);
}
