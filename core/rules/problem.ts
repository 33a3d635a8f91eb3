/** 规则文件的问题. What is wrong in a rules file, told to the person who edits it; and small checked readers. */
import { type Day, parseDay } from "../time/day.ts";

export interface Problem {
  /** Where, as written in the file: "rows[3].limit.amount". Empty for the file as a whole. */
  readonly path: string;
  /** What is wrong and what is wanted, in Chinese. */
  readonly text: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export type Say = (path: string, text: string) => void;

export type Fields = Readonly<Record<string, unknown>>;

/** An object's fields; names that are not known are said, so that a misspelt one is not silently without effect. */
export function fieldsOf(input: unknown, path: string, known: readonly string[], say: Say): Fields {
  if (typeof input !== "object" || input === null || Array.isArray(input)) {
    say(path, "应为一个对象");
    return {};
  }
  for (const key of Object.keys(input)) {
    if (!known.includes(key)) say(path === "" ? key : `${path}.${key}`, "没有这一项");
  }
  return input as Fields;
}

export function listOf(input: unknown, path: string, say: Say): readonly unknown[] {
  if (Array.isArray(input)) return input;
  say(path, "应为一个列表");
  return [];
}

export function wordsOf(input: unknown, path: string, say: Say): string {
  if (typeof input === "string" && input.trim() !== "") return input.trim();
  say(path, "不能为空");
  return "";
}

/** The day, or the first day that the type can hold when it is none (and said). */
export function dayIn(input: unknown, path: string, say: Say): Day {
  const day = typeof input === "string" ? parseDay(input) : null;
  if (day === null) say(path, "应为日期，如 2025-01-01");
  return day ?? "0001-01-01";
}

/** Runs a reader and hands back its value or everything that was said. */
export function parsed<T>(read: (say: Say) => T): Parsed<T> {
  const problems: Problem[] = [];
  const value = read((path, text) => problems.push({ path, text }));
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems };
}
