/** 工单各画面. Home, queues, the ticket, moves, the callback desk. */
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const open = seen(".ticket-title");
const rows = seen("[role=option], [role=row][data-id], tbody tr");

/** On a phone the list stands alone, and a ticket is tapped open. */
const opened = async (page: Page, phone: boolean): Promise<void> => {
  if (phone) await page.locator(".ticket-row, [role=option]").first().click();
  await open(page);
};

const pressed = (key: string, then: string) => async (page: Page, phone: boolean) => {
  await opened(page, phone);
  await page.waitForTimeout(300);
  await page.keyboard.press(key);
  await seen(then)(page);
};

export const WORK: readonly Screen[] = [
  {
    key: "home-lead",
    zh: "工作台（值班长）",
    route: "/",
    login: "linhai",
    path: "/",
    act: seen("main h1"),
    phone: "too",
  },
  {
    key: "home-triager",
    zh: "工作台（分拣员）",
    route: "/",
    login: "zhouxl",
    path: "/",
    act: seen("main h1"),
  },
  {
    key: "home-unit",
    zh: "工作台（承办单位）",
    route: "/",
    login: "renzh",
    path: "/",
    act: seen("main h1"),
    phone: "too",
  },
  {
    key: "tickets-received",
    zh: "工单队列：待签收",
    route: "/tickets",
    login: "zhouxl",
    path: "/tickets?queue=received",
    act: opened,
  },
  {
    key: "tickets-triage",
    zh: "工单队列：待分拣",
    route: "/tickets",
    login: "zhouxl",
    path: "/tickets?queue=triage",
    act: opened,
  },
  {
    key: "tickets-reported",
    zh: "工单队列：反馈待审",
    route: "/tickets",
    login: "fanjg",
    path: "/tickets?queue=reported",
    act: opened,
  },
  {
    key: "tickets-every",
    zh: "全部工单",
    route: "/tickets",
    login: "linhai",
    path: "/tickets?queue=all",
    act: opened,
  },
  {
    key: "tickets-table",
    zh: "工单队列：宽表",
    route: "/tickets",
    login: "xumm",
    path: "/tickets?queue=with-units",
    act: asTable,
  },
  {
    key: "tickets-empty",
    zh: "工单队列：没有相符的工单",
    route: "/tickets",
    login: "linhai",
    path: "/tickets?queue=all&q=%E6%B2%A1%E6%9C%89%E8%BF%99%E4%B8%AA%E8%AF%8D",
    act: seen(".empty, .ant-empty, [class*=empty]"),
  },
  {
    key: "tickets-dispatch",
    zh: "派单",
    route: "/tickets",
    login: "zhouxl",
    path: "/tickets?queue=triage",
    act: dispatching,
  },
  {
    key: "tickets-closing",
    zh: "结案审批",
    route: "/tickets",
    login: "weijh",
    path: "/tickets?queue=closing",
    act: pressed("c", "form"),
  },
  {
    key: "tickets-unit",
    zh: "承办单位的队列",
    route: "/tickets",
    login: "renzh",
    path: "/tickets?queue=unit-handling",
    act: opened,
  },
  {
    key: "tickets-unit-list",
    zh: "承办单位的列表（手机）",
    route: "/tickets",
    login: "renzh",
    path: "/tickets?queue=unit-handling",
    act: rows,
    phone: "only",
  },
  {
    key: "ticket-page",
    zh: "工单页",
    route: "/tickets/$id",
    login: "fanjg",
    path: ticketOf("fanjg", "reported"),
    act: open,
  },
  {
    key: "ticket-unit",
    zh: "工单页（承办单位）",
    route: "/tickets/$id",
    login: "renzh",
    path: ticketOf("renzh", "unit-handling"),
    act: open,
    phone: "too",
  },
  {
    key: "ticket-pausing",
    zh: "申请暂停计时",
    route: "/tickets/$id",
    login: "renzh",
    // Another one than the others': what is filled in stays as a draft, and opens again with its ticket.
    path: ticketOf("renzh", "unit-handling", "", "sort=-due&"),
    act: pausing,
  },
  {
    key: "ticket-print",
    zh: "工单打印",
    route: "/tickets/$id/print",
    login: "fanjg",
    path: ticketOf("fanjg", "reported", "/print"),
    act: seen("main h1"),
  },
  {
    key: "ticket-report",
    zh: "办理反馈（手机）",
    route: "/tickets/$id",
    login: "renzh",
    path: ticketOf("renzh", "unit-handling"),
    act: reporting,
    phone: "only",
  },
  {
    key: "callback-desk",
    zh: "回访台",
    route: "/callback",
    login: "sunyt",
    path: "/callback",
    act: (page) => open(page),
  },
  {
    key: "sampling",
    zh: "电话抽访：方案与抽取",
    route: "/sampling",
    login: "shenyh",
    path: "/sampling",
    act: (page) => page.getByRole("region", { name: "抽取样本" }).waitFor(),
  },
  {
    key: "sampling-calls",
    zh: "电话抽访：名单与通话",
    route: "/sampling/$id",
    login: "sunyt",
    path: async (district) => `/sampling/${await drawn(district)}`,
    act: (page) => page.getByRole("form", { name: "回访" }).waitFor(),
  },
];

/** A sample of the channels that the city does not call back. */
async function drawn({ call }: District): Promise<string> {
  const made = await call("shenyh", "POST", "/api/sampling/plans", {
    ...{ name: "十一月自收渠道抽访", from: "2026-10-21", to: "2026-11-19", strata: "channel", size: 30 },
    ...{ channels: ["96181", "人民网地方领导留言板", "政务服务网", "网络舆情"], seed: "screens-2026" },
  });
  return typeof made === "object" && made !== null && "id" in made ? String(made.id) : "";
}

/** The form of a list is kept: the second time it is there at once. */
async function asTable(page: Page): Promise<void> {
  await seen("[id^=row-]")(page);
  await page.waitForTimeout(300);
  if ((await page.locator(".ticket-table").count()) === 0) await page.keyboard.press("v");
  await seen(".ticket-table [id^=row-]")(page);
}

async function dispatching(page: Page, phone: boolean): Promise<void> {
  await opened(page, phone);
  await page.locator(".suggestion").first().waitFor();
  await page.keyboard.press("d");
  const form = page.getByRole("form", { name: "派单" });
  await form.locator(".suggestion").first().waitFor();
}

/** The form, with what the chosen ground asks for. */
async function pausing(page: Page): Promise<void> {
  await open(page);
  await page.keyboard.press("q");
  const form = page.getByRole("form", { name: "申请暂停计时" });
  await form.getByText("等待第三方鉴定").click();
  await form.getByText(/须提供/).waitFor();
}

async function reporting(page: Page): Promise<void> {
  await open(page);
  await page
    .getByRole("button", { name: /^(办理)?反馈/ })
    .first()
    .click();
  await page.getByLabel("办理情况").waitFor();
}

/** The address of the first ticket of a person's queue, or of what there is of it. */
function ticketOf(login: string, queue: string, then = "", sort = ""): Exclude<Screen["path"], string> {
  return async ({ call }) => {
    const list = await call(login, "GET", `/api/tickets?queue=${queue}&${sort}limit=1`);
    return `/tickets/${idIn(list, "rows")}${then}`;
  };
}

/** `answer[list][0].id`, or a clear word when there is none. */
function idIn(answer: unknown, list: string): string {
  const found: unknown =
    answer !== null && typeof answer === "object" ? Reflect.get(answer, list) : undefined;
  const [first]: unknown[] = Array.isArray(found) ? found : [];
  if (first === null || typeof first !== "object" || !("id" in first)) throw new Error(`nothing in ${list}`);
  return String(first.id);
}
