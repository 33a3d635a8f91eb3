/** 画面. What a screen is to the pictures and to the test that walks through all of them. */
import type { Page } from "playwright-core";
import type { District } from "./district.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const OFFICE: Size = { width: 1440, height: 900 };
export const LEAD: Size = { width: 1920, height: 1080 };
export const PHONE: Size = { width: 390, height: 844 };

export interface Screen {
  /** Names its pictures: area and what is seen, as `tickets-dispatch`. */
  readonly key: string;
  /** What it is, for the index of the pictures and the test's sentence. */
  readonly zh: string;
  /** Its path in web/src/router.tsx; null before signing in. */
  readonly route: string | null;
  /** Whose screen; null before signing in. */
  readonly login: string | null;
  /** Its address, or what makes the thing that it shows and answers its address: once, before anything is looked at. */
  readonly path: string | ((district: District) => Promise<string>);
  /** Brings it to what is to be seen, and waits until it is there. */
  readonly act: (page: Page, phone: boolean) => Promise<void>;
  /** Also, or only, on a phone. */
  readonly phone?: "too" | "only";
}

/** Waits for something to be seen. */
export const seen =
  (selector: string) =>
  (page: Page): Promise<void> =>
    page.locator(selector).first().waitFor();
