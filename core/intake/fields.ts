/** 导入字段. Every field that a column of a file can mean; the only list of them. */
export const FIELDS = {
  sequence: { zh: "序号（不导入）", kind: "ignored" },
  number: { zh: "工单编号", kind: "text" },
  registration: { zh: "登记编号", kind: "text" },
  source: { zh: "来源", kind: "text" },
  rejected: { zh: "是否为驳回件", kind: "word" },
  channel: { zh: "受理渠道", kind: "text" },
  kind: { zh: "工单类型", kind: "text" },
  level: { zh: "紧急程度", kind: "word" },
  title: { zh: "标题", kind: "text" },
  content: { zh: "主要内容", kind: "text" },
  categoryPath: { zh: "问题分类（一级->二级->三级）", kind: "text" },
  category1: { zh: "一级分类", kind: "text" },
  category2: { zh: "二级分类", kind: "text" },
  category3: { zh: "三级分类", kind: "text" },
  stateText: { zh: "工单状态", kind: "text" },
  requesterName: { zh: "诉求人姓名", kind: "personal" },
  requesterContact: { zh: "来电号码或账号", kind: "personal" },
  requesterAccount: { zh: "诉求人账号", kind: "personal" },
  district: { zh: "被反映区", kind: "text" },
  street: { zh: "被反映街乡镇", kind: "text" },
  community: { zh: "村/社区", kind: "text" },
  address: { zh: "地址、点位", kind: "text" },
  enterprise: { zh: "企业名称", kind: "text" },
  unit: { zh: "承办单位", kind: "text" },
  part: { zh: "工单性质（主办/协办）", kind: "word" },
  receivedAt: { zh: "受理时间", kind: "instant" },
  dispatchedAt: { zh: "派发时间", kind: "instant" },
  registeredAt: { zh: "登记时间", kind: "instant" },
  dueAt: { zh: "时限要求", kind: "instant" },
  repliedAt: { zh: "回复时间", kind: "instant" },
  closedAt: { zh: "办结时间", kind: "instant" },
  result: { zh: "办理结果", kind: "text" },
  reply: { zh: "回复内容", kind: "text" },
  resolution: { zh: "解决类型", kind: "text" },
  validCallback: { zh: "是否有效回访", kind: "word" },
  contacted: { zh: "响应（是否联系）", kind: "word" },
  solved: { zh: "是否解决", kind: "word" },
  satisfied: { zh: "是否满意", kind: "word" },
  reason: { zh: "不满意或未解决原因", kind: "text" },
  note: { zh: "备注", kind: "text" },
} as const satisfies Record<string, { zh: string; kind: FieldKind }>;

export type FieldKind = "ignored" | "text" | "word" | "instant" | "personal";
export type Field = keyof typeof FIELDS;

export const ALL_FIELDS = Object.keys(FIELDS) as readonly Field[];

export function isField(text: string): text is Field {
  return Object.hasOwn(FIELDS, text);
}
