/** What the page of notification channels asks the server. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";

export type Channel =
  paths["/api/notify/channels"]["get"]["responses"][200]["content"]["application/json"][number];
export type ChannelIn = paths["/api/notify/channels"]["post"]["requestBody"]["content"]["application/json"];
export type Person =
  paths["/api/notify/contacts"]["get"]["responses"][200]["content"]["application/json"][number];
export type Delivery =
  paths["/api/notify/deliveries"]["get"]["responses"][200]["content"]["application/json"]["rows"][number];

export const channelsQuery = queryOptions({
  queryKey: ["notify", "channels"],
  queryFn: () => bodyOf(http.GET("/api/notify/channels")),
});

export function contactsQuery(q: string) {
  return queryOptions({
    queryKey: ["notify", "contacts", q],
    queryFn: () => bodyOf(http.GET("/api/notify/contacts", { params: { query: { q } } })),
    placeholderData: (before) => before,
  });
}

export const myContactQuery = queryOptions({
  queryKey: ["notify", "me"],
  queryFn: () => bodyOf(http.GET("/api/notify/me")),
});

const PAGE = 50;

export function deliveriesQuery(state: Delivery["state"] | undefined) {
  return infiniteQueryOptions({
    queryKey: ["notify", "deliveries", state],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/notify/deliveries", {
          params: {
            query: { limit: PAGE, ...(state ? { state } : {}), ...(pageParam ? { after: pageParam } : {}) },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: 15_000,
  });
}
