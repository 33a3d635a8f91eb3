/** 成绩单的数字. Takes a period's figures from the functions that the screens use, and puts them side by side as they are shown. */
import { rankChange, scoreChange } from "@jiesu/core/assessment/change.ts";
import { add, fraction, multiply, ZERO } from "@jiesu/core/assessment/fraction.ts";
import type { Level } from "@jiesu/core/assessment/level.ts";
import { type Rate, rateText } from "@jiesu/core/assessment/rates.ts";
import type { RuleSet } from "@jiesu/core/assessment/ruleset.ts";
import {
  type Basis,
  type Cells,
  type ResultCells,
  SHEET_KEYS,
  type SheetFigures,
  type SheetRow,
  type SideCounts,
  topProblems,
} from "@jiesu/core/assessment/scoresheet.ts";
import type { ScoreSheetRules } from "@jiesu/core/assessment/scoresheetrules.ts";
import { instantsOf, type PeriodName } from "@jiesu/core/time/period.ts";
import type { z } from "zod";
import type { Shell } from "../../platform/shell.ts";
import { type Asked, type OnTime, onTimeReport, type RankReport, rankReport } from "../figures.ts";
import { type Closed, closedPeriod } from "../frozen.ts";
import { type RankOut, type ResultOut, rankOut, resultOut } from "../shape.ts";
import { rowOf, trendReport } from "../trend.ts";
import { problemsByUnit, problemsTogether } from "./problems.ts";
import { addSideCounts, noSideCounts, sideCounts } from "./side.ts";

type Row = z.infer<typeof RankOut>["groups"][number]["units"][number];

/**
 * The figures of a period. A closed one is read from its frozen copy, unless `corrected` asks for the results as they stand
 * now, under the rules that it was closed with.
 */
export async function composeSheet(
  shell: Shell,
  level: Level,
  name: PeriodName,
  corrected: boolean,
  rules: ScoreSheetRules,
): Promise<SheetFigures> {
  const asked: Asked = { scope: "assessed", level };
  const closed = await closedPeriod(shell.db, level, name);
  const [before, standing] = await trendReport(shell, name, asked, 2);
  if (before === undefined || standing === undefined) throw new Error("two periods were asked for");
  const basis: Basis = closed === null ? "open" : corrected ? "corrected" : "closed";
  // Named, the rule set is applied to the ledger itself and not to the frozen copy.
  const readAs: Asked = basis === "corrected" && closed ? { ...asked, rules: closed.ruleSet.name } : asked;
  const now = basis === "corrected" ? await rankReport(shell, name, readAs) : standing;
  const figures = await partsOf(shell, readAs, now, basis === "closed" ? closed : null);
  const out = rankOut(now, shell.now(), null);
  const { ruleSet, period } = now;
  const allUnits = out.groups.flatMap((group) => group.units.map((row) => row.unit.id));
  return {
    level,
    period,
    basis,
    takenAt: new Date(shell.now()).toISOString(),
    rules: { name: ruleSet.name, title: ruleSet.title, source: ruleSet.source },
    scopeZh: out.scopeZh,
    notes: out.notes,
    columns: SHEET_KEYS.filter((key) => {
      if (key === "basic" || key === "points") return out.adjusts;
      return key !== "density" || now.populations.size > 0;
    }),
    groups: out.groups.map(({ group, ranked, units, total }) => ({
      group,
      ranked,
      rows: units.map((row) => rowCells(row, now, before, figures, rules.problems)),
      total: totalCells(
        total,
        units.map((row) => row.unit.id),
        figures,
        ruleSet,
      ),
    })),
    overall: totalCells(resultOut(now.total, ruleSet), allUnits, figures, ruleSet),
    overallBefore: resultCells(resultOut(before.total, before.ruleSet)),
    problems: topProblems(problemsTogether(figures.problems.values()), rules.problems),
  };
}

interface Parts {
  readonly onTime: ReadonlyMap<string, OnTime>;
  readonly side: ReadonlyMap<string, SideCounts>;
  readonly problems: Awaited<ReturnType<typeof problemsByUnit>>;
}

async function partsOf(
  shell: Shell,
  asked: Asked,
  report: RankReport,
  closed: Closed | null,
): Promise<Parts> {
  const { period, ruleSet, segments } = report;
  const [onTime, side, problems] = await Promise.all([
    onTimeReport(shell, period.name, asked, null),
    sideCounts(shell.db, { ...instantsOf(period), now: shell.now() }),
    problemsByUnit(shell.db, { level: ruleSet.level, period, segments, closed }, asked.scope),
  ]);
  return { onTime: new Map(onTime.rows.map((each) => [each.unitId, each])), side, problems };
}

function rowCells(row: Row, now: RankReport, before: RankReport, parts: Parts, most: number): SheetRow {
  const { id, name, shortName } = row.unit;
  const then = rowOf(before, id) ? rankOut(before, 0, id).groups[0]?.units[0] : undefined;
  const onTime = parts.onTime.get(id);
  return {
    unit: { id, name, shortName },
    unranked: row.unranked,
    cells: {
      rank: row.rank === null ? "—" : String(row.rank),
      ...resultCells(row),
      rankChange: rankChange(row.rank, then?.rank ?? null),
      scoreChange: scoreChange(row.score, then?.score ?? null, now.ruleSet.scoreDigits),
      density: row.density.text,
      onTime: onTime?.text ?? "—",
      overdue: String(onTime ? onTime.due - onTime.onTime : 0),
      ...sideCells(parts.side.get(id) ?? noSideCounts()),
    },
    problems: topProblems(parts.problems.get(id) ?? [], most),
  };
}

function totalCells(
  total: z.infer<typeof ResultOut>,
  unitIds: readonly string[],
  { onTime, side }: Parts,
  rules: RuleSet,
): Cells {
  const judged = unitIds.flatMap((id) => onTime.get(id) ?? []);
  return {
    rank: "",
    ...resultCells(total),
    rankChange: "",
    scoreChange: "",
    density: "",
    onTime: rateText(onTimeTotal(judged, rules), rules.rateDigits),
    overdue: String(judged.reduce((sum, each) => sum + each.due - each.onTime, 0)),
    ...sideCells(
      unitIds.reduce((sum, id) => addSideCounts(sum, side.get(id) ?? noSideCounts()), noSideCounts()),
    ),
  };
}

/** 按期办结率 of several units, by the rule set's total rule like the other rates. */
function onTimeTotal(of: readonly OnTime[], { total }: Pick<RuleSet, "total">): Rate {
  const judged = of.filter((each) => each.due > 0);
  if (judged.length === 0) return null;
  if (total === "mean") {
    const sum = judged.map((each) => fraction(each.onTime, each.due)).reduce(add, ZERO);
    return multiply(sum, fraction(1, judged.length));
  }
  const sum = (key: "due" | "onTime") => judged.reduce((all, each) => all + each[key], 0);
  return fraction(sum("onTime"), sum("due"));
}

function resultCells({ tickets, base, text }: z.infer<typeof ResultOut>): ResultCells {
  return { tickets: String(tickets), base: String(base), ...text };
}

function sideCells(counts: SideCounts) {
  const text = (n: number): string => String(n);
  return {
    exemptApplied: text(counts.exemptApplied),
    exemptUpheld: text(counts.exemptUpheld),
    exemptDenied: text(counts.exemptDenied),
    shelvedNew: text(counts.shelvedNew),
    shelvedLive: text(counts.shelvedLive),
    shelvedEnded: text(counts.shelvedEnded),
    returned: text(counts.returned),
    reworked: text(counts.reworked),
  };
}
