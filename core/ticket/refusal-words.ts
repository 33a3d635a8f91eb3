/** 不能办的话. The sentence of every refusal of a move: what happened and what to do; read by the server and the screens. */
import type { Refused } from "./decide.ts";

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

type Words = (r: Readonly<Record<string, unknown>>) => string;

export const REFUSAL_ZH: { readonly [C in Refused["code"]]: Words } = {
  "wrong-state": (r) => `工单现为“${text(r.stateZh)}”，不能${text(r.moveZh)}。请刷新后查看最新情况。`,
  "wrong-role": (r) => `当前岗位不能${text(r.moveZh)}。`,
  "not-your-unit": () => "该工单不由您所在单位承办。",
  "field-missing": (r) => `请填写${text(r.fieldZh)}。`,
  "unit-twice": () => "同一单位不能既主办又协办，也不能重复协办。",
  "contact-first": () => "尚未登记首次联系，请先联系诉求人并登记，再反馈。",
  "returns-used-up": (r) =>
    `本单已退单 ${text(r.returns)} 次，达到上限 ${text(r.limit)} 次，请由中心指定承办单位。`,
  designated: () => "本轮由中心指定承办，不能再退单；如有异议，请联系中心督办。",
  "return-window-over": (r) =>
    `退单期限已过（截至 ${text(r.until)}），请先行办理；确需改派的，请写备注并联系中心督办。`,
  "no-lead": () => "本单没有承办单位（由中心直办），请用“回复退回修改”。",
  "reason-unknown": () => "所选原因不在现行清单中，请重新选择。",
  "attempts-too-few": (r) =>
    `未接通有效次数 ${text(r.attempts)} 次、时段 ${text(r.dayparts)} 个，满 ${text(r.max)} 次并分布在 ${text(r.minDayparts)} 个时段后，才能登记“未联系上”。请登记“未接通”并约定下次时间。`,
  "next-attempt-past": () => "下次回访时间已过，请填写以后的时间。",
  "next-attempt-far": (r) => `下次回访时间最远为 ${text(r.days)} 天以后。`,
  "extension-pending": () => "延期申请已提交，正等中心审批。",
  "extension-none": () => "没有待批的延期申请，可能他人已审批。请刷新后查看最新情况。",
  "extension-no-clock": () => "本单没有正在计时的办理反馈时限，不需要延期。",
  "round-unknown": (r) => `本单只派到第 ${text(r.of)} 轮，没有第 ${text(r.round)} 轮。`,
  "extension-city": () => "本单按市级时限要求到期，区中心不能延长；确需延长的，请联系中心与市级沟通。",
  "extension-used-up": (r) => `本轮已延期 ${text(r.limit)} 次，达到上限，不能再申请；请按期反馈进展。`,
  "extension-overdue": () => "办理反馈时限已过，不能再申请延期；请尽快反馈并说明原因。",
  "extension-days": (r) => `延期天数应为 1 至 ${text(r.maxDays)} 的整数。`,
  "pause-pending": () => "暂停申请已提交，正等中心审批。",
  "pause-none": () => "没有待批的暂停申请，可能他人已审批。请刷新后查看最新情况。",
  "pause-runs": (r) => `本单已暂停计时至 ${text(r.until)}，到期自动恢复；需提前恢复的请用“恢复计时”。`,
  "pause-not-running": () => "本单没有暂停的时限，可能已经恢复。请刷新后查看最新情况。",
  "pause-no-clock": () => "本单没有正在计时的办理反馈时限，不需要暂停。",
  "pause-overdue": () => "办理反馈时限已过，暂停不能追溯；请尽快反馈并说明原因。",
  "pause-city": (r) =>
    `市级时限要求 ${text(r.cityDue)} 不能暂停，区级暂停最晚到该时刻之前；请缩短天数，或联系中心与市级沟通。`,
  "pause-used-up": (r) =>
    `本轮以“${text(r.groundZh)}”暂停已 ${text(r.limit)} 次，达到上限，不能再申请；请按期反馈进展。`,
  "pause-days": (r) => `以“${text(r.groundZh)}”暂停的天数应为 1 至 ${text(r.maxDays)} 的整数。`,
  "urged-just-now": (r) =>
    `${text(r.by)}已于 ${text(r.at)} 催办本单，${text(r.minutes)} 分钟内不重复催办；可先在工单页查看对方的回复。`,
  "appeal-none": () => "没有待决定的复议申请，不能改判；请在确权案中查看。",
  "has-lead": () => "本单已有承办单位，请用“退回重办”。",
};
