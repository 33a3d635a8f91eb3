/**
 * 逐件对应. Which round of which ticket of ours a line of the city's file means: by number, and where a number came again
 * after a rejection by the round, the day of dispatch, the unit or the period. What two rounds fit is left to a person.
 */
import { type Day, dayOf } from "../time/day.ts";

/** One round that we have under a number. */
export interface RoundThere {
  readonly ticketId: string;
  readonly round: number;
  readonly unitId: string | null;
  /** When it was dispatched, which is the day it counts on. */
  readonly countedAt: number;
  readonly void: boolean;
}

/** What a line says of its round. */
export interface SaidRound {
  readonly key: string;
  readonly number: string;
  readonly round: number | null;
  readonly dispatchedAt: number | null;
  readonly unitId: string | null;
}

export interface RoundRef {
  readonly ticketId: string;
  readonly round: number;
}

/** Why a line has no round of ours. */
export type Unmatched = "noTicket" | "noRound" | "roundUnclear" | "twice";

export type Match =
  | { readonly ok: true; readonly ref: RoundRef; readonly by: "number" | "hand" }
  | { readonly ok: false; readonly why: Unmatched; readonly candidates: readonly RoundThere[] };

/** Every line's round, by the line's key. What a person matched by hand goes before; no round is given twice. */
export function matchLines(
  lines: readonly SaidRound[],
  there: ReadonlyMap<string, readonly RoundThere[]>,
  byHand: ReadonlyMap<string, RoundRef>,
  period: { readonly from: Day; readonly to: Day },
): ReadonlyMap<string, Match> {
  const matches = new Map<string, Match>();
  const taken = new Set<string>();
  const give = (key: string, ref: RoundRef, by: "number" | "hand", candidates: readonly RoundThere[]) => {
    const id = `${ref.ticketId} ${ref.round}`;
    if (taken.has(id)) matches.set(key, { ok: false, why: "twice", candidates });
    else matches.set(key, { ok: true, ref, by });
    taken.add(id);
  };
  for (const line of lines) {
    const ref = byHand.get(line.key);
    if (ref) give(line.key, ref, "hand", there.get(line.number) ?? []);
  }
  for (const line of lines) {
    if (matches.has(line.key)) continue;
    const candidates = there.get(line.number) ?? [];
    const found = roundFor(line, candidates, period);
    if (typeof found === "string") matches.set(line.key, { ok: false, why: found, candidates });
    else give(line.key, { ticketId: found.ticketId, round: found.round }, "number", candidates);
  }
  return matches;
}

function roundFor(
  line: SaidRound,
  candidates: readonly RoundThere[],
  period: { readonly from: Day; readonly to: Day },
): RoundThere | Unmatched {
  if (candidates.length === 0) return "noTicket";
  if (line.round !== null) return only(candidates.filter((each) => each.round === line.round)) ?? "noRound";
  const [first] = candidates;
  if (first && candidates.length === 1) return first;
  const { dispatchedAt, unitId } = line;
  const tellings: readonly ((each: RoundThere) => boolean)[] = [
    ...(dispatchedAt === null
      ? []
      : [
          (each: RoundThere) => minuteOf(each.countedAt) === minuteOf(dispatchedAt),
          (each: RoundThere) => dayOf(each.countedAt) === dayOf(dispatchedAt),
        ]),
    ...(unitId === null ? [] : [(each: RoundThere) => each.unitId === unitId && !each.void]),
    (each) => !each.void && dayOf(each.countedAt) >= period.from && dayOf(each.countedAt) <= period.to,
    (each) => !each.void,
  ];
  // Each telling narrows what the ones before have left; one that fits none says nothing.
  let left: readonly RoundThere[] = candidates;
  for (const fits of tellings) {
    const fitting = left.filter(fits);
    if (fitting.length > 0) left = fitting;
    const one = only(left);
    if (one) return one;
  }
  return "roundUnclear";
}

const only = <T>(list: readonly T[]): T | undefined => (list.length === 1 ? list[0] : undefined);
const minuteOf = (at: number): number => Math.floor(at / 60_000);
