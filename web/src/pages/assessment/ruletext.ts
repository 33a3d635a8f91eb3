/** A rule set as it is written, read and changed place by place, and its places and values in words. */
import { ADJUSTMENT_KIND_NAMES } from "@jiesu/core/assessment/adjustment.ts";
import { ENTRY_SCOPES, QUESTION_NAMES, QUESTIONS, STAT_SCOPES } from "@jiesu/core/assessment/entry.ts";
import { ENTRY_SCOPE_NAMES, FIGURE_NAMES, STAT_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { PEOPLE } from "../../texts/people.ts";

const W = LEDGER.rules;
export type Body = Readonly<Record<string, unknown>>;

export const isBody = (value: unknown): value is Body =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at "weights.solution". */
export function valueAt(body: Body, path: string): unknown {
  return path.split(".").reduce<unknown>((of, key) => (isBody(of) ? of[key] : undefined), body);
}

/** The body with something else at that place; undefined takes it away. */
export function withValue(body: Body, path: string, value: unknown): Body {
  const [key = "", ...rest] = path.split(".");
  const inner = body[key];
  const next = rest.length === 0 ? value : withValue(isBody(inner) ? inner : {}, rest.join("."), value);
  if (next !== undefined) return { ...body, [key]: next };
  const { [key]: _gone, ...others } = body;
  return others;
}

export interface Group {
  readonly name: string;
  readonly kinds: readonly string[];
  /** Only units of these classes; absent for all of the kinds. */
  readonly classes?: readonly string[];
}

export function groupsOf(body: Body): readonly Group[] {
  const groups = Array.isArray(body.groups) ? body.groups : [];
  return groups.filter(isBody).map((each) => ({
    name: typeof each.name === "string" ? each.name : "",
    kinds: Array.isArray(each.kinds) ? each.kinds.filter((k) => typeof k === "string") : [],
    ...(Array.isArray(each.classes)
      ? { classes: each.classes.filter((k): k is string => typeof k === "string") }
      : {}),
  }));
}

/** The bonus and penalty items as they are written. */
export function itemsOf(body: Body): readonly Body[] {
  const items = valueAt(body, "adjustments.items");
  return Array.isArray(items) ? items.filter(isBody) : [];
}

export function listAt(body: Body, path: string): readonly string[] {
  const value = valueAt(body, path);
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}

const NAMES: Readonly<Record<string, string>> = {
  title: W.ruleTitle,
  level: W.level,
  from: W.from,
  binds: W.binds,
  source: W.source,
  period: W.period,
  "base.formula": W.base,
  "base.blanks": W.blanks,
  "rate.digits": W.digits,
  "score.digits": W.scoreDigits,
  "score.rankBy": W.rankBy,
  volume: W.volume,
  minimumVolume: W.minimum,
  ties: W.ties,
  total: W.total,
  groups: W.groups,
  "adjustments.items": W.adjustments,
  ...Object.fromEntries(Object.entries(W.adjustmentTotals).map(([key, zh]) => [`adjustments.${key}`, zh])),
  weights: W.weights,
  ...Object.fromEntries(QUESTIONS.map((q) => [`weights.${q}`, `权重：${QUESTION_NAMES[q]}`])),
  ...Object.fromEntries(
    STAT_SCOPES.flatMap((s) =>
      ENTRY_SCOPES.map((e) => [`scopes.${s}.${e}`, `计入：${STAT_SCOPE_NAMES[s]}·${ENTRY_SCOPE_NAMES[e]}`]),
    ),
  ),
};

/** A place in words, "权重：解决率". */
export function placeText(path: string): string {
  const answer = /^answers\.\w+\.(\w+)$/.exec(path)?.[1];
  const figures: Readonly<Record<string, string>> = FIGURE_NAMES;
  if (answer !== undefined) return `分值：${figures[answer] ?? answer}`;
  const [, at, field] = /^adjustments\.items\[(\d+)\]\.(\w+)$/.exec(path) ?? [];
  const fields: Readonly<Record<string, string>> = W.itemFields;
  if (at !== undefined && field !== undefined)
    return `${W.adjustments}：${W.itemNo(Number(at) + 1)}，${fields[field] ?? field}`;
  const [, group, part] = /^groups\[(\d+)\]\.(\w+)/.exec(path) ?? [];
  const parts: Readonly<Record<string, string>> = W.groupParts;
  if (group !== undefined && part !== undefined) return W.groupNo(Number(group) + 1, parts[part] ?? part);
  return NAMES[path] ?? path;
}

const CHOICES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  level: W.levels,
  binds: W.bindings,
  "base.formula": W.bases,
  "base.blanks": W.blankRules,
  "score.rankBy": W.rankBys,
  volume: W.volumes,
  ties: W.tieRules,
  total: W.totals,
};

export function valueText(body: Body, path: string): string {
  if (path === "groups")
    return groupsOf(body)
      .map(({ name, kinds, classes }) => {
        const within = classes === undefined ? "" : `，${classes.join("、")}`;
        return `${name}（${kinds.map(kindText).join("、")}${within}）`;
      })
      .join("；");
  if (path === "adjustments.items")
    return (
      itemsOf(body)
        .map((item) =>
          W.itemText(
            String(item.name),
            item.kind === "penalty" ? ADJUSTMENT_KIND_NAMES.penalty : ADJUSTMENT_KIND_NAMES.bonus,
            String(item.mostEach),
            String(item.mostPerUnit),
          ),
        )
        .join("；") || W.absent
    );
  const value = valueAt(body, path) ?? (path === "binds" ? "period" : undefined);
  if (value === undefined) return W.absent;
  const names: Readonly<Record<string, string>> = QUESTION_NAMES;
  if (Array.isArray(value))
    return value.map((each) => names[String(each)] ?? String(each)).join("、") || W.absent;
  return CHOICES[path]?.[String(value)] ?? String(value);
}

export function kindText(kind: string): string {
  const kinds: Readonly<Record<string, string>> = PEOPLE.kinds;
  return kinds[kind] ?? kind;
}

/** The places that differ, a list counting as one place; names and approvals are no rule. */
export function places(paths: readonly string[]): readonly string[] {
  const whole = paths.map((path) => path.replace(/\[.*$/, ""));
  return [...new Set(whole)].filter((path) => !["name", "approvedBy", "status"].includes(path));
}
