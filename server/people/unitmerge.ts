/**
 * 单位撤并. One unit goes into another from a day: its name and aliases mean the other from then on, open work and people
 * go over (or the merger is refused with what is open), what was done stays with the unit that did it.
 */
import { addDays, type Day, dayOf } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { audit, endSessionsOf } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { openWorkOf, succeedUnit } from "../ticket/succession.ts";
import { applicationsOf, isClosedOn, lockUnit, lockUnitTree } from "./unitbook.ts";

export interface Merging {
  readonly into: string;
  /** First day on which the other unit stands for this one. */
  readonly from: Day;
  /** 文号 or reason. */
  readonly source: string;
  /** Hand over open tickets and accounts; without it a unit that has any is refused. */
  readonly moveWork: boolean;
  readonly version?: number | undefined;
}

export interface Merged {
  readonly tickets: number;
  readonly users: number;
}

export async function mergeUnit(
  tx: Db,
  now: number,
  id: string,
  to: Merging,
  by: { readonly userId: string; readonly name: string },
): Promise<Merged> {
  const today = dayOf(now);
  await lockUnitTree(tx);
  const [gone, heir] = await lockBoth(tx, id, to);
  if (to.from > today)
    throw refusal(`撤并日期不能晚于今天（${today}）；尚未到期的，可先在“有效期至”登记，到期当日再办理撤并。`);
  if (to.from <= gone.valid_from) throw refusal(`撤并日期须晚于该单位的启用日期（${gone.valid_from}）。`);
  if (gone.merged_into !== null) throw refusal("该单位此前已撤并。");
  if (heir.merged_into !== null || isClosedOn(heir, today) || heir.valid_from > today)
    throw refusal(`承接单位“${heir.name}”今天不在有效期内，请另选。`);
  const applications = await applicationsOf(tx, id);
  if (applications > 0) throw new Refused({ code: "unit-applications", n: applications });
  const [work, users] = [await openWorkOf(tx, id), await activeUsers(tx, id)];
  if (!to.moveWork && (work.total > 0 || users.length > 0))
    throw new Refused({
      code: "unit-has-work",
      left: leftWords(work.total, users.length),
      open: work.total,
      tickets: work.tickets,
      users: users.map((u) => u.login),
    });
  const stamp = { at: now, userId: by.userId, userName: by.name, role: "sysadmin" as const };
  const handed = await succeedUnit(tx, gone, heir, to.source, stamp);
  if (!handed.ok)
    throw new Refused({
      code: "unit-part-twice",
      tickets: handed.held.slice(0, 10).join("、"),
      held: handed.held,
    });
  for (const user of users) {
    await tx
      .updateTable("app_user")
      .set((eb) => ({ unit_id: to.into, version: eb("version", "+", 1) }))
      .where("id", "=", user.id)
      .execute();
    await endSessionsOf(tx, user.id);
  }
  await handOverPlaces(tx, id, to.into);
  await tx
    .updateTable("unit")
    .set({
      merged_into: to.into,
      merged_from: to.from,
      valid_to: addDays(to.from, -1),
      version: gone.version + 1,
    })
    .where("id", "=", id)
    .execute();
  await tx
    .updateTable("unit")
    .set({ version: heir.version + 1 })
    .where("id", "=", to.into)
    .execute();
  await audit(tx, now, by.userId, by.name, "unit-merged", {
    detail: {
      id,
      name: gone.name,
      into: heir.name,
      from: to.from,
      source: to.source,
      tickets: handed.moved,
      users: users.map((u) => u.login),
    },
  });
  return { tickets: handed.moved, users: users.length };
}

/** Both rows in the order of their ids, so that two mergers at once do not wait for each other for ever. */
async function lockBoth(tx: Db, id: string, to: Merging) {
  if (id === to.into) throw refusal("不能并入自己，请选择另一个单位。");
  const low = BigInt(id) < BigInt(to.into);
  const first = await lockUnit(tx, low ? id : to.into, low ? to.version : undefined);
  const second = await lockUnit(tx, low ? to.into : id, low ? undefined : to.version);
  return low ? ([first, second] as const) : ([second, first] as const);
}

function activeUsers(tx: Db, unitId: string): Promise<{ id: string; login: string }[]> {
  return tx
    .selectFrom("app_user")
    .select(["id", "login"])
    .where("unit_id", "=", unitId)
    .where("active", "=", true)
    .orderBy("id")
    .execute();
}

/** 社区、默认承办、下级单位: what is asked of a unit from now on is asked of the heir. */
async function handOverPlaces(tx: Db, from: string, to: string): Promise<void> {
  await tx.updateTable("community").set({ unit_id: to }).where("unit_id", "=", from).execute();
  await tx
    .updateTable("category")
    .set((eb) => ({ default_unit_id: to, version: eb("version", "+", 1) }))
    .where("default_unit_id", "=", from)
    .execute();
  // An heir from below the unit steps into its place first: its own superiors would else come to stand under it.
  await sql`
    with recursive above (id, parent_id) as (
      select id, parent_id from unit where id = ${to}
      union select u.id, u.parent_id from unit u join above a on u.id = a.parent_id)
    update unit set parent_id = (select parent_id from unit where id = ${from})
     where id = ${to} and exists (select from above where parent_id = ${from})`.execute(tx);
  await tx
    .updateTable("unit")
    .set({ parent_id: to })
    .where("parent_id", "=", from)
    .where("id", "!=", to)
    .execute();
}

export function leftWords(open: number, users: number): string {
  return [open > 0 ? `${open} 件在办工单` : "", users > 0 ? `${users} 个可登录账号` : ""]
    .filter((words) => words !== "")
    .join("、");
}

const refusal = (message: string): Refused => new Refused({ code: "unit-merge", message });
