/** 导览各步. What is shown to whom, on which page, beside which element; in the order of a working day. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { ALL_ROLES, sideOf } from "@jiesu/core/ticket/role.ts";

export interface TourStep {
  readonly key: string;
  /** The page it is on; absent: wherever one is. */
  readonly to?: "/" | "/tickets" | "/duty" | "/callback" | "/assessment" | "/users" | "/units" | "/audit";
  /** CSS selector of what it stands beside. */
  readonly at: string;
  /** Where the words stand; beneath when not said, in the middle of what is too big to stand beside. */
  readonly side?: "right" | "center";
  readonly title: string;
  readonly text: string;
  readonly roles: readonly Role[];
}

const side = (name: "centre" | "unit" | "admin") => ALL_ROLES.filter((role) => sideOf(role) === name);
const CENTRE = side("centre");
const UNITS = side("unit");
const ADMINS = side("admin");
const WORKERS = [...CENTRE, ...UNITS];

const STEPS: readonly TourStep[] = [
  {
    key: "home",
    to: "/",
    at: ".home-mine",
    title: "工作台：此刻轮到您的工作",
    text: "每个数字都能点开，看到的正是所计的那些工单。数字为 0 的淡显。",
    roles: WORKERS,
  },
  {
    key: "system",
    to: "/",
    at: ".home-system",
    title: "系统是否正常",
    text: "后台是否落后、最近一次备份、最近的导入和登录情况，都在这里。",
    roles: ADMINS,
  },
  {
    key: "due",
    to: "/",
    at: ".home-due",
    title: "接下来几小时到期的",
    text: "按小时列出将到期的工单，点一格就打开那一小时的清单，先办最急的。",
    roles: [...UNITS, "triager", "supervisor", "caller", "closer", "shiftLead", "leader"],
  },
  {
    key: "rates",
    to: "/",
    at: ".home-rates",
    title: "本期三率",
    text: "响应率、解决率、满意率随回访结果即时变化；每个率都能点开看是哪些工单。",
    roles: WORKERS,
  },
  {
    key: "shift",
    at: "[data-tour=shift]",
    title: "当班与交接",
    text: "左上角写着当前班次、值班长和离交接还有多久，点开是排班和历次交接。",
    roles: CENTRE,
  },
  {
    key: "alarms",
    at: "[data-tour=alarms]",
    title: "提醒",
    text: "超期、快到期、久未签收或接收的工单在这里提示。点“知悉”后安静，有新的加入才再提示。",
    roles: WORKERS,
  },
  {
    key: "inbox",
    at: "[data-tour=inbox]",
    title: "消息",
    text: "退回、超期、有人@您、批量操作和导入的结果，都会送到这里。",
    roles: WORKERS,
  },
  {
    key: "search",
    at: "[data-tour=search]",
    title: "一个框找一切：Ctrl + K",
    text: "工单编号、词语、单位、页面、当前工单的操作，都从这里输入，全程不用鼠标。",
    roles: ALL_ROLES,
  },
  {
    key: "queue",
    to: "/tickets",
    at: ".queue-page nav, .queue-list",
    side: "right",
    title: "队列：左边分类，中间清单，右边工单",
    text: "↑↓ 或 j、k 换一张，Enter 打开整页；办完一张自动到下一张。",
    roles: WORKERS,
  },
  {
    key: "moves",
    to: "/tickets",
    at: ".move-bar",
    title: "能做的操作，一键一个",
    text: "按钮上的字母就是快捷键。不能做的不出现；退单、结案等会先检查并告知缺什么。",
    roles: WORKERS,
  },
  {
    key: "callback",
    to: "/callback",
    at: "#main",
    side: "center",
    title: "回访台",
    text: "按先后列出要打的电话，照问题逐项按键记录，未接通的自动约下次。",
    roles: ["caller", "shiftLead"],
  },
  {
    key: "rank",
    to: "/assessment",
    at: "#main",
    side: "center",
    title: "三率排名",
    text: "分组排名、名次变化、每一列的定义，点数字就到工单。",
    roles: ["assessor", "leader", "unitLead", "shiftLead", "supervisor"],
  },
  {
    key: "handover",
    to: "/duty",
    at: ".duty-give",
    title: "交班",
    text: "写下要交代的事，系统把此刻的在办情况一并保存；下一班值班长确认接班。",
    roles: ["shiftLead"],
  },
  {
    key: "users",
    to: "/users",
    at: "#main",
    side: "center",
    title: "账号与岗位",
    text: "建账号、定岗位、重置密码；三员互斥由系统检查。",
    roles: ["sysadmin", "secadmin"],
  },
  {
    key: "audit",
    to: "/audit",
    at: "#main",
    side: "center",
    title: "审计",
    text: "登录、查看个人信息、账号变动，条条在案，不可更改。",
    roles: ["auditadmin"],
  },
  {
    key: "help",
    at: "[data-tour=help]",
    title: "随时按 ? 看本页说明",
    text: "每一页都有说明和快捷键；导览也可以从那里重新开始。",
    roles: ALL_ROLES,
  },
];

export function stepsFor(roles: readonly Role[]): readonly TourStep[] {
  return STEPS.filter((step) => step.roles.some((role) => roles.includes(role)));
}
