/** 可引先例. Precedents that speak of this ticket, with why; one key cites one and takes its unit into the form. */
import type { Role } from "@jiesu/core/ticket/role.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useHotkeys } from "react-hotkeys-hook";
import { hasRole, useSession } from "../../api/session.ts";
import type { TicketDetail } from "../../api/types.ts";
import { PRECEDENTS } from "../../texts/ownership.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import type { FormValues } from "../tickets/moves/forms.ts";
import { type OfferedPrecedent, offeredQuery } from "./queries.ts";
import "./ownership.css";

const P = PRECEDENTS;
/** Whom the server tells. */
const SEES: readonly Role[] = ["triager", "shiftLead", "supervisor", "leader"];

export function OfferedPrecedents(props: {
  readonly ticket: TicketDetail;
  readonly values?: FormValues;
  readonly set?: (change: FormValues) => void;
}) {
  const session = useSession();
  const sees = hasRole(session, ...SEES);
  const found = useQuery({ ...offeredQuery(props.ticket.id), enabled: sees });
  const rows = found.data ?? [];
  const now = props.values?.precedents;
  const cited: readonly string[] = typeof now === "object" ? now : [];
  const cite = (one: OfferedPrecedent) => {
    if (!props.set) return;
    if (cited.includes(one.id)) return props.set({ precedents: cited.filter((id) => id !== one.id) });
    props.set({
      precedents: [...cited, one.id],
      leadUnitId: one.lead.id,
      coUnitIds: one.co.map((unit) => unit.id),
    });
  };
  useHotkeys(
    ["alt+7", "alt+8", "alt+9"],
    (event) => {
      const one = rows[Number(event.code.slice(-1)) - 7];
      if (one) cite(one);
    },
    { enabled: props.set !== undefined && rows.length > 0, enableOnFormTags: true, preventDefault: true },
  );
  if (!sees || rows.length === 0) return null;
  const body = (
    <ul className="offered">
      {rows.map((one, i) => (
        <li key={one.id} data-cited={cited.includes(one.id) || undefined}>
          <p className="offered-head">
            <Link to="/ownership/precedents/$id" params={{ id: one.precedentId }}>
              {one.number}
            </Link>
            <strong>{one.title}</strong>
            <span className="quiet">{P.points(one.score)}</span>
            {props.set && (
              <Button
                size="small"
                aria-pressed={cited.includes(one.id)}
                aria-keyshortcuts={i < 3 ? `Alt+${i + 7}` : undefined}
                onClick={() => cite(one)}
              >
                {cited.includes(one.id) ? P.citing1 : P.cite}
                {i < 3 && <kbd>Alt {i + 7}</kbd>}
              </Button>
            )}
          </p>
          <p>
            {P.goesTo(one.lead.name)}{" "}
            <span className="quiet">
              {!props.set && `${P.until(one.from, one.to)} · `}
              {P.cited} {P.citedTimes(one.cited)}
              {one.returned > 0 && ` · ${P.returned} ${P.citedTimes(one.returned)}`}
            </span>
          </p>
          <p className="quiet offered-why">
            {one.reasons.map(({ text, points }) => `${text} +${points}`).join("；")}
          </p>
        </li>
      ))}
    </ul>
  );
  if (props.set)
    return (
      <section aria-label={P.offered} className="suggestions-inline">
        <h4>{P.offered}</h4>
        {body}
      </section>
    );
  return <DetailPanel title={P.offered}>{body}</DetailPanel>;
}
