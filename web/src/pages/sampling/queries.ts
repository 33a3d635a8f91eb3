/** What the pages of telephone sampling ask the server. */
import { queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

export const plansQuery = queryOptions({
  queryKey: ["sampling", "plans"],
  queryFn: () => bodyOf(http.GET("/api/sampling/plans")),
  staleTime: 15_000,
});

export const samplingRulesQuery = queryOptions({
  queryKey: ["sampling", "rules"],
  queryFn: () => bodyOf(http.GET("/api/sampling/rules")),
  staleTime: 10 * 60_000,
});

export function channelsQuery(from: string, to: string) {
  return queryOptions({
    queryKey: ["sampling", "channels", from, to],
    queryFn: () => bodyOf(http.GET("/api/sampling/channels", { params: { query: { from, to } } })),
    staleTime: 60_000,
  });
}

export function planQuery(id: string) {
  return queryOptions({
    queryKey: ["sampling", "plan", id],
    queryFn: () => bodyOf(http.GET("/api/sampling/plans/{id}", { params: { path: { id } } })),
    staleTime: 15_000,
  });
}

export function sampleQuery(id: string) {
  return queryOptions({
    queryKey: ["sampling", "list", id],
    queryFn: () => bodyOf(http.GET("/api/sampling/plans/{id}/list", { params: { path: { id } } })),
    staleTime: 15_000,
    refetchOnWindowFocus: false,
  });
}

export function resultsQuery(id: string, by: "channel" | "unit" | "month") {
  return queryOptions({
    queryKey: ["sampling", "results", id, by],
    queryFn: () =>
      bodyOf(http.GET("/api/sampling/plans/{id}/results", { params: { path: { id }, query: { by } } })),
    staleTime: 5_000,
  });
}
