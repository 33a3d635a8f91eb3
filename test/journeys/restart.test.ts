/** 重启不丢. The server dies by kill -9 while somebody types; nothing typed is lost, live updates go on, the form is sent. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes, randomInt } from "node:crypto";
import { createServer } from "node:net";
import path from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createUser } from "@jiesu/server/people/users.ts";
import { bring, look } from "@jiesu/server/testing/tickets.ts";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../browser.ts";
import { type OpenHouse, openHouse, signIn } from "./house.ts";

const SERVE = path.join(import.meta.dirname, "serve-town.ts");

let house: OpenHouse;
let browser: Browser;
let child: ChildProcess | null = null;
let port = 0;

before(async () => {
  house = await openHouse();
  browser = await launchBrowser();
  port = await freePort();
});
afterEach(kill); // also of what failed midway: the next one's server needs the port
after(async () => {
  await browser.close();
  await house.close();
});

/** Below 32768 no outgoing connection is given it: while the server is down nobody else has its port, not even who calls it. */
async function freePort(): Promise<number> {
  for (;;) {
    const wanted = randomInt(20_000, 32_000);
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(wanted, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (free) return wanted;
  }
}

/** A server of its own process over the town's database. */
async function serve(): Promise<void> {
  const started = spawn(
    process.execPath,
    [SERVE, house.town.databaseUrl, String(port), String(house.town.shell.now())],
    {
      stdio: ["ignore", "pipe", "inherit"],
    },
  );
  child = started;
  await new Promise<void>((resolve, reject) => {
    started.stdout?.once("data", () => resolve());
    started.once("exit", (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

async function kill(): Promise<void> {
  const dying = child;
  child = null;
  if (dying === null || dying.exitCode !== null) return;
  const gone = new Promise((resolve) => dying.once("exit", resolve));
  dying.kill("SIGKILL");
  await gone;
}

async function sit(login: string, password: string): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.clock.install({ time: house.town.shell.now() });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`http://127.0.0.1:${port}/`);
  await signIn(page, login, password);
  return { page, context };
}

async function person(role: "triager" | "handler"): Promise<{ login: string; password: string }> {
  const login = `${role}${randomBytes(3).toString("hex")}`;
  const password = `tour-${randomBytes(6).toString("hex")}-1`;
  const account = { login, name: login, roles: [role], unitId: null, password };
  await createUser(house.town.shell.db, house.town.shell.now(), account, { userId: null, name: "test" });
  return { login, password };
}

/** The forms that the server still keeps for somebody. */
async function draftsOf(login: string): Promise<readonly string[]> {
  const rows = await house.town.shell.db.selectFrom("draft").select("key").execute();
  return rows.map(({ key }) => key).filter((key) => key.startsWith(`${login}.`));
}

const OPINION = "请先设围挡，再更换井盖，并告知诉求人。";

test("the server is killed while a triager types: the words stay, the screen hears what passed, the form is sent", async () => {
  const id = await bring(house.town, "triage", "清河街道", {
    ticket: { title: "井盖松动", content: "市民反映，清河街道毛纺路井盖松动。" },
  });
  await serve();
  const { login, password } = await person("triager");
  const { page } = await sit(login, password);
  await page.goto(`http://127.0.0.1:${port}/tickets/${id}`);
  await page.getByRole("heading", { name: "井盖松动" }).waitFor();
  await page.keyboard.press("d");
  await page.getByLabel("派单意见").fill(OPINION.slice(0, 6));
  await kill();
  await page.getByLabel("派单意见").fill(OPINION);
  // while the server is away somebody notes something on the ticket, by another door
  const lead = await house.town.as("shiftLead");
  assert.equal((await lead.move(id, "note", { text: "已电话告知物业" })).status, 200);
  await serve();
  await page.getByText("已电话告知物业").first().waitFor();
  assert.equal(await page.getByLabel("派单意见").inputValue(), OPINION);
  await page.getByRole("button", { name: /清河/ }).first().click();
  await page.getByRole("button", { name: "确认派单" }).click();
  await page.getByText(`派单意见：${OPINION}`).waitFor();
  const ticket = await look(lead, id);
  assert.equal(ticket.state, "dispatched");
  assert.equal(ticket.events.filter((e: { kind: string }) => e.kind === "dispatch").length, 1);
  await kill();
});

test("a move sent while the server is dead is sent again by itself and made once", async () => {
  const id = await bring(house.town, "received", "清河街道", { ticket: { title: "树枝折断" } });
  await serve();
  const { login, password } = await person("triager");
  const { page } = await sit(login, password);
  await page.goto(`http://127.0.0.1:${port}/tickets/${id}`);
  await page.getByRole("heading", { name: "树枝折断" }).waitFor();
  await page.getByRole("button", { name: /备注/ }).click();
  await page.getByRole("form", { name: "备注" }).getByLabel("备注").fill("现场已拉警戒线，请尽快处理。");
  await kill();
  await page.keyboard.press("Control+Enter");
  await page.getByText("网络中断，尚不知是否已记录").waitFor();
  await serve();
  await page.clock.runFor(30_000);
  await page.getByRole("form", { name: "备注" }).waitFor({ state: "detached" });
  const ticket = await look(await house.town.as("shiftLead"), id);
  assert.equal(ticket.events.filter((e: { kind: string }) => e.kind === "note").length, 1);
  // What was sent is no draft any more; the page says so to the server a moment later, before it is killed again.
  for (let i = 0; i < 100 && (await draftsOf(login)).length > 0; i++) await sleep(100);
  assert.deepEqual(await draftsOf(login), []);
  await kill();
});

test("code that is first needed while the server is dead is waited for: the page stays, with the words in it", async () => {
  const id = await bring(house.town, "received", "清河街道", { ticket: { title: "路灯不亮" } });
  await serve();
  const { login, password } = await person("triager");
  const { page } = await sit(login, password);
  await page.goto(`http://127.0.0.1:${port}/tickets/${id}`);
  await page.getByRole("heading", { name: "路灯不亮" }).waitFor();
  await page.getByRole("button", { name: /备注/ }).click();
  const words = page.getByRole("form", { name: "备注" }).getByLabel("备注");
  await words.fill("已请路灯所到场。");
  await kill();
  await words.blur();
  await page.keyboard.press("?");
  await sleep(3_000); // asked for, refused, asked again
  assert.equal(await words.inputValue(), "已请路灯所到场。");
  await serve();
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "hidden" });
  assert.equal(await words.inputValue(), "已请路灯所到场。");
  await kill();
  await page.getByRole("link", { name: "队伍值班" }).click();
  await sleep(3_000);
  await serve();
  await page.getByRole("heading", { name: "队伍值班" }).first().waitFor();
});

test("a draft is found on a second computer after signing out of the first, where nothing of it is left", async () => {
  const id = await bring(house.town, "triage", "清河街道", { ticket: { title: "路面沉降" } });
  await serve();
  const { login, password } = await person("triager");
  const first = await sit(login, password);
  await first.page.goto(`http://127.0.0.1:${port}/tickets/${id}`);
  await first.page.getByRole("heading", { name: "路面沉降" }).waitFor();
  await first.page.keyboard.press("e");
  await first.page.getByLabel("回复内容").fill("已请养护中心今日到场，电话 13812345678 已回。");
  await first.page.getByText("文中有电话或证件号码").waitFor();
  await first.page.getByRole("button", { name: new RegExp(login) }).click();
  await first.page.getByRole("button", { name: "退出登录" }).click();
  await first.page.getByLabel("账号", { exact: true }).waitFor();
  const left = await first.page.evaluate(() => JSON.stringify({ ...localStorage, ...sessionStorage }));
  assert.equal(left.includes("养护中心") || left.includes("13812345678"), false, left);

  const second = await sit(login, password);
  await second.page.goto(`http://127.0.0.1:${port}/tickets/${id}`);
  await second.page.getByText(/已取回您 .* 在另一处填写的草稿/).waitFor();
  assert.match(await second.page.getByLabel("回复内容").inputValue(), /已请养护中心今日到场/);
  await second.page.getByRole("button", { name: "遮去号码" }).click();
  await second.page.getByRole("button", { name: "确认直接回复" }).click();
  await second.page.getByText("直接回复待审批").first().waitFor();
  await second.page.waitForFunction(
    () => !Object.keys(localStorage).some((key) => key.startsWith("jiesu.draft.")),
  );
  assert.deepEqual(await draftsOf(login), []);
  await kill();
});
