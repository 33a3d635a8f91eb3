import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bring, done, go, goCo, lodge } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages, ladderOf } from "../testing/urging.ts";
import { inboxStep } from "./jobs.ts";

const UNIT = "学院路街道";
let town: Town;
before(async () => {
  town = await openTown();
  await inboxStep(town.shell); // the cursor begins before anything happens
});
after(() => town.close());

/** Works until nothing is left; other tests of the cluster may hold the newest events back for a moment. */
async function work(): Promise<void> {
  const target = await town.shell.db
    .selectFrom("event")
    .select((eb) => eb.fn.max("id").as("id"))
    .executeTakeFirstOrThrow();
  for (let i = 0; i < 200; i++) {
    await inboxStep(town.shell);
    const at = await town.shell.db
      .selectFrom("event_cursor")
      .select("id")
      .where("consumer", "=", "inbox")
      .executeTakeFirstOrThrow();
    if (BigInt(at.id) >= BigInt(target.id ?? "0") && BigInt(at.id) < 2n ** 62n) return;
    await sleep(50);
  }
  assert.fail("the inbox never caught up");
}

const inbox = async (who: Client) => done(await who.get("/api/inbox"));
const about = async (who: Client, id: string) =>
  (await inbox(who)).rows.filter((m: { ticket: { id: string } | null }) => m.ticket?.id === id);

test("a returned ticket is told to who dispatched it, once; reading it takes it off the count", async () => {
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const handler = await town.as("handler", UNIT);
  const id = await bring(town, "dispatched", UNIT);
  await go(handler, id, "returnToCentre", { ground: "属清河街道，诉求人电话13812345678" });
  await work();
  await work();
  const [message, ...more] = await about(triager, id);
  assert.equal(more.length, 0);
  assert.deepEqual([message.kind, message.kindZh, message.title], ["returned", "退回", "承办单位申请退单"]);
  assert.match(message.body, /区收-[\s\S]*属清河街道，诉求人电话［电话］/);
  assert.deepEqual(await about(lead, id), [], "who has nothing to do with it is left in peace");
  const before = (await inbox(triager)).unread;
  assert.equal(done(await triager.post("/api/inbox/read", { ids: [message.id] })).unread, before - 1);
  assert.equal((await about(triager, id))[0].read, true);
});

test("the answer to an asking for more time is told to who asked, though another accepted the ticket", async () => {
  const handler = await town.as("handler", UNIT);
  const unitLead = await town.as("unitLead", UNIT);
  const supervisor = await town.as("supervisor");
  const id = await bring(town, "handling", UNIT);
  await go(unitLead, id, "askExtension", { ground: "works", reason: "管件后日到货", days: 2 });
  await go(supervisor, id, "refuseExtension", { opinion: "现场已具备条件" });
  await work();
  for (const who of [unitLead, handler]) {
    const [message, ...more] = await about(who, id);
    assert.equal(more.length, 0);
    assert.equal(message.title, "延期申请未同意");
    assert.match(message.body, /现场已具备条件/);
  }
  assert.deepEqual(await about(supervisor, id), [], "who answered knows it");
});

test("rework is told to who accepted the ticket and to the unit's lead, not to the whole unit", async () => {
  const handler = await town.as("handler", UNIT);
  const unitLead = await town.as("unitLead", UNIT);
  const stranger = await town.as("handler", "清河街道");
  const id = await bring(town, "reported", UNIT);
  await go(await town.as("supervisor"), id, "rework", { reason: "未见修复照片" });
  await work();
  for (const who of [handler, unitLead]) assert.equal((await about(who, id))[0].title, "工单退回重办");
  assert.deepEqual(await about(stranger, id), []);
});

test("a missed deadline is told to the unit that owes the answer; the centre's own to who held the ticket", async () => {
  const ladder = ladderOf(town);
  const triager = await town.as("triager");
  const handler = await town.as("handler", UNIT);
  const waiting = await bring(town, "triage", UNIT);
  const late = await bring(town, "handling", UNIT);
  await ladder.work();
  town.at("2026-11-21", "09:01"); // Saturday: the dispatch is a minute late
  await ladder.work();
  town.at("2026-11-30", "09:00"); // Monday: the report was due on Friday at midnight
  await ladder.work();
  await deliverMessages(town);
  town.at("2026-11-20", "09:00");
  assert.ok((await about(handler, late)).some((m: { title: string }) => m.title === "到期催办：办理反馈"));
  assert.deepEqual(await about(handler, waiting), []);
  assert.ok((await about(triager, waiting)).some((m: { title: string }) => m.title === "到期催办：派单"));
});

test("a note's @login calls that person, if the ticket is theirs to see", async () => {
  const supervisor = await town.as("supervisor");
  const handler = await town.as("handler", UNIT);
  const stranger = await town.as("handler", "清河街道");
  const helper = await town.as("handler", "永定路街道");
  const id = await bring(town, "dispatched", UNIT, { co: ["永定路街道"] });
  await goCo(helper, id, "coAccept");
  const text = `请@${handler.login} 、@${helper.login}和＠${stranger.login}今日到场；@supervisor @nobody.here`;
  await go(supervisor, id, "note", { text });
  await work();
  for (const who of [handler, helper]) {
    const [message] = await about(who, id);
    assert.deepEqual([message.kind, message.title], ["mention", "supervisor在备注中提到您"]);
  }
  assert.deepEqual(await about(stranger, id), [], "a unit without the ticket is not told of it");
  assert.deepEqual(await about(supervisor, id), [], "nobody is told of what they said themselves");
});

test("what came of a bulk move is in the inbox, once", async () => {
  const triager = await town.as("triager");
  const ids = [await lodge(town), await lodge(town)];
  done(await triager.post("/api/tickets/bulk-moves", { ids, move: "sign" }));
  await work();
  await work();
  const bulk = (await inbox(triager)).rows.filter((m: { kind: string }) => m.kind === "bulk");
  assert.deepEqual(
    bulk.map((m: { title: string; body: string }) => [m.title, m.body]),
    [["批量签收完成", "共 2 件，成功 2 件，未成功 0 件"]],
  );
  const { rows, unread } = await inbox(triager);
  assert.ok(unread > 0);
  assert.equal(done(await triager.post("/api/inbox/read", { upTo: rows[0].id })).unread, 0);
  assert.deepEqual(done(await triager.get("/api/inbox?unread=1")).rows, []);
});

test("an open screen hears of a new message within moments", async () => {
  const supervisor = await town.as("supervisor");
  const caller = await town.as("caller");
  const origin = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  const ending = new AbortController();
  const answer = await fetch(`${origin}/api/events`, {
    headers: { cookie: caller.cookie },
    signal: ending.signal,
  });
  let heard = "";
  const reading = (async () => {
    for await (const part of answer.body ?? []) heard += Buffer.from(part).toString();
  })().catch(() => {});
  const until = async (words: string) => {
    for (let i = 0; i < 200 && !heard.includes(words); i++) await sleep(50);
    assert.ok(heard.includes(words), heard);
  };
  await until('event: inbox\ndata: {"unread":0,"newest":null}');
  const id = await bring(town, "triage", UNIT);
  await go(supervisor, id, "note", { text: `@${caller.login} 请看` });
  await work();
  await until('event: inbox\ndata: {"unread":1');
  ending.abort();
  await reading;
});
