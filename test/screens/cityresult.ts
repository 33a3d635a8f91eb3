/** 市级结果各画面. A month's file made of the demonstration's own tickets, some of which the city says otherwise about. */
import { sql } from "kysely";
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const PERIOD = "2026-11";
const FILES = "/api/assessment/city-results/files";
const table = seen("main tbody tr");

export const CITY_RESULT: readonly Screen[] = [
  {
    key: "city-months",
    zh: "市级结果：各考核期",
    route: "/assessment/city",
    login: "shenyh",
    path: async (district) => {
      await importMonth(district);
      return "/assessment/city";
    },
    act: table,
  },
  {
    key: "city-file",
    zh: "市级结果文件：列的对应",
    route: "/assessment/city/file/$id",
    login: "shenyh",
    path: async (district) =>
      `/assessment/city/file/${await uploaded(district, await linesCsv(district, 4))}`,
    act: table,
  },
  {
    key: "city-reconcile",
    zh: "市级结果对账",
    route: "/assessment/city/$period",
    login: "shenyh",
    path: async (district) => {
      await importMonth(district);
      return `/assessment/city/${PERIOD}`;
    },
    act: async (page, phone) => {
      await page.locator(".city-lines tbody tr").first().waitFor();
      if (!phone) await page.locator(".city-open").first().click();
      if (!phone) await page.locator(".city-readings").waitFor();
    },
  },
  {
    key: "city-compare",
    zh: "市区对照",
    route: "/assessment/city/$period/compare",
    login: "shenyh",
    path: async (district) => {
      await importMonth(district);
      return `/assessment/city/${PERIOD}/compare`;
    },
    act: table,
  },
];

/** The month in force; sent again it changes nothing. */
async function importMonth(district: District): Promise<void> {
  for (const content of [await linesCsv(district, 7), await unitsCsv(district)]) {
    const id = await uploaded(district, content);
    const { status } = await file(district, id);
    if (status === "uploaded")
      await district.call("shenyh", "POST", `${FILES}/${id}/confirm`, { skipFaulty: true });
  }
}

async function uploaded(district: District, content: string): Promise<string> {
  const path = `${FILES}?period=${PERIOD}`;
  return String(field(await district.upload("shenyh", path, "市级考核结果.csv", content), "id"));
}

async function file(district: District, id: string): Promise<{ readonly status: unknown }> {
  return { status: field(await district.call("shenyh", "GET", `${FILES}/${id}`), "status") };
}

/** Every round that the period counts with a city's callback; each `nth` of them says something else here. */
async function linesCsv({ town }: District, nth: number): Promise<string> {
  const { rows } = await sql<{ number: string; unit: string; round: number }>`
    select t.number, u.name as unit, r.round
      from result r join ticket t on t.id = r.ticket_id join unit u on u.id = r.unit_id
     where r.source = 'city' and r.valid and not r.void and r.counted_at >= '2026-10-19+08' and r.counted_at < '2026-11-19+08'
     order by t.number, r.round limit 400`.execute(town.shell.db);
  const lines = rows.map(({ number, unit, round }, i) => {
    const answers = i % nth === 0 ? "是,未解决,不满意,否," : "是,解决,满意,否,";
    const said = i % (nth * 3) === 1 ? "是,未解决,不满意,是,无政策依据" : answers;
    return `${i % (nth * 4) === 2 ? `${number}X` : number},${round},${unit},${said}`;
  });
  return ["工单编号,派单轮次,承办单位,是否响应,是否解决,是否满意,是否剔除,剔除依据", ...lines].join("\r\n");
}

async function unitsCsv({ town }: District): Promise<string> {
  const rows = await town.shell.db
    .selectFrom("unit")
    .select("name")
    .where("kind", "in", ["street", "town"])
    .orderBy("id")
    .execute();
  const lines = rows.map(
    ({ name }, i) => `${name},${20 + i},96.${i % 10},85.${i % 10},88.${i % 10},87.${i % 10},${i + 1}`,
  );
  return ["单位,有效回访,响应率,解决率,满意率,综合得分,排名", ...lines].join("\r\n");
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === "object" ? Reflect.get(value, name) : undefined;
}
