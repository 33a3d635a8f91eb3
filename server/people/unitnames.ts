/** 单位更名. A unit's name from a day on: the old one stays an alias, so that old files are still understood. */
import { type Day, dayOf } from "@jiesu/core/time/day.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { lockUnit, refuseTaken } from "./unitbook.ts";

export interface Renaming {
  readonly name: string;
  readonly shortName?: string | undefined;
  readonly from: Day;
  readonly source: string;
  readonly version?: number | undefined;
}

/** Renames at once, or puts the name down for a day to come. */
export async function renameUnit(
  tx: Db,
  now: number,
  id: string,
  to: Renaming,
  by: { readonly userId: string; readonly name: string },
): Promise<void> {
  const unit = await lockUnit(tx, id, to.version);
  if (to.name === unit.name) throw new Refused({ code: "unit-name-day", message: "新名称与现名称相同。" });
  await refuseTaken(tx, to.name, id);
  const last = await tx
    .selectFrom("unit_name")
    .select(["from_day", "applied_at"])
    .where("unit_id", "=", id)
    .orderBy("from_day", "desc")
    .executeTakeFirst();
  if (last && last.applied_at === null)
    throw new Refused({
      code: "unit-name-day",
      message: `已有一次更名将于 ${last.from_day} 生效，请先撤销它。`,
    });
  const since = last?.from_day ?? unit.valid_from;
  // A name taken and given up again on one day leaves no trace of its own: the day has one name.
  if (to.from < since)
    throw new Refused({ code: "unit-name-day", message: `现名称自 ${since} 起用，更名不能早于这一天。` });
  if (!last && to.from > unit.valid_from)
    await tx
      .insertInto("unit_name")
      .values({
        ...{ unit_id: id, from_day: unit.valid_from, name: unit.name, short_name: unit.short_name },
        ...{ source: "建档时的名称", user_name: by.name, made_at: new Date(now), applied_at: new Date(now) },
      })
      .execute();
  const today = to.from <= dayOf(now);
  await tx
    .insertInto("unit_name")
    .values({
      ...{ unit_id: id, from_day: to.from, name: to.name, short_name: to.shortName ?? to.name },
      ...{ source: to.source, user_name: by.name, made_at: new Date(now) },
      applied_at: today ? new Date(now) : null,
    })
    .onConflict((c) =>
      c.columns(["unit_id", "from_day"]).doUpdateSet((eb) => ({
        name: eb.ref("excluded.name"),
        short_name: eb.ref("excluded.short_name"),
        source: eb.ref("excluded.source"),
        user_name: eb.ref("excluded.user_name"),
        made_at: eb.ref("excluded.made_at"),
      })),
    )
    .execute();
  if (today) await take(tx, now, unit, to.name, to.shortName ?? to.name);
  else
    await tx
      .updateTable("unit")
      .set({ version: unit.version + 1 })
      .where("id", "=", id)
      .execute();
  await audit(tx, now, by.userId, by.name, "unit-renamed", {
    detail: {
      id,
      from: to.from,
      source: to.source,
      changes: [{ field: "name", before: unit.name, after: to.name }],
    },
  });
}

/** Takes back a name that has not begun yet. */
export async function dropComingName(
  tx: Db,
  now: number,
  id: string,
  by: { readonly userId: string; readonly name: string },
): Promise<void> {
  const unit = await lockUnit(tx, id, undefined);
  const gone = await tx
    .deleteFrom("unit_name")
    .where("unit_id", "=", id)
    .where("applied_at", "is", null)
    .returning(["name", "from_day"])
    .executeTakeFirst();
  if (!gone) throw new Refused({ code: "not-found" });
  await audit(tx, now, by.userId, by.name, "unit-rename-dropped", {
    detail: {
      id,
      name: unit.name,
      from: gone.from_day,
      changes: [{ field: "name", before: gone.name, after: "" }],
    },
  });
}

/** The worker's step: names whose day has come are taken up. Answers how many. */
export async function takeComingNames(shell: Shell): Promise<number> {
  const now = shell.now();
  const due = await shell.db
    .selectFrom("unit_name")
    .select(["unit_id", "from_day"])
    .where("applied_at", "is", null)
    .where("from_day", "<=", dayOf(now))
    .limit(20)
    .execute();
  for (const { unit_id, from_day } of due)
    await shell.db.transaction().execute(async (tx) => {
      const unit = await lockUnit(tx, unit_id, undefined);
      const coming = await tx
        .updateTable("unit_name")
        .set({ applied_at: new Date(now) })
        .where("unit_id", "=", unit_id)
        .where("from_day", "=", from_day)
        .where("applied_at", "is", null)
        .returning(["name", "short_name"])
        .executeTakeFirst();
      if (!coming) return;
      await take(tx, now, unit, coming.name, coming.short_name);
      await audit(tx, now, null, "系统", "unit-name-begun", {
        detail: {
          id: unit_id,
          from: from_day,
          changes: [{ field: "name", before: unit.name, after: coming.name }],
        },
      });
    });
  return due.length;
}

async function take(
  tx: Db,
  now: number,
  unit: { readonly id: string; readonly name: string; readonly version: number },
  name: string,
  shortName: string,
): Promise<void> {
  // The old name of a unit that takes it up again is an alias no more.
  await tx.deleteFrom("unit_alias").where("alias", "=", name).where("unit_id", "=", unit.id).execute();
  // Old files still write the old name.
  await tx
    .insertInto("unit_alias")
    .values({ alias: unit.name, unit_id: unit.id, source: "更名", created_at: new Date(now) })
    .onConflict((c) => c.doNothing())
    .execute();
  await tx
    .updateTable("unit")
    .set({ name, short_name: shortName, version: unit.version + 1 })
    .where("id", "=", unit.id)
    .execute();
}
