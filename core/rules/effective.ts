/** 规则版本. Every figure has a day and a paper; this is the version in force on a day. */
import { type Answer, no, yes } from "../answer.ts";
import type { Day } from "../time/day.ts";

export interface Version<T> {
  /** Short name used on the command line and kept with what it decided, "city-2020-07". */
  readonly name: string;
  /** First day it is in force. */
  readonly from: Day;
  /** 依据: the paper or practice it was taken from. */
  readonly source: string;
  /** 批准人; absent while nobody has approved it. */
  readonly approvedBy?: string;
  readonly body: T;
}

export type NoVersion = { readonly code: "no-rule-in-force"; readonly on: Day };

/**
 * The version in force on a day: the last one that began on or before it, whatever the order they are given in.
 *
 * Refused on a day before the first. Throws when two begin on one day: whoever keeps the versions must not let it.
 */
export function inForce<T>(versions: readonly Version<T>[], on: Day): Answer<Version<T>, NoVersion> {
  let found: Version<T> | null = null;
  for (const version of versions) {
    if (version.from > on || (found !== null && version.from < found.from)) continue;
    if (found !== null && version.from === found.from) {
      throw new Error(`two versions begin on ${version.from}: ${found.name}, ${version.name}`);
    }
    found = version;
  }
  return found === null ? no({ code: "no-rule-in-force", on }) : yes(found);
}
