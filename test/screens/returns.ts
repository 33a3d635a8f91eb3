/** 采集与退单、问题事件画面. The statistics with a number opened, the unit's own, and a return in review with what was decided before. */
import type { District } from "./district.ts";
import { type Screen, seen } from "./screen.ts";

export const RETURNS: readonly Screen[] = [
  {
    key: "returns",
    zh: "退单统计：按单位，点开一个数字",
    route: "/returns",
    login: "linhai",
    path: "/returns?from=2026-10-01&to=2026-11-20&open=asked",
    act: seen(".returns-behind tbody tr"),
  },
  {
    key: "returns-collection",
    zh: "采集与分拣统计：按渠道",
    route: "/returns",
    login: "linhai",
    path: "/returns?tab=collection&from=2026-10-01&to=2026-11-20",
    act: seen("main tbody tr"),
  },
  {
    key: "returns-unit",
    zh: "退单统计（承办单位）",
    route: "/returns",
    login: "renzh",
    path: "/returns?by=ground&from=2026-09-01&to=2026-11-20",
    act: seen(".page-body .panel tbody tr"),
    phone: "too",
  },
  {
    key: "ticket-return",
    zh: "工单：退单审核，同一事项以往的退单",
    route: "/tickets/$id",
    login: "fanjg",
    path: inReview,
    act: seen(".returns-of li"),
  },
  {
    key: "ticket-returning",
    zh: "工单：承办单位退单，写明情形和依据",
    route: "/tickets/$id",
    login: "renzh",
    path: handled,
    act: async (page) => {
      await page.locator(".ticket h1, .ticket h2").first().waitFor();
      await page.keyboard.press("r");
      await page.getByRole("form", { name: "退单" }).waitFor();
    },
    phone: "too",
  },
  {
    key: "problems",
    zh: "问题事件：单位和种类",
    route: "/problems",
    login: "fanjg",
    path: found,
    act: seen("main tbody tr"),
  },
  {
    key: "problems-unit",
    zh: "问题事件清单（承办单位）",
    route: "/problems",
    login: "renzh",
    path: "/problems?state=all",
    act: seen("main h1"),
    phone: "too",
  },
  {
    key: "problem-one",
    zh: "一件问题事件：承办单位答复",
    route: "/problems/$id",
    login: "renzh",
    path: unanswered,
    act: (page) => page.getByRole("form", { name: "答复" }).waitFor(),
    phone: "too",
  },
  {
    key: "problems-rules",
    zh: "问题事件规则",
    route: "/problems",
    login: "fanjg",
    path: "/problems?tab=rules",
    act: seen("main tbody tr"),
  },
];

/** The last days are gone through, as the worker does every morning. */
async function found({ call }: District): Promise<string> {
  for (const day of ["2026-11-18", "2026-11-19", "2026-11-20"])
    await call("fanjg", "POST", "/api/problems/find", { day });
  return "/problems?tab=summary";
}

async function unanswered(district: District): Promise<string> {
  await found(district);
  const id = firstId(await district.call("renzh", "GET", "/api/problems?state=open&limit=1"));
  return `/problems/${id}`;
}

async function inReview({ call }: District): Promise<string> {
  return `/tickets/${firstId(await call("fanjg", "GET", "/api/tickets?state=returnReview&limit=1"))}`;
}

/** One that the unit was sent and has not accepted; where none waits, one that it handles. */
/** Sent to the bureau a moment ago: within the time in which it may be given back. */
async function handled({ town, call }: District): Promise<string> {
  const told = {
    channel: "电话",
    title: "成府路井盖破损",
    content: "市民反映成府路与中关村东路交口井盖破损。",
  };
  const taken = Object(Reflect.get(Object(await call("zhouxl", "POST", "/api/tickets", told)), "ticket"));
  const id = String(Reflect.get(taken, "id"));
  const bureau = { leadUnitId: await town.unit("区城市管理委"), coUnitIds: [], opinion: "请核实办理" };
  for (const [move, input] of [
    ["sign", {}],
    ["dispatch", bureau],
  ] as const) {
    const version: unknown = Reflect.get(
      Object(await call("zhouxl", "GET", `/api/tickets/${id}`)),
      "version",
    );
    await call("zhouxl", "POST", `/api/tickets/${id}/moves/${move}`, { version, input });
  }
  return `/tickets/${id}`;
}

function firstId(found: unknown): string {
  const rows: unknown = found !== null && typeof found === "object" ? Reflect.get(found, "rows") : undefined;
  const first: unknown = Array.isArray(rows) ? rows[0] : undefined;
  if (first === null || typeof first !== "object" || !("id" in first)) throw new Error("no such ticket");
  return String(first.id);
}
