/**
 * XML 片段. A streaming scanner of the plain XML that spreadsheets are made of: no DTD, no entities of its own.
 *
 * Names come without their prefix (x:row is row). Ill-formed text, and anything with a DOCTYPE, is refused.
 */
import { FileRefused } from "./table.ts";

export interface XmlHandler {
  /** `tag` is the text between < and >, for `attribute`. An empty element is opened and closed. */
  open(name: string, tag: string): void;
  close(name: string): void;
  text(text: string): void;
}

export class XmlScanner {
  private readonly handler: XmlHandler;
  private readonly path: string[] = [];
  private rest = "";
  private enough = 0;
  private began = false;

  constructor(handler: XmlHandler) {
    this.handler = handler;
  }

  feed(more: string): void {
    this.rest += more;
    if (this.rest.length < this.enough) return;
    this.rest = this.rest.slice(this.scan(this.rest));
    // Text within one tag or one cell is not scanned again before it has doubled.
    this.enough = this.rest.length > 4096 ? this.rest.length * 2 : 0;
  }

  end(): void {
    const left = this.rest.slice(this.scan(this.rest));
    if (left.trim() !== "" || this.path.length > 0 || !this.began) throw new FileRefused("damaged");
  }

  /** Handles what is complete; answers where the incomplete begins. */
  private scan(text: string): number {
    let at = 0;
    for (;;) {
      const lt = text.indexOf("<", at);
      if (lt < 0) return at;
      if (lt > at && this.path.length > 0) this.handler.text(plainText(text.slice(at, lt)));
      const sign = text.charCodeAt(lt + 1);
      if (Number.isNaN(sign)) return lt;
      if (sign === 0x21) {
        const next = this.special(text, lt);
        if (next < 0) return lt;
        at = next;
        continue;
      }
      const gt = tagEnd(text, lt + 1);
      if (gt < 0) return lt;
      if (sign === 0x2f) this.closed(nameOf(text, lt + 2, gt));
      else if (sign !== 0x3f) this.opened(text, lt + 1, gt);
      at = gt + 1;
    }
  }

  private opened(text: string, from: number, gt: number): void {
    const empty = text.charCodeAt(gt - 1) === 0x2f;
    const tag = text.slice(from, empty ? gt - 1 : gt);
    const name = nameOf(tag, 0, tag.length);
    if (name === "" || (this.path.length === 0 && this.began) || this.path.length > 64)
      throw new FileRefused("damaged");
    this.began = true;
    this.handler.open(name, tag);
    if (empty) this.handler.close(name);
    else this.path.push(name);
  }

  private closed(name: string): void {
    if (this.path.pop() !== name) throw new FileRefused("damaged");
    this.handler.close(name);
  }

  /** A comment, a CDATA part; -1 when it is not complete yet. */
  private special(text: string, lt: number): number {
    if (text.startsWith("<!--", lt)) {
      const end = text.indexOf("-->", lt + 4);
      return end < 0 ? -1 : end + 3;
    }
    if (text.startsWith("<![CDATA[", lt)) {
      const end = text.indexOf("]]>", lt + 9);
      if (end < 0) return -1;
      this.handler.text(text.slice(lt + 9, end));
      return end + 3;
    }
    if (text.length < lt + 9) return -1;
    throw new FileRefused("damaged");
  }
}

/** The value of an attribute of a tag, whatever its prefix; null when the tag has none of that name. */
export function attribute(tag: string, name: string): string | null {
  for (let at = tag.indexOf(name); at >= 0; at = tag.indexOf(name, at + 1)) {
    const before = tag.charCodeAt(at - 1);
    if (before !== 0x20 && before !== 0x3a && before !== 0x0a && before !== 0x09 && before !== 0x0d) continue;
    let i = at + name.length;
    while (tag.charCodeAt(i) === 0x20) i += 1;
    if (tag.charCodeAt(i) !== 0x3d) continue;
    i += 1;
    while (tag.charCodeAt(i) === 0x20) i += 1;
    const quote = tag[i];
    if (quote !== '"' && quote !== "'") continue;
    const end = tag.indexOf(quote, i + 1);
    return end < 0 ? null : plainText(tag.slice(i + 1, end));
  }
  return null;
}

/** Where the tag that begins at `from` ends: a > within quotes does not end it. */
function tagEnd(text: string, from: number): number {
  let gt = text.indexOf(">", from);
  if (gt < 0) return -1;
  let at = from;
  for (;;) {
    while (at < gt && text.charCodeAt(at) !== 0x22 && text.charCodeAt(at) !== 0x27) at += 1;
    if (at >= gt) return gt;
    const close = text.indexOf(text.charAt(at), at + 1);
    if (close < 0) return -1;
    if (close > gt) {
      gt = text.indexOf(">", close);
      if (gt < 0) return -1;
    }
    at = close + 1;
  }
}

function nameOf(text: string, from: number, to: number): string {
  let end = from;
  let start = from;
  for (; end < to; end++) {
    const c = text.charCodeAt(end);
    if (c === 0x3a) start = end + 1;
    else if (c === 0x20 || c === 0x0a || c === 0x09 || c === 0x0d) break;
  }
  return text.slice(start, end);
}

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function plainText(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x[0-9a-fA-F]{1,6}|#\d{1,7}|[a-z]+);/g, (whole, entity: string) => {
    if (!entity.startsWith("#")) return NAMED[entity] ?? whole;
    const code = entity.startsWith("#x") ? Number.parseInt(entity.slice(2), 16) : Number(entity.slice(1));
    return code <= 0x10ffff ? String.fromCodePoint(code) : "";
  });
}
