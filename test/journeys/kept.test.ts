/** 不丢、不撞. What is typed outlives reload and sign-out; two people on one ticket see each other and lose nothing. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { endSessionsOf } from "@jiesu/server/platform/auth/sessions.ts";
import { type OpenHouse, openHouse, signIn } from "./house.ts";

let house: OpenHouse;

before(async () => {
  house = await openHouse();
});
after(() => house.close());

/** A ticket of Qinghe 清河, signed for and waiting to be sorted. */
async function sortable(title: string): Promise<string> {
  const triager = await house.town.as("triager");
  const made = await triager.post("/api/tickets", {
    channel: "96181",
    title,
    content: `市民反映，清河街道${title}。`,
    street: "清河街道",
  });
  assert.equal(made.status, 200);
  const { id } = made.body.ticket;
  assert.equal((await triager.move(id, "sign")).status, 200);
  return id;
}

test("a half-written opinion is there after a reload, and after signing in again where the session was lost", async () => {
  const id = await sortable("井盖松动");
  const { page, login, password } = await house.seat("triager");
  await page.goto(`${house.url}/tickets/${id}`);
  await page.getByRole("heading", { name: "井盖松动" }).waitFor();
  await page.keyboard.press("d");
  await page.getByLabel("派单意见").fill("请先设围挡，再更换井盖。");
  await page.reload();
  assert.equal(await page.getByLabel("派单意见").inputValue(), "请先设围挡，再更换井盖。");

  await page.getByText("工单登记的街乡镇为“清河街道”").waitFor();
  await page.keyboard.press("Alt+1");
  const user = await house.town.shell.db
    .selectFrom("app_user")
    .select("id")
    .where("login", "=", login)
    .executeTakeFirstOrThrow();
  await endSessionsOf(house.town.shell.db, user.id);
  // Whoever asks first finds the session gone: this click, or a look in the background, whose dialog then lies over the button.
  await page
    .getByRole("button", { name: "确认派单" })
    .click({ timeout: 5000 })
    .catch(() => {});
  const again = page.getByRole("dialog", { name: "请重新登录" });
  await again.getByLabel("密码", { exact: true }).fill(password);
  await again.getByRole("button", { name: "登录" }).click();
  await again.waitFor({ state: "detached" });
  assert.equal(await page.getByLabel("派单意见").inputValue(), "请先设围挡，再更换井盖。");
  await page.getByRole("button", { name: "确认派单" }).click();
  await page.getByText("派单意见：请先设围挡，再更换井盖。").waitFor();
});

test("the second of two triagers sees at once that the first was quicker; what they wrote stays theirs", async () => {
  const id = await sortable("树木倾斜");
  const first = await house.seat("triager", { name: "何明涛" });
  const second = await house.seat("triager", { name: "罗雨晴" });
  for (const { page } of [first, second]) {
    await page.goto(`${house.url}/tickets/${id}`);
    await page.getByRole("heading", { name: "树木倾斜" }).waitFor();
  }
  await second.page.keyboard.press("e");
  await second.page.getByLabel("回复内容").fill("已告知由园林部门处理。");
  await first.page.keyboard.press("d");
  await first.page.getByText("工单登记的街乡镇为“清河街道”").waitFor();
  await first.page.keyboard.press("Alt+1");
  await first.page.keyboard.press("Control+Enter");
  await first.page.getByText("已派单").first().waitFor();

  await second.page.getByText("本单已变为“待接收”，不能再直接回复；草稿仍保留。").waitFor();
  const kept = await second.page.evaluate(() => Object.entries({ ...localStorage }));
  assert.ok(kept.some(([key, value]) => key.includes("replyDirectly") && value.includes("园林部门")));
  const events = await house.town.shell.db
    .selectFrom("event")
    .select("kind")
    .where("ticket_id", "=", id)
    .orderBy("id")
    .execute();
  assert.deepEqual(
    events.map((e) => e.kind),
    ["receive", "sign", "dispatch"],
  );
});

test("a new ticket is told of in the list without moving the one that is being read", async () => {
  await sortable("路面沉降甲");
  await sortable("路面沉降乙");
  const { page } = await house.seat("triager");
  await page.goto(`${house.url}/tickets?queue=triage`);
  await page.getByRole("option", { name: /路面沉降乙/ }).click();
  await page.getByRole("heading", { name: "路面沉降乙" }).waitFor();
  const before = await page.getByRole("option").allTextContents();
  await sortable("路面沉降丙");
  await page.getByRole("button", { name: /新到 \d 件.*刷新列表/ }).waitFor();
  assert.deepEqual(await page.getByRole("option").allTextContents(), before);
  await page.getByRole("button", { name: /新到 \d 件.*刷新列表/ }).click();
  await page.getByRole("option", { name: /路面沉降丙/ }).waitFor();
  await page.getByRole("heading", { name: "路面沉降乙" }).waitFor();
});

test("somebody else who signs in over a lost session does not inherit the page", async () => {
  const { page, login } = await house.seat("triager", { name: "离席者" });
  const other = await house.seat("caller", { name: "接班者" });
  await page.goto(`${house.url}/tickets?queue=triage`);
  await page.getByRole("option").first().waitFor();
  const user = await house.town.shell.db
    .selectFrom("app_user")
    .select("id")
    .where("login", "=", login)
    .executeTakeFirstOrThrow();
  await endSessionsOf(house.town.shell.db, user.id);
  // the live line may have told already, and the dialog lie over the link
  await page.getByRole("link", { name: "全部工单", includeHidden: true }).dispatchEvent("click");
  const again = page.getByRole("dialog", { name: "请重新登录" });
  await again.getByLabel("账号", { exact: true }).fill(other.login);
  await again.getByLabel("密码", { exact: true }).fill(other.password);
  await again.getByRole("button", { name: "登录" }).click();
  await page.getByRole("heading", { name: "接班者，您好" }).waitFor();
});

test("a wrong password is told in place, and the right one lets in", async () => {
  const { page, login, password } = await house.seat("caller");
  await page.getByRole("button", { name: /caller/ }).click();
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.getByLabel("账号", { exact: true }).fill(login);
  await page.getByLabel("密码", { exact: true }).fill("not-the-password-1");
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByText("账号或密码不正确。").waitFor();
  await signIn(page, login, password);
});
