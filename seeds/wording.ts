/** 诉求文本. Titles, texts, opinions, reports and reasons, composed from parts; none is copied from a real ticket. */
import type { Matter } from "./matters.ts";
import type { Neighbourhood, Place } from "./places.ts";
import type { Random } from "./random.ts";

export interface Wording {
  readonly title: string;
  readonly content: string;
}

const OPENINGS = ["市民反映，", "市民来电反映，", "来电人称，", "市民反映："] as const;
const BEFORE = [
  "",
  "",
  "其居住在此处，",
  "自己路过时发现",
  "近期",
  "长期以来",
  "从上周开始",
  "多次",
] as const;
const AGAIN = ["曾向社区反映未得到处理", "此前已拨打热线，问题反复出现", "联系过相关单位，答复不一"] as const;
const CLOSINGS = ["来电反映", "现来电反映", "故来电反映"] as const;
const NOTES = ["", "", "", "注：请联系来电人并告知结果。", "注：来电人要求回复办理结果。"] as const;

/** `again`: the caller has called about this before. `typed`: written by the citizen, not by an agent. */
export function describe(
  random: Random,
  matter: Matter,
  at: Neighbourhood,
  place: Place,
  more: { again: boolean; typed: boolean },
): Wording {
  const first = random.int(0, matter.situations.length - 1);
  const second = random.chance(0.35) ? (first + 1) % matter.situations.length : first;
  const facts = [first, ...(second === first ? [] : [second])].map((i) =>
    fill(random, matter.situations[i] ?? ""),
  );
  if (more.again) facts.push(random.pick(AGAIN));
  const where = matter.where === "none" ? "" : at.street.name + place.spot;
  const topic = `${matter.category3}`;
  const content = more.typed
    ? `您好，我住在海淀区${at.street.name}${at.community.name}。${where === "" ? "" : `${place.spot}，`}${facts.join("，")}。${matter.demand}。`
    : `${random.pick(OPENINGS)}${where === "" ? "" : `海淀区${where}，`}${matter.where === "none" ? "" : random.pick(BEFORE)}${facts.join("，")}，${random.pick(CLOSINGS)}${topic}的问题。${matter.demand}。${random.pick(NOTES)}`;
  return {
    title: `${matter.where === "none" ? at.street.shortName : at.stem}${topic}${matter.kind === "咨询" ? "咨询" : "问题"}`,
    content,
  };
}

/** Puts numbers where a part leaves room: {t} ℃, {n} a small count, {d} days, {h} hours, {m} yuan. */
function fill(random: Random, part: string): string {
  return part.replace(/\{([tndhm])\}/g, (_, what: string) => {
    if (what === "t") return String(random.int(11, 17));
    if (what === "d") return String(random.int(2, 15));
    if (what === "h") return String(random.int(2, 12));
    if (what === "m") return String(random.int(2, 90) * 100);
    return String(random.int(2, 9));
  });
}

const REPORTS = {
  solved: [
    "经现场核实，{topic}情况属实。已安排人员处理完毕，结果已向来电人反馈。",
    "接单后与来电人取得联系，于当日到场处理，{topic}问题已解决。",
    "已协调相关单位整改到位，现场复查符合要求，结果已告知来电人。",
  ],
  partly: [
    "{topic}问题已临时处置，彻底解决需列入后续计划，已向来电人说明。",
    "已完成部分整改，剩余部分正在协调，已告知来电人预计时间。",
  ],
  unsolved: [
    "经核实，{topic}涉及多方权属，目前尚在协调，已向来电人解释。",
    "因不具备实施条件，暂无法解决，已做好沟通解释。",
  ],
  explained: [
    "已就{topic}相关政策向来电人详细解答，来电人表示知晓。",
    "经与来电人沟通，已说明办理流程和所需材料。",
  ],
} as const;
export type ReportOutcome = keyof typeof REPORTS;

export const reportText = (random: Random, outcome: ReportOutcome, matter: Matter): string =>
  random.pick(REPORTS[outcome]).replace("{topic}", matter.category3);

export const OPINIONS = [
  "请核实并按期办理，及时向来电人反馈。",
  "请属地牵头处理，办结前与来电人联系。",
  "请按职责办理，如涉及其他单位请先行接诉、主动协调。",
  "来电人诉求明确，请尽快到场处理。",
] as const;
export const GROUNDS = [
  "经核实，该处不属于我单位管理范围。",
  "该事项行业主管为其他部门，建议改派。",
  "点位位于相邻街镇，非我单位辖区。",
] as const;
/** 退单: codes of rules/returns with what a unit writes and shows for each. */
export const RETURNS = [
  {
    kind: "duty",
    ground: "经核实，该处不属于我单位管理范围。",
    evidence: "本单位权责清单第十二项不含此类设施的维护。",
  },
  {
    kind: "duty",
    ground: "该事项行业主管为其他部门，建议改派。",
    evidence: "区委编办职责分工：此类事项由行业主管部门负责。",
  },
  {
    kind: "area",
    ground: "点位位于相邻街镇，非我单位辖区。",
    evidence: "现场核对点位，位于界线以东，见辖区图。",
  },
  {
    kind: "owner",
    ground: "现场为小区红线内设施，由产权单位管护。",
    evidence: "物业服务合同载明由产权单位维护。",
  },
  {
    kind: "incomplete",
    ground: "来电未说明具体位置，联系诉求人未果，无法办理。",
    evidence: "缺少门牌和楼号；当日两次联系诉求人未接通。",
  },
  {
    kind: "repeat",
    ground: "同一诉求已有工单在办，建议并案。",
    evidence: "该点位本月已有在办工单，正在处理。",
  },
] as const;
export const RETURN_REFUSALS = [
  "按属地管理原则，请继续办理。",
  "首接负责，请先行处置并协调相关单位。",
] as const;
export const OWNERSHIP_REASONS = [
  "两家单位均称非本单位职责，提请确权。",
  "点位权属不清，多次退单，提请确权。",
] as const;
export const BASES = [
  "依据属地管理原则和部门职责分工，由该单位承办。",
  "依据既往确权结论，由该单位承办。",
] as const;
export const WITHDRAW_GROUNDS = [
  "点位不在本区，申请退回市级改派。",
  "该事项为市属单位职责，申请退回市级。",
] as const;
export const WITHDRAW_REFUSALS = [
  "经市级核实，点位位于海淀区，请继续办理。",
  "首接负责，请先行办理。",
] as const;
export const REWORK_REASONS = [
  "反馈未回应诉求人的主要问题，请重新办理。",
  "未附现场处理情况，请补充后再报。",
  "来电人称未收到联系，请重新联系。",
] as const;
export const SHELVE_REASONS = [
  "需列入下年度改造计划，申请挂账。",
  "涉及规划调整，短期内无法实施，挂账推进。",
] as const;
export const UNSHELVE_NOTES = ["具备实施条件，恢复办理。"] as const;
export const REOPEN_REASONS = ["市级回访未解决，重新办理。"] as const;
export const URGE_TEXTS = ["临近时限，请抓紧办理并反馈。", "请于今日内与来电人联系。"] as const;
export const NOTE_TEXTS = [
  "来电人补充：傍晚后在家，可上门查看。",
  "已电话提醒承办单位。",
  "来电人询问进展，已告知正在办理。",
] as const;
export const DIRECT_REPLIES = [
  "已就相关政策向来电人当场解答，来电人表示知晓。",
  "已告知来电人办理渠道和所需材料。",
] as const;
export const CITY_REPLIES = ["承办街镇已办结，结果已由市级平台登记。", "直派件已办结。"] as const;
export const CONTACT_WAYS = ["电话", "电话", "电话", "上门", "短信"] as const;
export const UNSOLVED_REASONS = [
  "问题仍然存在",
  "只是口头答复，没有实际处理",
  "处理后又复发",
  "等待时间太长",
] as const;
export const DISSATISFIED_REASONS = ["对处理结果不认可", "未见工作人员到场", "态度敷衍"] as const;
export const EXEMPTIONS = ["不合理诉求", "涉法涉诉", "超出公共服务范围", "已列入专项计划"] as const;
export const MISSED_NOTES = ["电话无人接听", "来电人表示不便接听，稍后再拨", "关机"] as const;
export const CO_REPORTS = ["已配合主办单位到场处理。", "已提供权属资料并协助整改。"] as const;
