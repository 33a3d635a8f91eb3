/** What the pages of incidents ask the server. */
import { infiniteQueryOptions, type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { paths } from "../../api/schema.d.ts";
import type { IncidentSearch } from "./search.ts";

type Answer<P extends "/api/incidents" | "/api/incidents/{id}"> =
  paths[P]["get"]["responses"][200]["content"]["application/json"];
export type IncidentLine = Answer<"/api/incidents">["rows"][number];
export type Incident = Answer<"/api/incidents/{id}">;
export type Step = IncidentLine["may"][number]["step"];

export function incidentsQuery({ kind, standing = "all", term }: IncidentSearch) {
  return infiniteQueryOptions({
    queryKey: ["incidents", "list", kind, standing, term],
    queryFn: ({ pageParam }) =>
      bodyOf(
        http.GET("/api/incidents", {
          params: {
            query: {
              standing,
              ...(kind ? { kind } : {}),
              ...(term ? { term } : {}),
              ...(pageParam === "" ? {} : { after: pageParam }),
            },
          },
        }),
      ),
    initialPageParam: "",
    getNextPageParam: (page) => page.next,
    refetchInterval: 60_000,
    staleTime: 5_000,
  });
}

export function incidentQuery(id: string) {
  return queryOptions({
    queryKey: ["incidents", "one", id],
    queryFn: () => bodyOf(http.GET("/api/incidents/{id}", { params: { path: { id } } })),
    staleTime: 5_000,
  });
}

export const pastAlarmsQuery = queryOptions({
  queryKey: ["incidents", "alarms", "all"],
  queryFn: () => bodyOf(http.GET("/api/incidents/alarms", { params: { query: { all: "true" } } })),
  staleTime: 5_000,
});

export function renewIncidents(queries: QueryClient): void {
  void queries.invalidateQueries({ queryKey: ["incidents"] });
}
