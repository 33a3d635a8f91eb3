/** 办前检查画面. The checks in the form of a closing, the second person's list, its statistics, the list of checks. */
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import { type Screen, seen } from "./screen.ts";

export const GUARDS: readonly Screen[] = [
  {
    key: "guard-closing",
    zh: "办前检查（同意结案）",
    route: "/tickets/$id",
    login: "weijh",
    path: closingTicket,
    act: checking,
  },
  {
    key: "overrides",
    zh: "复核放行：待复核",
    route: "/overrides",
    login: "qinzr",
    path: asked,
    act: seen(".urge-row"),
  },
  {
    key: "overrides-rules",
    zh: "检查清单",
    route: "/overrides",
    login: "linhai",
    path: "/overrides?tab=rules",
    act: seen("main tbody tr"),
  },
];

const field = (of: unknown, name: string): unknown =>
  of !== null && typeof of === "object" ? Reflect.get(of, name) : undefined;

/** A ticket that waits for its closing. */
async function closingId({ call }: District): Promise<string> {
  const rows = field(await call("weijh", "GET", "/api/tickets?queue=closing&limit=1"), "rows");
  const [first]: unknown[] = Array.isArray(rows) ? rows : [];
  if (first === undefined) throw new Error("nothing waits for its closing");
  return String(field(first, "id"));
}

async function closingTicket(district: District): Promise<string> {
  return `/tickets/${await closingId(district)}`;
}

async function checking(page: Page): Promise<void> {
  await page
    .getByRole("button", { name: /^同意结案/ })
    .first()
    .click();
  await page.getByRole("region", { name: "办前检查" }).waitFor();
}

/** A withdrawal on an empty ground, asked to be let pass. */
async function asked({ call }: District): Promise<string> {
  const rows = field(await call("linhai", "GET", "/api/tickets?queue=triage&limit=1"), "rows");
  const [first]: unknown[] = Array.isArray(rows) ? rows : [];
  await call("linhai", "POST", `/api/tickets/${String(field(first, "id"))}/guard/applyWithdraw/override`, {
    input: { ground: "申请退市，请批准。" },
    reason: "市级已电话同意改派，书面材料明日补传",
  });
  return "/overrides";
}
