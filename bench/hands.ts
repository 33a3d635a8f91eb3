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

const QUEUES = ["with-units", "near", "overdue", "reported", "triage", "all"];
const WORDS = ["供热", "停车", "物业", "路灯", "噪声", "积水"];

/** One of several, another one every round. */
const inTurn = <T>(several: readonly T[], round: number): T => {
  const one = several[round % several.length];
  if (one === undefined) throw new Error("nothing to take in turn");
  return one;
};

export const HANDS: readonly Hand[] = [
  {
    name: "opened",
    does: (page, i) =>
      painted(page, "list", () =>
        page
          .locator(`a.queue-link[href*="queue=${inTurn(QUEUES, i)}"]`)
          .first()
          .click(),
      ),
  },
  {
    name: "filtered by words",
    async does(page, i) {
      const field = page.getByPlaceholder("编号、标题或内容");
      await field.fill(inTurn(WORDS, i));
      return painted(page, "list", () => field.press("Enter"));
    },
    after: (page) => cleared(page),
  },
  {
    name: "sorted",
    async does(page, i) {
      await page.getByRole("combobox", { name: "排序" }).click();
      const option = page
        .locator(".ant-select-dropdown:visible .ant-select-item-option")
        .nth(i % 2 === 0 ? 1 : 0);
      await option.waitFor();
      await page.waitForTimeout(250);
      return painted(page, "list", () => option.click());
    },
  },
];

async function cleared(page: Page): Promise<void> {
  const field = page.getByPlaceholder("编号、标题或内容");
  await field.fill("");
  await field.press("Enter");
  await page.waitForTimeout(500);
}
