import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { sweep } from "../duty/sweep.ts";
import { note, step } from "../testing/supervision.ts";
import { bring, done, go, lodge, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages, follow } from "../testing/urging.ts";
import { fireTimers } from "../ticket/timers.ts";
import { incidentStep } from "./find.ts";

const UNIT = "学院路街道";

let town: Town;
let leader: Client;
let work: () => Promise<void>;
before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  leader = await town.as("leader");
  await anew();
  work = async () => {
    while ((await fireTimers(town.shell.db, town.shell.now())) > 0);
    await follow(town, "incident", incidentStep());
  };
  await work(); // the cursor begins before anything happens
});
after(() => town.close());

/** Everybody signed in anew: sessions run out while time passes. */
async function anew(): Promise<void> {
  for (const role of ["triager", "supervisor", "caller", "closer", "shiftLead"] as const)
    await town.afresh(role);
  for (const role of ["handler", "unitLead"] as const) await town.afresh(role, UNIT);
  leader = await town.afresh("leader");
}

// biome-ignore lint/suspicious/noExplicitAny: as the town's answers
async function listed(who: Client, query = ""): Promise<any> {
  return done(await who.get(`/api/incidents${query}`));
}

interface Late {
  readonly id: string;
  readonly item: { readonly id: string };
  readonly ticket: { readonly id: string } | null;
  readonly person: string;
  readonly post: string;
}

async function rejected(): Promise<string> {
  const triager = await town.as("triager");
  const id = await bring(town, "triage", UNIT);
  await go(triager, id, "applyWithdraw", { ground: "不属本区" });
  await go(triager, id, "rejectWithdraw", { reason: "属本区职责" });
  return id;
}

test("a rejection by the city becomes one incident of who applied, however often its event is read", async () => {
  const id = await rejected();
  await work();
  const { rows, kinds, term } = await listed(leader, "?kind=rejected");
  assert.equal(rows.length, 1);
  const [one] = rows;
  assert.deepEqual(
    [one.ticket.id, one.cause, one.side, one.person, one.post, one.stateZh],
    [id, "市级驳回退市申请：属本区职责", "centre", "triager", "分拣员", "待处理"],
  );
  assert.deepEqual(term, { from: "2026-01-01", to: "2026-12-31" });
  assert.equal(kinds.find((k: { kind: string }) => k.kind === "rejected").count, 1);
  await town.shell.db.deleteFrom("event_cursor").where("consumer", "=", "incident").execute();
  await town.shell.db
    .insertInto("event_cursor")
    .values({ consumer: "incident", txid: "0", id: "0" })
    .execute(); // all from the beginning
  await work();
  assert.equal((await listed(leader)).rows.length, 1);
  await deliverMessages(town);
  const { rows: messages } = done(await (await town.as("triager")).get("/api/inbox"));
  assert.ok(messages.some((m: { title: string }) => m.title === "履约事件：退市驳回"));
});

test("asked, answered and reviewed by a second person: each step on record, and closed it stays", async () => {
  const triager = await town.as("triager");
  const [{ id }] = (await listed(leader)).rows;
  const take = (who: Client, step: string, words: string, due: string | null = null) =>
    who.post(`/api/incidents/${id}/steps/${step}`, { words, due });
  assert.equal(refused(await take(leader, "ask", "请说明依据", "2026-11-19"), 422), "incident-due");
  done(await take(leader, "ask", "请说明退市依据", "2026-11-24"));
  assert.deepEqual(done(await triager.get("/api/incidents/count")), { waiting: 1 });
  done(await take(triager, "answer", "误判属地，已更正并学习地界"));
  done(await take(triager, "answer", "误判属地，已更正并学习地界")); // sent twice is there once
  assert.equal(refused(await take(triager, "uphold", "成立"), 403), "incident-role");
  assert.equal(refused(await take(leader, "answer", "再说明"), 403), "incident-role");
  assert.deepEqual(done(await leader.get("/api/incidents/count")), { waiting: 1 });
  done(await take(leader, "uphold", "审核失误，成立"));
  const one = done(await leader.get(`/api/incidents/${id}`));
  assert.deepEqual(
    one.steps.map((s: { zh: string; by: string; due: string | null }) => [s.zh, s.by, s.due]),
    [
      ["发现", "系统", null],
      ["提出整改要求", "leader", "2026-11-24"],
      ["说明与整改", "triager", null],
      ["复核：成立", "leader", null],
    ],
  );
  assert.equal(one.stateZh, "成立");
  assert.match(
    one.checks[0].words,
    /^[1-9]\d* 项$/,
    "what the checks before the application found is told with it",
  );
  assert.equal(refused(await take(leader, "ask", "再看看"), 409), "incident-state");
  const { db } = town.shell;
  await assert.rejects(db.deleteFrom("incident").execute(), /not changed/);
  await assert.rejects(db.updateTable("incident").set({ state: "open" }).execute(), /not changed/);
});

test("what lay untouched past its time is an incident of its unit, once for all its clocks; what was worked on is none", async () => {
  const lying = await bring(town, "dispatched", UNIT);
  const worked = await bring(town, "dispatched", UNIT);
  const unsigned = await lodge(town);
  town.pass(60_000);
  await go(await town.as("handler", UNIT), worked, "accept");
  town.pass(8 * 24 * HOUR_MS);
  await anew();
  await work();
  const { rows } = await listed(leader, "?kind=overdue");
  const of = (id: string) => rows.filter((i: { ticket: { id: string } }) => i.ticket.id === id);
  assert.deepEqual(
    [lying, unsigned, worked].map((id) =>
      of(id).map((i: { side: string; unit: string | null; cause: string }) => [i.side, i.unit, i.cause]),
    ),
    [
      [["unit", "学院路", "接收超过时限，其间没有任何办理"]],
      [["centre", null, "派单超过时限，其间没有任何办理"]],
      [],
    ],
  );
  const head = await town.as("unitLead", UNIT);
  const own = await listed(head);
  assert.deepEqual(
    own.rows.map((i: { ticket: { id: string } }) => i.ticket.id),
    [lying],
  );
  assert.equal(own.kinds.find((k: { kind: string }) => k.kind === "overdue").count, 1, "its own are counted");
  const other = of(unsigned)[0].id;
  refused(await head.get(`/api/incidents/${other}`), 404);
  done(await head.post(`/api/incidents/${own.rows[0].id}/steps/answer`, { words: "值守漏接，已补派人员" }));
});

test("supervision passed on late is one incident for all its tickets, without a ticket too, and while it still lies there; what the sweep found is one until the ticket moves", async () => {
  const { db } = town.shell;
  const [one, other] = [await bring(town, "handling", UNIT), await bring(town, "handling", UNIT)];
  const supervisor = await town.as("supervisor");
  const numbers = [(await look(supervisor, one)).number, (await look(supervisor, other)).number];
  const [passedOn, lying, inTime] = [
    await note(town, { level: "listed", numbers }),
    await note(town, { level: "listed", title: "背街小巷环境" }),
    await note(town, { level: "listed" }),
  ];
  const send = async (id: string) =>
    done(
      await step(await town.as("supervisor"), id, "forward", {
        unitIds: [await town.unit(UNIT)],
        text: "请办",
      }),
    );
  await send(inTime.id);
  town.pass(5 * HOUR_MS);
  await town.afresh("supervisor");
  leader = await town.afresh("leader");
  assert.equal((await send(passedOn.id)).forwardedLate, true);
  await db.updateTable("ticket").set({ lead_unit_id: null }).where("id", "=", one).execute();
  for (let i = 0; i < 2; i++) {
    await sweep(town.shell, { userId: null, name: "后台" });
    await work();
  }
  const late = (await listed(leader, "?kind=supervision")).rows;
  assert.deepEqual(
    late
      .map((i: Late) => [i.item.id, i.ticket?.id, i.person, i.post])
      .sort((a: string[], b: string[]) => Number(a[0]) - Number(b[0])),
    [
      [passedOn.id, one, "supervisor", "督办员"],
      [lying.id, undefined, "", "督办员"],
    ],
  );
  await send(lying.id);
  town.pass(60_000);
  await work();
  assert.equal((await listed(leader, "?kind=supervision")).rows.length, 2, "passed on since, it is no other");
  const its = late.find((i: Late) => i.item.id === lying.id);
  const { item, ticket, steps } = done(await leader.get(`/api/incidents/${its.id}`));
  assert.deepEqual([item.title, ticket, steps.length], ["背街小巷环境", null, 1]);
  done(await leader.post(`/api/incidents/${its.id}/steps/ask`, { words: "请说明为何未转" }));
  const loose = (await listed(leader, "?kind=loose")).rows;
  assert.deepEqual(
    loose.map((i: { ticket: { id: string }; cause: string }) => [i.ticket.id, i.cause]),
    [[one, "巡查发现没有承办单位"]],
  );
  town.pass(-5 * HOUR_MS - 60_000);
});

test("the third of a kind raises the alarm once; it stays until the leader has said something; one found not to be does not count", async () => {
  const raised = async (): Promise<{ id: string; nth: number; kindZh: string; acknowledged: unknown }[]> =>
    done(await leader.get("/api/incidents/alarms")).filter((a: { kind: string }) => a.kind === "rejected");
  assert.deepEqual(await raised(), []);
  const second = await rejected();
  await work();
  const { rows } = await listed(leader, "?kind=rejected&standing=live");
  const dismissed = rows.find((i: { ticket: { id: string } }) => i.ticket.id === second).id;
  done(
    await (await town.as("triager")).post(`/api/incidents/${dismissed}/steps/answer`, {
      words: "市级同意更正",
    }),
  );
  done(await leader.post(`/api/incidents/${dismissed}/steps/dismiss`, { words: "并非审核失误" }));
  await rejected();
  await work();
  assert.deepEqual(await raised(), [], "two count");
  await rejected();
  await work();
  const [alarm, ...more] = await raised();
  assert.ok(alarm);
  assert.deepEqual([alarm.kindZh, alarm.nth, alarm.acknowledged, more], ["退市驳回", 3, null, []]);
  await work();
  assert.equal((await raised()).length, 1);
  await deliverMessages(town);
  const { rows: messages } = done(await leader.get("/api/inbox"));
  assert.ok(messages.some((m: { title: string }) => m.title === "履约报警：退市驳回已达 3 起"));
  const ack = (who: Client, words: string) => who.post(`/api/incidents/alarms/${alarm.id}/ack`, { words });
  refused(await ack(leader, ""), 422);
  refused(await ack(await town.as("shiftLead"), "已阅"), 403);
  done(await ack(leader, "约谈分拣组，周一复训"));
  done(await ack(leader, "约谈分拣组，周一复训"));
  assert.deepEqual(await raised(), []);
  const all = done(await leader.get("/api/incidents/alarms?all=true"));
  const kept = all.find((a: { kind: string }) => a.kind === "rejected");
  assert.deepEqual([kept.acknowledged.by, kept.acknowledged.words], ["leader", "约谈分拣组，周一复训"]);
});

test("the workbook holds the counts that the screen shows, and every incident of the term", async () => {
  const { kinds } = await listed(leader);
  const answer = await leader.get("/api/incidents/book.xlsx");
  assert.equal(answer.status, 200);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(Uint8Array.from(answer.raw).buffer);
  const sums = book.getWorksheet("按种类");
  const list = book.getWorksheet("明细");
  assert.ok(sums && list);
  const shown = kinds.map((k: { zh: string; count: number }) => [k.zh, k.count]);
  const rows = [3, 4, 5, 6].map((n) => [sums.getRow(n).getCell(1).value, sums.getRow(n).getCell(2).value]);
  assert.deepEqual(rows, shown);
  const all = kinds.reduce(
    (n: number, k: { count: number; dismissed: number }) => n + k.count + k.dismissed,
    0,
  );
  assert.equal(list.rowCount, all + 1);
  refused(await (await town.as("handler", UNIT)).get("/api/incidents/book.xlsx"), 403);
});
