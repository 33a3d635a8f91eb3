import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Client, openTown, type Town } from "../testing/town.ts";

/** What a citizen answered, and how the city scoped it. */
interface Call {
  readonly unit: string;
  readonly contacted?: "yes" | "no";
  readonly solved?: "yes" | "partly" | "no";
  readonly satisfied?: "satisfied" | "basically" | "dissatisfied";
  readonly scope?: "responseOnly" | "exempt";
  readonly street?: string;
  readonly category1?: string;
}
interface Lodged extends Call {
  readonly id: string;
}

let town: Town;
let triager: Client;
let assessor: Client;
/** The calls of the period 2026-11: 2026-10-19 to 2026-11-18. */
const november: Lodged[] = [];

const good = { contacted: "yes", solved: "yes", satisfied: "satisfied" } as const;
const bad = { contacted: "yes", solved: "no", satisfied: "dissatisfied" } as const;
const CALLS: readonly Call[] = [
  { unit: "香山", ...good, street: "香山街道", category1: "供暖" },
  { unit: "香山", ...good, satisfied: "basically", street: "香山街道", category1: "供暖" },
  { unit: "香山", ...good, street: "香山街道", category1: "停车" },
  { unit: "香山", ...bad, scope: "exempt", street: "香山街道", category1: "停车" },
  { unit: "学院路", ...good, street: "学院路街道", category1: "供暖" },
  { unit: "学院路", ...bad, contacted: "no", street: "学院路街道", category1: "停车" },
  {
    unit: "学院路",
    ...good,
    solved: "partly",
    scope: "responseOnly",
    street: "学院路街道",
    category1: "停车",
  },
  { unit: "学院路", contacted: "yes", street: "学院路街道", category1: "噪声" }, // the other two questions left blank
  { unit: "温泉镇", street: "温泉镇", category1: "供暖" }, // never called back
  { unit: "海淀区水务局", ...bad, street: "香山街道", category1: "供水" },
];

before(async () => {
  town = await openTown();
  triager = await town.as("triager");
  assessor = await town.as("assessor");
  town.at("2026-11-04", "10:00"); // a Wednesday
  for (const call of CALLS) {
    november.push(await lodge(call));
    town.pass(60_000);
  }
});
after(() => town?.close());

async function lodge(call: Call): Promise<Lodged> {
  const { street = "", category1 = "" } = call;
  const received = await triager.post("/api/tickets", {
    channel: "96181",
    content: "楼道灯不亮",
    street,
    category1,
  });
  assert.equal(received.status, 200, JSON.stringify(received.body));
  const id: string = received.body.ticket.id;
  await moved(triager, id, "sign");
  await moved(triager, id, "dispatch", { leadUnitId: await town.unit(call.unit) });
  await cityResult(id, call);
  return { ...call, id };
}

async function cityResult(
  id: string,
  { contacted, solved, satisfied, scope }: Omit<Call, "unit">,
): Promise<void> {
  const answers = { contacted, solved, satisfied };
  const answered = Object.values(answers).some((answer) => answer !== undefined);
  await moved(assessor, id, "cityResult", {
    outcome: answered ? "answered" : "missed",
    answers,
    scope: scope ?? null,
  });
}

async function moved(person: Client, id: string, move: string, input: object = {}): Promise<void> {
  const answer = await person.move(id, move, input);
  assert.equal(answer.status, 200, `${move}: ${JSON.stringify(answer.body)}`);
}

async function rankOf(query = "", person: Client = assessor) {
  const answer = await person.get(`/api/assessment/rank?period=2026-11${query}`);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

// biome-ignore lint/suspicious/noExplicitAny: the body of an answer, looked into as it comes
const lines = (group: any): string[] =>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  group.units.map((row: any) => `${row.rank ?? "—"} ${row.unit.name} ${row.text.score}`);

test("the month's ranking lists each group with scores from the known answers, exempt tickets left out", async () => {
  const body = await rankOf();
  assert.deepEqual(body.period, { name: "2026-11", from: "2026-10-19", to: "2026-11-18" });
  assert.deepEqual(body.rules.name, "district-2025");
  assert.equal(body.rules.trial, false);
  assert.deepEqual(
    body.groups.map((group: { group: string }) => group.group),
    ["街镇", "委办局"],
  );
  const [streets, bureaus] = body.groups;
  // 香山: 3/3, 3/3, 2.9/3 → 98.7. 学院路: 3/4, 1/2, 1/2 → 52.5.
  assert.deepEqual(lines(streets), ["1 香山街道 98.7", "2 学院路街道 52.5", "— 温泉镇 —"]);
  assert.deepEqual(lines(bureaus), ["1 海淀区水务局 10.0"]);
  assert.equal(streets.units[2].unranked, "响应率、解决率、满意率无有效基数");
  assert.equal(streets.ranked, 2);
  const fragrant = streets.units[0];
  assert.deepEqual(
    [
      fragrant.tickets,
      fragrant.base,
      fragrant.contacted,
      fragrant.solved,
      fragrant.satisfied,
      fragrant.basicallySatisfied,
    ],
    [3, 3, 3, 3, 2, 1],
  );
  assert.deepEqual(fragrant.text, {
    response: "100.0%",
    solution: "100.0%",
    satisfaction: "96.7%",
    basic: "98.7",
    points: "—",
    score: "98.7",
  });
  // The total row is the mean of the two units that have rates: (100 + 75) / 2 %.
  assert.equal(streets.total.text.response, "87.5%");
  assert.equal(streets.total.tickets, 8);
});

test("the full scope counts exempt and response-only tickets in all three rates", async () => {
  const { groups, scopeZh } = await rankOf("&scope=all");
  assert.equal(scopeZh, "全口径（含剔除）");
  // 香山: 4/4, 3/4, 2.9/4 → 76.5. 学院路: 3/4, 1/3, 2/3 → 50.8.
  assert.deepEqual(lines(groups[0]), ["1 香山街道 76.5", "2 学院路街道 50.8", "— 温泉镇 —"]);
});

test("another rule set gives other scores on the same counts, and is called a trial", async () => {
  const { groups, rules } = await rankOf("&rules=equal-30-35-35");
  assert.equal(rules.trial, true);
  // 学院路: .30 × 75 + .35 × 50 + .35 × 50 = 57.5
  assert.deepEqual(lines(groups[0]), ["1 香山街道 98.8", "2 学院路街道 57.5", "— 温泉镇 —"]);
  // Its total row is pooled: 6 of 7 known response answers are yes.
  assert.equal(groups[0].total.text.response, "85.7%");
});

test("every figure of every unit opens into exactly the tickets it counts, page by page", async () => {
  const answerOf = {
    contacted: (call: Call) => call.contacted === "yes",
    notContacted: (call: Call) => call.contacted === "no",
    solved: (call: Call) => call.solved === "yes",
    partlySolved: (call: Call) => call.solved === "partly",
    unsolved: (call: Call) => call.solved === "no",
    satisfied: (call: Call) => call.satisfied === "satisfied",
    basicallySatisfied: (call: Call) => call.satisfied === "basically",
    dissatisfied: (call: Call) => call.satisfied === "dissatisfied",
    responseBase: (call: Call) => call.contacted !== undefined,
    solutionBase: (call: Call) => call.solved !== undefined,
    satisfactionBase: (call: Call) => call.satisfied !== undefined,
    base: (call: Call) => Boolean(call.contacted ?? call.solved ?? call.satisfied),
    tickets: () => true,
  };
  const ofResponse = ["contacted", "notContacted", "responseBase", "base", "tickets"];
  let compared = 0;
  for (const scope of ["all", "assessed"]) {
    const { groups } = await rankOf(`&scope=${scope}`);
    for (const row of groups.flatMap((group: { units: unknown[] }) => group.units)) {
      for (const [measure, counts] of Object.entries(answerOf)) {
        const expected = november.filter((call) => {
          if (call.unit !== row.unit.shortName.replace(/街道$/, "") && call.unit !== row.unit.name)
            return false;
          const inScope =
            scope === "all" || !call.scope || (call.scope === "responseOnly" && ofResponse.includes(measure));
          return inScope && counts(call);
        });
        const opened = await openAll(`period=2026-11&scope=${scope}&unit=${row.unit.id}&measure=${measure}`);
        assert.deepEqual(
          opened.ids,
          expected.map((call) => call.id).reverse(),
          `${row.unit.name} ${measure} ${scope}`,
        );
        assert.equal(opened.count, row[measure]);
        compared += expected.length;
      }
    }
  }
  assert.ok(compared > 80);
});

/** All tickets of a figure, two to a page, as a person scrolling would get them. */
async function openAll(query: string): Promise<{ ids: string[]; count: number }> {
  const ids: string[] = [];
  let after = "";
  for (;;) {
    const { status, body } = await assessor.get(`/api/assessment/tickets?${query}&limit=2${after}`);
    assert.equal(status, 200, JSON.stringify(body));
    ids.push(...body.rows.map((row: { ticketId: string }) => row.ticketId));
    if (body.next === null) return { ids, count: body.count };
    after = `&after=${body.next}`;
  }
}

test("a rate opens into its base, and each ticket says what it answered and why it is left out of a rate", async () => {
  const unit = await town.unit("学院路");
  const opened = await assessor.get(`/api/assessment/tickets?period=2026-11&unit=${unit}&measure=solution`);
  assert.equal(opened.body.measure.name, "解决率");
  assert.equal(opened.body.measure.opens, "solutionBase");
  assert.equal(opened.body.count, 2);
  const all = await assessor.get(`/api/assessment/tickets?period=2026-11&unit=${unit}&measure=tickets`);
  const [blank, limited] = all.body.rows;
  assert.deepEqual(blank.response, { answer: "已联系", leftOut: null });
  assert.deepEqual(blank.solution, { answer: null, leftOut: "本题未答复" });
  assert.equal(limited.scopeZh, "仅响应率");
  assert.deepEqual(limited.solution, { answer: "部分解决", leftOut: "不纳入本率" });
});

test("the figures of a total row open by group, by street and by category", async () => {
  const whole = await openAll("period=2026-11&measure=tickets");
  assert.equal(whole.count, 9);
  const streets = await openAll(`period=2026-11&measure=tickets&group=${encodeURIComponent("街镇")}`);
  const bureaus = await openAll(`period=2026-11&measure=tickets&group=${encodeURIComponent("委办局")}`);
  assert.deepEqual([streets.count, bureaus.count], [8, 1]);
  const heating = await openAll(`period=2026-11&measure=tickets&category=${encodeURIComponent("供暖")}`);
  assert.equal(heating.count, 4);
  const inXiangshan = await openAll(
    `period=2026-11&measure=tickets&street=${encodeURIComponent("香山街道")}`,
  );
  assert.equal(inXiangshan.ids.length, 4);
  assert.equal(
    (await openAll(`period=2026-11&measure=tickets&group=${encodeURIComponent("没有的组")}`)).count,
    0,
  );
});

test("by unit, by street or by category, the parts add up to the whole", async () => {
  for (const by of ["unit", "street", "category"]) {
    const { body } = await assessor.get(`/api/assessment/rates?from=2026-10-19&to=2026-11-18&by=${by}`);
    for (const figure of ["tickets", "base", "contacted", "solved", "satisfactionBase"]) {
      const sum = body.rows.reduce(
        (total: number, row: Record<string, number>) => total + (row[figure] ?? 0),
        0,
      );
      assert.equal(sum, body.total[figure], `${figure} by ${by}`);
    }
  }
  const { body } = await assessor.get("/api/assessment/rates?period=2026-11&by=category");
  const parking = body.rows.find((row: { key: string }) => row.key === "停车");
  assert.deepEqual([parking.tickets, parking.solutionBase, parking.solved], [3, 2, 1]);
  // All tickets together: 7 of 8 contacted; unrounded in JSON, as a share.
  assert.equal(body.total.response, 7 / 8);
  assert.deepEqual(
    (await assessor.get("/api/assessment/rates?from=2026-11-05&to=2026-11-18")).body.total.text.score,
    "—",
  );
});

test("the period ends at midnight of the 18th: a ticket dispatched a minute later is the next period's", async () => {
  town.at("2026-09-18", "23:59"); // a Friday
  const last = await lodge({ unit: "上庄镇", ...good });
  town.at("2026-09-19", "00:00");
  const first = await lodge({ unit: "上庄镇", ...bad });
  const unit = await town.unit("上庄镇");
  const september = await openAll(`period=2026-09&unit=${unit}&measure=tickets`);
  const october = await openAll(`period=2026-10&unit=${unit}&measure=tickets`);
  assert.deepEqual([september.ids, october.ids], [[last.id], [first.id]]);
});

test("a ticket that is returned counts for nobody, and after the new dispatch for the new unit alone", async () => {
  town.at("2026-08-05", "09:00"); // a Wednesday
  const ticket = await lodge({ unit: "清河" });
  const handler = await town.as("handler", "清河");
  await moved(handler, ticket.id, "accept");
  await moved(handler, ticket.id, "returnToCentre", { ground: "不属本街道" });
  await moved(triager, ticket.id, "acceptReturn");
  const august = async () =>
    (await assessor.get("/api/assessment/rates?period=2026-08&by=unit")).body.rows.map(
      (row: { unit: { name: string }; tickets: number }) => `${row.unit.name} ${row.tickets}`,
    );
  assert.deepEqual(await august(), []);
  await moved(triager, ticket.id, "dispatch", { leadUnitId: await town.unit("西三旗") });
  assert.deepEqual(await august(), ["西三旗街道 1"]);
});

test("the centre's own callback counts until the city's arrives and replaces it, and the ranking moves at once", async () => {
  town.at("2026-07-06", "09:00"); // a Monday
  const received = await triager.post("/api/tickets", { channel: "96181", content: "井盖松动" });
  const id: string = received.body.ticket.id;
  const handler = await town.as("handler", "曙光");
  await moved(triager, id, "sign");
  await moved(triager, id, "dispatch", { leadUnitId: await town.unit("曙光") });
  await moved(handler, id, "accept");
  await moved(handler, id, "contact", { way: "电话" });
  await moved(handler, id, "report", { text: "已更换", outcome: "solved" });
  await moved(await town.as("supervisor"), id, "passReview");
  await moved(await town.as("caller"), id, "callback", { outcome: "answered", answers: good });
  const score = async () =>
    (await assessor.get("/api/assessment/rank?period=2026-07")).body.groups[0].units[0].text.score;
  assert.equal(await score(), "100.0");
  await cityResult(id, { ...good, satisfied: "basically" });
  assert.equal(await score(), "96.0");
});

test("a person of a unit sees that unit's rank and figures, and no other unit's", async () => {
  const handler = await town.as("handler", "学院路");
  const own = await town.unit("学院路");
  const body = await rankOf("", handler);
  assert.deepEqual(lines(body.groups[0]), ["2 学院路街道 52.5"]);
  assert.equal(body.groups.length, 1);
  assert.equal(body.groups[0].ranked, 2);
  const rates = await handler.get("/api/assessment/rates?period=2026-11&by=unit");
  assert.deepEqual(
    rates.body.rows.map((row: { unit: { id: string } }) => row.unit.id),
    [own],
  );
  assert.equal(rates.body.total.tickets, 4);
  const opened = await handler.get("/api/assessment/tickets?period=2026-11&measure=tickets");
  assert.deepEqual([...new Set(opened.body.rows.map((row: { unit: { id: string } }) => row.unit.id))], [own]);
  const others = await handler.get(
    `/api/assessment/tickets?period=2026-11&measure=tickets&unit=${await town.unit("香山")}`,
  );
  assert.equal(others.status, 404);
});

test("the catalogue, the rule sets and the periods are told", async () => {
  const catalogue = await assessor.get("/api/assessment/measures");
  const satisfaction = catalogue.body.find((measure: { key: string }) => measure.key === "satisfaction");
  assert.equal(satisfaction.numerator, "满意 + 0.9×基本满意");
  assert.equal((await assessor.get("/api/assessment/measures?rules=nowhere")).status, 422);
  const rules = await assessor.get("/api/assessment/rules");
  assert.deepEqual(
    rules.body.map((each: { name: string; inForceToday: boolean }) => [each.name, each.inForceToday]),
    [
      ["district-2025", true],
      ["equal-30-35-35", false],
    ],
  );
  assert.deepEqual(rules.body[1].weights, { response: 0.3, solution: 0.35, satisfaction: 0.35 });
  town.at("2026-11-19", "08:00"); // the first day of the period 2026-12
  const periods = await assessor.get("/api/assessment/periods");
  assert.deepEqual(periods.body[0], { name: "2026-12", from: "2026-11-19", to: "2026-12-18" });
  assert.equal(periods.body.length, 24);
  assert.equal((await assessor.get("/api/assessment/rank")).body.period.name, "2026-12");
});

test("what cannot be asked for is refused in words, never answered by a guess", async () => {
  const refused: readonly [url: string, status: number][] = [
    ["rank?period=2026-13", 422],
    ["rank?period=0001-01", 422],
    ["rank?period=2026-11&scope=half", 422],
    ["rank?period=2026-11&rules=nowhere", 422],
    ["rates?from=2026-02-30&to=2026-03-01", 422],
    ["rates?from=2026-03-02&to=2026-03-01", 422],
    ["rates?to=2026-03-01", 422],
    ["rates?from=9999-12-31", 422],
    ["rates?period=2026-11&from=2026-11-01", 422],
    ["rates?period=2026-11&by=mood", 422],
    ["tickets?period=2026-11", 422],
    ["tickets?period=2026-11&measure=luck", 422],
    ["tickets?period=2026-11&measure=base&unit=1%20or%201", 422],
    ["tickets?period=2026-11&measure=base&after=x_y", 422],
    ["tickets?period=2026-11&measure=base&limit=0", 422],
    ["tickets?period=2026-11&measure=base&street=%00", 422],
  ];
  for (const [url, status] of refused) {
    const answer = await assessor.get(`/api/assessment/${url}`);
    assert.equal(answer.status, status, `${url}: ${JSON.stringify(answer.body)}`);
    assert.match(answer.body.message, /\p{Script=Han}/u, url);
  }
  assert.equal(
    (await assessor.get("/api/assessment/tickets?period=2026-11&measure=base&after=999_1")).body.rows.length,
    0,
  );
  const administrator = await town.as("auditadmin");
  assert.equal((await administrator.get("/api/assessment/rank")).status, 403);
});
