/** 导入的后台步骤. Runs confirmed files, and goes on with those that a dead process left; safe in any number of workers. */
import type { Shell } from "../platform/shell.ts";
import { dropForgotten, runBatch } from "./running.ts";
import { runningBatches } from "./store.ts";

const FORGOTTEN_MS = 7 * 24 * 3_600_000;

/** Runs the oldest batch that nobody else holds; answers 1 when it ran one, else 0. */
export async function resumeImports(shell: Shell): Promise<number> {
  for (const id of await runningBatches(shell.db)) {
    const outcome = await runBatch(shell, id);
    if (outcome.ok || outcome.refusal.code !== "batch-held") return 1;
  }
  await dropForgotten(shell, shell.now() - FORGOTTEN_MS);
  return 0;
}
