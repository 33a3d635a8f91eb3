/** 盯办接口. The list by reason, taking and handing over with a name, what a hand-over still lacks, and where items went. */
import { CLOCKS, isClockKind } from "@jiesu/core/deadline/kind.ts";
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { ALL_REASONS, isReason, REASONS } from "@jiesu/core/watch/reasons.ts";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { dutyNow, rosterOf, shiftEnd } from "./roster.ts";
import {
  giveWatched,
  namelessOf,
  receivers,
  shiftAfter,
  takeWatched,
  type Watched,
  watchList,
  watchRulesOn,
} from "./watch.ts";
import { countItems, readLeavings, readTickets } from "./watchstore.ts";

const ReasonKey = z.enum(ALL_REASONS as [keyof typeof REASONS, ...(keyof typeof REASONS)[]]);
const Named = z.object({ id: z.string(), name: z.string() });
const Line = z.object({
  ticket: z.object({
    ...{ id: z.string(), number: z.string(), title: z.string(), state: z.string(), stateZh: z.string() },
    ...{ level: z.number().int(), unit: z.string(), dueKindZh: z.string().nullable() },
  }),
  reasons: z.array(z.object({ reason: ReasonKey, zh: z.string(), at: Instant })),
  /** When it came upon the list; null where it has just come. */
  openedAt: Instant.nullable(),
  person: Named.nullable(),
  /** Whether the person has taken it; false while it waits to be taken over. */
  taken: z.boolean(),
  mine: z.boolean(),
  mayAct: z.boolean(),
});
const Tickets = z.array(Id).min(1).max(500);
const Ok = z.object({ ok: z.literal(true) });
const LISTED = 500;
const LEADS = ["shiftLead", "leader"] as const;

const isLead = (actor: Actor): boolean => LEADS.some((role) => actor.roles.includes(role));

export function watchRoutes(app: App, shell: Shell): void {
  app.get("/api/watch", {
    config: { who: CENTRE },
    schema: {
      summary: "值班盯办清单，最要紧的事由在前；值班长见全部，其他人见交给本人的",
      querystring: z.object({ reason: ReasonKey.optional(), mine: z.stringbool().default(false) }),
      response: {
        200: z.object({
          at: Instant,
          shiftEndsAt: Instant,
          total: z.number().int(),
          reasons: z.array(z.object({ reason: ReasonKey, zh: z.string(), count: z.number().int() })),
          rows: z.array(Line),
          rule: z.object({ name: z.string(), from: z.string(), source: z.string() }),
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { reason, mine } = request.query;
      const now = shell.now();
      const own = mine || !isLead(actor);
      const all = (await watchList(shell, shell.db)).filter(
        ({ item }) => !own || item?.person?.id === actor.userId,
      );
      const first = ({ reasons }: Watched) => reasons[0]?.reason;
      const counted = Map.groupBy(all, first);
      const chosen = all.filter((each) => reason === undefined || first(each) === reason).sort(byGravity);
      const rule = watchRulesOn(shell, now);
      return {
        at: new Date(now).toISOString(),
        shiftEndsAt: new Date(await shiftEnd(shell)).toISOString(),
        total: chosen.length,
        reasons: ALL_REASONS.map((key) => ({
          ...{ reason: key, zh: REASONS[key], count: counted.get(key)?.length ?? 0 },
        })),
        rows: await linesOf(shell, actor, chosen.slice(0, LISTED)),
        rule: { name: rule.name, from: rule.from, source: rule.source },
      };
    },
  });

  app.get("/api/watch/count", {
    config: { who: CENTRE },
    schema: {
      summary: "盯办件数：值班长见全部，其他人见交给本人的",
      response: { 200: z.object({ open: z.number().int(), alone: z.number().int() }) },
    },
    handler: async (request) => (await watchWaiting(shell, actorOf(request))) ?? { open: 0, alone: 0 },
  });

  app.post("/api/watch/take", {
    config: { who: CENTRE },
    schema: {
      summary: "接办：值班长可接任何一件，其他人接交给本人的",
      body: z.strictObject({ tickets: Tickets }),
      response: { 200: Ok },
    },
    handler: async (request) => {
      await takeWatched(shell, actorOf(request), request.body.tickets);
      return { ok: true as const };
    },
  });

  app.post("/api/watch/give", {
    config: { who: CENTRE },
    schema: {
      summary: "交办：写明由下一班的谁接办",
      body: z.strictObject({ tickets: Tickets, to: Id, words: text(500).default("") }),
      response: { 200: Ok },
    },
    handler: async (request) => {
      const { tickets, to, words } = request.body;
      await giveWatched(shell, actorOf(request), { tickets, to, words: words.trim() });
      return { ok: true as const };
    },
  });

  app.get("/api/watch/handover", {
    config: { who: CENTRE },
    schema: {
      summary: "交班前：本班盯办件中还没有写明接办人的，以及下一班可接办的人员",
      querystring: z.object({ startsAt: Instant.optional() }),
      response: {
        200: z.object({
          total: z.number().int(),
          nameless: z.array(Id),
          next: z.object({ name: z.string(), leadId: z.string().nullable() }).nullable(),
          people: z.array(Named.extend({ roles: z.array(z.string()) })),
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const asked = request.query.startsAt;
      const { current } = await dutyNow(shell);
      const at = asked === undefined ? null : Date.parse(asked);
      const slots = at === null ? [] : await rosterOf(shell, at, at + 1);
      const slot = slots.find((each) => each.startsAt === at) ?? current;
      const next = slot && (await shiftAfter(shell, slot));
      const people = (await receivers(shell, next)).filter((person) => person.id !== actor.userId);
      const all = (await watchList(shell, shell.db)).filter(
        ({ item }) => slot && (item?.openedAt ?? shell.now()) < slot.endsAt,
      );
      const nameless = all.filter(({ item }) => !item || (slot && namelessOf(item, slot, actor.userId)));
      return {
        total: all.length,
        nameless: nameless.map(({ ticketId }) => ticketId),
        next: next && { name: next.name, leadId: "id" in next ? (next.lead?.id ?? null) : null },
        people: people.map(({ id, name, roles }) => ({ id, name, roles })),
      };
    },
  });

  app.get("/api/watch/leavings", {
    config: { who: CENTRE },
    schema: {
      summary: "盯办件的去向：办结或交给了谁，新的在前；指定工单时为其全部经过",
      querystring: z.object({
        ticket: Id.optional(),
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(100).default(50),
      }),
      response: {
        200: z.object({
          rows: z.array(
            z.object({
              ...{ id: z.string(), what: z.string(), at: Instant, by: z.string() },
              ...{ to: z.string().nullable(), words: z.string(), reasonZh: z.string() },
              ticket: z.object({ id: z.string(), number: z.string(), title: z.string() }),
            }),
          ),
          next: z.string().nullable(),
        }),
      },
    },
    handler: async (request) => {
      const { ticket, after, limit } = request.query;
      const found = await readLeavings(shell.db, {
        ...{ after: after ?? null, ticketId: ticket ?? null, limit: limit + 1 },
      });
      const rows = found.slice(0, limit);
      return {
        rows: rows.map((s) => ({
          ...{ id: s.id, what: s.what, at: s.at.toISOString(), by: s.by_name, to: s.to_name },
          ...{ words: s.what === "opened" ? "" : s.words, reasonZh: wordOf(s.reason) },
          ticket: { id: s.ticket_id, number: s.number, title: s.title },
        })),
        next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
      };
    },
  });
}

/** How many items are this person's, of a shift lead all; null for who is in no shift. */
export async function watchWaiting(
  shell: Shell,
  actor: Actor & { readonly userId: string },
): Promise<{ readonly open: number; readonly alone: number } | null> {
  if (!actor.roles.some((role) => sideOf(role) === "centre")) return null;
  return countItems(shell.db, isLead(actor) ? null : actor.userId);
}

async function linesOf(
  shell: Shell,
  actor: Actor & { readonly userId: string },
  watched: readonly Watched[],
): Promise<z.infer<typeof Line>[]> {
  const tickets = await readTickets(
    shell.db,
    watched.map(({ ticketId }) => ticketId),
  );
  const byId = new Map(tickets.map((ticket) => [ticket.id, ticket]));
  return watched.flatMap(({ ticketId, reasons, item }) => {
    const t = byId.get(ticketId);
    if (!t) return [];
    const mine = item?.person?.id === actor.userId;
    const kind = t.due_kind;
    return [
      {
        ticket: {
          ...{ id: t.id, number: t.number, title: t.title, state: t.state, level: t.level },
          ...{ stateZh: isState(t.state) ? STATES[t.state].zh : t.state, unit: t.unit ?? "" },
          dueKindZh: kind !== null && isClockKind(kind) ? CLOCKS[kind].zh : null,
        },
        reasons: reasons.map(({ reason, at }) => ({
          ...{ reason, zh: REASONS[reason], at: new Date(at).toISOString() },
        })),
        openedAt: item ? new Date(item.openedAt).toISOString() : null,
        person: item?.person ?? null,
        taken: item?.takenAt != null,
        mine,
        mayAct: mine || actor.roles.includes("shiftLead"),
      },
    ];
  });
}

/** The gravest reason first, and of one reason what is oldest or due soonest. */
function byGravity(a: Watched, b: Watched): number {
  const rank = ({ reasons }: Watched) => ALL_REASONS.findIndex((reason) => reason === reasons[0]?.reason);
  return rank(a) - rank(b) || (a.reasons[0]?.at ?? 0) - (b.reasons[0]?.at ?? 0);
}

const wordOf = (reason: string): string => (isReason(reason) ? REASONS[reason] : reason);
