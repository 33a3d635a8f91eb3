/** 单元格文本. Cleans the text of a cell, and says how long the text of a field may be. */
import type { Field } from "./fields.ts";

/** The most that a spreadsheet's cell can hold; a longer one is no text of a ticket. */
export const MAX_CELL = 32_767;

/** 最多字数 of fields that are names, numbers and words, not prose. */
export const TEXT_LIMITS: Readonly<Partial<Record<Field, number>>> = {
  number: 80,
  registration: 80,
  source: 100,
  channel: 60,
  kind: 100,
  title: 500,
  categoryPath: 300,
  category1: 100,
  category2: 100,
  category3: 100,
  stateText: 60,
  requesterName: 100,
  requesterContact: 100,
  requesterAccount: 100,
  district: 100,
  street: 100,
  community: 200,
  address: 500,
  enterprise: 300,
  unit: 200,
  resolution: 60,
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is removed
const UNWANTED = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u200b\u200e\u200f\u2060\ufeff\ufffe\uffff]/g;
const NEEDS_WORK = /[^\u0020-\u007e\u00b7\u2014-\u2026\u3001-\u9fff\uff01-\uff5e]/;

/**
 * A cell's text without what only its form brought: blanks, tabs and full-width spaces around it, control and
 * zero-width signs, Windows line ends, halves of characters.
 */
export function cleanText(cell: string): string {
  if (cell === "") return "";
  if (!NEEDS_WORK.test(cell)) return cell.trim();
  const whole = cell.isWellFormed() ? cell : cell.toWellFormed();
  return whole.replace(/\r\n?/g, "\n").replace(UNWANTED, "").trim();
}

/** 4.1E+17: a spreadsheet has taken a number for a quantity, and its last digits are gone. */
export const isScientific = (text: string): boolean => /^\d(?:\.\d+)?E\+\d+$/i.test(text);
