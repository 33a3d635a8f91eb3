/** 合并单元格. Cells merged downwards: every row that they span says what the first one says. */

/** A region of one column: rows from (the one that holds the value) and to, both inclusive, from 1. */
export interface Merge {
  readonly column: number;
  readonly from: number;
  readonly to: number;
}

const MAX_MERGES = 200_000;
const OVERLAP = 80;

/** The merges of a sheet's XML; reading to the end also checks the whole entry. */
export async function readMerges(chunks: AsyncIterable<Buffer>): Promise<readonly Merge[]> {
  const merges: Merge[] = [];
  let tail = "";
  for await (const chunk of chunks) {
    // latin1 is enough to find ASCII marks, and does not split characters
    const text = tail + chunk.toString("latin1");
    if (text.includes("mergeCell ")) {
      const seen = text.matchAll(
        /mergeCell [^>]{0,60}?ref=["']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})["']/g,
      );
      for (const [, left, top, , bottom] of seen) {
        const merge = { column: columnIndex(left ?? "A"), from: Number(top), to: Number(bottom) };
        if (merge.to > merge.from && merges.length < MAX_MERGES) merges.push(merge);
      }
    }
    // Keep a part of a mark that the next chunk completes; a whole one must not be seen twice.
    const open = text.lastIndexOf("<", text.length);
    tail = open >= 0 && text.length - open < OVERLAP && !text.includes(">", open) ? text.slice(open) : "";
  }
  return merges;
}

/** Fills the rows of a sheet, which come in order. */
export class MergeFill {
  private readonly starts: Map<number, Merge[]>;
  private active: { readonly merge: Merge; readonly value: string }[] = [];

  constructor(merges: readonly Merge[]) {
    this.starts = Map.groupBy(merges, (m) => m.from);
  }

  /** Puts into `cells` what merged cells above say. Called for rows that hold something of their own. */
  apply(row: number, cells: string[]): void {
    if (this.active.length > 0) {
      this.active = this.active.filter(({ merge }) => merge.to >= row);
      for (const { merge, value } of this.active) {
        while (cells.length <= merge.column) cells.push("");
        if (cells[merge.column] === "") cells[merge.column] = value;
      }
    }
    for (const merge of this.starts.get(row) ?? []) {
      const value = cells[merge.column] ?? "";
      if (value !== "") this.active.push({ merge, value });
    }
  }
}

function columnIndex(letters: string): number {
  return [...letters].reduce((n, c) => n * 26 + (c.charCodeAt(0) - 0x40), 0) - 1;
}
