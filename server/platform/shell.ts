/** What every action is given: the ledger, the clock, the keys and the rules. Built once, in main or by a test. */
import type pg from "pg";
import type { Config } from "./config/config.ts";
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
  /** Whether messages may be sent to servers on this machine (JIESU_NOTIFY_LOCAL). */
  readonly localGateways?: boolean;
}

/** A shell that was opened for one process, and what lies under it. */
export interface Opened {
  readonly shell: Shell;
  readonly pool: pg.Pool;
  readonly config: Config;
  readonly databaseUrl: string;
  /** Names the key that seals personal data, without telling it. */
  readonly keyId: string;
  close(): Promise<void>;
}

/** What a command is given to reach the ledger; whoever opens closes. */
export type Open = () => Promise<Opened>;
