/**
 * 电话抽访. A sample is drawn once, with its seed and its frame kept, so that anybody can draw it again; its tickets are called by the
 * rules of the callback desk. The answers stay apart from callbacks unless the rule in force at the draw counts them.
 */
import { callList } from "@jiesu/core/callback/order.ts";
import { isLevel } from "@jiesu/core/deadline/level.ts";
import { judgeCall } from "@jiesu/core/sampling/call.ts";
import { drawSample, type Strata, stratumOf } from "@jiesu/core/sampling/sample.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { callbackRulesOn, samplingRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { recordSampled } from "../ticket/sampling.ts";
import {
  type DrawnTicket,
  drawnTickets,
  frameOf,
  insertCall,
  insertPlan,
  keptFrame,
  listPlans,
  lockDrawn,
  type Plan,
  type Progress,
  type SaidCall,
  samePlan,
  unitNames,
} from "./store.ts";

addWordings({
  "sampling-empty": {
    status: 422,
    zh: () => "所选时段和渠道没有可抽访的工单（已结案且登记了电话）。请放宽时段或渠道。",
  },
  "sampling-size": { status: 422, zh: (r) => `样本量应为 1 到 ${r.max} 件。` },
  "call-done": { status: 409, zh: () => "该工单本次抽访已有结果，请刷新名单。" },
  "call-unanswered": { status: 422, zh: () => "还没有答复：请记录至少一问，或登记未接通、拒访。" },
});

type Person = Actor & { readonly userId: string };

export interface Asked {
  readonly name: string;
  readonly from: Day;
  readonly to: Day;
  readonly channels: readonly string[];
  readonly strata: Strata;
  readonly size: number;
  readonly seed: string;
}

/** Draws a sample and keeps it; the same design sent again answers the plan that there is. */
export function drawPlan(shell: Shell, by: Person, asked: Asked): Promise<string> {
  if (asked.from > asked.to) throw new Refused({ code: "days-reversed" });
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const rules = samplingRulesOn(shell.rules, now);
    const { maxSize, counted } = rules.body;
    if (asked.size > maxSize) throw new Refused({ code: "sampling-size", max: maxSize });
    const plan = { ...asked, channels: [...new Set(asked.channels)].sort(), counted, rules: rules.name };
    const before = await samePlan(tx, plan);
    if (before !== null) return before;
    const frame = await frameOf(tx, plan, plan.channels);
    if (frame.length === 0) throw new Refused({ code: "sampling-empty" });
    const { drawn } = drawSample(frame, plan);
    const places = new Map(drawn.map((id, at) => [id, at + 1]));
    const id = await insertPlan(tx, plan, frame, places, { at: now, userId: by.userId, userName: by.name });
    await audit(tx, now, by.userId, by.name, "sampling-drawn", {
      detail: {
        plan: id,
        from: asked.from,
        to: asked.to,
        seed: asked.seed,
        frame: frame.length,
        drawn: drawn.length,
      },
    });
    return id;
  });
}

export async function planOf(shell: Shell, id: string): Promise<Plan & Progress> {
  const [plan] = await listPlans(shell.db, id);
  if (!plan) throw new Refused({ code: "not-found" });
  return plan;
}

/** Draws the sample once more from the frame that was kept: its strata, and whether the same tickets come out in the same order. */
export async function drawnAgain(shell: Shell, plan: Plan) {
  const frame = await keptFrame(shell.db, plan.id);
  const { drawn, strata } = drawSample(frame, plan);
  const kept = frame.filter((each) => each.place !== null).sort((a, b) => (a.place ?? 0) - (b.place ?? 0));
  const units = await unitNames(shell.db, plan.id);
  const named = new Map(frame.map((each) => [stratumOf(each, plan.strata), each]));
  return {
    repeated: kept.length === drawn.length && kept.every((each, at) => each.id === drawn[at]),
    strata: strata.map(({ key, of, drawn: n }) => {
      const unitId = plan.strata === "channel" ? null : (named.get(key)?.unitId ?? null);
      const channel = plan.strata === "unit" ? null : (named.get(key)?.channel ?? null);
      return { channel, unitId, unitName: units.get(unitId ?? "") ?? null, of, drawn: n };
    }),
  };
}

/** Whom to call now, by the order of the callback desk's rule, then those planned for later, then those that are done. */
export async function callsOf(shell: Shell, plan: Plan) {
  const now = shell.now();
  const tickets = await drawnTickets(shell.db, plan.id);
  const byId = new Map(tickets.map((each) => [each.id, each]));
  const open = tickets.filter((each) => each.outcome === null);
  const { order } = callbackRulesOn(shell.rules, now).body;
  const ranked = callList(
    open.map((each) => ({
      id: each.id,
      level: isLevel(each.level) ? each.level : 3,
      dueAt: null,
      nearAt: null,
      // Drawn together, they wait alike; by a moment apart, so that the lot decides who comes first.
      waitingSince: plan.drawnAt.getTime() + each.place,
      attemptsAt: each.attempts,
      plannedAt: each.nextAt?.getTime() ?? null,
    })),
    order.filter((key) => key !== "level"),
    now,
  );
  const listed = (calls: typeof ranked.now) =>
    calls.flatMap(({ call, why }) => {
      const ticket = byId.get(call.id);
      return ticket ? [{ ticket, why }] : [];
    });
  return {
    now: listed(ranked.now),
    later: listed(ranked.later),
    done: tickets
      .filter((each) => each.outcome !== null)
      .sort((a, b) => (b.calledAt?.getTime() ?? 0) - (a.calledAt?.getTime() ?? 0)),
  };
}

/** One call: judged by the desk's rules, kept with the plan, told on the ticket; counted only where the plan's rule says so. */
export function recordCall(
  shell: Shell,
  by: Person,
  planId: string,
  ticketId: string,
  role: "caller" | "shiftLead",
  call: SaidCall,
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const drawn = await lockDrawn(tx, planId, ticketId);
    if (drawn === null) throw new Refused({ code: "not-found" });
    const judged = judgeCall(call, drawn, callbackRulesOn(shell.rules, now).body, now);
    if (!judged.ok) throw new Refused(judged.refusal);
    const stamp = { at: now, userId: by.userId, userName: by.name, role };
    await insertCall(tx, planId, ticketId, call, judged.value, stamp);
    const { reasons } = judged.value;
    const { outcome, answers, reason, note, talkSeconds } = call;
    const said = { ticketId, round: drawn.round, outcome, answers, reasons, reason, note, talkSeconds };
    if (!(await recordSampled(tx, { ...said, counted: drawn.counted }, stamp)))
      throw new Refused({ code: "not-found" });
  });
}

/** Since when a drawn ticket waits to be called; refused when it does not. */
export async function waitingSince(shell: Shell, planId: string, ticketId: string): Promise<number> {
  const plan = await planOf(shell, planId);
  const ticket = (await drawnTickets(shell.db, planId)).find((each) => each.id === ticketId);
  if (!ticket) throw new Refused({ code: "not-found" });
  if (ticket.outcome !== null) throw new Refused({ code: "call-done" });
  return plan.drawnAt.getTime();
}

export const RESULTS_BY = ["channel", "unit", "month"] as const;
export type ResultsBy = (typeof RESULTS_BY)[number];

/** Which row of the results a ticket stands in; by month, only once it was called. */
export function resultKey(
  ticket: DrawnTicket,
  by: ResultsBy,
): { readonly key: string; readonly name: string } | null {
  if (by === "channel") return { key: ticket.channel, name: ticket.channel };
  if (by === "unit") return { key: ticket.unitId, name: ticket.unitName ?? "（无承办单位）" };
  if (ticket.calledAt === null) return null;
  const month = new Date(ticket.calledAt.getTime() + 8 * 3_600_000).toISOString().slice(0, 7);
  return { key: month, name: month };
}
