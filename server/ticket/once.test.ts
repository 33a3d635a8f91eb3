import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { bring, done, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { forgetOnce } from "./once.ts";

let town: Town;
before(async () => {
  town = await openTown();
});
after(() => town.close());

const UNIT = "学院路街道";

/** Makes a move as the browser sends it, with its key. */
const send = (who: Client, id: string, move: string, version: number, once: string, input: object = {}) =>
  who.post(`/api/tickets/${id}/moves/${move}`, { version, input, once });

const kindsOf = (ticket: { events: { kind: string }[] }): string[] => ticket.events.map((e) => e.kind);

test("a contact sent again because its answer was lost is on record once; another contact is another key's", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const { version } = await look(handler, id);
  const key = randomUUID();
  const input = { way: "电话", note: "已约定周五上门" };
  const first = done(await send(handler, id, "contact", version, key, input)).ticket;
  const again = done(await send(handler, id, "contact", version, key, input)).ticket;
  assert.equal(again.version, first.version);
  const before = kindsOf(again).filter((kind) => kind === "contact").length;
  const another = done(await send(handler, id, "contact", first.version, randomUUID(), input)).ticket;
  assert.equal(kindsOf(another).filter((kind) => kind === "contact").length, before + 1);
});

test("a report sent twice at the same moment is made once, and both are told that it was", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  const { version } = await look(handler, id);
  if ((await look(handler, id)).assignments[0].contactedAt === null)
    done(await handler.move(id, "contact", { way: "电话" }));
  const now = (await look(handler, id)).version;
  assert.ok(now >= version);
  const key = randomUUID();
  const report = { text: "井盖已更换，已告知诉求人。", outcome: "solved" };
  const answers = await Promise.all([1, 2, 3].map(() => send(handler, id, "report", now, key, report)));
  assert.deepEqual(
    answers.map((a) => [a.status, a.body.ticket.state]),
    [1, 2, 3].map(() => [200, "reported"]),
  );
  const ticket = await look(handler, id);
  assert.equal(kindsOf(ticket).filter((kind) => kind === "report").length, 1);
});

test("a refused move leaves its key free: mended, the same key makes it", async () => {
  const id = await bring(town, "handling", UNIT);
  const handler = await town.as("handler", UNIT);
  if ((await look(handler, id)).assignments[0].contactedAt === null)
    done(await handler.move(id, "contact", { way: "电话" }));
  const { version } = await look(handler, id);
  const key = randomUUID();
  assert.equal(
    refused(await send(handler, id, "report", version, key, { text: " ", outcome: "solved" }), 422),
    "field-missing",
  );
  const mended = { text: "已修复，诉求人确认。", outcome: "solved" };
  assert.equal(done(await send(handler, id, "report", version, key, mended)).ticket.state, "reported");
});

test("a co-handler's report whose answer was lost is on record once; without its key the second is refused", async () => {
  const id = await bring(town, "handling", UNIT, { co: ["永定路街道"] });
  const helper = await town.as("handler", "永定路街道");
  const [{ assignmentId }] = (await look(helper, id)).coMoves;
  const co = (move: string, body: object) =>
    helper.post(`/api/tickets/${id}/co/${assignmentId}/${move}`, body);
  done(await co("coAccept", { once: randomUUID() }));
  const once = randomUUID();
  assert.equal(refused(await co("coReport", { text: " ", once }), 422), "field-missing");
  const words = { text: "已到场配合疏通。", once };
  const answers = await Promise.all([1, 2].map(() => co("coReport", words)));
  assert.deepEqual(
    answers.map((a) => a.status),
    [200, 200],
  );
  const ticket = done(await co("coReport", words)).ticket;
  assert.equal(kindsOf(ticket).filter((kind) => kind === "coReport").length, 1);
  assert.equal(refused(await co("coReport", { text: words.text }), 409), "wrong-state");
  assert.equal(refused(await co("coAccept", { once }), 409), "once-other");
});

test("a key serves one move of one person on one ticket, and is forgotten after two days", async () => {
  const [one, two] = [await bring(town, "received", UNIT), await bring(town, "received", UNIT)];
  const triager = await town.as("triager");
  const lead = await town.as("shiftLead");
  const key = randomUUID();
  done(await send(triager, one, "sign", 1, key));
  assert.equal(refused(await send(triager, two, "sign", 1, key), 409), "once-other");
  done(await send(lead, two, "sign", 1, key));
  assert.equal(
    refused(await triager.post(`/api/tickets/${one}/moves/note`, { version: 2, input: {}, once: "x" }), 422),
    "bad-input",
  );
  assert.equal(await forgetOnce(town.shell), 0);
  town.pass(2 * 86_400_000 + 1);
  assert.ok((await forgetOnce(town.shell)) >= 2);
});
