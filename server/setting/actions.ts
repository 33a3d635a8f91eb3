/** 起草与启用. A calendar, limits, periods or a ladder drafted by one person, put in force by another, dated; what it would move is told before. */
import { differences } from "@jiesu/core/assessment/difference.ts";
import { parseDeadlineRules } from "@jiesu/core/deadline/rules.ts";
import type { Problem } from "@jiesu/core/rules/problem.ts";
import { parseCalendarYear } from "@jiesu/core/time/calendar.ts";
import { type Day, dayOf, parseDay } from "@jiesu/core/time/day.ts";
import { type PeriodSettings, parsePeriodSettings } from "@jiesu/core/time/period.ts";
import { ladderDifferences } from "@jiesu/core/urging/difference.ts";
import { parseLadder } from "@jiesu/core/urging/ladderfile.ts";
import { sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { Refused } from "../platform/errors.ts";
import { rulesInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { type Reckoned, reckonLive } from "../ticket/reckoning.ts";
import { ladderDrafted, ladderFile, ladderPreview } from "./ladders.ts";
import { reckonedBy, takesIn } from "./moving.ts";
import { periodPreview, periodProblems, settingsInWords } from "./periods.ts";
import { type Drafted, previewOf, previewOut } from "./preview.ts";
import type { Look, VersionOut, Written } from "./shape.ts";
import { versionsOf } from "./versions.ts";

type Draft = z.infer<typeof Written>;
type Person = Actor & { readonly userId: string };

/** What is wrong with a draft, what it changes, and which running clocks it would move. Writes nothing. */
export async function lookAt(shell: Shell, draft: Draft): Promise<z.infer<typeof Look>> {
  const now = shell.now();
  const problems = await problemsOf(shell.db, shell, draft);
  const before = (await versionsOf(shell, draft.kind, now)).find(
    (v) => v.status === "inForce" && follows(draft, v),
  );
  const drafted = draftedOf(draft);
  const period = draft.kind === "period" && problems.length === 0 ? periodOf(draft) : null;
  const ladder = draft.kind === "urging" && problems.length === 0 ? ladderDrafted(bodyOf(draft)) : null;
  return {
    problems: [...problems],
    against: before?.name ?? null,
    differences: differencesOf(draft, before?.body ?? null),
    clocks: drafted && problems.length === 0 ? previewOut(await previewOf(shell, drafted), now) : null,
    periods: period && (await periodPreview(shell.db, shell.rules, period, now)),
    ladder: ladder && (await ladderPreview(shell.db, shell.rules, ladder, now)),
  };
}

/** Whether a version in force is what a draft would follow. */
function follows(draft: Draft, version: VersionOut): boolean {
  if (draft.kind === "calendar") return version.body.year === draft.body.year && version.standing === "now";
  return version.from < draft.from && (draft.kind !== "period" || version.body.name === draft.body.name);
}

function differencesOf(draft: Draft, before: VersionOut["body"] | null): z.infer<typeof Look>["differences"] {
  if (draft.kind === "urging") {
    const [was, will] = [before && ladderDrafted(ladderFile(before)), ladderDrafted(bodyOf(draft))];
    return will ? ladderDifferences(was?.body ?? null, will.body).map((each) => ({ ...each })) : [];
  }
  if (draft.kind !== "period")
    return differences(before ? content(before) : {}, content(bodyOf(draft))).map((d) => ({ ...d }));
  const [was, will] = [
    new Map(before ? settingsInWords(before) : []),
    new Map(settingsInWords(bodyOf(draft))),
  ];
  return [...new Set([...was.keys(), ...will.keys()])]
    .filter((path) => was.get(path) !== will.get(path))
    .map((path) => ({ path, before: was.get(path) ?? null, after: will.get(path) ?? null }));
}

/** Every running clock that the draft would move. Refused while it has faults. */
export async function movedBy(shell: Shell, draft: Draft): Promise<readonly Reckoned[]> {
  await refuseFaults(shell.db, shell, draft);
  const drafted = draftedOf(draft);
  if (!drafted) throw new Refused({ code: "not-found" }); // periods and ladders move no clock
  return (await previewOf(shell, drafted)).moved;
}

/** Keeps a new draft; answers its name. */
export async function keepDraft(shell: Shell, by: Person, draft: Draft): Promise<string> {
  await refuseFaults(shell.db, shell, draft);
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
  await refuseFaults(shell.db, shell, draft);
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

/**
 * Puts a draft in force from its day. A calendar moves the running clocks that it touches: now, or on its day (jobs.ts). Periods
 * move counted tickets at once; what of it binds backwards has to be confirmed. Answers how many clocks, or tickets, moved.
 */
export async function putInForce(
  shell: Shell,
  by: Person,
  name: string,
  version: number,
  confirmed: boolean,
): Promise<number> {
  const now = shell.now();
  return shell.db.transaction().execute(async (tx) => {
    const kept = await lockDraft(tx, name, version);
    if (kept.drafted_by === by.userId) throw new Refused({ code: "setting-own-draft" });
    const tickets = kept.kind === "period" ? await checkPeriods(tx, shell, kept.body, confirmed) : 0;
    if (kept.kind !== "period") await checkDay(tx, shell, kept.kind, kept.from_day, dayOf(now));
    await tx
      .updateTable("dated_rule")
      .set({ status: "inForce", approved_by: by.userId, approved_name: by.name, approved_at: new Date(now) })
      .where("name", "=", name)
      .execute();
    const moves =
      kept.from_day <= dayOf(now) &&
      (kept.kind === "calendar" || (kept.kind === "deadline" && takesIn(kept.body)));
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
      detail: { name, kind: kept.kind, from: kept.from_day, source: kept.source, clocks: moved, tickets },
    });
    return moved + tickets;
  });
}

/** Looked at again under a lock, so that no period is closed meanwhile; answers how many tickets come into another period. */
async function checkPeriods(tx: Db, shell: Shell, body: unknown, confirmed: boolean): Promise<number> {
  await sql`lock table closing in share mode`.execute(tx);
  const read = parsePeriodSettings(body);
  if (!read.ok) throw new Error(`a kept draft does not read: ${JSON.stringify(read.problems)}`);
  const [first] = await periodProblems(tx, shell.rules, read.value, shell.now());
  if (first) throw new Refused({ code: "setting-day", message: first.text });
  const { backwards, tickets } = await periodPreview(tx, shell.rules, read.value, shell.now());
  if (backwards !== null && !confirmed) throw new Refused({ code: "setting-backwards", backwards });
  return tickets;
}

/** 时限 and 催办阶梯 follow one another by their first day: a day has one version, and none begins in the past. */
async function checkDay(tx: Db, shell: Shell, kind: string, from: string, today: Day): Promise<void> {
  if (from < today)
    throw new Refused({
      code: "setting-day",
      message: `启用日期 ${from} 已过，请改为 ${today} 或以后：${kind === "urging" ? "已经发出的催办" : "已经计时的工单"}不能倒推。`,
    });
  if (kind !== "deadline" && kind !== "urging") return;
  const { deadlines, urgings } = await rulesInForce(tx, shell.rules, shell.now());
  const [versions, what] = kind === "deadline" ? [deadlines, "时限规则"] : [urgings, "催办阶梯"];
  const same = versions.find((v) => v.from === from);
  if (same)
    throw new Refused({
      code: "setting-day",
      message: `${from} 已有一版${what}（${same.name}），请另定日期。`,
    });
}

async function problemsOf(db: Db, shell: Shell, draft: Draft): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  if (parseDay(draft.from) === null) problems.push({ path: "from", text: "应为日期，如 2026-11-20" });
  if (draft.source.trim() === "") problems.push({ path: "source", text: "请写明文号或依据" });
  const body = bodyOf(draft);
  const read =
    draft.kind === "calendar"
      ? parseCalendarYear(body)
      : draft.kind === "deadline"
        ? parseDeadlineRules(body)
        : draft.kind === "urging"
          ? parseLadder(body)
          : parsePeriodSettings(body);
  if (!read.ok) return [...problems, ...read.problems];
  if (draft.kind !== "period" || problems.length > 0) return problems;
  const period = periodOf(draft);
  return period ? periodProblems(db, shell.rules, period, shell.now()) : problems;
}

async function refuseFaults(db: Db, shell: Shell, draft: Draft): Promise<void> {
  const problems = await problemsOf(db, shell, draft);
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
  if (draft.kind === "urging") return { ...ladderFile(draft.body), from: draft.from, source: draft.source };
  if (draft.kind === "calendar") return { ...draft.body, source: draft.source };
  const name = draft.kind === "deadline" ? { name: "draft" } : {};
  return { ...name, ...draft.body, from: draft.from, source: draft.source };
}

function periodOf(draft: Draft): PeriodSettings | null {
  const read = parsePeriodSettings(bodyOf(draft));
  return read.ok ? read.value : null;
}

const nameOf = (draft: Draft, name: string): Record<string, unknown> =>
  draft.kind === "deadline" || draft.kind === "urging" ? { name } : {};

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
  const stems = {
    calendar: `calendar-${String(draft.body.year)}`,
    deadline: `limits-${draft.from}`,
    period: `period-${draft.from}`,
    urging: `urging-${draft.from}`,
  };
  const stem = stems[draft.kind];
  const taken = new Set([
    ...(await tx.selectFrom("dated_rule").select("name").execute()).map((r) => r.name),
    ...shell.rules.deadlines.map((v) => v.name),
    ...shell.rules.urgings.map((v) => v.name),
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
  if (from === null || draft.kind === "period" || draft.kind === "urging") return null;
  if (draft.kind === "calendar") {
    const year = parseCalendarYear(bodyOf(draft));
    return year.ok ? { kind: "calendar", from, year: year.value } : null;
  }
  const version = parseDeadlineRules(bodyOf(draft));
  // Drafted from a version, it still carries that one's name, and would be taken for it.
  return version.ok ? { kind: "deadline", from, version: { ...version.value, name: "draft" } } : null;
}
