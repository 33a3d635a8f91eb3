/**
 * 文意. What a reply says came of the matter: done, not done, to be done, not ours, the citizen content. Later words weigh
 * more than earlier ones: 前期未能修复，现已更换 says done. Phrases are put together from the lists of the dated checklist.
 */
import type { GuardWords } from "./checklist.ts";
import { anyOf, type Clause, clausesOf } from "./clauses.ts";

export interface Sayings {
  /** Places of the last clause that says so, counted in signs; -1 where none does. */
  readonly done: number;
  /** The same without 已 or 完毕: 工人换上新灯头. */
  readonly did: number;
  readonly unsolved: number;
  readonly notOurs: number;
  readonly pending: number;
  readonly happy: boolean;
  /** 全部修复: without a rest. */
  readonly entirely: boolean;
  /** 临时、部分、其余: a rest remains. */
  readonly partly: boolean;
}

/** A rest remains to be done. */
const PARTLY =
  /(?:已|完成|解决|整改)部分|部分(?:整改|完成|解决|点位|修)|(?:剩余|其余|余下).{0,6}(?:将|待|正在|计划|继续)|临时|暂时|尚有|初步/u;
/** Of an earlier time, or granted only to be answered: 前期未能修复，现已更换. */
const EARLIER = /前期|此前|之前|当时|一度|上次|前次|曾|^.{0,16}原|虽|尽管/u;
/** 无法当场修好 says when, not whether. */
const NOT_AT_ONCE = /当场|当日|当天|立即|一次性|及时|立刻|马上/u;

interface Patterns {
  readonly doneMarked: RegExp;
  readonly doneTailed: RegExp;
  readonly unsolved: RegExp;
  readonly unsolvedWhole: RegExp;
  readonly notBut: RegExp;
  readonly not: RegExp;
  readonly notOurs: RegExp;
  readonly pending: RegExp;
  readonly pendingDeed: RegExp;
  readonly happy: RegExp;
  readonly unhappy: RegExp;
  readonly act: RegExp;
  readonly needs: RegExp;
  readonly pendingBut: RegExp;
}

const kept = new WeakMap<GuardWords, Patterns>();

function patternsOf(rules: GuardWords): Patterns {
  const before = kept.get(rules);
  if (before) return before;
  const deed = anyOf([...rules.acts, ...rules.general]);
  const made: Patterns = {
    doneMarked: new RegExp(`${anyOf(rules.doneMarks)}.{0,16}?${deed}`, "gu"),
    doneTailed: new RegExp(`${deed}(?:了|.{0,8}?${anyOf(rules.doneTails)})`, "gu"),
    unsolved: new RegExp(`${anyOf(rules.not)}.{0,10}?(?:${deed}|实施|改造|推进|满足|支持|达成|执行)`, "gu"),
    unsolvedWhole: new RegExp(anyOf(rules.unsolved), "gu"),
    notBut: new RegExp(`^${anyOf(rules.notBut)}`, "u"),
    not: new RegExp(`${anyOf(rules.not)}.{0,6}$`, "u"),
    notOurs: new RegExp(`${anyOf(rules.notOurs.not)}.{0,14}?${anyOf(rules.notOurs.of)}`, "gu"),
    pending: new RegExp(anyOf(rules.pending), "u"),
    pendingDeed: new RegExp(
      `${anyOf(rules.pending)}.{0,40}?(?:${deed}|${anyOf(rules.undertakings)})|${anyOf(rules.undertakings)}.{0,4}?${anyOf(rules.pending)}|排期`,
      "u",
    ),
    happy: new RegExp(anyOf(rules.happy), "gu"),
    unhappy: new RegExp(`${anyOf(rules.unhappy)}.{0,3}$`, "u"),
    act: new RegExp(anyOf(rules.acts), "gu"),
    needs: new RegExp(anyOf(rules.needs), "u"),
    pendingBut: new RegExp(anyOf(rules.pendingBut), "gu"),
  };
  kept.set(rules, made);
  return made;
}

export function sayingsOf(words: string, rules: GuardWords): Sayings {
  const p = patternsOf(rules);
  const found = {
    done: -1,
    did: -1,
    unsolved: -1,
    notOurs: -1,
    pending: -1,
    happy: false,
    entirely: false,
    partly: false,
  };
  let offset = 0;
  for (const clause of clausesOf(words.replace(p.pendingBut, ""), rules)) {
    const { text } = clause;
    const last = (at: number, before: number): number => (at < 0 ? before : offset + at);
    found.partly ||= PARTLY.test(text);
    if (!clause.restating) {
      const done = lastDone(text, p);
      found.done = last(done, found.done);
      found.did = last(lastDid(text, p), found.did);
      found.entirely ||= done >= 0 && /全部|彻底|均已|全面|完全|圆满/u.test(text);
      if (!EARLIER.test(text)) {
        found.unsolved = last(lastUnsolved(text, p), found.unsolved);
        found.notOurs = last(lastOf(text, p.notOurs), found.notOurs);
      }
      if (p.pendingDeed.test(text) && done < 0) found.pending = offset;
      found.happy ||= isHappy(clause, p);
    }
    offset += text.length + 1;
  }
  return found;
}

/** Where it is said last that something was done; a no or a time to come before it takes it back. */
function lastDone(text: string, p: Patterns): number {
  let last = -1;
  for (const pattern of [p.doneMarked, p.doneTailed])
    for (const match of text.matchAll(pattern)) {
      const before = text.slice(0, match.index);
      const within = match[0];
      if (p.not.test(before) || p.pending.test(before) || saysNo(within, p) || p.pending.test(within))
        continue;
      last = Math.max(last, match.index + within.length);
    }
  return last;
}

/** An act told without a mark of its being done, in a clause that neither denies, plans nor wishes. */
function lastDid(text: string, p: Patterns): number {
  if (p.pending.test(text) || p.needs.test(text) || saysNo(text, p)) return -1;
  return lastOf(text, p.act);
}

const saysNo = (within: string, p: Patterns): boolean =>
  [...within.matchAll(p.unsolved)].some((match) => !p.notBut.test(match[0]));

function lastUnsolved(text: string, p: Patterns): number {
  let last = lastOf(text, p.unsolvedWhole);
  for (const match of text.matchAll(p.unsolved)) {
    if (p.notBut.test(match[0]) || NOT_AT_ONCE.test(match[0]) || /前$/u.test(text)) continue;
    last = Math.max(last, match.index + match[0].length);
  }
  return last;
}

function lastOf(text: string, pattern: RegExp): number {
  let last = -1;
  for (const match of text.matchAll(pattern)) last = match.index + match[0].length;
  return last;
}

/** The citizen is content; an office's own thanks (感谢您的来电) are none. */
function isHappy({ text }: Clause, p: Patterns): boolean {
  for (const match of text.matchAll(p.happy)) {
    const before = text.slice(0, match.index);
    const after = text.slice(match.index + match[0].length);
    if (p.unhappy.test(before)) continue;
    if (match[0] === "感谢" && /^(?:您|你|对|市民|来电|反映|支持|理解|关注|监督|诉求|提出|反馈)/u.test(after))
      continue;
    return true;
  }
  return false;
}
