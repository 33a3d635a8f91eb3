/** What the pages of people and units ask the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";

export const usersQuery = queryOptions({
  queryKey: ["users"],
  queryFn: () => bodyOf(http.GET("/api/users")),
});

const PAGE = 100;

/** 审计记录, newest first. */
export const auditPages = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam }: { pageParam: string | null }) =>
    bodyOf(
      http.GET("/api/audit", {
        params: { query: { limit: PAGE, ...(pageParam === null ? {} : { before: pageParam }) } },
      }),
    ),
  initialPageParam: null,
  getNextPageParam: (rows) => (rows.length < PAGE ? null : (rows.at(-1)?.id ?? null)),
});
