/**
 * 浏览器中的工作台. A triager at a headless browser over the production server: first load of the queue, lists opened,
 * filtered and sorted, row to row, a move and the next ticket, a long list scrolled; each to the frame that shows it.
 */
import { gzipSync } from "node:zlib";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { ensureWebBuilt } from "../scripts/bootstrap.mjs";
import { launchBrowser } from "../test/browser.ts";
import type { Ground, Ledger } from "./ground.ts";
import { HANDS } from "./hands.ts";
import { measured, percentile, type Tell } from "./measure.ts";
import { firstPainted, PAINTED, painted } from "./painted.ts";
import { bareList, scrolledList, staticFile } from "./references.ts";

const SIZE = { width: 1440, height: 900 };
const ROWS_TO_SCROLL = 10_000;

export async function browser(ground: Ground, tell: Tell, size: number, rounds: number): Promise<void> {
  await ensureWebBuilt(process.execPath);
  const ledger = await ground.ledger(size);
  const served = await ledger.serve();
  const chromium = await launchBrowser();
  try {
    const url = `http://127.0.0.1:${served.port}`;
    const at = `${size} tickets`;
    const triager = await signedIn(chromium, ledger, url, "zhouxl");
    const lead = await signedIn(chromium, ledger, url, "linhai");
    await firstLoad(chromium, triager, url, tell, at, Math.max(5, rounds / 5));
    await lists(lead, url, tell, at, rounds);
    await rowToRow(triager, url, tell, at, rounds);
    await moveAndNext(triager, url, tell, at, rounds);
    await scroll(lead, url, tell, at);
  } finally {
    await chromium.close();
    await served.stop();
  }
}

type State = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface Desk {
  readonly browser: Browser;
  readonly state: State;
}

async function signedIn(chromium: Browser, ledger: Ledger, url: string, login: string): Promise<Desk> {
  const context = await chromium.newContext();
  const password = ledger.accounts.find((a) => a.login === login)?.password ?? "";
  const answer = await context.request.post(`${url}/api/session`, { data: { login, password } });
  if (!answer.ok()) throw new Error(`${login} cannot sign in: ${await answer.text()}`);
  const state = await context.storageState();
  await context.close();
  return { browser: chromium, state };
}

/** A new browser profile: nothing is cached. */
async function sit({ browser: chromium, state }: Desk): Promise<Page> {
  const context = await chromium.newContext({ viewport: SIZE, storageState: state });
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.addInitScript(PAINTED);
  return page;
}

async function firstLoad(
  chromium: Browser,
  desk: Desk,
  url: string,
  tell: Tell,
  at: string,
  rounds: number,
): Promise<void> {
  const times: number[] = [];
  const empty: number[] = [];
  let kilobytes = 0;
  for (let i = 0; i <= rounds; i++) {
    const page = await sit(desk);
    const scripts: Promise<Buffer>[] = [];
    page.on("response", (r) => {
      if (r.request().resourceType() === "script") scripts.push(r.body().catch(() => Buffer.alloc(0))); // the page closed on one
    });
    await page.goto(`${url}/tickets?queue=triage`, { waitUntil: "commit" });
    const ms = await firstPainted(page, "list");
    if (i > 0) times.push(ms);
    const seen = await Promise.all(scripts.slice());
    kilobytes = seen.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0) / 1024;
    await page.context().close();
    empty.push(await staticFile(chromium, url));
  }
  tell(measured("browser first load script", kilobytes, "KB gz", 350, "the promise"));
  for (const p of [50, 95])
    tell(
      measured(
        `browser first load of the queue ${at} p${p}`,
        percentile(times, p),
        "ms",
        percentile(empty, p),
        "a static file of the same server painted in a new profile",
      ),
    );
}

/** What people do to lists, by hand: each in turn, as often as asked for. */
async function lists(desk: Desk, url: string, tell: Tell, at: string, rounds: number): Promise<void> {
  const page = await sit(desk);
  await page.goto(`${url}/tickets?queue=all`);
  await firstPainted(page, "list");
  const still = await stillFrame(page);
  for (const hand of HANDS) {
    const times: number[] = [];
    await hand.before?.(page);
    for (let i = 0; i < rounds; i++) {
      await page.waitForTimeout(120);
      times.push(await hand.does(page, i));
    }
    await hand.after?.(page);
    for (const p of [50, 95])
      tell(measured(`browser list ${hand.name} ${at} p${p}`, percentile(times, p), "ms", still, FRAMES));
  }
  await page.context().close();
}

const FRAMES = "an attribute changed and painted on the same page";

async function rowToRow(desk: Desk, url: string, tell: Tell, at: string, rounds: number): Promise<void> {
  const page = await sit(desk);
  await page.goto(`${url}/tickets?queue=triage`);
  await firstPainted(page, "list");
  await page.locator(".ticket-title").first().waitFor();
  const still = await stillFrame(page);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    await page.waitForTimeout(250); // a glance at each: what is next is being fetched meanwhile
    times.push(await painted(page, "ticket", () => page.keyboard.press(i % 20 < 15 ? "j" : "k")));
  }
  for (const p of [50, 95])
    tell(measured(`browser row to row ${at} p${p}`, percentile(times, p), "ms", still, FRAMES));
  await page.context().close();
}

async function moveAndNext(desk: Desk, url: string, tell: Tell, at: string, rounds: number): Promise<void> {
  const page = await sit(desk);
  await page.goto(`${url}/tickets?queue=received`);
  await firstPainted(page, "list");
  await page.getByRole("button", { name: /^签收/ }).first().waitFor();
  const still = await stillFrame(page);
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) {
    await page.waitForTimeout(400);
    times.push(await painted(page, "ticket", () => page.keyboard.press("s")));
  }
  for (const p of [50, 95])
    tell(measured(`browser move and next ticket ${at} p${p}`, percentile(times, p), "ms", still, FRAMES));
  await page.context().close();
}

async function scroll(desk: Desk, url: string, tell: Tell, at: string): Promise<void> {
  const page = await sit(desk);
  await page.goto(`${url}/tickets?queue=all`);
  await firstPainted(page, "list");
  const { rows, framesPerSecond } = await scrolledList(page, ROWS_TO_SCROLL);
  const bare = await bareList(page.context(), ROWS_TO_SCROLL);
  const against = `a bare page's ${ROWS_TO_SCROLL} rows, drawn as they come into sight`;
  tell(measured(`browser scroll of ${rows} rows, ${at}`, framesPerSecond, "frames/s", bare, against));
  await page.context().close();
}

/** The machine's own time from a key to the frame after the next: nothing can be quicker. */
async function stillFrame(page: Page): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 20; i++) times.push(await painted(page, "touch", () => page.keyboard.press("Shift")));
  return percentile(times, 50);
}
