/** What the ticket pages ask the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { TicketPage, TicketRow } from "../../api/types.ts";
import { listQuery, type TicketSearch } from "./search.ts";

const PAGE = 50;

/** A list in pages, by keyset; its key leaves out which ticket is open. */
export function listPages(search: TicketSearch) {
  const query = listQuery(search);
  return infiniteQueryOptions({
    queryKey: ["tickets", "list", query],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      bodyOf(
        http.GET("/api/tickets", {
          params: { query: { ...query, limit: PAGE, ...(pageParam === null ? {} : { after: pageParam }) } },
        }),
      ),
    initialPageParam: null,
    getNextPageParam: (last) => last.next,
    staleTime: 30_000,
    refetchOnWindowFocus: false,
  });
}

const MOST_CHOSEN = 2000;

/** Every ticket of a list, up to as many as one may choose at once. */
export async function everyRow(
  search: TicketSearch,
): Promise<{ readonly rows: readonly TicketRow[]; readonly more: boolean }> {
  const query = listQuery(search);
  const rows: TicketRow[] = [];
  let after: string | null = null;
  do {
    const page: TicketPage = await bodyOf(
      http.GET("/api/tickets", {
        params: { query: { ...query, limit: 200, ...(after === null ? {} : { after }) } },
      }),
    );
    rows.push(...page.rows);
    after = page.next;
  } while (after !== null && rows.length < MOST_CHOSEN);
  return { rows, more: after !== null };
}

/** 派单建议, the caller's earlier tickets. */
export function suggestionsQuery(id: string) {
  return queryOptions({
    queryKey: ["suggestions", id],
    queryFn: () => bodyOf(http.GET("/api/tickets/{id}/suggestions", { params: { path: { id } } })),
    staleTime: 60_000,
    retry: false,
  });
}

export const categoriesQuery = queryOptions({
  queryKey: ["categories"],
  queryFn: () => bodyOf(http.GET("/api/categories")),
  staleTime: 10 * 60_000,
});

/** 阅读辅助: marks in the text, the caller's earlier tickets and the like ones. */
export function readingQuery(id: string) {
  return queryOptions({
    queryKey: ["reading", id],
    queryFn: () => bodyOf(http.GET("/api/tickets/{id}/reading", { params: { path: { id } } })),
    staleTime: 60_000,
    retry: false,
  });
}
