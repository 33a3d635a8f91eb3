/** What the roster asks the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

export function weekQuery(from: string) {
  return queryOptions({
    queryKey: ["duty", "shifts", from],
    queryFn: () => bodyOf(http.GET("/api/duty/shifts", { params: { query: { from, days: 7 } } })),
  });
}

export const peopleQuery = queryOptions({
  queryKey: ["duty", "people"],
  queryFn: () => bodyOf(http.GET("/api/duty/people")),
  staleTime: 60_000,
});

export const openQuery = queryOptions({
  queryKey: ["duty", "open"],
  queryFn: () => bodyOf(http.GET("/api/duty/open")),
  refetchInterval: 60_000,
});

export const handoversQuery = infiniteQueryOptions({
  queryKey: ["duty", "handovers"],
  queryFn: ({ pageParam }) =>
    bodyOf(
      http.GET("/api/duty/handovers", { params: { query: pageParam === "" ? {} : { after: pageParam } } }),
    ),
  initialPageParam: "",
  getNextPageParam: (page) => page.next,
});
