/** 流转记录的名称. The Chinese name of every kind of event: the table's moves, the co-handler's, and the machines'. */
import { SUPERVISION_EVENT_ZH } from "@jiesu/core/supervision/lifecycle.ts";
import { CO_LIFECYCLE } from "@jiesu/core/ticket/cohandling.ts";
import { LIFECYCLE } from "@jiesu/core/ticket/lifecycle.ts";

/** Events that are no move of the table. */
export const MACHINE_EVENTS = {
  receive: "收件",
  import: "导入",
  importRound: "导入新轮次",
  importUpdate: "导入更新",
  undoImport: "撤销导入",
  attach: "添加附件",
  detach: "移除附件",
  exempt: "不纳入考核认定",
  cityTalk: "市级沟通",
  liaison: "协调单",
  succeed: "单位撤并承接",
  reckon: "时限重算",
  pauseOver: "暂停到期，恢复计时",
  shelfTerm: "延长销账期限",
  "timer.near": "临期提醒",
  "timer.overdue": "超期",
  "timer.call": "约定回访时间到",
  "timer.urge": "自动催办",
  urgeAnswer: "催办回复",
  recording: "登记录音地址",
  sampled: "电话抽访",
  ownership: "确权办理",
  overrideAsk: "申请复核放行",
  overrideAnswer: "复核放行意见",
} as const;

export const EVENT_ZH: ReadonlyMap<string, string> = new Map<string, string>([
  ...LIFECYCLE.map((s) => [s.move, s.zh] as const),
  ...LIFECYCLE.map((s) => [`undo:${s.move}`, `撤销${s.zh}`] as const),
  ...CO_LIFECYCLE.map((s) => [s.move, s.zh] as const),
  ...Object.entries(SUPERVISION_EVENT_ZH),
  ...Object.entries(MACHINE_EVENTS),
]);
