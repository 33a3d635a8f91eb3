/**
 * 走一遍画面. Screens by somebody who may see them: without a serious fault for axe in light and in dark, reached and
 * operated by the Tab key, whole at the office's and the lead's sizes, at 200 % zoom, and on a phone where it is used
 * there.
 */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Page } from "playwright-core";
import { type District, openDistrict } from "./district.ts";
import { axeFaults, keyboardFaults, layoutFaults } from "./faults.ts";
import { LEAD, OFFICE, PHONE, type Screen } from "./screen.ts";

const TICKETS = 3000;
/** The office screen at 200 % zoom: half as many CSS pixels either way. */
const ZOOMED = { width: OFFICE.width / 2, height: OFFICE.height / 2 };

/** JIESU_TEST_SCREENS names some by a word, while one is at work on them. */
const words = (process.env.JIESU_TEST_SCREENS ?? "").split(",").filter(Boolean);

/** A test a screen, and another where it is used on a phone. */
export function walk(screens: readonly Screen[]): void {
  let district: District;
  before(async () => {
    district = await openDistrict(screens, TICKETS);
  });
  after(() => district?.close());
  for (const screen of screens) {
    if (words.length > 0 && !words.some((word) => screen.key.includes(word))) continue;
    if (screen.phone !== "only") {
      test(`${screen.zh}：no fault in reach, layout and keyboard (${screen.key})`, async () => {
        assert.deepEqual(await inTheOffice(district, screen), []);
      });
    }
    if (screen.phone !== undefined) {
      test(`${screen.zh}：no fault on a phone (${screen.key})`, async () => {
        assert.deepEqual(await onAPhone(district, screen), []);
      });
    }
  }
}

async function inTheOffice(district: District, screen: Screen): Promise<readonly string[]> {
  const page = await district.show(screen, OFFICE);
  try {
    const faults = [
      ...(await axeFaults(page, "浅色")),
      ...(await keyboardFaults(page)),
      ...(await layoutFaults(page, "1440", OFFICE, true)),
      ...(await layoutFaults(page, "1920", LEAD, true)),
      ...(await layoutFaults(page, "放大到 200%", ZOOMED, false)),
    ];
    await page.setViewportSize(OFFICE);
    return [...faults, ...(await inTheDark(district, page, screen))];
  } finally {
    await page.context().close();
  }
}

async function onAPhone(district: District, screen: Screen): Promise<readonly string[]> {
  const page = await district.show(screen, PHONE);
  try {
    return [...(await axeFaults(page, "手机浅色")), ...(await layoutFaults(page, "手机", PHONE, true))];
  } finally {
    await page.context().close();
  }
}

/** By the switch in the frame, which whatever lies over the page keeps; before signing in, as the system is set. */
async function inTheDark(district: District, page: Page, screen: Screen): Promise<readonly string[]> {
  const toDark = page.locator("[aria-label=切换为深色]");
  if ((await toDark.count()) > 0) {
    await toDark.first().dispatchEvent("click");
    return axeFaults(page, "深色", true);
  }
  const dark = await district.show(screen, OFFICE, true);
  try {
    return await axeFaults(dark, "深色", true);
  } finally {
    await dark.context().close();
  }
}
