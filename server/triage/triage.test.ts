import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Client, openTown, type Town } from "../testing/town.ts";

let town: Town;
let chen: Client; // 分拣员
before(async () => {
  town = await openTown();
  chen = await town.as("triager");
});
after(() => town?.close());

interface Told {
  readonly content: string;
  readonly street?: string;
  readonly community?: string;
  readonly address?: string;
  readonly phone?: string;
  readonly category?: readonly [string, string, string];
}

async function told({
  content,
  street = "",
  community = "",
  address = "",
  phone = "",
  category,
}: Told): Promise<string> {
  const answer = await chen.post("/api/tickets", {
    channel: "96181",
    kind: "投诉",
    title: "",
    content,
    street,
    community,
    address,
    requesterName: "某女士",
    requesterPhone: phone,
    category1: category?.[0] ?? "",
    category2: category?.[1] ?? "",
    category3: category?.[2] ?? "",
  });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.ticket.id;
}

const suggestions = async (id: string, who = chen) => (await who.get(`/api/tickets/${id}/suggestions`)).body;

interface Suggested {
  readonly name: string;
  readonly score: number;
  readonly reasons: readonly { readonly points: number; readonly text: string }[];
}

test("a text that names 四季青镇 is suggested to the town, and the words are marked where they stand", async () => {
  const content = "市民反映，海淀区四季青镇春晖路路灯不亮，来电反映路灯问题。工单流转：田村路街道退回";
  const found = await suggestions(await told({ content }));
  assert.equal(found.units[0].name, "四季青镇");
  assert.equal(found.units[0].unitId, await town.unit("四季青镇"));
  assert.deepEqual(found.places, [{ start: 5, end: 12, kind: "street", name: "四季青镇" }]);
  assert.equal(content.slice(5, 12), "海淀区四季青镇");
  assert.ok(!found.units.some((u: Suggested) => u.name === "田村路街道"), "the flow note is not read");
});

test("the points of a unit's reasons add up to its score", async () => {
  const found = await suggestions(
    await told({
      content: "居民反映翠微南里小区停水，物业在羊坊店街道办公。",
      address: "海淀区万寿路街道翠微南里3号楼",
      street: "万寿路街道",
      category: ["供水排水", "供水", "停水"],
    }),
  );
  assert.ok(found.units.length >= 3);
  for (const unit of found.units as Suggested[]) {
    assert.equal(
      unit.score,
      unit.reasons.reduce((sum, r) => sum + r.points, 0),
      unit.name,
    );
  }
});

test("a category with a unit of its own goes to that unit, one that streets handle adds to the street named", async () => {
  const water = await suggestions(
    await told({ content: "家里停水了。", category: ["供水排水", "供水", "停水"] }),
  );
  assert.equal(water.units[0].name, "海淀区水务局");
  const sewage = await suggestions(
    await told({ content: "清河街道安宁里社区门口污水外溢。", category: ["供水排水", "排水", "污水外溢"] }),
  );
  assert.equal(sewage.units[0].name, "清河街道");
  assert.ok(sewage.units[0].reasons.some((r: { text: string }) => r.text.includes("属地街镇")));
});

test("a caller's earlier tickets are listed newest first, and the unit that led one is suggested", async () => {
  const phone = "13800004321";
  const first = await told({ content: "楼道灯不亮。", phone });
  await chen.move(first, "sign");
  const sent = await chen.move(first, "dispatch", { leadUnitId: await town.unit("上庄") });
  assert.equal(sent.status, 200, JSON.stringify(sent.body));
  town.pass(600_000);
  const second = await told({ content: "还是不亮。", phone });
  town.pass(600_000);
  const third = await told({ content: "仍然不亮。", phone });
  const found = await suggestions(third);
  assert.deepEqual(
    found.earlier.map((t: { id: string }) => t.id),
    [second, first],
  );
  assert.deepEqual(
    found.earlier.map((t: { unitName: string | null }) => t.unitName),
    [null, "上庄"],
  );
  assert.equal(found.units[0].name, "上庄镇");
  assert.match(found.units[0].reasons[0].text, /同一诉求人的历史工单有 1 件/);
});

test("like tickets are those of the same category and community within 30 days, five at most", async () => {
  const matter = {
    content: "小区夜间施工。",
    community: "恩济里社区",
    category: ["环境保护", "噪声", "夜间施工"],
  } as const;
  town.at("2026-09-01", "09:00"); // Tuesday
  const old = await told(matter);
  town.at("2026-11-20", "09:00"); // Friday, 80 days later
  const near: string[] = [];
  for (let i = 0; i < 6; i += 1) {
    near.push(await told(matter));
    town.pass(60_000);
  }
  await told({ ...matter, community: "恩济庄社区" });
  await told({ ...matter, category: ["环境保护", "噪声", "社会生活噪声"] });
  const found = await suggestions(near[5] ?? "");
  assert.deepEqual(
    found.similar.map((t: { id: string }) => t.id),
    near.slice(0, 5).reverse(),
  );
  assert.ok(!found.similar.some((t: { id: string }) => t.id === old));
});

test("an alias that the centre adds is known to the next suggestion", async () => {
  const id = await told({ content: "清风苑管片内有人占道经营。" });
  assert.deepEqual((await suggestions(id)).units, []);
  const lead = await town.as("shiftLead");
  const added = await lead.post(`/api/units/${await town.unit("苏家坨")}/aliases`, { alias: "清风苑管片" });
  assert.equal(added.status, 200, JSON.stringify(added.body));
  assert.equal((await suggestions(id)).units[0].name, "苏家坨镇");
});

test("a park that no table lists goes where the tickets that named it belonged, and never by the ticket's own word", async () => {
  const other = await openTown(); // nothing learned yet
  try {
    const chen2 = await other.as("triager");
    const tell = async (content: string, street = ""): Promise<string> => {
      const answer = await chen2.post("/api/tickets", { channel: "96181", content, street });
      assert.equal(answer.status, 200, JSON.stringify(answer.body));
      return answer.body.ticket.id;
    };
    await tell("玉带湖公园东门有人钓鱼。", "温泉镇");
    await tell("在玉带湖公园遛狗不拴绳。", "温泉镇");
    const lone = await tell("银杏谷公园厕所没有水。", "上庄镇");
    const id = await tell("玉带湖公园夜里有人烧烤。");
    const found = await suggestions(id, chen2);
    assert.equal(found.units[0].name, "温泉镇");
    assert.match(found.units[0].reasons[0].text, /“玉带湖(?:公园)?”，以往提到它的 2 件工单中有 2 件属该街镇/);
    const own = await suggestions(lone, chen2);
    assert.deepEqual(
      own.units[0].reasons.map((r: { text: string }) => r.text),
      ["工单登记的街乡镇为“上庄镇”"],
    );
  } finally {
    await other.close();
  }
});

test("units, callback staff and strangers get no suggestions; an unknown ticket has none", async () => {
  const id = await told({ content: "香山街道红旗村社区路面破损。" });
  const handler = await town.as("handler", "香山");
  const caller = await town.as("caller");
  assert.equal((await handler.get(`/api/tickets/${id}/suggestions`)).status, 403);
  assert.equal((await caller.get(`/api/tickets/${id}/suggestions`)).status, 403);
  const stranger = await town.house.app.inject({ method: "GET", url: `/api/tickets/${id}/suggestions` });
  assert.equal(stranger.statusCode, 401);
  assert.equal((await chen.get("/api/tickets/999999999/suggestions")).status, 404);
  assert.equal((await chen.get("/api/tickets/1;drop/suggestions")).status, 422);
  assert.equal((await (await town.as("supervisor")).get(`/api/tickets/${id}/suggestions`)).status, 200);
});

test("a text is marked for whoever may read the ticket, with the paper that the words are taken from", async () => {
  const content = "清河街道某小区燃气泄漏，已找过区城市管理委，要求保密。";
  const id = await told({ content });
  const caller = await town.as("caller");
  const { body, status } = await caller.get(`/api/tickets/${id}/reading`);
  assert.equal(status, 200);
  assert.deepEqual(
    body.marks.map((m: { kind: string; start: number; end: number }) => [
      m.kind,
      content.slice(m.start, m.end),
    ]),
    [
      ["place", "清河街道"],
      ["sensitive", "燃气泄漏"],
      ["unit", "区城市管理委"],
      ["phrase", "要求保密"],
    ],
  );
  assert.match(body.rules.source, /本系统默认设置/);
  const stranger = await town.as("handler", "清河街道");
  assert.equal((await stranger.get(`/api/tickets/${id}/reading`)).status, 404);
});

test("the caller's earlier tickets and the like ones are told to whoever reads the ticket, with why they are alike", async () => {
  const category = ["市政", "路灯", "路灯不亮"] as const;
  const phone = "13900001111";
  const before = await told({
    content: "学院路东口路灯不亮已有三天。",
    street: "学院路街道",
    phone,
    category,
  });
  const id = await told({ content: "学院路东口路灯不亮，请维修。", street: "学院路街道", phone, category });
  const other = await told({ content: "井盖破损。", street: "学院路街道", category });
  const { body } = await (await town.as("closer")).get(`/api/tickets/${id}/reading`);
  assert.deepEqual(
    body.earlier.map((t: { id: string }) => t.id),
    [before],
  );
  const like = body.similar.find((t: { id: string }) => t.id === before);
  assert.match(like.why, /^同街镇 · 同类 · 文字相似 \d\d%$/);
  assert.ok(!body.similar.some((t: { id: string }) => t.id === other || t.id === id));
  await town.shell.db.updateTable("ticket").set({ state: "voided" }).where("id", "=", before).execute();
  const { body: anew } = await (await town.as("closer")).get(`/api/tickets/${id}/reading`);
  assert.ok(
    !anew.similar.some((t: { id: string }) => t.id === before),
    "one that was taken back is like nothing",
  );
});
