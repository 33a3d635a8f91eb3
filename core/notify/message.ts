/** 外发内容. What may stand in a gateway's template, how it is put in, how an address is shown, when one tries again. */
import { MINUTE_MS } from "../time/day.ts";

/** What one sending says to one person (or group). */
export interface Message {
  readonly title: string;
  readonly body: string;
  /** Whole address of the page in the workbench, or "". */
  readonly link: string;
  readonly name: string;
  readonly phone: string;
  readonly account: string;
}

/** The fields of a template, by their word in braces. {密钥} is the channel's sealed secret. */
export const FIELDS = {
  标题: (m: Message) => m.title,
  正文: (m: Message) => m.body,
  链接: (m: Message) => m.link,
  姓名: (m: Message) => m.name,
  手机: (m: Message) => m.phone,
  账号: (m: Message) => m.account,
} as const;

export const SECRET_FIELD = "{密钥}";

/** Words in braces of a template that stand for nothing. JSON's own braces hold no such word. */
export function unknownFieldsOf(template: string): readonly string[] {
  return [...template.matchAll(/\{([\p{Script=Han}]{1,8})\}/gu)]
    .map((m) => m[1] ?? "")
    .filter((word) => !Object.hasOwn(FIELDS, word) && `{${word}}` !== SECRET_FIELD);
}

/** How what is put in is written so that it stays what it is: inside a JSON text, a form's value, or as it stands. */
export type Escape = "json" | "form" | "plain";

const ESCAPES: Readonly<Record<Escape, (text: string) => string>> = {
  json: (text) => JSON.stringify(text).slice(1, -1),
  form: (text) => encodeURIComponent(text),
  plain: (text) => text,
};

export function escapeFor(contentType: string): Escape {
  if (/json/i.test(contentType)) return "json";
  return /x-www-form-urlencoded/i.test(contentType) ? "form" : "plain";
}

/** The template with the message put in, in one pass: what was put in is not read again. */
export function filledTemplate(template: string, message: Message, secret: string, as: Escape): string {
  return template.replace(/\{([\p{Script=Han}]{1,8})\}/gu, (whole, word: string) => {
    if (whole === SECRET_FIELD) return ESCAPES[as](secret);
    return isField(word) ? ESCAPES[as](FIELDS[word](message)) : whole;
  });
}

const isField = (word: string): word is keyof typeof FIELDS => Object.hasOwn(FIELDS, word);

/** "任***@hd.example", "138****5678", "re***": enough to know whose it is. */
export function maskAddress(address: string): string {
  const at = address.lastIndexOf("@");
  if (at > 0) return `${[...address][0] ?? ""}***${address.slice(at)}`;
  if (/^\d{7,}$/.test(address)) return `${address.slice(0, 3)}****${address.slice(-4)}`;
  return `${[...address].slice(0, 2).join("")}***`;
}

/** Minutes to wait after each failed attempt; after the last attempt there is no more. */
const WAITS = [1, 5, 15, 60, 240] as const;

/** When to try again after so many failed attempts; null: no more (未送达). */
export function nextAttemptAt(attempts: number, now: number): number | null {
  const wait = WAITS[attempts - 1];
  return wait === undefined ? null : now + wait * MINUTE_MS;
}
