/** 个人设置. What I chose for my lists, kept on the server: it follows me to another computer. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useRef } from "react";
import { bodyOf, http } from "../../api/client.ts";

const preferencesQuery = queryOptions({
  queryKey: ["preferences"],
  queryFn: () => bodyOf(http.GET("/api/me/preferences")),
  staleTime: 10 * 60_000,
});

const WRITE_AFTER_MS = 400;

/** One setting: what it is (unknown until read by its user), and how to change it; shown at once, written a breath later. */
export function usePreference(key: string): {
  readonly value: unknown;
  readonly set: (value: unknown) => void;
} {
  const queries = useQueryClient();
  const kept = useQuery(preferencesQuery);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const pending = useRef<(() => void) | undefined>(undefined);
  useEffect(() => () => pending.current?.(), []);
  const set = useCallback(
    (value: unknown) => {
      queries.setQueryData(preferencesQuery.queryKey, (old) => ({ ...old, [key]: value }));
      clearTimeout(timer.current);
      const write = () => {
        pending.current = undefined;
        clearTimeout(timer.current);
        const call =
          value === undefined
            ? http.DELETE("/api/me/preferences/{key}", { params: { path: { key } } })
            : http.PUT("/api/me/preferences/{key}", { params: { path: { key } }, body: { value } });
        // A setting that could not be kept is no fault worth a word: the screen has it until it is closed.
        call.catch(() => {});
      };
      pending.current = write;
      timer.current = setTimeout(write, WRITE_AFTER_MS);
    },
    [queries, key],
  );
  return { value: kept.data?.[key], set };
}
