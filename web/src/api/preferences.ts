/** 个人设置. One choice of mine that the server keeps: shown at once, and with me on another computer. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { bodyOf, http } from "./client.ts";

const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  queryFn: () => bodyOf(http.GET("/api/me/preferences")),
  staleTime: 10 * 60_000,
});

/** `known` is false until the server has answered; `value` is what it keeps, for its user to parse. */
export function useKept(key: string): {
  readonly known: boolean;
  readonly value: unknown;
  readonly keep: (value: unknown) => void;
} {
  const queries = useQueryClient();
  const kept = useQuery(preferencesQuery);
  const keep = useCallback(
    (value: unknown) => {
      queries.setQueryData(preferencesQuery.queryKey, (old) => ({ ...old, [key]: value }));
      // Not kept is no fault worth a word: the screen has it until it is closed.
      http.PUT("/api/me/preferences/{key}", { params: { path: { key } }, body: { value } }).catch(() => {});
    },
    [queries, key],
  );
  return { known: kept.data !== undefined, value: kept.data?.[key], keep };
}
