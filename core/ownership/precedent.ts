/**
 * 先例. What a ruling teaches: whose such a matter is, in which scope, for how long. A version that was published is never
 * edited: it is amended by a further version, or overruled with a reason; the tickets that cited it keep what they cited.
 */
import { type Answer, no, yes } from "../answer.ts";
import type { Role } from "../ticket/role.ts";
import type { Day } from "../time/day.ts";

/** Of a version: 草稿 → 已发布 → 已修订 (a later version took its place) or 已废止; a draft may be 弃用. */
export const VERSION_STATES = {
  draft: "草稿",
  published: "已发布",
  amended: "已修订",
  overruled: "已废止",
  discarded: "已弃用",
} as const;
export type VersionState = keyof typeof VERSION_STATES;

export const ALL_VERSION_STATES = Object.keys(VERSION_STATES) as readonly VersionState[];

export function isVersionState(text: string): text is VersionState {
  return Object.hasOwn(VERSION_STATES, text);
}

interface Step {
  readonly step: string;
  readonly zh: string;
  readonly from: VersionState;
  readonly to: VersionState;
  readonly by: readonly Role[];
  /** "another": not by who wrote the version. */
  readonly who?: "another";
}

const WRITERS = ["supervisor", "shiftLead", "leader"] as const;
const DECIDERS = ["shiftLead", "leader"] as const;

/** The only place that says what may be done to a version of a precedent, and by whom. */
export const PRECEDENT_STEPS = [
  { step: "edit", zh: "修改", from: "draft", to: "draft", by: WRITERS },
  { step: "discard", zh: "弃用", from: "draft", to: "discarded", by: WRITERS },
  { step: "publish", zh: "发布", from: "draft", to: "published", by: WRITERS, who: "another" },
  // a new draft beside it; the published version stands until that one is published
  { step: "amend", zh: "修订", from: "published", to: "published", by: WRITERS },
  { step: "overrule", zh: "废止", from: "published", to: "overruled", by: DECIDERS },
] as const satisfies readonly Step[];
export type PrecedentStep = (typeof PRECEDENT_STEPS)[number]["step"];

/** Steps that happen to a precedent beside the table's: its making, and the end that a changed ruling brings. */
const OTHER_STEPS = { draft: "起草", changed: "因改判废止", supersede: "由新版接替" } as const;

export function precedentStepZh(step: string): string {
  const row: Step | undefined = PRECEDENT_STEPS.find((each) => each.step === step);
  return row?.zh ?? Object.entries(OTHER_STEPS).find(([key]) => key === step)?.[1] ?? step;
}

export type PrecedentRefusal =
  | { readonly code: "precedent-not-yours" }
  | { readonly code: "precedent-state"; readonly state: VersionState; readonly step: PrecedentStep }
  | { readonly code: "precedent-same-person" };

export function precedentTo(
  step: PrecedentStep,
  state: VersionState,
  who: { readonly roles: readonly Role[]; readonly isWriter: boolean },
): Answer<VersionState, PrecedentRefusal> {
  const row: Step | undefined = PRECEDENT_STEPS.find((each) => each.step === step);
  if (row === undefined) throw new Error(`no such step: ${step}`);
  if (!row.by.some((role) => who.roles.includes(role))) return no({ code: "precedent-not-yours" });
  if (row.from !== state) return no({ code: "precedent-state", state, step });
  if (row.who === "another" && who.isWriter) return no({ code: "precedent-same-person" });
  return yes(row.to);
}

/** 适用范围. Empty text and empty lists: not narrowed by it. */
export interface Scope {
  readonly category1: string;
  readonly category2: string;
  readonly category3: string;
  readonly street: string;
  readonly community: string;
  /** 点位 within it: “学院路东口”. */
  readonly spot: string;
  /** 事项词: words of which such a matter speaks. */
  readonly words: readonly string[];
}

/** In force on a day: published, begun, and not ended; both days of its validity belong to it. */
export function holdsOn(
  version: { readonly state: VersionState; readonly from: Day; readonly to: Day | null },
  on: Day,
): boolean {
  return version.state === "published" && version.from <= on && (version.to === null || on <= version.to);
}

/** 范围过宽: a precedent without a category, a place or words would be offered everywhere. */
export function scopeFault(scope: Scope): "scope-category" | "scope-words" | null {
  if (scope.category1 === "") return "scope-category";
  const narrowed =
    scope.street !== "" || scope.community !== "" || scope.spot !== "" || scope.category2 !== "";
  return scope.words.length === 0 && !narrowed ? "scope-words" : null;
}
