/**
 * 履约事件的认定. Whether what happened is an incident, and its key: the same thing told again is the same incident. An event
 * is told with what stood behind it; what is found is pure.
 */
import { CLOCKS, type ClockKind } from "../deadline/kind.ts";
import type { Role } from "../ticket/role.ts";
import type { IncidentKind } from "./kinds.ts";
import type { IncidentRules } from "./rules.ts";

/** What happened, as far as it can be an incident. */
export type Happened =
  | { readonly what: "rejected"; readonly eventId: string; readonly reason: string }
  | {
      readonly what: "overdue";
      readonly ticketId: string;
      readonly clock: ClockKind;
      readonly startedAt: number;
      /** Whether anything was done with the ticket while the clock ran. */
      readonly touched: boolean;
    }
  | { readonly what: "forwardedLate"; readonly item: string }
  | {
      readonly what: "loose";
      readonly ticketId: string;
      readonly movedVersion: number;
      readonly lacks: readonly string[];
    };

export interface FoundIncident {
  readonly kind: IncidentKind;
  readonly key: string;
  readonly cause: string;
  /** Who answers for it: a unit, or a post of the centre. */
  readonly side: "centre" | "unit";
  readonly post: Role | null;
}

/** At which desk of the centre a clock's work is done. */
const DESKS: Readonly<Partial<Record<ClockKind, Role>>> = {
  dispatch: "triager",
  returnReview: "supervisor",
  ownership: "supervisor",
  closing: "closer",
};

const REJECTED = "rejected:";

/** The event of the city's rejection that an incident with this key is about; null where it is about none. */
export function rejectionIn(key: string): string | null {
  return key.startsWith(REJECTED) ? key.slice(REJECTED.length) : null;
}

export function incidentOf(happened: Happened, rules: IncidentRules): FoundIncident | null {
  switch (happened.what) {
    case "rejected":
      return {
        ...{ kind: "rejected", key: `${REJECTED}${happened.eventId}`, side: "centre", post: "triager" },
        cause: happened.reason === "" ? "市级驳回退市申请" : `市级驳回退市申请：${happened.reason}`,
      };
    case "overdue": {
      const { always, untouched } = rules.overdue;
      const { clock, touched } = happened;
      if (!always.includes(clock) && !(untouched.includes(clock) && !touched)) return null;
      const { zh, owed } = CLOCKS[clock];
      const lying = touched ? "" : "，其间没有任何办理";
      return {
        // Clocks that began together and lie together are one incident.
        ...{ kind: "overdue", key: `overdue:${happened.ticketId}:${happened.startedAt}` },
        ...{ side: owed === "centre" || owed === "city" ? "centre" : "unit", post: DESKS[clock] ?? null },
        cause: `${zh}超过时限${lying}`,
      };
    }
    case "forwardedLate":
      return {
        ...{ kind: "supervision", key: `supervision:${happened.item}`, side: "centre", post: "supervisor" },
        cause: "督办件超过转办时限未转到承办单位",
      };
    case "loose":
      return {
        ...{ kind: "loose", key: `loose:${happened.ticketId}:${happened.movedVersion}`, side: "centre" },
        ...{ post: "shiftLead", cause: `巡查发现${happened.lacks.join("、")}` },
      };
  }
}

/** 报警: which counts of a kind in its term have raised the alarm by now: the third, the sixth … */
export function alarmsAt(count: number, every: number): readonly number[] {
  return Array.from({ length: Math.floor(count / every) }, (_, i) => (i + 1) * every);
}
