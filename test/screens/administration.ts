/** 管理画面. Units, accounts, roles, sessions, rules, categories, phrases, settings and the audit. */
import type { Page } from "playwright-core";
import type { Screen } from "./screen.ts";
import { seen } from "./screen.ts";

const heading = seen("main h1");
const table = seen("main tbody tr");

export const ADMINISTRATION: readonly Screen[] = [
  {
    key: "units",
    zh: "单位：树与一个单位",
    route: "/units",
    login: "sysadmin",
    path: "/units",
    act: aStreet,
  },
  { key: "unit-merge", zh: "单位撤并", route: "/units", login: "sysadmin", path: "/units", act: merging },
  { key: "users", zh: "账号", route: "/users", login: "sysadmin", path: "/users", act: table },
  { key: "roles", zh: "岗位与权限", route: "/roles", login: "secadmin", path: "/roles", act: table },
  { key: "sessions", zh: "会话", route: "/sessions", login: "secadmin", path: "/sessions", act: table },
  {
    key: "rules",
    zh: "工作日历",
    route: "/rules",
    login: "linhai",
    path: "/rules",
    act: seen(".rule-version"),
  },
  { key: "rules-limits", zh: "时限", route: "/rules", login: "sysadmin", path: "/rules", act: limits },
  { key: "rules-periods", zh: "考核周期", route: "/rules", login: "sysadmin", path: "/rules", act: periods },
  { key: "categories", zh: "分类", route: "/categories", login: "sysadmin", path: "/categories", act: table },
  { key: "phrases", zh: "中心常用语", route: "/phrases", login: "linhai", path: "/phrases", act: heading },
  { key: "settings", zh: "设置", route: "/settings", login: "sysadmin", path: "/settings", act: table },
  { key: "audit", zh: "审计", route: "/audit", login: "auditadmin", path: "/audit", act: table },
];

async function aStreet(page: Page): Promise<void> {
  await page.getByRole("treeitem", { name: /^清河街道/ }).click();
  await page.getByRole("heading", { name: "清河街道" }).waitFor();
}

async function merging(page: Page): Promise<void> {
  await aStreet(page);
  await page.getByRole("button", { name: "撤并" }).click();
  await page.getByRole("dialog").waitFor();
}

/** The settings in force, and the form that drafts the next with what it would move. */
async function periods(page: Page): Promise<void> {
  await page.getByText("考核周期", { exact: true }).click();
  await page.getByRole("button", { name: "据此起草新版" }).click();
  const form = page.getByRole("dialog");
  await form.getByLabel(/^施行日/).fill("2026-12-19");
  await form.getByLabel(/^文号或依据/).fill("海热线〔2026〕21号");
  await form.getByLabel(/^办结起计日/).fill("10");
  await form.getByRole("button", { name: "检查" }).click();
  await form.getByRole("region", { name: "启用前预览" }).waitFor();
}

async function limits(page: Page): Promise<void> {
  await page.getByText("时限", { exact: true }).first().click();
  await table(page);
}
