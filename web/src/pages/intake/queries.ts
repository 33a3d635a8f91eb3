/** What the pages of intake ask the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

const FOLLOW_MS = 700;

/** 导入记录, newest first. */
export const importPages = infiniteQueryOptions({
  queryKey: ["imports", "list"],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    bodyOf(http.GET("/api/imports", { params: { query: pageParam === null ? {} : { after: pageParam } } })),
  initialPageParam: null,
  getNextPageParam: (last) => last.next,
});

/** One import, followed while it runs. */
export function importQuery(id: string) {
  return queryOptions({
    queryKey: ["imports", id],
    queryFn: () => bodyOf(http.GET("/api/imports/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => {
      const batch = query.state.data;
      return batch?.status === "running" || batch?.undo?.finishedAt === null ? FOLLOW_MS : false;
    },
    staleTime: 1_000,
  });
}

/** 退回的行, in the file's order. */
export function errorPages(id: string) {
  return infiniteQueryOptions({
    queryKey: ["imports", id, "errors"],
    queryFn: ({ pageParam }: { pageParam: number }) =>
      bodyOf(http.GET("/api/imports/{id}/errors", { params: { path: { id }, query: { skip: pageParam } } })),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
}

/** 撤销时保留的工单, with the reason of each. */
export function keptPages(id: string) {
  return infiniteQueryOptions({
    queryKey: ["imports", id, "kept"],
    queryFn: ({ pageParam }: { pageParam: number }) =>
      bodyOf(http.GET("/api/imports/{id}/kept", { params: { path: { id }, query: { skip: pageParam } } })),
    initialPageParam: 0,
    getNextPageParam: (last) => last.next,
  });
}
