/** 督办的判断. Whether this person may take a step on an item as it stands, and what becomes of it; never touches a clock or a row. */
import { type Answer, no, yes } from "../answer.ts";
import type { Role } from "../ticket/role.ts";
import {
  ALL_SUPERVISION_STEPS,
  type StepField,
  type SupervisionLevel,
  type SupervisionState,
  type SupervisionStep,
  supervisionStep,
} from "./lifecycle.ts";
import type { SupervisionRules } from "./rules.ts";

/** An item as deciding needs it. */
export interface ItemFacts {
  readonly state: SupervisionState;
  readonly level: SupervisionLevel;
  /** Responsible units, the lead first. */
  readonly unitIds: readonly string[];
  /** Days that the unit has asked for and nobody has answered; null when none. */
  readonly asked: number | null;
  readonly granted: number;
  /** The day given from above is what is due. */
  readonly givenDue: boolean;
  readonly dueAt: number | null;
  /** The last look at the place since the unit's last answer; null when there was none. */
  readonly checked: "good" | "bad" | null;
  /** Who passed it on to be closed; null before. */
  readonly passedBy: string | null;
}

export interface StepPerson {
  readonly userId: string;
  readonly roles: readonly Role[];
  readonly unitId: string | null;
}

/** What was entered; what a step does not ask for is not looked at. */
export interface StepInput {
  readonly text?: string | undefined;
  readonly unitIds?: readonly string[] | undefined;
  readonly level?: SupervisionLevel | undefined;
  readonly days?: number | undefined;
  readonly place?: string | undefined;
  readonly result?: "good" | "bad" | undefined;
  readonly fileIds?: readonly string[] | undefined;
}

export interface StepChange {
  readonly to: SupervisionState;
  readonly level: SupervisionLevel;
  /** Null: as they are. */
  readonly unitIds: readonly string[] | null;
  readonly asked: number | null;
  readonly granted: number;
  /** What the clock is to do. */
  readonly clock: "none" | "enter" | "extend" | "relevel";
  readonly checked: ItemFacts["checked"];
  readonly passedBy: string | null;
}

type SupervisionRefusal =
  | { readonly code: "supervision-state"; readonly step: SupervisionStep; readonly state: SupervisionState }
  | { readonly code: "supervision-role" }
  | { readonly code: "supervision-not-lead" }
  | { readonly code: "supervision-missing"; readonly field: StepField; readonly fieldZh: string }
  | { readonly code: "supervision-unit-twice" }
  | { readonly code: "supervision-same-level" }
  | { readonly code: "supervision-check-first" }
  | { readonly code: "supervision-check-bad" }
  | { readonly code: "supervision-same-person" }
  | { readonly code: "supervision-extension-pending" }
  | { readonly code: "supervision-extension-none" }
  | { readonly code: "supervision-extension-used"; readonly limit: number }
  | { readonly code: "supervision-extension-late" }
  | { readonly code: "supervision-extension-given" }
  | { readonly code: "supervision-extension-days"; readonly limit: number };

/** Steps that the lead unit alone may take; the others report their progress. */
const LEAD_ONLY: readonly SupervisionStep[] = ["answer", "askExtension"];

/** Why this person may not take the step now, whatever is filled in; null when they may. */
function stepBarred(
  facts: ItemFacts,
  step: SupervisionStep,
  person: StepPerson,
  rules: SupervisionRules,
  now: number,
): SupervisionRefusal | null {
  const row = supervisionStep(step);
  if (!row.by.some((role) => person.roles.includes(role))) return { code: "supervision-role" };
  if (!row.from.includes(facts.state)) return { code: "supervision-state", step, state: facts.state };
  if (person.unitId !== null) {
    if (!facts.unitIds.includes(person.unitId)) return { code: "supervision-role" };
    if (LEAD_ONLY.includes(step) && facts.unitIds[0] !== person.unitId)
      return { code: "supervision-not-lead" };
  }
  switch (step) {
    case "askExtension":
      return askBarred(facts, rules, now);
    case "grantExtension":
    case "refuseExtension":
      return facts.asked === null ? { code: "supervision-extension-none" } : null;
    case "pass":
      if (facts.checked === "bad") return { code: "supervision-check-bad" };
      return facts.checked === null && rules.checkFirst.includes(facts.level)
        ? { code: "supervision-check-first" }
        : null;
    case "close":
      return facts.passedBy === person.userId ? { code: "supervision-same-person" } : null;
    default:
      return null;
  }
}

/** The steps that are this person's now, in the table's order. */
export function stepsNow(
  facts: ItemFacts,
  person: StepPerson,
  rules: SupervisionRules,
  now: number,
): readonly SupervisionStep[] {
  return ALL_SUPERVISION_STEPS.filter((step) => stepBarred(facts, step, person, rules, now) === null);
}

export function decideStep(
  facts: ItemFacts,
  step: SupervisionStep,
  person: StepPerson,
  input: StepInput,
  rules: SupervisionRules,
  now: number,
): Answer<StepChange, SupervisionRefusal> {
  const barred = stepBarred(facts, step, person, rules, now);
  if (barred !== null) return no(barred);
  const row = supervisionStep(step);
  const missing = row.asks.find((ask) => ask.must && isEmpty(ask.field, input));
  if (missing) return no({ code: "supervision-missing", field: missing.field, fieldZh: missing.zh });
  const { unitIds = [] } = input;
  if (step === "forward" && new Set(unitIds).size < unitIds.length)
    return no({ code: "supervision-unit-twice" });
  if (step === "relevel" && input.level === facts.level) return no({ code: "supervision-same-level" });
  const { maxDays } = rules.extension;
  if (
    step === "askExtension" &&
    !(Number.isInteger(input.days) && Number(input.days) >= 1 && Number(input.days) <= maxDays)
  )
    return no({ code: "supervision-extension-days", limit: maxDays });
  return yes(changeOf(facts, step, person, input));
}

function changeOf(facts: ItemFacts, step: SupervisionStep, person: StepPerson, input: StepInput): StepChange {
  const { to } = supervisionStep(step);
  const asksLevel = supervisionStep(step).asks.some((ask) => ask.field === "level");
  const change: StepChange = {
    to: to === "same" ? facts.state : to,
    level: (asksLevel ? input.level : undefined) ?? facts.level,
    unitIds: null,
    // Whoever leaves the unit's hands has asked in vain: the question goes with the state.
    asked: to === "same" ? facts.asked : null,
    granted: facts.granted,
    clock: to === "same" ? "none" : "enter",
    checked: facts.checked,
    passedBy: facts.passedBy,
  };
  switch (step) {
    case "forward":
      return { ...change, unitIds: input.unitIds ?? [] };
    case "askExtension":
      return { ...change, asked: input.days ?? null };
    case "grantExtension":
      return { ...change, asked: null, granted: facts.granted + 1, clock: "extend" };
    case "refuseExtension":
      return { ...change, asked: null };
    case "relevel":
      return { ...change, clock: "relevel" };
    case "answer":
      return { ...change, checked: null };
    case "check":
      return { ...change, checked: input.result ?? null };
    case "pass":
      return { ...change, passedBy: person.userId };
    case "sendBack":
    case "reopen":
      return { ...change, checked: null, passedBy: null, granted: 0 };
    default:
      return change;
  }
}

function askBarred(
  facts: ItemFacts,
  { extension }: SupervisionRules,
  now: number,
): SupervisionRefusal | null {
  if (facts.asked !== null) return { code: "supervision-extension-pending" };
  if (facts.givenDue) return { code: "supervision-extension-given" };
  if (facts.granted >= extension.maxTimes)
    return { code: "supervision-extension-used", limit: extension.maxTimes };
  return !extension.afterDue && facts.dueAt !== null && now > facts.dueAt
    ? { code: "supervision-extension-late" }
    : null;
}

function isEmpty(field: StepField, input: StepInput): boolean {
  switch (field) {
    case "text":
      return (input.text ?? "").trim() === "";
    case "place":
      return (input.place ?? "").trim() === "";
    case "units":
      return (input.unitIds ?? []).length === 0;
    case "level":
      return input.level === undefined;
    case "days":
      return input.days === undefined;
    case "result":
      return input.result === undefined;
    case "files":
      return (input.fileIds ?? []).length === 0;
  }
}
