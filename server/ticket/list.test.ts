import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SORTS, type Sort, sortOf } from "@jiesu/core/ticket/listing.ts";
import { ALL_STATES } from "@jiesu/core/ticket/state.ts";
import fc from "fast-check";
import { seed } from "../../seeds/load.ts";
import { done, lodge, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;
let handler: Client;
before(async () => {
  town = await openTown();
  await seed(town.shell, { tickets: 400, seed: 5 });
  triager = await town.as("triager");
  handler = await town.as("handler", "学院路");
});
after(() => town.close());

interface Row {
  readonly id: string;
  readonly number: string;
  readonly level: number;
  readonly state: string;
  readonly street: string;
  readonly receivedAt: string;
  readonly dueAt: string | null;
  readonly returns: number;
}

test("in every order, page by page, each ticket comes exactly once, whatever comes in meanwhile", async () => {
  const filters = [
    "",
    "queue=with-units&",
    "queue=overdue&",
    "level=3&",
    "state=closed&",
    "state=handling&state=closed&",
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...SORTS),
      fc.constantFrom(...filters),
      fc.integer({ min: 7, max: 90 }),
      fc.boolean(),
      async (sort, filter, limit, asUnit) => {
        const who = asUnit && !filter.includes("queue") ? handler : triager;
        const before = await walk(who, `${filter}sort=${sort}`, 200);
        const seen = await walk(who, `${filter}sort=${sort}`, limit, () => lodge(town));
        const ids = seen.map((row) => row.id);
        assert.equal(new Set(ids).size, ids.length, "no ticket twice");
        const known = new Set(before.map((row) => row.id));
        assert.deepEqual(
          ids.filter((id) => known.has(id)),
          before.map((row) => row.id),
          "every ticket that was there, in the same order",
        );
      },
    ),
    { numRuns: 24, seed: 20_261_120 },
  );
});

test("an order is an order: later rows never come before earlier ones, and what has no deadline stands last both ways", async () => {
  const value: Partial<Record<string, (row: Row) => number | string>> = {
    received: (row) => row.receivedAt,
    number: (row) => row.number,
    level: (row) => row.level,
    street: (row) => row.street,
    returns: (row) => row.returns,
    state: (row) => ALL_STATES.findIndex((state) => state === row.state),
  };
  for (const [key, of] of Object.entries(value))
    for (const sort of [key, `-${key}`]) {
      const rows = await walk(triager, `sort=${sort}`, 200);
      const values = rows.map((row) => of?.(row) ?? "");
      const inOrder = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
      assert.deepEqual(values, sort.startsWith("-") ? inOrder.reverse() : inOrder, sort);
    }
  for (const sort of ["due", "-due"] as const satisfies readonly Sort[]) {
    const rows = await walk(triager, `sort=${sort}`, 200);
    const due = rows.map((row) => row.dueAt);
    const first = due.findIndex((at) => at === null);
    assert.ok(first > 0 && due.slice(first).every((at) => at === null), sort);
    const withDue = due.slice(0, first).map(String);
    assert.deepEqual(withDue, sortOf(sort).down ? [...withDue].sort().reverse() : [...withDue].sort());
  }
});

test("a unit finds the same tickets in every order: what it leads, led and helps with, and nothing else", async () => {
  const sets = [];
  for (const sort of SORTS)
    sets.push(
      (await walk(handler, `sort=${sort}`, 60))
        .map((row) => row.id)
        .sort()
        .join(" "),
    );
  assert.equal(new Set(sets).size, 1);
  const unit = handler.actor.unitId ?? "";
  const mine = await town.shell.db
    .selectFrom("ticket as t")
    .select("t.id")
    .where((eb) =>
      eb.or([
        eb("t.lead_unit_id", "=", unit),
        eb(
          "t.id",
          "in",
          eb.selectFrom("assignment as a").select("a.ticket_id").where("a.unit_id", "=", unit),
        ),
      ]),
    )
    .execute();
  assert.equal(
    sets[0],
    mine
      .map((row) => row.id)
      .sort()
      .join(" "),
  );
});

test("a place that is none in this order is refused, not guessed", async () => {
  const { next } = done(await triager.get("/api/tickets?sort=street&limit=5"));
  assert.ok(next);
  const at = (place: string, sort: string) =>
    triager.get(`/api/tickets?sort=${sort}&limit=5&after=${encodeURIComponent(place)}`);
  done(await at(next, "street"));
  for (const [place, sort] of [
    [next, "received"],
    ["0.W10.1", "street"],
    ["99.W10.1", "street"],
    [`0.${Buffer.from('["x","not a day"]').toString("base64url")}.5`, "street"],
    ["1732000000000_5", "-received"],
    [`0.${Buffer.from("[null]").toString("base64url")}.999999999`, "title"],
  ] as const)
    assert.equal(refused(await at(place, sort), 422), "bad-input", place);
  assert.equal(refused(await triager.get("/api/tickets?sort=phone"), 422), "bad-input");
});

/** Every row of a list, a page at a time; `between` happens after each page. */
async function walk(
  who: Client,
  query: string,
  limit: number,
  between?: () => Promise<unknown>,
): Promise<Row[]> {
  const rows: Row[] = [];
  let after: string | null = null;
  let pages = 0;
  do {
    const place: string = after === null ? "" : `&after=${encodeURIComponent(after)}`;
    const page = done(await who.get(`/api/tickets?${query}&limit=${limit}${place}`));
    rows.push(...page.rows);
    after = page.next;
    pages += 1;
    if (between && pages <= 3) await between();
  } while (after !== null);
  return rows;
}
