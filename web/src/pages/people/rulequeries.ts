/** What the page of rules asks the server. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

export type RuleKind = "calendar" | "deadline" | "period" | "urging";

export const versionsQuery = (kind: RuleKind) =>
  queryOptions({
    queryKey: ["rules", kind],
    queryFn: () => bodyOf(http.GET("/api/settings/rules/{kind}", { params: { path: { kind } } })),
  });

export type RuleVersion = Awaited<
  ReturnType<NonNullable<ReturnType<typeof versionsQuery>["queryFn"]>>
>[number];

export const otherRulesQuery = queryOptions({
  queryKey: ["rules", "others"],
  queryFn: () => bodyOf(http.GET("/api/settings/rules")),
});

export function refreshRules(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["rules"] });
}

/** The list of days in a version's body. */
export function daysOf(body: RuleVersion["body"], field: "off" | "work"): readonly string[] {
  const list = body[field];
  return Array.isArray(list) ? list.filter((day) => typeof day === "string") : [];
}

/** "10-01 至 10-07、12-31": days that follow one another drawn together. */
export function spans(days: readonly string[]): string {
  const runs: [string, string][] = [];
  for (const day of days.toSorted()) {
    const last = runs.at(-1);
    if (last && Date.parse(day) - Date.parse(last[1]) === 86_400_000) last[1] = day;
    else runs.push([day, day]);
  }
  return runs.map(([a, b]) => (a === b ? a.slice(5) : `${a.slice(5)} 至 ${b.slice(5)}`)).join("、");
}

/** Days as typed, one a line, or from one to another; what cannot be read stays, so that the check can name it. */
export function typedDays(text: string): string[] {
  return text
    .split(/[\n,，、;；]+/)
    .map((line) => line.trim())
    .filter((line) => line !== "")
    .flatMap((line) => {
      const [from, to] = line.split(/\s*(?:至|到|~|～)\s*/);
      const [a, b] = [Date.parse(from ?? ""), Date.parse(to ?? "")];
      if (to === undefined || Number.isNaN(a) || Number.isNaN(b) || b < a || b - a > 366 * 86_400_000)
        return [line];
      return Array.from({ length: (b - a) / 86_400_000 + 1 }, (_, i) =>
        new Date(a + i * 86_400_000).toISOString().slice(0, 10),
      );
    });
}

/** One period written with its own days, as it is edited. */
export interface OverrideRow {
  readonly period: string;
  readonly from: string;
  readonly to: string;
}

/** The periods that a version writes with their own days. */
export function overridesOf(body: RuleVersion["body"]): readonly OverrideRow[] {
  const list = Array.isArray(body.overrides) ? body.overrides : [];
  return list.map((each: unknown) => {
    const { period, from, to }: { period?: unknown; from?: unknown; to?: unknown } = Object(each);
    return { period: String(period ?? ""), from: String(from ?? ""), to: String(to ?? "") };
  });
}
