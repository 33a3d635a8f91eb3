/** 列. Which columns my list shows, in what order, how wide and which are pinned; and what stands in each. */
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { isListColumn, LIST_COLUMN_KEYS, type ListColumnKey } from "@jiesu/core/ticket/listing.ts";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useMemo } from "react";
import type { TicketRow } from "../../api/types.ts";
import { shortText } from "../../ui/dates.ts";
import { Tag } from "../../ui/Tag.tsx";
import { DueWords } from "./due.tsx";
import { usePreference } from "./preferences.ts";
import { viewsQuery } from "./views.ts";

export interface ListColumn {
  readonly key: ListColumnKey;
  readonly shown: boolean;
  readonly width: number;
  readonly pinned: boolean;
}

/** Widths at first, in pixels; digits and dates stand at the right of theirs. */
const WIDTHS: Readonly<Record<ListColumnKey, number>> = {
  number: 168,
  title: 260,
  excerpt: 360,
  channel: 96,
  level: 64,
  state: 108,
  category: 200,
  street: 124,
  community: 128,
  leadUnit: 128,
  receivedAt: 108,
  dueKind: 88,
  dueAt: 108,
  left: 132,
  round: 72,
  returns: 72,
};

const AT_FIRST: readonly ListColumnKey[] = [
  "number",
  "title",
  "state",
  "left",
  "level",
  "category",
  "street",
  "leadUnit",
  "receivedAt",
  "returns",
];

export const DIGITS: ReadonlySet<ListColumnKey> = new Set(["round", "returns"]);

export const MIN_WIDTH = 48;
export const MAX_WIDTH = 900;

function defaults(): readonly ListColumn[] {
  const rest = LIST_COLUMN_KEYS.filter((key) => !AT_FIRST.includes(key));
  return [...AT_FIRST, ...rest].map((key) => ({
    key,
    shown: AT_FIRST.includes(key),
    width: WIDTHS[key],
    pinned: key === "number",
  }));
}

/**
 * The columns of one list (a queue or a view), all of them; those not shown stand behind. A view begins with the
 * columns that it was saved with.
 */
export function useColumns(list: string) {
  const { value, set } = usePreference(`columns:${list}`);
  const views = useQuery(viewsQuery);
  const saved = views.data?.find((view) => list === `view-${view.id}` && view.columns.length > 0)?.columns;
  const columns = useMemo(() => read(value ?? saved), [value, saved]);
  const change = useCallback(
    (next: readonly ListColumn[] | null) =>
      set(
        next?.map(({ key, shown, width, pinned }) => ({
          key,
          shown,
          width,
          pinned: pinned ? "left" : null,
        })),
      ),
    [set],
  );
  return { columns, change };
}

/** What was kept, whoever wrote it: a column that is no more is left out, one that is new stands behind. */
function read(value: unknown): readonly ListColumn[] {
  if (!Array.isArray(value)) return defaults();
  const kept = value.flatMap((each: unknown): ListColumn[] => {
    if (typeof each !== "object" || each === null || !("key" in each)) return [];
    const { key } = each;
    if (typeof key !== "string" || !isListColumn(key)) return [];
    const width = "width" in each && typeof each.width === "number" ? each.width : WIDTHS[key];
    return [
      {
        key,
        width,
        shown: !("shown" in each) || each.shown !== false,
        pinned: "pinned" in each && each.pinned === "left",
      },
    ];
  });
  const known = new Set(kept.map((column) => column.key));
  return [...kept, ...defaults().flatMap((c) => (known.has(c.key) ? [] : [{ ...c, shown: false }]))];
}

export type Density = "compact" | "middle" | "comfortable";

export const ROW_HEIGHT: Readonly<Record<Density, number>> = { compact: 28, middle: 34, comfortable: 42 };

export function useDensity(): { density: Density; setDensity: (density: Density) => void } {
  const { value, set } = usePreference("density");
  const density = value === "middle" || value === "comfortable" ? value : "compact";
  return { density, setDensity: set };
}

export type Form = "rows" | "table";

/** As rows beside the ticket or as a table of its own; a narrow screen has rows alone. */
export function useForm(narrow: boolean): { form: Form; setForm: (form: Form) => void } {
  const { value, set } = usePreference("form:list");
  return { form: value === "table" && !narrow ? "table" : "rows", setForm: set };
}

export function cellOf(key: ListColumnKey, row: TicketRow, state: string, now: number): ReactNode {
  switch (key) {
    case "level":
      if (!isLevel(row.level)) return row.level;
      return row.level < 3 ? <Tag tone="strong">{LEVELS[row.level].zh}</Tag> : LEVELS[row.level].zh;
    case "state":
      return state;
    case "leadUnit":
      return row.leadUnit?.name ?? "";
    case "receivedAt":
      return shortText(row.receivedAt, now);
    case "dueKind":
      return row.dueKindZh ?? "";
    case "dueAt":
      return row.dueAt ? shortText(row.dueAt, now) : "";
    case "left":
      return row.dueAt ? <DueWords dueAt={row.dueAt} nearAt={row.nearAt} now={now} /> : "";
    case "title":
      return row.title || row.excerpt;
    default:
      return row[key];
  }
}
