/** 值班接口. The roster, the shift that is on, handing over and taking over. */
import { dutyRulesOn, HANDOVER_GRACE_MS } from "@jiesu/core/duty/shifts.ts";
import { addDays, dayOf, parseDay, startOfDay } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { CENTRE } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id, Instant, text } from "../ticket/schema.ts";
import { dropShift, enterShift, handOver, openWork, takeOver } from "./actions.ts";
import { dutyNow, type RosterShift, rosterOf } from "./roster.ts";
import { centrePeople, type OpenWork, readHandovers } from "./store.ts";

const Person = z.object({ id: z.string(), name: z.string() });
const Shift = z.object({
  /** Null where nobody entered it: it is the rule's own. */
  id: z.string().nullable(),
  name: z.string(),
  startsAt: Instant,
  endsAt: Instant,
  lead: Person.nullable(),
  members: z.array(Person.extend({ roles: z.array(z.string()) })),
});
const Open = z.object({
  at: Instant,
  queues: z.array(z.object({ key: z.string(), zh: z.string(), count: z.number().int() })),
  tickets: z.array(
    z.object({
      id: z.string(),
      number: z.string(),
      title: z.string(),
      stateZh: z.string(),
      unit: z.string(),
      dueAt: Instant.nullable(),
      dueKindZh: z.string().nullable(),
      overdue: z.boolean(),
    }),
  ),
  /** 盯办件: how many went over to whom. */
  watch: z.array(z.object({ to: z.string(), count: z.number().int() })).default([]),
});
const Handover = z.object({
  id: z.string(),
  shift: z.object({ id: z.string(), name: z.string(), startsAt: Instant, endsAt: Instant }),
  text: z.string(),
  open: Open,
  userId: z.string(),
  userName: z.string(),
  at: Instant,
  taken: z.object({ by: z.string(), at: Instant, note: z.string() }).nullable(),
});
const Day = z.string().transform((value, context) => {
  const day = parseDay(value);
  if (day !== null && day > "2000" && day < "2100") return day;
  context.addIssue({ code: "custom", message: "日期应写作 2026-11-20" });
  return z.NEVER;
});

const LEADS = ["shiftLead", "leader"] as const;

export function dutyRoutes(app: App, shell: Shell): void {
  app.get("/api/duty/now", {
    config: { who: CENTRE },
    schema: {
      summary: "当前班次、值班长、下一班，以及最近一次交接",
      response: {
        200: z.object({
          at: Instant,
          me: z.string(),
          current: Shift.nullable(),
          next: Shift.nullable(),
          /** Shifts that wait to be handed over: the last one where nobody did, and the one that is on. */
          handable: z.array(Shift),
          /** The newest hand-over; not taken over yet when `taken` is null. */
          handover: Handover.nullable(),
        }),
      },
    },
    handler: async (request) => {
      const now = shell.now();
      const [{ current, previous, next }, latest] = await Promise.all([
        dutyNow(shell),
        readHandovers(shell.db, { limit: 1 }),
      ]);
      const handedOver = latest[0]?.starts_at.getTime();
      const left = previous?.startsAt === handedOver ? null : previous; // done, and no more to be done
      const begun = [left, current].filter(
        (s): s is RosterShift => s !== null && s.endsAt + HANDOVER_GRACE_MS >= now,
      );
      return {
        at: new Date(now).toISOString(),
        me: actorOf(request).userId,
        current: current && shiftOut(current),
        next: next && shiftOut(next),
        handable: begun.map(shiftOut),
        handover: latest[0] ? handoverOut(latest[0]) : null,
      };
    },
  });

  app.get("/api/duty/shifts", {
    config: { who: CENTRE },
    schema: {
      summary: "排班：某日起若干天的班次",
      querystring: z.object({
        from: Day.optional(),
        days: z.coerce.number().int().min(1).max(62).default(7),
      }),
      response: {
        200: z.object({
          from: z.string(),
          days: z.number(),
          rows: z.array(Shift),
          rule: z.object({ name: z.string(), from: z.string(), source: z.string() }),
        }),
      },
    },
    handler: async (request) => {
      const from = request.query.from ?? dayOf(shell.now());
      const { days } = request.query;
      const fromAt = startOfDay(from);
      const beforeAt = startOfDay(addDays(from, days));
      // A shift belongs to the day on which it begins.
      const rows = (await rosterOf(shell, fromAt, beforeAt)).filter((s) => s.startsAt >= fromAt);
      const rule = dutyRulesOn(shell.rules.duty, fromAt);
      return {
        from,
        days,
        rows: rows.map(shiftOut),
        rule: { name: rule.name, from: rule.from, source: rule.source },
      };
    },
  });

  app.get("/api/duty/people", {
    config: { who: LEADS },
    schema: {
      summary: "可排班的中心人员",
      response: {
        200: z.array(Person.extend({ roles: z.array(z.string()), leads: z.boolean() })),
      },
    },
    handler: () => centrePeople(shell.db),
  });

  app.put("/api/duty/shifts", {
    config: { who: LEADS },
    schema: {
      summary: "排一班：名称、起止、值班长、人员；同名同起始时刻的一班被替换",
      body: z.strictObject({
        name: text(20).refine((s) => s.trim() !== "", "请填写班次名称"),
        startsAt: Instant,
        endsAt: Instant,
        leadId: Id.nullable(),
        memberIds: z.array(Id).max(100),
      }),
      response: { 200: z.object({ id: z.string() }) },
    },
    handler: async (request) => {
      const { body } = request;
      const id = await enterShift(shell, actorOf(request), {
        ...body,
        name: body.name.trim(),
        startsAt: Date.parse(body.startsAt),
        endsAt: Date.parse(body.endsAt),
      });
      return { id };
    },
  });

  app.delete("/api/duty/shifts/:id", {
    config: { who: LEADS },
    schema: {
      summary: "删除一班，恢复为规则班次；已交接的不能删除",
      params: z.object({ id: Id }),
      response: { 200: z.object({ ok: z.literal(true) }) },
    },
    handler: async (request) => {
      await dropShift(shell, actorOf(request), request.params.id);
      return { ok: true as const };
    },
  });

  app.get("/api/duty/open", {
    config: { who: ["shiftLead"] },
    schema: { summary: "此刻的在办情况，交班时随之保存", response: { 200: Open } },
    handler: async (request) => openOut(await openWork(shell, shell.db, actorOf(request))),
  });

  app.get("/api/duty/handovers", {
    config: { who: CENTRE },
    schema: {
      summary: "历次交接，新的在前",
      querystring: z.object({
        after: Id.optional(),
        limit: z.coerce.number().int().min(1).max(50).default(14),
      }),
      response: { 200: z.object({ rows: z.array(Handover), next: z.string().nullable() }) },
    },
    handler: async (request) => {
      const { after, limit } = request.query;
      const found = await readHandovers(shell.db, { after, limit: limit + 1 });
      const rows = found.slice(0, limit);
      return {
        rows: rows.map(handoverOut),
        next: found.length > limit ? (rows.at(-1)?.id ?? null) : null,
      };
    },
  });

  app.post("/api/duty/handovers", {
    config: { who: ["shiftLead"] },
    schema: {
      summary: "交班：文字与此刻的在办情况一并保存，不可再改",
      body: z.strictObject({
        startsAt: Instant,
        text: text(5000).refine((s) => s.trim() !== "", "请填写交班内容，没有特别事项也请写明"),
        /** Who takes over what the shift watches and nobody was named for. */
        watchTo: Id.nullable().default(null),
      }),
      response: { 200: Handover },
    },
    handler: async (request) => {
      const { startsAt, text: said, watchTo } = request.body;
      const id = await handOver(shell, actorOf(request), {
        ...{ startsAt: Date.parse(startsAt), text: said.trim(), watchTo },
      });
      return oneHandover(shell, id);
    },
  });

  app.post("/api/duty/handovers/:id/ack", {
    config: { who: ["shiftLead"] },
    schema: {
      summary: "接班：确认已阅，由交班人以外的值班长一次完成",
      params: z.object({ id: Id }),
      body: z.strictObject({ note: text(1000).default("") }),
      response: { 200: Handover },
    },
    handler: async (request) => {
      await takeOver(shell, actorOf(request), request.params.id, request.body.note.trim());
      return oneHandover(shell, request.params.id);
    },
  });
}

async function oneHandover(shell: Shell, id: string): Promise<z.infer<typeof Handover>> {
  const [row] = await readHandovers(shell.db, { id, limit: 1 });
  if (!row) throw new Refused({ code: "not-found" });
  return handoverOut(row);
}

function shiftOut(shift: RosterShift): z.infer<typeof Shift> {
  const entered = "id" in shift ? shift : null;
  return {
    id: entered?.id ?? null,
    name: shift.name,
    startsAt: new Date(shift.startsAt).toISOString(),
    endsAt: new Date(shift.endsAt).toISOString(),
    lead: entered?.lead ?? null,
    members: (entered?.members ?? []).map((m) => ({ ...m, roles: [...m.roles] })),
  };
}

function handoverOut(row: Awaited<ReturnType<typeof readHandovers>>[number]): z.infer<typeof Handover> {
  return {
    id: row.id,
    shift: {
      id: row.shift_id,
      name: row.shift_name,
      startsAt: row.starts_at.toISOString(),
      endsAt: row.ends_at.toISOString(),
    },
    text: row.text,
    open: Open.parse(row.open),
    userId: row.user_id,
    userName: row.user_name,
    at: row.at.toISOString(),
    taken:
      row.taken_by !== null && row.taken_at !== null
        ? { by: row.taken_by, at: row.taken_at.toISOString(), note: row.taken_note ?? "" }
        : null,
  };
}

const openOut = (open: OpenWork): z.infer<typeof Open> => ({
  at: open.at,
  queues: open.queues.map((q) => ({ ...q })),
  tickets: open.tickets.map((t) => ({ ...t })),
  watch: open.watch.map((w) => ({ ...w })),
});
