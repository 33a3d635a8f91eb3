/** What the pages of points, classes and population ask the server, and what changes when they have written. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { type AdjustmentSearch, given } from "./search.ts";

export function adjustmentsQuery({ period, level, unit }: AdjustmentSearch) {
  return queryOptions({
    queryKey: ["adjustments", period, level, unit],
    enabled: period !== undefined,
    queryFn: () =>
      bodyOf(http.GET("/api/assessment/adjustments", { params: { query: given({ period, level, unit }) } })),
  });
}

export const unitFactsQuery = queryOptions({
  queryKey: ["unit-facts"],
  queryFn: () => bodyOf(http.GET("/api/assessment/unit-facts")),
});

/** After points, classes or populations were entered the ranking may be another. */
export async function refreshFigures(queries: QueryClient): Promise<void> {
  const keys = ["adjustments", "unit-facts", "rank", "trend", "counted", "explain", "outlook"];
  await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
}
