/** What the pages of the ledger ask the server: rule sets in full, closings, explanations, callbacks compared. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";
import { given } from "./search.ts";

export type Level = "district" | "city";

export function ruleQuery(name: string) {
  return queryOptions({
    queryKey: ["rule-set", name],
    queryFn: () => bodyOf(http.GET("/api/assessment/rules/{name}", { params: { path: { name } } })),
  });
}

/** What putting it in force would bind of days that are past. */
export function backwardsQuery(name: string) {
  return queryOptions({
    queryKey: ["rule-set", name, "backwards"],
    queryFn: () => bodyOf(http.GET("/api/assessment/rules/{name}/backwards", { params: { path: { name } } })),
  });
}

export function ruleDiffQuery(name: string) {
  return queryOptions({
    queryKey: ["rule-diff", name],
    queryFn: () => bodyOf(http.GET("/api/assessment/rules/{name}/diff", { params: { path: { name } } })),
  });
}

/** After a rule set was drafted, reviewed or put in force every figure may be another. */
export async function refreshRules(queries: QueryClient): Promise<void> {
  const keys = ["rule-set", "rule-sets", "rule-diff", "rank", "trend", "measures", "periods"];
  await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
}

/** The last nightly recount of the counters; null until the first night. */
export const lastRecountQuery = queryOptions({
  queryKey: ["tally-recount"],
  queryFn: () => bodyOf(http.GET("/api/assessment/tally/last")),
});

/** The closing of a period; null while it is open. */
export function closingQuery(period: string | undefined, level: Level) {
  return queryOptions({
    queryKey: ["closing", period, level],
    enabled: period !== undefined,
    queryFn: async () => {
      const params = { path: { period: period ?? "" }, query: { level } };
      try {
        return await bodyOf(http.GET("/api/assessment/closings/{period}", { params }));
      } catch (thrown) {
        if (thrown instanceof Problem && thrown.code === "not-closed") return null;
        throw thrown;
      }
    },
  });
}

export function checksQuery(period: string, level: Level) {
  return queryOptions({
    queryKey: ["closing-checks", period, level],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/closings/{period}/checks", {
          params: { path: { period }, query: { level } },
        }),
      ),
  });
}

export function closingDifferencesQuery(period: string, level: Level) {
  return queryOptions({
    queryKey: ["closing-differences", period, level],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/closings/{period}/differences", {
          params: { path: { period }, query: { level } },
        }),
      ),
  });
}

export function explainQuery(asked: {
  unit: string;
  period: string | undefined;
  scope: "all" | "assessed" | undefined;
  rules: string | undefined;
  level: Level | undefined;
}) {
  const { unit, ...rest } = asked;
  return queryOptions({
    queryKey: ["explain", asked],
    queryFn: () =>
      bodyOf(http.GET("/api/assessment/explain", { params: { query: { unit, ...given(rest) } } })),
  });
}

export function discrepanciesQuery(period: string | undefined) {
  return queryOptions({
    queryKey: ["discrepancies", period],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/callbacks/discrepancies", {
          params: { query: { ...given({ period }), limit: 500 } },
        }),
      ),
  });
}

/** The tickets behind a figure of the accuracy. */
export function pairsQuery(
  period: string | undefined,
  by: "caller" | "unit" | "month",
  key: string,
  which: "all" | "agreed" | "differing",
) {
  return queryOptions({
    queryKey: ["callback-pairs", period, by, key, which],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/callbacks/pairs", {
          params: { query: { ...given({ period }), by, key, which } },
        }),
      ),
  });
}

export function reasonsQuery(period: string | undefined, source: "own" | "city", by: "unit" | "month") {
  return queryOptions({
    queryKey: ["callback-reasons", period, source, by],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/callbacks/reasons", {
          params: { query: { ...given({ period }), source, by } },
        }),
      ),
  });
}

export function reasonTicketsQuery(asked: {
  readonly period: string | undefined;
  readonly source: "own" | "city";
  readonly question: "contacted" | "solved" | "satisfied";
  readonly code: string | undefined;
  readonly unit: string | undefined;
  readonly month: string | undefined;
}) {
  return queryOptions({
    queryKey: ["reason-tickets", asked],
    queryFn: () => {
      const { source, question, ...rest } = asked;
      return bodyOf(
        http.GET("/api/assessment/callbacks/reasons/tickets", {
          params: { query: { source, question, ...given(rest) } },
        }),
      );
    },
  });
}

export function accuracyQuery(period: string | undefined, by: "caller" | "unit" | "month") {
  return queryOptions({
    queryKey: ["callback-accuracy", period, by],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/callbacks/accuracy", { params: { query: { ...given({ period }), by } } }),
      ),
  });
}
