/**
 * 履约事件的办理. The table of an incident's steps: found by rule, a remedy asked for, answered, closed after a review as 成立
 * or 不成立. Who reviews has not answered it, and does not answer for it.
 */
import type { Role } from "../ticket/role.ts";

export const INCIDENT_STATES = {
  open: "待处理",
  asked: "待整改",
  answered: "待复核",
  upheld: "成立",
  dismissed: "不成立",
} as const;

export type IncidentState = keyof typeof INCIDENT_STATES;
export const ALL_INCIDENT_STATES = Object.keys(INCIDENT_STATES) as readonly IncidentState[];

export function isIncidentState(text: string): text is IncidentState {
  return Object.hasOwn(INCIDENT_STATES, text);
}

const REVIEWERS = ["leader", "shiftLead"] as const satisfies readonly Role[];
const CENTRE = ["triager", "supervisor", "caller", "closer", "shiftLead"] as const satisfies readonly Role[];

interface Step {
  readonly step: string;
  readonly zh: string;
  readonly from: readonly IncidentState[];
  readonly to: IncidentState;
  readonly by: readonly Role[];
}

export const INCIDENT_STEPS = [
  {
    step: "ask",
    zh: "提出整改要求",
    from: ["open", "asked"],
    to: "asked",
    by: ["leader", "supervisor", "shiftLead"],
  },
  {
    step: "answer",
    zh: "说明与整改",
    from: ["open", "asked"],
    to: "answered",
    by: [...CENTRE, "handler", "unitLead"],
  },
  { step: "back", zh: "退回补充", from: ["answered"], to: "asked", by: REVIEWERS },
  { step: "uphold", zh: "复核：成立", from: ["answered"], to: "upheld", by: REVIEWERS },
  { step: "dismiss", zh: "复核：不成立", from: ["answered"], to: "dismissed", by: REVIEWERS },
] as const satisfies readonly Step[];

export type IncidentStep = (typeof INCIDENT_STEPS)[number]["step"];
export const ALL_INCIDENT_STEPS: readonly IncidentStep[] = INCIDENT_STEPS.map((s) => s.step);

/** Steps by which the one who judges must be another than those who answered. */
const REVIEWS: readonly IncidentStep[] = ["back", "uphold", "dismiss"];

export interface IncidentFacts {
  readonly state: IncidentState;
  readonly side: "centre" | "unit";
  readonly unitId: string | null;
  /** Who answers for it in person, where somebody does. */
  readonly personId: string | null;
  readonly answeredBy: string | null;
}

export interface IncidentDoer {
  readonly userId: string;
  readonly roles: readonly Role[];
  readonly unitId: string | null;
}

export type IncidentRefusal = {
  readonly code: "incident-state" | "incident-role" | "incident-not-yours" | "incident-second-person";
};

/** The state after a step, or why it may not be taken. */
export function decideIncident(
  incident: IncidentFacts,
  who: IncidentDoer,
  step: IncidentStep,
):
  | { readonly ok: true; readonly to: IncidentState; readonly as: Role }
  | { readonly ok: false; readonly refusal: IncidentRefusal } {
  const row: Step | undefined = INCIDENT_STEPS.find((each) => each.step === step);
  if (!row) throw new Error(`no such step: ${step}`);
  const as = who.roles.find((role) => row.by.includes(role));
  if (as === undefined) return refuse("incident-role");
  if (!row.from.includes(incident.state)) return refuse("incident-state");
  if (who.unitId !== null && (incident.side !== "unit" || incident.unitId !== who.unitId))
    return refuse("incident-not-yours");
  if (REVIEWS.includes(step) && (who.userId === incident.answeredBy || who.userId === incident.personId))
    return refuse("incident-second-person");
  return { ok: true, to: row.to, as };
}

/** The steps that this person may take now, in the table's order. */
export function incidentStepsNow(incident: IncidentFacts, who: IncidentDoer): readonly IncidentStep[] {
  return ALL_INCIDENT_STEPS.filter((step) => decideIncident(incident, who, step).ok);
}

const refuse = (code: IncidentRefusal["code"]) => ({ ok: false as const, refusal: { code } });
