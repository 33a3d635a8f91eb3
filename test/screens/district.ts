/**
 * 画面所在的辖区. The demonstration district served over HTTP at an hour that stands still, everybody who is seen at a
 * screen signed in once, and pages that open at any screen. Pictures and the test of every screen stand on it.
 */
import { resumeImports } from "@jiesu/server/intake/jobs.ts";
import { openTown, type Town } from "@jiesu/server/testing/town.ts";
import { urgeStep, urgingStep } from "@jiesu/server/urging/jobs.ts";
import { startWorker } from "@jiesu/server/worker.ts";
import type { APIRequestContext, Browser, BrowserContext, Page } from "playwright-core";
import { loadDuty } from "../../seeds/duty.ts";
import { seed } from "../../seeds/load.ts";
import { createAccounts } from "../../seeds/people.ts";
import { launchBrowser } from "../browser.ts";
import type { Screen, Size } from "./screen.ts";

type Cookies = Awaited<ReturnType<BrowserContext["storageState"]>>;

export interface District {
  readonly town: Town;
  readonly url: string;
  /** What this person may ask of the server, as their browser does; throws at every answer that is not 200. */
  call(
    login: string,
    method: "GET" | "POST" | "PUT" | "PATCH",
    path: string,
    body?: unknown,
  ): Promise<unknown>;
  /** Sends a file as this person. */
  upload(login: string, path: string, name: string, content: string): Promise<unknown>;
  /** A page of this size at that screen, brought to what is to be seen. */
  show(screen: Screen, size: Size, dark?: boolean): Promise<Page>;
  close(): Promise<void>;
}

/** Friday 2026-11-20, 10:30 in Beijing: a working morning. */
const DAY = "2026-11-20";
const TIME = "10:30";

export async function openDistrict(screens: readonly Screen[], tickets: number): Promise<District> {
  const town = await openTown();
  town.at(DAY, TIME);
  await seed(town.shell, { tickets });
  const passwords = new Map(
    (await createAccounts(town.shell.db, town.shell.now())).map((a) => [a.login, a.password]),
  );
  await loadDuty(town.shell);
  const url = await town.house.app.listen({ host: "127.0.0.1", port: 0 });
  const failures: unknown[] = [];
  const steps = { imports: resumeImports, urging: urgingStep(), urges: urgeStep };
  const worker = startWorker(town.shell, steps, (_step, error) => failures.push(error));
  const browser = await launchBrowser();
  const people = await signInAll(browser, url, screens, passwords);
  const district: District = {
    town,
    url,
    call: (login, method, path, body) => ask(person(people, login), method, url + path, body),
    upload: async (login, path, name, content) => {
      const { api, csrf } = person(people, login);
      const file = { name, mimeType: "text/csv", buffer: Buffer.from(content) };
      const answer = await api.post(url + path, { headers: { "x-csrf-token": csrf }, multipart: { file } });
      if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
      return answer.json();
    },
    async show(screen, size, dark = false) {
      const phone = size.width < 600;
      const context = await browser.newContext({
        viewport: size,
        isMobile: phone,
        hasTouch: phone,
        deviceScaleFactor: phone ? 2 : 1,
        colorScheme: dark ? "dark" : "light",
        reducedMotion: "reduce",
        ...(screen.login === null ? {} : { storageState: person(people, screen.login).cookies }),
      });
      await context.clock.setFixedTime(town.shell.now());
      const page = await context.newPage();
      page.setDefaultTimeout(20_000);
      await page.goto(url + (paths.get(screen.key) ?? "/"));
      await page.waitForLoadState("networkidle", { timeout: 1500 }).catch(() => {}); // the live line never rests
      await screen.act(page, phone);
      await page.waitForTimeout(400);
      return page;
    },
    async close() {
      await browser.close();
      await worker.stop();
      await town.close();
      if (failures.length > 0) throw new Error(`the worker failed: ${failures.map(String).join("; ")}`);
    },
  };
  const paths = new Map<string, string>();
  try {
    for (const { key, path } of screens)
      paths.set(key, typeof path === "string" ? path : await path(district));
  } catch (error) {
    await district.close();
    throw error;
  }
  return district;
}

interface SignedIn {
  readonly api: APIRequestContext;
  readonly csrf: string;
  readonly cookies: Cookies;
}

/** Once each and in order: every signing in is on record, and the record is a screen too. */
async function signInAll(
  browser: Browser,
  url: string,
  screens: readonly Screen[],
  passwords: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, SignedIn>> {
  const people = new Map<string, SignedIn>();
  for (const login of new Set(screens.map((s) => s.login))) {
    if (login === null) continue;
    const context = await browser.newContext();
    const answer = await context.request.post(`${url}/api/session`, {
      data: { login, password: passwords.get(login) ?? "" },
    });
    if (!answer.ok()) throw new Error(`${login} cannot sign in: ${await answer.text()}`);
    const { csrf } = await answer.json();
    people.set(login, { api: context.request, csrf, cookies: await context.storageState() });
  }
  return people;
}

function person(people: ReadonlyMap<string, SignedIn>, login: string): SignedIn {
  const found = people.get(login);
  if (!found) throw new Error(`${login} has no screen and is not signed in`);
  return found;
}

async function ask({ api, csrf }: SignedIn, method: string, url: string, body: unknown): Promise<unknown> {
  const answer = await api.fetch(url, {
    method,
    headers: { "x-csrf-token": csrf },
    ...(body === undefined ? {} : { data: body }),
  });
  if (!answer.ok()) throw new Error(`${method} ${url}: ${await answer.text()}`);
  return answer.json();
}
