/** 一张工单的来龙去脉. A ticket in memory with all its rows, as the ledger would hold them; units go by name, people by login. */
import type { Clock } from "@jiesu/core/deadline/clock.ts";
import type { CoState } from "@jiesu/core/ticket/cohandling.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import type { TicketState } from "@jiesu/core/ticket/state.ts";
import type { Matter } from "./matters.ts";
import type { Neighbourhood } from "./places.ts";

/** What is known of a ticket when it arrives. */
export interface Arrived {
  /** 0, 1, 2 … in order of arrival. */
  readonly index: number;
  readonly number: string;
  readonly channel: string;
  readonly path: "district" | "directStreet" | "directBureau" | "own";
  readonly level: 1 | 2 | 3 | 4;
  readonly matter: Matter;
  readonly at: Neighbourhood;
  readonly title: string;
  readonly content: string;
  readonly address: string;
  readonly enterprise: string;
  readonly requester: Caller;
  readonly receivedAt: number;
  /** When the city sent it to the district; null for what the district took in itself. */
  readonly cityDispatchedAt: number | null;
  /** 时限要求, as the city writes it. */
  readonly cityDueAt: number | null;
  /** Part of the burst (集中突发). */
  readonly burst: boolean;
}

/** 诉求人, invented. */
export interface Caller {
  /** Which of the invented people; the same person calls with the same name and phone. */
  readonly person: number;
  readonly name: string;
  readonly phone: string;
}

export interface TaleAssignment {
  readonly round: number;
  readonly part: "lead" | "co";
  readonly unit: string;
  readonly opinion: string;
  readonly designated: boolean;
  readonly dispatchedAt: number;
  readonly dispatchedBy: string | null;
  state: TicketState | CoState;
  acceptedAt: number | null;
  contactedAt: number | null;
  contactWay: string | null;
  reportedAt: number | null;
  report: string | null;
  outcome: string | null;
  endedAt: number | null;
  endedAs: string | null;
}

export interface Answers {
  readonly contacted: "yes" | "no" | null;
  readonly solved: "yes" | "partly" | "no" | null;
  readonly satisfied: "satisfied" | "basically" | "dissatisfied" | null;
}

export interface TaleCallback extends Answers {
  readonly round: number;
  readonly source: "own" | "city";
  readonly outcome: "answered" | "missed" | "refused" | "unreached";
  readonly reason: string;
  readonly note: string;
  readonly at: number;
  readonly by: Teller;
}

export interface TaleResult {
  readonly round: number;
  readonly unit: string;
  readonly countedAt: number;
  scope: "full" | "responseOnly" | "exempt";
  scopeNote: string;
  void: boolean;
  source: "own" | "city" | null;
  valid: boolean;
  answers: Answers;
}

/** Who an event names: a person of the district, or a machine (login null). */
export interface Teller {
  readonly login: string | null;
  readonly name: string;
  readonly role: Role | "system";
}

export interface TaleEvent {
  readonly version: number;
  readonly kind: string;
  readonly from: TicketState | null;
  readonly to: TicketState;
  readonly round: number;
  readonly at: number;
  readonly by: Teller;
  readonly unit: string | null;
  readonly data: EventData;
}

/** What an event shows of its input. References are told apart, so that the loader can put the ledger's ids in. */
export interface EventData {
  readonly plain: Readonly<Record<string, unknown>>;
  /** Units by name, under the key that holds the id. */
  readonly units?: Readonly<Record<string, string | readonly string[]>>;
  /** `into`: the index of another ticket. */
  readonly into?: number;
  /** `assignmentId`: a position in `assignments`. */
  readonly assignment?: number;
  /** `clockId`: a position in `clocks`. */
  readonly clock?: number;
}

export interface TaleClock {
  clock: Clock;
  /** Position in `assignments` of the co-handler that it belongs to; null for the ticket's own. */
  readonly assignment: number | null;
  nearFiredAt: number | null;
  overdueFiredAt: number | null;
}

export interface Tale extends Arrived {
  state: TicketState;
  round: number;
  returns: number;
  leadUnit: string | null;
  closingKind: "reply" | "direct" | "transfer" | "city" | null;
  reply: string;
  signedAt: number | null;
  dispatchedAt: number | null;
  closedAt: number | null;
  mergedInto: number | null;
  version: number;
  movedVersion: number;
  updatedAt: number;
  readonly assignments: TaleAssignment[];
  readonly callbacks: TaleCallback[];
  readonly results: TaleResult[];
  readonly events: TaleEvent[];
  readonly clocks: TaleClock[];
  /** Hears of the ticket after each of its events. */
  readonly onEvent: (tale: Tale) => void;
}

/** The live lead assignment (主办) of the current round. */
export function leadOf(tale: Tale): TaleAssignment | null {
  return (
    tale.assignments.find((a) => a.part === "lead" && a.round === tale.round && a.endedAt === null) ?? null
  );
}
