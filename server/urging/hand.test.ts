import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, done, go, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages, ladderOf } from "../testing/urging.ts";

const UNIT = "学院路街道";
const OTHER = "清河街道";
let town: Town;
let ladder: ReturnType<typeof ladderOf>;
let supervisor: Client;
let handler: Client;
let stranger: Client;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  ladder = ladderOf(town);
  await ladder.work();
  supervisor = await town.as("supervisor");
  handler = await town.as("handler", UNIT);
  stranger = await town.as("handler", OTHER);
});
after(() => town?.close());

const urgesOf = async (who: Client, ticket: string, standing = "all") =>
  done(await who.get(`/api/urges?ticket=${ticket}&standing=${standing}`)).rows;
const messages = async (who: Client, ticket: string) => {
  await deliverMessages(town);
  return done(await who.get("/api/inbox?limit=100")).rows.filter(
    (m: { ticket: { id: string } | null; kind: string }) => m.ticket?.id === ticket && m.kind === "urge",
  );
};

test("urged by hand, the handler reads the words, answers, and who urged hears the answer; it stands on the ticket", async () => {
  const id = await bring(town, "handling", UNIT);
  await go(supervisor, id, "urge", { text: "市民再次来电，请今日到场。" });
  await ladder.work();
  await ladder.work();
  const [urge, ...more] = await urgesOf(handler, id);
  assert.equal(more.length, 0, "an event is one urge, however often it is read");
  assert.deepEqual(
    [urge.stepZh, urge.words, urge.byName, urge.unit.name, urge.mayAnswer, urge.answer],
    ["人工催办", "市民再次来电，请今日到场。", "supervisor", "学院路", true, null],
  );
  assert.deepEqual(
    urge.people.map((p: { id: string; as: string }) => [p.id, p.as]),
    [[handler.actor.userId, "经办人"]],
  );
  const [told] = await messages(handler, id);
  assert.deepEqual([told.title, told.body.split("\n")[1]], ["supervisor催办", "市民再次来电，请今日到场。"]);
  const text = "已到场，下午四点前修好。";
  done(await handler.post(`/api/urges/${urge.id}/answer`, { text }));
  done(await handler.post(`/api/urges/${urge.id}/answer`, { text })); // a lost answer asked for again
  const [answered] = await urgesOf(supervisor, id);
  assert.deepEqual([answered.answer.text, answered.answer.by], [text, handler.actor.name]);
  assert.equal(answered.mayAnswer, false);
  const heard = (await messages(supervisor, id)).map((m: { title: string }) => m.title);
  assert.deepEqual(heard, [`${handler.actor.name}回复催办`]);
  const events = (await look(supervisor, id)).events.filter((e: { kind: string }) => e.kind === "urgeAnswer");
  assert.deepEqual([events.length, events[0].zh, events[0].data.text], [1, "催办回复", text]);
});

test("answered once: another answer is refused with who gave the first, and what was urged is never rewritten", async () => {
  const id = await bring(town, "handling", UNIT);
  await go(supervisor, id, "urge", {});
  await ladder.work();
  const [urge] = await urgesOf(handler, id);
  assert.equal(urge.words, "请尽快办理并回复进展。", "without words the rule's words are said");
  done(await handler.post(`/api/urges/${urge.id}/answer`, { text: "明日上午办结" }));
  const again = await handler.post(`/api/urges/${urge.id}/answer`, { text: "改口了" });
  assert.equal(refused(again, 409), "urge-answered");
  assert.match(again.body.message, /已于 11-20 09:00 回复/);
  const { db } = town.shell;
  await assert.rejects(
    db.updateTable("urge").set({ words: "改" }).where("id", "=", urge.id).execute(),
    /not changed/,
  );
  await assert.rejects(
    db.updateTable("urge").set({ answer: "改" }).where("id", "=", urge.id).execute(),
    /not changed/,
  );
});

test("urging again within half an hour is refused kindly, with who urged and when; after it, it is done", async () => {
  const id = await bring(town, "handling", UNIT);
  const other = await town.as("shiftLead");
  await go(supervisor, id, "urge", { text: "请尽快" });
  town.pass(10 * 60_000);
  const again = await other.move(id, "urge", { text: "请尽快" });
  assert.equal(refused(again, 409), "urged-just-now");
  assert.match(again.body.message, /supervisor已于 11-20 09:00 催办本单，30 分钟内不重复催办/);
  town.pass(20 * 60_000);
  await go(other, id, "urge", { text: "请尽快" });
  town.at("2026-11-20", "09:00");
});

test("many at once from a list: those urged just now are told one by one, the others are urged", async () => {
  const [fresh, urged, closed] = [
    await bring(town, "handling", UNIT),
    await bring(town, "dispatched", OTHER),
    await bring(town, "closed", UNIT),
  ];
  await go(supervisor, urged, "urge", {});
  const report = done(
    await supervisor.post("/api/tickets/bulk-moves", {
      ids: [fresh, urged, closed],
      move: "urge",
      input: { text: "供热保障期间，请今日反馈。" },
    }),
  );
  assert.deepEqual(
    report.done.map((d: { id: string }) => d.id),
    [fresh],
  );
  assert.deepEqual(
    report.refused.map((r: { code: string }) => r.code),
    ["urged-just-now", "wrong-state"],
  );
  await ladder.work();
  assert.equal((await urgesOf(supervisor, fresh))[0].words, "供热保障期间，请今日反馈。");
  const units = done(await supervisor.get("/api/urges/units"));
  const of = (name: string) => units.find((u: { unit: { name: string } | null }) => u.unit?.name === name);
  const open = done(await supervisor.get(`/api/urges?unit=${of("学院路").unit.id}&limit=100`)).rows;
  assert.equal(open.length, of("学院路").urges, "a number opens into what it counts");
});

test("a unit sees and answers its own urges alone; a supervisor may put down what was said on the telephone", async () => {
  const id = await bring(town, "handling", UNIT);
  await go(supervisor, id, "urge", {});
  await ladder.work();
  const [urge] = await urgesOf(supervisor, id);
  assert.deepEqual(await urgesOf(stranger, id), []);
  assert.deepEqual(
    done(await stranger.get(`/api/urges?unit=${await town.unit(UNIT)}&standing=all`)).rows,
    [],
  );
  const mine = done(await stranger.get("/api/urges/units"));
  assert.ok(mine.every((u: { unit: { name: string } }) => u.unit.name === "清河"));
  assert.equal(
    refused(await stranger.post(`/api/urges/${urge.id}/answer`, { text: "不是我们的" }), 404),
    "not-found",
  );
  const caller = await town.as("caller");
  assert.equal(
    refused(await caller.post(`/api/urges/${urge.id}/answer`, { text: "已回复" }), 403),
    "urge-not-yours",
  );
  assert.equal(refused(await handler.post(`/api/urges/${urge.id}/answer`, { text: " " }), 422), "bad-input");
  done(await supervisor.post(`/api/urges/${urge.id}/answer`, { text: "电话回复：已派人" }));
});

test("one answer is for all that is open of the ticket: the ladder's and a person's", async () => {
  const id = await bring(town, "handling", UNIT, { ticket: { level: 1 } });
  await ladder.work();
  town.at("2026-11-20", "11:01"); // the report is overdue
  await ladder.work();
  supervisor = await town.afresh("supervisor");
  await go(supervisor, id, "urge", { text: "请先联系" });
  await ladder.work();
  handler = await town.afresh("handler", UNIT);
  const open = await urgesOf(handler, id, "open");
  assert.ok(open.length >= 2, JSON.stringify(open));
  done(await handler.post(`/api/urges/${open[0].id}/answer`, { text: "已联系上，正赶往现场" }));
  assert.deepEqual(await urgesOf(handler, id, "open"), []);
  assert.equal((await urgesOf(handler, id, "answered")).length, open.length);
  const home = done(await handler.get("/api/home"));
  const left = done(await handler.get("/api/urges?limit=100")).rows.length;
  assert.equal(home.urges.count, left);
});

test("the ladder in force is told with its paper, its steps and its quiet hours; the centre's home counts no answers", async () => {
  const rule = done(await supervisor.get("/api/urges/ladder"));
  assert.deepEqual([rule.name, rule.from], ["urging-default", "2026-01-01"]);
  assert.match(rule.source, /\[ours\]/);
  assert.deepEqual([rule.steps[0].zh, rule.steps[0].at, rule.steps[0].to], ["临期提醒", "临期时", "经办人"]);
  assert.match(rule.quiet[1], /一般、长期工单 21:00 至次日 08:00/);
  assert.equal(done(await supervisor.get("/api/home")).urges, null);
});
