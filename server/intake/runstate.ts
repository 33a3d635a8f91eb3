/** 一次运行的状态. What one run of a file needs to know, and what it remembers from chunk to chunk. */
import type { Profile } from "@jiesu/core/intake/profile.ts";
import type { RowReader } from "@jiesu/core/intake/row.ts";
import type { Shell } from "../platform/shell.ts";
import type { Stamp } from "../ticket/store.ts";
import type { UnitBook } from "../ticket/unitbook.ts";

export interface Run {
  readonly shell: Shell;
  readonly profile: Profile;
  readonly read: RowReader;
  readonly stamp: Stamp;
  readonly createUnits: boolean;
  /** What the file calls the column of units. */
  readonly unitHeader: string;
  /** null: only look, write nothing. */
  readonly batchId: string | null;
  /** Rows before this one are done: they are read again only to know what they were. */
  readonly from: number;
  /** Bits of the lanes that have written the first chunk after `from`. */
  readonly lanesDone: number;
  units: UnitBook;
  /** Digest of a row's key → which of its occurrences this file has used, a bit each. */
  readonly used: Map<number, number>;
  /** For a look: what would exist by now, as digests. */
  readonly imagined: Set<number>;
  readonly unknownUnits: Map<string, number>;
  /** For a look: its first rows of each kind; null when nobody looks. */
  readonly seen: Seen | null;
  done: number;
}

/** What a look shows of a row that would be created or changed. */
export interface SeenRow {
  readonly row: number;
  readonly number: string;
  readonly ticketId: string | null;
  readonly title: string;
  readonly unit: string;
  /** "new", a round more, or another wording of a known row. */
  readonly kind: "create" | "round" | "change";
  /** Somebody works on it: it is put on record, nothing is changed behind their back. */
  readonly touched: boolean;
  readonly changes: readonly SeenChange[];
}

export interface SeenChange {
  readonly field: string;
  readonly before: string;
  readonly after: string;
}

export interface Seen {
  readonly created: SeenRow[];
  readonly updated: SeenRow[];
}
