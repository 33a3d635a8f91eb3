/**
 * 附件类型. What a file is, told from its bytes; the name's ending and the browser's word count for nothing.
 *
 * Pictures, PDF, office papers and plain text are let in. Whatever could run (programs, macros, archives, markup that a
 * browser would execute) is not a kind here: text of any sort is served as plain text only.
 */

export interface FileKind {
  readonly mime: string;
  /** The endings a name of this kind may have; the first is given to a name with another. */
  readonly endings: readonly string[];
  /** Whether a browser may show it in the page; otherwise it is saved. */
  readonly inline: boolean;
}

const JPEG: FileKind = { mime: "image/jpeg", endings: ["jpg", "jpeg", "jfif"], inline: true };
const PNG: FileKind = { mime: "image/png", endings: ["png"], inline: true };
const GIF: FileKind = { mime: "image/gif", endings: ["gif"], inline: true };
const WEBP: FileKind = { mime: "image/webp", endings: ["webp"], inline: true };
const BMP: FileKind = { mime: "image/bmp", endings: ["bmp"], inline: true };
const HEIC: FileKind = { mime: "image/heic", endings: ["heic", "heif"], inline: false };
const PDF: FileKind = { mime: "application/pdf", endings: ["pdf"], inline: true };
const TEXT: FileKind = { mime: "text/plain", endings: ["txt", "csv", "log", "md"], inline: false };
const OFFICE = "application/vnd.openxmlformats-officedocument";
const DOCX: FileKind = { mime: `${OFFICE}.wordprocessingml.document`, endings: ["docx"], inline: false };
const XLSX: FileKind = { mime: `${OFFICE}.spreadsheetml.sheet`, endings: ["xlsx"], inline: false };
const PPTX: FileKind = { mime: `${OFFICE}.presentationml.presentation`, endings: ["pptx"], inline: false };
/** Office 97–2003 and WPS: one container for all three; the name alone says which. */
const OLD_OFFICE: readonly FileKind[] = [
  { mime: "application/msword", endings: ["doc", "wps"], inline: false },
  { mime: "application/vnd.ms-excel", endings: ["xls", "et"], inline: false },
  { mime: "application/vnd.ms-powerpoint", endings: ["ppt", "dps"], inline: false },
];

const INLINE: ReadonlySet<string> = new Set(
  [JPEG, PNG, GIF, WEBP, BMP, PDF].filter((k) => k.inline).map((k) => k.mime),
);

export const mayShowInPage = (mime: string): boolean => INLINE.has(mime);

/** The kind of a file; null for what is not let in. `name` chooses only among the kinds that the bytes allow. */
export function kindOf(bytes: Buffer, name: string): FileKind | null {
  if (starts(bytes, "ffd8ff")) return JPEG;
  if (starts(bytes, "89504e470d0a1a0a")) return PNG;
  if (starts(bytes, "474946383761") || starts(bytes, "474946383961")) return GIF;
  if (starts(bytes, "52494646") && bytes.toString("latin1", 8, 12) === "WEBP") return WEBP;
  if (starts(bytes, "424d") && bytes.length > 30 && bytes.readUInt32LE(2) === bytes.length) return BMP;
  if (/^ftyp(heic|heix|mif1|msf1|hevc)$/.test(bytes.toString("latin1", 4, 12))) return HEIC;
  if (starts(bytes, "255044462d")) return PDF;
  if (starts(bytes, "504b0304")) return zipped(bytes);
  if (starts(bytes, "d0cf11e0a1b11ae1")) return oldOffice(bytes, name);
  return isText(bytes) ? TEXT : null;
}

/** The file's name for show and for saving: no path, no control signs, an ending that fits what it is. */
export function fileName(given: string, kind: FileKind): string {
  const base = (given.split(/[/\\]/).at(-1) ?? "")
    .replace(/[\p{Cc}\p{Cf}<>:"|?*]/gu, "")
    .replace(/^[.\s]+|[.\s]+$/g, "");
  const ending = /\.([A-Za-z0-9]{1,8})$/.exec(base)?.[1]?.toLowerCase();
  const fits = ending !== undefined && kind.endings.includes(ending);
  const stem = (fits ? base.slice(0, -(ending.length + 1)) : base) || "附件";
  return `${[...stem].slice(0, 120).join("")}.${fits ? ending : kind.endings[0]}`;
}

/** A zip is let in only as an office paper without macros; its part names stand readable in it. */
function zipped(bytes: Buffer): FileKind | null {
  if (!bytes.includes("[Content_Types].xml") || bytes.includes("vbaProject.bin")) return null;
  if (bytes.includes("word/document.xml")) return DOCX;
  if (bytes.includes("xl/workbook.xml")) return XLSX;
  return bytes.includes("ppt/presentation.xml") ? PPTX : null;
}

/** Names of streams inside the old container are UTF-16; "_VBA_PROJECT" is there exactly when it carries macros. */
function oldOffice(bytes: Buffer, name: string): FileKind | null {
  if (bytes.includes(Buffer.from("_VBA_PROJECT", "utf16le"))) return null;
  const ending = name.split(".").at(-1)?.toLowerCase() ?? "";
  return OLD_OFFICE.find((k) => k.endings.includes(ending)) ?? null;
}

/** Signs of control that no text has: in both encodings they are bytes of their own. */
const isControl = (byte: number): boolean => byte < 9 || (byte > 13 && byte < 32 && byte !== 27);

function isText(bytes: Buffer): boolean {
  if (bytes.length === 0 || bytes.some(isControl)) return false;
  return ["utf-8", "gb18030"].some((encoding) => {
    try {
      new TextDecoder(encoding, { fatal: true }).decode(bytes);
      return true;
    } catch {
      return false;
    }
  });
}

const starts = (bytes: Buffer, hex: string): boolean =>
  bytes.length >= hex.length / 2 && bytes.toString("hex", 0, hex.length / 2) === hex;
