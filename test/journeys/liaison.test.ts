/** 协调单. From a ticket the centre asks two streets; one answers on the telephone, the other at a desk; an outcome is given. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring } from "@jiesu/server/testing/tickets.ts";
import { deliverMessages } from "@jiesu/server/testing/urging.ts";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

const [XUEYUAN, QINGHE] = ["学院路街道", "清河街道"] as const;

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test("begun at the ticket, answered with a thumb and at a desk, the city's word put down, an outcome on the timeline", async () => {
  const id = await bring(house.town, "handling", XUEYUAN, { ticket: { title: "地下通道积水" } });
  const desk = await house.seat("supervisor", { name: "范建国" });
  await desk.page.goto(`${house.url}/tickets/${id}`);
  await desk.page.getByRole("heading", { name: "地下通道积水" }).waitFor();
  await desk.page.getByRole("link", { name: "发起协调单" }).click();
  const begin = desk.page.getByRole("form", { name: "发起协调单" });
  await begin.getByLabel("标题").fill("通道积水由谁抽排");
  await begin.getByLabel("需要协调的问题").fill("请说明通道管理权属和处置安排。");
  await begin.getByLabel("承办单位").click();
  for (const unit of ["学院路", "清河"]) {
    await begin.getByLabel("承办单位").fill(unit);
    await desk.page.getByTitle(unit, { exact: true }).click();
  }
  await begin.getByLabel("市级单位或联系人").fill("市水务局");
  await begin.getByLabel("市级单位或联系人").press("Enter");
  await desk.page.reload(); // what was typed is still there
  assert.equal(await begin.getByLabel("标题").inputValue(), "通道积水由谁抽排");
  await assertReachable(desk.page, "发起协调单");
  await begin.getByRole("button", { name: "发起", exact: true }).click();
  await desk.page.getByRole("heading", { name: /^协调单 协调〔2026〕\d+号$/ }).waitFor();
  await deliverMessages(house.town);

  const phone = await house.seat("handler", { unit: QINGHE, size: PHONE, name: "任志恒" });
  await phone.page.goto(`${house.url}/liaison`);
  await phone.page.getByRole("link", { name: /协调〔2026〕/ }).click();
  const answer = phone.page.getByRole("form", { name: "答复" });
  await answer.getByLabel("答复内容").fill("通道在学院路辖区，不属清河。");
  await assertReachable(phone.page, "协调单（手机）");
  await answer.getByRole("button", { name: "提交" }).click();
  await answer.waitFor({ state: "detached" });
  await phone.page.getByText("按期答复").waitFor();

  const street = await house.seat("handler", { unit: XUEYUAN, name: "谢云" });
  await street.page.goto(`${house.url}/liaison`);
  await street.page.locator("main tbody tr").first().focus();
  await street.page.keyboard.press("Enter");
  const own = street.page.getByRole("form", { name: "答复" });
  await own.getByLabel("答复内容").fill("由我街道牵头，今日抽排。");
  await own.getByLabel("答复内容").press("Control+Enter");
  await own.waitFor({ state: "detached" });

  await desk.page.bringToFront();
  await desk.page.reload();
  await desk.page.getByText("由我街道牵头，今日抽排。").waitFor();
  await desk.page.keyboard.press("a");
  const city = desk.page.getByRole("form", { name: "答复" });
  await city.getByLabel("沟通方式").click();
  await desk.page.getByTitle("电话", { exact: true }).click();
  await city.getByLabel("对方联系人").fill("工号 0231");
  await city.getByLabel("答复内容").fill("市水务局同意支援水泵一台。");
  await city.getByRole("button", { name: "提交" }).click();
  await city.waitFor({ state: "detached" });
  await desk.page.getByText("待结论", { exact: true }).first().waitFor();
  await desk.page.keyboard.press("c");
  const end = desk.page.getByRole("form", { name: "作出结论" });
  await end.getByLabel("结论类别").click();
  await desk.page.getByTitle("协调一致").click();
  await end.getByLabel("结论（必填）", { exact: true }).fill("由学院路牵头抽排，市水务局支援。");
  await end.getByLabel("结论（必填）", { exact: true }).press("Control+Enter");
  await end.waitFor({ state: "detached" });
  await desk.page.getByText("已结论", { exact: true }).first().waitFor();
  await assertReachable(desk.page, "协调单");

  // The street that was asked reads the outcome, and nothing of what the city said to the centre.
  await street.page.reload();
  await street.page.getByText("由学院路牵头抽排，市水务局支援。").first().waitFor();
  assert.equal(await street.page.getByText("同意支援水泵一台").count(), 0);

  await desk.page.goto(`${house.url}/tickets/${id}`);
  await desk.page.getByText("由学院路牵头抽排，市水务局支援。").first().waitFor();
  await desk.page.goto(`${house.url}/liaison?tab=figures`);
  await desk.page.getByRole("link", { name: "清河 按期答复 1" }).click();
  await desk.page.getByRole("link", { name: /协调〔2026〕/ }).waitFor();
});
