/** 岗位. Every role a person, a unit or a machine can act as; the only list of them. */
export const ROLES = {
  triager: { zh: "分拣员", side: "centre" },
  supervisor: { zh: "督办员", side: "centre" },
  caller: { zh: "回访员", side: "centre" },
  closer: { zh: "结案审核员", side: "centre" },
  assessor: { zh: "考核员", side: "centre" },
  analyst: { zh: "报告员", side: "centre" },
  inspector: { zh: "质检员", side: "centre" },
  editor: { zh: "知识库管理员", side: "centre" },
  shiftLead: { zh: "值班长", side: "centre" },
  leader: { zh: "中心领导", side: "centre" },
  handler: { zh: "经办人", side: "unit" },
  unitLead: { zh: "单位负责人", side: "unit" },
  sysadmin: { zh: "系统管理员", side: "admin" },
  secadmin: { zh: "安全管理员", side: "admin" },
  auditadmin: { zh: "审计管理员", side: "admin" },
  importer: { zh: "批量导入", side: "machine" },
} as const satisfies Record<string, { zh: string; side: Side }>;

/** Where a role sits: in the centre, in a handling unit, among the three administrators, or a machine. */
export type Side = "centre" | "unit" | "admin" | "machine";

export type Role = keyof typeof ROLES;

export const ALL_ROLES = Object.keys(ROLES) as readonly Role[];

export function isRole(text: string): text is Role {
  return Object.hasOwn(ROLES, text);
}

export function sideOf(role: Role): Side {
  return ROLES[role].side;
}

/** 三员互斥: the three administrators exclude one another and hold no other role. */
export function rolesConflict(roles: readonly Role[]): boolean {
  const sides = new Set(roles.map(sideOf));
  return (
    (sides.has("admin") && roles.length > 1) || sides.has("machine") || (sides.has("unit") && sides.size > 1)
  );
}
