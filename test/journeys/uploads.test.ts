/** 上传不断. A file goes on its way while the person walks to the next ticket; who would close the page is asked first. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { lodge, look } from "@jiesu/server/testing/tickets.ts";
import { assertReachable, type OpenHouse, openHouse } from "./house.ts";

let house: OpenHouse;
before(async () => {
  house = await openHouse();
});
after(() => house.close());

test("a photo still on its way when one walks to the next ticket arrives; the frame tells of it until then", async () => {
  const here = await lodge(house.town, { title: "带照片的工单" });
  await lodge(house.town, { title: "下一件工单" });
  const { page } = await house.seat("triager");
  const gate = Promise.withResolvers<void>();
  await page.route("**/api/tickets/*/attachments", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto(`${house.url}/tickets?queue=received&id=${here}`);
  await page.getByRole("heading", { name: "带照片的工单" }).waitFor();
  const tray = page.locator(".upload-tray");
  await page
    .locator('.ticket-files input[type="file"]')
    .last()
    .setInputFiles({
      name: "现场说明.txt",
      mimeType: "text/plain",
      buffer: Buffer.from("东口路灯三盏不亮"),
    });
  await page.locator('.upload[data-state="sending"]').waitFor();
  assert.equal(await tray.count(), 0, "the ticket itself shows it");

  await page.getByRole("option").filter({ hasText: "下一件工单" }).click();
  await page.getByRole("heading", { name: "下一件工单" }).waitFor();
  await tray.getByText("正在上传 1 个文件").waitFor();
  await tray.locator("summary").press("Enter");
  await tray.getByText("现场说明.txt").waitFor();
  await assertReachable(page, "正在上传");
  const asked = page.waitForEvent("dialog");
  const closing = page.close({ runBeforeUnload: true });
  const dialog = await asked;
  assert.equal(dialog.type(), "beforeunload");
  await dialog.dismiss();
  await closing;

  gate.resolve();
  await tray.waitFor({ state: "detached" });
  const { attachments } = await look(await house.town.as("triager"), here);
  assert.deepEqual(
    attachments.map((file: { name: string }) => file.name),
    ["现场说明.txt"],
  );
});

test("a file that the server refused after its ticket was left is told in the frame, and leads back to the ticket", async () => {
  const here = await lodge(house.town, { title: "附件不收的工单" });
  await lodge(house.town, { title: "另一件工单" });
  const { page } = await house.seat("triager");
  const gate = Promise.withResolvers<void>();
  await page.route("**/api/tickets/*/attachments", async (route) => {
    await gate.promise;
    await route.continue();
  });
  await page.goto(`${house.url}/tickets?queue=received&id=${here}`);
  await page.getByRole("heading", { name: "附件不收的工单" }).waitFor();
  await page
    .locator('.ticket-files input[type="file"]')
    .last()
    .setInputFiles({
      name: "程序.exe",
      mimeType: "application/octet-stream",
      buffer: Buffer.from("MZ\x90\0\x03\0\0\0"),
    });
  await page.locator('.upload[data-state="sending"]').waitFor();
  await page.getByRole("option").filter({ hasText: "另一件工单" }).click();
  await page.getByRole("heading", { name: "另一件工单" }).waitFor();
  gate.resolve();
  const tray = page.locator(".upload-tray");
  await tray.getByText("1 个文件没有传上").waitFor();
  await tray.locator("summary").press("Enter");
  await tray.getByRole("link").press("Enter");
  await page.getByRole("heading", { name: "附件不收的工单" }).waitFor();
  await page.locator('.ticket-files .upload[data-state="failed"]').waitFor();
  await page.getByRole("button", { name: "不传 程序.exe" }).press("Enter");
  await page.locator(".upload").waitFor({ state: "detached" });
  assert.equal(await tray.count(), 0);
});
