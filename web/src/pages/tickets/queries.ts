/** What the ticket pages ask the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
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
