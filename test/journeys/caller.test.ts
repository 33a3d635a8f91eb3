/** 回访员的一班. A caller works ten calls with the keyboard alone: answered, nobody there, refused, unsolved with its reason. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { bring } from "@jiesu/server/testing/tickets.ts";
import { firePlans } from "@jiesu/server/ticket/timers.ts";
import type { Page } from "playwright-core";
import { assertReachable, type Desk, type OpenHouse, openHouse } from "./house.ts";

const MINUTE = 60_000;
/** The urgent one is called first, the others by who has waited longest. */
const MATTERS = [
  "井盖缺失",
  "路灯不亮",
  "楼道堆物",
  "路面积水",
  "夜间施工噪声",
  "共享单车乱停",
  "垃圾未清运",
  "健身器材损坏",
  "占道经营",
  "树枝遮挡信号灯",
];

let house: OpenHouse;
let desk: Desk;
let page: Page;
const ids = new Map<string, string>();

before(async () => {
  house = await openHouse();
  for (const [i, title] of [...MATTERS.slice(1), "井盖缺失"].entries()) {
    const ticket = {
      title,
      level: title === "井盖缺失" ? 1 : 3,
      requesterName: "方女士",
      requesterPhone: `1350000${String(1000 + i)}`,
    } as const;
    ids.set(title, await bring(house.town, "calling", "清河", { ticket }));
    house.town.pass(MINUTE);
  }
  desk = await house.seat("caller", { name: "孙悦彤" });
  page = desk.page;
});
after(() => house.close());

const press = async (...keys: string[]) => {
  for (const key of keys) await page.keyboard.press(key);
};
const opened = (title: string) => page.getByRole("heading", { name: title, exact: true }).waitFor();
const lastCallback = async (title: string) => {
  const { contacted, solved, satisfied, outcome, reason, reasons } = await house.town.shell.db
    .selectFrom("callback")
    .selectAll()
    .where("ticket_id", "=", ids.get(title) ?? "")
    .orderBy("id", "desc")
    .executeTakeFirstOrThrow();
  return { contacted, solved, satisfied, outcome, reason, reasons };
};

test("the urgent ticket is on top and says why; the desk has no fault for those who cannot see it", async () => {
  await page.getByRole("link", { name: /^回访/ }).focus();
  await press("Enter");
  await opened("井盖缺失");
  const [first, second] = await page.getByRole("option").allTextContents();
  assert.match(first ?? "", /井盖缺失.*一级紧急/);
  assert.match(second ?? "", /路灯不亮.*已等/);
  await assertReachable(page, "回访台");
});

test("answered: the number shown for the call and on record once, three answers, and the next ticket at once", async () => {
  await press("d");
  await page.getByRole("link", { name: "13500001009" }).waitFor();
  await page.getByRole("timer").and(page.locator("[data-running]")).waitFor();
  await press("1", "1");
  await page.reload(); // a crash in the middle of a call
  await opened("井盖缺失");
  await page.getByRole("form", { name: "回访", exact: true }).getByText("135****1009").waitFor();
  await press("1", "Enter");
  await opened("路灯不亮");
  const kept = await lastCallback("井盖缺失");
  assert.deepEqual(
    [kept.outcome, kept.contacted, kept.solved, kept.satisfied],
    ["answered", "yes", "yes", "satisfied"],
  );
  const reveals = await house.town.shell.db
    .selectFrom("audit")
    .select("id")
    .where("what", "=", "reveal")
    .execute();
  assert.equal(reveals.length, 1);
});

test("nobody answers: the cause by number, the next attempt planned by the rule, the ticket waits below", async () => {
  await press("m");
  await page.getByRole("group", { name: "未接通的情形" }).waitFor();
  await press("1");
  await page.getByText("11-20 14:00（按规则）").waitFor();
  await assertReachable(page, "未接通");
  await press("Enter");
  await opened("楼道堆物");
  await page.getByText("约定稍后（1）").waitFor();
  assert.match(
    (await page.getByRole("option").allTextContents()).at(-1) ?? "",
    /路灯不亮约?.*约定 11-20 14:00/,
  );
  assert.deepEqual((await lastCallback("路灯不亮")).reasons, {
    missed: { code: "no-answer", zh: "无人接听" },
  });
});

test("refused: one key and Enter", async () => {
  await press("x", "Enter");
  await opened("路面积水");
  assert.equal((await lastCallback("楼道堆物")).outcome, "refused");
});

test("unsolved and dissatisfied: each no with its reason, by number", async () => {
  await press("1", "3");
  await page.getByRole("group", { name: "未解决的原因" }).waitFor();
  await press("4", "3", "2");
  await assertReachable(page, "未解决");
  await press("Enter");
  await opened("夜间施工噪声");
  const kept = await lastCallback("路面积水");
  assert.deepEqual([kept.contacted, kept.solved, kept.satisfied], ["yes", "no", "dissatisfied"]);
  assert.deepEqual(kept.reasons, {
    solved: { code: "in-progress", zh: "答应处理，尚未完成" },
    satisfied: { code: "slow", zh: "办理时间过长" },
  });
});

test("a reason that is on no list is said in the citizen's words; sent too early, the desk says what is missing", async () => {
  await press("Enter");
  await page.getByText("还没有答复").waitFor();
  await press("2", "0");
  await page.keyboard.type("只贴了一张告示");
  await press("Escape", "1", "1", "Enter");
  await opened("共享单车乱停");
  const kept = await lastCallback("夜间施工噪声");
  assert.deepEqual([kept.contacted, kept.solved, kept.reason], ["no", "yes", "只贴了一张告示"]);
});

test("a question left unanswered stays blank; a wrong key is taken back; the other calls are done", async () => {
  await press("1", "3", "Backspace", "0", "2", "Enter");
  await opened("垃圾未清运");
  const kept = await lastCallback("共享单车乱停");
  assert.deepEqual([kept.contacted, kept.solved, kept.satisfied], ["yes", null, "basically"]);
  for (const next of ["健身器材损坏", "占道经营", "树枝遮挡信号灯"]) {
    await press("1", "1", "1", "Enter");
    await opened(next);
  }
  await press("1", "1", "1", "Enter");
  await opened("路灯不亮"); // only who was promised a later call is left
  await page.getByText("现在没有要回访的工单").waitFor();
});

test("at the promised hour the ticket is back in its place by itself", async () => {
  const { town } = house;
  const two = Date.parse("2026-11-20T06:01:00Z"); // 14:01 in Beijing
  const session = { last_seen_at: new Date(two), expires_at: new Date(two + 60 * MINUTE) };
  town.pass(two - town.shell.now());
  await town.shell.db.updateTable("session").set(session).execute();
  assert.equal(await firePlans(town.shell.db, town.shell.now()), 1);
  await page.getByRole("button", { name: /处新变化/ }).waitFor();
  await press("g");
  await page.getByText("约定时间已到").first().waitFor();
  await press("1", "1", "1", "Enter");
  await page.getByText("没有待回访的工单").waitFor();
  const left = await town.shell.db.selectFrom("ticket").select("id").where("state", "=", "calling").execute();
  assert.deepEqual(left, []);
});
