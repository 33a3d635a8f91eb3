/** 文件名遮盖. A file's name is kept and shown with the batch: numbers of people in it are covered, dates and serials stay. */
import { maskText } from "../privacy/mask.ts";

/** Covers telephone, identity and card numbers, and any run of seven digits or more that is no date. */
export function maskFileName(name: string): string {
  return maskText(name).text.replace(/(?<!\d)\d{7,}(?!\d)/g, (digits) =>
    isDate(digits) ? digits : "［号码］",
  );
}

/** 20261120, 20261120083000: a day, with or without a time. */
function isDate(digits: string): boolean {
  const found = /^(?:19|20)\d{2}(\d{2})(\d{2})(?:\d{2}){0,3}$/.exec(digits);
  if (!found) return false;
  const [, month, day] = found.map(Number);
  return month !== undefined && day !== undefined && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}
