/** What the pages of urging ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { UrgeTab } from "./search.ts";

export type Urge =
  paths["/api/urges"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];

const PAGE = 50;

export function urgesQuery(standing: Exclude<UrgeTab, "ladder">, unit: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["urges", "list", standing, unit],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/urges", {
          params: {
            query: {
              standing,
              limit: PAGE,
              ...(unit ? { unit } : {}),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 5_000,
    refetchInterval: 30_000,
  });
}

export function urgesOfTicket(ticket: string, version: number) {
  return queryOptions({
    queryKey: ["urges", "ticket", ticket, version],
    queryFn: () =>
      bodyOf(http.GET("/api/urges", { params: { query: { ticket, standing: "all", limit: 100 } } })),
    placeholderData: (before) => before,
    staleTime: 5_000,
  });
}

export const urgesByUnitQuery = queryOptions({
  queryKey: ["urges", "units"],
  queryFn: () => bodyOf(http.GET("/api/urges/units")),
  staleTime: 5_000,
});

export const ladderQuery = queryOptions({
  queryKey: ["urges", "ladder"],
  queryFn: () => bodyOf(http.GET("/api/urges/ladder")),
  staleTime: 10 * 60_000,
});

export function renewUrges(queries: QueryClient, ticketId: string): void {
  for (const key of [["urges"], ["home"], ["ticket", ticketId]])
    void queries.invalidateQueries({ queryKey: key });
}
