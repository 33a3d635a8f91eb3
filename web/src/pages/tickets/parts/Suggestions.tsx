/** 派单建议. Units with why, point by point; a press fills the dispatch form. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { sentenceOf } from "../../../api/problem.ts";
import { hasRole, useSession } from "../../../api/session.ts";
import type { Suggestions, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { useDraft } from "../../../ui/useDraft.ts";
import { type FormValues, startValues } from "../moves/forms.ts";
import { draftKey } from "../moves/useMove.ts";
import { suggestionsQuery } from "../queries.ts";

/** Whose work needs them, and whom the server tells. */
const seesSuggestions: readonly Role[] = ["triager", "shiftLead", "supervisor"];

/** How many reasons of a unit are shown at once, and how many units, each with its key; weaker ones on demand. */
const REASONS = 3;
const KEYED = 3;

export function SuggestedUnits(props: {
  readonly ticket: TicketDetail;
  /** The open dispatch form's values and how to fill them. */
  readonly values?: FormValues;
  readonly set?: (change: FormValues) => void;
  /** Where no form is open yet: opens it, after the draft has been filled. */
  readonly onPick?: () => void;
}) {
  const { ticket } = props;
  const session = useSession();
  const [all, setAll] = useState(false);
  const found = useQuery({ ...suggestionsQuery(ticket.id), enabled: hasRole(session, ...seesSuggestions) });
  const draft = useDraft<FormValues>(
    draftKey(session.login, ticket.id, "dispatch"),
    startValues("dispatch", ticket),
  );
  const pick = (unitId: string) => {
    if (props.set) return props.set({ leadUnitId: unitId });
    draft.set({ leadUnitId: unitId });
    props.onPick?.();
  };
  const help = (unitId: string) => {
    const now = props.values?.coUnitIds;
    const ids = typeof now === "object" ? now : [];
    if (!ids.includes(unitId)) props.set?.({ coUnitIds: [...ids, unitId] });
  };
  useHotkeys(
    ["alt+1", "alt+2", "alt+3"],
    (event) => {
      const unit = found.data?.units[Number(event.code.slice(-1)) - 1];
      if (unit) pick(unit.unitId);
    },
    { enabled: props.set !== undefined, enableOnFormTags: true, preventDefault: true },
  );
  if (!hasRole(session, ...seesSuggestions)) return null;
  const body = found.isPending ? (
    <p className="quiet">{T.tickets.suggesting}</p>
  ) : found.isError ? (
    <p className="quiet">{sentenceOf(found.error)}</p>
  ) : found.data.units.length === 0 ? (
    <p className="quiet">{T.tickets.noSuggestion}</p>
  ) : (
    <>
      <ul className="suggestions">
        {found.data.units.slice(0, all ? undefined : KEYED).map((unit, i) => (
          <li key={unit.unitId} data-chosen={props.values?.leadUnitId === unit.unitId || undefined}>
            <button type="button" className="suggestion" onClick={() => pick(unit.unitId)}>
              <span className="suggestion-name">
                <strong>{unit.name}</strong> <span className="quiet">{T.tickets.points(unit.score)}</span>
              </span>
              {props.set && i < KEYED && <kbd>Alt {i + 1}</kbd>}
              <Reasons of={unit.reasons} />
            </button>
            {props.set && props.values?.leadUnitId !== unit.unitId && (
              <button type="button" className="suggestion-help" onClick={() => help(unit.unitId)}>
                {T.tickets.asHelper}
              </button>
            )}
          </li>
        ))}
      </ul>
      {!all && found.data.units.length > KEYED && (
        <button type="button" className="plain-button more-suggestions" onClick={() => setAll(true)}>
          {T.tickets.moreUnits(found.data.units.length - KEYED)}
        </button>
      )}
    </>
  );
  if (props.set)
    return (
      <section aria-label={T.tickets.suggestions} className="suggestions-inline">
        <h4>{T.tickets.suggestions}</h4>
        {body}
      </section>
    );
  return <DetailPanel title={T.tickets.suggestions}>{body}</DetailPanel>;
}

/** The weightiest reasons in sight; the others a press of "more" away, so that the form below stays in sight too. */
function Reasons({ of: reasons }: { of: Suggestions["units"][number]["reasons"] }) {
  const rest = reasons.slice(REASONS);
  return (
    <span className="suggestion-reasons">
      {reasons.slice(0, REASONS).map((reason) => (
        <span key={reason.text}>{reasonText(reason)}</span>
      ))}
      {rest.length > 0 && (
        <span className="quiet" title={rest.map(reasonText).join("\n")}>
          {T.tickets.moreReasons(rest.length)}
        </span>
      )}
    </span>
  );
}

function reasonText({ text, points }: { text: string; points: number }): string {
  return `${text} ${points > 0 ? "+" : ""}${points}`;
}
