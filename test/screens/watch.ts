/** 盯办与履约画面. The watch-list, the sweep, incidents and the alarm that the third of them raised, acknowledged. */
import { watchStep } from "@jiesu/server/duty/watch.ts";
import { incidentStep } from "@jiesu/server/incident/find.ts";
import { follow } from "@jiesu/server/testing/urging.ts";
import type { Page } from "playwright-core";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const table = seen("main tbody tr");

export const WATCH: readonly Screen[] = [
  { key: "watch", zh: "值班盯办", route: "/watch", login: "linhai", path: watched, act: table },
  { key: "watch-give", zh: "交办盯办件", route: "/watch", login: "linhai", path: "/watch", act: giving },
  {
    key: "watch-sweep",
    zh: "无主巡查",
    route: "/watch",
    login: "linhai",
    path: async ({ call }) => {
      await call("linhai", "POST", "/api/duty/sweeps");
      return "/watch?tab=sweep";
    },
    act: table,
  },
  {
    key: "incidents",
    zh: "履约事件",
    route: "/incidents",
    login: "qinzr",
    path: async (district) => {
      await threeRejections(district);
      return "/incidents";
    },
    act: table,
  },
  {
    key: "incident",
    zh: "一起履约事件",
    route: "/incidents/$id",
    login: "qinzr",
    path: async ({ call }) => {
      const [first] = idsOf(await call("qinzr", "GET", "/api/incidents?kind=rejected&limit=1"));
      const asked = { words: "请说明退市依据，并附地界图。", due: null };
      await call("qinzr", "POST", `/api/incidents/${first}/steps/ask`, asked);
      return `/incidents/${first}`;
    },
    act: seen(".incident-steps li"),
  },
];

async function watched({ town }: District): Promise<string> {
  await watchStep()(town.shell);
  return "/watch";
}

async function giving(page: Page): Promise<void> {
  await table(page);
  await page.locator("main tbody tr").first().focus();
  await page.keyboard.press("g");
  await page.getByRole("dialog").getByLabel("接办人").waitFor();
}

/** Three tickets whose withdrawal the city rejects, the cursor having begun before. */
async function threeRejections({ town, call }: District): Promise<void> {
  const work = () => follow(town, "incident", incidentStep());
  await work();
  const move = async (id: string, name: string, input: object) => {
    const version: unknown = Reflect.get(
      Object(await call("zhouxl", "GET", `/api/tickets/${id}`)),
      "version",
    );
    await call("zhouxl", "POST", `/api/tickets/${id}/moves/${name}`, { version, input });
  };
  for (const spot of ["东口", "西口", "南口"]) {
    // Newly received: the window of a withdrawal is open.
    const made = await call("zhouxl", "POST", "/api/tickets", {
      ...{ channel: "电话", kind: "投诉", street: "学院路街道", category1: "市政", category2: "路灯" },
      ...{ title: `区界道路${spot}路灯不亮`, content: `市民反映区界道路${spot}路灯不亮，夜间通行不便。` },
    });
    const id = String(Reflect.get(Object(Reflect.get(Object(made), "ticket")), "id"));
    await move(id, "sign", {});
    await move(id, "applyWithdraw", { ground: "该路段在区界以东，属朝阳区管理，不属本区职责。" });
    await move(id, "rejectWithdraw", { reason: "属本区职责，请继续办理" });
  }
  await work();
  // The alarm would stand over every screen of the leader: it is acknowledged, and seen among those before.
  const [alarm] = rowsOf(await call("qinzr", "GET", "/api/incidents/alarms"));
  const words = { words: "约谈分拣组，周一复训退市情形。" };
  await call("qinzr", "POST", `/api/incidents/alarms/${alarm}/ack`, words);
}

function idsOf(found: unknown): readonly string[] {
  return rowsOf(Reflect.get(Object(found), "rows"));
}

function rowsOf(rows: unknown): readonly string[] {
  return Array.isArray(rows) ? rows.map((row: unknown) => String(Reflect.get(Object(row), "id"))) : [];
}
