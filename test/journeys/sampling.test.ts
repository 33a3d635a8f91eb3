/** 电话抽访全程. A shift lead draws a sample, a caller works through it by the keys, the results open into their tickets. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
  const { town } = house;
  town.at("2026-11-19", "09:00"); // Thursday
  for (const unit of ["清河", "香山", "清河"])
    await bring(town, "closed", unit, {
      ticket: {
        channel: "人民网",
        title: `${unit}路灯不亮`,
        requesterName: "王先生",
        requesterPhone: "13900001234",
      },
    });
  town.at("2026-11-20", "09:00"); // Friday
});
after(() => house?.close());

test("a sample is drawn, called through by the keys, and its results open into the tickets", async () => {
  const { page } = await house.seat("shiftLead");
  await page.goto(`${house.url}/sampling`);
  const form = page.getByRole("region", { name: "抽取样本" });
  await form.getByLabel("方案名称").fill("十一月抽访");
  await form.getByLabel("样本量").fill("2");
  await form.getByText("总体 3 件").waitFor();
  await form.getByRole("button", { name: "抽取" }).click();
  await page.getByRole("form", { name: "回访" }).waitFor();
  await assertReachable(page, "the call list of a sample");
  for (const key of ["1", "3", "1", "3", "2", "Enter"]) await page.keyboard.press(key); // not solved, dissatisfied
  await page.getByText("已有结果（1）").waitFor();
  await page.getByRole("form", { name: "回访" }).waitFor(); // the next one's
  await page.keyboard.press("x");
  await page.keyboard.press("Enter");
  await page.getByText("已有结果（2）").waitFor();
  await page.getByText("名单已访完").waitFor();

  await page.getByText("结果", { exact: true }).click();
  await page.getByRole("button", { name: "合计 未解决 1" }).click();
  const opened = page.getByRole("region", { name: "对应工单 1 件" });
  await opened.getByText("未解决：没有人处理").waitFor();
  await assertReachable(page, "the results of a sample");
  await page.getByText("抽样", { exact: true }).click();
  await page.getByText("按种子重抽：与保存的样本完全一致。").waitFor();
  assert.equal(await page.getByText("2 / 3").count(), 1);
});
