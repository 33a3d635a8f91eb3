/** 满单一屏. A ticket with three units and a callback, beside the list at the office's size: its facts are in sight at once. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, goCo, look } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, OFFICE, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test("the reviewer at the closing sees units, callback and facts without scrolling; a helper's words are one press away", async () => {
  const { town } = house;
  const co = ["永定路街道", "清河街道"];
  const id = await bring(town, "reported", "学院路街道", {
    co,
    ticket: { title: "三家单位的工单", category1: "市容环卫" },
  });
  for (const unit of co) {
    const helper = await town.as("handler", unit);
    await goCo(helper, id, "coAccept");
    await goCo(helper, id, "coReport", `${unit}已派人到场配合。`);
  }
  const supervisor = await town.as("supervisor");
  await supervisor.move(id, "passReview", {});
  const caller = await town.as("caller");
  const answers = { contacted: "yes", solved: "yes", satisfied: "satisfied" };
  await caller.move(id, "callback", { outcome: "answered", answers });
  assert.equal((await look(supervisor, id)).state, "closing");

  const { page } = await house.seat("closer");
  await page.goto(`${house.url}/tickets?queue=closing&id=${id}`);
  await page.getByRole("heading", { name: "三家单位的工单" }).waitFor();
  const facts = page.locator(".ticket-facts .facts").first();
  const box = await facts.boundingBox();
  assert.ok(box && box.y + box.height <= OFFICE.height, `the facts end at ${box && box.y + box.height}`);
  await assertReachable(page, "满单");
  const helper = page.locator("details.assignment", { hasText: "清河街道" });
  assert.equal(await helper.getByText("清河街道已派人到场配合。").isVisible(), false);
  await helper.locator("summary").press("Enter");
  await helper.getByText("清河街道已派人到场配合。").waitFor();

  // Who has it open stands in the table form of the list too.
  const lead = await house.seat("closer", { name: "何明涛" });
  await lead.page.goto(`${house.url}/tickets?queue=closing&id=${id}`);
  await lead.page.getByRole("heading", { name: "三家单位的工单" }).waitFor();
  await page.getByRole("heading", { name: "三家单位的工单" }).click();
  await page.keyboard.press("v");
  await page.getByRole("grid", { name: "工单列表" }).locator(".row-people", { hasText: "何明涛" }).waitFor();
});
