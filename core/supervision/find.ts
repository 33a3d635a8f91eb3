/** 督办线索. What the daily look takes for a matter that somebody should look into, out of figures and counts it is given. */
import type { SupervisionLevel } from "./lifecycle.ts";
import { TRIGGERS, type Trigger } from "./rules.ts";

/** How a unit stands in the running period; rates in percent, null where there is no base. */
export interface UnitStanding {
  readonly unitId: string;
  readonly name: string;
  readonly tickets: number;
  readonly base: number;
  readonly solution: number | null;
  readonly group: number | null;
}

/** Tickets that came again: of one place and matter, of one requester and matter, or one ticket that was returned. */
export interface Repeated {
  /** Names the matter whatever the day: "requester 7" is who first came with ticket 7. Holds nothing of a person. */
  readonly key: string;
  /** What is shown of it: a place and category. */
  readonly words: string;
  readonly ticketIds: readonly string[];
  /** Whose the last of them is; null for nobody's. */
  readonly unitId: string | null;
}

export interface Found {
  /** The same matter of the same rule has the same subject: it is proposed once a period, and not while it is open. */
  readonly subject: string;
  readonly level: SupervisionLevel;
  readonly title: string;
  readonly matter: string;
  readonly unitIds: readonly string[];
  readonly ticketIds: readonly string[];
}

/** Units whose solution rate lies so many points below their group's, with enough callbacks to say so. */
export function belowAverage(trigger: Trigger, units: readonly UnitStanding[]): readonly Found[] {
  const { points = 0, least = 0 } = trigger.numbers;
  return units.flatMap(({ unitId, name, base, solution, group }) => {
    if (solution === null || group === null || base < least || group - solution < points) return [];
    return [
      found(trigger, unitId, {
        title: `${name}解决率低于同组 ${(group - solution).toFixed(1)} 个百分点`,
        matter: `本期有效回访 ${base} 件，解决率 ${solution.toFixed(1)}%，同组 ${group.toFixed(1)}%。`,
        ...{ unitIds: [unitId], ticketIds: [] },
      }),
    ];
  });
}

/** The units with the most tickets of the period, as far as they have enough; a tie at the last place takes in all of it. */
export function topVolume(trigger: Trigger, units: readonly UnitStanding[]): readonly Found[] {
  const { places = 0, least = 0 } = trigger.numbers;
  const ranked = [...units].sort((a, b) => b.tickets - a.tickets);
  const line = ranked[places - 1]?.tickets ?? 0;
  return ranked
    .filter((unit) => unit.tickets >= Math.max(least, line))
    .map(({ unitId, name, tickets }) =>
      found(trigger, unitId, {
        title: `${name}诉求量居前：本期 ${tickets} 件`,
        matter: `本期 ${tickets} 件，居全区前 ${places} 位，请分析成因并提出治理措施。`,
        ...{ unitIds: [unitId], ticketIds: [] },
      }),
    );
}

/** Matters that came so often. */
export function repeated(trigger: Trigger, all: readonly Repeated[]): readonly Found[] {
  const { times = 1, days } = trigger.numbers;
  const { zh } = TRIGGERS[trigger.key];
  return all
    .filter((each) => trigger.key === "returned" || each.ticketIds.length >= times)
    .map(({ key, words, ticketIds, unitId }) =>
      found(trigger, key, {
        title: `${zh}：${words}`,
        matter:
          trigger.key === "returned"
            ? `已退单 ${times} 次以上，请核实权属并落实责任单位。`
            : `${days} 天内 ${ticketIds.length} 件，请核查是否已根本解决。`,
        unitIds: unitId === null ? [] : [unitId],
        ticketIds,
      }),
    );
}

function found(trigger: Trigger, key: string, of: Omit<Found, "subject" | "level">): Found {
  return { ...of, subject: `${trigger.key}:${key}`, level: trigger.level };
}
