/** jiesu: the only place that builds clock, pool and settings; every command starts here. */
import { program } from "./cli/program.ts";
import { startErrorOf } from "./platform/config/start-error.ts";
import { problemOf, Refused } from "./platform/errors.ts";

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
