/** 试验催办. Works until the ladder has heard of everything and nothing is due, as the worker does. */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { inboxStep } from "../inbox/jobs.ts";
import { urgeStep, urgingStep } from "../urging/jobs.ts";
import type { Town } from "./town.ts";

/** One worker's ladder: it remembers when it last looked through everything. */
export function ladderOf(town: Town): { work(): Promise<void>; urges(ticketId: string): Promise<string[]> } {
  const step = urgingStep();
  return {
    async work() {
      await follow(town, "urging", step);
      while ((await urgeStep(town.shell)) > 0);
    },
    /** "时限 步骤" of every urge of a ticket, in order. */
    async urges(ticketId) {
      const rows = await town.shell.db
        .selectFrom("urge")
        .select(["clock", "step"])
        .where("ticket_id", "=", ticketId)
        .orderBy("id")
        .execute();
      return rows.map((r) => `${r.clock ?? "-"} ${r.step}`);
    },
  };
}

/** Works until a reader of the events has read every one, as the worker does in time. */
export async function follow(
  town: Town,
  consumer: string,
  step: (shell: Town["shell"]) => Promise<number>,
): Promise<void> {
  for (let i = 0; i < 600; i++) {
    while ((await step(town.shell)) > 0);
    if (await heard(town, consumer)) return;
    await sleep(50); // other tests of the cluster may hold the newest events back for a moment
  }
  assert.fail(`${consumer} never caught up`);
}

/** Lets the inbox read every notice that there is. */
export async function deliverMessages(town: Town): Promise<void> {
  for (let i = 0; i < 600; i++) {
    await inboxStep(town.shell);
    const left = await town.shell.db
      .selectFrom("notice as n")
      .innerJoin("event_cursor as c", (j) => j.on("c.consumer", "=", "inbox-notices"))
      .select("n.id")
      .whereRef("n.id", ">", "c.id")
      .execute();
    if (left.length === 0) return;
    await sleep(50);
  }
  assert.fail("the inbox never caught up");
}

async function heard(town: Town, consumer: string): Promise<boolean> {
  const last = await town.shell.db
    .selectFrom("event")
    .select((eb) => eb.fn.max("id").as("id"))
    .executeTakeFirstOrThrow();
  const at = await town.shell.db
    .selectFrom("event_cursor")
    .select("id")
    .where("consumer", "=", consumer)
    .executeTakeFirst();
  return at !== undefined && (BigInt(at.id) >= BigInt(last.id ?? "0") || BigInt(at.id) > 2n ** 62n);
}
