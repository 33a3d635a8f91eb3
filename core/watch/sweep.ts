/**
 * 无主巡查. What it is to be held: an open ticket has a running clock of its own and somebody who owes the next step, by
 * its state the unit, a desk of the centre, or the city, whose answer a clock waits for. By construction none is loose;
 * the sweep asks the ledger all the same.
 */
import { STATES, type TicketState } from "../ticket/state.ts";

export const LOOSE = {
  "no-clock": "没有在走的时限",
  "no-holder": "没有承办单位",
  "no-desk": "没有在岗人员的岗位",
} as const;

export type Loose = keyof typeof LOOSE;

export function isLoose(text: string): text is Loose {
  return Object.hasOwn(LOOSE, text);
}

export interface SweptTicket {
  readonly state: TicketState;
  /** Whether a clock of its own runs, or rests to a day on which it runs again by itself. */
  readonly ticking: boolean;
  /** Whether it has a lead unit that exists. */
  readonly unit: boolean;
  /** Whether an account in use has a role in whose queue the state is. */
  readonly desk: boolean;
}

/** What an open ticket lacks; empty for one that is held, and for one that is closed. */
export function looseOf(ticket: SweptTicket): readonly Loose[] {
  const { open, held } = STATES[ticket.state];
  if (!open) return [];
  const lacks: Loose[] = [];
  if (!ticket.ticking) lacks.push("no-clock");
  if (held === "unit" && !ticket.unit) lacks.push("no-holder");
  if (held === "centre" && !ticket.desk) lacks.push("no-desk");
  return lacks;
}
