/** 筛选条件. What a list can be narrowed by, with the values to choose from. */
import { LEVELS } from "@jiesu/core/deadline/level.ts";
import { STATES } from "@jiesu/core/ticket/state.ts";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { unitsQuery } from "../../api/queries.ts";
import { T } from "../../texts.ts";
import type { Filter } from "../../ui/QueryBar.tsx";
import { categoriesQuery } from "./queries.ts";
import type { TicketSearch } from "./search.ts";

export function useFilters(): readonly Filter[] {
  const units = useQuery(unitsQuery);
  const categories = useQuery(categoriesQuery);
  return useMemo(() => {
    const option = (value: string, label = value) => ({ value, label });
    const all = units.data ?? [];
    const streets = all.filter((u) => u.kind === "street" || u.kind === "town");
    const levels1 = [...new Set(categories.data?.map((c) => c.level1) ?? [])];
    const f = T.tickets.filters;
    return [
      {
        key: "state",
        label: f.state,
        kind: "select",
        many: true,
        options: Object.entries(STATES).map(([k, s]) => option(k, s.zh)),
      },
      {
        key: "due",
        label: f.due,
        kind: "select",
        options: [option("near", f.near), option("overdue", f.overdue)],
      },
      { key: "street", label: f.street, kind: "select", options: streets.map((u) => option(u.name)) },
      { key: "unit", label: f.unit, kind: "select", options: all.map((u) => option(u.id, u.shortName)) },
      { key: "category", label: f.category, kind: "select", options: levels1.map((c) => option(c)) },
      {
        key: "level",
        label: f.level,
        kind: "select",
        options: Object.entries(LEVELS).map(([k, l]) => option(k, `${l.short}（${l.zh}）`)),
      },
      { key: "channel", label: f.channel, kind: "text" },
      { key: "from", label: f.from, kind: "day" },
      { key: "to", label: f.to, kind: "day" },
    ];
  }, [units.data, categories.data]);
}

/** What the address says of each condition. */
export function valuesIn(
  search: TicketSearch,
  filters: readonly Filter[],
): Readonly<Record<string, string | undefined>> {
  const said: Readonly<Record<string, string | undefined>> = { ...search };
  return Object.fromEntries(filters.map((filter) => [filter.key, said[filter.key]]));
}
