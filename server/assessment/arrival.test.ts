import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import fc from "fast-check";
import { sql } from "kysely";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import { done } from "../testing/tickets.ts";
import { type Answer, type Client, openTown, type Town } from "../testing/town.ts";
import { compareTally } from "./recount.ts";
import { foldTally } from "./tally.ts";

let town: Town;
let assessor: Client;
let tickets: readonly string[];
let units: readonly string[];
const PERIOD = "2026-12"; // 2026-11-19 … 2026-12-18

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
  const leader = await town.as("leader");
  const { status: _status, approvedBy: _approved, ...district } = districtFile;
  const answers = { ...district.answers, solution: { solved: "1", partlySolved: "0.25", unsolved: "0" } };
  const body = { ...district, name: "since-december", from: "2026-12-01", binds: "day", answers };
  done(await assessor.post("/api/assessment/rules", { body }));
  done(await leader.post("/api/assessment/rules/since-december/review"));
  done(await leader.post("/api/assessment/rules/since-december/approve", { confirmBackwards: true }));
  const made = await sql<{ id: string }>`
    insert into ticket (number, channel, path, content, state, received_at, created_at, updated_at)
    select 'Y' || i, '电话', 'own', '试验', 'closed', '2026-11-20', '2026-11-20', '2026-11-20' from generate_series(1, 6) i
    returning id`.execute(town.shell.db);
  tickets = made.rows.map(({ id }) => id);
  units = await Promise.all(["香山", "清河", "温泉镇"].map((name) => town.unit(name)));
});
after(() => town?.close());

/** What a result may say at one time; null: there is none (any more). */
const said = fc.option(
  fc.record({
    unit: fc.nat({ max: 2 }),
    day: fc.constantFrom("2026-11-19", "2026-11-30", "2026-12-01", "2026-12-18", "2026-12-19"),
    scope: fc.constantFrom("full", "responseOnly", "exempt"),
    void: fc.boolean(),
    valid: fc.boolean(),
    solved: fc.constantFrom(null, "yes", "partly", "no"),
    satisfied: fc.constantFrom(null, "satisfied", "basically", "dissatisfied"),
  }),
  { freq: 6 },
);
type Said = typeof said extends fc.Arbitrary<infer T> ? T : never;

/** Writes it as moves and imports do: the ledger and its counters follow by themselves. */
async function write(ticket: string, now: Said): Promise<void> {
  const { db } = town.shell;
  if (now === null) {
    await sql`delete from result where ticket_id = ${ticket}`.execute(db);
    return;
  }
  const at = `${now.day} 08:00+08`;
  await sql`
    insert into result (ticket_id, round, unit_id, counted_at, scope, void, source, valid, contacted, solved, satisfied)
    values (${ticket}, 1, ${units[now.unit]}, ${at}, ${now.scope}, ${now.void}, 'city', ${now.valid}, 'yes', ${now.solved}, ${now.satisfied})
    on conflict (ticket_id, round) do update
       set unit_id = excluded.unit_id, counted_at = excluded.counted_at, scope = excluded.scope, void = excluded.void,
           valid = excluded.valid, solved = excluded.solved, satisfied = excluded.satisfied`.execute(db);
}

async function shown(scope: string): Promise<Answer["body"]> {
  const get = async (path: string) => done(await assessor.get(`/api/assessment/${path}`));
  const { asOf: _rank, ...rank } = await get(`rank?period=${PERIOD}&scope=${scope}`);
  const { asOf: _rates, ...rates } = await get(`rates?period=${PERIOD}&scope=${scope}&by=unit`);
  return {
    rank,
    total: rates.total,
    rows: rates.rows.toSorted((a: { key: string }, b: { key: string }) => (a.key < b.key ? -1 : 1)),
  };
}

async function foldAll(): Promise<void> {
  while ((await foldTally(town.shell.db)) > 0);
}

const story = fc.record({
  /** Each ticket's words, one after the other. */
  words: fc.array(fc.array(said, { minLength: 1, maxLength: 4 }), { minLength: 6, maxLength: 6 }),
  /** Whose word comes next, and how many deltas are folded after it; 0: none. */
  turns: fc.array(fc.record({ ticket: fc.nat({ max: 5 }), fold: fc.nat({ max: 7 }) }), {
    minLength: 40,
    maxLength: 40,
  }),
});

test("whatever the order of arrival and of corrections, and however the deltas are folded, it is as if the last word had come alone", async () => {
  await fc.assert(
    fc.asyncProperty(story, fc.constantFrom("all", "assessed"), async ({ words, turns }, scope) => {
      const queues = words.map((list) => [...list]);
      const next = async (n: number) => {
        const word = queues[n]?.shift();
        if (word !== undefined) await write(tickets[n] ?? "", word);
      };
      for (const { ticket, fold } of turns) {
        await next(ticket);
        if (fold > 0) await foldTally(town.shell.db, fold);
      }
      for (const [n, queue] of queues.entries()) while (queue.length > 0) await next(n);
      assert.deepEqual(await compareTally(town.shell.db), []);
      const told = await shown(scope);
      await foldAll();
      assert.deepEqual(await compareTally(town.shell.db), []);
      assert.deepEqual(await shown(scope), told, "folding moves no figure");
      // The same last words alone, at once, from the last ticket to the first.
      await sql`delete from result`.execute(town.shell.db);
      await foldAll();
      assert.equal(
        (await sql`select 1 from tally`.execute(town.shell.db)).rows.length,
        0,
        "nothing is left over",
      );
      for (const [n, list] of [...words.entries()].reverse())
        await write(tickets[n] ?? "", list.at(-1) ?? null);
      assert.deepEqual(await shown(scope), told);
      await sql`delete from result`.execute(town.shell.db);
    }),
    { numRuns: 15 },
  );
});
