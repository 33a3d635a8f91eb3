/** 协调单的拒绝用语. What the desk says to a step that cannot be taken, and what to do instead. */
import {
  isLiaisonState,
  LIAISON_LEADS,
  LIAISON_STATES,
  type LiaisonStep,
  liaisonStep,
  liaisonWord,
} from "@jiesu/core/liaison/lifecycle.ts";
import { ROLES } from "@jiesu/core/ticket/role.ts";
import { addWordings } from "../platform/errors.ts";

const LEADS = LIAISON_LEADS.map((role) => ROLES[role].zh).join("、");
const stateZh = (state: unknown): string =>
  isLiaisonState(String(state)) ? LIAISON_STATES[state as keyof typeof LIAISON_STATES].zh : String(state);

addWordings({
  "liaison-state": {
    status: 409,
    zh: (r) => `协调单现为“${stateZh(r.state)}”，不能再${liaisonWord(String(r.step))}；请刷新后查看。`,
  },
  "liaison-role": {
    status: 403,
    zh: (r) => `“${liaisonWord(String(r.step))}”由${rolesOf(String(r.step))}办理。`,
  },
  "liaison-not-party": { status: 404, zh: () => "没有这件协调单，或您的单位不是参与方。" },
  "liaison-which-party": { status: 422, zh: () => "请选择是哪一方。" },
  "liaison-not-yours-to-answer": {
    status: 403,
    zh: () => `承办单位的答复由其自行提交；电话答复的，由${LEADS}代为登记。`,
  },
  "liaison-nothing-asked": { status: 409, zh: () => "没有待答复的事项：该方已经答复，或已免予答复。" },
  "liaison-asked-already": {
    status: 409,
    zh: () => "所选的一方还有未答复的事项，请等其答复，或先免予答复。",
  },
  "liaison-nobody-asked": { status: 422, zh: () => "请选择请哪一方答复，至少一方。" },
  "liaison-words": { status: 422, zh: () => "请写明内容。" },
  "liaison-contact": { status: 422, zh: () => "请填写对方联系人（姓名或工号）和沟通方式。" },
  "liaison-own-words": { status: 422, zh: () => "本单位的答复以提交时间为准，不能另填沟通时间。" },
  "liaison-in-future": { status: 422, zh: () => "沟通时间晚于现在，请核对。" },
  "liaison-unit-asks-centre": {
    status: 422,
    zh: () => "承办单位发起的协调单由中心答复；需要其他单位或市级参与的，请在内容中写明，由中心邀请。",
  },
  "liaison-most": { status: 422, zh: (r) => `${String(r.what)}最多 ${String(r.most)} 个。` },
  "liaison-pace": { status: 422, zh: () => "请选择缓急。" },
  "liaison-outcome": { status: 422, zh: () => "请选择结论类别。" },
  "liaison-days": { status: 422, zh: (r) => `改期天数应为 1 到 ${String(r.most)} 的整数。` },
  "liaison-tickets": { status: 422, zh: (r) => `没有这些工单，或不在您可见的范围：${String(r.numbers)}` },
  "liaison-files": { status: 422, zh: () => "附件不存在或已用于别处，请重新上传。" },
  "liaison-stale": {
    status: 409,
    zh: () => "协调单刚有新的往来，请先查看，再决定是否继续；填写的内容已保留。",
  },
  "liaison-no-rule": { status: 409, zh: () => "没有执行中的协调单规则，请系统管理员检查规则设置。" },
});

function rolesOf(step: string): string {
  return liaisonStep(step as LiaisonStep)
    .by.map((role) => ROLES[role].zh)
    .join("、");
}
