/** 规则与数据. Reads every dated rule under rules/ at start-up and refuses to start on a bad one, naming file and place. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import { parseRuleSet } from "@jiesu/core/assessment/rulesetfile.ts";
import { parseScoreSheetRules, type ScoreSheetRules } from "@jiesu/core/assessment/scoresheetrules.ts";
import { type CallbackRules, parseCallbackRules } from "@jiesu/core/callback/rules.ts";
import { type CityLayout, parseCityLayout } from "@jiesu/core/cityresult/layout.ts";
import { type DeadlineRules, parseDeadlineRules } from "@jiesu/core/deadline/rules.ts";
import { type DutyRules, parseDutyRules } from "@jiesu/core/duty/shifts.ts";
import { type CityForm, parseCityForm } from "@jiesu/core/exemption/cityform.ts";
import { type ExemptionRules, parseExemptionRules } from "@jiesu/core/exemption/grounds.ts";
import { type OutcomeLayout, parseOutcomeLayout } from "@jiesu/core/exemption/outcomefile.ts";
import { type ExtensionRules, parseExtensionRules } from "@jiesu/core/extension/rules.ts";
import type { ChecklistVersion } from "@jiesu/core/guard/checklist.ts";
import { parseChecklist } from "@jiesu/core/guard/checklistfile.ts";
import { type IncidentRules, parseIncidentRules } from "@jiesu/core/incident/rules.ts";
import { type LiaisonRules, parseLiaisonRules } from "@jiesu/core/liaison/rules.ts";
import { type OwnershipRules, parseOwnershipRules } from "@jiesu/core/ownership/rules.ts";
import { type PauseRules, parsePauseRules } from "@jiesu/core/pause/rules.ts";
import { type ProblemRules, parseProblemRules } from "@jiesu/core/problem/rules.ts";
import { parseReturnRules, type ReturnRules } from "@jiesu/core/returns/rules.ts";
import { inForce, type Version } from "@jiesu/core/rules/effective.ts";
import { dayIn, fieldsOf, type Parsed, parsed, wordsOf } from "@jiesu/core/rules/problem.ts";
import { parseSamplingRules, type SamplingRules } from "@jiesu/core/sampling/rules.ts";
import { parseShelvingRules, type ShelvingRules } from "@jiesu/core/shelving/kinds.ts";
import { type ListLayout, parseListLayout } from "@jiesu/core/supervision/list.ts";
import { parseSupervisionRules, type SupervisionRules } from "@jiesu/core/supervision/rules.ts";
import type { GuardRules } from "@jiesu/core/ticket/decide.ts";
import type { UndoRules } from "@jiesu/core/ticket/undo.ts";
import {
  type Calendar,
  type CalendarYear,
  calendarOf,
  parseCalendarYear,
} from "@jiesu/core/time/calendar.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type PeriodSettings, parsePeriodSettings } from "@jiesu/core/time/period.ts";
import { parseReadingRules, type ReadingRules } from "@jiesu/core/triage/reading.ts";
import { parseTriageWeights, type TriageWeights } from "@jiesu/core/triage/weights.ts";
import { type Ladder, ladderOn } from "@jiesu/core/urging/ladder.ts";
import { parseLadder } from "@jiesu/core/urging/ladderfile.ts";
import { parseWatchRules, type WatchRules } from "@jiesu/core/watch/rules.ts";
import { StartError } from "./config/start-error.ts";

export const RULES = join(import.meta.dirname, "..", "..", "rules");

export interface Rules {
  readonly calendar: Calendar;
  /** The calendar's years, each with the notice that published it. */
  readonly calendarYears: readonly CalendarYear[];
  readonly deadlines: readonly Version<DeadlineRules>[];
  readonly guards: readonly Version<GuardRules>[];
  readonly checklists: readonly ChecklistVersion[];
  readonly duty: readonly Version<DutyRules>[];
  readonly workbench: readonly Version<UndoRules>[];
  readonly callbacks: readonly Version<CallbackRules>[];
  readonly assessments: readonly RuleSet[];
  readonly periods: readonly PeriodSettings[];
  readonly exemptions: readonly Version<ExemptionRules>[];
  readonly cityForms: readonly Version<CityForm>[];
  readonly outcomeLayouts: readonly OutcomeLayout[];
  readonly extensions: readonly Version<ExtensionRules>[];
  readonly pauses: readonly Version<PauseRules>[];
  readonly returns: readonly Version<ReturnRules>[];
  readonly problems: readonly Version<ProblemRules>[];
  readonly shelvings: readonly Version<ShelvingRules>[];
  readonly ownerships: readonly Version<OwnershipRules>[];
  readonly samplings: readonly Version<SamplingRules>[];
  readonly triage: readonly Version<TriageWeights>[];
  readonly readings: readonly Version<ReadingRules>[];
  readonly urgings: readonly Version<Ladder>[];
  readonly incidents: readonly Version<IncidentRules>[];
  readonly watches: readonly Version<WatchRules>[];
  readonly scoreSheets: readonly Version<ScoreSheetRules>[];
  readonly cityLayouts: readonly CityLayout[];
  readonly supervisions: readonly Version<SupervisionRules>[];
  readonly supervisionLists: readonly ListLayout[];
  readonly liaisons: readonly Version<LiaisonRules>[];
}

/** All rules of a folder. Throws StartError with every problem found, one a line. */
export function loadRules(folder = RULES): Rules {
  const problems: string[] = [];
  const read = <T>(kind: string, parse: (input: unknown) => Parsed<T>): T[] =>
    readdirSync(join(folder, kind))
      .filter((file) => file.endsWith(".json"))
      .sort()
      .flatMap((file) => {
        const answer = parseJson(join(folder, kind, file), parse);
        if (answer.ok) return [answer.value];
        problems.push(...answer.problems.map((p) => `rules/${kind}/${file} ${p.path}：${p.text}`));
        return [];
      });
  const years: CalendarYear[] = read("calendar", parseCalendarYear);
  const rules: Rules = {
    calendar: calendarOf(years),
    calendarYears: years,
    deadlines: read("deadline", parseDeadlineRules),
    guards: read("guard", parseGuard),
    checklists: read("checklist", parseChecklist),
    duty: read("duty", parseDutyRules),
    workbench: read("workbench", parseWorkbench),
    callbacks: read("callback", parseCallbackRules),
    assessments: read("assessment", parseRuleSet),
    periods: read("period", parsePeriodSettings),
    exemptions: read("exemption", parseExemptionRules),
    cityForms: read("cityform", parseCityForm),
    outcomeLayouts: read("cityoutcome", parseOutcomeLayout),
    extensions: read("extension", parseExtensionRules),
    pauses: read("pause", parsePauseRules),
    returns: read("returns", parseReturnRules),
    problems: read("problem", parseProblemRules),
    shelvings: read("shelving", parseShelvingRules),
    ownerships: read("ownership", parseOwnershipRules),
    samplings: read("sampling", parseSamplingRules),
    triage: read("triage", parseTriageWeights),
    readings: read("reading", parseReadingRules),
    urgings: read("urging", parseLadder),
    incidents: read("incident", parseIncidentRules),
    watches: read("watch", parseWatchRules),
    scoreSheets: read("scoresheet", parseScoreSheetRules),
    cityLayouts: read("cityresult", parseCityLayout),
    supervisions: read("supervision", parseSupervisionRules),
    supervisionLists: read("supervisionlist", parseListLayout),
    liaisons: read("liaison", parseLiaisonRules),
  };
  for (const { name, period } of rules.assessments) {
    if (!rules.periods.some((p) => p.name === period))
      problems.push(`rules/assessment/${name}.json period：没有名为 ${period} 的考核周期设置`);
  }
  if (problems.length > 0) throw new StartError(`规则文件有误，请改正后再启动：\n${problems.join("\n")}`);
  return rules;
}

/** The guard settings in force at an instant. */
export function guardRulesOn(
  rules: Rules,
  at: number,
): GuardRules & {
  readonly extension: ExtensionRules;
  readonly pause: PauseRules;
  readonly returns: ReturnRules;
} {
  const version = inForce(rules.guards, dayOf(at));
  if (!version.ok) throw new Error(`no guard rules on ${dayOf(at)}`);
  const extension = extensionRulesOn(rules, at);
  const pause = pauseRulesOn(rules, at);
  const urgeRepeatMinutes = ladderOn(rules.urgings, dayOf(at))?.body.repeatMinutes ?? 0;
  return {
    ...version.value.body,
    callback: callbackRulesOn(rules, at).body,
    extension,
    pause,
    urgeRepeatMinutes,
    returns: returnRulesOn(rules, at).body,
  };
}

/** The checks before withdrawing, closing and exempting in force at an instant; null before the first list. */
export function checklistOn(rules: Rules, at: number): ChecklistVersion | null {
  const version = inForce(rules.checklists, dayOf(at));
  return version.ok ? version.value : null;
}

/** The rules of returns in force at an instant, with their name and source. */
export function returnRulesOn(rules: Rules, at: number): Version<ReturnRules> {
  const version = inForce(rules.returns, dayOf(at));
  if (!version.ok) throw new Error(`no rules of returns on ${dayOf(at)}`);
  return version.value;
}

function extensionRulesOn(rules: Rules, at: number): ExtensionRules {
  const version = inForce(rules.extensions, dayOf(at));
  if (!version.ok) throw new Error(`no extension rules on ${dayOf(at)}`);
  return version.value.body;
}

function pauseRulesOn(rules: Rules, at: number): PauseRules {
  const version = inForce(rules.pauses, dayOf(at));
  if (!version.ok) throw new Error(`no pause rules on ${dayOf(at)}`);
  return version.value.body;
}

/** The rules of the callback desk in force at an instant, with their name and source. */
export function callbackRulesOn(rules: Rules, at: number): Version<CallbackRules> {
  const version = inForce(rules.callbacks, dayOf(at));
  if (!version.ok) throw new Error(`no callback rules on ${dayOf(at)}`);
  return version.value;
}

/** The rules of telephone sampling in force at an instant. */
export function samplingRulesOn(rules: Rules, at: number): Version<SamplingRules> {
  const version = inForce(rules.samplings, dayOf(at));
  if (!version.ok) throw new Error(`no sampling rules on ${dayOf(at)}`);
  return version.value;
}

/** The rules of ownership rulings in force at an instant. */
export function ownershipRulesOn(rules: Pick<Rules, "ownerships">, at: number): OwnershipRules {
  const version = inForce(rules.ownerships, dayOf(at));
  if (!version.ok) throw new Error(`no ownership rules on ${dayOf(at)}`);
  return version.value.body;
}

/** How long a move may be undone, by the setting in force at an instant. */
export function undoRulesOn(rules: Rules, at: number): UndoRules {
  const version = inForce(rules.workbench, dayOf(at));
  if (!version.ok) throw new Error(`no workbench rules on ${dayOf(at)}`);
  return version.value.body;
}

function parseJson<T>(path: string, parse: (input: unknown) => Parsed<T>): Parsed<T> {
  try {
    return parse(JSON.parse(readFileSync(path, "utf8")));
  } catch {
    return { ok: false, problems: [{ path: "", text: "不是有效的 JSON 文件" }] };
  }
}

function parseGuard(input: unknown): Parsed<Version<GuardRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const body = fieldsOf(top.body, "body", ["maxReturns", "contactBeforeReport"], say);
    const { maxReturns, contactBeforeReport } = body;
    if (typeof maxReturns !== "number" || !Number.isInteger(maxReturns) || maxReturns < 1)
      say("body.maxReturns", "应为正整数");
    if (typeof contactBeforeReport !== "boolean") say("body.contactBeforeReport", "应为 true 或 false");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { maxReturns: Number(maxReturns), contactBeforeReport: contactBeforeReport === true },
    };
  });
}

function parseWorkbench(input: unknown): Parsed<Version<UndoRules>> {
  return parsed((say) => {
    const top = fieldsOf(input, "", ["name", "from", "source", "body"], say);
    const { undoMinutes, importKeptDays } = fieldsOf(
      top.body,
      "body",
      ["undoMinutes", "importKeptDays"],
      say,
    );
    if (typeof undoMinutes !== "number" || !Number.isInteger(undoMinutes) || undoMinutes < 0)
      say("body.undoMinutes", "应为 0 或正整数");
    if (typeof importKeptDays !== "number" || !Number.isInteger(importKeptDays) || importKeptDays < 1)
      say("body.importKeptDays", "应为正整数");
    return {
      name: wordsOf(top.name, "name", say),
      from: dayIn(top.from, "from", say),
      source: wordsOf(top.source, "source", say),
      body: { undoMinutes: Number(undoMinutes), importKeptDays: Number(importKeptDays) },
    };
  });
}
