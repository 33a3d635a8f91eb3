/**
 * 一张工单的一生. What happens next to a ticket in each state, when, and by whom, until the story's end: the same
 * states, roles and clocks as in the ledger, with returns, late reports, missed callbacks and everything else that
 * a district sees. Shares are [ours]: they make the queues look alive and prove nothing.
 */

import type { TicketState } from "@jiesu/core/ticket/state.ts";
import { DAY_MS, HOUR_MS } from "@jiesu/core/time/day.ts";
import { guardRulesOn } from "@jiesu/server/platform/rules.ts";
import { answersOf, cityResultOf } from "./answers.ts";
import type { Random } from "./random.ts";
import { deskTime, officeTime } from "./rhythm.ts";
import {
  type Aside,
  aside,
  centre,
  inPassing,
  type Scene,
  towardsDue,
  unit,
  type World,
  waits,
} from "./scene.ts";
import { leadOf, type Tale } from "./tale.ts";
import { fireTimers, tell, tellCo } from "./telling.ts";
import * as say from "./wording.ts";

/** Lives a ticket's life from its arrival to the end of the story. */
export function live(world: World, tale: Tale, random: Random): void {
  const scene: Scene = {
    world,
    tale,
    random,
    at: tale.updatedAt,
    right: world.rightUnit(tale),
    urgent: tale.level <= 2,
    missedCalls: 0,
    cityTold: false,
    asides: [],
  };
  for (;;) {
    const step = NEXT[tale.state](scene);
    const until = Math.min(step?.at ?? world.now, world.now);
    for (const aside of scene.asides.filter((a) => a.at <= until).sort((a, b) => a.at - b.at)) {
      aside.do(Math.max(aside.at, tale.updatedAt));
    }
    const left = scene.asides.filter((a) => a.at > until);
    scene.asides.splice(0, scene.asides.length, ...left);
    if (step === null || step.at > world.now || waits(scene, step.at)) break;
    const at = Math.max(step.at, tale.updatedAt);
    step.do(at);
    scene.at = at;
  }
  fireTimers(tale, world.now);
}

const NEXT: { readonly [S in TicketState]: (s: Scene) => Aside | null } = {
  received: (s) =>
    s.tale.path.startsWith("direct")
      ? centre(s, "triager", deskTime(s.random, s.at, 15), "watch", {})
      : centre(s, "triager", deskTime(s.random, s.at, signMinutes(s)), "sign", {}),
  triage: sort,
  watching: (s) => {
    const unit = s.tale.leadUnit ?? s.right;
    const at = towardsDue(s, "watch", s.world.cast.habits(unit).late);
    return centre(s, "triager", at, "recordCityClosing", { reply: s.random.pick(say.CITY_REPLIES) });
  },
  dispatched: (s) => {
    const at = officeTime(s.random, s.at, s.urgent ? 9 : 70, s.urgent, "duty");
    if (mayReturn(s, at) && s.random.chance(s.tale.leadUnit === s.right ? 0.03 : 0.75))
      return giveBack(s, at);
    return unit(s, at, "accept", {});
  },
  rework: (s) => unit(s, officeTime(s.random, s.at, s.urgent ? 9 : 60, s.urgent, "duty"), "accept", {}),
  handling: (s) => {
    const lead = leadOf(s.tale);
    if (lead?.contactedAt == null) {
      const at = officeTime(s.random, s.at, s.urgent ? 15 : 180, s.urgent);
      return unit(s, at, "contact", { way: s.random.pick(say.CONTACT_WAYS), note: "" });
    }
    if (mayReturn(s, s.at) && s.random.chance(0.015))
      return giveBack(s, officeTime(s.random, s.at, 300, s.urgent));
    const at = towardsDue(s, "report", s.world.cast.habits(s.tale.leadUnit ?? s.right).late);
    if (s.random.chance(0.07)) {
      inPassing(s, "supervisor", s.at + (at - s.at) * 0.7, "urge", { text: s.random.pick(say.URGE_TEXTS) });
    }
    const outcome = s.random.chance(0.72)
      ? "solved"
      : s.random.pick(["partly", "unsolved", "explained"] as const);
    return unit(s, at, "report", { text: say.reportText(s.random, outcome, s.tale.matter), outcome });
  },
  returnReview: (s) => {
    const at = deskTime(s.random, s.at, s.urgent ? 20 : 150);
    if (s.tale.leadUnit === s.right && s.random.chance(0.8)) {
      return centre(s, "triager", at, "refuseReturn", { reason: s.random.pick(say.RETURN_REFUSALS) });
    }
    if (s.random.chance(0.1))
      return centre(s, "triager", at, "openOwnership", { reason: s.random.pick(say.OWNERSHIP_REASONS) });
    return centre(s, "triager", at, "acceptReturn", { note: "" });
  },
  ownership: (s) => {
    const at = officeTime(s.random, s.at + s.random.int(4, 60) * HOUR_MS, 60, false);
    const basis = s.random.pick(say.BASES);
    const input = { leadUnitId: s.right, coUnitIds: [], basis };
    return centre(s, s.random.chance(0.5) ? "supervisor" : "leader", at, "rule", input, {
      plain: { basis },
      units: { leadUnitId: s.right, coUnitIds: [] },
    });
  },
  withdrawing: (s) => {
    const at = s.at + s.random.int(3, 70) * HOUR_MS;
    return s.random.chance(0.78)
      ? centre(s, "triager", at, "acceptWithdraw", { note: "" })
      : centre(s, "triager", at, "rejectWithdraw", { reason: s.random.pick(say.WITHDRAW_REFUSALS) });
  },
  withdrawRejected: (s) => dispatch(s, deskTime(s.random, s.at, 40), s.right),
  reported: (s) => {
    const at = deskTime(s.random, s.at, 110);
    if (s.random.chance(0.012))
      return centre(s, "supervisor", at, "shelve", { reason: s.random.pick(say.SHELVE_REASONS) });
    if (s.random.chance(0.05))
      return centre(s, "supervisor", at, "rework", { reason: s.random.pick(say.REWORK_REASONS) });
    return centre(s, "supervisor", at, "passReview", { note: "" });
  },
  calling: (s) => {
    const at = officeTime(s.random, s.at, 240, false);
    if (s.missedCalls < 2 && s.random.chance(0.18)) {
      s.missedCalls += 1;
      return centre(s, "caller", at, "callbackMissed", { note: s.random.pick(say.MISSED_NOTES) });
    }
    const answered = s.random.chance(0.88);
    const { answers, reason } = answersOf(
      s.random,
      s.world.cast.habits(s.tale.leadUnit ?? s.right).solves,
      0.06,
    );
    return centre(s, "caller", at, "callback", {
      outcome: answered ? "answered" : "refused",
      answers: answered ? answers : {},
      reason: answered ? reason : "",
      note: "",
    });
  },
  closing: (s) => {
    const at = deskTime(s.random, s.at, 150);
    if (leadOf(s.tale) !== null && s.random.chance(0.015)) {
      return centre(s, "closer", at, "rework", { reason: s.random.pick(say.REWORK_REASONS) });
    }
    return centre(s, "closer", at, "approveClosing", { note: "" });
  },
  replied: (s) => {
    const at = deskTime(s.random, s.at, 120);
    return leadOf(s.tale) === null && s.random.chance(0.04)
      ? centre(s, "closer", at, "refuseReply", { reason: "请补充政策依据。" })
      : centre(s, "closer", at, "approveClosing", { note: "" });
  },
  shelved: (s) =>
    centre(s, "supervisor", s.at + s.random.int(10, 80) * DAY_MS, "unshelve", {
      note: s.random.pick(say.UNSHELVE_NOTES),
    }),
  closed: afterwards,
  withdrawn: () => null,
  merged: () => null,
  voided: () => null,
};

const signMinutes = (s: Scene): number => (s.world.justDispatched ? 1 : s.urgent ? 4 : 9);
const sortMinutes = (s: Scene): number => (s.world.justDispatched ? 2 : s.urgent ? 8 : 28);

/** 分拣: the fork of every ticket. */
function sort(s: Scene): Aside | null {
  const { random, tale } = s;
  const at = deskTime(random, s.at, sortMinutes(s));
  if (s.world.justDispatched) return dispatch(s, at, s.right);
  if (random.chance(0.05))
    inPassing(s, "triager", at - 60_000, "note", { text: random.pick(say.NOTE_TEXTS) });
  if (tale.round > 0) return dispatch(s, at, s.right);
  const main = s.world.mainTicket(tale);
  if (main !== null && random.chance(tale.burst ? 0.35 : 0.2)) {
    return centre(s, "triager", at, "merge", { into: String(main) }, { plain: {}, into: main });
  }
  if (random.chance(tale.matter.kind === "咨询" || tale.matter.kind === "表扬" ? 0.22 : 0.006)) {
    return centre(s, "triager", at, "replyDirectly", { reply: random.pick(say.DIRECT_REPLIES) });
  }
  if (random.chance(0.012))
    return centre(s, "triager", at, "handleDirectly", { reply: random.pick(say.DIRECT_REPLIES) });
  if (tale.cityDispatchedAt !== null && random.chance(0.025)) {
    return centre(s, "triager", at, "applyWithdraw", { ground: random.pick(say.WITHDRAW_GROUNDS) });
  }
  if (random.chance(0.006))
    return centre(s, "triager", at, "openOwnership", { reason: random.pick(say.OWNERSHIP_REASONS) });
  const wrong = random.pick(random.chance(0.5) ? s.world.cast.streets : s.world.cast.bureaus).name;
  return dispatch(s, at, random.chance(0.06) ? wrong : s.right);
}

function dispatch(s: Scene, at: number, lead: string): Aside {
  const helper = s.random.pick(s.random.chance(0.5) ? s.world.cast.streets : s.world.cast.bureaus).name;
  const co = s.random.chance(0.07) && helper !== lead ? [helper] : [];
  const opinion = s.random.pick(say.OPINIONS);
  const designated = s.tale.returns >= 2;
  const input = { leadUnitId: lead, coUnitIds: co, opinion, designated };
  const step = centre(s, "triager", at, "dispatch", input, {
    plain: { opinion, designated },
    units: { leadUnitId: lead, coUnitIds: co },
  });
  return {
    at,
    do: (when) => {
      step.do(when);
      for (const [position, a] of s.tale.assignments.entries()) {
        if (a.part === "co" && a.round === s.tale.round) help(s, position, a.unit, when);
      }
    },
  };
}

/** 协办: accepts and reports to the lead, or declines; stops wherever the round ended before. */
function help(s: Scene, position: number, name: string, from: number): void {
  const { rules } = s.world;
  const step = (at: number, move: "coAccept" | "coReport" | "coDecline", text: string): void =>
    aside(s, at, (when) => {
      if (s.tale.assignments[position]?.endedAt === null)
        tellCo(rules, s.tale, s.world.cast.unit(s.random, name), position, move, text, when);
    });
  const accepted = officeTime(s.random, from, 120, s.urgent);
  if (s.random.chance(0.1)) {
    step(accepted, "coDecline", s.random.pick(say.GROUNDS));
    return;
  }
  step(accepted, "coAccept", "");
  step(
    officeTime(s.random, accepted + 1000, s.urgent ? 120 : 1500, s.urgent),
    "coReport",
    s.random.pick(say.CO_REPORTS),
  );
}

function mayReturn(s: Scene, at: number): boolean {
  const lead = leadOf(s.tale);
  return lead !== null && !lead.designated && s.tale.returns < guardRulesOn(s.world.rules, at).maxReturns;
}

function giveBack(s: Scene, at: number): Aside {
  const claim = s.random.pick(say.RETURNS);
  const suggestUnit = s.tale.leadUnit === s.right ? "行业主管部门" : s.right;
  return unit(s, at, "returnToCentre", { ...claim, suggestUnit });
}

/** After the end: the city's own callback on many, a ticket opened again on few. */
function afterwards(s: Scene): Aside | null {
  const { random, tale } = s;
  if (s.cityTold) {
    const city = tale.callbacks.at(-1);
    if (
      city?.source !== "city" ||
      city.solved !== "no" ||
      tale.round === 0 ||
      tale.round > 2 ||
      !random.chance(0.06)
    )
      return null;
    s.cityTold = false;
    return centre(s, "supervisor", officeTime(random, s.at, 600, false), "reopen", {
      reason: random.pick(say.REOPEN_REASONS),
    });
  }
  s.cityTold = true;
  if (tale.path === "own" || !random.chance(0.55)) return null;
  const own = tale.callbacks.findLast((c) => c.source === "own" && c.outcome === "answered");
  const at = officeTime(random, s.at + random.int(1, 12) * DAY_MS, 90, false);
  const result = cityResultOf(random, s.world.cast.habits(tale.leadUnit ?? s.right).solves, own ?? null);
  return {
    at,
    do: (when) => tell(s.world.rules, tale, null, null, "cityResult", result, when, { plain: { ...result } }),
  };
}
