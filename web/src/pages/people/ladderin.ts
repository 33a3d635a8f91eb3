/** The ladder inside a version of the rules, read as the server reads it. */
import type { Ladder } from "@jiesu/core/urging/ladder.ts";
import { parseLadder } from "@jiesu/core/urging/ladderfile.ts";
import type { RuleVersion } from "./rulequeries.ts";

/** Empty where it does not read: then there is something to fill in, and the check says what. */
const NOTHING: Ladder = {
  ...{ repeatMinutes: 30, lapseHours: 72, quiet: [], steps: [] },
  byHand: { to: ["holder"], by: ["workbench"], words: "" },
};

export function ladderIn({
  name,
  from,
  source,
  body,
}: Pick<RuleVersion, "name" | "from" | "source" | "body">): Ladder {
  const read = parseLadder({ name, from, source, body });
  return read.ok ? read.value.body : NOTHING;
}
