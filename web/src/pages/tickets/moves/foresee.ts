/** 事先检查. What the server would refuse, asked of the same guards before anything is sent; and what to do about a refusal. */
import { barredBy } from "@jiesu/core/ticket/decide.ts";
import { isMove, type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { REFUSAL_ZH } from "@jiesu/core/ticket/refusal-words.ts";
import { isState } from "@jiesu/core/ticket/state.ts";
import { Problem } from "../../../api/problem.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";

/** Why this move is refused whatever is filled in; null where the guards have nothing against it. */
export function barOf(ticket: TicketDetail, move: Move): Problem | null {
  if (!isState(ticket.state)) return null;
  const lead = ticket.assignments.find(
    (a) => a.part === "lead" && a.round === ticket.round && a.endedAt === null,
  );
  const ms = (at: string | null) => (at === null ? null : Date.parse(at));
  const refused = barredBy(
    {
      state: ticket.state,
      round: ticket.round,
      returns: ticket.returns,
      leadUnitId: ticket.leadUnit?.id ?? null,
      lead: lead
        ? {
            designated: lead.designated,
            acceptedAt: ms(lead.acceptedAt),
            contactedAt: ms(lead.contactedAt),
            reportedAt: ms(lead.reportedAt),
          }
        : null,
      ...(ticket.returning ? { returning: { until: ms(ticket.returning.until), now: Date.now() } } : {}),
      ...(ticket.extension
        ? {
            extension: {
              pending: ticket.extension.pending,
              granted: ticket.extension.granted,
              dueAt: ms(ticket.extension.dueAt),
              cityDue: ticket.extension.cityDue,
              now: Date.now(),
            },
          }
        : {}),
      ...(ticket.pause
        ? {
            pause: {
              pending: ticket.pause.pending,
              running: ticket.pause.running && {
                id: ticket.pause.running.id,
                until: Date.parse(ticket.pause.running.until),
              },
              granted: ticket.pause.granted,
              dueAt: ms(ticket.pause.dueAt),
              cityDueAt: ms(ticket.pause.cityDueAt),
              now: Date.now(),
            },
          }
        : {}),
    },
    move,
    ticket.guards,
  );
  return refused && new Problem(409, refused.code, REFUSAL_ZH[refused.code](refused), refused);
}

/** What helps against a refusal: another move, or the field that is at fault. */
export type Remedy =
  | { readonly zh: string; readonly move: Move }
  | { readonly zh: string; readonly field: string };

const BY_MOVE: Readonly<Record<string, Move>> = {
  "contact-first": "contact",
  designated: "note",
  "returns-used-up": "note",
  "return-window-over": "note",
  "no-lead": "refuseReply",
  "has-lead": "rework",
  "extension-city": "note",
  "extension-overdue": "report",
  "pause-city": "note",
  "pause-overdue": "report",
  "pause-runs": "endPause",
};

const BY_FIELD: Readonly<Record<string, string>> = {
  "unit-unknown": "leadUnitId",
  "unit-twice": "coUnitIds",
  "merge-target": "into",
};

/** Only a remedy that is this person's now; null where only waiting or somebody else helps. */
export function remedyOf(problem: unknown, ticket: TicketDetail): Remedy | null {
  if (!(problem instanceof Problem)) return null;
  const { move, field } = { move: BY_MOVE[problem.code], field: fieldOf(problem) };
  if (move !== undefined && ticket.moves.filter(isMove).includes(move))
    return { zh: T.moves.remedy(stepOf(move).zh), move };
  return field === undefined ? null : { zh: T.moves.mendField, field };
}

function fieldOf(problem: Problem): string | undefined {
  const { field } = problem.detail;
  return typeof field === "string" && field !== "" ? field : BY_FIELD[problem.code];
}
