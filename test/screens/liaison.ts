/** 协调单画面. The list, the figures of the parties, one item at a desk and on a unit's telephone, a new one; the ladder edited. */
import { randomUUID } from "node:crypto";
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const listed = seen("main tbody tr");

export const LIAISON: readonly Screen[] = [
  {
    key: "liaison",
    zh: "协调单",
    route: "/liaison",
    login: "fanjg",
    path: async (district) => {
      await begun(district);
      return "/liaison?tab=all";
    },
    act: listed,
  },
  {
    key: "liaison-figures",
    zh: "协调单：各方统计",
    route: "/liaison",
    login: "fanjg",
    path: "/liaison?tab=figures",
    act: listed,
  },
  {
    key: "liaison-one",
    zh: "协调单（一件）",
    route: "/liaison/$id",
    login: "fanjg",
    path: async (district) => `/liaison/${await begun(district)}`,
    act: concluding,
  },
  {
    key: "liaison-answer",
    zh: "协调单：承办单位答复",
    route: "/liaison/$id",
    login: "renzh",
    path: async (district) => `/liaison/${await begun(district)}`,
    act: seen("form .field"),
    phone: "too",
  },
  {
    key: "liaison-new",
    zh: "发起协调单",
    route: "/liaison/new",
    login: "fanjg",
    path: "/liaison/new",
    act: filling,
  },
  {
    key: "rules-ladder",
    zh: "日历与时限：起草催办阶梯",
    route: "/rules",
    login: "sysadmin",
    path: "/rules",
    act: drafting,
  },
];

/** An item on a ticket between the centre, the city, a street and a bureau; the street has answered, the city by telephone. */
async function begun({ call, town }: District): Promise<string> {
  const tickets = rowsOf(await call("renzh", "GET", "/api/tickets?queue=unit-handling&limit=1"));
  const [street, bureau] = [await town.unit("四季青"), await town.unit("区城市管理委")];
  const made = await call("fanjg", "POST", "/api/liaisons", {
    ...{ key: randomUUID(), title: "地下通道积水由谁抽排", pace: "ordinary" },
    question: "京藏高速辅路地下通道连日积水，市民多次反映。请说明管理权属、排水设施现状和处置安排。",
    asked: [
      { side: "city", name: "市水务局" },
      { side: "unit", unit: street },
      { side: "unit", unit: bureau },
    ],
    tickets: tickets.map((ticket) => String(Reflect.get(Object(ticket), "number"))),
  });
  const id = String(Reflect.get(Object(made), "id"));
  const parties: readonly unknown[] = Reflect.get(Object(made), "parties");
  const city = parties.find((party) => Reflect.get(Object(party), "side") === "city");
  await call("dengl", "POST", `/api/liaisons/${id}/answer`, {
    ...{ key: randomUUID(), version: 1, words: "通道由市属单位建设，街道已设警示并临时抽排。" },
  });
  await call("fanjg", "POST", `/api/liaisons/${id}/answer`, {
    ...{ key: randomUUID(), version: 2, party: String(Reflect.get(Object(city), "id")), means: "电话" },
    ...{ contact: "工号 0231", words: "同意支援水泵一台，产权资料下周一提供。" },
  });
  return id;
}

function rowsOf(found: unknown): readonly unknown[] {
  const rows: unknown = found !== null && typeof found === "object" ? Reflect.get(found, "rows") : undefined;
  return Array.isArray(rows) ? rows : [];
}

async function concluding(page: Page): Promise<void> {
  await page.locator(".liaison-exchanges li").first().waitFor();
  await page.getByRole("button", { name: /^作出结论/ }).click();
  await page.getByLabel("结论类别").waitFor();
}

async function filling(page: Page): Promise<void> {
  const form = page.getByRole("form", { name: "发起协调单" });
  await form.getByLabel("标题").fill("共享单车停放区划定");
  await form.getByLabel("需要协调的问题").fill("请说明地铁站口停放区由谁划定、何时完成。");
}

async function drafting(page: Page): Promise<void> {
  await page.getByText("催办阶梯", { exact: true }).click();
  await page.getByRole("button", { name: "据此起草新版" }).first().click();
  await page.getByRole("dialog").getByRole("button", { name: "检查" }).waitFor();
}
