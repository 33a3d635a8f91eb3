/**
 * 埋错的工单. Tickets as they stand before 结案, 退市 and 不纳入考核, a known part of them with one planted fault, the rest sound in
 * many wordings, those among them that look faulty too. The same seed makes the same tickets. `npm run bench -- guards`.
 */
import type { CheckKey, GuardedStep } from "@jiesu/core/guard/checklist.ts";
import type { GuardFacts, GuardTicket } from "@jiesu/core/guard/facts.ts";
import { DAY_MS, dayOf, HOUR_MS, instant } from "@jiesu/core/time/day.ts";
import { readDistrict } from "./district.ts";
import * as say from "./faultwords.ts";
import { type Matter, readMatters } from "./matters.ts";
import { type Neighbourhood, neighbourhoods, type Place, placeFor } from "./places.ts";
import { type Random, randomOf } from "./random.ts";
import { describe } from "./wording.ts";

export interface Planted {
  readonly facts: GuardFacts;
  /** What was planted; null: it is sound. */
  readonly fault: string | null;
  /** Checks of which at least one has to find it. */
  readonly found: readonly CheckKey[];
}

const NOW = instant("2026-11-20", "10:00");
/** What can be told of a matter's being seen to. */
const deedsFor = ({ category3 }: Matter): readonly string[] =>
  say.DEEDS.find(({ of }) => of.split(" ").includes(category3))?.did ?? [];

interface Case {
  readonly random: Random;
  readonly matter: Matter;
  readonly at: Neighbourhood;
  readonly place: Place;
  readonly ticket: GuardTicket;
  readonly fill: (words: string) => string;
}

/** So many tickets; about half of them with a fault, each kind about as often. */
export function plantedTickets(seed: number, count: number): readonly Planted[] {
  const world = neighbourhoods(readDistrict().units);
  const matters = readMatters().filter((matter) => deedsFor(matter).length > 0);
  return Array.from({ length: count }, (_, n) => {
    const random = randomOf(seed, n);
    const one = caseOf(random, random.pick(matters), random.pick(world));
    if (n % 2 === 0) return SOUND[(n / 2) % SOUND.length]?.(one) ?? soundClosing(one);
    const kinds = Object.entries(FAULTS);
    const [fault, plant] = kinds[((n - 1) / 2) % kinds.length] ?? [];
    if (fault === undefined || plant === undefined) throw new Error("no fault to plant");
    return { fault, ...plant(one, matters, world) };
  });
}

function caseOf(random: Random, matter: Matter, at: Neighbourhood): Case {
  const place = placeFor(random, at, matter);
  const { title, content } = describe(random, matter, at, place, { again: false, typed: random.chance(0.2) });
  const receivedAt = NOW - random.int(3, 12) * DAY_MS;
  const ticket: GuardTicket = {
    number: `热线-${dayOf(receivedAt).slice(2).replaceAll("-", "")}-${String(random.int(1, 999999)).padStart(6, "0")}`,
    receivedAt,
    withdrawFrom: receivedAt,
    title,
    content,
    category: [matter.category1, matter.category2, matter.category3],
    street: at.street.name,
    community: at.community.name,
    address: place.address,
    kin: [],
  };
  const deed = random.pick(deedsFor(matter));
  const seen = receivedAt + DAY_MS;
  const fill = (words: string): string =>
    words
      .replaceAll("{deed}", deed)
      .replaceAll("{topic}", matter.category3)
      .replaceAll("{spot}", place.spot)
      .replaceAll("{day}", dayWords(seen))
      .replaceAll("{time}", random.pick(["上午", "下午", "9时许", "傍晚"]))
      .replaceAll("{n}", /(\d+)号楼/.exec(place.spot)?.[1] ?? "2")
      .replaceAll("{m}", String(random.int(100000, 999999)))
      .replaceAll("{k}", String(random.int(100000, 999999)));
  return { random, matter, at, place, ticket, fill };
}

const dayWords = (at: number): string => {
  const [, month, day] = dayOf(at).split("-");
  return `${Number(month)}月${Number(day)}日`;
};

type Outcome = "solved" | "partly" | "unsolved" | "explained";

/** Facts of a closing whose unit contacted, reported and was called back well. */
function closing(
  one: Case,
  words: string,
  outcome: Outcome = "solved",
  more: Partial<GuardFacts> = {},
): GuardFacts {
  const { ticket, at } = one;
  const good = outcome === "solved";
  return {
    step: "approveClosing",
    now: NOW,
    ticket,
    words,
    lead: {
      unit: at.street.shortName,
      street: at.street.shortName,
      contactedAt: ticket.receivedAt + 5 * HOUR_MS,
      reportedAt: ticket.receivedAt + 2 * DAY_MS,
      outcome,
    },
    callback: {
      contacted: "yes",
      solved: good ? "yes" : "no",
      satisfied: good ? "satisfied" : "dissatisfied",
    },
    files: 1,
    others: [],
    refusals: [],
    exemption: [],
    ...more,
  };
}

const soundWords = ({ random, fill }: Case): string =>
  fill(`${random.pick(say.OPENINGS)}{deed}。${random.pick(say.SOUND_ENDINGS)}`);

const soundClosing = (one: Case): Planted => sound(closing(one, soundWords(one)));
const sound = (facts: GuardFacts): Planted => ({ facts, fault: null, found: [] });

function withdrawal(one: Case, words: string, more: Partial<GuardFacts> = {}): GuardFacts {
  const ticket = { ...one.ticket, withdrawFrom: NOW - one.random.int(1, 20) * HOUR_MS };
  return {
    ...closing(one, words),
    step: "applyWithdraw",
    ticket,
    lead: null,
    callback: null,
    files: 0,
    ...more,
  };
}

const GOOD_PRECHECK = [
  { check: "window", ok: true, text: "在申请时限内" },
  { check: "evidence", ok: true, text: "必需佐证齐全" },
  { check: "contact", ok: true, text: "联系记录符合要求" },
  { check: "duplicate", ok: true, text: "无重复申请" },
  { check: "earlier", ok: true, text: "以往无查否" },
];

function exemption(one: Case, step: GuardedStep, words: string, failing: string | null = null): GuardFacts {
  const findings = GOOD_PRECHECK.map((each) => (each.check === failing ? { ...each, ok: false } : each));
  return { ...closing(one, words, "unsolved"), step, exemption: findings };
}

/** Sound tickets, in turns. */
const SOUND: readonly ((one: Case) => Planted)[] = [
  soundClosing,
  (one) => sound(closing(one, one.fill(one.random.pick(say.TRICKY)))),
  (one) => sound(closing(one, one.fill(one.random.pick(say.EXPLAINED)), "explained")),
  (one) => sound(closing(one, one.fill(one.random.pick(say.UNSOLVED)), "unsolved")),
  (one) => sound(closing(one, one.fill(one.random.pick(say.UNSOLVED)), "partly")),
  (one) =>
    sound(
      closing(
        one,
        one.fill(`${one.random.pick(say.OPENINGS)}{deed}，来电人对处理结果不认可，已做解释。`),
        "solved",
        UNHAPPY,
      ),
    ),
  (one) => sound(closing(one, soundWords(one), "solved", { others: [template(one)] })),
  (one) => sound({ ...closing(one, soundWords(one)), step: "passReview", callback: null }),
  soundClosing,
  (one) => sound(closing(one, one.fill(one.random.pick(say.TRICKY)))),
  (one) => sound(withdrawal(one, one.random.pick(say.WITHDRAW_SOUND), { files: one.random.int(0, 2) })),
  (one) => sound(againWithMore(one)),
  (one) => sound(exemption(one, "exemptionApply", one.random.pick(say.EXEMPT_SOUND))),
  (one) => sound(exemption(one, "exemptionPass", one.random.pick(say.EXEMPT_SOUND))),
];

const UNHAPPY = { callback: { contacted: "yes", solved: "no", satisfied: "dissatisfied" } } as const;

/** The same unit's template for the same matter elsewhere: alike, and nothing of it foreign. */
function template(one: Case) {
  const generic = `${one.matter.category3}情况属实，${one.random.pick(deedsFor(one.matter))}，结果已电话告知来电人。`;
  return { number: "热线-261101-000001", reply: generic, appeal: `市民反映${one.matter.category3}` };
}

function againWithMore(one: Case): GuardFacts {
  const [before, now] = one.random.pick(say.GROUNDS_AGAIN);
  const refusal = {
    number: one.ticket.number,
    own: true,
    ground: before,
    at: NOW - 3 * HOUR_MS,
    filesSince: 2,
  };
  return withdrawal(one, `${now}补充新的图纸。`, { files: 2, refusals: [refusal] });
}

type Plant = (
  one: Case,
  matters: readonly Matter[],
  world: readonly Neighbourhood[],
) => Omit<Planted, "fault">;

const reply =
  (
    from: readonly string[],
    found: readonly CheckKey[],
    outcome: Outcome,
    more: Partial<GuardFacts> = {},
  ): Plant =>
  (one) => ({ facts: closing(one, one.fill(one.random.pick(from)), outcome, more), found });

/** Every kind of fault; the name is what the table of the measurement shows. */
export const FAULTS: Readonly<Record<string, Plant>> = {
  空话套话: reply(say.FAULTY_REPLIES.empty, ["empty"], "solved"),
  未解决报已解决: reply(say.FAULTY_REPLIES.unsolvedAsSolved, ["result"], "solved"),
  非权属报已解决: reply(say.FAULTY_REPLIES.notOurs, ["result"], "solved"),
  未办先结: reply(say.FAULTY_REPLIES.pendingOnly, ["result"], "solved"),
  称满意而回访不满意: reply(say.FAULTY_REPLIES.happyAgainst, ["callback"], "solved", UNHAPPY),
  禁忌用语: reply(say.FAULTY_REPLIES.forbidden, ["forbidden"], "solved"),
  已办好报未解决: (one) => ({
    facts: closing(one, one.fill("{day}到{spot}，{deed}，{topic}全部整改完毕，已告知来电人。"), "unsolved"),
    found: ["result"],
  }),
  楼门号不符: (one) => {
    const [asked, other] = [one.random.int(1, 12), one.random.int(13, 24)];
    const content = `${one.ticket.content}具体位置为${asked}号楼。`.replace(
      /\d+号楼(?!。)/gu,
      `${asked}号楼`,
    );
    const ticket = {
      ...one.ticket,
      content,
      address: `${one.at.community.name}${asked}号楼`,
      title: one.matter.category3,
    };
    const shown = one.random.chance(0.5) ? `${other}号楼` : `${other}栋`;
    const words = one.fill(`{day}到小区${shown}核实{topic}，{deed}，已告知来电人。`);
    return {
      facts: closing(one, words.replace(one.place.spot, shown), "solved", { ticket }),
      found: ["numbers"],
    };
  },
  联系早于来电: (one) => {
    const early = dayWords(one.ticket.receivedAt - one.random.int(2, 30) * DAY_MS);
    const forms = [
      `${early}电话联系来电人，{topic}{deed}。`,
      `我单位于${early}上午到场核实，{deed}，{topic}问题已告知来电人。`,
      `${early}，工作人员前往{spot}查看{topic}，{deed}，并当面反馈。`,
    ];
    return { facts: closing(one, one.fill(one.random.pick(forms))), found: ["dates"] };
  },
  办理日期未到: (one) => {
    const late = dayWords(NOW + one.random.int(2, 30) * DAY_MS);
    const forms = [
      `${late}到{spot}现场，{deed}，{topic}已告知来电人。`,
      `施工队${late}完成维修，{deed}，{topic}情况已回电。`,
      `${late}上午已更换设施，{topic}恢复正常，来电人知晓。`,
    ];
    return { facts: closing(one, one.fill(one.random.pick(forms))), found: ["dates"] };
  },
  答非所问: (one, matters) => {
    const other = one.random.pick(
      matters.filter((m) => m.category1 !== one.matter.category1 && FAR(m, one.matter)),
    );
    const deed = one.random.pick(deedsFor(other));
    const forms = [
      `经现场核查，${other.category3}情况属实，${deed}，已电话告知来电人。`,
      `${dayWords(one.ticket.receivedAt + DAY_MS)}联系来电人，就${other.category3}一事，${deed}。`,
    ];
    return { facts: closing(one, one.random.pick(forms)), found: ["answers"] };
  },
  照搬他单: (one, _matters, world) => {
    const away = caseOf(
      one.random,
      one.matter,
      one.random.pick(world.filter((w) => w.street !== one.at.street)),
    );
    const words = away.fill(
      `接单后${dayWords(one.ticket.receivedAt + DAY_MS)}到{spot}核实，{topic}情况属实，{deed}，结果已电话告知来电人。`,
    );
    const theirs = {
      number: away.ticket.number,
      reply: words,
      appeal: `${away.ticket.content}${away.place.address}`,
    };
    return {
      facts: closing(one, words, "solved", { others: [template(one), theirs] }),
      found: ["copied", "numbers"],
    };
  },
  串单编号: (one) => {
    const strange = `2611${one.random.int(10, 18)}-${one.random.int(100000, 999999)}`;
    const forms = [
      `我单位对热线-${strange}诉求积极响应，{day}到场，{deed}，{topic}已告知来电人。`,
      `网络-${strange}：{topic}{deed}，已回复市民。`,
      `关于贵单（编号${strange}）{topic}，{deed}，已电话告知。`,
    ];
    return { facts: closing(one, one.fill(one.random.pick(forms))), found: ["otherTicket"] };
  },
  个人信息: (one) => {
    const mobile = `1${one.random.pick(["38", "59", "77", "86"])}${one.random.int(10000000, 99999999)}`;
    const id = `110108${one.random.int(1960, 1999)}0${one.random.int(1, 9)}1${one.random.int(0, 9)}${one.random.int(1000, 9999)}`;
    const forms = [
      `来电人电话${mobile}，{day}联系后{deed}，{topic}已告知。`,
      `{deed}，{topic}结果已告知住户（身份证${id}）。`,
      `{topic}{deed}，联系人手机：${mobile.slice(0, 3)} ${mobile.slice(3, 7)} ${mobile.slice(7)}，已反馈。`,
    ];
    return { facts: closing(one, one.fill(one.random.pick(forms))), found: ["personal"] };
  },
  无首次联系: (one) => {
    const facts = closing(one, soundWords(one));
    const lead = facts.lead && {
      ...facts.lead,
      contactedAt: one.random.chance(0.5) ? null : (facts.lead.reportedAt ?? 0) + HOUR_MS,
    };
    return { facts: { ...facts, lead }, found: ["contact"] };
  },
  要素缺失: (one) => ({
    facts: closing(one, soundWords(one), "solved", {
      ticket: { ...one.ticket, ...(one.random.chance(0.5) ? { street: "" } : { category: ["", "", ""] }) },
    }),
    found: ["fields"],
  }),
  退市超时限: (one) => {
    const facts = withdrawal(one, one.random.pick(say.WITHDRAW_SOUND), { files: 1 });
    const ticket = { ...facts.ticket, withdrawFrom: NOW - one.random.int(49, 200) * HOUR_MS };
    return { facts: { ...facts, ticket }, found: ["window"] };
  },
  退市理由空泛: (one) => ({
    facts: withdrawal(one, one.random.pick(say.WITHDRAW_EMPTY), { files: 1 }),
    found: ["empty"],
  }),
  退市无佐证: (one) => ({ facts: withdrawal(one, one.random.pick(say.WITHDRAW_BARE)), found: ["evidence"] }),
  同一理由曾被驳回: (one) => {
    const [before, now] = one.random.pick(say.GROUNDS_AGAIN);
    const refusal = {
      number: one.ticket.number,
      own: true,
      ground: before,
      at: NOW - 3 * HOUR_MS,
      filesSince: 0,
    };
    return { facts: withdrawal(one, now, { files: 1, refusals: [refusal] }), found: ["refusedBefore"] };
  },
  剔除理由空泛: (one) => ({
    facts: exemption(one, "exemptionApply", one.random.pick(say.EXEMPT_EMPTY)),
    found: ["empty"],
  }),
  剔除缺佐证: (one) => ({
    facts: exemption(one, "exemptionPass", one.random.pick(say.EXEMPT_SOUND), "evidence"),
    found: ["evidence"],
  }),
  剔除超期: (one) => ({
    facts: exemption(one, "exemptionPass", one.random.pick(say.EXEMPT_SOUND), "window"),
    found: ["window"],
  }),
  剔除无联系: (one) => ({
    facts: exemption(one, "exemptionPass", one.random.pick(say.EXEMPT_SOUND), "contact"),
    found: ["contact"],
  }),
};

/** Matters that a sensible reader would not take for one another. */
const APART: Readonly<Record<string, string>> = {
  供热: "市场监管 教育 园林绿化 交通管理",
  供水排水: "教育 市场监管 交通管理 供电供气",
  供电供气: "园林绿化 教育 市容环卫 市场监管",
  物业管理: "教育 卫生健康 供热 园林绿化",
  住房: "交通管理 卫生健康 供热 园林绿化",
  市容环卫: "教育 供热 供电供气 卫生健康",
  城管执法: "供热 教育 卫生健康 供水排水",
  交通管理: "供热 卫生健康 教育 供水排水",
  道路设施: "教育 卫生健康 供热 市场监管",
  生态环境: "教育 交通管理 卫生健康 供热",
  园林绿化: "供热 教育 市场监管 供电供气",
  市场监管: "供热 园林绿化 供水排水 道路设施",
  教育: "供热 园林绿化 供水排水 道路设施",
  卫生健康: "供热 交通管理 道路设施 供电供气",
};
const FAR = (a: Matter, b: Matter): boolean => (APART[b.category1] ?? "").split(" ").includes(a.category1);
