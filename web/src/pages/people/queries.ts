/** What the pages of people and units ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { AuditSearch } from "./search.ts";

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: () => bodyOf(http.GET("/api/users")),
});

/** One unit with its names through time and where it is used. */
export function unitQuery(id: string) {
  return queryOptions({
    queryKey: ["units", "whole", id],
    queryFn: () => bodyOf(http.GET("/api/units/{id}", { params: { path: { id } } })),
  });
}

export type UnitWhole = Awaited<ReturnType<NonNullable<ReturnType<typeof unitQuery>["queryFn"]>>>;

export function communitiesQuery(enabled: boolean) {
  return queryOptions({
    queryKey: ["communities"],
    queryFn: () => bodyOf(http.GET("/api/communities")),
    staleTime: 5 * 60_000,
    enabled,
  });
}

/** After a change of one: the list, the tree and the unit itself are asked for anew. */
export function refreshUnits(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["units"] });
  void queries.invalidateQueries({ queryKey: ["communities"] });
}

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: () => bodyOf(http.GET("/api/sessions")),
  refetchInterval: 30_000,
});

export const mySessionsQuery = queryOptions({
  queryKey: ["sessions", "mine"],
  queryFn: () => bodyOf(http.GET("/api/me/sessions")),
});

export const rolesQuery = queryOptions({
  queryKey: ["roles"],
  queryFn: () => bodyOf(http.GET("/api/roles")),
  staleTime: 60_000,
});

export const allCategoriesQuery = queryOptions({
  queryKey: ["categories", "all"],
  queryFn: () => bodyOf(http.GET("/api/categories", { params: { query: { all: "1" } } })),
});

export const centrePhrasesQuery = queryOptions({
  queryKey: ["phrases", "centre"],
  queryFn: () => bodyOf(http.GET("/api/phrases/centre")),
});

const PAGE = 100;

export const auditFacetsQuery = queryOptions({
  queryKey: ["audit", "facets"],
  queryFn: () => bodyOf(http.GET("/api/audit/facets")),
  staleTime: 60_000,
});

/** 审计记录, newest first. */
export const auditPages = (filter: AuditSearch) =>
  infiniteQueryOptions({
    queryKey: ["audit", "pages", filter],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      bodyOf(
        http.GET("/api/audit", {
          params: {
            query: { ...given(filter), limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) },
          },
        }),
      ),
    initialPageParam: null,
    getNextPageParam: (rows) => (rows.length < PAGE ? null : (rows.at(-1)?.id ?? null)),
  });

/** The filters that were set. */
export function given(filter: AuditSearch): { [K in keyof AuditSearch]?: string } {
  return Object.fromEntries(
    Object.entries(filter).filter(
      (pair): pair is [string, string] => typeof pair[1] === "string" && pair[1] !== "",
    ),
  );
}
