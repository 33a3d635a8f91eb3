/** 履约事件的种类. Every kind of breach that is kept as an incident, its word, what it means; the only list of them. */
export const INCIDENTS = {
  rejected: { zh: "退市驳回", about: "申请退市被市级驳回，须查明是否审核失误" },
  overdue: { zh: "超期", about: "在中心或承办单位手中放置，过了时限" },
  supervision: { zh: "督办迟转", about: "督办件超过转办时限才转到承办单位" },
  loose: { zh: "无主工单", about: "在办工单没有在走的时限、承办单位或在岗的岗位" },
} as const;

export type IncidentKind = keyof typeof INCIDENTS;

export const ALL_INCIDENTS = Object.keys(INCIDENTS) as readonly IncidentKind[];

export function isIncident(text: string): text is IncidentKind {
  return Object.hasOwn(INCIDENTS, text);
}
