/** What the pages of shelving ask the server. */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

export type State = "applied" | "shelved" | "refused" | "ended";

export function shelvingsQuery(state: State | undefined) {
  return queryOptions({
    queryKey: ["shelving", "list", state],
    queryFn: () =>
      bodyOf(http.GET("/api/shelving", { params: { query: state === undefined ? {} : { state } } })),
    staleTime: 5_000,
  });
}

export function shelvingsOfTicket(ticket: string) {
  return queryOptions({
    queryKey: ["shelving", "ticket", ticket],
    queryFn: () => bodyOf(http.GET("/api/shelving", { params: { query: { ticket } } })),
    staleTime: 15_000,
  });
}

export function shelvingQuery(id: string) {
  return queryOptions({
    queryKey: ["shelving", "one", id],
    queryFn: () => bodyOf(http.GET("/api/shelving/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export const kindsQuery = queryOptions({
  queryKey: ["shelving", "kinds"],
  queryFn: () => bodyOf(http.GET("/api/shelving/kinds")),
  staleTime: 10 * 60_000,
});

export type Shelving = Awaited<ReturnType<NonNullable<ReturnType<typeof shelvingQuery>["queryFn"]>>>;
export type Row = Awaited<ReturnType<NonNullable<ReturnType<typeof shelvingsQuery>["queryFn"]>>>[number];

export function renew(queries: QueryClient, ticketId: string): void {
  for (const key of [["shelving"], ["queues"], ["ticket", ticketId]])
    void queries.invalidateQueries({ queryKey: key });
}
