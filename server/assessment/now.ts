/** 本期三率. How the groups, or one's own unit, stand in the running period: what the home page shows of the ranking. */
import { STAT_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import type { GroupRanking } from "@jiesu/core/assessment/ranking.ts";
import type { Result } from "@jiesu/core/assessment/score.ts";
import type { Shell } from "../platform/shell.ts";
import { currentPeriod, type OwnUnit, type RankReport, rankReport } from "./figures.ts";
import { resultOut } from "./shape.ts";

/** How a group, or a unit of it, stands. */
interface RateRow {
  readonly group: string | null;
  readonly unit: { readonly id: string; readonly name: string } | null;
  readonly rank: number | null;
  readonly ranked: number;
  readonly tickets: number;
  readonly base: number;
  readonly text: { response: string; solution: string; satisfaction: string; score: string };
}

/** The running period under the rules in force; a unit learns its own row and rank alone. */
export async function ratesNow(shell: Shell, ownUnit: OwnUnit) {
  const scope = "assessed" as const;
  const period = await currentPeriod(shell);
  const report = await rankReport(shell, period.name, { scope });
  return {
    period: { ...report.period },
    scope,
    scopeZh: STAT_SCOPE_NAMES[scope],
    rules: report.ruleSet.title,
    rows: report.groups.flatMap((group) =>
      ownUnit === null ? [groupRow(report, group)] : ownRow(report, group, ownUnit),
    ),
  };
}

function groupRow(report: RankReport, group: GroupRanking): RateRow {
  return { ...rowOf(report, group, group.total), unit: null, rank: null };
}

function ownRow(report: RankReport, group: GroupRanking, ownUnit: string): RateRow[] {
  const own = group.units.find((unit) => unit.key === ownUnit);
  const name = report.names.get(ownUnit);
  if (!own || !name) return [];
  return [{ ...rowOf(report, group, own), unit: { id: name.id, name: name.shortName }, rank: own.rank }];
}

function rowOf(report: RankReport, group: GroupRanking, result: Result) {
  const { base, tickets, text } = resultOut(result, report.ruleSet);
  const ranked = group.units.filter((unit) => unit.rank !== null).length;
  return { group: group.group, ranked, tickets, base, text };
}
