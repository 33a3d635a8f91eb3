/** 单位对照. How each unit stands beside its group in the running period: what other features take of the ranking. */
import { toNumber } from "@jiesu/core/assessment/fraction.ts";
import type { Shell } from "../platform/shell.ts";
import { currentPeriod, rankReport } from "./figures.ts";

/** Tickets and valid callbacks of a unit, its solution rate and its group's in percent; null where there is no base. */
export async function unitStandings(shell: Shell) {
  const period = await currentPeriod(shell);
  const report = await rankReport(shell, period.name, { scope: "assessed" });
  return {
    period: period.name,
    units: report.groups.flatMap((group) =>
      group.units.flatMap((unit) => {
        const name = report.names.get(unit.key);
        if (name === undefined) return [];
        const percent = (rate: typeof unit.rates.solution) => (rate === null ? null : toNumber(rate) * 100);
        return [
          {
            ...{
              unitId: unit.key,
              name: name.shortName,
              tickets: unit.counts.tickets,
              base: unit.counts.base,
            },
            ...{ solution: percent(unit.rates.solution), group: percent(group.total.rates.solution) },
          },
        ];
      }),
    ),
  };
}
