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

export function measuresQuery(rules: string | undefined) {
  return queryOptions({
    queryKey: ["measures", rules],
    queryFn: () => bodyOf(http.GET("/api/assessment/measures", { params: { query: given({ rules }) } })),
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
