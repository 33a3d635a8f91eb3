/** What the pages of supervision ask the server. */
import type { SupervisionStep } from "@jiesu/core/supervision/lifecycle.ts";
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { ItemsSearch, WatchedSearch } from "./search.ts";

type Answer<Path extends keyof paths, Method extends "get" | "post"> = paths[Path] extends {
  [M in Method]: { responses: { 200: { content: { "application/json": infer Body } } } };
}
  ? Body
  : never;

export type ItemRow = Answer<"/api/supervision", "get">["rows"][number];
export type Item = Answer<"/api/supervision/{id}", "get">;
export type ListPreview = Answer<"/api/supervision/lists/look", "post">;
export type ListMade = Answer<"/api/supervision/lists", "post">;
export type WatchedRow = Answer<"/api/supervision/watched", "get">["rows"][number];
export type SummaryLine = Answer<"/api/supervision/summary", "get">["total"];

const PAGE = 60;

export function itemsQuery(search: ItemsSearch) {
  const { state = "open", ...filter } = search;
  return infiniteQueryOptions({
    queryKey: ["supervision", "list", search],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/supervision", {
          params: {
            query: { ...known(filter), ...(state === "all" ? {} : { state }), skip: pageParam, limit: PAGE },
          },
        }),
      ),
    initialPageParam: 0,
    getNextPageParam: (page, pages) => {
      const seen = pages.reduce((sum, each) => sum + each.rows.length, 0);
      return seen < page.total ? seen : null;
    },
    staleTime: 5_000,
    refetchInterval: 60_000,
  });
}

export const countsQuery = queryOptions({
  queryKey: ["supervision", "counts"],
  queryFn: () => bodyOf(http.GET("/api/supervision/counts")),
  staleTime: 5_000,
  refetchInterval: 60_000,
});

export function itemQuery(id: string) {
  return queryOptions({
    queryKey: ["supervision", "one", id],
    queryFn: () => bodyOf(http.GET("/api/supervision/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export function ofTicketQuery(ticket: string, version: number) {
  return queryOptions({
    queryKey: ["supervision", "ticket", ticket, version],
    queryFn: () => bodyOf(http.GET("/api/supervision", { params: { query: { ticket, limit: 20 } } })),
    placeholderData: (before) => before,
    staleTime: 15_000,
  });
}

export const listsQuery = queryOptions({
  queryKey: ["supervision", "lists"],
  queryFn: () => bodyOf(http.GET("/api/supervision/lists")),
  staleTime: 5_000,
});

export function listQuery(id: string) {
  return queryOptions({
    queryKey: ["supervision", "lists", id],
    queryFn: () => bodyOf(http.GET("/api/supervision/lists/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export function summaryQuery(period: string | undefined) {
  return queryOptions({
    queryKey: ["supervision", "summary", period],
    queryFn: () =>
      bodyOf(
        http.GET("/api/supervision/summary", { params: { query: period === undefined ? {} : { period } } }),
      ),
    placeholderData: (before) => before,
    staleTime: 5_000,
  });
}

export function watchedQuery(search: WatchedSearch) {
  return queryOptions({
    queryKey: ["supervision", "watched", search],
    queryFn: () => bodyOf(http.GET("/api/supervision/watched", { params: { query: known(search) } })),
    placeholderData: (before) => before,
    staleTime: 5_000,
    refetchInterval: 60_000,
  });
}

type StepBody = NonNullable<paths["/api/supervision/{id}/steps/{step}"]["post"]["requestBody"]>;
type StepInput = NonNullable<StepBody["content"]["application/json"]["input"]>;

export function sendStep(item: Item, step: SupervisionStep, once: string, input: StepInput) {
  const params = { path: { id: item.id, step } };
  return bodyOf(
    http.POST("/api/supervision/{id}/steps/{step}", { params, body: { once, version: item.version, input } }),
  );
}

/** After a step: every list and count of supervision, and the tickets whose history grew. */
export function renewSupervision(queries: QueryClient, item: Pick<Item, "tickets"> | null): void {
  void queries.invalidateQueries({ queryKey: ["supervision"] });
  for (const ticket of item?.tickets ?? [])
    void queries.invalidateQueries({ queryKey: ["ticket", ticket.id] });
}

/** Without what is not said. */
function known<T extends object>(filter: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
