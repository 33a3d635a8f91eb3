/** 列. The columns that a ticket list can show: their words, and what stands in them in a saved or exported table. */
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { leftWords } from "@jiesu/core/deadline/words.ts";
import type { TicketRow } from "../ticket/schema.ts";

interface Column {
  readonly zh: string;
  /** Width in an exported sheet, in signs. */
  readonly width: number;
  /** Text, a number, or an instant (shown in Beijing time). */
  readonly value: (row: TicketRow, now: number) => string | number | Date | null;
}

const instant = (text: string | null): Date | null => (text === null ? null : new Date(text));

export const COLUMNS = {
  number: { zh: "工单编号", width: 22, value: (t) => t.number },
  title: { zh: "标题", width: 36, value: (t) => t.title },
  excerpt: { zh: "诉求内容", width: 60, value: (t) => t.excerpt },
  channel: { zh: "来源", width: 12, value: (t) => t.channel },
  level: { zh: "等级", width: 8, value: (t) => (isLevel(t.level) ? LEVELS[t.level].zh : String(t.level)) },
  state: { zh: "状态", width: 12, value: (t) => t.stateZh },
  category: { zh: "问题分类", width: 30, value: (t) => t.category },
  street: { zh: "街道（镇）", width: 16, value: (t) => t.street },
  community: { zh: "社区（村）", width: 18, value: (t) => t.community },
  leadUnit: { zh: "主办单位", width: 18, value: (t) => t.leadUnit?.name ?? "" },
  receivedAt: { zh: "来电时间", width: 18, value: (t) => instant(t.receivedAt) },
  dueKind: { zh: "时限种类", width: 12, value: (t) => t.dueKindZh ?? "" },
  dueAt: { zh: "到期时间", width: 18, value: (t) => instant(t.dueAt) },
  left: {
    zh: "剩余",
    width: 18,
    value: (t, now) => (t.dueAt === null ? "" : leftWords(Date.parse(t.dueAt) - now)),
  },
  round: { zh: "派单轮次", width: 10, value: (t) => t.round },
  returns: { zh: "退单次数", width: 10, value: (t) => t.returns },
} as const satisfies Record<string, Column>;

export type ColumnKey = keyof typeof COLUMNS;

const KEYS = Object.keys(COLUMNS) as ColumnKey[];
/** At least one, as a closed list of words wants it. */
export const COLUMN_KEYS = KEYS as [ColumnKey, ...ColumnKey[]];
