/** 测量所用. What the measures of the assessment work on: a ledger of years, people signed in, the periods there are. */
import type pg from "pg";
import type { Ledger } from "./ground.ts";
import type { Tell } from "./measure.ts";
import type { User } from "./users.ts";

export interface Bench {
  readonly ledger: Ledger;
  readonly assessor: User;
  readonly client: pg.Client;
  readonly tell: Tell;
  /** How much there is, as names of measures say it. */
  readonly at: string;
  readonly running: Span;
  /** The periods that are over, the latest first. */
  readonly past: readonly Span[];
}

export interface Span {
  readonly name: string;
  readonly from: Date;
  readonly before: Date;
}
