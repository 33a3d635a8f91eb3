/**
 * What the library leaves to chance in a .docx, settled: the moment when it was made, the order and the dates of its
 * parts. And what it does not write at all: which font stands in where the named one is missing.
 */
import { strFromU8, strToU8, unzipSync, zipSync } from "fflate";
import { FACES } from "./gbt9704.ts";

/** Archives know no earlier day, and a part's date says nothing of the document. */
const PART_DATE = "1980-01-01T00:00:00";

export function settle(bytes: Uint8Array, at: number): Buffer {
  const parts = unzipSync(bytes);
  const made = new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
  const core = parts["docProps/core.xml"];
  if (core === undefined) throw new Error("the document has no properties");
  parts["docProps/core.xml"] = strToU8(
    strFromU8(core).replace(/(<dcterms:(created|modified)[^>]*>)[^<]*/g, (_all, tag: string) => tag + made),
  );
  parts["word/fontTable.xml"] = strToU8(fontTable());
  const sorted = Object.fromEntries(Object.entries(parts).sort(([a], [b]) => (a < b ? -1 : 1)));
  return Buffer.from(zipSync(sorted, { mtime: PART_DATE, level: 6 }));
}

function fontTable(): string {
  const fonts = Object.values(FACES).map(
    ([name, ...others]) =>
      `<w:font w:name="${name}"><w:altName w:val="${others.join(",")}"/><w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="default"/></w:font>`,
  );
  return `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">${fonts.join("")}</w:fonts>`;
}
