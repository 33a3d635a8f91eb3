/** 起草与启用. A calendar or limits drafted by one person, put in force by another, dated; what it would move is told before. */
import { differences } from "@jiesu/core/assessment/difference.ts";
import { parseDeadlineRules } from "@jiesu/core/deadline/rules.ts";
import type { Problem } from "@jiesu/core/rules/problem.ts";
import { parseCalendarYear } from "@jiesu/core/time/calendar.ts";
import { type Day, dayOf, parseDay } from "@jiesu/core/time/day.ts";
import type { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { type Reckoned, reckonLive } from "../ticket/reckoning.ts";
import { reckonedBy, takesIn } from "./moving.ts";
import { type Drafted, previewOf, previewOut } from "./preview.ts";
import type { Look, Written } from "./shape.ts";
import { versionsOf } from "./versions.ts";

type Draft = z.infer<typeof Written>;
type Person = Actor & { readonly userId: string };

/** What is wrong with a draft, what it changes, and which running clocks it would move. Writes nothing. */
export async function lookAt(shell: Shell, draft: Draft): Promise<z.infer<typeof Look>> {
  const now = shell.now();
  const problems = problemsOf(draft);
  const before = (await versionsOf(shell, draft.kind, now)).find(
    (v) =>
      v.status === "inForce" &&
      (draft.kind === "calendar"
        ? v.body.year === draft.body.year && v.standing === "now"
        : v.from < draft.from),
  );
  const drafted = draftedOf(draft);
  return {
    problems: [...problems],
    against: before?.name ?? null,
    differences: differences(before ? content(before.body) : {}, content(bodyOf(draft))).map((d) => ({
      ...d,
    })),
    clocks: drafted && problems.length === 0 ? previewOut(await previewOf(shell, drafted), now) : null,
  };
}

/** Every running clock that the draft would move. Refused while it has faults. */
export async function movedBy(shell: Shell, draft: Draft): Promise<readonly Reckoned[]> {
  refuseFaults(draft);
  const drafted = draftedOf(draft);
  if (!drafted) throw new Error("a draft without faults reads");
  return (await previewOf(shell, drafted)).moved;
}

/** Keeps a new draft; answers its name. */
export async function keepDraft(shell: Shell, by: Person, draft: Draft): Promise<string> {
  refuseFaults(draft);
  return shell.db.transaction().execute(async (tx) => {
    const name = await freeName(tx, shell, draft);
    await tx
      .insertInto("dated_rule")
      .values({
        ...{ name, kind: draft.kind, from_day: draft.from, source: draft.source },
        ...{ body: JSON.stringify({ ...bodyOf(draft), ...nameOf(draft, name) }), status: "draft" },
        ...{ drafted_by: by.userId, drafted_name: by.name, drafted_at: new Date(shell.now()) },
      })
      .execute();
    await audit(tx, shell.now(), by.userId, by.name, "rule-drafted", {
      detail: { name, kind: draft.kind, from: draft.from, source: draft.source },
    });
    return name;
  });
}

export async function changeDraft(
  shell: Shell,
  by: Person,
  name: string,
  version: number,
  draft: Draft,
): Promise<void> {
  refuseFaults(draft);
  await shell.db.transaction().execute(async (tx) => {
    const kept = await lockDraft(tx, name, version);
    const body = { ...bodyOf(draft), ...nameOf(draft, name) };
    await tx
      .updateTable("dated_rule")
      .set({
        ...{ from_day: draft.from, source: draft.source, body: JSON.stringify(body), version: version + 1 },
        ...{ drafted_by: by.userId, drafted_name: by.name, drafted_at: new Date(shell.now()) },
      })
      .where("name", "=", name)
      .execute();
    const changes = differences(kept.body, body).slice(0, 50);
    await audit(tx, shell.now(), by.userId, by.name, "rule-draft-changed", {
      detail: {
        name,
        changes: changes.map((c) => ({ field: c.path, before: c.before ?? "", after: c.after ?? "" })),
      },
    });
  });
}

export async function dropDraft(shell: Shell, by: Person, name: string, version: number): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    await lockDraft(tx, name, version);
    await tx.deleteFrom("dated_rule").where("name", "=", name).execute();
    await audit(tx, shell.now(), by.userId, by.name, "rule-draft-dropped", { detail: { name } });
  });
}

/** Puts a draft in force from its day. A calendar moves the running clocks that it touches: now, or on its day (jobs.ts). */
export async function putInForce(shell: Shell, by: Person, name: string, version: number): Promise<number> {
  const now = shell.now();
  return shell.db.transaction().execute(async (tx) => {
    const kept = await lockDraft(tx, name, version);
    if (kept.drafted_by === by.userId) throw new Refused({ code: "setting-own-draft" });
    await checkDay(tx, shell, kept.kind, kept.from_day, dayOf(now));
    await tx
      .updateTable("dated_rule")
      .set({ status: "inForce", approved_by: by.userId, approved_name: by.name, approved_at: new Date(now) })
      .where("name", "=", name)
      .execute();
    const moves = kept.from_day <= dayOf(now) && (kept.kind === "calendar" || takesIn(kept.body));
    const stamp = {
      at: now,
      userId: by.userId,
      userName: by.name,
      role: "system" as const,
      source: kept.source,
    };
    const moved = moves
      ? (await reckonLive(tx, await reckonedBy(tx, shell, kept.kind, now), now, stamp)).moved.length
      : 0;
    await audit(tx, now, by.userId, by.name, "rule-in-force", {
      detail: { name, kind: kept.kind, from: kept.from_day, source: kept.source, clocks: moved },
    });
    return moved;
  });
}

/** 时限 follow one another by their first day: a day has one version, and none begins in the past. */
async function checkDay(tx: Db, shell: Shell, kind: string, from: string, today: Day): Promise<void> {
  if (from < today)
    throw new Refused({
      code: "setting-day",
      message: `启用日期 ${from} 已过，请改为 ${today} 或以后：已经计时的工单不能倒推。`,
    });
  if (kind !== "deadline") return;
  const { deadlines } = await rulesInForce(tx, shell.rules, shell.now());
  const same = deadlines.find((v) => v.from === from);
  if (same)
    throw new Refused({
      code: "setting-day",
      message: `${from} 已有一版时限规则（${same.name}），请另定日期。`,
    });
}

function problemsOf(draft: Draft): readonly Problem[] {
  const problems: Problem[] = [];
  if (parseDay(draft.from) === null) problems.push({ path: "from", text: "应为日期，如 2026-11-20" });
  if (draft.source.trim() === "") problems.push({ path: "source", text: "请写明文号或依据" });
  const read =
    draft.kind === "calendar" ? parseCalendarYear(bodyOf(draft)) : parseDeadlineRules(bodyOf(draft));
  return read.ok ? problems : [...problems, ...read.problems];
}

function refuseFaults(draft: Draft): void {
  const problems = problemsOf(draft);
  const [first] = problems;
  if (first)
    throw new Refused({
      code: "setting-faults",
      n: problems.length,
      first: `${first.path} ${first.text}`.trim(),
      problems,
    });
}

/** The body with the day and the paper that stand beside it. */
function bodyOf(draft: Draft): Record<string, unknown> {
  return draft.kind === "calendar"
    ? { ...draft.body, source: draft.source }
    : { name: "draft", ...draft.body, from: draft.from, source: draft.source };
}

const nameOf = (draft: Draft, name: string): Record<string, unknown> =>
  draft.kind === "deadline" ? { name } : {};

/** What two versions are compared by: not their names and days. */
function content(body: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { name: _name, from: _from, source: _source, ...rest } = body;
  // Rows by their id, so that one taken out does not make every later one differ.
  const rows = Array.isArray(rest.rows) ? rest.rows : null;
  return rows
    ? { ...rest, rows: Object.fromEntries(rows.map((row, i) => [idOf(row) ?? String(i), row])) }
    : rest;
}

function idOf(row: unknown): string | null {
  return typeof row === "object" && row !== null && "id" in row && typeof row.id === "string" ? row.id : null;
}

async function freeName(tx: Db, shell: Shell, draft: Draft): Promise<string> {
  const stem = draft.kind === "calendar" ? `calendar-${String(draft.body.year)}` : `limits-${draft.from}`;
  const taken = new Set([
    ...(await tx.selectFrom("dated_rule").select("name").execute()).map((r) => r.name),
    ...shell.rules.deadlines.map((v) => v.name),
    ...shell.rules.calendarYears.map((y) => `calendar-${y.year}`),
  ]);
  for (let n = 1; ; n += 1) {
    const name = n === 1 ? stem : `${stem}-${n}`;
    if (!taken.has(name)) return name;
  }
}

async function lockDraft(tx: Db, name: string, version: number) {
  const row = await tx
    .selectFrom("dated_rule")
    .selectAll()
    .where("name", "=", name)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "not-found" });
  if (row.status !== "draft") throw new Refused({ code: "setting-in-force" });
  if (row.version !== version) throw new Refused({ code: "setting-changed" });
  return row;
}

function draftedOf(draft: Draft): Drafted | null {
  const from = parseDay(draft.from);
  if (from === null) return null;
  if (draft.kind === "calendar") {
    const year = parseCalendarYear(bodyOf(draft));
    return year.ok ? { kind: "calendar", from, year: year.value } : null;
  }
  const version = parseDeadlineRules(bodyOf(draft));
  // Drafted from a version, it still carries that one's name, and would be taken for it.
  return version.ok ? { kind: "deadline", from, version: { ...version.value, name: "draft" } } : null;
}
