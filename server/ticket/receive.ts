/** 手工收件. A ticket taken in by the centre itself: numbered, masked, clocked, with its first event, in one transaction. */

import { ARRIVAL } from "@jiesu/core/deadline/tracks.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { arrivalClocks, clockRow, nearest } from "./clocks.ts";
import { readTicket } from "./detail.ts";
import { sealRequester } from "./requester.ts";
import { TicketDetail, text } from "./schema.ts";

const short = text(100).default("");

const NewTicket = z.object({
  channel: text(40).refine((s) => s.trim() !== "", "请选择来源"),
  kind: short,
  level: z.union([z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).default(3),
  title: text(200).default(""),
  content: text(20_000).refine((s) => s.trim() !== "", "请填写诉求内容"),
  category1: short,
  category2: short,
  category3: short,
  street: short,
  community: short,
  address: text(500).default(""),
  requesterName: short,
  requesterPhone: short,
});
export type NewTicket = z.infer<typeof NewTicket>;

export function receiveRoutes(app: App, shell: Shell): void {
  app.post("/api/tickets", {
    config: { who: ["triager", "shiftLead"] },
    schema: {
      summary: "手工录入工单（区自收）",
      body: NewTicket,
      response: { 200: z.object({ ticket: TicketDetail }) },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const id = await receiveTicket(shell, actor, request.body);
      const ticket = await readTicket(shell, shell.db, actor, id);
      if (!ticket) throw new Error("a ticket just received cannot be read");
      return { ticket };
    },
  });
}

/** Takes in one ticket; answers its id. Refuses when its clocks cannot be reckoned. */
export async function receiveTicket(shell: Shell, actor: Actor, input: NewTicket): Promise<string> {
  const now = shell.now();
  const at = new Date(now);
  const { requesterName, requesterPhone, content, ...rest } = input;
  const [masked, title, address] = [maskText(content), maskText(rest.title), maskText(rest.address)];
  const facts = { ...rest, title: title.text, address: address.text };
  const covered = [
    title.masked ? rest.title : "",
    masked.masked ? content : "",
    address.masked ? rest.address : "",
  ];
  const rules = await rulesInForce(shell.db, shell.rules, now);
  const clocks = arrivalClocks(rules, { ...facts, round: 0 }, ARRIVAL, now);
  if (!clocks.ok) throw new Refused(clocks.refusal);
  const due = nearest(clocks.value.started);
  return shell.db.transaction().execute(async (tx) => {
    const serial = await sql<{ n: string }>`select nextval('ticket_serial')::text as n`.execute(tx);
    const number = `区收-${dayOf(now).slice(2).replaceAll("-", "")}-${(serial.rows[0]?.n ?? "").padStart(6, "0")}`;
    const { id } = await tx
      .insertInto("ticket")
      .values({
        ...facts,
        content: masked.text,
        number,
        path: "own",
        district: "海淀区",
        state: "received",
        received_at: at,
        due_at: due.dueAt === null ? null : new Date(due.dueAt),
        due_kind: due.dueKind,
        near_at: due.nearAt === null ? null : new Date(due.nearAt),
        created_at: at,
        updated_at: at,
      })
      .returning("id")
      .executeTakeFirstOrThrow();
    const requester = {
      name: requesterName,
      phone: requesterPhone,
      account: "",
      content: covered.filter((part) => part !== "").join("\n"),
    };
    if (Object.values(requester).some((part) => part !== "")) {
      await tx
        .insertInto("requester")
        .values({ ticket_id: id, ...sealRequester(shell.secrets, requester) })
        .execute();
    }
    for (const clock of clocks.value.started) {
      const row = await tx
        .insertInto("clock")
        .values(clockRow(id, null, clock))
        .returning("id")
        .executeTakeFirstOrThrow();
      const timers = [
        { what: "overdue", fire_at: new Date(clock.dueAt) },
        ...(clock.near ? [{ what: "near", fire_at: new Date(clock.nearAt) }] : []),
      ];
      await tx
        .insertInto("timer")
        .values(timers.map((t) => ({ ...t, clock_id: row.id, ticket_id: id })))
        .execute();
    }
    await tx
      .insertInto("event")
      .values({
        ticket_id: id,
        version: 1,
        kind: "receive",
        from_state: null,
        to_state: "received",
        round: 0,
        at,
        user_id: actor.userId,
        user_name: actor.name,
        role: actor.roles.find((r) => r === "triager" || r === "shiftLead") ?? "system",
        data: JSON.stringify({ channel: facts.channel }),
      })
      .execute();
    return id;
  });
}
