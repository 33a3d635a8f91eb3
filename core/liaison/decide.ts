/** 协调单的判断. Whether this person may take a step on an item as it stands, for which party, and what becomes of it. */
import { type Answer, no, yes } from "../answer.ts";
import type { Role } from "../ticket/role.ts";
import {
  ALL_LIAISON_STEPS,
  LIAISON_LEADS,
  type LiaisonState,
  type LiaisonStep,
  liaisonStep,
  type Side,
} from "./lifecycle.ts";

export interface LiaisonParty {
  readonly id: string;
  readonly side: Side;
  readonly unitId: string | null;
  /** Was asked, and has neither answered nor been let off. */
  readonly waiting: boolean;
}

/** An item as deciding needs it. */
export interface LiaisonFacts {
  readonly state: LiaisonState;
  readonly openedBy: string;
  /** Null: the centre began it. */
  readonly openerUnit: string | null;
  readonly parties: readonly LiaisonParty[];
}

export interface LiaisonPerson {
  readonly userId: string;
  readonly roles: readonly Role[];
  readonly unitId: string | null;
}

/** What was entered; what a step does not ask for is not looked at. */
export interface LiaisonInput {
  readonly words: string;
  /** Whose answer or words they are, or who is let off; a unit's own people need not name it. */
  readonly party?: string | undefined;
  /** Who is asked by 追问 and 重启: parties of the item, those that come in by it among them. */
  readonly asked?: readonly string[] | undefined;
}

export interface LiaisonChange {
  readonly to: LiaisonState;
  /** Who speaks; null where nobody does for a party. */
  readonly speaker: string | null;
  readonly answered: string | null;
  readonly letOff: string | null;
  readonly asked: readonly string[];
  /** Who is left without an answer by an outcome or a cancelling. */
  readonly dropped: readonly string[];
}

export type LiaisonRefusal =
  | { readonly code: "liaison-state"; readonly step: LiaisonStep; readonly state: LiaisonState }
  | { readonly code: "liaison-role"; readonly step: LiaisonStep }
  | { readonly code: "liaison-not-party" }
  | { readonly code: "liaison-which-party" }
  | { readonly code: "liaison-not-yours-to-answer" }
  | { readonly code: "liaison-nothing-asked" }
  | { readonly code: "liaison-asked-already" }
  | { readonly code: "liaison-nobody-asked" }
  | { readonly code: "liaison-words" };

/** Why this person may not take the step now, whatever is filled in; null when they may. */
export function liaisonBarred(
  facts: LiaisonFacts,
  step: LiaisonStep,
  person: LiaisonPerson,
): LiaisonRefusal | null {
  const row = liaisonStep(step);
  const own = ownParty(facts, person);
  if (own === null) return { code: "liaison-not-party" };
  if (!row.by.some((role) => person.roles.includes(role)) && !(row.orOpener && isOpener(facts, person)))
    return { code: "liaison-role", step };
  if (!row.from.includes(facts.state)) return { code: "liaison-state", step, state: facts.state };
  if (step === "answer" && answerable(facts, person).length === 0)
    return person.unitId === null && facts.parties.some((party) => party.waiting)
      ? { code: "liaison-not-yours-to-answer" }
      : { code: "liaison-nothing-asked" };
  return null;
}

/** The steps that are this person's now, in the table's order. */
export function liaisonStepsNow(facts: LiaisonFacts, person: LiaisonPerson): readonly LiaisonStep[] {
  return ALL_LIAISON_STEPS.filter((step) => liaisonBarred(facts, step, person) === null);
}

/** Parties for which this person may put an answer down: their own unit's, or what the centre took down for others. */
export function answerable(facts: LiaisonFacts, person: LiaisonPerson): readonly LiaisonParty[] {
  const waiting = facts.parties.filter((party) => party.waiting);
  if (person.unitId !== null) return waiting.filter((party) => party.unitId === person.unitId);
  const leads = person.roles.some((role) => LIAISON_LEADS.includes(role));
  return waiting.filter((party) => party.side !== "unit" || leads);
}

export function decideLiaison(
  facts: LiaisonFacts,
  step: LiaisonStep,
  person: LiaisonPerson,
  input: LiaisonInput,
): Answer<LiaisonChange, LiaisonRefusal> {
  const barred = liaisonBarred(facts, step, person);
  if (barred !== null) return no(barred);
  if (liaisonStep(step).words === "must" && input.words.trim() === "") return no({ code: "liaison-words" });
  const own = ownParty(facts, person);
  const nothing = { answered: null, letOff: null, asked: [], dropped: [] };
  const settled = (still: (party: LiaisonParty) => boolean, asked: readonly string[] = []): LiaisonState =>
    asked.length > 0 || facts.parties.some((party) => party.waiting && still(party)) ? "asking" : "answered";
  switch (step) {
    case "answer": {
      const party = partyAnswering(facts, person, input.party);
      if (!party.ok) return party;
      const { id } = party.value;
      return yes({ ...nothing, speaker: id, answered: id, to: settled((each) => each.id !== id) });
    }
    case "letOff": {
      const party = facts.parties.find((each) => each.id === input.party);
      if (party === undefined) return no({ code: "liaison-which-party" });
      if (!party.waiting) return no({ code: "liaison-nothing-asked" });
      return yes({
        ...nothing,
        speaker: own,
        letOff: party.id,
        to: settled((each) => each.id !== party.id),
      });
    }
    case "ask":
    case "reopen": {
      const asked = [...new Set(input.asked ?? [])];
      if (asked.length === 0) return no({ code: "liaison-nobody-asked" });
      const parties = asked.map((id) => facts.parties.find((each) => each.id === id));
      if (parties.includes(undefined)) return no({ code: "liaison-which-party" });
      if (parties.some((each) => each?.waiting)) return no({ code: "liaison-asked-already" });
      return yes({ ...nothing, speaker: own, asked, to: "asking" });
    }
    case "conclude":
    case "cancel": {
      const dropped = facts.parties.filter((each) => each.waiting).map((each) => each.id);
      return yes({ ...nothing, speaker: own, dropped, to: step === "conclude" ? "closed" : "cancelled" });
    }
    case "say": {
      const party = input.party === undefined ? own : input.party;
      const found = facts.parties.find((each) => each.id === party);
      if (found === undefined) return no({ code: "liaison-which-party" });
      if (person.unitId !== null && found.id !== own) return no({ code: "liaison-not-yours-to-answer" });
      return yes({ ...nothing, speaker: found.id, to: facts.state });
    }
    default:
      return yes({ ...nothing, speaker: own, to: facts.state });
  }
}

/** For which party the answer is: the unit's own, the one named, or the only one there is. */
function partyAnswering(
  facts: LiaisonFacts,
  person: LiaisonPerson,
  named: string | undefined,
): Answer<LiaisonParty, LiaisonRefusal> {
  const mine = answerable(facts, person);
  if (named === undefined) {
    const [only, ...more] = mine;
    return only !== undefined && more.length === 0 ? yes(only) : no({ code: "liaison-which-party" });
  }
  const found = mine.find((party) => party.id === named);
  if (found !== undefined) return yes(found);
  const party = facts.parties.find((each) => each.id === named);
  if (party === undefined) return no({ code: "liaison-which-party" });
  return no({ code: party.waiting ? "liaison-not-yours-to-answer" : "liaison-nothing-asked" });
}

/** The party that the person speaks for: their unit's, or the centre; null for a unit that is none. */
function ownParty(facts: LiaisonFacts, person: LiaisonPerson): string | null {
  const own = facts.parties.find((party) =>
    person.unitId === null ? party.side === "centre" : party.unitId === person.unitId,
  );
  return own?.id ?? null;
}

function isOpener(facts: LiaisonFacts, person: LiaisonPerson): boolean {
  return (
    facts.openedBy === person.userId || (facts.openerUnit !== null && facts.openerUnit === person.unitId)
  );
}
