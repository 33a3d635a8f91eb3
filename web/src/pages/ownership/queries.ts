/** What the pages of ownership ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { CaseSearch, PrecedentSearch } from "./search.ts";

type Ok<P extends keyof paths> = paths[P] extends {
  get: { responses: { 200: { content: { "application/json": infer B } } } };
}
  ? B
  : never;
export type OwnershipCase = Ok<"/api/ownership/cases/{id}">;
export type CaseRow = Ok<"/api/ownership/cases">["rows"][number];
export type Precedent = Ok<"/api/ownership/precedents/{id}">;
export type PrecedentRow = Ok<"/api/ownership/precedents">["rows"][number];
export type Version = Precedent["versions"][number];
export type OfferedPrecedent = Ok<"/api/tickets/{id}/precedents">[number];

export function casePages(state: CaseSearch["state"]) {
  return infiniteQueryOptions({
    queryKey: ["ownership", "cases", state],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      bodyOf(
        http.GET("/api/ownership/cases", {
          params: {
            query: { state: state ?? "open", ...(pageParam === null ? {} : { after: pageParam }) },
          },
        }),
      ),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    staleTime: 5_000,
    refetchInterval: 60_000,
  });
}

export function caseQuery(id: string) {
  return queryOptions({
    queryKey: ["ownership", "case", id],
    queryFn: () => bodyOf(http.GET("/api/ownership/cases/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
    refetchInterval: 60_000,
  });
}

export function precedentPages(search: PrecedentSearch) {
  return infiniteQueryOptions({
    queryKey: ["ownership", "precedents", search],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      bodyOf(
        http.GET("/api/ownership/precedents", {
          params: {
            query: {
              ...(search.standing ? { standing: search.standing } : {}),
              ...(search.q ? { q: search.q } : {}),
              ...(pageParam === null ? {} : { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    staleTime: 5_000,
  });
}

export function precedentQuery(id: string) {
  return queryOptions({
    queryKey: ["ownership", "precedent", id],
    queryFn: () => bodyOf(http.GET("/api/ownership/precedents/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

/** 可引先例 of a ticket. */
export function offeredQuery(ticketId: string) {
  return queryOptions({
    queryKey: ["ownership", "offered", ticketId],
    queryFn: () => bodyOf(http.GET("/api/tickets/{id}/precedents", { params: { path: { id: ticketId } } })),
    staleTime: 15_000,
    retry: false,
  });
}

export function ownershipOfTicket(ticketId: string, version: number) {
  return queryOptions({
    queryKey: ["ownership", "ticket", ticketId, version],
    queryFn: () => bodyOf(http.GET("/api/tickets/{id}/ownership", { params: { path: { id: ticketId } } })),
    placeholderData: (before) => before,
    staleTime: 5_000,
    retry: false,
  });
}

/** After a step: cases and precedents, the ticket, the queues. */
export function renewOwnership(queries: QueryClient, ticketId: string | null): void {
  const keys = [["ownership"], ["queues"], ["tickets"], ...(ticketId === null ? [] : [["ticket", ticketId]])];
  for (const queryKey of keys) void queries.invalidateQueries({ queryKey });
}
