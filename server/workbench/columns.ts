/** 列. What stands in each column of a ticket list when it is exported, and how wide it is in a sheet. */
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { leftWords } from "@jiesu/core/deadline/words.ts";
import type { ListColumnKey } from "@jiesu/core/ticket/listing.ts";
import type { TicketRow } from "../ticket/schema.ts";

interface Column {
  /** Width in an exported sheet, in signs. */
  readonly width: number;
  /** Text, a number, or an instant (shown in Beijing time). */
  readonly value: (row: TicketRow, now: number) => string | number | Date | null;
}

const instant = (text: string | null): Date | null => (text === null ? null : new Date(text));

export const COLUMNS: { readonly [K in ListColumnKey]: Column } = {
  number: { width: 22, value: (t) => t.number },
  title: { width: 36, value: (t) => t.title },
  excerpt: { width: 60, value: (t) => t.excerpt },
  channel: { width: 12, value: (t) => t.channel },
  level: { width: 8, value: (t) => (isLevel(t.level) ? LEVELS[t.level].zh : String(t.level)) },
  state: { width: 12, value: (t) => t.stateZh },
  category: { width: 30, value: (t) => t.category },
  street: { width: 16, value: (t) => t.street },
  community: { width: 18, value: (t) => t.community },
  leadUnit: { width: 18, value: (t) => t.leadUnit?.name ?? "" },
  receivedAt: { width: 18, value: (t) => instant(t.receivedAt) },
  dueKind: { width: 12, value: (t) => t.dueKindZh ?? "" },
  dueAt: { width: 18, value: (t) => instant(t.dueAt) },
  left: {
    width: 18,
    value: (t, now) => (t.dueAt === null ? "" : leftWords(Date.parse(t.dueAt) - now)),
  },
  round: { width: 10, value: (t) => t.round },
  returns: { width: 10, value: (t) => t.returns },
};
