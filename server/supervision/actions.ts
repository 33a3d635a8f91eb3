/**
 * 督办的办理. Every step is load, decide, record in one transaction: the item, its clocks, one row of its steps, one event on each
 * of its tickets, and the people it concerns are told. A sending again by its own key is the step that was taken.
 */
import { chooseRuleSet, settingsOf } from "@jiesu/core/assessment/choice.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import { type ClockWorld, enterState, turnClock } from "@jiesu/core/supervision/clocks.ts";
import { decideStep, type StepInput } from "@jiesu/core/supervision/decide.ts";
import {
  FORWARDED_LATE,
  SUPERVISION_LEVELS,
  SUPERVISION_STATES,
  type SupervisionStep,
  stepWords,
  supervisionEvent,
  supervisionStep,
} from "@jiesu/core/supervision/lifecycle.ts";
import { type SupervisionRules, supervisionRulesOn } from "@jiesu/core/supervision/rules.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type Period, type PeriodSettings, periodOn } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import type { TakenFile } from "../platform/files/upload.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { lockTicket, recordEvent, type Stamp } from "../ticket/store.ts";
import {
  addFile,
  addStep,
  countFiles,
  filesKnown,
  insertItem,
  keepClocks,
  type LockedItem,
  lockItem,
  type NewItem,
  stepOnce,
  ticketIdsOf,
  unitsKnown,
  updateItem,
} from "./store.ts";
import { tellStep } from "./telling.ts";
import "./wordings.ts";

type Person = Actor & { readonly userId: string };

/** Files of one item: what an honest matter needs, and no more than a page can show. */
const MOST_FILES = 60;

export function rulesNow(shell: Pick<Shell, "rules">, at: number): Version<SupervisionRules> {
  const found = supervisionRulesOn(shell.rules.supervisions, at);
  if (!found.ok) throw new Error(`no supervision rules on ${dayOf(at)}`);
  return found.value;
}

/** How the district's rules cut the year into periods, as of an instant. */
export function periodSettingsAt(shell: Pick<Shell, "rules">, at: number): PeriodSettings {
  const chosen = chooseRuleSet(shell.rules.assessments, dayOf(at));
  if (chosen === null) throw new Error(`no rule set on ${dayOf(at)}`);
  return settingsOf(chosen.ruleSet, shell.rules.periods);
}

/** 考核周期 of an instant. */
export const periodAt = (shell: Pick<Shell, "rules">, at: number): Period =>
  periodOn(periodSettingsAt(shell, at), dayOf(at));

/** Takes an item in, in the caller's transaction; null where the same was found by rule already. */
export async function register(
  shell: Shell,
  tx: Db,
  item: NewItem,
  by: Stamp,
  once: string | null = null,
): Promise<string | null> {
  if (!(await unitsKnown(tx, item.unitIds))) throw new Refused({ code: "unit-unknown" });
  const world = await worldOf(shell, tx, by.at, item.givenDueAt);
  const begun = enterState(null, item.state, item.level, world);
  if (!begun.ok) throw new Refused(begun.refusal);
  const clock = begun.value.running;
  if (clock === null) throw new Error(`no clock runs in ${item.state}`);
  const bare = {
    ...item,
    title: covered(item.title),
    matter: covered(item.matter),
    leader: covered(item.leader),
  };
  const id = await insertItem(tx, bare, clock, by);
  if (id === null) return null;
  const step = item.state === "proposed" ? "propose" : "register";
  const stepId = await addStep(
    tx,
    {
      ...{ itemId: id, once, step, from: null, to: item.state, unitId: null, text: bare.matter },
      ...{ data: { level: SUPERVISION_LEVELS[item.level] }, fileIds: [] },
    },
    by,
  );
  await onTickets(tx, id, step, { text: bare.matter, item: id }, by);
  await tellStep(tx, {
    ...{ stepId, step, itemId: id, title: bare.title, text: bare.matter, forwarded: false, at: by.at },
    by: { id: by.userId, name: by.userName },
  });
  return id;
}

/** Registers a leader's note; the same form sent again answers the item that there is. */
export function registerNote(shell: Shell, actor: Person, item: NewItem, once: string): Promise<string> {
  return shell.db.transaction().execute(async (tx) => {
    await sql`select pg_advisory_xact_lock(hashtextextended(${once}, 0))`.execute(tx);
    const before = await stepOnce(tx, once);
    if (before !== null) {
      if (before.userId === actor.userId) return before.itemId;
      throw new Refused({ code: "not-found" });
    }
    const by = stampOf(actor, actor.roles[0] ?? "supervisor", shell.now());
    const id = await register(shell, tx, item, by, once);
    if (id === null) throw new Error("a leader's note has no subject");
    return id;
  });
}

interface AskedStep {
  readonly once: string;
  /** As the screen saw the item; null from a machine that has not looked. */
  readonly version: number;
  readonly input: StepInput;
}

/** Takes a step. Throws Refused. */
export function takeStep(
  shell: Shell,
  actor: Person,
  id: string,
  step: SupervisionStep,
  asked: AskedStep,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const item = await seenItem(tx, actor, id);
    const before = await stepOnce(tx, asked.once);
    if (before !== null) {
      if (before.itemId === id && before.userId === actor.userId) return;
      throw new Refused({ code: "not-found" });
    }
    const now = shell.now();
    const world = await worldOf(shell, tx, now, item.givenDueAt);
    const text = covered(asked.input.text ?? "").trim();
    const input = { ...asked.input, text, place: covered(asked.input.place ?? "").trim() };
    const decided = decideStep(item, step, actor, input, world.rules.body, now);
    if (!decided.ok) throw new Refused(refusalOf(decided.refusal));
    if (asked.version !== item.version) throw new Refused({ code: "supervision-stale" });
    const { value: change } = decided;
    if (!(await unitsKnown(tx, change.unitIds ?? []))) throw new Refused({ code: "unit-unknown" });
    const fileIds = asks(step, "files") ? (asked.input.fileIds ?? []) : [];
    if (!(await filesKnown(tx, id, fileIds, actor))) throw new Refused({ code: "supervision-file" });
    const turned = turnClock(item.running, change, item.asked ?? 0, world);
    if (!turned.ok) throw new Refused(turned.refusal);
    const { ended, running } = turned.value;
    const late = step === "forward" ? (ended?.late ?? false) : null;
    const by = stampOf(actor, roleFor(actor, step), now);
    await updateItem(
      tx,
      item,
      {
        ...change,
        state: change.to,
        forwardedLate: late,
        answered: step === "answer",
        ended: SUPERVISION_STATES[change.to].held === "nobody",
        reopened: step === "reopen",
        word: text === "" || step === "note" ? null : { text, by: actor.name },
      },
      running,
      now,
    );
    await keepClocks(tx, item, ended, running);
    const data = await toldOf(tx, item, step, input, change.unitIds);
    const stepId = await addStep(
      tx,
      {
        itemId: id,
        once: asked.once,
        step,
        from: item.state,
        to: change.to,
        unitId: actor.unitId,
        text,
        data,
        fileIds,
      },
      by,
    );
    await onTickets(tx, id, step, { text, item: id, ...data }, by);
    if (late === true && ended !== null)
      await onTickets(tx, id, "forwardedLate", { item: id, dueAt: new Date(ended.dueAt).toISOString() }, by);
    await tellStep(tx, {
      ...{ stepId, step, itemId: id, title: item.title, text, at: now },
      forwarded: item.forwarded || step === "forward",
      by: { id: actor.userId, name: actor.name },
    });
  });
}

/** Keeps a file on an item, to be named by a step. Throws Refused. */
export function attachFile(shell: Shell, actor: Person, id: string, file: TakenFile): Promise<string> {
  return shell.db.transaction().execute(async (tx) => {
    await seenItem(tx, actor, id);
    if ((await countFiles(tx, id)) >= MOST_FILES)
      throw new Refused({ code: "supervision-files-full", limit: MOST_FILES });
    return addFile(tx, id, file, actor, shell.now());
  });
}

/** Locks an item that this person may see: a unit its own, once they were sent to it. */
async function seenItem(tx: Db, actor: Actor, id: string): Promise<LockedItem> {
  const item = await lockItem(tx, id);
  const hidden =
    item !== null && actor.unitId !== null && !(item.forwarded && item.unitIds.includes(actor.unitId));
  if (item === null || hidden) throw new Refused({ code: "not-found" });
  return item;
}

async function worldOf(shell: Shell, tx: Db, now: number, givenDueAt: number | null): Promise<ClockWorld> {
  const { calendar } = await rulesInForce(tx, shell.rules, now);
  return { rules: rulesNow(shell, now), calendar, now, givenDueAt };
}

/** One event on every ticket of the item, locked in one order whoever comes. */
async function onTickets(
  tx: Db,
  itemId: string,
  step: string,
  data: Readonly<Record<string, unknown>>,
  by: Stamp,
): Promise<void> {
  const kind = step === "forwardedLate" ? FORWARDED_LATE : supervisionEvent(step);
  for (const ticketId of await ticketIdsOf(tx, itemId)) {
    const ticket = await lockTicket(tx, ticketId);
    if (ticket) await recordEvent(tx, ticket, kind, { ...data }, by);
  }
}

/** What the history says of a step beside its words. */
async function toldOf(
  tx: Db,
  item: LockedItem,
  step: SupervisionStep,
  input: StepInput,
  unitIds: readonly string[] | null,
): Promise<Record<string, unknown>> {
  const names = unitIds === null ? [] : await unitNames(tx, unitIds);
  return {
    ...(names.length > 0 ? { supervisedUnits: names.join("、") } : {}),
    ...(asks(step, "level") && input.level !== undefined ? { level: SUPERVISION_LEVELS[input.level] } : {}),
    ...(asks(step, "days") && input.days !== undefined ? { days: input.days } : {}),
    ...(step === "grantExtension" && item.asked !== null ? { days: item.asked } : {}),
    ...(asks(step, "place") ? { place: input.place } : {}),
    ...(asks(step, "result") ? { result: input.result === "good" ? "符合要求" : "不符合要求" } : {}),
  };
}

async function unitNames(tx: Db, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("unit")
    .select(["id", "short_name"])
    .where("id", "in", [...ids])
    .execute();
  const byId = new Map(rows.map((r) => [r.id, r.short_name]));
  return ids.map((id) => byId.get(id) ?? id);
}

const asks = (step: SupervisionStep, field: string): boolean =>
  supervisionStep(step).asks.some((ask) => ask.field === field);

const roleFor = (actor: Actor, step: SupervisionStep) =>
  actor.roles.find((role) => supervisionStep(step).by.includes(role)) ?? ("system" as const);

const stampOf = (actor: Person, role: Stamp["role"], at: number): Stamp => ({
  ...{ at, userId: actor.userId, userName: actor.name, role },
});

const covered = (text: string): string => maskText(text).text;

function refusalOf(refusal: { readonly code: string }): {
  readonly code: string;
  readonly [more: string]: unknown;
} {
  if (!("state" in refusal) || !("step" in refusal)) return { ...refusal };
  const state = Object.entries(SUPERVISION_STATES).find(([key]) => key === refusal.state)?.[1].zh ?? "";
  return { ...refusal, stateZh: state, stepZh: stepWords(String(refusal.step)) };
}
