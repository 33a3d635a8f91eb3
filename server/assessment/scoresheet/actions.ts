/**
 * 成绩单. Made from the ledger, refreshed and written while it is a draft, submitted, reviewed by another person, published by
 * a leader and then kept to the byte. A repeated call finds done what it asks for and changes nothing.
 */
import type { Level } from "@jiesu/core/assessment/level.ts";
import { type SheetDifference, sheetDifferences } from "@jiesu/core/assessment/scoresheet.ts";
import {
  decideSheet,
  SHEET_STATES,
  SHEET_STEPS,
  type SheetStep,
} from "@jiesu/core/assessment/scoresheetlife.ts";
import type { ScoreSheetRules } from "@jiesu/core/assessment/scoresheetrules.ts";
import {
  SHEET_SECTION_KEYS,
  type SheetWords,
  wordsAnew,
  wordsOf,
} from "@jiesu/core/assessment/scoresheetwords.ts";
import { inForce } from "@jiesu/core/rules/effective.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import type { PeriodName } from "@jiesu/core/time/period.ts";
import type { Actor } from "../../platform/auth/actor.ts";
import { audit } from "../../platform/auth/sessions.ts";
import type { Db } from "../../platform/db/open.ts";
import { addWordings, Refused } from "../../platform/errors.ts";
import type { Shell } from "../../platform/shell.ts";
import { composeSheet } from "./compose.ts";
import { filesOf } from "./files.ts";
import {
  addStep,
  insertFile,
  insertSheet,
  lockSheet,
  type ScoreSheet,
  sheetOf,
  stepsOf,
  updateSheet,
  versionsOf,
} from "./store.ts";
import { tellOf } from "./telling.ts";

addWordings({
  "sheet-empty": { status: 409, zh: (r) => `考核期 ${r.period} 没有计入考核的工单，不能生成成绩单。` },
  "sheet-reason": { status: 422, zh: () => "本期成绩单已发布；如需更正，请填写更正原因。" },
  "sheet-state": { status: 409, zh: (r) => `成绩单现为“${r.stateZh}”，不能进行此操作，请刷新后查看。` },
  "sheet-same-person": { status: 409, zh: () => "起草、修改过本版的人不能审核或发布，请由他人办理。" },
  "sheet-stale": {
    status: 409,
    zh: () => "成绩单在您打开之后有改动。您填写的内容没有提交，仍保留在这里，请刷新核对后再操作。",
  },
  "sheet-open-period": {
    status: 409,
    zh: (r) => `成绩单的数字取自尚未封账的考核期 ${r.period}。请先封账并刷新数字后发布，或注明“暂定”发布。`,
  },
});

/** The settings in force at an instant. */
export function sheetRulesOn(shell: Pick<Shell, "rules">, at: number): ScoreSheetRules {
  const found = inForce(shell.rules.scoreSheets, dayOf(at));
  if (!found.ok) throw new Error("no score sheet rules in force");
  return found.value.body;
}

/** 草拟, or 更正 of a published one with its reason. One is under way at a time: asked again, that one is answered. */
export async function makeSheet(
  shell: Shell,
  actor: Actor,
  level: Level,
  period: PeriodName,
  reason: string,
): Promise<string> {
  const [last] = await versionsOf(shell.db, level, period);
  if (last && last.state !== "published") return last.id;
  const version = (last?.version ?? 0) + 1;
  if (version > 1 && reason.trim() === "") throw new Refused({ code: "sheet-reason" });
  const rules = sheetRulesOn(shell, shell.now());
  const figures = await composeSheet(shell, level, period, version > 1, rules);
  if (figures.groups.length === 0) throw new Refused({ code: "sheet-empty", period });
  const words = await firstWords(shell, last?.id, figures, rules);
  const made = { level, period, version, reason: version > 1 ? reason.trim() : "", figures, words };
  const id = await shell.db.transaction().execute(async (tx) => {
    const inserted = await insertSheet(tx, made, actor, shell.now());
    if (inserted !== null)
      await onRecord(tx, shell, actor, inserted, version > 1 ? "correct" : "draft", reason);
    return inserted;
  });
  if (id !== null) return id;
  const [other] = await versionsOf(shell.db, level, period);
  if (!other) throw new Error("a sheet was in the way and is gone");
  return other.id;
}

/** 刷新数字 of a draft; text that a person has written stays. */
export async function refreshSheet(shell: Shell, actor: Actor, id: string, edition: number): Promise<void> {
  const seen = await sheetOr404(shell.db, id);
  const rules = sheetRulesOn(shell, shell.now());
  const figures = await composeSheet(shell, seen.level, seen.period, seen.version > 1, rules);
  await shell.db.transaction().execute(async (tx) => {
    const sheet = await lockedDraft(tx, id, edition);
    const words = wordsAnew(sheet.words, sheet.figures, figures, rules.listed);
    await updateSheet(tx, id, { figures, words, hand: actor });
    await onRecord(tx, shell, actor, id, "refresh", "");
  });
}

/** 修改文字 and 发文字号 of a draft. */
export async function writeSheet(
  shell: Shell,
  actor: Actor,
  id: string,
  edition: number,
  written: { readonly number: string; readonly words: SheetWords },
): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const sheet = await lockSheet(tx, id);
    if (sheet && sheet.number === written.number && sameWords(sheet.words, written.words)) return;
    await lockedDraft(tx, id, edition);
    await updateSheet(tx, id, { ...written, hand: actor });
    await onRecord(tx, shell, actor, id, "edit", "");
  });
}

export interface StepAsked {
  readonly step: SheetStep;
  readonly note: string;
  /** What the person has seen. */
  readonly edition: number;
  /** 暂定: publish although the period is not closed. */
  readonly provisional: boolean;
}

/** 送审, 审核, 退回, 发布. Published, its files are made and kept in the same transaction. */
export async function stepSheet(shell: Shell, actor: Actor, id: string, asked: StepAsked): Promise<void> {
  const { step, note, edition, provisional } = asked;
  await shell.db.transaction().execute(async (tx) => {
    const sheet = await lockSheet(tx, id);
    if (sheet === null) throw new Refused({ code: "not-found" });
    if (await isRepeated(tx, sheet, step, actor)) return;
    const decision = decideSheet(sheet, step, actor, note);
    if (!decision.ok) throw new Refused(decision.refusal);
    if (sheet.edition !== edition) throw new Refused({ code: "sheet-stale" });
    const at = shell.now();
    const by = actor.name;
    if (step === "publish") await publish(tx, shell, sheet, actor, provisional);
    else
      await updateSheet(tx, id, {
        state: decision.value,
        ...(step === "submit" ? { hand: actor } : {}),
        ...(step === "pass" ? { reviewed: { by, at } } : {}),
      });
    const stepId = await onRecord(tx, shell, actor, id, step, note.trim());
    await tellOf(tx, sheet, step, { stepId, by, note: note.trim(), at });
  });
}

async function publish(
  tx: Db,
  shell: Shell,
  sheet: ScoreSheet,
  actor: Actor,
  provisional: boolean,
): Promise<void> {
  const isOpen = sheet.figures.basis === "open";
  if (isOpen && !provisional) throw new Refused({ code: "sheet-open-period", period: sheet.period });
  const at = shell.now();
  const published = { by: actor.name, at, provisional: isOpen };
  await updateSheet(tx, sheet.id, { state: "published", published });
  for (const file of await filesOf(sheet, sheetRulesOn(shell, shell.now()), published, at))
    await insertFile(tx, sheet.id, file);
}

/** 差异: what the ledger says now against what stands in the sheet. */
export async function differencesNow(shell: Shell, sheet: ScoreSheet): Promise<readonly SheetDifference[]> {
  const corrected = sheet.state === "published" || sheet.version > 1;
  const now = await composeSheet(
    shell,
    sheet.level,
    sheet.period,
    corrected,
    sheetRulesOn(shell, shell.now()),
  );
  return sheetDifferences(sheet.figures, now);
}

export async function sheetOr404(db: Db, id: string): Promise<ScoreSheet> {
  const sheet = await sheetOf(db, id);
  if (sheet === null) throw new Refused({ code: "not-found" });
  return sheet;
}

/** A correction begins with what was written by hand in the version before. */
async function firstWords(
  shell: Shell,
  before: string | undefined,
  figures: ScoreSheet["figures"],
  rules: ScoreSheetRules,
): Promise<SheetWords> {
  if (before === undefined) return wordsOf(figures, rules.listed);
  const old = await sheetOr404(shell.db, before);
  return wordsAnew(old.words, old.figures, figures, rules.listed);
}

async function lockedDraft(tx: Db, id: string, edition: number): Promise<ScoreSheet> {
  const sheet = await lockSheet(tx, id);
  if (sheet === null) throw new Refused({ code: "not-found" });
  if (sheet.state !== "draft") throw new Refused({ code: "sheet-state", stateZh: SHEET_STATES[sheet.state] });
  if (sheet.edition !== edition) throw new Refused({ code: "sheet-stale" });
  return sheet;
}

/** The same step by the same person was the last thing that happened. */
async function isRepeated(tx: Db, sheet: ScoreSheet, step: SheetStep, actor: Actor): Promise<boolean> {
  if (sheet.state !== SHEET_STEPS[step].to) return false;
  const last = (await stepsOf(tx, sheet.id)).at(-1);
  return last !== undefined && last.step === step && last.userId === actor.userId;
}

async function onRecord(
  tx: Db,
  shell: Shell,
  actor: Actor,
  id: string,
  step: string,
  note: string,
): Promise<string> {
  const at = shell.now();
  await audit(tx, at, actor.userId, actor.name, "scoreSheet", { detail: { sheet: id, step } });
  return addStep(tx, id, step, note, actor, at);
}

function sameWords(a: SheetWords, b: SheetWords): boolean {
  return SHEET_SECTION_KEYS.every((key) => a[key] === b[key]);
}
