/** What the pages of the watch-list ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { WatchSearch } from "./search.ts";

type Answer = paths["/api/watch"]["get"]["responses"][200]["content"]["application/json"];
export type Watched = Answer["rows"][number];
export type Leaving =
  paths["/api/watch/leavings"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];
export type Sweep = paths["/api/duty/sweeps"]["get"]["responses"][200]["content"]["application/json"][number];

export function watchQuery({ reason, mine }: WatchSearch) {
  return queryOptions({
    queryKey: ["watch", "list", reason, mine],
    queryFn: () =>
      bodyOf(
        http.GET("/api/watch", {
          params: { query: { ...(reason ? { reason } : {}), ...(mine ? { mine: "true" } : {}) } },
        }),
      ),
    placeholderData: (before) => before,
    refetchInterval: 30_000,
    staleTime: 2_000,
  });
}

/** What a hand-over of the shift that begins then still lacks; of the one that is on when absent. */
export function watchHandoverQuery(startsAt: string | undefined) {
  return queryOptions({
    queryKey: ["watch", "handover", startsAt],
    queryFn: () =>
      bodyOf(http.GET("/api/watch/handover", { params: { query: startsAt ? { startsAt } : {} } })),
    refetchInterval: 60_000,
    staleTime: 2_000,
  });
}

export const leavingsQuery = infiniteQueryOptions({
  queryKey: ["watch", "leavings"],
  queryFn: ({ pageParam }) =>
    bodyOf(
      http.GET("/api/watch/leavings", { params: { query: pageParam === "" ? {} : { after: pageParam } } }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => page.next,
});

export const sweepsQuery = queryOptions({
  queryKey: ["sweeps"],
  queryFn: () => bodyOf(http.GET("/api/duty/sweeps")),
  refetchInterval: 60_000,
});

export function renewWatch(queries: QueryClient): void {
  for (const key of [["watch"], ["home"]]) void queries.invalidateQueries({ queryKey: key });
}
