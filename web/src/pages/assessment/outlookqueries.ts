/** What the pages of the outlook ask the server. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import { given, type RankSearch } from "./search.ts";

/** A forecast is good for some minutes; the server itself draws it anew at most once a minute. */
export function outlookQuery({ group: _every, ...asked }: RankSearch) {
  return queryOptions({
    queryKey: ["outlook", asked],
    queryFn: () => bodyOf(http.GET("/api/assessment/outlook", { params: { query: given(asked) } })),
    staleTime: 5 * 60_000,
  });
}

export function leversQuery({ group: _every, ...asked }: RankSearch, unit: string) {
  return queryOptions({
    queryKey: ["levers", asked, unit],
    queryFn: () =>
      bodyOf(http.GET("/api/assessment/outlook/levers", { params: { query: { ...given(asked), unit } } })),
    staleTime: 10_000,
  });
}

/** The unit's rank were these tickets solved, by the server's own formula; the last answer is shown until the next one is there. */
export function whatIfQuery(
  { group: _every, ...asked }: RankSearch,
  unit: string,
  tickets: readonly string[],
) {
  return queryOptions({
    queryKey: ["what-if", asked, unit, tickets],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/outlook/what-if", {
          params: { query: { ...given(asked), unit, tickets: tickets.join(",") } },
        }),
      ),
    enabled: tickets.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
}
