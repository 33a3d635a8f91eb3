/** What the page of overrides asks the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { StatBy } from "./search.ts";

export type Override =
  paths["/api/overrides"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];

const PAGE = 50;

export function overridesQuery(open: boolean) {
  return infiniteQueryOptions({
    queryKey: ["overrides", "list", open],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/overrides", {
          params: {
            query: { open: open ? "true" : "false", limit: PAGE, ...(pageParam ? { after: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 5_000,
    refetchInterval: 30_000,
  });
}

export function statisticsQuery(by: StatBy) {
  return queryOptions({
    queryKey: ["overrides", "statistics", by],
    queryFn: () => bodyOf(http.GET("/api/overrides/statistics", { params: { query: { by } } })),
    staleTime: 30_000,
  });
}

export const checklistQuery = queryOptions({
  queryKey: ["overrides", "rules"],
  queryFn: () => bodyOf(http.GET("/api/guards")),
  staleTime: 10 * 60_000,
});

export function renewOverrides(queries: QueryClient): void {
  for (const key of [["overrides"], ["guard"]]) void queries.invalidateQueries({ queryKey: key });
}
