/**
 * 先例匹配. Which precedents speak of a ticket, by category, place and words, with every point explained: the sum of the reasons is
 * the score.
 *
 * What contradicts the scope rules a precedent out: another first category, another street or community than the one that
 * the ticket surely names, a spot that the text does not speak of, a matter of which no word stands there. One that is
 * overruled, or not in force that day, is never offered, whoever asks.
 */

import type { Day } from "../time/day.ts";
import type { Form, Gazetteer } from "../triage/gazetteer.ts";
import { communityOf, findPlaces, type Place, streetOf } from "../triage/place.ts";
import { fold, said } from "../triage/text.ts";
import { holdsOn, type Scope, type VersionState } from "./precedent.ts";
import type { MatchEvidence, MatchRules } from "./rules.ts";

export interface Matter {
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly street: string;
  readonly community: string;
  readonly title: string;
  readonly content: string;
  readonly address: string;
  /** The words of its text, cut as the search cuts them. */
  readonly words: ReadonlySet<string>;
}

export interface Candidate {
  readonly id: string;
  readonly state: VersionState;
  readonly from: Day;
  readonly to: Day | null;
  readonly scope: Scope;
}

export interface MatchReason {
  readonly kind: MatchEvidence;
  readonly points: number;
  readonly text: string;
}

export interface Match<C extends Candidate> {
  readonly precedent: C;
  readonly score: number;
  /** Most points first. */
  readonly reasons: readonly MatchReason[];
}

/** The precedents in force on that day that fit the ticket, best first; the same whatever order they come in. */
export function matchPrecedents<C extends Candidate>(
  matter: Matter,
  candidates: readonly C[],
  gazetteer: Gazetteer,
  rules: MatchRules,
  on: Day,
): readonly Match<C>[] {
  const ticket = readMatter(matter, gazetteer);
  return candidates
    .filter((precedent) => holdsOn(precedent, on))
    .flatMap((precedent) => {
      const reasons = reasonsFor(precedent.scope, ticket, gazetteer, rules);
      if (reasons === null) return [];
      const score = reasons.reduce((sum, each) => sum + each.points, 0);
      return score >= rules.least ? [{ precedent, score, reasons: [...reasons].sort(byPoints) }] : [];
    })
    .sort((a, b) => b.score - a.score || compareIds(b.precedent.id, a.precedent.id))
    .slice(0, rules.shown);
}

interface Read {
  readonly matter: Matter;
  /** What the caller and the fields say, folded. */
  readonly text: string;
  readonly pairs: ReadonlySet<string>;
  /** Streets that it names at all, and those that it names beyond doubt. */
  readonly streets: ReadonlySet<string>;
  readonly sureStreets: ReadonlySet<string>;
  readonly communities: readonly Form[];
  readonly sureCommunities: boolean;
}

function readMatter(matter: Matter, gazetteer: Gazetteer): Read {
  const parts = [matter.title, said(matter.content), matter.address].map((part) => ({
    part: fold(part),
    places: findPlaces(part, gazetteer),
  }));
  const street = streetOf(matter.street, gazetteer);
  const community = communityOf(matter.community, gazetteer);
  const places = parts.flatMap((each) => each.places);
  // What is entered outweighs a name that may mean something else: a road, a river, a neighbour.
  const of = (kind: Form["kind"], entered: Form | null): readonly Form[] => {
    const named = places.filter(
      (place) => place.kind === kind && (entered === null || place.sure === "full"),
    );
    return [...(entered ? [entered] : []), ...named];
  };
  const [streets, communities] = [of("street", street), of("community", community)];
  const sure = streets.filter((form) => form === street || form.sure === "full");
  return {
    matter,
    text: [...parts.map((each) => each.part), fold(matter.street), fold(matter.community)].join("\n"),
    pairs: pairsOf(parts.map((each) => withoutStreets(each.part, each.places)).join("\n")),
    streets: new Set([...streets, ...communities].flatMap((form) => form.unitIds)),
    sureStreets: new Set(sure.flatMap((form) => form.unitIds)),
    communities,
    sureCommunities: communities.some((form) => form === community || form.sure === "full"),
  };
}

/** 学院路街道 is no part of the road of that name. */
function withoutStreets(text: string, places: readonly Place[]): string {
  const streets = places.filter((place) => place.kind === "street" && place.sure === "full");
  return streets.reduceRight((cut, { start, end }) => `${cut.slice(0, start)} ${cut.slice(end)}`, text);
}

/** Null where the scope excludes the ticket. */
function reasonsFor(
  scope: Scope,
  ticket: Read,
  gazetteer: Gazetteer,
  rules: MatchRules,
): readonly MatchReason[] | null {
  const parts = [
    byCategory(scope, ticket, rules),
    byPlace(scope, ticket, gazetteer, rules),
    bySpot(scope, ticket, rules),
    byWords(scope, ticket, rules),
  ];
  const reasons: MatchReason[] = [];
  for (const part of parts) {
    if (part === null) return null;
    reasons.push(...part.filter((reason) => reason.points > 0));
  }
  return reasons;
}

function byCategory(scope: Scope, { matter }: Read, { points }: MatchRules): MatchReason[] | null {
  if (scope.category1 === "" || matter.category1 === "") return [];
  if (scope.category1 !== matter.category1) return null;
  const second = scope.category2 !== "" && scope.category2 === matter.category2;
  const third = second && scope.category3 !== "" && scope.category3 === matter.category3;
  const named = [scope.category1, ...(second ? [scope.category2] : []), ...(third ? [scope.category3] : [])];
  return [
    {
      kind: third ? "category3" : second ? "category2" : "category1",
      points: points.category1 + (second ? points.category2 : 0) + (third ? points.category3 : 0),
      text: `分类同为“${named.join("·")}”`,
    },
  ];
}

function byPlace(
  scope: Scope,
  ticket: Read,
  gazetteer: Gazetteer,
  { points }: MatchRules,
): MatchReason[] | null {
  const community = scope.community === "" ? null : communityOf(scope.community, gazetteer);
  const street = scope.street === "" ? null : streetOf(scope.street, gazetteer);
  const reasons: MatchReason[] = [];
  if (scope.community !== "") {
    const same = ticket.communities.find((form) => form.name === (community?.name ?? scope.community));
    const family = ticket.communities.find(
      (form) => form.sure !== "full" && scope.community.startsWith(form.text),
    );
    if (same || (community === null && ticket.text.includes(fold(scope.community))))
      reasons.push({ kind: "community", points: points.community, text: `同在${scope.community}` });
    else if (family)
      reasons.push({
        kind: "community",
        points: Math.floor(points.community / 2),
        text: `提到“${family.text}”，可能即${scope.community}`,
      });
    else if (ticket.sureCommunities) return null;
  }
  const unitIds = street?.unitIds ?? community?.unitIds ?? [];
  if (unitIds.length > 0) {
    if (unitIds.some((id) => ticket.streets.has(id))) {
      const name = street?.name ?? gazetteer.units.get(unitIds[0] ?? "")?.name ?? scope.street;
      reasons.push({ kind: "street", points: points.street, text: `同属${name}` });
    } else if (ticket.sureStreets.size > 0) return null;
  }
  return reasons;
}

/** Names of spots are written in many ways: 学院路东口, 学院路东路口. Most of the pairs of signs must stand in the text. */
const SPOT_SHARE = 0.6;

function bySpot(scope: Scope, ticket: Read, { points }: MatchRules): MatchReason[] | null {
  if (scope.spot === "") return [];
  const pairs = [...pairsOf(fold(scope.spot))];
  const shared = pairs.filter((pair) => ticket.pairs.has(pair)).length;
  const share = pairs.length === 0 ? Number(ticket.text.includes(fold(scope.spot))) : shared / pairs.length;
  if (share < SPOT_SHARE) return null;
  return [
    {
      kind: "spot",
      points: Math.floor(points.spot * share),
      text: share === 1 ? `文中提到“${scope.spot}”` : `文中所说与“${scope.spot}”相近`,
    },
  ];
}

function byWords(scope: Scope, ticket: Read, { points }: MatchRules): MatchReason[] | null {
  const { words } = scope;
  if (words.length === 0) return [];
  const hits = words.filter((word) => ticket.matter.words.has(word) || ticket.text.includes(fold(word)));
  const sameThird = scope.category3 !== "" && scope.category3 === ticket.matter.category3;
  if (hits.length === 0) return sameThird ? [] : null;
  return [
    {
      kind: "words",
      points: Math.floor((points.words * hits.length) / words.length),
      text: `事项词 ${words.length} 个中有 ${hits.length} 个：${hits.join("、")}`,
    },
  ];
}

function pairsOf(text: string): ReadonlySet<string> {
  const signs = [...text].filter((sign) => /[\p{Script=Han}\d]/u.test(sign));
  return new Set(signs.slice(1).map((sign, i) => `${signs[i]}${sign}`));
}

const byPoints = (a: MatchReason, b: MatchReason): number =>
  b.points - a.points || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
/** The newer of two equals first. */
const compareIds = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
