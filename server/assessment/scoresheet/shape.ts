/** 成绩单的样子: how a sheet leaves the house, whole for the centre, and as far as the settings say for a unit. */
import { LEVEL_NAMES, LEVELS } from "@jiesu/core/assessment/level.ts";
import { RANKING_KEYS, type SheetFigures, type SheetRow } from "@jiesu/core/assessment/scoresheet.ts";
import { marks, sheetTitle } from "@jiesu/core/assessment/scoresheetdocument.ts";
import {
  decideSheet,
  SHEET_STATES,
  SHEET_STEP_KEYS,
  SHEET_STEPS,
  type SheetState,
} from "@jiesu/core/assessment/scoresheetlife.ts";
import type { ScoreSheetRules, UnitsSee } from "@jiesu/core/assessment/scoresheetrules.ts";
import { type SheetWords, writtenSections } from "@jiesu/core/assessment/scoresheetwords.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { z } from "zod";
import type { Actor } from "../../platform/auth/actor.ts";
import { text } from "../../ticket/schema.ts";
import type { ScoreSheet, SheetEvent, SheetLine } from "./store.ts";

const stateKeys = Object.keys(SHEET_STATES) as [SheetState, ...SheetState[]];
const At = z.iso.datetime().nullable();

export const SheetLineOut = z.object({
  id: z.string(),
  level: z.enum(LEVELS),
  levelZh: z.string(),
  period: z.string(),
  version: z.number().int(),
  state: z.enum(stateKeys),
  stateZh: z.string(),
  title: z.string(),
  provisional: z.boolean(),
  number: z.string(),
  draftedBy: z.string().nullable(),
  draftedAt: At,
  reviewedBy: z.string().nullable(),
  publishedBy: z.string().nullable(),
  publishedAt: At,
});

/** 通报 text by section. */
export const WordsOut = z.object({
  situation: text(20_000),
  ranking: text(20_000),
  problems: text(20_000),
  advice: text(20_000),
});

const Cells = z.record(z.string(), z.string());
const Problems = z.array(
  z.object({ category: z.string(), unsolved: z.number().int(), dissatisfied: z.number().int() }),
);

export const SheetOut = SheetLineOut.extend({
  reason: z.string(),
  edition: z.number().int(),
  from: z.string(),
  to: z.string(),
  takenAt: z.iso.datetime(),
  basis: z.enum(["open", "closed", "corrected"]),
  rules: z.object({ name: z.string(), title: z.string(), source: z.string() }),
  scopeZh: z.string(),
  notes: z.array(z.string()),
  /** Keys of the columns that are shown, in their order. */
  columns: z.array(z.string()),
  groups: z.array(
    z.object({
      group: z.string().nullable(),
      ranked: z.number().int(),
      rows: z.array(
        z.object({
          unit: z.object({ id: z.string(), name: z.string(), shortName: z.string() }),
          own: z.boolean(),
          unranked: z.string().nullable(),
          /** By column; those that a unit may not see of another are not there. */
          cells: Cells,
          problems: Problems,
        }),
      ),
      total: Cells,
    }),
  ),
  problems: Problems,
  words: WordsOut,
  /** Sections whose text a person has written. */
  written: z.array(z.string()),
  steps: z.array(z.object({ step: z.string(), at: z.iso.datetime(), by: z.string(), note: z.string() })),
  /** What I may do now. */
  may: z.array(z.enum(SHEET_STEP_KEYS)),
  mayWrite: z.boolean(),
  /** Of the published files; units get them where the settings say so. */
  files: z.array(z.object({ kind: z.string(), name: z.string(), sha256: z.string() })),
  mayDownload: z.boolean(),
});

export function lineOut(line: SheetLine | ScoreSheet, rules: ScoreSheetRules, isUnit: boolean) {
  const { id, level, period, version, state, provisional, number, publishedAt, publishedName } = line;
  const paper = {
    ...{ number, version, provisional, reason: line.reason },
    on: publishedAt && dayOf(publishedAt.getTime()),
  };
  return {
    ...{ id, level, period, version, state, provisional, number },
    levelZh: LEVEL_NAMES[level],
    stateZh: SHEET_STATES[state],
    title: `${sheetTitle({ period: { name: period, from: "", to: "" } }, rules)}${marks(paper)}`,
    draftedBy: isUnit ? null : line.draftedName,
    draftedAt: isUnit ? null : line.draftedAt.toISOString(),
    reviewedBy: isUnit ? null : line.reviewedName,
    publishedBy: publishedName,
    publishedAt: publishedAt?.toISOString() ?? null,
  } satisfies z.infer<typeof SheetLineOut>;
}

export interface Seen {
  readonly actor: Actor;
  /** The unit that looks; null for the centre. */
  readonly ownUnit: string | null;
  readonly rules: ScoreSheetRules;
  readonly steps: readonly SheetEvent[];
  readonly files: readonly { readonly kind: string; readonly name: string; readonly sha256: string }[];
}

export function sheetOut(sheet: ScoreSheet, seen: Seen): z.infer<typeof SheetOut> {
  const { actor, ownUnit, rules } = seen;
  const { figures } = sheet;
  const sees: UnitsSee = ownUnit === null ? "all" : rules.unitsSee;
  return {
    ...lineOut(sheet, rules, ownUnit !== null),
    reason: sheet.reason,
    edition: sheet.edition,
    from: figures.period.from,
    to: figures.period.to,
    takenAt: figures.takenAt,
    basis: figures.basis,
    rules: { ...figures.rules },
    scopeZh: figures.scopeZh,
    notes: [...figures.notes],
    columns: [...figures.columns],
    groups: groupsOut(figures, ownUnit, sees),
    problems: sees === "all" ? figures.problems.map((each) => ({ ...each })) : [],
    words: wordsOut(sheet.words, sees),
    written: ownUnit === null ? [...writtenSections(sheet.words, figures, rules.listed)] : [],
    steps:
      ownUnit === null
        ? seen.steps.map(({ step, at, by, note }) => ({ step, at: at.toISOString(), by, note }))
        : [],
    may: SHEET_STEP_KEYS.filter(
      (step) => decideSheet(sheet, step, actor, SHEET_STEPS[step].needsNote ? "-" : "").ok,
    ),
    mayWrite: sheet.state === "draft" && actor.roles.includes("assessor"),
    files: sees === "all" ? seen.files.map((each) => ({ ...each })) : [],
    mayDownload: sees === "all",
  };
}

function groupsOut({ groups }: SheetFigures, ownUnit: string | null, sees: UnitsSee) {
  const shown = groups.map(({ group, ranked, rows, total }) => ({
    group,
    ranked,
    rows: rows
      .filter((row) => sees !== "own" || row.unit.id === ownUnit)
      .map((row) => rowOut(row, ownUnit, sees)),
    total: sees === "all" ? { ...total } : only(total),
  }));
  return shown.filter(({ rows }) => rows.length > 0);
}

function rowOut(row: SheetRow, ownUnit: string | null, sees: UnitsSee) {
  const own = row.unit.id === ownUnit;
  const whole = sees === "all" || own;
  return {
    unit: { ...row.unit },
    own,
    unranked: row.unranked,
    cells: whole ? { ...row.cells } : only(row.cells),
    problems: whole ? row.problems.map((each) => ({ ...each })) : [],
  };
}

function only(cells: SheetRow["cells"]): Record<string, string> {
  return Object.fromEntries(RANKING_KEYS.map((key) => [key, cells[key]]));
}

/** The text names other units' problems: a unit that sees the ranking reads what goes with the ranking. */
function wordsOut(words: SheetWords, sees: UnitsSee): SheetWords {
  if (sees === "all") return { ...words };
  if (sees === "own") return { situation: "", ranking: "", problems: "", advice: words.advice };
  return { ...words, problems: "" };
}
