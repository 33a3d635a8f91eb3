import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { searchStep } from "../search/jobs.ts";
import { done, lodge } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let triager: Client;
before(async () => {
  town = await openTown();
  triager = await town.as("triager");
});
after(() => town.close());

const DAY = 86_400_000;
const alike = async (body: object) => done(await triager.post("/api/tickets/alike", body));
const idsOf = (rows: { id: string }[]): string[] => rows.map((r) => r.id);

test("who types in a call is shown what the same number has reported this month, and what says nearly the same", async () => {
  const first = await lodge(town, {
    content: "市民反映，清河街道清河中街十二号院门前路灯连续三晚不亮，夜间出行不便。",
    requesterPhone: "13811112222",
  });
  const other = await lodge(town, {
    content: "学院路街道某小区电梯停运，老人上下楼困难。",
    requesterPhone: "13833334444",
  });
  while ((await searchStep(town.shell)) > 0);

  const byPhone = await alike({ phone: "138-1111-2222" });
  assert.deepEqual([idsOf(byPhone.samePhone), byPhone.similar], [[first], []]);
  const byText = await alike({ content: "清河中街十二号院门口路灯三晚不亮，夜间出行不便" });
  assert.deepEqual(idsOf(byText.similar), [first]);
  assert.deepEqual((await alike({ content: "上地街道占道经营，影响通行安全" })).similar, []);
  assert.ok(!idsOf(byText.similar).includes(other));
});

test("four digits, a few words, and what is long past say nothing", async () => {
  assert.deepEqual(await alike({ phone: "2222", content: "路灯" }), { samePhone: [], similar: [] });
  town.pass(31 * DAY);
  const lead = await town.as("shiftLead"); // a new session, a month later
  assert.deepEqual(done(await lead.post("/api/tickets/alike", { phone: "13811112222" })).samePhone, []);
  town.pass(-31 * DAY);
});

test("only who takes in tickets is answered, and looking for a number is on record", async () => {
  const handler = await town.as("handler", "学院路");
  assert.equal((await handler.post("/api/tickets/alike", { phone: "13811112222" })).status, 403);
  const rows = await town.shell.db
    .selectFrom("audit")
    .select("detail")
    .where("what", "=", "find-by-phone")
    .execute();
  assert.ok(rows.length > 0);
  assert.doesNotMatch(JSON.stringify(rows), /13811112222/);
});
