/** 相似工单. How alike the wording of two tickets is, and which of many are worth looking at beside one. */
import type { AlikeRules } from "./reading.ts";
import { fold, said } from "./text.ts";

export interface Told {
  readonly text: string;
  readonly street: string;
  readonly community: string;
}

export interface Likeness {
  /** Share of the pairs of signs that both texts have, in whole percent (Dice). */
  readonly percent: number;
  readonly place: "community" | "street" | null;
}

/** Pairs of signs of what the caller said; punctuation, figures and letters say little and are left out. */
export function pairsOf(text: string): ReadonlySet<string> {
  const signs = [...fold(said(text))].filter((sign) => /\p{Script=Han}/u.test(sign));
  return new Set(signs.slice(1).map((sign, i) => `${signs[i]}${sign}`));
}

/** The tickets alike to one, most alike first: the same community always, elsewhere only like wording. */
export function alikeTo<T extends Told>(
  ticket: Told,
  others: readonly T[],
  rules: AlikeRules,
): readonly (T & { readonly likeness: Likeness })[] {
  const mine = pairsOf(ticket.text);
  return others
    .map((other) => ({ ...other, likeness: likenessOf(ticket, mine, other) }))
    .filter(({ likeness }) => likeness.place === "community" || likeness.percent >= rules.leastPercent)
    .sort((a, b) => WEIGHT(b.likeness) - WEIGHT(a.likeness))
    .slice(0, rules.shown);
}

/** The same community counts for more than any wording, the same street for a little. */
const WEIGHT = ({ percent, place }: Likeness): number =>
  percent + (place === "community" ? 100 : place === "street" ? 10 : 0);

function likenessOf(ticket: Told, mine: ReadonlySet<string>, other: Told): Likeness {
  const theirs = pairsOf(other.text);
  const shared = [...mine].filter((pair) => theirs.has(pair)).length;
  const all = mine.size + theirs.size;
  return {
    percent: all === 0 ? 0 : Math.round((200 * shared) / all),
    place: same(ticket.community, other.community)
      ? "community"
      : same(ticket.street, other.street)
        ? "street"
        : null,
  };
}

const same = (a: string, b: string): boolean => a !== "" && a === b;
