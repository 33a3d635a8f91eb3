import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Day, HOUR_MS } from "@jiesu/core/time/day.ts";
import ExcelJS from "exceljs";
import { bring, done, refused } from "../testing/tickets.ts";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let lead: Client;
let caller: Client;
const closed: string[] = [];

/** The clock on, with everybody still signed in. */
async function at(day: Day, time: string): Promise<void> {
  town.at(day, time);
  const now = town.shell.now();
  const session = { last_seen_at: new Date(now), expires_at: new Date(now + HOUR_MS) };
  await town.shell.db.updateTable("session").set(session).execute();
}

before(async () => {
  town = await openTown();
  lead = await town.as("shiftLead");
  caller = await town.as("caller");
  await at("2026-11-18", "09:00"); // a Wednesday
  const asked = (channel: string, phone: string) => ({
    ticket: { channel, requesterName: "王先生", requesterPhone: phone },
  });
  for (const [channel, unit, n] of [
    ["96181", "清河", 3],
    ["人民网", "清河", 2],
    ["人民网", "香山", 3],
    ["电话", "香山", 1],
  ] as const)
    for (let i = 0; i < n; i += 1)
      closed.push(
        await bring(town, "closed", unit, asked(channel, `1390000${String(closed.length).padStart(4, "0")}`)),
      );
  await bring(town, "closed", "清河", { ticket: { channel: "96181" } }); // nobody to call
  await bring(town, "handling", "清河", asked("96181", "13900009999")); // not closed
  await at("2026-11-20", "09:00"); // Friday
});
after(() => town?.close());

const design = {
  name: "十一月抽访",
  from: "2026-11-01",
  to: "2026-11-19",
  channels: ["人民网", "96181"],
  strata: "channelUnit",
  size: 5,
  seed: "a1b2c3d4",
};
let plan: string;
interface Listed {
  readonly id: string;
  readonly channel: string;
  readonly unitName: string;
  readonly plannedAt: string | null;
  readonly why: { readonly zh: string }[];
}
const list = async () =>
  done(await caller.get(`/api/sampling/plans/${plan}/list`)) as {
    now: Listed[];
    later: Listed[];
    done: Listed[];
  };
const calls = (ticketId: string, body: object) =>
  caller.post(`/api/sampling/plans/${plan}/tickets/${ticketId}/calls`, body);

test("the channels of the days are told with how many can be called, before anything is drawn", async () => {
  const told = done(await lead.get("/api/sampling/channels?from=2026-11-01&to=2026-11-19"));
  assert.deepEqual(
    told.map((row: { channel: string; tickets: number; withNumber: number }) => [
      row.channel,
      row.tickets,
      row.withNumber,
    ]),
    [
      ["人民网", 5, 5],
      ["96181", 4, 3],
      ["电话", 1, 1],
    ],
  );
  const { channels, counted } = done(await lead.get("/api/sampling/rules"));
  assert.ok(channels.includes("人民网"));
  assert.equal(counted, false);
});

test("a sample is drawn once: sent twice it is one plan, and the seed draws the same tickets again", async () => {
  plan = done(await lead.post("/api/sampling/plans", design)).id;
  assert.equal(
    done(await lead.post("/api/sampling/plans", { ...design, channels: ["96181", "人民网"] })).id,
    plan,
  );
  const told = done(await lead.get(`/api/sampling/plans/${plan}`));
  assert.deepEqual([told.frame, told.drawn, told.repeated, told.counted], [8, 5, true, false]);
  assert.deepEqual(
    told.parts.map((part: { channel: string; unitName: string; of: number; drawn: number }) => [
      part.channel,
      part.unitName,
      part.of,
      part.drawn,
    ]),
    [
      ["96181", "清河", 3, 2],
      ["人民网", "香山", 3, 2],
      ["人民网", "清河", 2, 1],
    ],
  );
  const { now, later } = await list();
  assert.equal(now.length, 5);
  assert.deepEqual(later, []);
  assert.ok(now.every((each) => closed.includes(each.id) && each.channel !== "电话"));
  // The same design under another name draws the same tickets in the same order.
  const again = done(await lead.post("/api/sampling/plans", { ...design, name: "复核" })).id;
  const order = done(await lead.get(`/api/sampling/plans/${again}/list`)).now.map((each: Listed) => each.id);
  assert.deepEqual(
    order,
    now.map((each) => each.id),
  );
});

test("nobody is drawn from nothing, by nobody who may not, and not more than the rule allows", async () => {
  const draw = (who: Client, more: object) => who.post("/api/sampling/plans", { ...design, ...more });
  assert.equal(refused(await draw(lead, { channels: ["微博"] }), 422), "sampling-empty");
  assert.equal(refused(await draw(lead, { size: 5000 }), 422), "sampling-size");
  assert.equal(refused(await draw(lead, { from: "2026-11-20" }), 422), "days-reversed");
  assert.equal(refused(await draw(caller, {}), 403), "not-allowed");
  const handler = await town.as("handler", "清河");
  assert.equal(refused(await handler.get("/api/sampling/plans"), 403), "not-allowed");
});

test("a call that nobody takes is planned again; one that is taken keeps its answers and the reason of every no", async () => {
  const [first, second, third] = (await list()).now;
  assert.ok(first && second && third);
  const shown = done(await caller.post(`/api/sampling/plans/${plan}/tickets/${first.id}/dial`));
  assert.match(shown.phone, /^1390000/);
  done(await calls(first.id, { outcome: "missed", reasons: { missed: "no-answer" } }));
  const after = await list();
  assert.deepEqual(
    after.later.map((each) => [each.id, each.plannedAt]),
    [[first.id, "2026-11-20T06:00:00.000Z"]], // 14:00, the afternoon not tried yet
  );
  assert.equal(refused(await calls(first.id, { outcome: "unreached" }), 409), "attempts-too-few");
  done(
    await calls(second.id, {
      outcome: "answered",
      answers: { contacted: "yes", solved: "no", satisfied: "dissatisfied" },
      reasons: { solved: "came-back", satisfied: "slow" },
      talkSeconds: 63,
    }),
  );
  done(
    await calls(third.id, {
      outcome: "answered",
      answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" },
    }),
  );
  assert.equal(
    refused(await calls(second.id, { outcome: "answered", answers: { solved: "yes" } }), 409),
    "call-done",
  );
  assert.equal(refused(await calls(first.id, { outcome: "answered" }), 422), "call-unanswered");
  const notDrawn = closed.find((id) => ![...after.now, ...after.later].some((each) => each.id === id));
  assert.equal(refused(await calls(String(notDrawn), { outcome: "refused" }), 404), "not-found");
  const ticket = done(await caller.get(`/api/tickets/${second.id}`));
  assert.equal(ticket.events[0].zh, "电话抽访");
  assert.equal(ticket.callbacks.length, 1); // that of the road; the sample is kept apart
});

test("results by channel, unit and month add up, with reasons; the answers leave the rates alone", async () => {
  for (const by of ["channel", "unit"]) {
    const { total, rows } = done(await lead.get(`/api/sampling/plans/${plan}/results?by=${by}`));
    assert.deepEqual([total.drawn, total.answered, total.waiting], [5, 2, 3]);
    assert.equal(
      rows.reduce((sum: number, row: { drawn: number }) => sum + row.drawn, 0),
      5,
    );
    assert.deepEqual(total.questions.solved, {
      known: 2,
      answers: [
        { answer: "yes", n: 1 },
        { answer: "partly", n: 0 },
        { answer: "no", n: 1 },
      ],
      reasons: [{ code: "came-back", zh: "处理后又出现", n: 1 }],
    });
  }
  const months = done(await lead.get(`/api/sampling/plans/${plan}/results?by=month`)).rows;
  assert.deepEqual(
    months.map((row: { key: string; drawn: number }) => [row.key, row.drawn]),
    [["2026-11", 2]],
  );
  const rates = done(await lead.get("/api/assessment/rates?from=2026-11-01&to=2026-11-20&scope=all"));
  assert.deepEqual([rates.total.unsolved, rates.total.dissatisfied], [0, 0]);
});

test("the workbook has every drawn ticket and nothing of the requester", async () => {
  const answer = await lead.get(`/api/sampling/plans/${plan}/book.xlsx`);
  const book = new ExcelJS.Workbook();
  await book.xlsx.load(answer.raw as unknown as ArrayBuffer);
  assert.deepEqual(
    book.worksheets.map((sheet) => [sheet.name, sheet.rowCount]),
    [
      ["抽访名单", 8],
      ["按渠道", 3],
      ["按承办单位", 3],
      ["按回访月份", 2],
    ],
  );
  const text = JSON.stringify(book.worksheets.map((sheet) => sheet.getSheetValues()));
  assert.ok(!/1390000|王先生/.test(text));
  assert.ok(text.includes("处理后又出现"));
});

test("where the rule counts them, an answer stands in as the centre's own callback until the city's comes", async () => {
  const [version] = town.shell.rules.samplings;
  assert.ok(version);
  Object.assign(town.shell, {
    rules: { ...town.shell.rules, samplings: [{ ...version, body: { ...version.body, counted: true } }] },
  });
  plan = done(await lead.post("/api/sampling/plans", { ...design, name: "计入考核", size: 8 })).id;
  const { now } = await list();
  const one = now.find((each) => each.unitName === "香山");
  assert.ok(one);
  done(
    await calls(one.id, {
      outcome: "answered",
      answers: { solved: "no" },
      reasons: { solved: "not-handled" },
    }),
  );
  const unsolved = async () =>
    done(await lead.get("/api/assessment/rates?from=2026-11-01&to=2026-11-20&scope=all")).total.unsolved;
  assert.equal(await unsolved(), 1);
  const city = { outcome: "answered", answers: { contacted: "yes", solved: "yes", satisfied: "satisfied" } };
  done(await (await town.as("assessor")).move(one.id, "cityResult", city));
  assert.equal(await unsolved(), 0);
});
