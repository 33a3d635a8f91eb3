import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ALL_ROLES } from "@jiesu/core/ticket/role.ts";
import { readDistrict } from "./district.ts";
import { readMatters } from "./matters.ts";
import { CHARACTERS, everybody, otherHandlers } from "./people.ts";

const district = readDistrict();
const DIVISIONS = join(import.meta.dirname, "..", "..", "shared", "data", "haidian", "divisions.csv");

test("Haidian has 22 streets and 7 towns with 678 communities and villages, each with its own code", () => {
  const streets = district.units.filter((u) => u.kind === "street");
  const towns = district.units.filter((u) => u.kind === "town");
  assert.deepEqual([streets.length, towns.length], [22, 7]);
  const communities = [...streets, ...towns].flatMap((u) => u.communities);
  assert.equal(communities.length, 678);
  assert.equal(new Set(communities.map((c) => c.code)).size, 678);
  for (const unit of [...streets, ...towns]) {
    assert.match(unit.code ?? "", /^110108\d{3}$/);
    for (const c of unit.communities) assert.ok(c.code.startsWith(unit.code ?? "none"), c.name);
  }
});

test("codes and communities are those of the statistics bureau", (t) => {
  if (!existsSync(DIVISIONS)) {
    t.skip("../shared/data is not here");
    return;
  }
  const lines = readFileSync(DIVISIONS, "utf8")
    .replace(/^\uFEFF/, "")
    .trim()
    .split(/\r?\n/)
    .slice(1);
  const ours = new Map(
    district.units.flatMap((u) => u.communities.map((c) => [c.code, { ...c, street: u.code }] as const)),
  );
  assert.equal(lines.length, ours.size);
  for (const line of lines) {
    const [street, , , code, name = "", kind] = line.split(",");
    const mine = ours.get(code ?? "");
    assert.ok(mine, `${name} is missing`);
    assert.deepEqual([mine.street, mine.kind], [street, kind]);
    assert.ok(name.startsWith(mine.name.slice(0, -1)), `${mine.name} is not ${name}`);
  }
});

test("a name, a short name or an alias belongs to one unit only", () => {
  const owner = new Map<string, string>();
  for (const unit of district.units) {
    for (const name of new Set([unit.name, unit.shortName, ...unit.aliases])) {
      assert.equal(owner.get(name) ?? unit.name, unit.name, name);
      owner.set(name, unit.name);
    }
  }
  assert.equal(owner.get("万柳地区"), "海淀镇");
  assert.equal(owner.get("四季青"), "四季青镇");
  assert.equal(owner.get("东升地区"), "东升镇");
});

test("every category goes to a unit that exists or to the street of the place, and has its matter", () => {
  const names = new Set(district.units.map((u) => u.name));
  for (const c of district.categories) {
    assert.ok(c.toStreet !== (c.unit !== undefined), c.level3);
    if (c.unit !== undefined) assert.ok(names.has(c.unit), c.unit);
  }
  const leaf = (a: string, b: string, c: string) => `${a}/${b}/${c}`;
  const leaves = district.categories.map((c) => leaf(c.level1, c.level2, c.level3));
  assert.equal(
    new Set(district.categories.map((c) => c.level3)).size,
    leaves.length,
    "a leaf's name is its own",
  );
  assert.deepEqual(
    readMatters().map((m) => leaf(m.category1, m.category2, m.category3)),
    leaves,
  );
});

test("every role has a character, every unit somebody to handle its tickets, every login its person", () => {
  const roles = new Set(CHARACTERS.map((p) => p.role));
  for (const role of ALL_ROLES) if (role !== "importer") assert.ok(roles.has(role), role);
  const people = everybody(district.units);
  assert.equal(new Set(people.map((p) => p.login)).size, people.length);
  for (const unit of district.units) {
    assert.ok(
      people.some((p) => p.unit === unit.shortName && p.role === "handler"),
      unit.name,
    );
  }
  assert.equal(
    otherHandlers(district.units).filter((p) => CHARACTERS.some((c) => c.unit === p.unit)).length,
    0,
  );
});
