/** 督办画面. Items by state, one with its steps, the note, the city's list looked at, the summary, direct dispatch. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const rows = seen("main tbody tr");

export const SUPERVISION: readonly Screen[] = [
  { key: "supervision", zh: "督办件", route: "/supervision", login: "fanjg", path: listed, act: rows },
  {
    key: "supervision-item",
    zh: "一件督办：转办",
    route: "/supervision/$id",
    login: "fanjg",
    path: arrived,
    act: forwarding,
  },
  {
    key: "supervision-unit",
    zh: "督办件（承办单位）",
    route: "/supervision/$id",
    login: "renzh",
    path: forwarded,
    act: answering,
    phone: "too",
  },
  {
    key: "supervision-note",
    zh: "登记领导批示",
    route: "/supervision/new",
    login: "fanjg",
    path: "/supervision/new",
    act: seen("main form"),
  },
  {
    key: "supervision-watched",
    zh: "直派盯办",
    route: "/supervision/watched",
    login: "fanjg",
    path: "/supervision/watched",
    act: seen("main .list-tabs"),
  },
  {
    key: "supervision-summary",
    zh: "督办汇总",
    route: "/supervision/summary",
    login: "linhai",
    path: "/supervision/summary",
    act: rows,
  },
  {
    key: "supervision-lists",
    zh: "市级清单：预览",
    route: "/supervision/lists",
    login: "fanjg",
    path: "/supervision/lists",
    act: looked,
  },
  {
    key: "supervision-list",
    zh: "一份市级清单",
    route: "/supervision/lists/$id",
    login: "fanjg",
    path: takenIn,
    act: rows,
  },
];

const HEADER = "工单编号,责任单位,督办等级,督办要求,办理期限";

/** A leader's note on this ticket's unit; answers the item's id. */
async function noted({ call }: District, title: string, forward: boolean): Promise<string> {
  const unit = idIn(await call("renzh", "GET", "/api/session"), "unit");
  const body = {
    ...{ once: randomUUID(), title, matter: "请属地核实，限期解决并举一反三。", leader: "王区长" },
    ...{ notedOn: "2026-11-19", level: "key", due: null, numbers: [], unitIds: unit === null ? [] : [unit] },
  };
  const made = await call("fanjg", "POST", "/api/supervision", body);
  const id = String(Reflect.get(Object(made), "id"));
  if (forward)
    await call("fanjg", "POST", `/api/supervision/${id}/steps/forward`, {
      ...{ once: randomUUID(), version: 1 },
      input: { unitIds: unit === null ? [] : [unit], text: "请于本周内整改到位，办结后报中心现场核查。" },
    });
  return id;
}

async function listed(district: District): Promise<string> {
  await district.call("fanjg", "POST", "/api/supervision/find");
  await noted(district, "夜间施工扰民", true);
  return "/supervision";
}

async function arrived(district: District): Promise<string> {
  return `/supervision/${await noted(district, "占道经营反弹", false)}`;
}

async function forwarded(district: District): Promise<string> {
  return `/supervision/${await noted(district, "绿地垃圾堆放", true)}`;
}

async function forwarding(page: Page): Promise<void> {
  await page.getByRole("button", { name: "转办" }).first().waitFor();
  await page.keyboard.press("f");
  await page.getByRole("form", { name: "转办" }).waitFor();
}

async function answering(page: Page): Promise<void> {
  await page.getByRole("button", { name: "报办结" }).click();
  await page.getByRole("form", { name: "报办结" }).waitFor();
}

async function looked(page: Page): Promise<void> {
  const lines = [
    HEADER,
    "热线-000000-000001,学院路街道,重点,请核实解决,2026-11-30",
    ",清河街道,特别,请办理,2026-02-30",
  ];
  await page.locator('main input[type="file"]').setInputFiles({
    ...{ name: "未办结清单.csv", mimeType: "text/csv" },
    buffer: Buffer.from(`\ufeff${lines.join("\r\n")}`),
  });
  await page.getByRole("heading", { name: "读不出的行" }).waitFor();
}

async function takenIn({ call, upload }: District): Promise<string> {
  const found = await call("fanjg", "GET", "/api/tickets?limit=3");
  const tickets: unknown = Reflect.get(Object(found), "rows");
  const numbers = Array.isArray(tickets)
    ? tickets.map((row) => String(Reflect.get(Object(row), "number")))
    : [];
  const lines = [
    HEADER,
    ...numbers.map((number) => `${number},,一般,请按期办结,2026-11-30`),
    "热线-000000-000404,,,,",
  ];
  const made = await upload(
    "fanjg",
    "/api/supervision/lists",
    "十一月未办结清单.csv",
    `\ufeff${lines.join("\r\n")}`,
  );
  return `/supervision/lists/${String(Reflect.get(Object(made), "id"))}`;
}

function idIn(session: unknown, key: string): string | null {
  const value: unknown = Reflect.get(Object(session), key);
  const id: unknown = value === null ? undefined : Reflect.get(Object(value), "id");
  return typeof id === "string" ? id : null;
}
