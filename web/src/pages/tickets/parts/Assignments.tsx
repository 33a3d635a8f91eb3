/** 承办情况. Lead and co-handlers of every round, the running one first, with what each did and when. */
import type { Assignment, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";
import { Tag } from "../../../ui/Tag.tsx";
import { CoForm } from "../moves/CoForm.tsx";

export function Assignments({
  ticket,
  onWriting = () => {},
}: {
  ticket: TicketDetail;
  onWriting?: (writing: boolean) => void;
}) {
  if (ticket.assignments.length === 0) return null;
  const rounds = [...new Set(ticket.assignments.map((a) => a.round))].sort((a, b) => b - a);
  return (
    <DetailPanel title={T.tickets.assignments}>
      {rounds.map((round, i) => {
        const of = ticket.assignments.filter((a) => a.round === round);
        const all = of.map((a) => (
          <One key={a.id} of={a} ticket={ticket} folded={i > 0} onWriting={onWriting} />
        ));
        if (i === 0)
          return (
            <div key={round} className="round">
              {rounds.length > 1 && <h4 className="quiet">{T.tickets.round(round)}</h4>}
              {all}
            </div>
          );
        return (
          <details key={round} className="round">
            <summary>
              {T.tickets.round(round)} · {of.map((a) => `${a.unit.name} ${a.stateZh}`).join("，")}
            </summary>
            {all}
          </details>
        );
      })}
    </DetailPanel>
  );
}

function One(props: {
  of: Assignment;
  ticket: TicketDetail;
  folded: boolean;
  onWriting: (writing: boolean) => void;
}) {
  const { of: a, ticket, folded } = props;
  const now = useNow();
  const A = T.tickets.assignment;
  const steps: [string, string | null][] = [
    [A.dispatched, a.dispatchedAt],
    [A.accepted, a.acceptedAt],
    [A.contacted, a.contactedAt],
    [A.reported, a.reportedAt],
    [a.endedAs === "returned" ? A.returned : A.ended, a.endedAt],
  ];
  const coMoves = ticket.coMoves.find((each) => each.assignmentId === a.id);
  const head = (
    <>
      <Tag tone={a.part === "lead" ? "strong" : "plain"}>{a.part === "lead" ? A.lead : A.co}</Tag>
      <strong>{a.unit.name}</strong>
      <span className="quiet">{a.stateZh}</span>
      {a.designated && <Tag>{A.designated}</Tag>}
    </>
  );
  const told = (
    <>
      <p className="assignment-steps">
        {steps
          .filter((step): step is [string, string] => step[1] !== null)
          .map(([zh, at]) => (
            <span key={zh}>
              {zh} {shortText(at, now)}
            </span>
          ))}
        {a.contactWay && <span>{A.way(a.contactWay)}</span>}
      </p>
      {!folded && a.opinion && !saidToLead(a, ticket) && (
        <p>
          <span className="quiet">{A.opinion}</span> {a.opinion}
        </p>
      )}
      {!folded && a.report && (
        <p className="assignment-report">
          <span className="quiet">{A.report}</span> {a.report}
        </p>
      )}
      {coMoves && (
        <CoForm ticket={ticket} assignmentId={a.id} moves={coMoves.moves} onWriting={props.onWriting} />
      )}
    </>
  );
  // A helper who has done its part is told in a line; what it wrote is one press away.
  if (a.part === "co" && a.endedAt !== null && !coMoves)
    return (
      <details className="assignment">
        <summary className="assignment-head">
          {head}
          <span className="quiet">{shortText(a.endedAt, now)}</span>
        </summary>
        {told}
      </details>
    );
  return (
    <div className="assignment">
      <p className="assignment-head">{head}</p>
      {told}
    </div>
  );
}

/** A dispatch says one opinion to all its units: it stands with the lead. */
function saidToLead(a: Assignment, ticket: TicketDetail): boolean {
  if (a.part === "lead") return false;
  return ticket.assignments.some(
    (lead) => lead.part === "lead" && lead.round === a.round && lead.opinion === a.opinion,
  );
}
