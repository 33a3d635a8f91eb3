/** What the pages of the city's results ask the server. */
import { ALL_CAUSES } from "@jiesu/core/assessment/causes.ts";
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { Problem } from "../../api/problem.ts";
import { given } from "../assessment/search.ts";
import type { CitySearch } from "./search.ts";

const KEY = "city-results";

export const monthsQuery = queryOptions({
  queryKey: [KEY, "months"],
  queryFn: () => bodyOf(http.GET("/api/assessment/city-results")),
});

export function fileQuery(id: string) {
  return queryOptions({
    queryKey: [KEY, "file", id],
    queryFn: () => bodyOf(http.GET("/api/assessment/city-results/files/{id}", { params: { path: { id } } })),
  });
}

export function previewQuery(id: string, mapping: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: [KEY, "preview", id, mapping],
    queryFn: () =>
      bodyOf(
        http.POST("/api/assessment/city-results/files/{id}/preview", {
          params: { path: { id } },
          body: { mapping: { ...mapping } },
        }),
      ),
    placeholderData: (before) => before,
  });
}

/** How a period stands; null while it has no lines of the city's. */
export function summaryQuery(period: string) {
  return queryOptions({
    queryKey: [KEY, "summary", period],
    queryFn: async () => {
      try {
        return await bodyOf(
          http.GET("/api/assessment/city-results/{period}", { params: { path: { period } } }),
        );
      } catch (thrown) {
        if (thrown instanceof Problem && thrown.code === "city-no-lines") return null;
        throw thrown;
      }
    },
  });
}

const PAGE = 200;

export function linePages(period: string, { cause, unit, state }: CitySearch) {
  const known = ALL_CAUSES.find((each) => each === cause);
  return infiniteQueryOptions({
    queryKey: [KEY, "lines", period, known, unit, state],
    queryFn: ({ pageParam }: { pageParam: number }) =>
      bodyOf(
        http.GET("/api/assessment/city-results/{period}/lines", {
          params: {
            path: { period },
            query: { ...given({ cause: known, unit, state }), skip: pageParam, limit: PAGE },
          },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
}

export function lineQuery(period: string, key: string) {
  return queryOptions({
    queryKey: [KEY, "line", period, key],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/city-results/{period}/lines/{key}", { params: { path: { period, key } } }),
      ),
  });
}

export function comparisonQuery(period: string) {
  return queryOptions({
    queryKey: [KEY, "comparison", period],
    queryFn: () =>
      bodyOf(http.GET("/api/assessment/city-results/{period}/comparison", { params: { path: { period } } })),
  });
}

/** After a file or a line was settled every page of the assessment may show something else. */
export async function refreshCity(queries: QueryClient): Promise<void> {
  const keys = [KEY, "rank", "trend", "counted", "explain", "discrepancies", "closing-differences"];
  await Promise.all(keys.map((key) => queries.invalidateQueries({ queryKey: [key] })));
}
