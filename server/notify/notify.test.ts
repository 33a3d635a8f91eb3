import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, beforeEach, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { DAY_MS, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { buildHouse } from "../app.ts";
import { enqueue, type Notice } from "../platform/outbox/outbox.ts";
import { type HookSink, type MailSink, openHookSink, openMailSink } from "../testing/gateways.ts";
import { bring, done, go, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages, ladderOf } from "../testing/urging.ts";
import { notifyStep } from "./jobs.ts";

const UNIT = "学院路街道";
let town: Town;
let mail: MailSink;
let hook: HookSink;
let admin: Client;
let handler: Client;
let supervisor: Client;
let emailId: string;
let hookId: string;

const hookSettings = () => ({
  url: `${hook.url}/send?key={密钥}`,
  method: "POST",
  contentType: "application/json",
  headers: [{ name: "x-who", value: "{账号}" }],
  body: '{"to":"{手机}","text":"{标题}：{正文}","link":"{链接}"}',
  per: "phone",
  sign: "hmac-sha256",
  okText: '"errcode":0',
  site: "https://jiesu.example",
});
const hookChannel = (more: object = {}, settings: object = {}) => ({
  ...{ means: "webhook", name: "短信网关", enabled: true, secret: "s3cret-key" },
  settings: { ...hookSettings(), ...settings },
  ...more,
});

before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  [mail, hook] = await Promise.all([openMailSink(), openHookSink()]);
  admin = await town.as("sysadmin");
  handler = await town.as("handler", UNIT);
  supervisor = await town.as("supervisor");
  emailId = done(
    await admin.post("/api/notify/channels", {
      ...{ means: "email", name: "区政务邮箱", enabled: true },
      settings: { host: "127.0.0.1", port: mail.port, security: "none", from: "jiesu@hd.example" },
    }),
  ).id;
  hookId = done(await admin.post("/api/notify/channels", hookChannel())).id;
  const contact = { email: "ren@hd.example", phone: "13800000001", account: "renzh" };
  done(await admin.put(`/api/notify/contacts/${handler.actor.userId}`, contact));
});
after(async () => {
  await town?.close();
  await Promise.all([mail?.close(), hook?.close()]);
});
beforeEach(() => {
  town.at("2026-11-20", "09:00");
  mail.letters.length = 0;
  hook.calls.length = 0;
  hook.answerNext();
});

let serial = 0;
const notice = (more: Partial<Notice> = {}): Notice => ({
  ...{ cause: `test:${++serial}`, kind: "notice", to: [handler.actor.userId], means: ["email", "webhook"] },
  ...{ ticketId: null, title: "催办", body: '区收-1 "请\n尽快"', link: "/tickets/1", at: town.shell.now() },
  ...more,
});
/** Keeps a notice and works until every notice is opened and nothing is due; answers the id of the notice. */
async function tell(more: Partial<Notice> = {}): Promise<string> {
  const said = notice(more);
  await town.shell.db.transaction().execute((tx) => enqueue(tx, [said]));
  await work();
  const row = await town.shell.db
    .selectFrom("notice")
    .select("id")
    .where("cause", "=", said.cause)
    .executeTakeFirstOrThrow();
  return row.id;
}
async function work(): Promise<void> {
  for (let i = 0; i < 600; i++) {
    while ((await notifyStep(town.shell)) > 0);
    const left = await town.shell.db
      .selectFrom("notice as n")
      .innerJoin("event_cursor as c", (j) => j.on("c.consumer", "=", "notify"))
      .select("n.id")
      .whereRef("n.id", ">", "c.id")
      .execute();
    if (left.length === 0) return;
    await sleep(50);
  }
  assert.fail("notify never caught up");
}
const deliveriesOf = (noticeId: string) =>
  town.shell.db.selectFrom("delivery").selectAll().where("notice_id", "=", noticeId).orderBy("id").execute();

test("a notice leaves by e-mail and by the gateway, each once, to the addresses of the person", async () => {
  const id = await tell();
  await work();
  assert.deepEqual([mail.letters.length, hook.calls.length], [1, 1]);
  const [letter] = mail.letters;
  assert.match(letter?.to ?? "", /<ren@hd\.example>/);
  assert.match(letter?.data ?? "", /X-Jiesu-Key: [0-9a-f-]{36}/);
  const [call] = hook.calls;
  assert.equal(call?.url, "/send?key=s3cret-key");
  assert.equal(call?.headers["x-who"], "renzh");
  assert.deepEqual(JSON.parse(call?.body ?? ""), {
    to: "13800000001",
    text: '催办：区收-1 "请\n尽快"',
    link: "https://jiesu.example/tickets/1",
  });
  const signed = `${call?.headers["x-jiesu-timestamp"]}.${call?.body}`;
  assert.equal(
    call?.headers["x-jiesu-signature"],
    createHmac("sha256", "s3cret-key").update(signed).digest("hex"),
  );
  assert.deepEqual(
    (await deliveriesOf(id)).map((d) => [d.state, d.attempts, d.address]),
    [
      ["sent", 1, "r***@hd.example"],
      ["sent", 1, "138****0001"],
    ],
  );
});

test("a gateway that fails twice is called again after a minute and after five, with the same key; each attempt is on record", async () => {
  hook.answerNext(500, 503);
  const id = await tell({ means: ["webhook"] });
  await work();
  assert.equal(hook.calls.length, 1, "not again at once");
  town.pass(MINUTE_MS);
  await work();
  assert.equal(hook.calls.length, 2);
  town.pass(4 * MINUTE_MS);
  await work();
  assert.equal(hook.calls.length, 2, "not before its time");
  town.pass(MINUTE_MS);
  await work();
  assert.equal(new Set(hook.calls.map((c) => c.headers["idempotency-key"])).size, 1);
  const [d] = await deliveriesOf(id);
  assert.deepEqual([d?.state, d?.attempts, d?.problem], ["sent", 3, ""]);
  const { rows } = done(await admin.get("/api/notify/deliveries?limit=1"));
  assert.deepEqual(
    rows[0].attempts.map((a: { ok: boolean; answer: string }) => [a.ok, a.answer]),
    [
      [false, "HTTP 500 忙"],
      [false, "HTTP 503 忙"],
      [true, 'HTTP 200 {"errcode":0}'],
    ],
  );
  assert.equal(rows[0].address, "138****0001");
});

test("given up after the sixth attempt, with one alarm a day to the shift lead and a count at the administrator's home; sent again by hand", async () => {
  const lead = await town.as("shiftLead");
  const before = done(await admin.get("/api/home")).system.undelivered;
  hook.answerNext(...Array.from({ length: 12 }, () => 500));
  const [one, two] = [await tell({ means: ["webhook"] }), await tell({ means: ["webhook"] })];
  for (let i = 0; i < 8; i++) {
    town.pass(4 * 60 * MINUTE_MS);
    await work();
  }
  assert.equal(hook.calls.length, 12, "six each, and no more");
  for (const id of [one, two]) assert.equal((await deliveriesOf(id))[0]?.state, "dead");
  await deliverMessages(town);
  town.at("2026-11-20", "09:00");
  const alarms = done(await lead.get("/api/inbox")).rows.filter(
    (m: { title: string }) => m.title === "“短信网关”有通知未送达",
  );
  assert.equal(alarms.length, 1);
  assert.equal(done(await admin.get("/api/home")).system.undelivered, before + 2);
  const [dead] = await deliveriesOf(one);
  done(await admin.post(`/api/notify/deliveries/${dead?.id}/again`));
  await work();
  assert.equal((await deliveriesOf(one))[0]?.state, "sent");
  assert.equal(refused(await admin.post(`/api/notify/deliveries/${dead?.id}/again`), 409), "notify-again");
});

test("a worker killed in the midst of a sending: the gateway is called again with its key, an e-mail is not sent twice", async () => {
  const said = notice();
  await town.shell.db.transaction().execute((tx) => enqueue(tx, [said]));
  const cut = { ...town.shell, now: town.shell.now };
  await work();
  const { id } = await town.shell.db
    .selectFrom("notice")
    .select("id")
    .where("cause", "=", said.cause)
    .executeTakeFirstOrThrow();
  // As a kill leaves it: taken, and nothing told of it.
  await town.shell.db
    .updateTable("delivery")
    .set({ state: "sending", next_at: new Date(cut.now() + 5 * MINUTE_MS), done_at: null })
    .where("notice_id", "=", id)
    .execute();
  await work();
  assert.deepEqual(
    [mail.letters.length, hook.calls.length],
    [1, 1],
    "while it may still be under way it is left alone",
  );
  town.pass(6 * MINUTE_MS);
  await work();
  assert.deepEqual([mail.letters.length, hook.calls.length], [1, 2]);
  assert.equal(hook.calls[0]?.headers["idempotency-key"], hook.calls[1]?.headers["idempotency-key"]);
  assert.deepEqual(
    (await deliveriesOf(id)).map((d) => d.state),
    ["unknown", "sent"],
  );
});

test("two workers at one outbox send nothing twice", async () => {
  const said = Array.from({ length: 30 }, () => notice());
  await town.shell.db.transaction().execute((tx) => enqueue(tx, said));
  await Promise.all([work(), work(), work()]);
  await work();
  assert.deepEqual([mail.letters.length, hook.calls.length], [30, 30]);
  assert.equal(new Set(hook.calls.map((c) => c.headers["idempotency-key"])).size, 30);
});

test("what is told at night leaves in the morning; the workbench has it at once", async () => {
  const id = await tell({
    means: ["workbench", "webhook"],
    title: "夜间",
    outwardAt: town.shell.now() + 8 * 60 * MINUTE_MS,
  });
  assert.equal(hook.calls.length, 0);
  await deliverMessages(town);
  assert.ok(done(await handler.get("/api/inbox")).rows.some((m: { title: string }) => m.title === "夜间"));
  town.pass(8 * 60 * MINUTE_MS);
  await work();
  assert.equal((await deliveriesOf(id))[0]?.state, "sent");
});

test("an urge by hand reaches the handler's telephone, with the ticket's number and nothing of the requester", async () => {
  const ladder = ladderOf(town);
  await ladder.work();
  const ticket = {
    title: "路灯不亮",
    content: "市民王建国（13912345678）反映家门口路灯不亮。",
    requesterName: "王建国",
    requesterPhone: "13912345678",
  };
  const id = await bring(town, "handling", UNIT, { ticket });
  await go(supervisor, id, "urge", { text: "请今日到场，电话13912345678" });
  await ladder.work();
  await work();
  const call = hook.calls.find((c) => c.body.includes("今日到场"));
  assert.match(call?.body ?? "", /区收-261120/);
  const all = JSON.stringify([hook.calls, mail.letters]);
  assert.doesNotMatch(all, /13912345678|王建国/);
  const [urge] = done(await supervisor.get(`/api/urges?ticket=${id}`)).rows;
  assert.deepEqual(urge.outward, { sent: 2, waiting: 0, failed: 0 });
});

test("a test sending tells what the other side said, or what is wrong and what to do", async () => {
  const test = (id: string, to = "") => admin.post(`/api/notify/channels/${id}/test`, { to });
  assert.deepEqual(done(await test(hookId, "13800000009")), { ok: true, answer: 'HTTP 200 {"errcode":0}' });
  assert.equal(JSON.parse(hook.calls[0]?.body ?? "").to, "13800000009");
  assert.equal(refused(await test(hookId), 422), "notify-to");
  mail.refuseNext(1, "554 rejected ren@hd.example");
  const letter = done(await test(emailId, "ren@hd.example"));
  assert.equal(letter.ok, false);
  assert.match(letter.answer, /554 rejected \*\*\*@\*\*\*/);
  hook.answerNext(302);
  assert.match(done(await test(hookId, "13800000009")).answer, /^HTTP 302/, "a redirection is not followed");
  assert.equal(hook.calls.length, 2);
  const away = {
    means: "email",
    name: "没有的邮箱",
    enabled: false,
    settings: { host: "127.0.0.1", port: 1, security: "none", from: "a@b.example" },
  };
  const { id } = done(await admin.post("/api/notify/channels", away));
  assert.match(done(await test(id, "x@y.example")).answer, /对方拒绝连接，请核对主机和端口/);
});

test("an answer without the word of success is a failure, though its status is 200", async () => {
  const strict = await openHookSink('{"errcode":93000,"errmsg":"invalid key s3cret-key"}');
  const body = hookChannel(
    { name: "群机器人", enabled: false },
    { url: `${strict.url}/?key={密钥}`, per: "group" },
  );
  const { id } = done(await admin.post("/api/notify/channels", body));
  const sent = done(await admin.post(`/api/notify/channels/${id}/test`, {}));
  await strict.close();
  assert.deepEqual(
    [sent.ok, /没有/.test(sent.answer), sent.answer.includes("s3cret-key")],
    [false, true, false],
  );
});

test("a secret goes in and never comes out; what was not typed again stays; two at one channel are told", async () => {
  const channels = () => admin.get("/api/notify/channels");
  const listed = done(await channels());
  assert.doesNotMatch(JSON.stringify(listed), /s3cret/);
  const one = listed.find((c: { id: string }) => c.id === hookId);
  assert.equal(one.hasSecret, true);
  const { secret: _typed, ...kept } = hookChannel();
  done(await admin.put(`/api/notify/channels/${hookId}`, { version: one.version, channel: kept }));
  assert.equal(
    refused(await admin.put(`/api/notify/channels/${hookId}`, { version: one.version, channel: kept }), 409),
    "notify-changed",
  );
  await tell({ means: ["webhook"] });
  assert.equal(hook.calls[0]?.url, "/send?key=s3cret-key");
  const rows = await town.shell.db.selectFrom("notify_channel").selectAll().execute();
  const audited = await town.shell.db
    .selectFrom("audit")
    .selectAll()
    .where("what", "like", "notify%")
    .execute();
  assert.doesNotMatch(
    JSON.stringify([rows.map((r) => ({ ...r, secret_enc: r.secret_enc?.toString("utf8") })), audited]),
    /s3cret/,
  );
  const unsigned = hookChannel({ name: "无密钥", secret: null });
  assert.equal(refused(await admin.post("/api/notify/channels", unsigned), 422), "notify-secret");
  assert.equal(refused(await admin.post("/api/notify/channels", hookChannel()), 409), "notify-name");
});

test("addresses that are none, that are a script, this machine or the inner network are refused with the remedy", async () => {
  const { app } = await buildHouse({ ...town.shell, localGateways: false }, false);
  const post = async (settings: object) => {
    const answer = await app.inject({
      method: "POST",
      url: "/api/notify/channels",
      headers: { cookie: admin.cookie, "x-csrf-token": admin.csrf },
      payload: hookChannel({ name: `x${++serial}` }, settings),
    });
    return [answer.statusCode, answer.json().message ?? ""];
  };
  for (const url of [
    "file:///etc/passwd",
    "javascript:alert(1)",
    "https://a:b@gate.example/",
    "gate.example",
    "ftp://x/",
  ])
    assert.equal((await post({ url }))[0], 422, url);
  for (const url of [
    "http://127.0.0.1/",
    "http://[::1]:80/",
    "http://localhost/",
    "http://[::ffff:127.0.0.1]/",
    "http://2130706433/",
  ])
    assert.match((await post({ url })).join(" "), /^422 .*指向本机/, url);
  assert.match((await post({ url: "http://169.254.169.254/latest" })).join(" "), /保留地址/);
  assert.match((await post({ url: "http://10.1.2.3/sms" })).join(" "), /勾选“内网地址”/);
  assert.equal((await post({ url: "http://10.1.2.3/sms", inner: true }))[0], 200);
  assert.match((await post({ url: "http://10.1.2.3/", body: "{诉求人}" })).join(" "), /只能用/);
  assert.match((await post({ url: "http://no-such-host.invalid/" })).join(" "), /找不到主机/);
  await app.close();
  await town.shell.db
    .updateTable("notify_channel")
    .set({ enabled: false })
    .where("id", "not in", [emailId, hookId])
    .execute();
});

test("one gives one's own addresses, and sees them covered; a person without one is not written to", async () => {
  const mine = await town.as("unitLead", UNIT);
  done(await mine.put("/api/notify/me", { email: "lead@hd.example" }));
  assert.deepEqual(done(await mine.get("/api/notify/me")), {
    email: "l***@hd.example",
    phone: "",
    account: "",
  });
  assert.equal(refused(await mine.put("/api/notify/me", { email: "x\nBcc: y@z.example" }), 422), "bad-input");
  const id = await tell({ to: [mine.actor.userId] });
  assert.deepEqual(
    (await deliveriesOf(id)).map((d) => d.address),
    ["l***@hd.example"],
  );
  const kept = await town.shell.db.selectFrom("notify_contact").selectAll().execute();
  assert.doesNotMatch(kept.map((k) => k.email_enc?.toString("latin1")).join(), /hd\.example/);
  const people = done(await admin.get(`/api/notify/contacts?q=${encodeURIComponent("学院路")}`));
  assert.ok(people.every((p: { unit: string }) => p.unit === "学院路"));
  town.pass(DAY_MS);
});
