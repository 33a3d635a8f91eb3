/**
 * 办前检查. Each check of the list as a function of what is known; a verdict says what was found in words. What stops and
 * what is only said is the dated list's (checklist.ts); a verdict may be softer than its check, never graver.
 */
import { maskText } from "../privacy/mask.ts";
import type { Move } from "../ticket/lifecycle.ts";
import { clockText, dayOf, HOUR_MS } from "../time/day.ts";
import { pairsOf } from "../triage/alike.ts";
import { fold, said } from "../triage/text.ts";
import { answeringOf, copiedFrom, likeness } from "./answers.ts";
import type { CheckKey, Checklist, WithdrawGround } from "./checklist.ts";
import { clausesOf, signsIn, without } from "./clauses.ts";
import type { GuardFacts, GuardTicket } from "./facts.ts";
import { daysIn, otherDoors, ticketNumbersIn } from "./figures.ts";
import { sayingsOf } from "./sayings.ts";

export interface Verdict {
  readonly ok: boolean;
  readonly said: string;
  /** Only said, even where the check stops. */
  readonly soft?: boolean;
  /** Field of the form that it is about. */
  readonly field?: string;
  /** Move that mends it. */
  readonly move?: Move;
}

type Check = (facts: GuardFacts, list: Checklist) => Verdict;

const fine = (words: string): Verdict => ({ ok: true, said: words });
const not = (words: string, more: Omit<Verdict, "ok" | "said"> = {}): Verdict => ({
  ok: false,
  said: words,
  ...more,
});

export const CHECKS: { readonly [K in CheckKey]: Check } = {
  contact: (f) => {
    if (f.step.startsWith("exemption")) return finding(f, "contact", "联系记录符合要求");
    const { lead } = f;
    if (lead === null) return fine("由中心直接办理，无承办单位");
    if (lead.contactedAt === null) return not("没有首次联系的登记", { move: "rework" });
    if (lead.reportedAt !== null && lead.contactedAt > lead.reportedAt)
      return not(`首次联系（${clockText(lead.contactedAt)}）晚于办理反馈（${clockText(lead.reportedAt)}）`, {
        move: "rework",
      });
    return fine(`已于 ${clockText(lead.contactedAt)} 联系`);
  },
  fields: ({ ticket }) => {
    const missing = [
      ...(ticket.category.every((each) => each === "") ? ["问题分类"] : []),
      ...(ticket.street === "" ? ["被反映街镇"] : []),
    ];
    return missing.length === 0
      ? fine("分类、街镇已填")
      : not(`未填${missing.join("、")}`, { move: "correct" });
  },
  remit: (f, list) => {
    const { ticket, lead } = f;
    if (f.step === "applyWithdraw") {
      const outside = groundsIn(f.words, list).some((ground) => ground.code === "outside");
      return outside && ticket.street !== ""
        ? not(`理由称不在本区，本单填报的被反映街镇是“${ticket.street}”`, {
            field: "ground",
            move: "correct",
          })
        : fine("理由与填报的地点不矛盾");
    }
    if (lead?.street == null || ticket.street === "" || sameStreet(lead.street, ticket.street))
      return fine("主办单位与被反映街镇相符");
    return not(`主办单位是“${lead.street}”，被反映街镇是“${ticket.street}”`, { move: "correct" });
  },
  empty: (f, list) => {
    if (f.words.trim() === "") return not("没有文字", mend(f));
    const left = contentOf(f.words, list);
    const { acts, steps } = list.words;
    const says =
      signsIn(left) >= list.words.leastContent ||
      [...acts, ...steps].some((act) => f.words.includes(act)) ||
      (f.step === "applyWithdraw" && groundsIn(f.words, list).length > 0);
    return says ? fine("写有具体内容") : not("只有套话，没有写出做了什么、依据什么", mend(f));
  },
  short: (f, list) => {
    const signs = signsIn(f.words);
    return signs >= list.words.shortest
      ? fine(`${signs} 字`)
      : not(`只有 ${signs} 字，少于 ${list.words.shortest} 字`, mend(f));
  },
  standard: (f, list) => {
    const outcome = f.lead?.outcome ?? "explained";
    const missing = list.words.mustSay
      .filter((must) => must.outcomes.includes(outcome) && !must.words.some((w) => f.words.includes(w)))
      .map((must) => must.name);
    return missing.length === 0
      ? fine("写有联系告知和必要说明")
      : not(`没有写${missing.join("、")}`, mend(f));
  },
  forbidden: (f, list) => {
    const own = clausesOf(f.words, list.words).filter((clause) => !clause.restating);
    for (const { words, better } of list.words.forbidden)
      for (const word of words)
        if (own.some((clause) => clause.text.includes(word)))
          return not(`写有“${word}”，请${better}`, mend(f));
    return fine("没有禁忌用语");
  },
  personal: (f) => {
    const { masked, text } = maskText(f.words);
    if (!masked) return fine("没有个人号码");
    const found = [
      ...(MOBILE.test(fold(f.words)) ? ["手机号"] : []),
      ...(times(text, "［证件号］") > times(f.words, "［证件号］") ? ["证件号"] : []),
      ...(times(text, "［卡号］") > times(f.words, "［卡号］") ? ["银行卡号"] : []),
    ];
    return found.length === 0 ? fine("只有单位座机") : not(`文中有${found.join("、")}`, mend(f));
  },
  otherTicket: (f, list) => {
    const known = [f.ticket.number, ...f.ticket.kin, f.ticket.content].join("\n");
    for (const sentence of ownWords(f).split(/[。；;\n]/u)) {
      const strange = ticketNumbersIn(sentence).find((number) => !known.includes(number));
      if (strange !== undefined && !list.words.sameMatter.some((w) => sentence.includes(w)))
        return not(`文中的工单编号 ${strange} 不是本单`, mend(f));
    }
    return fine("没有别单的编号");
  },
  result: (f, list) => {
    const outcome = f.lead?.outcome;
    if (outcome == null) return fine("没有办理结果可比");
    const s = sayingsOf(ownWords(f), list.words);
    const done = Math.max(s.done, s.did);
    if (outcome === "solved") {
      if (s.notOurs > done) return not("办理结果是“已解决”，文中却称不属本单位", doubt(f, list));
      if (s.unsolved > done) return not("办理结果是“已解决”，文中却写没有解决", doubt(f, list));
      if (s.pending >= 0 && done < 0) return not("办理结果是“已解决”，文中只写了将要做什么", doubt(f, list));
    }
    if (outcome === "unsolved" && s.entirely && s.unsolved < 0 && s.pending < 0 && !s.partly)
      return not("办理结果是“未解决”，文中却写已全部办好", doubt(f, list));
    return fine("文字与办理结果不矛盾");
  },
  callback: (f, list) => {
    if (f.callback === null) return fine("没有回访答案可比");
    const { happy } = sayingsOf(f.words, list.words);
    const { satisfied, solved } = f.callback;
    if (happy && satisfied === "dissatisfied") return not("文中称诉求人满意，回访为不满意", mend(f));
    if (happy && solved === "no") return not("文中称诉求人认可，回访为未解决", mend(f));
    return fine("文字与回访不矛盾");
  },
  callbackNo: (f) => {
    const said = [
      ...(f.callback?.solved === "no" && f.lead?.outcome === "solved"
        ? ["办理结果是“已解决”，回访为未解决"]
        : []),
      ...(f.callback?.contacted === "no" && f.lead?.contactedAt != null
        ? ["登记有首次联系，回访称没有联系"]
        : []),
    ];
    return said.length === 0 ? fine("回访与登记不矛盾") : not(said.join("；"), { move: "rework" });
  },
  numbers: (f, list) => {
    const other = otherDoors(appealOf(f), f.words);
    return other === null ? fine("楼号、单元没有不一致") : not(other, doubt(f, list));
  },
  dates: datesOf,
  answers: (f, list) => {
    const { ticket } = f;
    const named = [ticket.title, ...ticket.category].join("\n");
    const a = answeringOf({ text: appealOf(f), named, places: placesOf(ticket) }, f.words, list.answer);
    if (a.verdict === "beside")
      return not(`诉求分类涉及${a.asked.join("、")}，回复主要说的是${a.answered.join("、")}`, {
        ...mend(f),
        soft: true,
      });
    // A reply that sends the matter on names the field of whom it is sent to.
    const onwards = sayingsOf(f.words, list.words).notOurs >= 0 ? { soft: true } : {};
    const sent = { ...doubt(f, list), ...onwards };
    if (a.verdict === "elsewhere")
      return not(`诉求涉及${a.asked.join("、")}，回复说的是${a.answered.join("、")}，没有共同的事项`, sent);
    if (a.verdict === "nothing") return not("回复没有提到诉求的地点和事项", { ...mend(f), soft: true });
    return fine(a.verdict === "unjudged" ? "文字太短，不作判断" : `与诉求共有的用词 ${a.shared} 处`);
  },
  copied: (f, list) => {
    const copy = copiedFrom(appealOf(f), f.words, f.others, list.copy);
    if (copy === null) return fine("与近期其他回复没有雷同");
    const alike = `与 ${copy.number} 的回复 ${copy.percent}% 相同`;
    return copy.foreign === ""
      ? not(alike, { ...mend(f), soft: true })
      : not(`${alike}，其中“${copy.foreign}”不是本单的点位`, mend(f));
  },
  window: (f, list) => {
    if (f.step.startsWith("exemption")) return finding(f, "window", "在申请时限内");
    const { windowHours } = list.withdraw;
    const until = f.ticket.withdrawFrom + windowHours * HOUR_MS;
    return f.now <= until
      ? fine(`应于 ${clockText(until)} 前申请`)
      : not(`已过申请时限（${windowHours} 小时，至 ${clockText(until)}）`, { move: "dispatch" });
  },
  evidence: (f, list) => {
    if (f.step.startsWith("exemption")) return finding(f, "evidence", "必需佐证齐全");
    const [ground] = [...groundsIn(f.words, list)].sort((a, b) => Number(b.required) - Number(a.required));
    if (ground === undefined) return fine("未列明须附佐证的情形");
    if (f.files > 0) return fine(`有附件 ${f.files} 个`);
    if (list.withdraw.evidenceWords.some((w) => f.words.includes(w))) return fine("写明了依据");
    return not(`“${ground.name}”应附${ground.evidence}`, { field: "files", soft: !ground.required });
  },
  refusedBefore: (f, list) => {
    const mine = groundsIn(f.words, list).map((each) => each.code);
    const again = f.refusals.filter((refusal) => {
      const theirs = groundsIn(refusal.ground, list).map((each) => each.code);
      return (
        mine.some((code) => theirs.includes(code)) ||
        likeness(pairsOf(f.words), pairsOf(refusal.ground)) >= list.withdraw.sameGroundPercent
      );
    });
    const worst = again.find((each) => each.own && each.filesSince === 0) ?? again[0];
    if (worst === undefined) return fine("同一理由未被驳回过");
    const whose = worst.own ? "本单" : `工单 ${worst.number}`;
    return not(`${whose}曾以同一理由申请退市，${clockText(worst.at)} 被市级驳回`, {
      field: "ground",
      soft: !worst.own || worst.filesSince > 0,
    });
  },
  duplicate: (f) => finding(f, "duplicate", "无重复申请"),
  deniedBefore: (f) => finding(f, "earlier", "同一情形以往结果无异常"),
};

const MOBILE = /(?<!\d)1[3-9]\d[-— ]?\d{4}[-— ]?\d{4}(?!\d)/u;

/** A day that is agreed, a term, a validity: none on which something was done. */
const ANOTHER_TIME = /[日号][前起至]|有效期|合同|约定|定于|截止|截至|期限|协议|全面实行|实施|开放|开始/u;

function datesOf(f: GuardFacts, list: Checklist): Verdict {
  const received = dayOf(f.ticket.receivedAt);
  const today = dayOf(f.now);
  const early: string[] = [];
  let inTime = false;
  for (const clause of clausesOf(f.words, list.words)) {
    const days = daysIn(clause.text, f.now);
    if (days.length === 0 || clause.restating) continue;
    const contacting = list.words.contacting.some((w) => clause.text.includes(w));
    const planned = list.words.pending.some((w) => clause.text.includes(w));
    const earlier = /曾|此前|前期|早前|上次|前次|以来|年建|投入使用|自\d|日起/u.test(clause.text);
    const told = sayingsOf(clause.text, list.words);
    const ahead = days.find((day) => day > today);
    if (
      ahead !== undefined &&
      !planned &&
      (contacting || told.done >= 0 || told.did >= 0) &&
      !ANOTHER_TIME.test(clause.text)
    )
      return not(`文中写 ${ahead} 已经办理，晚于今天`, doubt(f, list));
    if (days.some((day) => day >= received)) inTime = true;
    else if (contacting && !earlier && !planned) early.push(...days);
  }
  return early.length > 0 && !inTime
    ? not(`文中的联系、办理日期 ${early[0]} 早于来电（${received}）`, doubt(f, list))
    : fine("日期没有矛盾");
}

/** Where the words under examination are mended: in the form itself, or by sending them back to who wrote them. */
function mend(f: GuardFacts): Pick<Verdict, "field" | "move"> {
  if (f.step === "applyWithdraw") return { field: "ground" };
  if (f.step === "exemptionApply") return { field: "reason" };
  if (f.step === "exemptionPass") return {};
  return { move: f.lead === null ? "refuseReply" : "rework" };
}

/** Names of where it is: a road called after a hospital says nothing of the matter. */
function placesOf({ street, community, address }: GuardTicket): readonly string[] {
  const stem = community.replace(/(?:社区|村)$/u, "");
  const spot = address.replace(/^.*?海淀区/u, "").replace(street, "");
  return [street, community, stem, address, spot].filter((place) => place.length > 1);
}

/** The words without the matter's own name and place: 关于加装电梯 tells of no lift that was put in, 丰原路 of nothing past. */
function ownWords({ ticket, words }: GuardFacts): string {
  const named = ticket.category.filter((name) => name.length > 2);
  const bare = named.reduce((left, name) => left.replaceAll(name, "此事"), words);
  return without(bare, placesOf(ticket));
}

/** The same for what is read out of figures and single sentences: in a long reply it is only pointed out. */
function doubt(f: GuardFacts, list: Checklist): Pick<Verdict, "field" | "move" | "soft"> {
  return { ...mend(f), ...(signsIn(f.words) > list.words.long ? { soft: true } : {}) };
}

function finding(f: GuardFacts, check: string, otherwise: string): Verdict {
  const found = f.exemption.find((each) => each.check === check);
  const field = check === "evidence" ? { field: "evidence" } : {};
  return found === undefined
    ? fine(otherwise)
    : { ok: found.ok, said: found.text, ...(found.ok ? {} : field) };
}

function appealOf({ ticket }: GuardFacts): string {
  const { title, content, category, street, community, address } = ticket;
  return [title, said(content), ...category, street, community, address].join("\n");
}

/** What is left of a text once nothing but phrases, times and fillers is taken out. */
function contentOf(words: string, list: Checklist): string {
  const bare = fold(words)
    .replace(/\d{1,4}[年月日时点分:：]/gu, "")
    .replace(/[\p{Script=Han}]{2,4}-\d{6}-\d{4,8}/gu, "");
  return without(without(bare, list.words.emptyPhrases), list.words.fillers);
}

function groundsIn(words: string, list: Checklist): readonly WithdrawGround[] {
  const plain = fold(words).replace(/\s+/gu, "");
  return list.withdraw.grounds.filter((ground) => ground.words.some((w) => plain.includes(w)));
}

/** 学院路 = 学院路街道. */
const sameStreet = (a: string, b: string): boolean => bareStreet(a) === bareStreet(b);
const bareStreet = (name: string): string =>
  name.replace(/(?:街道|地区|镇|乡)(?:办事处)?$/u, "").replace(/^海淀区/u, "");

const times = (text: string, word: string): number => text.split(word).length - 1;
