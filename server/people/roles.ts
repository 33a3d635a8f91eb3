/**
 * 岗位权限. What each role may do, told by the declarations of the routes and the lifecycle table themselves: nothing here
 * is typed a second time, so the page cannot say other than what the house does.
 */
import { CO_LIFECYCLE } from "@jiesu/core/ticket/cohandling.ts";
import { LIFECYCLE } from "@jiesu/core/ticket/lifecycle.ts";
import { ALL_ROLES, ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { z } from "zod";
import type { App, DeclaredRoute } from "../platform/http/app.ts";
import { allows } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";

/** Which part of the house an address belongs to, by its first word. */
const AREAS: Readonly<Record<string, string>> = {
  tickets: "工单",
  queues: "工单",
  search: "工单",
  events: "工单",
  views: "工作台",
  phrases: "工作台",
  imports: "导入",
  assessment: "考核",
  exemptions: "不纳入考核",
  shelving: "挂账",
  inbox: "消息",
  units: "单位与分类",
  communities: "单位与分类",
  categories: "单位与分类",
  users: "账号与会话",
  sessions: "账号与会话",
  roles: "账号与会话",
  audit: "审计",
  settings: "规则与设置",
  me: "个人",
  session: "个人",
  drafts: "个人",
};

const Matrix = z.object({
  roles: z.array(z.object({ role: z.string(), zh: z.string(), side: z.string(), people: z.number() })),
  areas: z.array(
    z.object({
      zh: z.string(),
      rows: z.array(
        z.object({
          zh: z.string(),
          /** It changes something. */ writes: z.boolean(),
          roles: z.array(z.string()),
        }),
      ),
    }),
  ),
});

const PERSONS = ALL_ROLES.filter((role) => ROLES[role].side !== "machine");

export function roleRoutes(app: App, shell: Shell, declared: readonly DeclaredRoute[]): void {
  app.get("/api/roles", {
    config: { who: ["sysadmin", "secadmin", "auditadmin", "leader"] },
    schema: { summary: "岗位与权限对照", response: { 200: Matrix } },
    handler: async () => {
      const held = await shell.db.selectFrom("app_user").select("roles").where("active", "=", true).execute();
      return {
        roles: PERSONS.map((role) => ({
          role,
          zh: ROLES[role].zh,
          side: ROLES[role].side,
          people: held.filter((user) => user.roles.includes(role)).length,
        })),
        areas: [
          {
            zh: "工单流转",
            rows: [...LIFECYCLE, ...CO_LIFECYCLE].map((step) => ({
              zh: step.zh,
              writes: true,
              roles: PERSONS.filter((role) => (step.by as readonly Role[]).includes(role)),
            })),
          },
          ...areasOf(declared),
        ],
      };
    },
  });
}

function areasOf(declared: readonly DeclaredRoute[]) {
  const told = declared.filter((route) => route.who !== "public" && route.summary !== "");
  const byArea = Map.groupBy(told, (route) => AREAS[route.url.split("/")[2] ?? ""] ?? "其他");
  return [...byArea].map(([zh, routes]) => ({
    zh,
    rows: routes
      .map((route) => ({
        zh: route.summary,
        writes: route.method !== "GET",
        roles: PERSONS.filter((role) => allows(route.who, [role])),
      }))
      .sort((a, b) => Number(a.writes) - Number(b.writes)),
  }));
}
