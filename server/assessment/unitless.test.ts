import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { done, lodge } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let assessor: Client;

before(async () => {
  town = await openTown();
  assessor = await town.as("assessor");
});
after(() => town?.close());

test("an answered ticket that was with no unit counts in the district's total, and the total opens into it", async () => {
  const id = await lodge(town);
  const at = new Date(town.shell.now());
  await town.shell.db
    .insertInto("result")
    .values({
      ticket_id: id,
      round: 0,
      unit_id: null,
      counted_at: at,
      valid: true,
      contacted: "yes",
      source: "city",
    })
    .execute();
  const window = "from=2026-11-20&to=2026-11-20";
  const rates = done(await assessor.get(`/api/assessment/rates?${window}`));
  assert.equal(rates.total.tickets, 1);
  const opened = done(await assessor.get(`/api/assessment/tickets?${window}&measure=tickets`));
  assert.deepEqual(
    opened.rows.map((r: { ticketId: string }) => r.ticketId),
    [id],
  );
});
