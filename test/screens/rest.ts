/** 其余画面. Signing in, what lies over every page, import and assessment. */
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const heading = seen("main h1");
const table = seen("main tbody tr");

export const REST: readonly Screen[] = [
  {
    key: "sign-in",
    zh: "登录",
    route: null,
    login: null,
    path: "/",
    act: seen("button[type=submit], form button"),
    phone: "too",
  },
  { key: "me", zh: "我的账号", route: "/me", login: "zhouxl", path: "/me", act: heading, phone: "too" },
  { key: "frame-command", zh: "搜索与命令", route: "/", login: "linhai", path: "/", act: commanding },
  {
    key: "frame-keys",
    zh: "快捷键",
    route: "/tickets",
    login: "linhai",
    path: "/tickets?queue=calling",
    act: asking,
  },
  { key: "frame-inbox", zh: "消息", route: "/", login: "linhai", path: "/", act: told, phone: "too" },
  { key: "frame-alarms", zh: "提醒", route: "/", login: "linhai", path: "/", act: warned },
  { key: "home-admin", zh: "工作台（系统管理员）", route: "/", login: "sysadmin", path: "/", act: heading },
  {
    key: "duty",
    zh: "队伍值班：接班、交班、排班",
    route: "/duty",
    login: "linhai",
    path: "/duty",
    act: table,
    phone: "too",
  },
  { key: "duty-shift", zh: "排一班", route: "/duty", login: "linhai", path: "/duty", act: entering },
  { key: "intake", zh: "导入", route: "/intake", login: "zhouxl", path: "/intake", act: heading },
  {
    key: "intake-trial",
    zh: "导入：对应与试导入",
    route: "/intake/$id",
    login: "zhouxl",
    path: trial,
    act: (page) => page.getByText("将新增").first().waitFor(),
  },
  {
    key: "intake-done",
    zh: "导入结果",
    route: "/intake/$id",
    login: "hemt",
    path: imported,
    act: (page) => page.getByText("已完成", { exact: true }).first().waitFor(),
  },
  {
    key: "intake-new",
    zh: "手工录入工单",
    route: "/intake/new",
    login: "zhouxl",
    path: "/intake/new",
    act: heading,
  },
  {
    key: "rank",
    zh: "三率排名",
    route: "/assessment",
    login: "shenyh",
    path: "/assessment?period=2026-11",
    act: ranked,
  },
  {
    key: "rank-unit",
    zh: "三率排名（承办单位）",
    route: "/assessment",
    login: "dengl",
    path: "/assessment?period=2026-11",
    act: ranked,
  },
  {
    key: "rank-periods",
    zh: "单位各期三率",
    route: "/assessment/unit",
    login: "shenyh",
    path: "/assessment?period=2026-11",
    act: periods,
  },
  {
    key: "outlook",
    zh: "测算",
    route: "/assessment/outlook",
    login: "shenyh",
    path: "/assessment/outlook",
    act: seen(".rank-group tbody tr"),
  },
  {
    key: "outlook-unit",
    zh: "测算（承办单位）",
    route: "/assessment/outlook",
    login: "dengl",
    path: "/assessment/outlook",
    act: seen(".rank-group tbody tr"),
    phone: "too",
  },
  {
    key: "outlook-levers",
    zh: "什么影响我的名次",
    route: "/assessment/outlook/$unit",
    login: "dengl",
    path: async ({ town }) => `/assessment/outlook/${await town.unit("四季青")}`,
    act: seen("main .levers-now"),
    phone: "too",
  },
  {
    key: "rank-counted",
    zh: "三率背后的工单",
    route: "/assessment/tickets",
    login: "shenyh",
    path: "/assessment?period=2026-11",
    act: counted,
  },
];

async function commanding(page: Page): Promise<void> {
  await heading(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /输入工单编号/ }).fill("供热");
  await page.getByRole("option", { name: /供热/ }).first().waitFor();
}

async function told(page: Page): Promise<void> {
  await heading(page);
  await page.getByRole("button", { name: /^消息/ }).click();
  await seen(".inbox-line, .ant-drawer .empty")(page);
}

async function warned(page: Page): Promise<void> {
  await heading(page);
  await page.keyboard.press("Alt+a");
  await seen(".popover-panel .alarm")(page);
}

async function entering(page: Page): Promise<void> {
  await table(page);
  await page
    .getByRole("button", { name: /^调整：/ })
    .last()
    .click();
  await page.getByRole("dialog").waitFor();
}

async function asking(page: Page): Promise<void> {
  await seen(".ticket-title")(page);
  await page.keyboard.press("?");
  await page.getByRole("dialog").first().waitFor();
}

/** The trends come after the table. */
async function ranked(page: Page): Promise<void> {
  await table(page);
  await seen(".sparkline")(page);
}

async function periods(page: Page): Promise<void> {
  await page.locator(".work-table tbody tr").first().focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: /各期三率$/ }).waitFor();
}

async function counted(page: Page): Promise<void> {
  await page.locator(".work-table tbody a").nth(3).click();
  await page.getByRole("heading", { name: /基数：/ }).waitFor();
}

const HEADER =
  "工单编号,标题,主要内容,工单状态,被反映街乡镇,主办单位,来电时间,办结时间,是否联系,是否解决,是否满意";

/** An invented file as the city sends it: rows to create, one of a unit that the district lacks, one that is broken. */
function cityFile(serial: number): string {
  const rows = Array.from(
    { length: 40 },
    (_, i) =>
      `热线-261120-${serial}${String(i).padStart(4, "0")},路灯不亮,市民反映，第${i + 1}号院门前路灯不亮。,待签收,清河街道,,2026-11-20 09:${10 + i},,,,`,
  );
  rows.push(
    `热线-261119-${serial}9001,河道垃圾,市民反映，河道边有垃圾堆放。,转办结案,清河街道,河湖保洁三队,2026-11-19 10:00,2026-11-19 18:00,是,解决,满意`,
    `热线-261120-${serial}9002,日期有误,市民反映，这一行的日期不存在。,待签收,清河街道,,2026-02-30 08:00,,,,`,
  );
  return `\ufeff${[HEADER, ...rows].join("\r\n")}\r\n`;
}

async function trial({ upload }: District): Promise<string> {
  return `/intake/${idOf(await upload("zhouxl", "/api/imports", "市级派单-20261120.csv", cityFile(91)))}`;
}

async function imported({ upload, call }: District): Promise<string> {
  const id = idOf(await upload("hemt", "/api/imports", "市级派单-20261119.csv", cityFile(92)));
  await call("hemt", "POST", `/api/imports/${id}/confirm`, { createUnits: false });
  for (;;) {
    const status = field(await call("hemt", "GET", `/api/imports/${id}`), "status");
    if (status === "done") return `/intake/${id}`;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

const idOf = (answer: unknown): string => String(field(answer, "id"));

function field(answer: unknown, name: string): unknown {
  return answer !== null && typeof answer === "object" ? Reflect.get(answer, name) : undefined;
}
