/** 申请的状态. What an application for exemption passes through. */
export const STATES = {
  applied: "待审核",
  returned: "退回补充",
  refused: "中心不同意",
  passed: "待报市级",
  sent: "已报市级",
  upheld: "认定",
  denied: "查否",
  withdrawn: "已撤回",
} as const;
export type State = keyof typeof STATES;
