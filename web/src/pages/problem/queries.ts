/** What the pages of problem events ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { ProblemSearch } from "./search.ts";

export type Summary = paths["/api/problems/summary"]["get"]["responses"][200]["content"]["application/json"];
export type ProblemRow =
  paths["/api/problems"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];
export type Problem = paths["/api/problems/{id}"]["get"]["responses"][200]["content"]["application/json"];

export interface Span {
  readonly from: string;
  readonly to: string;
}

export function summaryQuery(days: Span) {
  return queryOptions({
    queryKey: ["problems", "summary", days.from, days.to],
    queryFn: () => bodyOf(http.GET("/api/problems/summary", { params: { query: days } })),
    staleTime: 30_000,
  });
}

export function problemsQuery(search: ProblemSearch, days: Span | null) {
  const { kind, group, unit, cause, state } = search;
  return infiniteQueryOptions({
    queryKey: ["problems", "list", days?.from, days?.to, kind, group, unit, cause, state],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/problems", {
          params: {
            query: {
              ...(days ?? {}),
              ...(kind === undefined ? {} : { kind }),
              ...(group === undefined ? {} : { group }),
              ...(unit === undefined ? {} : { unit }),
              ...(cause === undefined ? {} : { cause }),
              ...(state === undefined || state === "all" ? {} : { state }),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 15_000,
  });
}

export function problemQuery(id: string) {
  return queryOptions({
    queryKey: ["problems", "one", id],
    queryFn: () => bodyOf(http.GET("/api/problems/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export const problemRulesQuery = queryOptions({
  queryKey: ["problems", "rules"],
  queryFn: () => bodyOf(http.GET("/api/problems/rules")),
  staleTime: 10 * 60_000,
});

export function renewProblems(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["problems"] });
}
