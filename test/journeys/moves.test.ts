/** 办理即走. A ticket is left at once and the next is there; what the server refuses comes back with form, words and reason. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, look } from "@jiesu/server/testing/tickets.ts";
import { type OpenHouse, openHouse } from "./house.ts";

const UNIT = "清河街道";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test("a reply that somebody else forestalled comes back to the list with its words, why, and nothing recorded", async () => {
  const first = await bring(house.town, "triage", UNIT, { ticket: { title: "水管漏水甲" } });
  await bring(house.town, "triage", UNIT, { ticket: { title: "水管漏水乙" } });
  const lead = await house.town.as("shiftLead");
  const { page } = await house.seat("triager");
  await page.route("**/api/events", (route) => route.abort()); // this screen hears nothing of the other's move
  await page.goto(`${house.url}/tickets?queue=triage&id=${first}`);
  await page.getByRole("heading", { name: "水管漏水甲" }).waitFor();
  await page.keyboard.press("e");
  await page.getByLabel("回复内容").fill("已告知由自来水集团抢修。");
  assert.equal((await lead.move(first, "applyWithdraw", { ground: "非本区" })).status, 200);
  assert.equal((await lead.move(first, "rejectWithdraw", { reason: "属海淀" })).status, 200);
  await page.keyboard.press("Control+Enter");
  const form = page.getByRole("form", { name: "直接回复" });
  await form.getByText("您填写的内容仍在这里。").waitFor();
  await page.getByRole("heading", { name: "水管漏水甲" }).waitFor();
  await page.getByRole("option", { name: /水管漏水甲/ }).waitFor();
  assert.equal(await form.getByLabel("回复内容").inputValue(), "已告知由自来水集团抢修。");
  assert.equal((await look(lead, first)).state, "withdrawRejected");

  // what stands now has been read: sent again, it is taken, and the next ticket is there
  await form.getByLabel("回复内容").press("Control+Enter");
  await page.getByRole("heading", { name: "水管漏水乙" }).waitFor();
  await page.getByText(/已直接回复/).waitFor();
  assert.equal((await look(lead, first)).state, "replied");
});

test("a centre's phrase is found by its words, put in where one writes with the ticket's number, and one's own is kept", async () => {
  const id = await bring(house.town, "triage", UNIT, { ticket: { title: "树枝遮挡路灯" } });
  const lead = await house.town.as("shiftLead");
  const phrase = { text: "{工单编号} 已转养护中心修剪。", move: "replyDirectly", centre: true };
  assert.equal((await lead.post("/api/phrases", phrase)).status, 200);
  const { page } = await house.seat("triager");
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByRole("heading", { name: "树枝遮挡路灯" }).waitFor();
  await page.keyboard.press("e");
  const box = page.getByLabel("回复内容");
  await box.fill("您好：请稍候。");
  await box.press("Home");
  for (let i = 0; i < 3; i += 1) await box.press("ArrowRight");
  await box.press("Alt+/");
  await page.getByRole("combobox", { name: "查找常用语" }).fill("养护");
  await page.keyboard.press("Enter");
  const { number } = await look(lead, id);
  await page.getByRole("combobox", { name: "查找常用语" }).waitFor({ state: "detached" });
  assert.equal(await box.inputValue(), `您好：${number} 已转养护中心修剪。请稍候。`);
  await page.getByRole("button", { name: "存为常用语" }).click();
  await page.getByText("已存为我的常用语").waitFor();
  const used = await house.town.shell.db.selectFrom("phrase_use").select("used").execute();
  assert.deepEqual(
    used.map((row) => row.used),
    [1],
  );
});
