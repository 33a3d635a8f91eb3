/** What the callback desk asks the server. */
import { queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

/** The list is read when asked for, not under the reader's eyes. */
export const callsQuery = queryOptions({
  queryKey: ["calls"],
  queryFn: () => bodyOf(http.GET("/api/callback/list", { params: { query: {} } })),
  staleTime: 30_000,
  refetchOnWindowFocus: false,
});

export const deskRulesQuery = queryOptions({
  queryKey: ["desk-rules"],
  queryFn: () => bodyOf(http.GET("/api/callback/rules")),
  staleTime: 10 * 60_000,
});
