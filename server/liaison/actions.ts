/** 协调单的办理. Begins an item and takes its steps: load under lock, decide, record, tell; in one transaction. */
import { extendClock, startClock, stopClock } from "@jiesu/core/deadline/clock.ts";
import { countsDays } from "@jiesu/core/deadline/limit.ts";
import { decideLiaison, type LiaisonChange, type LiaisonFacts } from "@jiesu/core/liaison/decide.ts";
import { LIAISON_HANDS, type LiaisonStep } from "@jiesu/core/liaison/lifecycle.ts";
import type { LiaisonClock, LiaisonClockKind } from "@jiesu/core/liaison/rules.ts";
import { liaisonGrant, liaisonNumber } from "@jiesu/core/liaison/rules.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { DAY_MS, dayOf, HOUR_MS, yearOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";
import { type Desk, deskOf, outwardFrom } from "./desk.ts";
import { partiesNamed, ticketsByNumber } from "./naming.ts";
import type { Opening, StepIn } from "./shape.ts";
import {
  addParty,
  answerAsk,
  begunBy,
  bindFiles,
  closeLiaison,
  insertAsks,
  insertLiaison,
  insertStep,
  type KnownParty,
  type LockedLiaison,
  letOffAsks,
  linkedTickets,
  linkTickets,
  lockLiaison,
  moveAsk,
  moveConclusion,
  nextSerial,
  openAgain,
  stepSent,
  waitingAsks,
} from "./store.ts";
import { tellStep } from "./telling.ts";
import "./wordings.ts";

type Person = Actor & { readonly userId: string };

/** Begins an item; the same key again answers the same one. Throws Refused. */
export async function openLiaison(shell: Shell, actor: Person, said: Opening): Promise<string> {
  return shell.db.transaction().execute(async (tx) => {
    const known = await begunBy(tx, said.key);
    if (known) {
      if (known.openedBy !== actor.userId) throw new Refused({ code: "duplicate", what: "协调单" });
      return known.id;
    }
    const now = shell.now();
    const desk = await deskOf(shell, tx, now);
    const pace = desk.rules.body.paces.find((each) => each.code === said.pace);
    if (!pace) throw new Refused({ code: "liaison-pace" });
    if (said.question === "") throw new Refused({ code: "liaison-words" });
    if (actor.unitId !== null && said.asked.length > 0)
      throw new Refused({ code: "liaison-unit-asks-centre" });
    if (actor.unitId === null && said.asked.length === 0) throw new Refused({ code: "liaison-nobody-asked" });
    const asked = await partiesNamed(tx, said.asked);
    const tickets = await ticketsByNumber(tx, actor, said.tickets);
    refuseMost(desk, asked.length + 1, tickets.length, said.files.length);
    const concluding = started(desk, pace.code, "conclude", now);
    const answering = started(desk, pace.code, "answer", now);
    const year = yearOf(dayOf(now));
    const serial = await nextSerial(tx, year);
    const number = liaisonNumber(desk.rules.body, dayOf(now), serial);
    const by = { userId: actor.userId, name: actor.name };
    const id = await insertLiaison(
      tx,
      {
        ...{ key: said.key, year, title: said.title, question: said.question, pace, state: "asking" },
        ...{ openerUnit: actor.unitId, by, at: now, clock: concluding },
      },
      serial,
      number,
    );
    const centre = await addParty(tx, id, { side: "centre", unitId: null, name: "中心" });
    const opener = actor.unitId === null ? centre : await addParty(tx, id, await ownParty(tx, actor.unitId));
    const others: KnownParty[] = [];
    for (const party of asked) others.push(await addParty(tx, id, party));
    const owing = actor.unitId === null ? others : [centre];
    const parties = [centre, ...(actor.unitId === null ? [] : [opener]), ...others];
    const stepId = await insertStep(tx, {
      ...{ liaisonId: id, once: said.key, step: "open", from: null, to: "asking", at: now, saidAt: now },
      ...{ by: { ...by, role: roleOf(actor), unitId: actor.unitId }, speaker: opener.id, toIds: [] },
      ...{ means: "", contact: "", words: said.question, data: {} },
    });
    const askedIds = owing.map((party) => party.id);
    await insertAsks(tx, id, stepId, askedIds, answering);
    await linkTickets(tx, id, stepId, tickets);
    await bindOrRefuse(tx, stepId, actor, said.files);
    await audit(tx, now, actor.userId, actor.name, "liaison-opened", { detail: { number } });
    await tellStep(tx, desk.rules.body, {
      ...{
        liaisonId: id,
        number,
        title: said.title,
        openedBy: actor.userId,
        openerUnit: actor.unitId,
        parties,
      },
      ...{ stepId, step: "open", words: said.question, speaker: opener.id, toIds: [], asked: askedIds },
      ...{ dueAt: answering.dueAt, at: now, by: { ...by, role: roleOf(actor) } },
      outwardAt: outwardFrom(desk, pace.code, now),
    });
    return id;
  });
}

/** Takes a step; the same key again changes nothing. Throws Refused. */
export async function takeLiaisonStep(
  shell: Shell,
  actor: Person,
  id: string,
  step: LiaisonStep,
  said: StepIn,
): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const item = await lockLiaison(tx, id);
    if (!item) throw new Refused({ code: "not-found" });
    const sent = await stepSent(tx, said.key);
    if (sent) {
      if (sent.liaison_id === id && sent.step === step && sent.user_id === actor.userId) return;
      throw new Refused({ code: "duplicate", what: "这一步" });
    }
    const now = shell.now();
    const desk = await deskOf(shell, tx, now);
    // Those who come in are parties before the step is decided; a refusal takes them out again with the transaction.
    const invited = await invite(tx, item, actor, step, said);
    const parties = [
      ...item.parties,
      ...invited.filter((each) => !item.parties.some((p) => p.id === each.id)),
    ];
    const facts: LiaisonFacts = { ...item, parties };
    const asked = [...said.asked, ...invited.map((party) => party.id)];
    const decided = decideLiaison(facts, step, actor, { words: said.words, party: said.party, asked });
    if (!decided.ok) throw new Refused(decided.refusal);
    if (CAREFUL.includes(step) && said.version !== item.version) throw new Refused({ code: "liaison-stale" });
    const tickets = await ticketsByNumber(tx, actor, said.tickets);
    const linked = await linkedTickets(tx, id);
    const fresh = tickets.filter((ticket) => !linked.includes(ticket));
    if (step === "link" && fresh.length === 0)
      throw new Refused({ code: "liaison-tickets", numbers: said.tickets.join("、") || "未填写" });
    refuseMost(desk, parties.length, linked.length + fresh.length, said.files.length);
    const spoken = spokenBy(actor, parties, decided.value, step, said, now);
    const done = await change(tx, desk, item, step, decided.value, said, actor, now);
    const by = { userId: actor.userId, name: actor.name, role: roleOf(actor), unitId: actor.unitId };
    const toIds = seers(parties, decided.value, said);
    const stepId = await insertStep(tx, {
      ...{ liaisonId: id, once: said.key, step, from: item.state, to: decided.value.to, at: now, by },
      ...{ speaker: decided.value.speaker, toIds, words: said.words, ...spoken },
      data: { ...done.data, ...(fresh.length > 0 ? { tickets: fresh } : {}) },
    });
    const { answered, asked: nowAsked } = decided.value;
    if (answered !== null) await answerAsk(tx, answered, stepId, spoken.saidAt);
    if (done.answering) await insertAsks(tx, id, stepId, nowAsked, done.answering);
    await linkTickets(tx, id, stepId, fresh);
    await bindOrRefuse(tx, stepId, actor, said.files);
    if (CAREFUL.includes(step))
      await audit(tx, now, actor.userId, actor.name, `liaison-${step}`, { detail: { number: item.number } });
    await tellStep(tx, desk.rules.body, {
      ...{ liaisonId: id, number: item.number, title: item.title, openedBy: item.openedBy, parties },
      ...{
        openerUnit: item.openerUnit,
        stepId,
        step,
        words: said.words,
        speaker: decided.value.speaker,
        toIds,
      },
      ...{ asked: nowAsked, dueAt: done.answering?.dueAt ?? null, at: now, by },
      outwardAt: outwardFrom(desk, item.pace, now),
    });
  });
}

/** Steps of one who decides over an item: they must have seen what was said last. */
const CAREFUL: readonly LiaisonStep[] = ["letOff", "extend", "conclude", "cancel", "reopen"];

interface Changed {
  /** The clock of those who are asked anew. */
  readonly answering: LiaisonClock | null;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What a decided step does to the item, its askings and clocks. */
async function change(
  tx: Db,
  desk: Desk,
  item: LockedLiaison,
  step: LiaisonStep,
  decided: LiaisonChange,
  said: StepIn,
  actor: Person,
  now: number,
): Promise<Changed> {
  const nothing = { answering: null, data: {} };
  const nameOf = (id: string) => item.parties.find((party) => party.id === id)?.name ?? "";
  switch (step) {
    case "ask":
      return { ...nothing, answering: started(desk, item.pace, "answer", now) };
    case "reopen":
      await openAgain(tx, item.id, started(desk, item.pace, "conclude", now));
      return { ...nothing, answering: started(desk, item.pace, "answer", now) };
    case "letOff":
      await letOffAsks(tx, decided.letOff === null ? [] : [decided.letOff], now);
      return { ...nothing, data: { letOff: nameOf(decided.letOff ?? "") } };
    case "extend": {
      const { days } = said;
      const { mostDays } = desk.rules.body;
      if (days === undefined || days < 1 || days > mostDays)
        throw new Refused({ code: "liaison-days", most: mostDays });
      for (const ask of await waitingAsks(tx, item.id))
        await moveAsk(tx, ask.id, longer(ask.clock, days, desk));
      const clock = longer(item.clock, days, desk);
      await moveConclusion(tx, item.id, clock);
      return { ...nothing, data: { days } };
    }
    case "conclude":
    case "cancel": {
      const outcome = desk.rules.body.outcomes.find((each) => each.code === said.outcome) ?? null;
      if (step === "conclude" && outcome === null) throw new Refused({ code: "liaison-outcome" });
      const stopped = stopClock(item.clock, now);
      const clock = stopped.ok ? stopped.value : item.clock;
      await letOffAsks(tx, decided.dropped, now);
      await closeLiaison(tx, item.id, {
        ...{ at: now, byName: actor.name, clock, words: said.words },
        late: step === "conclude" ? clock.late : null,
        outcome: step === "conclude" ? outcome : null,
      });
      const unanswered = decided.dropped.map(nameOf);
      return {
        ...nothing,
        data: {
          ...(outcome !== null && step === "conclude" ? { outcome: outcome.name } : {}),
          ...(unanswered.length > 0 ? { unanswered } : {}),
        },
      };
    }
    default:
      return nothing;
  }
}

/** A clock by the rules of today. Throws Refused where its workdays are not published. */
function started(desk: Desk, paceCode: string, kind: LiaisonClockKind, now: number): LiaisonClock {
  const { paces } = desk.rules.body;
  const pace = paces.find((each) => each.code === paceCode) ?? paces[0];
  if (!pace) throw new Error("a rule of liaison has a pace");
  const clock = startClock(kind, 1, liaisonGrant(desk.rules, pace, kind), now, desk.calendar);
  if (!clock.ok) throw new Refused(clock.refusal);
  return clock.value;
}

/** So many days more; a limit in hours gets as many times 24. */
function longer(clock: LiaisonClock, days: number, desk: Desk): LiaisonClock {
  const amount = countsDays(clock.limit) ? days : (days * DAY_MS) / HOUR_MS;
  const extended = extendClock(clock, amount, desk.calendar);
  if (!extended.ok) throw new Refused(extended.refusal);
  return extended.value;
}

/** Units and people of the city who come in by this step; the centre alone brings them. */
async function invite(
  tx: Db,
  item: LockedLiaison,
  actor: Person,
  step: LiaisonStep,
  said: StepIn,
): Promise<readonly KnownParty[]> {
  if (said.invited.length === 0 || actor.unitId !== null || (step !== "ask" && step !== "reopen")) return [];
  const found: KnownParty[] = [];
  for (const party of await partiesNamed(tx, said.invited)) {
    const added = await addParty(tx, item.id, party);
    found.push(item.parties.find((each) => each.id === added.id) ?? added);
  }
  return found;
}

/**
 * Who may see the step. Answers and exchanges go to all unless the writer names whom; what the centre heard from the city
 * stays with the centre unless it names whom.
 */
function seers(parties: readonly KnownParty[], decided: LiaisonChange, said: StepIn): readonly string[] {
  const named = [...new Set(said.to)];
  if (named.some((id) => !parties.some((party) => party.id === id)))
    throw new Refused({ code: "liaison-which-party" });
  if (named.length > 0) return named;
  const speaker = parties.find((party) => party.id === decided.speaker);
  return speaker?.side === "city"
    ? parties.filter((party) => party.side === "centre").map((party) => party.id)
    : [];
}

/** By which means and when: of what was said outside the system, who there and when; otherwise here and now. */
function spokenBy(
  actor: Person,
  parties: readonly KnownParty[],
  decided: LiaisonChange,
  step: LiaisonStep,
  said: StepIn,
  now: number,
): { readonly means: string; readonly contact: string; readonly saidAt: number } {
  const speaker = parties.find((party) => party.id === decided.speaker);
  const forOthers =
    (step === "answer" || step === "say") && actor.unitId === null && speaker?.side !== "centre";
  if (forOthers && (said.means === undefined || said.contact === ""))
    throw new Refused({ code: "liaison-contact" });
  const saidAt = said.saidAt === undefined ? now : Date.parse(said.saidAt);
  if (saidAt > now) throw new Refused({ code: "liaison-in-future" });
  if (step === "answer" && !forOthers && said.saidAt !== undefined)
    throw new Refused({ code: "liaison-own-words" });
  return { means: said.means ?? "", contact: said.contact, saidAt };
}

function refuseMost(desk: Desk, parties: number, tickets: number, files: number): void {
  const { mostParties, mostTickets, mostFiles } = desk.rules.body;
  const over = [
    { what: "参与方", n: parties, most: mostParties },
    { what: "关联工单", n: tickets, most: mostTickets },
    { what: "附件", n: files, most: mostFiles },
  ].find(({ n, most }) => n > most);
  if (over) throw new Refused({ code: "liaison-most", what: over.what, most: over.most });
}

async function bindOrRefuse(tx: Db, stepId: string, actor: Person, files: readonly string[]): Promise<void> {
  if (!(await bindFiles(tx, stepId, actor.userId, files))) throw new Refused({ code: "liaison-files" });
}

async function ownParty(tx: Db, unitId: string) {
  const [party] = await partiesNamed(tx, [{ side: "unit", unit: unitId }]);
  if (!party) throw new Error("the unit of an account is a unit");
  return party;
}

/** In which post the person acts here. */
function roleOf(actor: Person): Role | "system" {
  return actor.roles.find((role) => LIAISON_HANDS.includes(role)) ?? actor.roles[0] ?? "system";
}
