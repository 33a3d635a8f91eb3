import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { bring, done, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

const UNIT = "学院路街道";
let town: Town;
let address: string;
let triager: Client;
let lead: Client;
const closing = new Set<() => void>();
before(async () => {
  town = await openTown();
  address = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  triager = await town.as("triager");
  lead = await town.as("shiftLead");
});
beforeEach(() => town.at("2026-11-20", "09:00"));
after(async () => {
  for (const close of closing) close();
  await town?.close();
});

interface Person {
  readonly login: string;
  readonly doing: string;
}

/** What the live line of this person says of who is where, as the screen would hold it. */
async function watch(who: Client): Promise<(ticketId: string) => string[]> {
  const aborting = new AbortController();
  closing.add(() => aborting.abort());
  const answer = await fetch(`${address}/api/events`, {
    headers: { cookie: who.cookie },
    signal: aborting.signal,
  });
  assert.equal(answer.status, 200);
  const people = new Map<string, readonly Person[]>();
  const read = async (): Promise<void> => {
    let rest = "";
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (rest + chunk).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        const data = /^event: presence\ndata: (.*)$/m.exec(frame)?.[1];
        if (data === undefined) continue;
        const told: { people: Record<string, Person[]>; anew?: true } = JSON.parse(data);
        if (told.anew) people.clear();
        for (const [id, on] of Object.entries(told.people)) people.set(id, on);
      }
    }
  };
  read().catch(() => {});
  return (id) => (people.get(id) ?? []).map((p) => `${p.login} ${p.doing}`);
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (let round = 0; round < 200; round++) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  assert.fail(`waited in vain: ${what}`);
}

const tell = (who: Client, id: string, doing?: string) =>
  who.put(`/api/tickets/${id}/presence`, doing ? { doing } : {});

test("two people on one ticket see each other, what each fills in, and when one leaves", async () => {
  const id = await bring(town, "triage", UNIT);
  const seen = await watch(lead);
  assert.deepEqual(done(await tell(triager, id)).others, []);
  await until("the lead is told of the triager", () => seen(id)[0] === "triager 查看");
  const others = done(await tell(lead, id, "note")).others as Person[];
  assert.deepEqual(
    others.map((p) => p.login),
    ["triager"],
  );
  done(await tell(triager, id, "dispatch"));
  await until("what the triager fills in", () => seen(id).includes("triager 正在填写“派单”"));
  assert.ok(seen(id).includes("shiftlead 正在填写“备注”"));
  done(await triager.delete(`/api/tickets/${id}/presence`));
  await until("the triager is gone", () => !seen(id).some((p) => p.startsWith("triager")));
});

test("who falls silent is forgotten, and the row with them", async () => {
  const id = await bring(town, "triage", UNIT);
  const seen = await watch(lead);
  done(await tell(triager, id));
  await until("told", () => seen(id).length === 1);
  town.pass(71_000);
  await until("forgotten", () => seen(id).length === 0);
  assert.deepEqual(done(await tell(lead, id)).others, []);
  const rows = await town.shell.db
    .selectFrom("presence")
    .select("user_id")
    .where("ticket_id", "=", id)
    .execute();
  assert.deepEqual(rows, [{ user_id: lead.actor.userId }]);
});

test("a unit hears of people on its own tickets alone, and may not say that it is on another's", async () => {
  const mine = await bring(town, "handling", UNIT);
  const theirs = await bring(town, "handling", "清河街道");
  const handler = await town.as("handler", UNIT);
  const seen = await watch(handler);
  done(await tell(lead, theirs));
  done(await tell(lead, mine));
  await until("told of its own", () => seen(mine).length === 1);
  assert.deepEqual(seen(theirs), []);
  // That the centre speaks with the city is not the unit's to know.
  done(await tell(lead, mine, "talk"));
  const others = done(await tell(handler, mine)).others as Person[];
  assert.deepEqual(
    others.map((p) => `${p.login} ${p.doing}`),
    ["shiftlead 查看"],
  );
  await until(
    "nor by the live line",
    () => seen(mine).join() === "shiftlead 查看" || seen(mine).length === 2,
  );
  assert.ok(!seen(mine).some((words) => words.includes("沟通")));
  assert.equal(refused(await tell(handler, theirs), 404), "not-found");
  assert.equal(refused(await tell(handler, mine, "sing"), 422), "bad-input");
});
