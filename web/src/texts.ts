/** Every word of the screens that is no datum: short, official, kind. Words of the field come from core. */
import { ADMIN } from "./texts/admin.ts";
import { ASSESSMENT } from "./texts/assessment.ts";
import { CALLBACK } from "./texts/callback.ts";
import { HOME } from "./texts/home.ts";
import { INTAKE } from "./texts/intake.ts";
import { MOVES } from "./texts/moves.ts";
import { PEOPLE } from "./texts/people.ts";
import { QUEUE } from "./texts/queue.ts";
import { SESSION } from "./texts/session.ts";
import { TICKET } from "./texts/ticket.ts";
import { TICKETS } from "./texts/tickets.ts";

export const T = {
  product: "接诉 · 市民热线工作台",
  loading: "正在读取…",
  cancel: "取消",
  save: "保存",
  back: "返回",
  retry: "重试",
  nav: {
    home: "工作台",
    tickets: "工单",
    callback: "回访",
    intake: "导入",
    assessment: "考核",
    units: "单位",
    users: "账号",
    audit: "审计",
    categories: "分类",
    roles: "岗位",
    sessions: "会话",
    rules: "日历时限",
    phrases: "常用语",
    settings: "设置",
    newTicket: "手工录入工单",
  },
  frame: {
    skip: "跳到正文",
    nav: "主导航",
    search: "搜索工单、命令",
    help: "快捷键与帮助（?）",
    toDark: "切换为深色",
    toLight: "切换为浅色",
    waiting: "待办：",
    missing: "没有这个页面",
    missingAbout: "地址可能有误，或页面已移动。",
    toHome: "回到工作台",
    reload: "刷新页面",
    keys: {
      title: "各页通用",
      keys: [
        { keys: ["Ctrl", "K"], does: "搜索工单、跳转页面、执行命令" },
        { keys: ["?"], does: "显示快捷键" },
        { keys: ["Esc"], does: "关闭面板（草稿保留）" },
      ],
    },
  },
  command: {
    title: "搜索与命令",
    hint: "输入工单编号、标题或内容中的词、命令；来电后四位也可以",
    results: "结果",
    tickets: "工单",
    byPhone: "来电号码后四位相符",
    queues: "队列",
    pages: "页面",
    commands: "命令",
    searching: "正在查找…",
    none: "没有找到相符的内容",
  },
  session: SESSION,
  tickets: TICKETS,
  ticket: TICKET,
  callback: CALLBACK,
  queue: QUEUE,
  home: HOME,
  assessment: ASSESSMENT,
  people: PEOPLE,
  admin: ADMIN,
  intake: INTAKE,
  moves: MOVES,
} as const;
