import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { inboxStep } from "../../inbox/jobs.ts";
import { done } from "../../testing/tickets.ts";
import { type Client, openTown, type Town } from "../../testing/town.ts";
import { enqueue, type Notice } from "./outbox.ts";

let town: Town;
let supervisor: Client;
let lead: Client;
before(async () => {
  town = await openTown();
  supervisor = await town.as("supervisor");
  lead = await town.as("shiftLead");
});
after(() => town?.close());

const notice = (cause: string, more: Partial<Notice> = {}): Notice => ({
  ...{ cause, kind: "notice", to: [supervisor.actor.userId], means: ["workbench"], ticketId: null },
  ...{ title: "确权会改期", body: "改到下午三点", link: "", at: town.shell.now() },
  ...more,
});

/** The messages of a person with these titles, once the inbox has read every notice. */
async function told(who: Client, title: string): Promise<{ title: string; body: string; kindZh: string }[]> {
  for (let i = 0; i < 200; i++) {
    await inboxStep(town.shell);
    const left = await town.shell.db
      .selectFrom("notice as n")
      .innerJoin("event_cursor as c", (j) => j.on("c.consumer", "=", "inbox-notices"))
      .select("n.id")
      .whereRef("n.id", ">", "c.id")
      .execute();
    if (left.length === 0) break;
    await sleep(50);
  }
  return done(await who.get("/api/inbox")).rows.filter((m: { title: string }) => m.title === title);
}

test("a notice is told to those it names, and to nobody else", async () => {
  await town.shell.db.transaction().execute((tx) => enqueue(tx, [notice("meeting:1")]));
  const [message, ...more] = await told(supervisor, "确权会改期");
  assert.deepEqual([message?.kindZh, message?.body, more.length], ["通知", "改到下午三点", 0]);
  assert.deepEqual(await told(lead, "确权会改期"), []);
});

test("a transaction that is taken back tells nobody", async () => {
  const failed = town.shell.db.transaction().execute(async (tx) => {
    await enqueue(tx, [notice("meeting:2", { title: "取消的会" })]);
    throw new Error("taken back");
  });
  await assert.rejects(failed, /taken back/);
  assert.deepEqual(await told(supervisor, "取消的会"), []);
});

test("a cause is told once, however often the feature comes back to it, also to a person named twice", async () => {
  const twice = [supervisor.actor.userId, supervisor.actor.userId];
  for (let i = 0; i < 3; i++)
    await town.shell.db
      .transaction()
      .execute((tx) => enqueue(tx, [notice("rule:9", { title: "阶梯已改", to: twice })]));
  assert.equal((await told(supervisor, "阶梯已改")).length, 1);
});

test("a number that a feature let into the words is covered before it is kept", async () => {
  const said = notice("slip:1", { title: "请回电", body: "诉求人 13812345678 催问" });
  await town.shell.db.transaction().execute((tx) => enqueue(tx, [said]));
  assert.equal((await told(supervisor, "请回电"))[0]?.body, "诉求人 ［电话］ 催问");
  const kept = await town.shell.db
    .selectFrom("notice")
    .select("body")
    .where("cause", "=", "slip:1")
    .execute();
  assert.doesNotMatch(JSON.stringify(kept), /138/);
});

test("what is for the gateways alone does not come into the workbench", async () => {
  const out = notice("sms:1", { title: "只发短信", means: ["webhook"] });
  await town.shell.db.transaction().execute((tx) => enqueue(tx, [out]));
  assert.deepEqual(await told(supervisor, "只发短信"), []);
});
