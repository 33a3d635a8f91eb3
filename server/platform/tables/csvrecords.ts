/**
 * CSV 记录. Splits text into records, RFC 4180 with what real files do: any line end, text after a closing quote.
 *
 * Our own rather than csv-parse's, which takes longer than everything else that an import does: the text is decoded
 * already, so a record is slices of it. The tests hold it against csv-parse.
 */
const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

type Take = (cells: string[]) => void;

export class CsvRecords {
  private readonly delimiter: string;
  private text = "";
  /** Text is not split again before it has grown to this: a record of megabytes must not be scanned at every chunk. */
  private enough = 0;

  constructor(delimiter: string) {
    this.delimiter = delimiter;
  }

  /** Adds text and hands every record that is complete to `take`. */
  feed(more: string, take: Take): void {
    this.text += more;
    if (this.text.length < this.enough) return;
    const rest = this.split(take, false);
    this.text = this.text.slice(rest);
    this.enough = this.text.length * 2;
  }

  /** The last record. False when the text ends within quotes: then nothing is certain about where cells end. */
  end(take: Take): boolean {
    const rest = this.split(take, true);
    const closed = rest === this.text.length;
    this.text = "";
    return closed;
  }

  /** Hands complete records on; answers where the first incomplete one begins. */
  private split(take: Take, last: boolean): number {
    const { text } = this;
    const delimiter = this.delimiter.charCodeAt(0);
    const size = text.length;
    let at = 0;
    while (at < size) {
      const cells: string[] = [];
      let i = at;
      for (;;) {
        let cell = "";
        if (text.charCodeAt(i) === QUOTE) {
          const close = closingQuote(text, i + 1);
          // A quote at the very end of a chunk may be the first of two.
          if (close < 0 || (close === size - 1 && !last)) return at;
          cell = text.slice(i + 1, close);
          if (cell.includes('""')) cell = cell.replaceAll('""', '"');
          i = close + 1;
        }
        const start = i;
        let code = text.charCodeAt(i);
        while (i < size && code !== delimiter && code !== LF && code !== CR) {
          i += 1;
          code = text.charCodeAt(i);
        }
        if (i > start) cell = cell === "" ? text.slice(start, i) : cell + text.slice(start, i);
        cells.push(cell);
        if (i >= size) {
          if (!last) return at;
          break;
        }
        if (code !== delimiter) break;
        i += 1;
        if (i >= size && !last) return at;
      }
      if (i < size && text.charCodeAt(i) === CR) {
        if (i + 1 >= size && !last) return at;
        if (text.charCodeAt(i + 1) === LF) i += 1;
      }
      at = Math.min(i + 1, size);
      take(cells);
    }
    return at;
  }
}

/** The quote that closes a cell, stepping over doubled ones; -1 when there is none. */
function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at >= 0 && text.charCodeAt(at + 1) === QUOTE) at = text.indexOf('"', at + 2);
  return at;
}
