/** 人工催办. What a person urged by the move 催办, singly or many at once, becomes an urge: known by its event, once. */
import { isClockKind } from "@jiesu/core/deadline/kind.ts";
import { BY_HAND } from "@jiesu/core/urging/ladder.ts";
import { allowedFrom } from "@jiesu/core/urging/schedule.ts";
import type { Db } from "../platform/db/open.ts";
import type { ConsumedEvent } from "../platform/events/consumer.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { levelOf } from "../ticket/store.ts";
import { ladderNow } from "./ladder.ts";
import { peopleFor } from "./recipients.ts";
import { keepUrges, type NewUrge } from "./store.ts";

/**
 * Keeps the urges of these events and has their people told. The workbench shows them at once; e-mails and calls of
 * gateways wait for the end of the quiet hours.
 */
export async function urgesByHand(shell: Shell, tx: Db, events: readonly ConsumedEvent[]): Promise<void> {
  if (events.length === 0) return;
  const now = shell.now();
  const rules = await ladderNow(shell, tx, now);
  if (rules === null) return;
  const { ladder, calendar } = rules;
  const { byHand, quiet } = ladder.body;
  const tickets = await tx
    .selectFrom("ticket as t")
    .leftJoin("clock as c", (join) =>
      join
        .onRef("c.ticket_id", "=", "t.id")
        .onRef("c.kind", "=", "t.due_kind")
        .on("c.state", "=", "running")
        .on("c.assignment_id", "is", null),
    )
    .select(["t.id", "t.number", "t.level", "c.id as clock_id", "c.kind", "c.due_at"])
    .where("t.id", "in", [...new Set(events.map((e) => e.ticketId))])
    .execute();
  const byId = new Map(tickets.map((t) => [t.id, t]));
  const people = await peopleFor(
    tx,
    events.map((e) => ({
      key: e.id,
      ticketId: e.ticketId,
      round: e.round,
      unitId: e.unitId,
      targets: byHand.to,
    })),
    now,
  );
  const kept = await keepUrges(
    tx,
    events.map((e): NewUrge => {
      const t = byId.get(e.ticketId);
      const said = textOf(e);
      return {
        ...{ ticketId: e.ticketId, round: e.round, step: BY_HAND, stepZh: "人工催办", rule: ladder.name },
        clock:
          t?.clock_id && t.kind && t.due_at && isClockKind(t.kind)
            ? { id: t.clock_id, kind: t.kind, dueAt: t.due_at.getTime() }
            : null,
        ...{ eventId: e.id, unitId: e.unitId, people: people.get(e.id) ?? [], means: byHand.by },
        ...{
          words: said === "" ? byHand.words : said,
          at: e.at.getTime(),
          byId: e.userId,
          byName: e.userName,
        },
      };
    }),
  );
  await enqueue(
    tx,
    kept.map(({ id, urge }) => {
      const t = byId.get(urge.ticketId);
      const outwardAt =
        t && urge.clock
          ? allowedFrom(quiet, { level: levelOf(t.level), kind: urge.clock.kind }, now, calendar)
          : now;
      return {
        ...{ cause: `urge:${id}`, kind: "urge" as const, means: urge.means, ticketId: urge.ticketId },
        to: urge.people.map((p) => p.id).filter((person) => person !== urge.byId),
        ...{ title: `${urge.byName}催办`, body: `${t?.number ?? ""}\n${urge.words}` },
        ...{ link: `/tickets/${urge.ticketId}`, at: urge.at, outwardAt },
      };
    }),
  );
}

function textOf(event: ConsumedEvent): string {
  const text: unknown = Object(event.data).text;
  return typeof text === "string" ? text.trim() : "";
}
