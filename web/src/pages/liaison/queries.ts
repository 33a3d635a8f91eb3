/** What the pages of 协调单 ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { LiaisonSearch } from "./search.ts";

type Query = NonNullable<paths["/api/liaisons"]["get"]["parameters"]["query"]>;
export type LiaisonRow =
  paths["/api/liaisons"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];
export type Liaison = paths["/api/liaisons/{id}"]["get"]["responses"][200]["content"]["application/json"];
export type Figure =
  paths["/api/liaisons/figures"]["get"]["responses"][200]["content"]["application/json"][number];
export type LiaisonRules =
  paths["/api/liaisons/rules"]["get"]["responses"][200]["content"]["application/json"];
export type StepBody = NonNullable<
  paths["/api/liaisons/{id}/answer"]["post"]["requestBody"]
>["content"]["application/json"];

const PAGE = 50;

/** What the address says, as the server is asked. */
export function queryOf(search: LiaisonSearch, tab: NonNullable<Query["tab"]>): Query {
  const { party, answers, pace, outcome, q, from, to } = search;
  return {
    tab,
    ...(party === undefined ? {} : { party }),
    ...(answers === undefined ? {} : { answers }),
    ...(pace === undefined ? {} : { pace }),
    ...(outcome === undefined ? {} : { outcome }),
    ...(q === undefined ? {} : { q }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
  };
}

export function liaisonsQuery(query: Query) {
  return infiniteQueryOptions({
    queryKey: ["liaisons", "list", query],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/liaisons", {
          params: { query: { ...query, limit: PAGE, ...(pageParam ? { after: pageParam } : {}) } },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 5_000,
    refetchInterval: 30_000,
  });
}

export const liaisonCountsQuery = queryOptions({
  queryKey: ["liaisons", "counts"],
  queryFn: () => bodyOf(http.GET("/api/liaisons/counts")),
  staleTime: 5_000,
});

export function liaisonQuery(id: string) {
  return queryOptions({
    queryKey: ["liaisons", "one", id],
    queryFn: () => bodyOf(http.GET("/api/liaisons/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
    refetchInterval: 30_000,
  });
}

export function liaisonsOfTicket(ticket: string, version: number) {
  return queryOptions({
    queryKey: ["liaisons", "ticket", ticket, version],
    queryFn: () => bodyOf(http.GET("/api/liaisons", { params: { query: { ticket, limit: 20 } } })),
    placeholderData: (before) => before,
    staleTime: 5_000,
  });
}

export function liaisonFiguresQuery(days: { from?: string | undefined; to?: string | undefined }) {
  return queryOptions({
    queryKey: ["liaisons", "figures", days],
    queryFn: () =>
      bodyOf(
        http.GET("/api/liaisons/figures", {
          params: {
            query: {
              ...(days.from === undefined ? {} : { from: days.from }),
              ...(days.to === undefined ? {} : { to: days.to }),
            },
          },
        }),
      ),
  });
}

export const liaisonRulesQuery = queryOptions({
  queryKey: ["liaisons", "rules"],
  queryFn: () => bodyOf(http.GET("/api/liaisons/rules")),
  staleTime: 10 * 60_000,
});

/** After a step: the lists, the counts, the item, and the tickets on whose timeline it stands. */
export function renewLiaisons(queries: QueryClient, tickets: readonly string[]): void {
  for (const key of [["liaisons"], ...tickets.map((ticket) => ["ticket", ticket])])
    void queries.invalidateQueries({ queryKey: key });
}
