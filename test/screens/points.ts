/** 加减分、分类与人口各画面. Points drafted and approved, a unit's own, classes and population. */
import { randomUUID } from "node:crypto";
import districtFile from "../../rules/assessment/district-2025.json" with { type: "json" };
import type { District } from "./district.ts";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const table = seen("main tbody tr");
const ASSESSOR = "shenyh";
const LEADER = "qinzr";
const PERIOD = "2026-12"; // 2026-11-19 … 2026-12-18, the running one

export const POINTS: readonly Screen[] = [
  {
    key: "adjustments",
    zh: "加减分",
    route: "/assessment/adjustments",
    login: ASSESSOR,
    path: async (district) => {
      await withPoints(district);
      return `/assessment/adjustments?period=${PERIOD}`;
    },
    act: table,
  },
  {
    key: "adjustments-new",
    zh: "登记加减分",
    route: "/assessment/adjustments",
    login: ASSESSOR,
    path: `/assessment/adjustments?period=${PERIOD}`,
    act: async (page) => {
      await page.getByRole("button", { name: "登记加减分" }).click();
      await page.getByLabel("项目（必填）").selectOption("late");
    },
  },
  {
    key: "adjustments-one",
    zh: "一项加减分：批准",
    route: "/assessment/adjustments",
    login: LEADER,
    path: `/assessment/adjustments?period=${PERIOD}&state=proposed`,
    act: async (page) => {
      await page.getByRole("button", { name: /^打开/ }).first().click();
      await page.getByRole("button", { name: "批准", exact: true }).waitFor();
    },
  },
  {
    key: "adjustments-unit",
    zh: "本单位的加减分（承办单位）",
    route: "/assessment/adjustments",
    login: "renzh",
    path: `/assessment/adjustments?period=${PERIOD}`,
    act: table,
    phone: "too",
  },
  {
    key: "unit-classes",
    zh: "单位分类",
    route: "/assessment/units",
    login: ASSESSOR,
    path: "/assessment/units",
    act: table,
  },
  {
    key: "unit-population-paste",
    zh: "常住人口：粘贴与核对",
    route: "/assessment/units",
    login: ASSESSOR,
    path: "/assessment/units?tab=population",
    act: async (page) => {
      await page.getByRole("button", { name: "从表格粘贴或上传" }).click();
      await page
        .getByLabel("表格内容（必填）")
        .fill("单位\t年份\t常住人口\n学院路街道\t2026\t231000\n清河街道\t26\t很多");
      await page.getByLabel("依据（表内没有依据列时填）").fill("区统计局 2026 年统计公报");
      await page.getByRole("button", { name: "核对" }).click();
      await page.getByText(/处需要改正/).waitFor();
    },
  },
];

/** A rule set with points in force for the running period; one item approved, one waiting, a class and a population. */
async function withPoints({ call, town }: District): Promise<void> {
  const { status: _status, approvedBy: _approved, ...district } = districtFile;
  const item = (
    key: string,
    name: string,
    kind: string,
    mostEach: string,
    mostPerUnit: string,
    evidence: string,
  ) => ({
    ...{ key, name, kind, mostEach, mostPerUnit, evidence },
    source: "演示规则，待正式文件替换",
  });
  const body = {
    ...district,
    name: "demo-points",
    title: "演示规则：设加减分、治理类单独排名",
    from: "2026-11-19",
    source: "演示规则，待正式文件替换",
    adjustments: {
      items: [
        item("praised", "市级通报表扬", "bonus", "1", "2", "表扬文件文号"),
        item("late", "专报迟报漏报", "penalty", "0.5", "2", "通报文号或督办单编号"),
      ],
      mostBonus: "3",
      mostPenalty: "5",
      score: { least: "0", most: "103" },
    },
    groups: [{ name: "治理类街镇", kinds: ["street", "town"], classes: ["治理类"] }, ...district.groups],
  };
  await call(ASSESSOR, "POST", "/api/assessment/rules", { body, documentNo: "演示〔2026〕1号" });
  await call(LEADER, "POST", "/api/assessment/rules/demo-points/review");
  await call(LEADER, "POST", "/api/assessment/rules/demo-points/approve", { confirmBackwards: true });
  const unit = await town.unit("学院路");
  const draft = async (
    unit: string,
    item: string,
    points: string,
    reason: string,
    evidence: string,
  ): Promise<string> => {
    const said = { period: PERIOD, unit, item, points, reason, evidence, key: randomUUID() };
    const made = await call(ASSESSOR, "POST", "/api/assessment/adjustments", said);
    return typeof made === "object" && made !== null && "id" in made ? String(made.id) : "";
  };
  const brief = "市接诉即办简报 2026 年第 41 期";
  for (const praised of [unit, await town.unit("区城市管理委")]) {
    const id = await draft(praised, "praised", "1", "路灯改造做法获市级简报推广", brief);
    await call(LEADER, "POST", `/api/assessment/adjustments/${id}/approve`, {});
  }
  await draft(unit, "late", "0.5", "11 月 19 日极端天气专报晚报两小时", "督办单 2026-118");
  const source = "演示〔2026〕2号";
  const entry = { unitId: await town.unit("清河"), unitClass: "治理类", from: "2026-11-19", source };
  await call(ASSESSOR, "POST", "/api/assessment/unit-facts/classes", { entries: [entry] });
  const people = { unitId: unit, year: 2026, people: 230_000, source: "演示数据" };
  await call(ASSESSOR, "POST", "/api/assessment/unit-facts/population", { entries: [people] });
}
