/**
 * `npm run screens`: every screen's picture into docs/screens/, from the demonstration district alone, at an hour that
 * stands still, so that a picture changes only when its screen does. `npm run screens -- rank phone` makes those named so.
 */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resumeImports } from "@jiesu/server/intake/jobs.ts";
import { openEmbedded } from "@jiesu/server/platform/postgres/embedded.ts";
import { openTown } from "@jiesu/server/testing/town.ts";
import { startWorker } from "@jiesu/server/worker.ts";
import type { Page } from "playwright-core";
import { seed } from "../seeds/load.ts";
import { createAccounts } from "../seeds/people.ts";
import { launchBrowser } from "../test/browser.ts";
import { ensureWebBuilt } from "./bootstrap.mjs";

const ROOT = path.join(import.meta.dirname, "..");
const INTO = path.join(ROOT, "docs", "screens");
const TICKETS = 3000;

const OFFICE = { width: 1440, height: 900 };
const LEAD = { width: 1920, height: 1080 };
const PHONE = { width: 390, height: 844 };

interface Picture {
  readonly name: string;
  /** Whose screen; null before signing in. */
  readonly login: string | null;
  readonly path: string;
  readonly size?: { readonly width: number; readonly height: number };
  readonly dark?: boolean;
  readonly before?: (page: Page) => Promise<void>;
}

const press = (key: string) => (page: Page) => page.keyboard.press(key);
const open = (page: Page) => page.locator(".ticket-title").first().waitFor();

const PICTURES: readonly Picture[] = [
  { name: "01-sign-in", login: null, path: "/" },
  { name: "02-home", login: "linhai", path: "/" },
  { name: "02-home-dark", login: "linhai", path: "/", dark: true },
  { name: "03-queue", login: "zhouxl", path: "/tickets?queue=received", before: open },
  { name: "03-queue-1920", login: "linhai", path: "/tickets?queue=reported", size: LEAD, before: open },
  { name: "04-dispatch", login: "zhouxl", path: "/tickets?queue=triage", before: dispatching },
  {
    name: "04-dispatch-dark",
    login: "zhouxl",
    path: "/tickets?queue=triage",
    dark: true,
    before: dispatching,
  },
  { name: "05-ticket", login: "fanjg", path: "/tickets?queue=reported", before: wholePage },
  { name: "06-callback-desk", login: "sunyt", path: "/callback", before: open },
  { name: "06-callback-desk-1920", login: "sunyt", path: "/callback", size: LEAD, before: open },
  {
    name: "07-closing",
    login: "weijh",
    path: "/tickets?queue=closing",
    before: (p) => open(p).then(() => press("c")(p)),
  },
  { name: "08-import", login: "zhouxl", path: "/intake", before: trying },
  { name: "09-import-result", login: "zhouxl", path: "/intake", before: imported },
  { name: "10-rank", login: "shenyh", path: "/assessment?period=2026-11" },
  { name: "10-rank-dark", login: "shenyh", path: "/assessment?period=2026-11", dark: true },
  { name: "10-rank-1920", login: "shenyh", path: "/assessment?period=2026-11", size: LEAD },
  { name: "11-counted", login: "shenyh", path: "/assessment?period=2026-11", before: counted },
  { name: "12-units", login: "sysadmin", path: "/units" },
  { name: "13-users", login: "sysadmin", path: "/users" },
  { name: "14-audit", login: "auditadmin", path: "/audit" },
  { name: "15-command", login: "linhai", path: "/tickets", before: commanding },
  {
    name: "16-keys",
    login: "linhai",
    path: "/tickets?queue=calling",
    before: (p) => open(p).then(() => press("?")(p)),
  },
  { name: "17-new-ticket", login: "zhouxl", path: "/intake/new" },
  { name: "18-phone-list", login: "renzh", path: "/tickets?queue=unit-handling", size: PHONE },
  {
    name: "19-phone-ticket",
    login: "renzh",
    path: "/tickets?queue=unit-handling",
    size: PHONE,
    before: tapped,
  },
  {
    name: "20-phone-report",
    login: "renzh",
    path: "/tickets?queue=unit-handling",
    size: PHONE,
    before: reporting,
  },
];

const wanted = process.argv.slice(2);
const pictures = PICTURES.filter((p) => wanted.length === 0 || wanted.some((word) => p.name.includes(word)));
const scratch = mkdtempSync(path.join(tmpdir(), "jiesu-screens-"));
chmodSync(scratch, 0o711); // under root PostgreSQL runs as another user, who must pass through
await ensureWebBuilt(process.execPath);
const database = await openEmbedded({
  dataDir: path.join(scratch, "data"),
  pgHome: process.env.JIESU_PG_HOME ?? "/var/lib/jiesu",
});
process.env.JIESU_TEST_PG = database.adminUrl;
const town = await openTown();
town.at("2026-11-20", "10:30");
try {
  await seed(town.shell, { tickets: TICKETS });
  const accounts = new Map(
    (await createAccounts(town.shell.db, town.shell.now())).map((a) => [a.login, a.password]),
  );
  const url = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  const worker = startWorker(town.shell, { imports: resumeImports }, (step, error) =>
    console.error(step, error),
  );
  const browser = await launchBrowser();
  mkdirSync(INTO, { recursive: true });
  for (const picture of pictures) {
    const size = picture.size ?? OFFICE;
    const phone = size.width < 600;
    const context = await browser.newContext({
      viewport: size,
      isMobile: phone,
      hasTouch: phone,
      deviceScaleFactor: phone ? 2 : 1,
      colorScheme: picture.dark ? "dark" : "light",
    });
    await context.clock.install({ time: town.shell.now() });
    const page = await context.newPage();
    await page.goto(url);
    if (picture.login !== null) {
      await page.getByLabel("账号", { exact: true }).fill(picture.login);
      await page.getByLabel("密码", { exact: true }).fill(accounts.get(picture.login) ?? "");
      await page.getByRole("button", { name: "登录" }).click();
      await page.getByRole("navigation", { name: "主导航" }).waitFor();
      await page.goto(url + picture.path);
    }
    await page.waitForLoadState("networkidle").catch(() => {}); // the live line never rests
    await picture.before?.(page);
    await page.waitForTimeout(700);
    await page.screenshot({ path: path.join(INTO, `${picture.name}.png`), animations: "disabled" });
    await context.close();
    console.log(`docs/screens/${picture.name}.png`);
  }
  await browser.close();
  await worker.stop();
} finally {
  await town.close();
  await database.close();
  rmSync(scratch, { recursive: true, force: true });
}

async function dispatching(page: Page): Promise<void> {
  await open(page);
  await page.getByRole("option").nth(2).click();
  await page.getByRole("button", { name: /^派单/ }).waitFor();
  await page.locator(".suggestion").first().waitFor();
  await page.keyboard.press("d");
  await page.getByRole("form", { name: "派单" }).locator(".suggestion").first().waitFor();
  await page.keyboard.press("Alt+1");
}

async function wholePage(page: Page): Promise<void> {
  await open(page);
  await page.getByRole("option").nth(1).click();
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "返回", exact: true }).waitFor();
}

/** An invented file: rows to create, one of a unit that the district lacks, one that is broken. */
async function trying(page: Page): Promise<void> {
  const header =
    "工单编号,标题,主要内容,工单状态,被反映街乡镇,主办单位,来电时间,办结时间,是否联系,是否解决,是否满意";
  const rows = Array.from(
    { length: 40 },
    (_, i) =>
      `热线-261120-91${String(i).padStart(4, "0")},路灯不亮,市民反映，第${i + 1}号院门前路灯不亮。,待签收,清河街道,,2026-11-20 09:${10 + i},,,,`,
  );
  rows.push(
    "热线-261119-920001,河道垃圾,市民反映，河道边有垃圾堆放。,转办结案,清河街道,河湖保洁三队,2026-11-19 10:00,2026-11-19 18:00,是,解决,满意",
    "热线-261120-920002,日期有误,市民反映，这一行的日期不存在。,待签收,清河街道,,2026-02-30 08:00,,,,",
  );
  const file = path.join(scratch, "市级派单-20261120.csv");
  writeFileSync(file, `\ufeff${[header, ...rows].join("\r\n")}\r\n`);
  await page.setInputFiles("input[type=file]", file);
  await page.getByText("将新增").waitFor();
}

async function imported(page: Page): Promise<void> {
  await trying(page);
  await page.getByRole("button", { name: /确认导入（/ }).click();
  await page.getByText("已完成", { exact: true }).waitFor();
}

async function counted(page: Page): Promise<void> {
  await page.locator(".work-table tbody a").nth(3).click();
  await page.getByRole("heading", { name: /基数：/ }).waitFor();
}

async function commanding(page: Page): Promise<void> {
  await open(page);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: /输入工单编号/ }).fill("供热");
  await page.getByRole("option", { name: /供热/ }).first().waitFor();
}

async function tapped(page: Page): Promise<void> {
  await page.locator(".ticket-row").first().click();
  await open(page);
}

async function reporting(page: Page): Promise<void> {
  await tapped(page);
  await page.getByRole("button", { name: /^办理反馈/ }).click();
  await page.getByLabel("办理情况").fill("已到现场更换损坏设施，恢复正常使用，诉求人表示认可。");
}
