/** 文中的数. Buildings and doors, dates, ticket numbers that stand in a text, comparable between two texts. */
import { type Day, dayOf, parseDay } from "../time/day.ts";
import { fold } from "../triage/text.ts";

const DIGITS = "一二三四五六七八九";
const CHINESE = /[一二三四五六七八九十]{1,3}(?=号楼|号院|栋|幢|单元)/gu;
const KINDS = [
  { kind: "号楼", pattern: /(\d{1,4})(?:号楼|栋|幢)/gu },
  { kind: "单元", pattern: /(\d{1,2})单元/gu },
  { kind: "号院", pattern: /(\d{1,4})号院/gu },
] as const;

/** 3号楼 = 三栋: the numbers of buildings, entrances and yards, by kind. */
function doorsIn(text: string): ReadonlyMap<string, ReadonlySet<number>> {
  const plain = fold(text).replace(CHINESE, (word) => String(chineseNumber(word)));
  const found = new Map<string, ReadonlySet<number>>();
  for (const { kind, pattern } of KINDS) {
    const numbers = [...plain.matchAll(pattern)].map((match) => Number(match[1]));
    if (numbers.length > 0) found.set(kind, new Set(numbers));
  }
  return found;
}

/** What the reply numbers otherwise than the appeal, in words; null where they agree or one of them says nothing. */
export function otherDoors(appeal: string, reply: string): string | null {
  const [asked, answered] = [doorsIn(appeal), doorsIn(reply)];
  for (const { kind } of KINDS) {
    const mine = asked.get(kind);
    const theirs = answered.get(kind);
    if (!mine || !theirs || [...theirs].some((n) => mine.has(n))) continue;
    const list = (numbers: ReadonlySet<number>) => [...numbers].map((n) => `${n}${kind}`).join("、");
    return `诉求为${list(mine)}，回复为${list(theirs)}`;
  }
  return null;
}

function chineseNumber(word: string): number {
  const ten = word.indexOf("十");
  if (ten < 0) return [...word].reduce((sum, sign) => sum * 10 + DIGITS.indexOf(sign) + 1, 0);
  const tens = ten === 0 ? 1 : DIGITS.indexOf(word[0] ?? "") + 1;
  const ones = ten === word.length - 1 ? 0 : DIGITS.indexOf(word[ten + 1] ?? "") + 1;
  return tens * 10 + ones;
}

const DATE =
  /(?:(20\d{2})\s*[年\-/.])?\s*(?<![\d.])(1[0-2]|0?[1-9])\s*[月\-/.]\s*(3[01]|[12]\d|0?[1-9])(?:\s*[日号]|(?=\D|$))/gu;

/** Days named in a clause; one without its year is the nearest to `now`. */
export function daysIn(text: string, now: number): readonly Day[] {
  return [...fold(text).matchAll(DATE)].flatMap((match) => {
    const [whole, year, month = "", day = ""] = match;
    // 3.5 米 and 1-2 天 are no dates: without a year only 月 makes one.
    if (year === undefined && !whole.includes("月")) return [];
    const on = (y: number): Day | null => parseDay(`${y}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`);
    if (year !== undefined) return [on(Number(year))].filter((d) => d !== null);
    const thisYear = Number(dayOf(now).slice(0, 4));
    const near = [thisYear - 1, thisYear, thisYear + 1].map(on).filter((d) => d !== null);
    const far = (d: Day): number => Math.abs(Date.parse(d) - now);
    return near.sort((a, b) => far(a) - far(b)).slice(0, 1);
  });
}

const TICKET_NUMBER = /(?<!\d)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-—－]\d{4,8}(?!\d)/gu;

/** Ticket numbers without their channel, 201126-036567. */
export function ticketNumbersIn(text: string): readonly string[] {
  return [...fold(text).matchAll(TICKET_NUMBER)].map(([number]) => number.replace(/[—－]/gu, "-"));
}

const SPOT =
  /[\p{Script=Han}]{2}(?:小区|家园|花园|路口|大厦|公园|嘉园|胡同|广场|市场|大桥|佳园|新村|东路|西路|南路|北路|大街|[桥路街里苑村])/gu;
const NO_SPOT =
  /^(?:[该本此各两我在到一的段条]|居民|所在|附近|周边|道路|马路|沿路|全区|社区|进行|问题|处理)/u;

/** Names that look like spots, cut to two signs before their suffix, so that what leads to them does not matter. */
export function spotsIn(text: string): ReadonlySet<string> {
  return new Set([...fold(text).matchAll(SPOT)].map(([spot]) => spot).filter((spot) => !NO_SPOT.test(spot)));
}
