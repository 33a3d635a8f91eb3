/** 导入的后台步骤. Runs confirmed files, and goes on with those that a dead process left; safe in any number of workers. */
import type { Db } from "../platform/db/open.ts";
import { undoRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { dropForgotten, runBatch } from "./running.ts";
import { runningBatches } from "./store.ts";
import { runUndos } from "./undo.ts";
import { forgetKept } from "./undostore.ts";

const DAY_MS = 24 * 3_600_000;
const FORGOTTEN_MS = 7 * DAY_MS;
const HOUR_MS = 3_600_000;

/** When this process last looked for what is kept too long. */
const tidied = new WeakMap<Db, number>();

/** Takes back what was asked, then runs the oldest batch that nobody else holds; answers how many it did. */
export async function resumeImports(shell: Shell): Promise<number> {
  const undone = await runUndos(shell);
  if (undone > 0) return undone;
  for (const id of await runningBatches(shell.db)) {
    const outcome = await runBatch(shell, id);
    if (outcome.ok || outcome.refusal.code !== "batch-held") return 1;
  }
  const now = shell.now();
  await dropForgotten(shell, now - FORGOTTEN_MS);
  if (now - (tidied.get(shell.db) ?? 0) >= HOUR_MS) {
    tidied.set(shell.db, now);
    await forgetKept(shell.db, now - undoRulesOn(shell.rules, now).importKeptDays * DAY_MS);
  }
  return 0;
}
