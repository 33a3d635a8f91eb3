/** What the pages of the score sheet ask the server. */
import type { SideKey } from "@jiesu/core/assessment/scoresheet.ts";
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import { bodyOf, http } from "../../api/client.ts";
import type { ScoreSheet } from "../../api/types.ts";

export const sheetsQuery = queryOptions({
  queryKey: ["score-sheets"],
  queryFn: () => bodyOf(http.GET("/api/assessment/sheets")),
});

/** Names, groups and definitions of the columns: they change with the software only. */
export const sheetColumnsQuery = queryOptions({
  queryKey: ["score-sheet-columns"],
  queryFn: () => bodyOf(http.GET("/api/assessment/sheets/columns")),
  staleTime: Number.POSITIVE_INFINITY,
});

export function sheetQuery(id: string) {
  return queryOptions({
    queryKey: ["score-sheet", id],
    queryFn: () => bodyOf(http.GET("/api/assessment/sheets/{id}", { params: { path: { id } } })),
  });
}

export function sheetDifferencesQuery(id: string, edition: number) {
  return queryOptions({
    queryKey: ["score-sheet-differences", id, edition],
    queryFn: () => bodyOf(http.GET("/api/assessment/sheets/{id}/differences", { params: { path: { id } } })),
  });
}

export function sheetTicketsQuery(id: string, column: SideKey, unit: string) {
  return queryOptions({
    queryKey: ["score-sheet-tickets", id, column, unit],
    queryFn: () =>
      bodyOf(
        http.GET("/api/assessment/sheets/{id}/tickets", {
          params: { path: { id }, query: { column, unit, limit: 500 } },
        }),
      ),
  });
}

/** The address of a file of the sheet. */
export const sheetFile = (id: string, kind: "docx" | "xlsx"): string =>
  `/api/assessment/sheets/${id}/sheet.${kind}`;

/** After a change: the sheet as it is now, and what else shows it. */
export async function keepSheet(queries: QueryClient, sheet: ScoreSheet): Promise<void> {
  queries.setQueryData(sheetQuery(sheet.id).queryKey, sheet);
  await Promise.all(
    ["score-sheets", "score-sheet-differences"].map((key) => queries.invalidateQueries({ queryKey: [key] })),
  );
}
