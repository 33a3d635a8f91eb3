/**
 * 承办单位建议. Scores units for a ticket from what names them, and says every point: the sum of the reasons is the score.
 *
 * Advice for the triager, who decides. A street that the text names is evidence, not truth. The same facts give the same
 * list whatever order units, communities and earlier tickets come in.
 */

import type { Form, Gazetteer } from "./gazetteer.ts";
import { type Habits, habitsOf } from "./habit.ts";
import { communityOf, findPlaces, type Place, streetOf } from "./place.ts";
import { said } from "./text.ts";
import type { EvidenceKind, TriageWeights } from "./weights.ts";

export interface TriageFacts {
  readonly title: string;
  readonly content: string;
  readonly address: string;
  /** 被反映街乡镇 and 所在社区 as they were written; empty when unknown. */
  readonly street: string;
  readonly community: string;
  /** The ticket's category in the district's table; null when it is not in it. */
  readonly category: CategoryFacts | null;
  /** 同一诉求人的历史工单 with the unit that led each. */
  readonly earlier: readonly { readonly unitId: string; readonly sameCategory: boolean }[];
  /** How many like tickets (same place and category) each unit led. */
  readonly history?: readonly { readonly unitId: string; readonly tickets: number }[];
  /** 地名惯例 of the ledger, and the unit under which this very ticket was counted there (null: it was not). */
  readonly habits?: { readonly known: Habits; readonly learnedAs: string | null };
}

export interface CategoryFacts {
  /** As shown: 供热·室温不达标. */
  readonly name: string;
  readonly defaultUnitId: string | null;
  readonly toStreet: boolean;
}

export interface Reason {
  readonly kind: EvidenceKind;
  readonly points: number;
  readonly text: string;
  /** UTF-16 positions in `content`, where the evidence is there. */
  readonly evidence?: { readonly start: number; readonly end: number };
}

export interface Suggestion {
  readonly unitId: string;
  readonly name: string;
  readonly score: number;
  /** Most points first; their sum is the score. */
  readonly reasons: readonly Reason[];
}

/** Units with any evidence, best first; ties by kind of evidence, then by name. Unknown unit ids are left out. */
export function suggestUnits(
  facts: TriageFacts,
  gazetteer: Gazetteer,
  weights: TriageWeights,
): readonly Suggestion[] {
  const tally = new Tally(gazetteer);
  fromFields(facts, gazetteer, weights, tally);
  fromTexts(facts, gazetteer, weights, tally);
  fromHabits(facts, weights, tally);
  fromCategory(facts, gazetteer, weights, tally);
  fromEarlier(facts, weights, tally);
  fromHistory(facts, weights, tally);
  return tally.ranked();
}

/** One reason a key for a unit, the best and then the first: a street named five times is named once. */
class Tally {
  private readonly byUnit = new Map<string, Map<string, Reason>>();
  private readonly gazetteer: Gazetteer;

  constructor(gazetteer: Gazetteer) {
    this.gazetteer = gazetteer;
  }

  add(unitId: string, key: string, reason: Reason): void {
    if (reason.points <= 0 || !this.gazetteer.units.has(unitId)) return;
    const reasons = this.byUnit.get(unitId) ?? new Map<string, Reason>();
    const before = reasons.get(key);
    if (!before || before.points < reason.points) reasons.set(key, reason);
    this.byUnit.set(unitId, reasons);
  }

  unitIds(): readonly string[] {
    return [...this.byUnit.keys()];
  }

  ranked(): readonly Suggestion[] {
    return [...this.byUnit]
      .map(([unitId, reasons]) => ({
        unitId,
        name: this.gazetteer.units.get(unitId)?.name ?? "",
        score: [...reasons.values()].reduce((sum, r) => sum + r.points, 0),
        reasons: [...reasons.values()].sort((a, b) => b.points - a.points || compare(a.text, b.text)),
      }))
      .sort(
        (a, b) =>
          b.score - a.score ||
          (b.reasons[0]?.points ?? 0) - (a.reasons[0]?.points ?? 0) ||
          compare(a.name, b.name) ||
          compare(a.unitId, b.unitId),
      );
  }
}

function fromFields(facts: TriageFacts, gazetteer: Gazetteer, { points }: TriageWeights, tally: Tally): void {
  const street = streetOf(facts.street, gazetteer);
  if (street)
    share(tally, street, "streetField", points.streetField, `工单登记的街乡镇为“${facts.street.trim()}”`);
  const community = communityOf(facts.community, gazetteer);
  if (community) {
    const belongs = community.unitIds.length === 1 ? "，属该街镇" : "，可能属该街镇";
    share(
      tally,
      community,
      "communityField",
      points.communityField,
      `工单登记的社区（村）为“${facts.community.trim()}”${belongs}`,
    );
  }
}

function fromTexts(facts: TriageFacts, gazetteer: Gazetteer, { points }: TriageWeights, tally: Tally): void {
  const address = findPlaces(said(facts.address), gazetteer);
  const title = findPlaces(said(facts.title), gazetteer);
  const content = findPlaces(said(facts.content), gazetteer);
  for (const place of content)
    fromPlace(tally, place, points, "文中", { start: place.start, end: place.end });
  for (const place of title) fromPlace(tally, place, points, "标题中");
  for (const place of address) {
    if (place.kind === "street" && place.sure === "full") {
      share(tally, place, "streetInAddress", points.streetInAddress, `地址中写明“${place.text}”`);
    } else fromPlace(tally, place, points, "地址中");
  }
  const first = [...content, ...title].find((p) => p.kind === "street" && p.sure === "full");
  const named = new Set([...content, ...title].filter((p) => p.kind === "street").flatMap((p) => p.unitIds));
  if (first && named.size > 1)
    share(tally, first, "firstNamed", points.firstNamed, `“${first.text}”最先提到`);
}

function fromPlace(
  tally: Tally,
  place: Place,
  points: TriageWeights["points"],
  where: string,
  evidence?: { readonly start: number; readonly end: number },
): void {
  const [kind, text] = READINGS[place.kind][place.sure];
  share(tally, place, kind, points[kind], text(where, place), evidence);
}

type Reading = readonly [kind: EvidenceKind, text: (where: string, place: Place) => string];

const belonging = (place: Place): string => (place.unitIds.length === 1 ? "属该街镇" : "可能属该街镇");

/** What a found place is worth, and how that is said. */
const READINGS: Readonly<Record<Place["kind"], Readonly<Record<Place["sure"], Reading>>>> = {
  street: {
    full: ["streetInText", (where, p) => `${where}写明“${p.text}”`],
    bare: ["streetBare", (where, p) => `${where}提到“${p.text}”，也可能是同名的道路、河流或小区`],
    family: ["streetBare", (where, p) => `${where}提到“${p.text}”`],
    kin: ["streetBare", (where, p) => `${where}提到“${p.text}”`],
  },
  community: {
    full: ["communityFull", (where, p) => `${where}写明“${p.text}”，${belonging(p)}`],
    bare: ["communityBare", (where, p) => `${where}提到“${p.text}”（${p.name}），${belonging(p)}`],
    family: ["communityFamily", (where, p) => `${where}提到“${p.text}”，以此命名的社区${belonging(p)}`],
    kin: ["communityKin", (where, p) => `${where}提到“${p.text}”，以此起头的社区属该街镇`],
  },
};

/** Of a unit's landmarks the most telling one counts. One more ticket is added to the total, so that two of two are not yet certain. */
function fromHabits(facts: TriageFacts, weights: TriageWeights, tally: Tally): void {
  if (!facts.habits) return;
  const { habitMost } = weights.points;
  for (const h of habitsOf(facts.content, facts.habits.known, facts.habits.learnedAs)) {
    if (h.total < weights.habitLeast || h.tickets * 100 < weights.habitShare * h.total) continue;
    tally.add(h.unitId, "habit", {
      kind: "habitMost",
      points: Math.floor((habitMost * h.tickets) / (h.total + 1)),
      text: `文中提到“${h.name}”，以往提到它的 ${h.total} 件工单中有 ${h.tickets} 件属该街镇`,
      evidence: h.evidence,
    });
  }
}

function fromCategory(
  facts: TriageFacts,
  gazetteer: Gazetteer,
  { points }: TriageWeights,
  tally: Tally,
): void {
  const { category } = facts;
  if (!category) return;
  if (category.defaultUnitId !== null) {
    tally.add(category.defaultUnitId, "category", {
      kind: "categoryUnit",
      points: points.categoryUnit,
      text: `“${category.name}”类默认由该单位承办`,
    });
  }
  if (!category.toStreet) return;
  for (const unitId of tally.unitIds()) {
    const kind = gazetteer.units.get(unitId)?.kind;
    if (kind !== "street" && kind !== "town") continue;
    tally.add(unitId, "category", {
      kind: "categoryStreet",
      points: points.categoryStreet,
      text: `“${category.name}”类一般由属地街镇承办`,
    });
  }
}

function fromEarlier(facts: TriageFacts, { points }: TriageWeights, tally: Tally): void {
  for (const [unitId, tickets] of Map.groupBy(facts.earlier, (t) => t.unitId)) {
    const same = tickets.filter((t) => t.sameCategory).length;
    const sum = same * points.earlierSameCategory + (tickets.length - same) * points.earlier;
    const of = same === 0 ? "" : `，其中同类 ${same} 件`;
    tally.add(unitId, "earlier", {
      kind: "earlier",
      points: Math.min(points.earlierMost, sum),
      text: `同一诉求人的历史工单有 ${tickets.length} 件由该单位承办${of}`,
    });
  }
}

function fromHistory(facts: TriageFacts, { points, historyLeast }: TriageWeights, tally: Tally): void {
  const counts = new Map<string, number>();
  for (const h of facts.history ?? []) counts.set(h.unitId, (counts.get(h.unitId) ?? 0) + h.tickets);
  const total = [...counts.values()].reduce((sum, n) => sum + n, 0);
  if (total < historyLeast) return;
  for (const [unitId, tickets] of counts) {
    tally.add(unitId, "history", {
      kind: "historyMost",
      points: Math.floor((points.historyMost * tickets) / total),
      text: `同地同类工单 ${total} 件中有 ${tickets} 件由该单位承办`,
    });
  }
}

/** Streets that one name can mean share its points, rounded down. */
function share(
  tally: Tally,
  form: Form,
  kind: EvidenceKind,
  points: number,
  text: string,
  evidence?: { readonly start: number; readonly end: number },
): void {
  for (const unitId of form.unitIds) {
    // A street written in full and again by its bare name is one piece of evidence.
    tally.add(unitId, kind === "streetBare" ? "streetInText" : kind, {
      kind,
      points: Math.floor(points / form.unitIds.length),
      text,
      ...(evidence ? { evidence } : {}),
    });
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
