/**
 * 采集与退单统计的指标. Each figure's name and definition, once: screens, hover and workbook take their words from here.
 * What a key says is what the query counts.
 */

/** How one return stands; `designated` is decided by the dispatch that followed, not by what the review said. */
export const RETURN_STANDINGS = {
  waiting: { zh: "待审", definition: "单位已申请退单，中心尚未审核的件次" },
  accepted: { zh: "同意退单", definition: "中心同意退单、未指定承办（含尚未改派）的件次" },
  designated: { zh: "指定承办", definition: "退单后由中心指定承办单位（含确权裁定）的件次" },
  refused: { zh: "驳回退单", definition: "中心驳回、由原单位继续办理的件次" },
  ownership: { zh: "确权中", definition: "退单后提交确权、尚未裁定的件次" },
} as const;
export type ReturnStanding = keyof typeof RETURN_STANDINGS;
export const STANDING_KEYS = ["waiting", "accepted", "designated", "refused", "ownership"] as const;

export interface StatMeasure {
  readonly name: string;
  readonly unit: "件" | "件次" | "%" | "分钟";
  readonly definition: string;
  /** Null for a plain count. */
  readonly numerator?: string;
  readonly denominator?: string;
}

const standing = (key: ReturnStanding): StatMeasure => ({
  name: RETURN_STANDINGS[key].zh,
  unit: "件次",
  definition: RETURN_STANDINGS[key].definition,
});

/** 退单统计. */
export const RETURN_MEASURES = {
  asked: {
    name: "退单",
    unit: "件次",
    definition: "期内单位申请退单的次数；同一工单退几次计几次，几分钟内自行撤回的不计",
  },
  waiting: standing("waiting"),
  accepted: standing("accepted"),
  designated: standing("designated"),
  refused: standing("refused"),
  ownership: standing("ownership"),
  refusedRate: {
    name: "驳回率",
    unit: "%",
    definition: "已审核的退单中被驳回的比例；没有已审核的，显示“—”",
    numerator: "驳回退单",
    denominator: "同意退单 + 指定承办 + 确权中 + 驳回退单",
  },
  rounds: {
    name: "派单",
    unit: "件次",
    definition: "期内派给单位主办的次数；同一工单改派几次计几次",
  },
  rate: {
    name: "退单率",
    unit: "%",
    definition: "期内退单件次与派单件次之比；派单件次不足规则所定下限的单位不排名次",
    numerator: "退单",
    denominator: "派单",
  },
} as const satisfies Readonly<Record<string, StatMeasure>>;

/** 退市统计. */
export const WITHDRAWAL_MEASURES = {
  applied: { name: "申请退市", unit: "件次", definition: "期内向市级申请退市的次数；驳回后再申请的另计" },
  waiting: { name: "待市级答复", unit: "件次", definition: "其中市级尚未答复的件次" },
  accepted: { name: "市级同意", unit: "件次", definition: "其中市级最后答复为同意的件次" },
  rejected: { name: "退市驳回", unit: "件次", definition: "其中市级最后答复为驳回的件次" },
  rejectedRate: {
    name: "退市驳回率",
    unit: "%",
    definition: "市级已答复的退市申请中被驳回的比例；没有已答复的，显示“—”",
    numerator: "退市驳回",
    denominator: "市级同意 + 退市驳回",
  },
} as const satisfies Readonly<Record<string, StatMeasure>>;

/** 采集与分拣统计. */
export const COLLECTION_MEASURES = {
  tickets: {
    name: "采集",
    unit: "件",
    definition:
      "期内来电（来件）的工单；并案的只计主单一次，误录作废的不计；退市、退市驳回、重新办理的都计在内",
  },
  merged: { name: "并案", unit: "件", definition: "期内来件后并入其他工单的件数，不计入采集件数" },
  dispatched: { name: "已派单", unit: "件", definition: "其中已派给承办单位的件数（含市级直派）" },
  replied: { name: "直接回复、直办", unit: "件", definition: "其中由中心直接回复或直办的件数" },
  withdrawn: { name: "已退市", unit: "件", definition: "其中现已退回市级的件数；退市被驳回的不在此列" },
  closed: {
    name: "已结案",
    unit: "件",
    definition: "其中现为已结案的件数；结案后重新办理的，自重新办理起不计",
  },
  minutes: {
    name: "分拣用时",
    unit: "分钟",
    definition: "从市级派发（没有的从来电）到首次派单的分钟数，取中位数；市级直派的不计",
  },
  firstRight: {
    name: "首派未退",
    unit: "件",
    definition: "首次派单后，中心没有同意退单、也没有提交确权的件数",
  },
  firstRightRate: {
    name: "首派准确率",
    unit: "%",
    definition: "已派单的工单中首派未退的比例；没有已派单的，显示“—”",
    numerator: "首派未退",
    denominator: "已派单",
  },
} as const satisfies Readonly<Record<string, StatMeasure>>;

/** Percent with one decimal, half up; null where there is nothing to divide by. */
export function percent(part: number, whole: number): number | null {
  return whole === 0 ? null : Math.round((part * 1000) / whole) / 10;
}

/** "分子 ÷ 分母" behind the definition, as the screens say it on hover. */
export function measureText({ definition, numerator, denominator }: StatMeasure): string {
  return numerator === undefined ? definition : `${definition}。${numerator} ÷（${denominator}）`;
}
