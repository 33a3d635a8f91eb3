/** 谁办哪一步. Who reviews applications, and who sends them to the city and records what it ruled. */
import type { Role } from "../ticket/role.ts";

export const REVIEWERS: readonly Role[] = ["supervisor", "assessor", "shiftLead"];
/** 报市、登记市级结果. A batch is withdrawn by another of them than the one who made it. */
export const SENDERS: readonly Role[] = ["assessor", "leader"];
