import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import ExcelJS from "exceljs";
import { bring, done, look, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";
import { deliverMessages } from "../testing/urging.ts";
import { liaisonStepDue } from "./jobs.ts";

const [XUEYUAN, QINGHE, SHANGDI] = ["学院路街道", "清河街道", "上地街道"] as const;
let town: Town;
let supervisor: Client;
let triager: Client;
let xueyuan: Client;
let qinghe: Client;
let shangdi: Client;

before(async () => {
  town = await openTown(); // Friday 2026-11-20, 09:00
  await signIn();
});
after(() => town?.close());

async function signIn(): Promise<void> {
  supervisor = await town.afresh("supervisor");
  triager = await town.afresh("triager");
  xueyuan = await town.afresh("handler", XUEYUAN);
  qinghe = await town.afresh("handler", QINGHE);
  shangdi = await town.afresh("handler", SHANGDI);
}

const unitParty = async (name: string) => ({ side: "unit", unit: await town.unit(name) });
const CITY = { side: "city", name: "市热线中心" };

async function begin(who: Client, more: object = {}) {
  return done(
    await who.post("/api/liaisons", {
      ...{ key: randomUUID(), title: "地下通道积水由谁抽排", question: "请说明管理权属和处置安排。" },
      ...{ pace: "ordinary", asked: [await unitParty(XUEYUAN), await unitParty(QINGHE)] },
      ...more,
    }),
  );
}
/** Takes a step by what the person sees now. */
async function step(who: Client, id: string, name: string, said: object = {}) {
  const found = await who.get(`/api/liaisons/${id}`);
  const version = found.body?.version ?? 1;
  return who.post(`/api/liaisons/${id}/${name}`, {
    key: randomUUID(),
    version,
    words: "请看附件。",
    ...said,
  });
}
const partyOf = (item: { parties: { id: string; name: string }[] }, name: string): string =>
  item.parties.find((party) => party.name === name)?.id ?? "";
const standings = (item: { parties: { name: string; standingZh: string }[] }) =>
  item.parties.map((party) => `${party.name}${party.standingZh}`);
async function messages(who: Client, id: string): Promise<string[]> {
  await deliverMessages(town);
  return done(await who.get("/api/inbox?limit=100"))
    .rows.filter((m: { link: string }) => m.link === `/liaison/${id}`)
    .map((m: { title: string }) => m.title);
}

test("the centre asks two streets on a ticket; each answers in time, the outcome is told to both and stands on the ticket", async () => {
  const ticket = await bring(town, "handling", XUEYUAN);
  const { number: ticketNumber } = await look(supervisor, ticket);
  const item = await begin(triager, { tickets: [ticketNumber] });
  assert.match(item.number, /^协调〔2026〕\d+号$/);
  assert.deepEqual([item.state, item.dueAt], ["asking", "2026-11-25T15:59:59.999Z"]);
  assert.deepEqual(standings(item), ["中心", "学院路未到期", "清河未到期"]);
  assert.deepEqual(await messages(xueyuan, item.id), ["请答复协调单（11-25 23:59 前）"]);
  const first = done(await step(xueyuan, item.id, "answer", { words: "通道由市政管理，已联系抽排。" }));
  assert.deepEqual([first.state, first.may], ["asking", ["say"]]);
  const both = done(await step(qinghe, item.id, "answer", { words: "不在本辖区。" }));
  assert.equal(both.state, "answered");
  const closed = done(
    await step(supervisor, item.id, "conclude", { outcome: "agreed", words: "由学院路牵头抽排。" }),
  );
  assert.deepEqual([closed.stateZh, closed.outcome.name, closed.closedLate], ["已结论", "协调一致", false]);
  assert.deepEqual(standings(closed), ["中心", "学院路按期答复", "清河按期答复"]);
  assert.deepEqual(await messages(qinghe, item.id), [
    "协调单结论：中心",
    "协调单答复：学院路",
    "请答复协调单（11-25 23:59 前）",
  ]);
  assert.deepEqual(await messages(triager, item.id), [
    "协调单结论：中心",
    "协调单答复：清河",
    "协调单答复：学院路",
  ]);
  const events = (who: Client) =>
    look(who, ticket).then((t) =>
      t.events
        .filter((e: { kind: string }) => e.kind === "liaison")
        .map((e: { zh: string; data: { step: string } }) => `${e.zh}${e.data.step}`),
    );
  assert.deepEqual(await events(supervisor), ["协调单结论", "协调单答复", "协调单答复", "协调单发起"]);
  assert.deepEqual(await events(xueyuan), await events(supervisor));
});

test("a unit sees and takes part in its own items alone, also on a ticket that it handles", async () => {
  const ticket = await bring(town, "handling", SHANGDI);
  const { number } = await look(supervisor, ticket);
  const item = await begin(supervisor, { tickets: [number] });
  assert.equal(refused(await shangdi.get(`/api/liaisons/${item.id}`), 404), "liaison-not-party");
  assert.equal(refused(await step(shangdi, item.id, "answer"), 404), "liaison-not-party");
  const rows = done(await shangdi.get("/api/liaisons")).rows;
  assert.ok(!rows.some((row: { id: string }) => row.id === item.id));
  assert.deepEqual(
    (await look(shangdi, ticket)).events.filter((e: { kind: string }) => e.kind === "liaison"),
    [],
  );
  // Asked, but the ticket is another's: it reads the question and does not open the ticket.
  assert.deepEqual(done(await xueyuan.get(`/api/liaisons/${item.id}`)).tickets, []);
  const figures = done(await shangdi.get("/api/liaisons/figures"));
  assert.ok(figures.every((row: { name: string }) => row.name === "上地"));
  assert.equal(refused(await step(xueyuan, item.id, "conclude", { outcome: "agreed" }), 403), "not-allowed");
});

test("what the city says is put down with who said it and by which means, and units do not read it unless it is meant for them", async () => {
  const item = await begin(triager, { asked: [CITY, await unitParty(QINGHE)] });
  const city = partyOf(item, "市热线中心");
  const bare = await step(triager, item.id, "answer", { party: city, words: "市里同意延期。" });
  assert.equal(refused(bare, 422), "liaison-contact");
  const spoken = {
    party: city,
    means: "电话",
    contact: "张老师 工号 0231",
    saidAt: "2026-11-20T00:30:00.000Z",
  };
  const early = done(await step(triager, item.id, "answer", { ...spoken, words: "市里同意延期。" }));
  assert.equal(early.parties.find((p: { id: string }) => p.id === city).standing, "inTime");
  const told = early.steps.at(-1);
  assert.deepEqual(
    [told.from, told.means, told.contact, told.to, told.by],
    ["市热线中心", "电话", "张老师 工号 0231", ["中心"], "triager"],
  );
  const read = done(await qinghe.get(`/api/liaisons/${item.id}`));
  assert.deepEqual(
    read.steps.map((s: { step: string }) => s.step),
    ["open"],
  );
  const found = async (who: Client) =>
    done(await who.get(`/api/liaisons?q=${encodeURIComponent("同意延期")}`)).rows.length;
  assert.deepEqual([await found(triager), await found(qinghe)], [1, 0]);
  await deliverMessages(town);
  assert.deepEqual(await messages(qinghe, item.id), ["请答复协调单（11-25 23:59 前）"]);
  const future = await step(triager, item.id, "say", {
    ...{ party: city, means: "电话", contact: "张老师", saidAt: "2026-11-20T09:00:00.000Z", words: "再议" },
  });
  assert.equal(refused(future, 422), "liaison-in-future");
  // Said on to the street by name.
  done(
    await step(triager, item.id, "say", { to: [partyOf(item, "清河")], words: "市里已同意，请按期答复。" }),
  );
  assert.equal(done(await qinghe.get(`/api/liaisons/${item.id}`)).steps.length, 2);
});

test("a unit may ask the centre: the centre answers, brings in another street, and the unit may take its question back", async () => {
  const wrong = await xueyuan.post("/api/liaisons", {
    ...{ key: randomUUID(), title: "请市政参加", question: "请协调", pace: "urgent", asked: [CITY] },
  });
  assert.equal(refused(wrong, 422), "liaison-unit-asks-centre");
  const item = await begin(xueyuan, { pace: "urgent", asked: [] });
  assert.deepEqual([item.opener, item.mine, item.dueAt], ["学院路", false, "2026-11-20T05:00:00.000Z"]);
  assert.deepEqual(await messages(supervisor, item.id), ["请答复协调单（11-20 13:00 前）"]);
  const asked = done(
    await step(triager, item.id, "ask", { invited: [await unitParty(SHANGDI)], words: "请上地一并说明。" }),
  );
  assert.deepEqual(standings(asked), ["中心未到期", "学院路", "上地未到期"]);
  const twice = await step(triager, item.id, "ask", { asked: [partyOf(asked, "上地")] });
  assert.equal(refused(twice, 409), "liaison-asked-already");
  done(await step(triager, item.id, "answer", { words: "已请上地说明。" }));
  assert.equal(refused(await step(shangdi, item.id, "cancel"), 403), "liaison-role");
  const cancelled = done(await step(xueyuan, item.id, "cancel", { words: "现场已解决，不再需要。" }));
  assert.deepEqual([cancelled.stateZh, cancelled.may], ["已撤销", []]);
  assert.deepEqual(standings(cancelled), ["中心按期答复", "学院路", "上地免予答复"]);
});

test("an answer taken by telephone is put down by a supervisor for the unit; a triager is told who may", async () => {
  const item = await begin(triager);
  const said = { party: partyOf(item, "清河"), means: "电话", contact: "王科长", words: "下周一抽排。" };
  assert.equal(refused(await step(triager, item.id, "answer", said), 403), "liaison-not-yours-to-answer");
  const taken = done(await step(supervisor, item.id, "answer", said));
  assert.deepEqual(
    [taken.steps.at(-1).from, taken.steps.at(-1).contact, taken.steps.at(-1).by],
    ["清河", "王科长", "supervisor"],
  );
});

test("a step sent twice is there once; one begun twice is one item; numbers of an item follow one another", async () => {
  const key = randomUUID();
  const one = await begin(supervisor, { key });
  assert.equal((await begin(supervisor, { key })).id, one.id);
  const said = { key: randomUUID(), words: "先看现场。" };
  done(await step(xueyuan, one.id, "say", said));
  assert.equal(done(await step(xueyuan, one.id, "say", said)).steps.length, 2);
  const serial = (number: string) => Number(/〕(\d+)号/.exec(number)?.[1]);
  const [a, b] = await Promise.all([begin(supervisor), begin(triager)]);
  assert.deepEqual(new Set([serial(a.number), serial(b.number)]).size, 2);
});

test("who decides has read what was said last: an outcome given over a new answer is refused, and nothing is lost", async () => {
  const item = await begin(supervisor);
  done(await step(xueyuan, item.id, "answer"));
  const stale = await step(supervisor, item.id, "conclude", {
    ...{ version: item.version, outcome: "agreed", words: "按清河意见办。" },
  });
  assert.equal(refused(stale, 409), "liaison-stale");
  assert.equal(
    refused(await step(supervisor, item.id, "conclude", { outcome: "none" }), 422),
    "liaison-outcome",
  );
  const early = done(
    await step(supervisor, item.id, "conclude", { outcome: "split", words: "先按学院路意见办。" }),
  );
  assert.equal(early.steps.at(-1).about, "未达成一致；清河未答复");
  const again = done(
    await step(supervisor, item.id, "reopen", { asked: [partyOf(item, "清河")], words: "请补充。" }),
  );
  assert.deepEqual([again.state, again.outcome, again.mine], ["asking", null, false]);
  done(await step(qinghe, item.id, "answer"));
  const asks = done(await supervisor.get(`/api/liaisons/${item.id}`)).parties.at(-1).asks;
  assert.deepEqual(
    asks.map((ask: { standing: string }) => ask.standing),
    ["letOff", "inTime"],
  );
});

test("files come with their step, are read by those who may read it, and belong to nobody else's", async () => {
  const item = await begin(triager);
  const file = done(
    await xueyuan.upload("/api/liaison-files", "现场.txt", Buffer.from("积水深约 20 厘米，已设警示。")),
  );
  const stolen = await step(qinghe, item.id, "say", { files: [file.id] });
  assert.equal(refused(stolen, 422), "liaison-files");
  const onlyCentre = { files: [file.id], to: [partyOf(item, "中心")], words: "照片仅供中心。" };
  const said = done(await step(xueyuan, item.id, "answer", onlyCentre));
  assert.deepEqual(said.steps.at(-1).files[0].name, "现场.txt");
  const url = `/api/liaisons/${item.id}/files/${file.id}`;
  assert.equal((await triager.get(url)).status, 200);
  assert.equal(refused(await qinghe.get(url), 404), "not-found");
  assert.equal(refused(await shangdi.get(url), 404), "not-found");
});

test("numbers of people are covered, too many tickets and unknown ones are refused with which", async () => {
  const item = await begin(triager, { question: "诉求人 13812345678 反映积水。" });
  assert.equal(item.question, "诉求人 ［电话］ 反映积水。");
  const wrong = await step(triager, item.id, "link", { tickets: ["没有这个号"] });
  assert.equal(refused(wrong, 422), "liaison-tickets");
  assert.match(wrong.body.message, /没有这个号/);
});

test("nearly due, the party is told; overdue, it stands on item and ticket, once; other dates begin it anew; the numbers open", async () => {
  await signIn();
  const ticket = await bring(town, "handling", QINGHE);
  const { number } = await look(supervisor, ticket);
  const item = await begin(triager, { title: "桥下堆物清理", tickets: [number] });
  const work = async () => {
    while ((await liaisonStepDue(town.shell)) > 0);
  };
  await work();
  town.at("2026-11-25", "12:30");
  await signIn();
  await work();
  await work();
  assert.ok((await messages(xueyuan, item.id)).includes("协调单将于 11-25 23:59 到期，请抓紧答复"));
  assert.equal(done(await supervisor.get(`/api/liaisons/${item.id}`)).steps.length, 1);
  done(await step(xueyuan, item.id, "answer"));
  town.at("2026-11-26", "00:00");
  await signIn();
  await work();
  await work();
  const late = done(await supervisor.get(`/api/liaisons/${item.id}`));
  assert.deepEqual([late.overdue, standings(late)], [true, ["中心", "学院路按期答复", "清河逾期未答"]]);
  assert.deepEqual(
    late.steps.map((s: { stepZh: string }) => s.stepZh),
    ["发起", "答复", "逾期未答"],
  );
  assert.equal(
    done(await xueyuan.get(`/api/liaisons/${item.id}`)).steps.length,
    2,
    "others are not told who is late",
  );
  const told = (await messages(qinghe, item.id)).filter((title) => title.includes("逾期未答"));
  assert.equal(told.length, 1);
  const onTicket = (await look(supervisor, ticket)).events.filter(
    (e: { data: { step: string } }) => e.data.step === "逾期未答",
  );
  assert.equal(onTicket.length, 1);
  const overdue = done(await supervisor.get("/api/liaisons?tab=overdue&limit=100")).rows;
  assert.ok(overdue.some((row: { id: string }) => row.id === item.id));
  const counts = done(await supervisor.get("/api/liaisons/counts"));
  assert.equal(counts.find((c: { tab: string }) => c.tab === "overdue").count, overdue.length);

  const figures = done(await supervisor.get("/api/liaisons/figures"));
  for (const row of figures)
    for (const standing of ["inTime", "late", "overdue", "waiting", "letOff"]) {
      const behind = done(
        await supervisor.get(`/api/liaisons?party=${row.party}&answers=${standing}&limit=100`),
      ).rows;
      assert.equal(behind.length > 0, row[standing] > 0, `${row.name} ${standing}`);
    }
  const street = figures.find((row: { name: string }) => row.name === "清河");
  assert.equal(street.rate, street.inTime / (street.inTime + street.late + street.overdue));

  const longer = done(await step(supervisor, item.id, "extend", { days: 2, words: "等待雨停" }));
  assert.deepEqual([longer.dueAt, longer.overdue], ["2026-11-27T15:59:59.999Z", false]);
  assert.equal(refused(await step(supervisor, item.id, "extend", { days: 99 }), 422), "liaison-days");
  town.at("2026-11-28", "00:00");
  await signIn();
  await work();
  const again = done(await supervisor.get(`/api/liaisons/${item.id}`));
  assert.equal(again.steps.filter((s: { step: string }) => s.step === "overdue").length, 2);
  done(await step(qinghe, item.id, "answer", { words: "已清理。" }));
  assert.equal(standings(done(await supervisor.get(`/api/liaisons/${item.id}`))).at(-1), "清河逾期答复");
});

test("the workbook holds the items, what was said and how the parties answered: for a unit only what it may read", async () => {
  const read = async (who: Client) => {
    const answer = await who.get("/api/liaisons.xlsx?tab=all");
    assert.equal(answer.status, 200);
    const book = new ExcelJS.Workbook();
    await book.xlsx.load(Uint8Array.from(answer.raw).buffer);
    return book.worksheets.map((sheet) => ({
      name: sheet.name,
      text: JSON.stringify(sheet.getSheetValues()),
      rows: sheet.rowCount,
    }));
  };
  const [list, said, by] = await read(supervisor);
  assert.deepEqual([list?.name, said?.name, by?.name], ["协调单", "往来", "各方答复"]);
  assert.match(said?.text ?? "", /市里同意延期/);
  assert.match(by?.text ?? "", /按期答复率/);
  const [, unitSaid, unitBy] = await read(qinghe);
  assert.doesNotMatch(unitSaid?.text ?? "", /市里同意延期|照片仅供中心/);
  assert.equal(unitBy?.rows, 2);
});

test("steps are never rewritten, and a party has one asking at a time", async () => {
  const { db } = town.shell;
  await assert.rejects(db.updateTable("liaison_step").set({ words: "改" }).execute(), /append|change/i);
  const ask = await db
    .selectFrom("liaison_ask")
    .selectAll()
    .where("answered_at", "is", null)
    .where("let_off_at", "is", null)
    .executeTakeFirstOrThrow();
  const { id: _id, clock, ...rest } = ask;
  await assert.rejects(
    db
      .insertInto("liaison_ask")
      .values({ ...rest, clock: JSON.stringify(clock) })
      .execute(),
    /liaison_ask_one/,
  );
});
