/**
 * 考核规则的修订. Draft → reviewed → in force → superseded: who wrote a rule set, who reviewed it, who put it in force, three
 * persons or at least two. A rule set that left the draft is never edited; the next change is the next draft.
 */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseRuleSet } from "@jiesu/core/assessment/choice.ts";
import { type Difference, differences } from "@jiesu/core/assessment/difference.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { parseRuleSet } from "@jiesu/core/assessment/rulesetfile.ts";
import type { Problem } from "@jiesu/core/rules/problem.ts";
import { addDays, type Day } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { RULES } from "../platform/rules.ts";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { backwardsOf } from "./backwards.ts";
import { rulebook, ruleSetOf } from "./rulebook.ts";

addWordings({
  "rule-faults": {
    status: 422,
    zh: (r) => `规则有 ${Array.isArray(r.problems) ? r.problems.length : ""} 处问题，未保存，请按提示改正。`,
  },
  "rule-not-draft": { status: 409, zh: (r) => `规则“${r.name}”已不是草稿，不能修改；请另存为新草稿。` },
  "rule-not-reviewed": { status: 409, zh: () => "规则尚未审核，不能启用；请先由另一人审核。" },
  "rule-same-person": { status: 409, zh: () => "起草人不能审核或批准自己的规则，请由他人办理。" },
  "rule-day-taken": {
    status: 409,
    zh: (r) => `规则“${r.name}”已自同一天起执行，同一层级一天只能有一个规则生效，请修改执行日。`,
  },
});

export type Body = Readonly<Record<string, unknown>>;

export interface KeptRuleSet {
  readonly name: string;
  readonly level: string;
  readonly status: string;
  readonly from: Day;
  readonly documentNo: string;
  readonly basedOn: string | null;
  readonly body: Body;
  readonly drafted: Signed | null;
  readonly reviewed: Signed | null;
  readonly approved: Signed | null;
}
export interface Signed {
  readonly userId: string | null;
  readonly name: string;
  readonly at: string;
}

/**
 * What is wrong with a body: as the reader of rule files says it, period settings that do not exist, and a version that binds from
 * its day on but cuts its months otherwise than the one before: a period has one first and one last day.
 */
export async function faultsOf(shell: Shell, body: Body): Promise<readonly Problem[]> {
  const read = parseRuleSet(asDraft(body));
  if (!read.ok) return read.problems;
  const { period, binds, from, level } = read.value;
  if (!(await periodsInForce(shell)).some((each) => each.name === period))
    return [{ path: "period", text: `没有名为 ${period} 的考核周期设置` }];
  if (binds === "period") return [];
  const before = chooseRuleSet(await rulebook(shell, level), addDays(from, -1))?.ruleSet;
  return before === undefined || before.period === period
    ? []
    : [
        {
          path: "binds",
          text: `考核周期设置与上一版《${before.title}》不同，只能自下一考核期起生效；自该日起生效的，请沿用 ${before.period}`,
        },
      ];
}

/** Keeps a new draft; its name must be new. */
export async function draft(
  shell: Shell,
  actor: Actor,
  body: Body,
  documentNo: string,
  basedOn: string | null,
): Promise<KeptRuleSet> {
  const rules = await readOrRefuse(shell, body);
  await adoptFiles(shell);
  const row = await shell.db
    .insertInto("rule_set")
    .values({
      ...columns(rules, body),
      status: "draft",
      document_no: documentNo,
      based_on: basedOn,
      drafted_by: actor.userId,
      drafted_name: actor.name,
      drafted_at: new Date(shell.now()),
    })
    .onConflict((conflict) => conflict.column("name").doNothing())
    .returning("name")
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "duplicate", what: `名为“${rules.name}”的规则` });
  return ruleSetNamed(shell, row.name);
}

/** Replaces what a draft says; whoever edits it last is its drafter, and may not review it. */
export async function redraft(
  shell: Shell,
  actor: Actor,
  name: string,
  body: Body,
  documentNo: string,
): Promise<KeptRuleSet> {
  const rules = await readOrRefuse(shell, { ...body, name });
  const row = await shell.db
    .updateTable("rule_set")
    .set({
      ...columns(rules, { ...body, name }),
      document_no: documentNo,
      drafted_by: actor.userId,
      drafted_name: actor.name,
      drafted_at: new Date(shell.now()),
    })
    .where("name", "=", name)
    .where("status", "=", "draft")
    .returning("name")
    .executeTakeFirst();
  if (!row) {
    await ruleSetNamed(shell, name);
    throw new Refused({ code: "rule-not-draft", name });
  }
  return ruleSetNamed(shell, name);
}

/** 审核: by another person than the drafter. */
export async function review(shell: Shell, actor: Actor, name: string): Promise<KeptRuleSet> {
  await adoptFiles(shell);
  await shell.db.transaction().execute(async (tx) => {
    const kept = await locked(tx, name);
    if (kept.status !== "draft") throw new Refused({ code: "rule-not-draft", name });
    if (kept.drafted_by !== null && kept.drafted_by === actor.userId)
      throw new Refused({ code: "rule-same-person" });
    await tx
      .updateTable("rule_set")
      .set({
        status: "reviewed",
        reviewed_by: actor.userId,
        reviewed_name: actor.name,
        reviewed_at: new Date(shell.now()),
      })
      .where("name", "=", name)
      .execute();
  });
  return ruleSetNamed(shell, name);
}

/**
 * 启用: from its day on it is the rule of its level, and those that began earlier are superseded. What it binds of days that are
 * past has to be confirmed.
 */
export async function putInForce(
  shell: Shell,
  actor: Actor,
  name: string,
  confirmed: boolean,
): Promise<KeptRuleSet> {
  await shell.db.transaction().execute(async (tx) => {
    const kept = await locked(tx, name);
    if (kept.status !== "reviewed") throw new Refused({ code: "rule-not-reviewed" });
    if (kept.drafted_by !== null && kept.drafted_by === actor.userId)
      throw new Refused({ code: "rule-same-person" });
    const others = await tx
      .selectFrom("rule_set")
      .select(["name", "from_day", "status"])
      .where("level", "=", kept.level)
      .where("status", "in", ["inForce", "superseded"])
      .orderBy("from_day")
      .forUpdate()
      .execute();
    const twin = others.find((each) => each.from_day === kept.from_day);
    if (twin) throw new Refused({ code: "rule-day-taken", name: twin.name });
    const backwards = confirmed ? null : await bindsBackwards({ ...shell, db: tx }, name);
    if (backwards !== null) throw new Refused({ code: "rule-backwards", backwards });
    await tx
      .updateTable("rule_set")
      .set({ status: "superseded" })
      .where("level", "=", kept.level)
      .where("status", "=", "inForce")
      .where("from_day", "<", kept.from_day)
      .execute();
    // One that begins before a later one in force is superseded from the start: it binds its own days only.
    const later = others.some((each) => each.from_day > kept.from_day);
    await tx
      .updateTable("rule_set")
      .set({
        status: later ? "superseded" : "inForce",
        approved_by: actor.userId,
        approved_name: actor.name,
        approved_at: new Date(shell.now()),
      })
      .where("name", "=", name)
      .execute();
  });
  return ruleSetNamed(shell, name);
}

/** What this rule set would bind of days that are past, in words; null where it binds nothing of them. */
export async function bindsBackwards(shell: Shell, name: string): Promise<string | null> {
  const kept = await ruleSetNamed(shell, name);
  return backwardsOf(shell, ruleSetOf(kept.body, kept.status, null));
}

export async function ruleSetNamed(shell: Shell, name: string): Promise<KeptRuleSet> {
  await adoptFiles(shell);
  const row = await shell.db.selectFrom("rule_set").selectAll().where("name", "=", name).executeTakeFirst();
  if (!row) throw new Refused({ code: "not-found" });
  const signed = (userId: string | null, by: string | null, at: Date | null): Signed | null =>
    by === null || at === null ? null : { userId, name: by, at: at.toISOString() };
  return {
    name: row.name,
    level: row.level,
    status: row.status,
    from: dayText(row.from_day),
    documentNo: row.document_no,
    basedOn: row.based_on,
    body: bodyOf(row.body),
    drafted: signed(row.drafted_by, row.drafted_name, row.drafted_at),
    reviewed: signed(row.reviewed_by, row.reviewed_name, row.reviewed_at),
    approved: signed(row.approved_by, row.approved_name, row.approved_at),
  };
}

/** What a rule set changes against another: the one named, or the last of its level that began before it. */
export async function differencesOf(
  shell: Shell,
  name: string,
  against: string | undefined,
): Promise<{ readonly against: string | null; readonly differences: readonly Difference[] }> {
  const kept = await ruleSetNamed(shell, name);
  const standing = (await rulebook(shell, levelOf(kept.level)))
    .filter((each) => each.name !== name && (each.status === "inForce" || each.status === "superseded"))
    .sort((a, b) => (a.from < b.from ? 1 : -1));
  const last = against ?? (standing.find((each) => each.from <= kept.from) ?? standing.at(-1))?.name;
  if (last === undefined) return { against: null, differences: differences({}, kept.body) };
  return { against: last, differences: differences((await ruleSetNamed(shell, last)).body, kept.body) };
}

/** Files that the database does not have yet are taken over as they are, with the status they state. */
async function adoptFiles(shell: Shell): Promise<void> {
  const known = await shell.db.selectFrom("rule_set").select("name").execute();
  const names = new Set(known.map((each) => each.name));
  const missing = shell.rules.assessments.filter((each) => !names.has(each.name));
  if (missing.length === 0) return;
  const written = fileBodies();
  for (const rules of missing) {
    const body = written.get(rules.name);
    if (!body) throw new Error(`rule set ${rules.name} was loaded from a file that is gone`);
    await shell.db
      .insertInto("rule_set")
      .values({
        ...columns(rules, body),
        status: rules.status,
        drafted_name: "随系统提供",
        drafted_at: new Date(shell.now()),
        ...(rules.status === "inForce" || rules.status === "superseded"
          ? { approved_name: rules.approvedBy, approved_at: new Date(shell.now()) }
          : {}),
      })
      .onConflict((conflict) => conflict.column("name").doNothing())
      .execute();
  }
}

function fileBodies(): ReadonlyMap<string, Body> {
  const folder = join(RULES, "assessment");
  const bodies = readdirSync(folder)
    .filter((file) => file.endsWith(".json"))
    .map((file) => bodyOf(JSON.parse(readFileSync(join(folder, file), "utf8"))));
  return new Map(bodies.map((body) => [String(body.name), body]));
}

function columns(rules: RuleSet, body: Body) {
  const { status: _status, ...said } = body;
  return { name: rules.name, level: rules.level, from_day: rules.from, body: JSON.stringify(said) };
}

async function readOrRefuse(shell: Shell, body: Body): Promise<RuleSet> {
  const problems = await faultsOf(shell, body);
  const read = parseRuleSet(asDraft(body));
  if (problems.length > 0 || !read.ok) throw new Refused({ code: "rule-faults", problems });
  return read.value;
}

/** Nobody may write a status or an approval: they are what happened. */
function asDraft(body: Body): Body {
  return { approvedBy: "待批准", ...body, status: "draft" };
}

async function locked(tx: Db, name: string) {
  const row = await tx
    .selectFrom("rule_set")
    .select(["name", "level", "status", "from_day", "drafted_by"])
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "not-found" });
  return row;
}

function bodyOf(input: unknown): Body {
  return typeof input === "object" && input !== null ? { ...input } : {};
}

function levelOf(text: string): Level {
  return text === "city" ? "city" : "district";
}

function dayText(day: string): Day {
  return day as Day; // a date column is read as its text
}
