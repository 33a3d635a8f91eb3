/** What every action is given: the ledger, the clock, the keys and the rules. Built once, in main or by a test. */
import type { Db } from "./db/open.ts";
import type { Rules } from "./rules.ts";
import type { Secrets } from "./secrets.ts";

export interface Shell {
  readonly db: Db;
  /** Now, in epoch milliseconds. The only clock of the process; a test holds its own. */
  readonly now: () => number;
  readonly secrets: Secrets;
  readonly rules: Rules;
  /** Folder for uploaded and exported files. */
  readonly files: string;
}
