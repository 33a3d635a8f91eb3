import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { bring, done, go, lodge, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { cutterOf } from "../ticket/words.ts";
import { searchStep } from "./jobs.ts";

const UNIT = "学院路街道";
let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

async function settled(): Promise<void> {
  const target = await town.shell.db
    .selectFrom("event")
    .select((eb) => eb.fn.max("id").as("id"))
    .executeTakeFirstOrThrow();
  for (let i = 0; i < 200; i++) {
    const did = await searchStep(town.shell);
    const at = await town.shell.db
      .selectFrom("event_cursor")
      .select("id")
      .where("consumer", "=", "search")
      .executeTakeFirstOrThrow();
    const caughtUp = BigInt(at.id) >= BigInt(target.id ?? "0") && BigInt(at.id) < 2n ** 62n;
    if (did === 0 && (caughtUp || target.id === null)) return;
    await sleep(50);
  }
  assert.fail("the search never caught up");
}

const find = async (who: Client, q: string): Promise<string[]> =>
  done(await who.get(`/api/search?q=${encodeURIComponent(q)}`)).tickets.map((t: { id: string }) => t.id);

test("tickets that were there before the index are found while it is built, and by it after", async () => {
  const triager = await town.as("triager");
  const ticket = {
    title: "噪声扰民",
    content: "田村路街道某小区夜间施工，噪声扰民，路灯不亮，WiFi信号也不好。",
  };
  const ids = [await lodge(town, ticket), await lodge(town, { content: "清河街道占道经营。" })];
  assert.deepEqual(await find(triager, "路灯"), [ids[0]], "before anything is indexed LIKE looks alone");
  // The cursor of a new follower begins with what comes; one more event closes the gap that the test measures by.
  await searchStep(town.shell);
  await lodge(town, { content: "无关内容" });
  await settled();
  const { done_at } = await town.shell.db
    .selectFrom("search_progress")
    .select("done_at")
    .executeTakeFirstOrThrow();
  assert.ok(done_at, "the backfill has come to its end");
  for (const q of ["路灯", "田村路街道", "田村", "夜间 噪声", "灯不", "亮", "wifi", "小区夜间施工"])
    assert.deepEqual(await find(triager, q), [ids[0]], q);
  assert.deepEqual(await find(triager, "路灯 占道"), [], "every word must be there");
  assert.deepEqual(await find(triager, "施工扰民"), [], "words that stand apart are not a phrase");
  assert.deepEqual(await find(triager, "100%"), []);
  const listed = done(await triager.get(`/api/tickets?q=${encodeURIComponent("占道经营")}`)).rows;
  assert.deepEqual(
    listed.map((t: { id: string }) => t.id),
    [ids[1]],
  );
});

test("a corrected address is found by its new words; a number by its tail; a unit by its alias", async () => {
  const triager = await town.as("triager");
  const id = await bring(town, "triage", UNIT);
  await go(triager, id, "correct", { fields: { address: "上地信息产业基地创业路" } });
  await settled();
  assert.deepEqual(await find(triager, "信息产业基地"), [id]);
  const { number } = done(await triager.get(`/api/tickets/${id}`));
  assert.deepEqual(await find(triager, number), [id]);
  assert.deepEqual(await find(triager, number.slice(-6)), [id]);
  const units = done(await triager.get(`/api/search?q=${encodeURIComponent("学院路")}`)).units;
  assert.equal(units[0].shortName, "学院路");
  assert.equal(refused(await triager.get("/api/search?q=%20"), 422), "bad-input");
});

test("a unit finds the tickets that it leads, led or helps with, and no others, whatever the index says", async () => {
  const helper = await town.as("handler", "永定路街道");
  const handler = await town.as("handler", UNIT);
  const stranger = await town.as("handler", "清河街道");
  const ticket = { content: "共享单车乱停乱放，堵塞盲道。" };
  const id = await bring(town, "dispatched", UNIT, { co: ["永定路街道"], ticket });
  await settled();
  assert.deepEqual(await find(handler, "共享单车"), [id]);
  assert.deepEqual(await find(helper, "盲道"), [id]);
  assert.deepEqual(await find(stranger, "盲道"), []);
  // An index that wrongly names a unit opens nothing: the ledger is asked again.
  const wrong = await town.unit("清河街道");
  await town.shell.db
    .updateTable("ticket_search")
    .set({ words: `'盲道' '共享单车' '§${wrong}'` })
    .where("ticket_id", "=", id)
    .execute();
  assert.deepEqual(await find(stranger, "盲道"), []);
});

test("the backfill goes on where a killed one stopped, and a new name in the district is learned by all tickets", async () => {
  const { db } = town.shell;
  await db.updateTable("search_progress").set({ done_at: null, next_id: "1" }).execute();
  await db.deleteFrom("ticket_search").where("ticket_id", ">", "1").execute();
  await settled();
  const [tickets, kept] = await Promise.all([
    db.selectFrom("ticket").select("id").orderBy("id").execute(),
    db.selectFrom("ticket_search").select("ticket_id as id").orderBy("ticket_id").execute(),
  ]);
  assert.deepEqual(kept, tickets);
});

test("whatever piece of a text is looked for, the text is indexed by every word of that piece", () => {
  const cutter = cutterOf(["田村路街道", "永定路东里社区", "清河街道"]);
  const texts = [
    "市民反映田村路街道永定路东里社区5号楼3单元路灯不亮，WiFi密码泄露。",
    "清河街道学院路东口占道经营，垃圾清运不及时，异味扰民，多次投诉未解决。",
  ];
  fc.assert(
    fc.property(
      fc.constantFrom(...texts),
      fc.nat(40),
      fc.integer({ min: 1, max: 12 }),
      fc.boolean(),
      (text, from, n, named) => {
        const words = new Set(cutter.wordsOf(text));
        for (const needle of cutter.needlesOf(text.slice(from, from + n), named))
          assert.ok(words.has(needle), needle);
      },
    ),
  );
});
