/** 单位名册. Finds the unit that a file means by a name: the full name, the short one, an alias, or one of them bare. */
import type { Day } from "@jiesu/core/time/day.ts";
import type { Db } from "../platform/db/open.ts";

export interface UnitBook {
  /**
   * Null when the district has no such unit, or two that the name could mean. A unit that was merged is followed to the
   * one that took it over, from the day of the merger on: a row of an earlier day still means the old unit.
   */
  find(name: string, on?: Day): string | null;
}

export async function readUnitBook(db: Db): Promise<UnitBook> {
  const units = await db
    .selectFrom("unit")
    .select(["id", "name", "short_name", "merged_into", "merged_from"])
    .orderBy("id")
    .execute();
  const aliases = await db.selectFrom("unit_alias").select(["alias", "unit_id"]).execute();
  const exact = new Map<string, string>();
  const bare = new Map<string, string | null>();
  const learn = (name: string, id: string): void => {
    const key = wordOf(name);
    if (key === "") return;
    if (!exact.has(key)) exact.set(key, id);
    const short = bareOf(key);
    bare.set(short, bare.has(short) && bare.get(short) !== id ? null : id);
  };
  // An alias was given by a person: it goes before names that only resemble.
  for (const a of aliases) learn(a.alias, a.unit_id);
  for (const u of units) {
    learn(u.name, u.id);
    for (const short of u.short_name.split("/")) learn(short, u.id);
  }
  const merged = new Map(
    units.flatMap((u) =>
      u.merged_into === null || u.merged_from === null
        ? []
        : [[u.id, { into: u.merged_into, from: u.merged_from }] as const],
    ),
  );
  const heirOf = (id: string, on: Day | undefined): string => {
    const merger = merged.get(id);
    return merger && (on === undefined || on >= merger.from) ? heirOf(merger.into, on) : id;
  };
  return {
    find(name, on) {
      const key = wordOf(name);
      const id = exact.get(key) ?? bare.get(bareOf(key)) ?? null;
      return id === null ? null : heirOf(id, on);
    },
  };
}

const wordOf = (name: string): string => name.normalize("NFKC").replace(/\s+/g, "");

/** 北京市海淀区四季青镇人民政府 → 四季青镇. */
function bareOf(name: string): string {
  const bare = name
    .replace(/^(?:北京市?)?(?:海淀区)?(?:人民政府)?/, "")
    .replace(/(?:人民政府|政府|办事处)$/, "");
  return bare.length >= 2 ? bare : name;
}
