/** 督办的拒绝用语. What happened and what to do, for every refusal of a step, a form or a list. */
import { addWordings } from "../platform/errors.ts";

addWordings({
  "supervision-state": {
    status: 409,
    zh: (r) => `督办件现为“${String(r.stateZh)}”，不能${String(r.stepZh)}，请刷新后查看。`,
  },
  "supervision-stale": {
    status: 409,
    zh: () => "督办件刚有新的进展，您填写的内容没有提交，仍保留在这里，请核对后再提交。",
  },
  "supervision-role": { status: 403, zh: () => "这一步不由您的岗位办理。" },
  "supervision-not-lead": { status: 403, zh: () => "报办结和申请延期由主责单位办理，本单位可报进展。" },
  "supervision-missing": { status: 422, zh: (r) => `请填写“${String(r.fieldZh)}”。` },
  "supervision-unit-twice": { status: 422, zh: () => "责任单位重复，请去掉重复的单位。" },
  "supervision-same-level": { status: 422, zh: () => "督办等级与现在的相同，无需调整。" },
  "supervision-check-first": {
    status: 409,
    zh: () => "重点和挂牌督办须先登记现场核查，再核查通过。",
  },
  "supervision-check-bad": {
    status: 409,
    zh: () => "最近一次现场核查不符合要求，请退回重办，或重新核查后再通过。",
  },
  "supervision-same-person": { status: 403, zh: () => "核查通过的人不能自己销号，请另一位负责人办理。" },
  "supervision-extension-pending": { status: 409, zh: () => "已有一次延期申请等待答复。" },
  "supervision-extension-none": { status: 409, zh: () => "没有等待答复的延期申请。" },
  "supervision-extension-used": {
    status: 409,
    zh: (r) => `每次转办最多延期 ${String(r.limit)} 次，已用完。`,
  },
  "supervision-extension-late": { status: 409, zh: () => "已超过办理期限，不能再申请延期，请尽快报办结。" },
  "supervision-extension-given": {
    status: 409,
    zh: () => "办理期限由市级或领导指定，中心不能延长，请如期报办结。",
  },
  "supervision-extension-days": { status: 422, zh: (r) => `延期天数应为 1 到 ${String(r.limit)} 的整数。` },
  "supervision-file": { status: 422, zh: () => "所附文件不是您为本件上传的，请重新上传。" },
  "supervision-files-full": { status: 409, zh: (r) => `本件附件已达 ${String(r.limit)} 个，不能再添加。` },
  "supervision-ticket": { status: 422, zh: (r) => `没有编号为 ${String(r.numbers)} 的工单，请核对编号。` },
  "supervision-due-past": { status: 422, zh: () => "办理期限已经过去，请核对日期。" },
});
