/**
 * 独立复算. Real orders of 2020 through the real import into a real database, asked by the routes and the commands, against
 * recount.sql, which counts the raw file as COPYed and shares no line with the product. The file is not part of the product.
 */
import assert from "node:assert/strict";
import { createReadStream, existsSync, readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { after, before, test } from "node:test";
import { STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { Command } from "commander";
import { parse } from "csv-parse/sync";
import pg from "pg";
import { from as copyFrom } from "pg-copy-streams";
import { importFile } from "../intake/actions.ts";
import { importerFor } from "../platform/auth/actor.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { registerAssessment } from "./cli.ts";

const DATA = join(import.meta.dirname, "..", "..", "..", "shared", "data", "beijing12345");
const [ORDERS, UNITS] = [join(DATA, "orders.csv"), join(DATA, "units.csv")];
const skip = [ORDERS, UNITS].every((path) => existsSync(path))
  ? false
  : "没有 ../shared/data/beijing12345，跳过独立复算";

/** Shares of response, solution and satisfaction in per cent, how equal scores stand, how the total row is made. */
const RULES = [
  ["district-2025", 10, 50, 40, "volumeDesc", "mean"],
  ["equal-30-35-35", 30, 35, 35, "shared", "pooled"],
] as const;
const YEAR = ["--from", "2020-01-01", "--to", "2020-12-31"] as const;

let town: Town;
let assessor: Client;
let lines: readonly Recounted[];
before(async () => {
  if (skip) return;
  town = await openTown();
  assessor = await town.as("assessor");
  await enterUnits(await town.as("sysadmin"));
  await bring(ORDERS);
  lines = await recount(town.databaseUrl);
});
after(() => town?.close());

test("every unit's counts, three rates, score and rank of every period equal the recount, in both scopes, under two rule sets", {
  skip,
}, async () => {
  const periods = [...new Set(lines.map((line) => line.span))].filter((span) => span !== "year");
  assert.ok(periods.length >= 11, `${periods}`);
  let ranked = 0;
  for (const [rules] of RULES)
    for (const scope of STAT_SCOPES)
      for (const period of periods) {
        const told = await printed("rank", "--period", period, "--scope", scope, "--rules", rules);
        const screen = await assessor.get(
          `/api/assessment/rank?period=${period}&scope=${scope}&rules=${rules}`,
        );
        const expected = lines.filter((line) => isOf(line, period, scope, rules) && line.unit !== "");
        const rows = (told.by as readonly Ranked[]).map(rankedFigures);
        assert.deepEqual(byUnit(rows), byUnit(expected.map(rankedOf)), `${period} ${scope} ${rules}`);
        const shown = screen.body.groups.flatMap((each: Group) =>
          each.units.map((unit) => rankedFigures({ ...unit, key: unit.unit.name, group: each.group })),
        );
        assert.deepEqual(shown, rows);
        const totals = screen.body.groups.map((each: Group) => [each.group, each.total.text.score]);
        const wanted = new Map(expected.map((line) => [line.grp, line.group_score]));
        assert.deepEqual(new Map(totals), wanted, `totals of ${period} ${scope} ${rules}`);
        ranked += rows.filter((row) => row.rank !== null).length;
      }
  assert.ok(ranked > 300, `${ranked} ranks compared`);
});

test("the whole year equals the recount too, the tickets without a unit among them", { skip }, async () => {
  for (const [rules] of RULES)
    for (const scope of STAT_SCOPES) {
      const told = await printed("rates", ...YEAR, "--by", "unit", "--scope", scope, "--rules", rules);
      const expected = lines.filter((line) => isOf(line, "year", scope, rules));
      assert.deepEqual(
        byUnit((told.by as readonly Told[]).map(figures)),
        byUnit(expected.map(figuresOf)),
        `${scope} ${rules}`,
      );
      const screen = await assessor.get(
        `/api/assessment/rates?from=2020-01-01&to=2020-12-31&by=unit&scope=${scope}&rules=${rules}`,
      );
      const shown = screen.body.rows.map((row: Told & { unit: { name: string } | null }) =>
        figures({ ...row, key: row.unit?.name ?? row.key }),
      );
      assert.deepEqual(byUnit(shown), byUnit(expected.map(figuresOf)));
      const sum = expected.reduce((n, line) => n + line.tickets, 0);
      assert.equal(told.total.tickets, sum);
    }
});

test("a unit's tickets and its unsolved ones open into exactly the numbers that the file has", {
  skip,
}, async () => {
  const ids = new Map<string, string>();
  for (const unit of (await assessor.get("/api/assessment/rates?from=2020-01-01&to=2020-12-31&by=unit")).body
    .rows)
    if (unit.unit) ids.set(unit.unit.name, unit.unit.id);
  for (const scope of STAT_SCOPES)
    for (const line of lines.filter((each) => isOf(each, "year", scope, "district-2025") && each.unit !== ""))
      for (const [measure, numbers] of [
        ["tickets", line.numbers],
        ["unsolved", line.unsolved],
      ])
        assert.equal(
          await opened(String(ids.get(line.unit)), scope, String(measure)),
          numbers,
          `${line.unit} ${measure}`,
        );
});

test("the same orders with their units called by short names are the same orders: nothing changes", {
  skip,
}, async () => {
  const units: Record<string, string>[] = parse(readFileSync(UNITS, "utf8"), { columns: true, bom: true });
  const shortNames = new Map(units.map((unit) => [unit.名称, unit.简称?.split("/") ?? []]));
  const orders: Record<string, string>[] = parse(readFileSync(ORDERS, "utf8"), { columns: true, bom: true });
  const renamed = orders.map((order, at) => {
    const names = shortNames.get(order.主办单位 ?? "") ?? [];
    return { ...order, 主办单位: names[at % Math.max(1, names.length)] || (order.主办单位 ?? "") };
  });
  assert.ok(renamed.filter((order, at) => order.主办单位 !== orders[at]?.主办单位).length > 1000);
  const path = join(town.shell.files, "orders-by-short-name.csv");
  const cell = (text: string) => `"${text.replaceAll('"', '""')}"`;
  const written = [Object.keys(orders[0] ?? {}), ...renamed.map((order) => Object.values(order))];
  await writeFile(path, written.map((row) => row.map(cell).join(",")).join("\r\n"));
  const again = await bring(path);
  assert.deepEqual([again.created, again.updated, again.unchanged], [0, 0, orders.length]);
});

/** One line of recount.sql. */
interface Recounted {
  readonly span: string;
  readonly scope: string;
  readonly rule: string;
  readonly grp: string;
  readonly unit: string;
  readonly rank: number | null;
  readonly tickets: number;
  readonly base: number;
  readonly r_base: number;
  readonly r: number;
  readonly s_base: number;
  readonly s: number;
  readonly s_not: number;
  readonly h_base: number;
  readonly h: number;
  readonly h_part: number;
  readonly h_not: number;
  readonly r_text: string;
  readonly s_text: string;
  readonly h_text: string;
  readonly score_text: string;
  readonly group_score: string;
  readonly numbers: string;
  readonly unsolved: string;
}

/** A unit's figures as the product tells them. */
interface Told {
  readonly key: string;
  readonly tickets: number;
  readonly base: number;
  readonly responseBase: number;
  readonly contacted: number;
  readonly solutionBase: number;
  readonly solved: number;
  readonly unsolved: number;
  readonly satisfactionBase: number;
  readonly satisfied: number;
  readonly basicallySatisfied: number;
  readonly dissatisfied: number;
  readonly response: number | null;
  readonly solution: number | null;
  readonly satisfaction: number | null;
  readonly text: Readonly<Record<"response" | "solution" | "satisfaction" | "score", string>>;
}
interface Ranked extends Told {
  readonly group: string | null;
  readonly rank: number | null;
}
interface Group {
  readonly group: string | null;
  readonly units: readonly (Ranked & { readonly unit: { readonly name: string } })[];
  readonly total: { readonly text: { readonly score: string } };
}

function figures(of: Told) {
  return {
    unit: of.key,
    counts: [
      ...[of.tickets, of.base, of.responseBase, of.contacted, of.solutionBase, of.solved, of.unsolved],
      ...[of.satisfactionBase, of.satisfied, of.basicallySatisfied, of.dissatisfied],
    ],
    // unrounded, as a program gets them
    rates: [of.response, of.solution, of.satisfaction],
    texts: [of.text.response, of.text.solution, of.text.satisfaction, of.text.score],
  };
}

function figuresOf(line: Recounted) {
  const of = (base: number, earned: number, worth = 1) => (base === 0 ? null : earned / (worth * base));
  return {
    unit: line.unit,
    counts: [
      ...[line.tickets, line.base, line.r_base, line.r, line.s_base, line.s, line.s_not],
      ...[line.h_base, line.h, line.h_part, line.h_not],
    ],
    rates: [
      of(line.r_base, line.r),
      of(line.s_base, line.s),
      of(line.h_base, 10 * line.h + 9 * line.h_part, 10),
    ],
    texts: [line.r_text, line.s_text, line.h_text, line.score_text],
  };
}

const rankedFigures = (of: Ranked) => ({ ...figures(of), group: of.group, rank: of.rank });
const rankedOf = (line: Recounted) => ({ ...figuresOf(line), group: line.grp, rank: line.rank });
const byUnit = <T extends { readonly unit: string }>(rows: readonly T[]) =>
  new Map(rows.map((row) => [row.unit, row]));
const isOf = (line: Recounted, span: string, scope: string, rule: string): boolean =>
  line.span === span && line.scope === scope && line.rule === rule;

/** The recount: the files COPYed as they are into tables of their own, and recount.sql over them. */
async function recount(databaseUrl: string): Promise<readonly Recounted[]> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("create schema recount");
    for (const [table, path] of [
      ["raw", ORDERS],
      ["unit", UNITS],
    ] as const) {
      const header = parse(readFileSync(path, "utf8"), { to: 1, bom: true })[0] ?? [];
      const columns = header.map((name) => `"${name}" text not null`).join(", ");
      await client.query(`create table recount.${table} (${columns})`);
      const copy = `copy recount.${table} from stdin (format csv, header true, force_not_null *)`;
      await pipeline(createReadStream(path), client.query(copyFrom(copy)));
    }
    await client.query(
      "create table recount.rule (name text, w_response bigint, w_solution bigint, w_satisfaction bigint, ties text, total text)",
    );
    for (const rule of RULES)
      await client.query("insert into recount.rule values ($1, $2, $3, $4, $5, $6)", [...rule]);
    const script = readFileSync(join(import.meta.dirname, "recount.sql"), "utf8");
    return (await client.query<Recounted>(script)).rows;
  } finally {
    await client.end();
  }
}

/** The authority's units as its own list names them, short names separated by "/". */
async function enterUnits(admin: Client): Promise<void> {
  const units: Record<string, string>[] = parse(readFileSync(UNITS, "utf8"), { columns: true, bom: true });
  for (const unit of units) {
    const made = { name: unit.名称, shortName: unit.简称 || unit.名称, kind: "bureau" };
    const answer = await admin.post("/api/units", made);
    assert.equal(answer.status, 200, JSON.stringify([made, answer.body]));
  }
}

async function bring(path: string) {
  const outcome = await importFile(town.shell, importerFor("测试"), path, { createUnits: true });
  assert.ok(outcome.ok, JSON.stringify(outcome));
  assert.deepEqual(outcome.value.errors, []);
  return outcome.value;
}

/** Numbers of all tickets behind a unit's figure of the year, page after page, in the recount's order. */
async function opened(unit: string, scope: string, measure: string): Promise<string> {
  const numbers: string[] = [];
  const url = `/api/assessment/tickets?from=2020-01-01&to=2020-12-31&measure=${measure}&unit=${unit}&scope=${scope}&limit=200`;
  for (let next: string | null = ""; next !== null; ) {
    const page = await assessor.get(`${url}&rules=district-2025${next === "" ? "" : `&after=${next}`}`);
    numbers.push(...page.body.rows.map((row: { number: string }) => row.number));
    next = page.body.next;
    if (next === null) assert.equal(page.body.count, numbers.length);
  }
  return numbers.sort().join(" ");
}

/** What a command prints as JSON. */
async function printed(...words: string[]) {
  const said: string[] = [];
  const jiesu = new Command("jiesu").exitOverride();
  registerAssessment(
    jiesu,
    async () => ({ shell: town.shell, close: async () => {} }),
    (text) => said.push(text),
  );
  await jiesu.parseAsync([...words, "--json"], { from: "user" });
  return JSON.parse(said.join("\n"));
}
