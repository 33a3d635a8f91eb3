/** 街面上的经办人. A handler with a telephone of 390 × 844: accept, call, photograph where the line drops, report. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring, look } from "@jiesu/server/testing/tickets.ts";
import type { Page } from "playwright-core";
import { assertReachable, type OpenHouse, openHouse, PHONE } from "./house.ts";

const UNIT = "清河街道";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** Said to the browser in its own words: these files know no DOM. */
const DRAW = `(async () => {
  const canvas = document.createElement("canvas");
  canvas.width = 3000;
  canvas.height = 2000;
  const pen = canvas.getContext("2d");
  for (let i = 0; i < 400; i += 1) {
    pen.fillStyle = "hsl(" + ((i * 37) % 360) + " 60% 50%)";
    pen.fillRect((i * 149) % 3000, (i * 211) % 2000, 300, 200);
  }
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.95));
  let text = "";
  for (const byte of new Uint8Array(await blob.arrayBuffer())) text += String.fromCharCode(byte);
  return btoa(text);
})()`;

const MEASURE = `({
  wide: document.documentElement.scrollWidth,
  small: [...document.querySelectorAll("input,textarea")]
    .filter((field) => field.offsetParent !== null && !["radio", "checkbox", "file"].includes(field.type))
    .filter((field) => parseFloat(getComputedStyle(field).fontSize) < 16)
    .map((field) => field.outerHTML.slice(0, 80)),
})`;

/** A photograph as a camera makes one: larger than what is sent. */
async function photograph(page: Page): Promise<Buffer> {
  return Buffer.from(await page.evaluate<string>(DRAW), "base64");
}

/** Nothing hangs over the edge, and no field is so small that the telephone zooms into it. */
async function assertFits(page: Page, where: string): Promise<void> {
  const found = await page.evaluate<{ wide: number; small: string[] }>(MEASURE);
  assert.equal(found.wide, PHONE.width, `${where} is wider than the telephone`);
  assert.deepEqual(found.small, [], `${where} has fields of small letters`);
}

test("a handler in the street accepts, calls, photographs and reports, with one thumb", async () => {
  const id = await bring(house.town, "dispatched", UNIT, {
    ticket: { title: "井盖破损", requesterName: "林雪", requesterPhone: "13800001234" },
  });
  const { page, context } = await house.seat("handler", { unit: UNIT, size: PHONE });
  const town = await house.town.as("handler", UNIT);
  await page.goto(`${house.url}/tickets?queue=unit-new`);
  await assertFits(page, "the list");
  await page.getByRole("option", { name: /井盖破损/ }).click();
  await page.getByRole("heading", { name: "井盖破损" }).waitFor();
  const bar = page.getByRole("toolbar", { name: "可用操作" });
  for (const box of await bar.getByRole("button").all()) {
    const at = await box.boundingBox();
    assert.ok(at && at.height >= 48 && at.y > PHONE.height / 2, "a button out of the thumb's reach");
  }
  await bar.getByRole("button", { name: "接收" }).click();
  await bar.getByRole("button", { name: "联系" }).click();
  await assertReachable(page, "联系诉求人");
  await assertFits(page, "联系诉求人");
  await page.getByRole("button", { name: "查看号码（留痕）" }).click();
  const dial = page.getByRole("link", { name: "拨打 13800001234" });
  assert.equal(await dial.getAttribute("href"), "tel:13800001234");
  await page.getByRole("button", { name: "登记本次联系" }).click();
  const form = page.getByRole("form", { name: "首次联系" });
  assert.match(await form.getByLabel("联系情况").inputValue(), /\d\d:\d\d 电话联系诉求人/);
  assert.ok(await form.getByRole("radio", { name: "电话" }).isChecked());
  await assertFits(page, "首次联系");
  await form.getByRole("button", { name: "确认首次联系" }).click();
  await form.waitFor({ state: "detached" });

  // the line drops while the photo is on its way; it goes by itself when the line is back, and is there once
  const camera = page.locator('.phone-bar input[type="file"]');
  assert.equal(await camera.getAttribute("capture"), "environment");
  const photo = await photograph(page);
  await context.setOffline(true);
  await camera.setInputFiles([
    { name: "现场1.jpg", mimeType: "image/jpeg", buffer: photo },
    { name: "现场2.jpg", mimeType: "image/jpeg", buffer: Buffer.concat([photo, Buffer.from("2")]) },
  ]);
  await page.getByText("网络中断，恢复后自动续传").first().waitFor();
  assert.equal(await page.locator(".upload img").count(), 2);
  await context.setOffline(false);
  await page.locator('.upload[data-state="done"]').first().waitFor();
  await page.locator('.upload:not([data-state="done"])').first().waitFor({ state: "detached" });
  const { attachments } = await look(town, id);
  assert.ok(attachments.length >= 1);
  for (const file of attachments) {
    assert.equal(file.mime, "image/jpeg");
    assert.ok(file.size < photo.length, "the photo was not made smaller");
  }

  await bar.getByRole("button", { name: "反馈" }).click();
  const report = page.getByRole("form", { name: "办理反馈" });
  await report.getByRole("radio", { name: "未解决" }).click();
  await report.getByLabel("办理情况").fill("井盖已更换，问题已解决，已告知诉求人。");
  await report.getByText("办理结果选了“未解决”，文中却写已解决，请核对。").waitFor();
  await report.getByRole("radio", { name: "已解决", exact: true }).click();
  await report.getByText("请核对").waitFor({ state: "detached" });
  await assertFits(page, "办理反馈");
  await assertReachable(page, "办理反馈");
  await report.getByRole("button", { name: "确认办理反馈" }).click();
  await page.getByText("反馈待审").first().waitFor();
  const ticket = await look(town, id);
  assert.equal(ticket.state, "reported");
  assert.equal(ticket.assignments[0].contactWay, "电话");
});

test("a report before any contact is told why not before a word is typed, with the way to mend it", async () => {
  const id = await bring(house.town, "dispatched", UNIT, { ticket: { title: "路灯不亮" } });
  const handler = await house.town.as("handler", UNIT);
  assert.equal((await handler.move(id, "accept")).status, 200);
  const { page } = await house.seat("handler", { unit: UNIT, size: PHONE });
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByRole("button", { name: "反馈" }).click();
  await page.getByText("尚未登记首次联系，请先联系诉求人并登记，再反馈。").waitFor();
  await page.getByRole("button", { name: "去首次联系" }).click();
  await page.getByRole("form", { name: "首次联系" }).waitFor();
});

test("more time is asked for in the street and given at the centre by the keyboard; the unit's rates open into tickets", async () => {
  await bring(house.town, "closed", UNIT);
  const id = await bring(house.town, "handling", UNIT, { ticket: { title: "围挡破损" } });
  const { page } = await house.seat("handler", { unit: UNIT, size: PHONE });
  await page.goto(`${house.url}/tickets?queue=unit-handling`);
  const rates = page.getByRole("region", { name: "本单位本期三率" });
  await rates.getByRole("link", { name: "解决 100.0%" }).waitFor();
  await assertFits(page, "the list with the rates");
  await page.getByRole("option", { name: /围挡破损/ }).click();
  await page.getByRole("toolbar", { name: "可用操作" }).getByRole("button", { name: "更多" }).click();
  await page.getByRole("button", { name: "申请延期" }).click();
  const form = page.getByRole("form", { name: "申请延期" });
  await form.getByText("需现场施工或备料").click();
  await form.getByLabel("申请延长").fill("2");
  await form.getByLabel("延期理由").fill("新围挡后日到货。");
  await assertFits(page, "申请延期");
  await assertReachable(page, "申请延期");
  await form.getByRole("button", { name: "确认申请延期" }).click();
  await page.getByRole("region", { name: "延期待批" }).getByText("等待中心审批").waitFor();

  const desk = await house.seat("supervisor");
  await desk.page.goto(`${house.url}/tickets?queue=extension`);
  await desk.page.getByRole("region", { name: "延期待批" }).getByText("申请延长 2 天").waitFor();
  await desk.page.keyboard.press("y");
  await desk.page.getByRole("form", { name: "同意延期" }).waitFor();
  await assertReachable(desk.page, "同意延期");
  await desk.page.keyboard.press("Escape");
  await desk.page.keyboard.press("y");
  await desk.page.getByLabel("审批意见").press("Control+Enter");
  await desk.page.getByText(/已同意延期/).waitFor();
  await desk.page.getByRole("option", { name: /围挡破损/ }).waitFor({ state: "detached" });
  const { extension } = await look(await house.town.as("supervisor"), id);
  assert.deepEqual([extension.pending, extension.granted], [null, 1]);

  await page.goto(`${house.url}/tickets?queue=unit-handling`);
  await rates.getByRole("link", { name: "解决 100.0%" }).click();
  await page.waitForURL(/\/assessment\/tickets\?.*measure=solution/);
});
