/** jiesu at work: every command starts here, and what it failed of is said in a sentence. */

import { startErrorOf } from "../platform/config/start-error.ts";
import { problemOf, Refused } from "../platform/errors.ts";
import { program } from "./program.ts";

try {
  await program().parseAsync();
} catch (error) {
  const known =
    error instanceof Refused ? { message: problemOf(error.refusal).body.message } : startErrorOf(error);
  process.stderr.write(
    `${known ? known.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exitCode = 1;
}
