/** 全程. A town served over HTTP with its worker, and people of every role in front of real browsers. */
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { resumeImports } from "@jiesu/server/intake/jobs.ts";
import { createUser } from "@jiesu/server/people/users.ts";
import { openTown, type Town } from "@jiesu/server/testing/town.ts";
import { startWorker } from "@jiesu/server/worker.ts";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { launchBrowser } from "../browser.ts";

export const OFFICE = { width: 1440, height: 900 };
export const PHONE = { width: 390, height: 844 };

export interface Desk {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly login: string;
  readonly password: string;
}

export interface OpenHouse {
  readonly town: Town;
  readonly url: string;
  /** Somebody new with this role at a screen of their own, signed in through the sign-in page. */
  seat(
    role: Role,
    options?: { unit?: string; name?: string; size?: { width: number; height: number } },
  ): Promise<Desk>;
  /** A place for files of this test. */
  readonly scratch: string;
  close(): Promise<void>;
}

export async function openHouse(): Promise<OpenHouse> {
  const town = await openTown();
  const url = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  const failures: unknown[] = [];
  const worker = startWorker(town.shell, { imports: resumeImports }, (_step, error) => failures.push(error));
  const browser = await launchBrowser();
  const scratch = mkdtempSync(path.join(tmpdir(), "jiesu-journey-"));
  let people = 0;
  return {
    town,
    url,
    scratch,
    async seat(role, { unit, name = role, size = OFFICE } = {}) {
      const login = `${role.toLowerCase()}${++people}`;
      const password = `tour-${randomBytes(6).toString("hex")}-1`;
      const unitId = unit === undefined ? null : await town.unit(unit);
      const person = { login, name, roles: [role], unitId, password };
      await createUser(town.shell.db, town.shell.now(), person, { userId: null, name: "test" });
      const { context, page } = await openPage(browser, url, size, town.shell.now());
      await signIn(page, login, password);
      return { page, context, login, password };
    },
    async close() {
      await browser.close();
      await worker.stop();
      await town.close();
      rmSync(scratch, { recursive: true, force: true });
      assert.deepEqual(failures, []);
    },
  };
}

export async function signIn(page: Page, login: string, password: string): Promise<void> {
  await page.getByLabel("账号", { exact: true }).fill(login);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录" }).click();
  await page.getByRole("navigation", { name: "主导航" }).waitFor();
}

/** No fault that axe calls serious or critical, in light and in dark. */
export async function assertReachable(page: Page, where: string): Promise<void> {
  for (const to of ["深色", "浅色"]) {
    await assertNoFault(page, `${where}（切换为${to}前）`);
    // sent to the button itself: on a phone the ticket lies over the frame
    await page.getByRole("button", { name: `切换为${to}` }).dispatchEvent("click");
  }
}

async function assertNoFault(page: Page, where: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const faults = violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .map(
      (v) =>
        `${v.id}: ${v.nodes
          .map((n) => n.target.join(" "))
          .slice(0, 5)
          .join(" | ")}`,
    );
  assert.deepEqual(faults, [], `axe faults at ${where}`);
}

/** A page whose clock goes on from the town's, and which fails the test when a script of ours breaks. */
async function openPage(browser: Browser, url: string, size: { width: number; height: number }, now: number) {
  const phone = size.width < 600;
  const context = await browser.newContext({
    viewport: size,
    hasTouch: phone,
    isMobile: phone,
    colorScheme: "light",
  });
  await context.clock.install({ time: now });
  const page = await context.newPage();
  page.setDefaultTimeout(45_000); // a machine may be busy; nothing here waits longer than it must
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(url);
  return { context, page };
}
