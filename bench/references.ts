/** 参照. What the same browser makes of next to nothing, and frames a second of a list that is scrolled. */
import type { Browser, BrowserContext, Page } from "playwright-core";
import { PAINTED } from "./painted.ts";

const LIST_BOX = ".ticket-table, .ticket-rows";
const PIXELS_A_FRAME = 240;
const SECONDS = 5;

/** A static file of the server in a new profile, to its second frame: what no page can be quicker than. */
export async function staticFile(browser: Browser, url: string): Promise<number> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.goto(`${url}/icon.svg`);
  const ms = await page.evaluate<number>(
    "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now()))))",
  );
  await context.close();
  return ms;
}

/** Reads on until the list holds that many rows (or has no more), then scrolls it from top to bottom. */
export async function scrolledList(
  page: Page,
  rows: number,
): Promise<{ rows: number; framesPerSecond: number }> {
  const held = (): Promise<number> =>
    page.evaluate<number>(
      `Math.round(document.querySelector("${LIST_BOX}").scrollHeight / document.querySelector("[id^=row-]").offsetHeight)`,
    );
  let count = await held();
  for (let still = 0; count < rows && still < 60; ) {
    await page.evaluate(`document.querySelector("${LIST_BOX}").scrollTop = 1e9`);
    await page.waitForTimeout(50);
    const now = await held();
    still = now === count ? still + 1 : 0;
    count = now;
  }
  await page.evaluate(`document.querySelector("${LIST_BOX}").scrollTop = 0`);
  await page.waitForTimeout(1000);
  return { rows: count, framesPerSecond: await frames(page, LIST_BOX) };
}

export async function bareList(context: BrowserContext, rows: number): Promise<number> {
  const page = await context.newPage();
  await page.addInitScript(PAINTED);
  await page.goto("about:blank");
  await page.evaluate(PAINTED);
  await page.evaluate(`bareList(${rows})`);
  const drawn = await frames(page, "#bare");
  await page.close();
  return drawn;
}

function frames(page: Page, selector: string): Promise<number> {
  return page.evaluate<number>(`framesWhile("${selector}", ${PIXELS_A_FRAME}, ${SECONDS * 1000})`);
}
