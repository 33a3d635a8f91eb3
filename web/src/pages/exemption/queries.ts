/** What the pages of exemption ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { AccuracyBy } from "./search.ts";

export const groundsQuery = queryOptions({
  queryKey: ["exemptions", "grounds"],
  queryFn: () => bodyOf(http.GET("/api/exemptions/grounds")),
  staleTime: 10 * 60_000,
});

export function roundsQuery(ticket: string | undefined) {
  return queryOptions({
    queryKey: ["exemptions", "rounds", ticket],
    queryFn: () =>
      bodyOf(
        http.GET("/api/exemptions/rounds", { params: { query: ticket === undefined ? {} : { ticket } } }),
      ),
    staleTime: 15_000,
  });
}

export type State =
  | "applied"
  | "returned"
  | "passed"
  | "sent"
  | "upheld"
  | "denied"
  | "refused"
  | "withdrawn";

const PAGE = 50;

/** The applications that a figure of the accuracy counts. */
export interface Counted {
  readonly by: AccuracyBy;
  readonly key: string;
  readonly turned: boolean;
}

export function listPages(state: State | undefined, counted: Counted | undefined) {
  return infiniteQueryOptions({
    queryKey: ["exemptions", "list", state, counted],
    queryFn: ({ pageParam }: { pageParam: string | null }) =>
      bodyOf(
        http.GET("/api/exemptions", {
          params: {
            query: {
              limit: PAGE,
              ...(state === undefined ? {} : { state }),
              ...(counted === undefined
                ? {}
                : { [counted.by]: counted.key, counted: counted.turned ? "overturned" : "all" }),
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

export function ofTicketQuery(ticket: string) {
  return queryOptions({
    queryKey: ["exemptions", "ticket", ticket],
    queryFn: () => bodyOf(http.GET("/api/exemptions", { params: { query: { ticket } } })),
    staleTime: 15_000,
  });
}

export function exemptionQuery(id: string) {
  return queryOptions({
    queryKey: ["exemptions", "one", id],
    queryFn: () => bodyOf(http.GET("/api/exemptions/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export function effectQuery(ticket: string, round: number, to: "responseOnly" | "exempt") {
  return queryOptions({
    queryKey: ["exemptions", "effect", ticket, round, to],
    queryFn: () => bodyOf(http.GET("/api/assessment/effect", { params: { query: { ticket, round, to } } })),
    staleTime: 5_000,
    retry: false,
  });
}

export function accuracyQuery(by: AccuracyBy) {
  return queryOptions({
    queryKey: ["exemptions", "accuracy", by],
    queryFn: () => bodyOf(http.GET("/api/exemptions/accuracy", { params: { query: { by } } })),
  });
}

export type Exemption = Awaited<ReturnType<NonNullable<ReturnType<typeof exemptionQuery>["queryFn"]>>>;
export type Row = Awaited<
  ReturnType<NonNullable<ReturnType<typeof ofTicketQuery>["queryFn"]>>
>["rows"][number];
export type OpenRound = Awaited<ReturnType<NonNullable<ReturnType<typeof roundsQuery>["queryFn"]>>>[number];
export type Ground = Awaited<ReturnType<NonNullable<(typeof groundsQuery)["queryFn"]>>>["grounds"][number];

/** After a step: the lists, the counts, the ranking, the ticket. */
export function renew(queries: QueryClient, ticketId: string): void {
  for (const key of [["exemptions"], ["rank"], ["counted"], ["trend"], ["ticket", ticketId]])
    void queries.invalidateQueries({ queryKey: key });
}
