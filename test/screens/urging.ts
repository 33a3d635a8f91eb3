/** 催办与通知画面. Urges with answers, the ladder, channels by which notices leave the house. */
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const listed = seen(".urge-row");

export const URGING: readonly Screen[] = [
  { key: "urging", zh: "催办：未回复", route: "/urging", login: "fanjg", path: urged("fanjg"), act: listed },
  {
    key: "urging-unit",
    zh: "催办（承办单位）",
    route: "/urging",
    login: "renzh",
    path: urged("renzh"),
    act: answering,
    phone: "too",
  },
  {
    key: "urging-ladder",
    zh: "催办阶梯",
    route: "/urging",
    login: "linhai",
    path: "/urging?tab=ladder",
    act: seen("main tbody tr"),
  },
  {
    key: "notify",
    zh: "通知通道",
    route: "/notify",
    login: "sysadmin",
    path: withChannels,
    act: seen("main tbody tr"),
  },
  {
    key: "notify-hook",
    zh: "通知通道：外发接口",
    route: "/notify",
    login: "sysadmin",
    path: "/notify",
    act: entering,
  },
];

/** Waits until somebody of this person's was urged: by the ladder, and by hand for what the unit handles. */
function urged(login: string): Exclude<Screen["path"], string> {
  return async ({ call }) => {
    const handled = await call("renzh", "GET", "/api/tickets?queue=unit-handling&limit=2");
    const ids = rowsOf(handled).flatMap((row) =>
      row !== null && typeof row === "object" && "id" in row ? [String(row.id)] : [],
    );
    const input = { text: "市民再次来电，请今日到场并回复进展。" };
    await call("fanjg", "POST", "/api/tickets/bulk-moves", { ids, move: "urge", input });
    for (let i = 0; i < 200; i += 1) {
      const found = await call(login, "GET", "/api/urges?limit=1");
      if (rowsOf(found).length > 0) return "/urging";
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`nobody was urged whom ${login} sees`);
  };
}

function rowsOf(found: unknown): readonly unknown[] {
  const rows: unknown = found !== null && typeof found === "object" ? Reflect.get(found, "rows") : undefined;
  return Array.isArray(rows) ? rows : [];
}

async function answering(page: Page): Promise<void> {
  await listed(page);
  await page.getByRole("button", { name: "回复催办" }).first().click();
  await page.getByLabel("办理进展").waitFor();
}

async function withChannels({ call }: District): Promise<string> {
  const mail = { host: "mail.hd.example", port: 465, security: "tls", from: "jiesu@hd.example" };
  await call("sysadmin", "POST", "/api/notify/channels", {
    ...{ means: "email", name: "区政务邮箱", enabled: false, settings: mail },
  });
  return "/notify";
}

async function entering(page: Page): Promise<void> {
  await page.getByRole("button", { name: "新建通道：外发接口" }).click();
  await page.getByRole("dialog").waitFor();
}
