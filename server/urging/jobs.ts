/** 催办的后台步骤. Follows the events, so that plans follow the clocks and urges by hand are kept; fires what is due. */
import type { Db } from "../platform/db/open.ts";
import { type ConsumedEvent, consume } from "../platform/events/consumer.ts";
import type { Shell } from "../platform/shell.ts";
import { urgesByHand } from "./hand.ts";
import { fireUrges, ladderNow, plan } from "./ladder.ts";
import { settle } from "./store.ts";

/** Every clock is looked through so often, and when another ladder begins: what no event told (a calendar published) is found. */
const SWEEP_EVERY_MS = 10 * 60_000;

/** Events that neither move a clock nor end what an urge waits for. */
const IDLE = /^(timer\.|note$|attach$|detach$|urgeAnswer$|cityTalk$|liaison$|recording$)/;

/** One page of events, and now and then a look through all clocks; answers how much was done. */
export function urgingStep(): (shell: Shell) => Promise<number> {
  let swept = Number.NEGATIVE_INFINITY;
  let under: string | null = null;
  return async (shell) => {
    const seen = await consume(shell.db, "urging", (tx, events) => follow(shell, tx, events));
    const mark = (await ladderNow(shell, shell.db, shell.now()))?.mark ?? null;
    if (mark === under && Math.abs(shell.now() - swept) < SWEEP_EVERY_MS) return seen;
    const planned = await shell.db.transaction().execute((tx) => plan(shell, tx, shell.now(), null));
    if (planned === 0) [swept, under] = [shell.now(), mark];
    return seen + planned;
  };
}

/** One batch of steps that are due. */
export const urgeStep = (shell: Shell): Promise<number> => fireUrges(shell);

async function follow(shell: Shell, tx: Db, events: readonly ConsumedEvent[]): Promise<void> {
  await urgesByHand(
    shell,
    tx,
    events.filter((e) => e.kind === "urge"),
  );
  const moved = [...new Set(events.filter((e) => !IDLE.test(e.kind)).map((e) => e.ticketId))].sort();
  if (moved.length === 0) return;
  const now = shell.now();
  while ((await plan(shell, tx, now, moved)) > 0);
  await settle(tx, moved, now);
}
