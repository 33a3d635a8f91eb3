/** 手上的动作. What people do to a list with mouse and keys, and how long each takes to the frame that shows it. */
import type { Page } from "playwright-core";
import { painted } from "./painted.ts";

interface Hand {
  readonly name: string;
  readonly before?: (page: Page) => Promise<void>;
  /** Milliseconds of the round. */
  readonly does: (page: Page, round: number) => Promise<number>;
  readonly after?: (page: Page) => Promise<void>;
}

/** Neighbours show other tickets at the top, so that one can tell when the next list is there. */
const QUEUES = ["with-units", "triage", "reported", "overdue", "near", "received"];
const WORDS = ["供热", "停车", "物业", "路灯", "噪声", "积水"];
const STREETS = ["清河", "学院路", "四季青", "西三旗", "中关村", "上地"];

/** One of several, another one every round. */
const inTurn = (several: readonly string[], round: number): string => several[round % several.length] ?? "";

/** `/` brings to the box for words and conditions. */
async function type(page: Page, words: string): Promise<void> {
  await page.locator("#main").focus();
  await page.keyboard.press("/");
  await page.keyboard.press("Control+a");
  await page.keyboard.type(words);
}

/** Everything again: no words, no conditions. */
async function everything(page: Page): Promise<void> {
  await page.locator('a.queue-link[href*="queue=all"]').first().click();
  await page.waitForTimeout(600);
}

const withUnits = (page: Page): Promise<void> =>
  page.locator('a.queue-link[href*="queue=with-units"]').first().click();

export const HANDS: readonly Hand[] = [
  {
    name: "opened",
    before: everything,
    does: (page, i) =>
      painted(page, "list", () =>
        page
          .locator(`a.queue-link[href*="queue=${inTurn(QUEUES, i)}"]`)
          .first()
          .click(),
      ),
  },
  {
    name: "searched by words",
    before: everything,
    async does(page, i) {
      await type(page, inTurn(WORDS, i));
      return painted(page, "list", () => page.keyboard.press("Enter"));
    },
    after: everything,
  },
  {
    name: "filtered by street",
    before: withUnits,
    async does(page, i) {
      await type(page, `街镇 ${inTurn(STREETS, i)}`);
      await page.locator(".filter-offer").nth(1).waitFor();
      await page.keyboard.press("ArrowDown");
      return painted(page, "list", () => page.keyboard.press("Enter"));
    },
    after: everything,
  },
  {
    name: "sorted",
    async before(page) {
      await withUnits(page);
      await page.waitForTimeout(600);
      await page.locator("#main").focus();
      await page.keyboard.press("v");
      await page.locator(".ticket-table .sort-button").first().waitFor();
    },
    does: (page, i) =>
      painted(page, "list", () =>
        page
          .locator(".ticket-table .sort-button")
          .nth(i % 3)
          .click(),
      ),
    async after(page) {
      await page.locator("#main").focus();
      await page.keyboard.press("v");
      await everything(page);
    },
  },
];
