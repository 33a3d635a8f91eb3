/** 毛病. What is wrong with the page in front of us, in sentences: reach, layout, keyboard. */
import path from "node:path";
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { inPage } from "../in-page.ts";
import type { Size } from "./screen.ts";

const LOOKS = ["layout", "keyboard"].map((name) =>
  inPage(path.join(import.meta.dirname, "..", "in-page", `${name}.ts`)),
);

/** What a change of colours can break; all else is the same page. */
const COLOURS = ["color-contrast", "link-in-text-block"];

/** What axe calls serious or critical. */
export async function axeFaults(page: Page, where: string, coloursOnly = false): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  const { violations } = await (coloursOnly ? axe.withRules(COLOURS) : axe).analyze();
  return violations
    .filter((v) => v.impact === "serious" || v.impact === "critical")
    .flatMap((v) => v.nodes.slice(0, 5).map((n) => `${where}：${v.id} ${n.target.join(" ")}`));
}

/** What is cut, wrapped, covered or scrolls twice at that size. */
export async function layoutFaults(
  page: Page,
  where: string,
  size: Size,
  doubleScroll: boolean,
): Promise<string[]> {
  await page.setViewportSize(size);
  await page.waitForTimeout(250);
  await ready(page);
  const found = await page.evaluate<string[]>(`layoutFaults({ doubleScroll: ${doubleScroll} })`);
  return found.map((words) => `${where}：${words}`);
}

interface Stop {
  readonly at: number | null;
  readonly name: string;
  readonly seen: boolean;
  readonly marked: boolean;
}

/** A native field for a day and an hour takes several Tabs, one a part. */
const PARTS_OF_A_DATE = 6;

/** Tab from the top, round once: everything is come to, in the order that is read, with the focus to be seen. */
export async function keyboardFaults(page: Page): Promise<string[]> {
  await page.addStyleTag({
    content: "*,*::before,*::after{transition:none!important;animation:none!important}",
  });
  await ready(page);
  await page.evaluate("toTheTop()");
  await page.waitForTimeout(150);
  const many = await page.evaluate<number>("beginKeyboard()");
  const faults = new Set<string>();
  const reached: number[] = [];
  const limit = many + 40;
  let last = "";
  let stays = 0;
  for (let presses = 0; ; presses++) {
    if (presses > limit) {
      faults.add(`键盘：按 Tab ${limit} 次仍未走完一圈，最后停在 ${last}`);
      break;
    }
    await page.keyboard.press("Tab");
    const stop = await page.evaluate<Stop>("stopNow()");
    if (stop.at === null) break;
    if (stop.at >= 0 && reached[0] === stop.at && reached.length > 1) break;
    stays = stop.name === last && reached.at(-1) === stop.at ? stays + 1 : 0;
    if (stays > PARTS_OF_A_DATE) {
      faults.add(`键盘：Tab 离不开 ${stop.name}`);
      break;
    }
    last = stop.name;
    if (!stop.seen) faults.add(`键盘：焦点在屏幕之外 ${stop.name}`);
    if (!stop.marked && stays === 0) faults.add(`键盘：看不出焦点在 ${stop.name}`);
    if (stop.at >= 0) reached.push(stop.at);
  }
  const order = JSON.stringify(reached);
  for (const name of await page.evaluate<string[]>(`missedBy(${order})`))
    faults.add(`键盘：Tab 走不到 ${name}`);
  for (const words of await page.evaluate<string[]>(`backwardSteps(${order})`)) faults.add(`键盘：${words}`);
  return [...faults];
}

/** The looks are handed over once a document. */
async function ready(page: Page): Promise<void> {
  if (await page.evaluate<boolean>("typeof beginKeyboard === 'function'")) return;
  for (const look of LOOKS) await page.evaluate(look);
}
