/** 视图. The saved views that I may use, in my order, with what each holds; and how they are made, changed and removed. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo, useRef } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { useTicketChanges } from "../../api/live.ts";
import type { View } from "../../api/types.ts";
import { usePreference } from "./preferences.ts";

export const viewsQuery = queryOptions({
  queryKey: ["views"],
  queryFn: () => bodyOf(http.GET("/api/views")),
  staleTime: 60_000,
});

const viewCountsQuery = queryOptions({
  queryKey: ["views", "counts"],
  queryFn: () => bodyOf(http.GET("/api/views/counts")),
  staleTime: 10_000,
  refetchInterval: 60_000,
});

/** Counts follow what happens, but not more often than this. */
const COUNT_EVERY_MS = 10_000;

export function useViews() {
  const queries = useQueryClient();
  const views = useQuery(viewsQuery);
  const some = (views.data?.length ?? 0) > 0;
  const counts = useQuery({ ...viewCountsQuery, enabled: some });
  const order = usePreference("order:views");
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useTicketChanges(() => {
    if (!some) return;
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: viewCountsQuery.queryKey });
    }, COUNT_EVERY_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  const sorted = useMemo(() => inOrder(views.data ?? [], order.value), [views.data, order.value]);
  const byId = useMemo(() => new Map(counts.data?.map((each) => [each.id, each])), [counts.data]);
  return {
    views: sorted,
    failed: views.isError,
    countOf: (id: string) => byId.get(id),
    shift: (id: string, by: 1 | -1) => {
      const ids = sorted.map((view) => view.id);
      const at = ids.indexOf(id);
      if (at + by < 0 || at + by >= ids.length) return;
      ids.splice(at, 1);
      ids.splice(at + by, 0, id);
      order.set(ids);
    },
  };
}

function inOrder(views: readonly View[], kept: unknown): readonly View[] {
  const order: unknown[] = Array.isArray(kept) ? kept : [];
  const place = (view: View) => {
    const at = order.indexOf(view.id);
    return at < 0 ? order.length : at;
  };
  return [...views].sort((a, b) => place(a) - place(b));
}
