/** 读句. A text cut into clauses, with those apart that only tell again what the citizen said. */
import { fold } from "../triage/text.ts";
import type { GuardWords } from "./checklist.ts";

export interface Clause {
  readonly text: string;
  /** Position among the clauses of the text. */
  readonly at: number;
  /** It tells what was complained of, not what was done. */
  readonly restating: boolean;
}

const SENTENCE = /[。！!？?\n；;]+/u;
const CLAUSE = /[，,：:]+/u;
/** 市民反映 / 您反映的： the words after it, to the end of the sentence, are the citizen's. */
const OPENS_TELLING =
  /^(?:经查)?(?:(?:市民|来电人|诉求人|反映人|居民|网友|业主|企业|您)(?:来电|来信)?(?:反映|诉称|称|投诉|举报|所述)|(?:来电|来信)?反映的?是?$)/u;
/** With one of them the office itself speaks again. */
const OFFICE_SPEAKS = /^(?:经|我|本|现|已|为此|对此|工作人员|街道|社区|接)/u;
/** A clause that is nothing but a time belongs to the next one. */
const ONLY_A_TIME =
  /^(?:我?[\p{Script=Han}]{0,6}于)?(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?(?:[上下中]午|晚|早|凌晨)?(?:\d{1,2}[时点:：]\d{0,2}分?许?)?$/u;

export function clausesOf(words: string, rules: GuardWords): readonly Clause[] {
  const clauses: Clause[] = [];
  for (const sentence of fold(words).split(SENTENCE)) {
    let telling = false;
    let held = "";
    for (const part of sentence.split(CLAUSE)) {
      const bare = part.replace(/\s+/gu, "");
      if (bare === "") continue;
      if (ONLY_A_TIME.test(bare)) {
        held = `${held}${bare}`;
        continue;
      }
      const text = `${held}${bare}`;
      held = "";
      if (OPENS_TELLING.test(bare) && !speaksAfter(bare, rules)) telling = true;
      else if (telling && OFFICE_SPEAKS.test(bare)) telling = false;
      const restating =
        telling || (rules.restating.some((w) => bare.includes(w)) && !speaksAfter(bare, rules));
      clauses.push({ text, at: clauses.length, restating });
    }
    if (held !== "") clauses.push({ text: held, at: clauses.length, restating: false });
  }
  return clauses;
}

/** 针对您反映的路灯不亮问题已更换灯头: the office's own words begin after the last word that tells again. */
function speaksAfter(clause: string, rules: GuardWords): boolean {
  const last = Math.max(...rules.restating.map((w) => clause.lastIndexOf(w)));
  const after = clause.slice(last);
  return rules.doneMarks.some((w) => after.includes(w)) || /无法|未能|不属|尚未|不具备/u.test(after);
}

/** Han signs, letters and figures: what a text weighs. */
export function signsIn(text: string): number {
  return [...fold(text)].filter((sign) => /[\p{Script=Han}A-Za-z0-9]/u.test(sign)).length;
}

/** The text without any of the phrases, the longest first. */
export function without(text: string, phrases: readonly string[]): string {
  const longestFirst = [...phrases].sort((a, b) => b.length - a.length);
  return longestFirst.reduce((left, phrase) => left.replaceAll(phrase, "·"), fold(text));
}

/** Any of them, as a part of a pattern. */
export function anyOf(words: readonly string[]): string {
  const longestFirst = [...words].sort((a, b) => b.length - a.length);
  return `(?:${longestFirst.map((w) => w.replace(/[.*+?^${}()|[\]\\]/gu, "\\$&")).join("|")})`;
}
