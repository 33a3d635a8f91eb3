/** 考核规则与封账各画面. Rule sets, closing, explanations, and the callbacks of both levels compared. */
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const table = seen("main tbody tr");

export const RULEBOOK: readonly Screen[] = [
  {
    key: "rulebook",
    zh: "考核规则",
    route: "/assessment/rules",
    login: "shenyh",
    path: "/assessment/rules",
    act: table,
  },
  {
    key: "rulebook-one",
    zh: "一版考核规则：差异与试算",
    route: "/assessment/rules/$name",
    login: "shenyh",
    path: "/assessment/rules/equal-30-35-35",
    act: async (page) => {
      await page.getByRole("button", { name: "开始试算" }).click();
      await page
        .getByText(/个单位中/)
        .first()
        .waitFor();
    },
  },
  {
    key: "rulebook-draft",
    zh: "起草考核规则",
    route: "/assessment/rules/$name/draft",
    login: "shenyh",
    path: "/assessment/rules/district-2025/draft",
    act: (page) => page.getByText("检查无误，可以保存。").waitFor(),
  },
  {
    key: "closing-checks",
    zh: "封账检查",
    route: "/assessment/closing",
    login: "shenyh",
    path: "/assessment/closing?period=2026-11",
    act: (page) => page.getByRole("region", { name: "封账检查" }).waitFor(),
  },
  {
    key: "explain",
    zh: "台账解释",
    route: "/assessment/explain",
    login: "shenyh",
    path: async ({ town }) => `/assessment/explain?period=2026-11&unit=${await town.unit("清河")}`,
    act: table,
  },
  {
    key: "callback-discrepancies",
    zh: "回访差异",
    route: "/assessment/discrepancies",
    login: "shenyh",
    path: "/assessment/discrepancies?period=2026-11",
    act: seen("main .empty, main tbody tr"),
  },
  {
    key: "callback-reasons",
    zh: "“否”的原因",
    route: "/assessment/reasons",
    login: "shenyh",
    path: "/assessment/reasons?period=2026-11",
    act: seen("main .empty, main tbody tr"),
  },
  {
    key: "measures",
    zh: "指标释义",
    route: "/assessment/measures",
    login: "shenyh",
    path: "/assessment/measures",
    act: table,
  },
  {
    key: "callback-accuracy",
    zh: "回访准确率",
    route: "/assessment/accuracy",
    login: "shenyh",
    path: "/assessment/accuracy?period=2026-11",
    act: seen("main .empty, main tbody tr"),
  },
];
