import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { bring, done, go, goCo, lodge } from "../../testing/tickets.ts";
import { type Client, openTown, type Town } from "../../testing/town.ts";
import { lockTicket, recordEvent } from "../../ticket/store.ts";
import { sessionRoutes } from "../auth/routes.ts";
import { buildApp } from "../http/app.ts";
import { cursorNow, eventsAfter, startFeed } from "./feed.ts";
import { eventRoutes } from "./routes.ts";

interface Told {
  readonly id: string;
  readonly ticketId: string;
  readonly kind: string;
  readonly version: number;
}

/** An open stream, as a browser holds it. */
interface Stream {
  readonly told: readonly Told[];
  /** What was told of one ticket, "kind", in order. */
  of(ticketId: string): string[];
  readonly ended: Promise<void>;
  close(): void;
}

let town: Town;
let address: string;
let triager: Client;
let xueyuanlu: Client;
let zhongguancun: Client;
const open = new Set<Stream>();

before(async () => {
  town = await openTown();
  address = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  triager = await town.as("triager");
  xueyuanlu = await town.as("handler", "学院路");
  zhongguancun = await town.as("handler", "中关村");
});
after(async () => {
  for (const stream of open) stream.close();
  await town?.close();
});

async function listen(who: Client, lastEventId?: string, at = address): Promise<Stream> {
  const aborting = new AbortController();
  const answer = await fetch(`${at}/api/events`, {
    headers: { cookie: who.cookie, ...(lastEventId === undefined ? {} : { "last-event-id": lastEventId }) },
    signal: aborting.signal,
  });
  assert.equal(answer.status, 200);
  const told: Told[] = [];
  const read = async (): Promise<void> => {
    let rest = "";
    for await (const chunk of answer.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const frames = (rest + chunk).split("\n\n");
      rest = frames.pop() ?? "";
      for (const frame of frames) {
        const fields = new Map(
          frame.split("\n").map((line) => [line.split(": ")[0], line.slice(line.indexOf(": ") + 2)]),
        );
        if (fields.get("event") === "ticket")
          told.push({ id: fields.get("id") ?? "", ...JSON.parse(fields.get("data") ?? "{}") });
      }
    }
  };
  const stream: Stream = {
    told,
    of: (ticketId) => told.filter((t) => t.ticketId === ticketId).map((t) => t.kind),
    ended: read().catch(() => {}),
    close: () => aborting.abort(),
  };
  open.add(stream);
  return stream;
}

/** A long transaction of another test file on the same PostgreSQL holds the cursor back for as long. */
async function until(what: string, holds: () => boolean): Promise<void> {
  for (let round = 0; round < 1500; round++) {
    if (holds()) return;
    await sleep(20);
  }
  assert.fail(`never came: ${what}`);
}

test("a colleague's screen hears of a move, and not of what came before it was opened", async () => {
  const id = await lodge(town);
  await sleep(300); // the receiving is over before the screen opens
  const screen = await listen(await town.as("supervisor"));
  await go(triager, id, "sign");
  await until("sign", () => screen.of(id).includes("sign"));
  assert.deepEqual(screen.of(id), ["sign"]);
});

test("a screen that was cut off hears everything that it missed, once, in order", async () => {
  const id = await lodge(town);
  const first = await listen(triager);
  await go(triager, id, "sign");
  await until("sign", () => first.of(id).includes("sign"));
  const seen = first.told.at(-1)?.id;
  first.close();
  await go(triager, id, "note", { text: "一" });
  await go(triager, id, "note", { text: "二" });
  const again = await listen(triager, seen);
  await go(triager, id, "replyDirectly", { reply: "已答复" });
  await until("reply", () => again.of(id).includes("replyDirectly"));
  assert.deepEqual(again.of(id), ["note", "note", "replyDirectly"]);
});

test("an event that took its number first and was committed last is not skipped", async () => {
  const { db } = town.shell;
  const [early, late] = [await lodge(town), await lodge(town)];
  const screen = await listen(triager);
  const stamp = { at: town.shell.now(), userId: null, userName: "慢手", role: "system" as const };
  await db.transaction().execute(async (tx) => {
    const ticket = await lockTicket(tx, early);
    assert.ok(ticket);
    await recordEvent(tx, ticket, "note", { text: "先取号，后提交" }, stamp);
    await go(triager, late, "sign");
    await sleep(500); // two polls pass while the smaller number is not yet there
    assert.deepEqual(screen.of(late), [], "the later one is told no sooner than the earlier one");
  });
  await until("both", () => screen.of(early).length === 1 && screen.of(late).length === 1);
  const numbers = await db
    .selectFrom("event")
    .select(["ticket_id", "id"])
    .where("ticket_id", "in", [early, late])
    .where("kind", "in", ["note", "sign"])
    .orderBy("id")
    .execute();
  assert.deepEqual(
    numbers.map((n) => n.ticket_id),
    [early, late],
  );
});

test("thirty writers at once: a reader that goes from cursor to cursor meets every event exactly once", async () => {
  const { db } = town.shell;
  const ids = await Promise.all(Array.from({ length: 30 }, () => lodge(town)));
  let cursor = await cursorNow(db);
  await sleep(50);
  const from = cursor;
  const met: string[] = [];
  let waiting = true;
  const reading = (async () => {
    for (let idle = 0; waiting || idle < 3; ) {
      const events = await eventsAfter(db, cursor);
      cursor = events.at(-1)?.cursor ?? cursor;
      met.push(...events.map((e) => e.id));
      idle = events.length === 0 ? idle + 1 : 0;
    }
  })();
  await Promise.all(
    ids.map(async (id) => {
      for (let n = 0; n < 4; n++)
        done(await triager.post(`/api/tickets/${id}/moves/note`, { version: 1, input: { text: "记" } }));
    }),
  );
  await until("every note", () => met.length >= 120).finally(() => {
    waiting = false;
  });
  await reading;
  assert.equal(new Set(met).size, met.length, "none twice");
  const written = await db
    .selectFrom("event")
    .select("id")
    .where("ticket_id", "in", ids)
    .where("kind", "=", "note")
    .execute();
  assert.equal(written.length, 120);
  assert.ok(
    written.every((e) => met.includes(e.id)),
    `none skipped after ${from}`,
  );
});

test("a unit hears of the tickets that it leads or helps, and of no other unit's", async () => {
  const [leader, helper, other] = await Promise.all([
    listen(xueyuanlu),
    listen(zhongguancun),
    listen(await town.as("handler", "清河")),
  ]);
  const id = await bring(town, "handling", "学院路", { co: ["中关村"] });
  await goCo(zhongguancun, id, "coAccept");
  const foreign = await bring(town, "dispatched", "清河");
  await until("clean", () => other.of(foreign).includes("dispatch") && helper.of(id).includes("coAccept"));
  await until("leader", () => leader.of(id).includes("coAccept"));
  for (const stream of [leader, helper]) {
    assert.ok(
      ["dispatch", "accept", "contact", "coAccept"].every((kind) => stream.of(id).includes(kind)),
      stream.of(id).join(),
    );
    assert.deepEqual(stream.of(foreign), []);
  }
  assert.deepEqual(other.of(id), []);
});

test("a forged place in the stream is taken for none, and silences nobody else", async () => {
  const id = await lodge(town);
  const honest = await listen(triager);
  const forged = [
    "9999999999999999999.9999999999999999999",
    "1; drop table event",
    "-1.-1",
    "1.1.1",
    "9223372036854775808.0",
    "1",
  ];
  const forgers = await Promise.all(forged.map((cursor) => listen(xueyuanlu, cursor)));
  const beyond = await listen(xueyuanlu, "9223372036854775807.9223372036854775807");
  await go(triager, id, "sign");
  await until("sign", () => honest.of(id).includes("sign"));
  assert.ok([...forgers, beyond].every((stream) => stream.of(id).length === 0));
});

test("who signed out, idled out or was switched off hears no more", async () => {
  const feed = startFeed(town.shell.db, () => {});
  const { app } = await buildApp(town.shell, { logger: false, version: "test" });
  sessionRoutes(app, town.shell);
  eventRoutes(app, town.shell, feed, 30);
  const quick = await app.listen({ host: "127.0.0.1", port: 0 });
  try {
    const sysadmin = await town.as("sysadmin");
    const [leaver, sacked] = [await town.as("analyst"), await town.as("editor")];
    const streams = await Promise.all([listen(leaver, undefined, quick), listen(sacked, undefined, quick)]);
    const stays = await listen(triager, undefined, quick);
    done(await leaver.delete("/api/session"));
    done(await sysadmin.patch(`/api/users/${sacked.actor.userId}`, { active: false }));
    await Promise.all(streams.map((stream) => stream.ended));
    const id = await lodge(town);
    await until("receive", () => stays.of(id).includes("receive"));
    town.pass(61 * 60_000); // an hour without a touch: a stream alone keeps nobody signed in
    await stays.ended;
  } finally {
    town.at("2026-11-20", "09:00");
    feed.stop();
    await app.close();
  }
});
