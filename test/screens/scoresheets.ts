/** 成绩单各画面. A published sheet as the centre and as a unit see it, and the draft of the running period. */
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const table = seen("main tbody tr");

export const SCORE_SHEETS: readonly Screen[] = [
  {
    key: "score-sheet-draft",
    zh: "成绩单草稿：成绩表、通报文字与差异",
    route: "/assessment/sheets/$id",
    login: "shenyh",
    path: async (district) => `/assessment/sheets/${(await drafted(district, "2026-11")).id}`,
    act: table,
  },
  {
    key: "score-sheets",
    zh: "各期成绩单",
    route: "/assessment/sheets",
    login: "shenyh",
    path: "/assessment/sheets",
    act: table,
  },
  {
    key: "score-sheet-unit",
    zh: "已发布的成绩单（承办单位）",
    route: "/assessment/sheets/$id",
    login: "renzh",
    path: async (district) => `/assessment/sheets/${await published(district, "2026-10")}`,
    act: seen("main tr[data-marked]"),
    phone: "too",
  },
  {
    key: "score-sheet-differences",
    zh: "已发布的成绩单：文件校验码、差异与更正（中心领导）",
    route: "/assessment/sheets/$id",
    login: "qinzr",
    path: async ({ call }) => {
      const sheets = await call("qinzr", "GET", "/api/assessment/sheets");
      const found = Array.isArray(sheets) ? sheets.find((each) => each.state === "published") : undefined;
      return `/assessment/sheets/${made(found).id}`;
    },
    act: table,
  },
];

interface Made {
  readonly id: string;
  readonly edition: number;
}

async function drafted({ call }: District, period: string): Promise<Made> {
  return made(await call("shenyh", "POST", "/api/assessment/sheets", { period }));
}

async function published(district: District, period: string): Promise<string> {
  let { id, edition } = await drafted(district, period);
  for (const [who, step] of [
    ["shenyh", "submit"],
    ["fanjg", "pass"],
    ["qinzr", "publish"],
  ] as const) {
    const body = { edition, provisional: true };
    ({ id, edition } = made(
      await district.call(who, "POST", `/api/assessment/sheets/${id}/steps/${step}`, body),
    ));
  }
  return id;
}

function made(answer: unknown): Made {
  if (answer === null || typeof answer !== "object") throw new Error("no sheet was made");
  return { id: String(Reflect.get(answer, "id")), edition: Number(Reflect.get(answer, "edition")) };
}
