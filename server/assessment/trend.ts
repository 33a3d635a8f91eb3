/** 走势. The ranking of several periods in a row, each by its own rule and from its frozen copy where it is closed. */
import { choosePeriod, settingsOf } from "@jiesu/core/assessment/choice.ts";
import type { RankedUnit } from "@jiesu/core/assessment/ranking.ts";
import { segmentsText } from "@jiesu/core/assessment/segments.ts";
import { type Period, type PeriodName, previousPeriod } from "@jiesu/core/time/period.ts";
import { z } from "zod";
import { periodsInForce } from "../platform/rulesinforce.ts";
import type { Shell } from "../platform/shell.ts";
import { type Asked, type RankReport, rankReport, refuseRules } from "./figures.ts";
import { rulebook } from "./rulebook.ts";
import { DensityOut, densityOut, ResultOut, resultOut, segmentsOut } from "./shape.ts";

/** Rankings of `count` periods, the last one `period`, the earliest first. */
export async function trendReport(
  shell: Shell,
  period: PeriodName,
  asked: Asked,
  count: number,
): Promise<readonly RankReport[]> {
  const settled = await periodsInForce(shell);
  const chosen =
    choosePeriod(await rulebook(shell, asked.level ?? "district"), settled, period, asked.rules) ??
    refuseRules(asked.rules);
  const settings = settingsOf(chosen.ruleSet, settled);
  const periods: Period[] = [chosen.period];
  for (let first = periods[0]; first !== undefined && periods.length < count; first = periods[0])
    periods.unshift(previousPeriod(settings, first));
  return Promise.all(periods.map((each) => rankReport(shell, each.name, asked)));
}

/** The row of a unit in a ranking; null when it had no ticket then. */
export function rowOf(report: RankReport, unitId: string): RankedUnit | null {
  return report.groups.flatMap((group) => group.units).find((unit) => unit.key === unitId) ?? null;
}

const PointOut = ResultOut.extend({
  rank: z.number().int().nullable(),
  ranked: z.number().int(),
  density: DensityOut,
});

export const TrendOut = z.object({
  periods: z.array(
    z.object({ name: z.string(), from: z.string(), to: z.string(), closed: z.boolean(), rules: z.string() }),
  ),
  units: z.array(
    z.object({
      unit: z.object({ id: z.string(), name: z.string(), shortName: z.string() }),
      group: z.string().nullable(),
      /** One a period, the earliest first; null where the unit had no ticket. */
      points: z.array(PointOut.nullable()),
    }),
  ),
});

/** `only` leaves that unit alone. */
export function trendOut(reports: readonly RankReport[], only: string | null): z.infer<typeof TrendOut> {
  const last = reports.at(-1);
  const ids = new Set(reports.flatMap((report) => [...report.names.keys()]));
  const wanted = [...ids].filter((id) => only === null || id === only);
  return {
    periods: reports.map(({ period, closed, ruleSet, segments }) => ({
      ...period,
      closed,
      rules: segmentsText(segmentsOut(segments)) ?? ruleSet.title,
    })),
    units: wanted.flatMap((id) => {
      const name = reports.findLast((report) => report.names.has(id))?.names.get(id);
      if (!name) return [];
      const group = last?.groups.find((each) => each.units.some((unit) => unit.key === id))?.group ?? null;
      const unit = { id, name: name.name, shortName: name.shortName };
      return [{ unit, group, points: reports.map((report) => pointOut(report, id)) }];
    }),
  };
}

function pointOut(report: RankReport, unitId: string): z.infer<typeof PointOut> | null {
  const row = rowOf(report, unitId);
  if (row === null) return null;
  const group = report.groups.find((each) => each.units.includes(row));
  const ranked = group?.units.filter((unit) => unit.rank !== null).length ?? 0;
  const density = densityOut(row.counts.tickets, unitId, report);
  return { ...resultOut(row, report.ruleSet), rank: row.rank, ranked, density };
}
