/**
 * 考核规则集. The rule sets of one level: those kept in the database, and those of the files that nobody has touched yet.
 * A file under rules/assessment is the first version of its name; from the first change on the database has it.
 */
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { parseRuleSet } from "@jiesu/core/assessment/rulesetfile.ts";
import type { Db } from "../platform/db/open.ts";
import type { Rules } from "../platform/rules.ts";

/** Every rule set of a level by name, drafts too. */
export async function rulebook(
  shell: { readonly db: Db; readonly rules: Pick<Rules, "assessments"> },
  level: Level,
): Promise<readonly RuleSet[]> {
  const rows = await shell.db
    .selectFrom("rule_set")
    .select(["name", "level", "status", "body", "approved_name"])
    .execute();
  const known = new Set(rows.map((row) => row.name));
  const kept = rows
    .filter((row) => row.level === level)
    .map((row) => ruleSetOf(row.body, row.status, row.approved_name));
  const files = shell.rules.assessments.filter((each) => each.level === level && !known.has(each.name));
  return [...files, ...kept].sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** A kept body as a rule set. Throws when it does not read: it was checked before it was kept. */
export function ruleSetOf(body: unknown, status: string, approvedBy: string | null): RuleSet {
  const said = typeof body === "object" && body !== null ? body : {};
  const approval = { approvedBy: approvedBy ?? "尚未批准" };
  const read = parseRuleSet({ ...said, status, ...approval });
  if (!read.ok) throw new Error(`a kept rule set does not read: ${JSON.stringify(read.problems)}`);
  return read.value;
}
