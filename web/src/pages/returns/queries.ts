/** What the pages of returns ask the server. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import { dividedBy, type StatTab } from "./search.ts";

type Told = paths["/api/tickets/{id}/returns"]["get"]["responses"][200]["content"]["application/json"];
export type EarlierReturn = Told["own"][number];

export function returnsOfTicket(id: string, version: number) {
  return queryOptions({
    queryKey: ["returns", "ticket", id, version],
    queryFn: () => bodyOf(http.GET("/api/tickets/{id}/returns", { params: { path: { id } } })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
}

export type Stat = paths["/api/returns/statistics"]["get"]["responses"][200]["content"]["application/json"];

interface Days {
  readonly from: string;
  readonly to: string;
}

/** One table of these days. */
export function statQuery(tab: StatTab, by: string, days: Days) {
  return queryOptions({
    queryKey: ["returns", tab, by, days.from, days.to],
    queryFn: (): Promise<Stat> => {
      if (tab === "withdrawals") {
        const query = { ...days, by: dividedBy("withdrawals", by) };
        return bodyOf(http.GET("/api/returns/withdrawals", { params: { query } }));
      }
      if (tab === "collection") {
        const query = { ...days, by: dividedBy("collection", by) };
        return bodyOf(http.GET("/api/returns/collection", { params: { query } }));
      }
      const query = { ...days, by: dividedBy("returns", by) };
      return bodyOf(http.GET("/api/returns/statistics", { params: { query } }));
    },
    staleTime: 60_000,
  });
}

export type BehindRow =
  paths["/api/returns/tickets"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];

/** The tickets that one number counts; `key` undefined: of the whole table. */
export function behindQuery(tab: StatTab, by: string, days: Days, figure: string, key: string | undefined) {
  return infiniteQueryOptions({
    queryKey: ["returns", "behind", tab, by, days.from, days.to, figure, key],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/returns/tickets", {
          params: {
            query: {
              ...{ ...days, of: tab, figure, by },
              ...(key === undefined ? {} : { key }),
              ...(pageParam ? { after: pageParam } : {}),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    staleTime: 60_000,
  });
}

export const returnRulesQuery = queryOptions({
  queryKey: ["returns", "rules"],
  queryFn: () => bodyOf(http.GET("/api/returns/rules")),
  staleTime: 10 * 60_000,
});
