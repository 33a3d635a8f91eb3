/** What the pages of batches and outcomes ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

export const batchPages = infiniteQueryOptions({
  queryKey: ["exemptions", "batches"],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    bodyOf(
      http.GET("/api/exemptions/batches", {
        params: { query: { limit: 50, ...(pageParam === null ? {} : { after: pageParam }) } },
      }),
    ),
  initialPageParam: null,
  getNextPageParam: (last) => last.next,
  staleTime: 5_000,
});

export interface WaitingFilter {
  readonly from?: string;
  readonly to?: string;
  readonly ground?: string;
}

export function waitingQuery(filter: WaitingFilter) {
  return queryOptions({
    queryKey: ["exemptions", "waiting", filter],
    queryFn: () => bodyOf(http.GET("/api/exemptions/batches/waiting", { params: { query: filter } })),
    staleTime: 5_000,
  });
}

export function batchQuery(id: string) {
  return queryOptions({
    queryKey: ["exemptions", "batch", id],
    queryFn: () => bodyOf(http.GET("/api/exemptions/batches/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export const outcomesQuery = queryOptions({
  queryKey: ["exemptions", "outcomes"],
  queryFn: () => bodyOf(http.GET("/api/exemptions/outcomes")),
  staleTime: 5_000,
});

export function outcomeQuery(id: string) {
  return queryOptions({
    queryKey: ["exemptions", "outcome", id],
    queryFn: () => bodyOf(http.GET("/api/exemptions/outcomes/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export function outcomePreviewQuery(id: string, mapping: Readonly<Record<string, string>>) {
  return queryOptions({
    queryKey: ["exemptions", "outcome-preview", id, mapping],
    queryFn: () =>
      bodyOf(
        http.POST("/api/exemptions/outcomes/{id}/preview", {
          params: { path: { id } },
          body: { mapping },
        }),
      ),
    staleTime: 0,
  });
}

/** After a batch or a file of outcomes: every list of applications, the counts, the rates. */
export async function renewCity(queries: QueryClient): Promise<void> {
  const keys = [["exemptions"], ["rank"], ["counted"], ["trend"], ["ticket"]];
  await Promise.all(keys.map((queryKey) => queries.invalidateQueries({ queryKey })));
}
