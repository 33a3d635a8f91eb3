/** 一次运行的状态. What one run of a file needs to know, and what it remembers from chunk to chunk. */
import type { Profile } from "@jiesu/core/intake/profile.ts";
import type { RowReader } from "@jiesu/core/intake/row.ts";
import type { Shell } from "../platform/shell.ts";
import type { Stamp } from "../ticket/store.ts";
import type { UnitBook } from "./unitbook.ts";

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
  done: number;
}
