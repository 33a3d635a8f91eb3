/** 列表. The columns that a ticket list can show, and the orders that it can stand in; screens and server read them here. */

const SORT_KEYS = [
  "due",
  "received",
  "number",
  "title",
  "channel",
  "level",
  "state",
  "category",
  "street",
  "community",
  "leadUnit",
  "dueKind",
  "round",
  "returns",
] as const;

export type SortKey = (typeof SORT_KEYS)[number];
export type Sort = SortKey | `-${SortKey}`;

/** Every order, upwards and (with "-") downwards. What has nothing to be ordered by stands last in both. */
export const SORTS: readonly Sort[] = SORT_KEYS.flatMap((key): Sort[] => [key, `-${key}`]);

interface ListColumn {
  readonly zh: string;
  /** The order that a press on this heading asks for; null for what has no order of its own. */
  readonly sort: SortKey | null;
}

export const LIST_COLUMNS = {
  number: { zh: "工单编号", sort: "number" },
  title: { zh: "标题", sort: "title" },
  excerpt: { zh: "诉求内容", sort: null },
  channel: { zh: "来源", sort: "channel" },
  level: { zh: "等级", sort: "level" },
  state: { zh: "状态", sort: "state" },
  category: { zh: "问题分类", sort: "category" },
  street: { zh: "街道（镇）", sort: "street" },
  community: { zh: "社区（村）", sort: "community" },
  leadUnit: { zh: "主办单位", sort: "leadUnit" },
  receivedAt: { zh: "来电时间", sort: "received" },
  dueKind: { zh: "时限种类", sort: "dueKind" },
  dueAt: { zh: "到期时间", sort: "due" },
  left: { zh: "剩余", sort: "due" },
  round: { zh: "派单轮次", sort: "round" },
  returns: { zh: "退单次数", sort: "returns" },
} as const satisfies Record<string, ListColumn>;

export type ListColumnKey = keyof typeof LIST_COLUMNS;

export function isListColumn(text: string): text is ListColumnKey {
  return Object.hasOwn(LIST_COLUMNS, text);
}

export const LIST_COLUMN_KEYS: readonly ListColumnKey[] = Object.keys(LIST_COLUMNS).filter(isListColumn);

export function isSort(text: string): text is Sort {
  return SORTS.some((sort) => sort === text);
}

/** The key of an order and whether it runs downwards. */
export function sortOf(sort: Sort): { readonly key: SortKey; readonly down: boolean } {
  const down = sort.startsWith("-");
  const name = down ? sort.slice(1) : sort;
  const key = SORT_KEYS.find((known) => known === name);
  if (!key) throw new Error(`no such order: ${sort}`);
  return { key, down };
}
