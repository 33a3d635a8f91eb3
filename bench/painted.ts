/** 画出. From a key or a click to the second frame after the screen shows what it asked for. */
import path from "node:path";
import type { Page } from "playwright-core";
import { inPage } from "../test/in-page.ts";

/** What must look another way: the list, the ticket beside it, or (the least there is) an attribute of the page. */
type Look = "list" | "ticket" | "touch";

/** To be added to a page before it goes anywhere. */
export const PAINTED = inPage(path.join(import.meta.dirname, "in-page", "painted.ts"));

/** Milliseconds from the last key or click of `act` until what it asked for is drawn. */
export async function painted(page: Page, what: Look, act: () => Promise<unknown>): Promise<number> {
  await page.evaluate(`awaitPaint("${what}")`);
  await act();
  const { ms } = await page.evaluate<{ ms: number }>("painted()");
  return ms;
}

/** Milliseconds from the start of the navigation until it is drawn for the first time. */
export async function firstPainted(page: Page, what: Look): Promise<number> {
  await page.evaluate(`awaitPaint("${what}", "")`);
  const { ms } = await page.evaluate<{ ms: number }>("painted()");
  return ms;
}
