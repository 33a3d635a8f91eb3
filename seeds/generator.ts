/** 工单生成. Any number of invented tickets, always the same ones for the same seed, span and rules. */
import { addDays, DAY_MS, type Day, dayOf, endOfDay, MINUTE_MS } from "@jiesu/core/time/day.ts";
import type { Rules } from "@jiesu/server/platform/rules.ts";
import { castOf } from "./cast.ts";
import { readDistrict } from "./district.ts";
import { live } from "./life.ts";
import { type Matter, readMatters, seasonFactor, type Where } from "./matters.ts";
import { inventedName } from "./people.ts";
import { type Neighbourhood, neighbourhoods, placeFor } from "./places.ts";
import { type Random, randomOf, type Weighted, weighted } from "./random.ts";
import { type Arrival, arrivals } from "./rhythm.ts";
import type { World } from "./scene.ts";
import type { Arrived, Caller, Tale } from "./tale.ts";
import { arrive } from "./telling.ts";
import { describe } from "./wording.ts";

export interface GeneratorOptions {
  readonly tickets: number;
  readonly seed: number;
  /** First arrival at the earliest, epoch ms. */
  readonly from: number;
  /** The end of the story: nothing in it is later. */
  readonly to: number;
  readonly rules: Rules;
  /** Serial numbers of each day begin after this one; 0 unless tickets of an earlier run are there. */
  readonly serialsAfter?: number;
  /** Full names of units: the tickets go to them in turn, dispatched and not yet taken; not given, life takes its course. */
  readonly waitingFor?: readonly string[];
  /** Hears of each ticket as it stands after each of its events. */
  readonly onEvent?: (tale: Tale) => void;
}

/** The tickets one by one, in order of arrival, each with its whole life. */
export function* generate(options: GeneratorOptions): Generator<Tale> {
  const { tickets, seed, from, to, rules, waitingFor = [] } = options;
  const town = townOf(seed, tickets);
  const mains = new Map<string, { index: number; at: number }>();
  const placeKey = (t: Arrived): string => `${t.at.community.code}/${t.matter.category3}`;
  const world: World = {
    rules,
    cast: castOf(town.district.units, seed),
    now: to,
    justDispatched: waitingFor.length > 0,
    backlog: Math.min(2.5, Math.max(1, (400 * (to - from)) / DAY_MS / tickets)),
    rightUnit: (tale) =>
      waitingFor[tale.index % waitingFor.length] ??
      town.leadFor(randomOf(seed, tale.index, 8), tale.matter, tale.at),
    mainTicket: (tale) => {
      const main = mains.get(placeKey(tale));
      return main && tale.receivedAt - main.at < 3 * DAY_MS ? main.index : null;
    },
  };
  let index = 0;
  let day: Day | null = null;
  let serial = 0;
  for (const arrival of arrivals(randomOf(seed, 1), tickets, from, to)) {
    const today = dayOf(arrival.at);
    if (today !== day) serial = options.serialsAfter ?? 0;
    day = today;
    serial += 1;
    const wanted = waitingFor[index % waitingFor.length];
    const random = randomOf(seed, index, wanted === undefined ? 2 : 9);
    const draw = () => town.arrival(random, index, serial, arrival, to);
    let arrived = draw();
    for (let tries = 0; wanted !== undefined && tries < TRIES; tries++) {
      const calm = arrived.level > 2 || tries > CALM_TRIES;
      if (calm && arrived.path === "district" && town.leadFor(random, arrived.matter, arrived.at) === wanted)
        break;
      arrived = draw();
    }
    const direct =
      arrived.path === "directStreet"
        ? arrived.at.street.name
        : arrived.path === "directBureau"
          ? town.unitFor(arrived.matter, arrived.at)
          : null;
    const tale = arrive(rules, arrived, direct, options.onEvent);
    live(world, tale, random);
    if (tale.state !== "merged") mains.set(placeKey(tale), { index, at: tale.receivedAt });
    if (mains.size > 50_000)
      for (const [key, main] of mains) if (arrival.at - main.at > 3 * DAY_MS) mains.delete(key);
    yield tale;
    index += 1;
  }
}

/** How often a matter is drawn anew until one is the wanted unit's own. */
const TRIES = 5000;
/** Up to here urgent matters are passed over; some units have no others. */
const CALM_TRIES = 1000;

/** How many different people call in a run of that size. */
export function peopleIn(tickets: number): number {
  return Math.min(150_000, Math.max(40, Math.round(tickets * 0.6)));
}

/** 诉求人 number `person` of a seed. The numbers begin with 199 00, six digits follow: made up, like the names. */
export function callerOf(seed: number, person: number): Caller {
  return {
    person,
    name: inventedName(seed * 1_000_003 + person),
    phone: `19900${String(person).padStart(6, "0")}`,
  };
}

/** 时限要求 of the city, days by level: a day more than the district gives its units. */
const CITY_DAYS = { 1: 1, 2: 2, 3: 8, 4: 16 } as const;
const OWN_CHANNELS = [
  { channel: "96181", prefix: "96181", weight: 5 },
  { channel: "人民网地方领导留言板", prefix: "人民网", weight: 2 },
  { channel: "政务服务网", prefix: "政务网", weight: 2 },
  { channel: "网络舆情", prefix: "舆情", weight: 1 },
  { channel: "行政大厅", prefix: "大厅", weight: 1 },
] as const;

/** 首接负责: what happens somewhere often goes to the street of the place, whoever's line of work it is. */
const LOCAL: ReadonlySet<Where> = new Set(["estate", "road", "village", "shop"]);
/** Short names of the companies that do the work, by second-level category. */
const COMPANIES: Readonly<Record<string, readonly string[]>> = {
  居民供热: ["北部供热公司", "南部供热公司", "区供热服务中心"],
  供水: ["区供水服务中心"],
  排水: ["区排水公司"],
  垃圾管理: ["环卫一公司", "环卫二公司"],
  绿地管理: ["区园林养护公司"],
  设施维护: ["区公共物业公司", "区电梯维保公司", "区公房中心"],
  道路养护: ["区市政养护公司"],
  养老: ["区养老服务公司"],
};

function townOf(seed: number, tickets: number) {
  const district = readDistrict();
  const matters = readMatters();
  const all = neighbourhoods(district.units);
  const villages = all.filter((n) => n.community.kind === "村");
  const popular = weighted(
    all,
    (n) => 0.3 + randomOf(seed, Number(n.community.code.slice(-7)), 3).spread(0.7),
  );
  const people = peopleIn(tickets);
  const frequent = Math.max(1, Math.round(people * 0.03));
  const categories = new Map(district.categories.map((c) => [c.level3, c]));
  const streets = new Map(district.units.map((u) => [u.name, u]));
  const bySeason = new Map<number, Weighted<Matter>>();
  const ownChannel = weighted(OWN_CHANNELS, (c) => c.weight);
  const burstAt = popular.pick(randomOf(seed, 5));

  const mattersOn = (day: Day): Weighted<Matter> => {
    const monthDay = Number(day.slice(5, 7)) * 100 + Number(day.slice(8, 10));
    const known = bySeason.get(monthDay);
    if (known) return known;
    const made = weighted(matters, (m) => m.weight * seasonFactor(m.season, monthDay));
    bySeason.set(monthDay, made);
    return made;
  };
  const companyNamed = (short: string): string => {
    const unit = district.units.find((u) => u.shortName === short);
    if (!unit) throw new Error(`no company ${short}`);
    return unit.name;
  };
  const matterNamed = (name: string): Matter => {
    const matter = matters.find((m) => m.category3 === name);
    if (!matter) throw new Error(`no matter ${name}`);
    return matter;
  };
  const burstMatter = (day: Day): Matter =>
    matterNamed(seasonFactor("heat", Number(day.slice(5, 7) + day.slice(8, 10))) >= 1 ? "停止供热" : "停水");

  return {
    district,
    /** The unit a matter belongs with: the category's own, or the street where it happens. */
    unitFor(matter: Matter, at: Neighbourhood): string {
      const category = categories.get(matter.category3);
      const name = category?.unit ?? at.street.name;
      return streets.has(name) ? name : at.street.name;
    },
    /** Who leads it: mostly as the category says; often the street that is nearest, or the company that does the work. */
    leadFor(random: Random, matter: Matter, at: Neighbourhood): string {
      const companies = COMPANIES[matter.category2];
      const roll = random.next();
      if (companies && roll < 0.35) return companyNamed(random.pick(companies));
      if (LOCAL.has(matter.where) && roll > 0.55) return at.street.name;
      return this.unitFor(matter, at);
    },
    arrival(random: Random, index: number, serial: number, { at, burst }: Arrival, now: number): Arrived {
      const day = dayOf(at);
      const often = !burst && random.chance(0.2);
      const person = often ? random.int(0, frequent - 1) : random.int(0, people - 1);
      const habit = randomOf(seed, person, 6);
      const home = popular.pick(habit);
      const pet = mattersOn(day).pick(habit);
      const again = often && random.chance(0.4);
      const matter = burst ? burstMatter(day) : again ? pet : mattersOn(day).pick(random);
      const wanted = burst ? burstAt : again || random.chance(0.7) ? home : popular.pick(random);
      const where =
        matter.where === "village" && wanted.community.kind !== "村" ? random.pick(villages) : wanted;
      const path = pathOf(random, matter, categories.get(matter.category3)?.unit !== undefined);
      const typed = path === "own" ? random.chance(0.5) : random.chance(0.2);
      const source =
        path === "own"
          ? ownChannel.pick(random)
          : typed
            ? { channel: "网络", prefix: "网络" }
            : { channel: "热线", prefix: "热线" };
      const place = placeFor(random, where, matter);
      const fromCity =
        path === "own" ? null : Math.min(now, at + Math.round(60 * 10 * random.spread(0.9)) * 1000);
      return {
        index,
        number: `${source.prefix}-${day.slice(2).replaceAll("-", "")}-${String(serial).padStart(6, "0")}`,
        channel: source.channel,
        path,
        level: matter.level,
        matter,
        at: where,
        ...describe(random, matter, where, place, { again, typed }),
        address: place.address,
        enterprise: place.enterprise,
        requester: callerOf(seed, person),
        receivedAt: at,
        cityDispatchedAt: fromCity,
        cityDueAt: fromCity === null ? null : endOfDay(addDays(dayOf(fromCity), CITY_DAYS[matter.level])),
        burst,
      };
    },
  };
}

function pathOf(random: Random, matter: Matter, bureau: boolean): Arrived["path"] {
  const roll = random.next();
  if (roll < 0.1) return "own";
  if (roll < 0.34 && !bureau) return "directStreet";
  if (roll < 0.16 && bureau && matter.kind !== "咨询") return "directBureau";
  return "district";
}

/** A usual day of the district is a few thousand tickets; small runs are spread over two months. */
export function spanFor(tickets: number, to: number): { readonly from: number; readonly to: number } {
  const days = Math.min(730, Math.max(60, Math.round(tickets / 4000)));
  const end = Math.floor(to / MINUTE_MS) * MINUTE_MS;
  return { from: end - days * DAY_MS, to: end };
}
