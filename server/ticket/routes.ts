/** 工单接口. Queues, lists, the ticket page, moves, co-handling, reveal. */
import { CO_LIFECYCLE, type CoMove } from "@jiesu/core/ticket/cohandling.ts";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { SORTS } from "@jiesu/core/ticket/listing.ts";
import { z } from "zod";
import { audit } from "../platform/auth/sessions.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { moveCoHandling, moveTicket, orRefuse } from "./actions.ts";
import { readTicket } from "./detail.ts";
import { countQueues, listTickets, type TicketFilter } from "./list.ts";
import { findQueue, queuesOf } from "./queues.ts";
import { findByPhone, mayReveal, revealRequester } from "./requester.ts";
import { Id, Instant, MOVE_INPUT, MoveName, State, TicketDetail, TicketPage, text } from "./schema.ts";

const short = text(100);

/** The filters of a ticket list; also those of its export. */
export const ListQuery = z.object({
  queue: short.optional(),
  state: z.union([State, z.array(State)]).optional(),
  unit: Id.optional(),
  street: short.optional(),
  category: short.optional(),
  channel: short.optional(),
  level: z.coerce.number().int().min(1).max(4).optional(),
  due: z.enum(["near", "overdue"]).optional(),
  from: Instant.optional(),
  to: Instant.optional(),
  dueFrom: Instant.optional(),
  dueTo: Instant.optional(),
  dispatchedTo: Instant.optional(),
  q: short.optional(),
  sort: z.enum(SORTS).optional(),
});

export function ticketRoutes(app: App, shell: Shell): void {
  app.get("/api/queues", {
    config: { who: WORKERS },
    schema: {
      summary: "我的工作队列及件数",
      response: { 200: z.array(z.object({ key: z.string(), zh: z.string(), count: z.number() })) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const queues = queuesOf(actor.roles);
      const counts = await countQueues(shell.db, actor, queues, shell.now());
      return queues.map((q) => ({ key: q.key, zh: q.zh, count: counts.get(q.key) ?? 0 }));
    },
  });

  app.get("/api/tickets", {
    config: { who: WORKERS },
    schema: {
      summary: "工单列表（按键翻页）",
      querystring: ListQuery.extend({
        after: text(3000).optional(),
        limit: z.coerce.number().int().min(1).max(200).default(50),
      }),
      response: { 200: TicketPage },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { query } = request;
      const sort = query.sort ?? (query.queue ? "due" : "-received");
      return listTickets(
        shell.db,
        actor,
        filterOf(query, actor.roles),
        sort,
        query.limit,
        query.after ?? null,
        shell.now(),
      );
    },
  });

  app.post("/api/tickets/find-by-phone", {
    config: { who: WORKERS },
    schema: {
      summary: "按来电号码或后四位查找",
      body: z.object({ phone: text(30) }),
      response: { 200: TicketPage },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const ids = await findByPhone(shell.db, shell.secrets, actor, request.body.phone);
      await audit(shell.db, shell.now(), actor.userId, actor.name, "find-by-phone", {
        detail: { found: ids.length },
      });
      return listTickets(shell.db, actor, { ids }, "-received", 50, null, shell.now());
    },
  });

  app.get("/api/tickets/:id", {
    config: { who: WORKERS },
    schema: { summary: "工单详情", params: z.object({ id: Id }), response: { 200: TicketDetail } },
    handler: async (request) => found(await readTicket(shell, shell.db, actorOf(request), request.params.id)),
  });

  app.get("/api/tickets/by-number/:number", {
    config: { who: WORKERS },
    schema: {
      summary: "按编号查找工单",
      params: z.object({ number: short }),
      response: { 200: TicketDetail },
    },
    handler: async (request) => {
      const row = await shell.db
        .selectFrom("ticket")
        .select("id")
        .where("number", "=", request.params.number)
        .executeTakeFirst();
      return found(row ? await readTicket(shell, shell.db, actorOf(request), row.id) : null);
    },
  });

  app.post("/api/tickets/:id/moves/:move", {
    config: { who: WORKERS },
    schema: {
      summary: "工单流转操作",
      params: z.object({ id: Id, move: MoveName }),
      body: z.object({
        version: z.number().int().positive(),
        input: z.record(z.string(), z.unknown()).default({}),
        /** Sent again with the same key, the move is made once: for a line that broke before the answer came. */
        once: z.uuid().optional(),
      }),
      response: { 200: z.object({ ticket: TicketDetail.nullable() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, move } = request.params;
      const { input, version, once } = request.body;
      orRefuse(await moveParsed(shell, actor, id, move, input, version, once));
      // Null when the move took the ticket out of this person's sight.
      return { ticket: await readTicket(shell, shell.db, actor, id) };
    },
  });

  app.post("/api/tickets/:id/co/:assignmentId/:coMove", {
    config: { who: WORKERS },
    schema: {
      summary: "协办操作",
      params: z.object({
        id: Id,
        assignmentId: Id,
        coMove: z.enum(CO_LIFECYCLE.map((s) => s.move) as [CoMove, ...CoMove[]]),
      }),
      body: z.object({ text: text(20_000).default(""), once: z.uuid().optional() }),
      response: { 200: z.object({ ticket: TicketDetail.nullable() }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, assignmentId, coMove } = request.params;
      const { text: words, once } = request.body;
      orRefuse(await moveCoHandling(shell, actor, id, assignmentId, coMove, words, once));
      return { ticket: await readTicket(shell, shell.db, actor, id) };
    },
  });

  app.post("/api/tickets/:id/reveal", {
    config: { who: WORKERS },
    schema: {
      summary: "查看诉求人信息（须填写理由，留痕）",
      params: z.object({ id: Id }),
      body: z.object({ reason: text(200).refine((s) => s.trim().length >= 2, "请填写查看理由") }),
      response: {
        200: z.object({ name: z.string(), phone: z.string(), account: z.string(), content: z.string() }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = request.params;
      found(await readTicket(shell, shell.db, actor, id));
      if (!(await mayReveal(shell.db, actor, id))) throw new Refused({ code: "not-your-unit" });
      const clear = await shell.db
        .transaction()
        .execute((tx) => revealRequester(tx, shell.secrets, actor, id, request.body.reason, shell.now()));
      return clear ?? { name: "", phone: "", account: "", content: "" };
    },
  });
}

/** The typed filter of a list's query; an unknown queue is refused, never ignored. */
export function filterOf(
  query: z.infer<typeof ListQuery>,
  roles: Parameters<typeof findQueue>[1],
): TicketFilter {
  const queue = query.queue === undefined ? undefined : findQueue(query.queue, roles);
  if (queue === null) throw new Refused({ code: "not-found" });
  return {
    queue,
    states: query.state === undefined ? undefined : [query.state].flat(),
    unitId: query.unit,
    street: query.street,
    category: query.category,
    channel: query.channel,
    level: query.level,
    due: query.due,
    from: query.from === undefined ? undefined : Date.parse(query.from),
    to: query.to === undefined ? undefined : Date.parse(query.to),
    dueFrom: query.dueFrom === undefined ? undefined : Date.parse(query.dueFrom),
    dueTo: query.dueTo === undefined ? undefined : Date.parse(query.dueTo),
    dispatchedTo: query.dispatchedTo === undefined ? undefined : Date.parse(query.dispatchedTo),
    q: query.q,
  };
}

/** Moves one ticket by an input still to be parsed; throws Refused when it cannot be the input of that move. */
export function moveParsed<M extends Move>(
  shell: Shell,
  actor: Parameters<typeof moveTicket>[1],
  id: string,
  move: M,
  raw: unknown,
  version: number | null,
  once?: string,
) {
  const parsed = MOVE_INPUT[move].safeParse(raw);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Refused({
      code: "bad-input",
      message: `${stepOf(move).zh}：${issue?.path.join(".") ?? ""} ${issue?.message ?? ""}`,
      field: issue?.path.join(".") ?? "",
    });
  }
  return moveTicket(shell, actor, id, move, parsed.data, version, once);
}

function found<T>(value: T | null): T {
  if (value === null) throw new Refused({ code: "not-found" });
  return value;
}
