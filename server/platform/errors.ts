/** The one place that turns a refusal into a status and a Chinese sentence: what happened, and what to do. */
import { REFUSAL_ZH } from "@jiesu/core/ticket/refusal-words.ts";

/** An ordinary "no" with its reason. `detail` names fields and values that the sentence needs; never personal data. */
export interface Refusal {
  readonly code: string;
  readonly [detail: string]: unknown;
}

interface Wording {
  readonly status: number;
  readonly zh: (r: Refusal) => string;
}

const text = (value: unknown): string =>
  typeof value === "string" || typeof value === "number" ? String(value) : "";

const WORDINGS: Record<string, Wording> = {
  "not-signed-in": { status: 401, zh: () => "登录已失效，请重新登录；已填写的内容会保留。" },
  "bad-credentials": { status: 401, zh: () => "账号或密码不正确。" },
  "locked-out": {
    status: 429,
    zh: (r) => `连续输错次数过多，账号已锁定，请于 ${text(r.until)} 后再试，或联系系统管理员。`,
  },
  "too-many": { status: 429, zh: () => "操作过于频繁，请稍后再试。" },
  csrf: { status: 403, zh: () => "页面已过期，请刷新后重试。" },
  "not-allowed": { status: 403, zh: () => "当前岗位无权进行此操作。" },
  "not-found": { status: 404, zh: () => "没有找到，或不在您可查看的范围内。" },
  "bad-input": { status: 422, zh: (r) => `填写有误：${text(r.message)}` },
  "too-large": { status: 413, zh: (r) => `内容过大，上限 ${text(r.limit)}。` },
  "unsupported-type": { status: 415, zh: () => "不支持的内容类型。" },
  // what the core refuses: its words are the core's, shown by the screens before anything is sent
  "wrong-state": { status: 409, zh: REFUSAL_ZH["wrong-state"] },
  "wrong-role": { status: 403, zh: REFUSAL_ZH["wrong-role"] },
  "not-your-unit": { status: 403, zh: REFUSAL_ZH["not-your-unit"] },
  "field-missing": { status: 422, zh: REFUSAL_ZH["field-missing"] },
  "unit-twice": { status: 422, zh: REFUSAL_ZH["unit-twice"] },
  "contact-first": { status: 409, zh: REFUSAL_ZH["contact-first"] },
  "returns-used-up": { status: 409, zh: REFUSAL_ZH["returns-used-up"] },
  "return-window-over": { status: 409, zh: REFUSAL_ZH["return-window-over"] },
  designated: { status: 409, zh: REFUSAL_ZH.designated },
  "no-lead": { status: 409, zh: REFUSAL_ZH["no-lead"] },
  "has-lead": { status: 409, zh: REFUSAL_ZH["has-lead"] },
  "appeal-none": { status: 409, zh: REFUSAL_ZH["appeal-none"] },
  "urged-just-now": { status: 409, zh: REFUSAL_ZH["urged-just-now"] },
  "reason-unknown": { status: 422, zh: REFUSAL_ZH["reason-unknown"] },
  "round-unknown": { status: 422, zh: REFUSAL_ZH["round-unknown"] },
  "attempts-too-few": { status: 409, zh: REFUSAL_ZH["attempts-too-few"] },
  "next-attempt-past": { status: 422, zh: REFUSAL_ZH["next-attempt-past"] },
  "next-attempt-far": { status: 422, zh: REFUSAL_ZH["next-attempt-far"] },
  "extension-pending": { status: 409, zh: REFUSAL_ZH["extension-pending"] },
  "extension-none": { status: 409, zh: REFUSAL_ZH["extension-none"] },
  "extension-no-clock": { status: 409, zh: REFUSAL_ZH["extension-no-clock"] },
  "extension-city": { status: 409, zh: REFUSAL_ZH["extension-city"] },
  "extension-used-up": { status: 409, zh: REFUSAL_ZH["extension-used-up"] },
  "extension-overdue": { status: 409, zh: REFUSAL_ZH["extension-overdue"] },
  "extension-days": { status: 422, zh: REFUSAL_ZH["extension-days"] },
  "pause-pending": { status: 409, zh: REFUSAL_ZH["pause-pending"] },
  "pause-none": { status: 409, zh: REFUSAL_ZH["pause-none"] },
  "pause-runs": { status: 409, zh: REFUSAL_ZH["pause-runs"] },
  "pause-not-running": { status: 409, zh: REFUSAL_ZH["pause-not-running"] },
  "pause-no-clock": { status: 409, zh: REFUSAL_ZH["pause-no-clock"] },
  "pause-overdue": { status: 409, zh: REFUSAL_ZH["pause-overdue"] },
  "pause-city": { status: 409, zh: REFUSAL_ZH["pause-city"] },
  "pause-used-up": { status: 409, zh: REFUSAL_ZH["pause-used-up"] },
  "pause-days": { status: 422, zh: REFUSAL_ZH["pause-days"] },
  stale: {
    status: 409,
    zh: (r) =>
      `${text(r.by)}已先一步${text(r.did)}，工单现为“${text(r.stateZh)}”。您填写的内容没有提交，仍保留在这里，请核对后再操作。`,
  },
  "unit-unknown": { status: 422, zh: () => "所选单位不存在或已撤销，请重新选择。" },
  "calendar-unpublished": {
    status: 409,
    zh: (r) => `${text(r.year)} 年放假安排尚未录入，无法计算时限，请系统管理员补充工作日历。`,
  },
  "no-rule": { status: 409, zh: () => "没有适用于该工单的时限规则，请系统管理员检查时限设置。" },
  "merge-target": { status: 422, zh: () => "并入的主单不存在、就是本单，或本身已并案。" },
  duplicate: { status: 409, zh: (r) => `${text(r.what)}已存在。` },
  "weak-password": { status: 422, zh: () => "密码至少 10 位，并含字母、数字和符号中的两类以上。" },
  "roles-conflict": {
    status: 422,
    zh: () => "三员互斥：系统、安全、审计管理员不得兼任其他岗位，单位岗位不得兼任中心岗位。",
  },
  "unit-needed": { status: 422, zh: () => "经办人和单位负责人必须指定所属单位。" },
  "database-away": {
    status: 503,
    zh: () => "数据库正在恢复，请稍后刷新核对：刚才的操作可能已记录，也可能没有。",
  },
  internal: {
    status: 500,
    zh: (r) => `系统出现问题，已记录（编号 ${text(r.id)}）。请稍后重试；如仍有问题，请联系系统管理员。`,
  },
};

export interface Problem {
  readonly status: number;
  readonly body: {
    readonly code: string;
    readonly message: string;
    readonly detail?: Record<string, unknown>;
  };
}

/** Features with refusals of their own add their wording once, when their module is loaded. */
export function addWordings(more: Record<string, Wording>): void {
  for (const [code, wording] of Object.entries(more)) {
    const known = WORDINGS[code];
    if (known && known !== wording) throw new Error(`two wordings for refusal ${code}`);
    WORDINGS[code] = wording;
  }
}

/** Status and body of a refusal; a code without a wording is our own mistake and throws. */
export function problemOf(refusal: Refusal): Problem {
  const wording = WORDINGS[refusal.code];
  if (!wording) throw new Error(`no wording for refusal ${refusal.code}`);
  const { code, ...detail } = refusal;
  const body = { code, message: wording.zh(refusal) };
  return { status: wording.status, body: Object.keys(detail).length > 0 ? { ...body, detail } : body };
}

/** Carries a refusal out of a handler; the HTTP layer answers with problemOf. */
export class Refused extends Error {
  readonly refusal: Refusal;
  constructor(refusal: Refusal) {
    super(refusal.code);
    this.refusal = refusal;
  }
}
