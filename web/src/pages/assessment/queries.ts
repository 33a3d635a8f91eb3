/** What the pages of assessment ask the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { type CountedSearch, given, type RankSearch } from "./search.ts";

export function rankQuery(search: RankSearch) {
  return queryOptions({
    queryKey: ["rank", search],
    queryFn: () => bodyOf(http.GET("/api/assessment/rank", { params: { query: given(search) } })),
    staleTime: 15_000,
  });
}

export const periodsQuery = queryOptions({
  queryKey: ["periods"],
  queryFn: () => bodyOf(http.GET("/api/assessment/periods")),
  staleTime: 10 * 60_000,
});

export const rulesQuery = queryOptions({
  queryKey: ["rule-sets"],
  queryFn: () => bodyOf(http.GET("/api/assessment/rules")),
  staleTime: 10 * 60_000,
});

/** The last periods of every unit, or of one. */
export function trendQuery(search: RankSearch, count: number, unit?: string) {
  const { group: _every, ...asked } = search;
  return queryOptions({
    queryKey: ["trend", asked, count, unit],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/trend", { params: { query: { ...given({ ...asked, unit }), count } } }),
      ),
    staleTime: 60_000,
  });
}

/** 按期办结率 of every unit: reckoned from the deadlines, so it comes after the ranking. */
export function onTimeQuery(search: RankSearch) {
  const { group: _every, ...asked } = search;
  return queryOptions({
    queryKey: ["on-time", asked],
    queryFn: () => bodyOf(http.GET("/api/assessment/on-time", { params: { query: given(asked) } })),
    staleTime: 60_000,
  });
}

/** The address of the workbook that shows the same. */
export function rankBookAddress(search: RankSearch, counts: boolean): string {
  const query = new URLSearchParams({ ...given(search), ...(counts ? { counts: "yes" } : {}) });
  return `/api/assessment/rank.xlsx?${query}`;
}

/** The catalogue as the period's versions define it; without a period the running one's. */
export function measuresQuery({ rules, level, period }: Pick<RankSearch, "rules" | "level" | "period">) {
  return queryOptions({
    queryKey: ["measures", rules, level, period],
    queryFn: () =>
      bodyOf(http.GET("/api/assessment/measures", { params: { query: given({ rules, level, period }) } })),
    staleTime: 10 * 60_000,
  });
}

const PAGE = 100;

export function countedPages(search: CountedSearch) {
  const { measure = "tickets", ...rest } = search;
  return infiniteQueryOptions({
    queryKey: ["counted", search],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      bodyOf(
        http.GET("/api/assessment/tickets", {
          params: {
            query: {
              ...given(rest),
              measure,
              limit: PAGE,
              ...(pageParam === null ? {} : { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
  });
}
