/** 工单上的确权. The cases of this ticket, the precedents that its rounds cite and what the unit says against them; after the third return, the way to a case. */
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import type { TicketDetail } from "../../api/types.ts";
import { OWNERSHIP } from "../../texts/ownership.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { ownershipOfTicket } from "./queries.ts";
import { StandingTag } from "./Scope.tsx";
import "../exemption/exemption.css";
import "./ownership.css";

const O = OWNERSHIP;

export default function OnTicket({ ticket, onMove }: { ticket: TicketDetail; onMove: (move: Move) => void }) {
  const found = useQuery(ownershipOfTicket(ticket.id, ticket.version));
  const cases = found.data?.cases ?? [];
  const cited = found.data?.cited ?? [];
  const offer = ticket.moves.includes("openOwnership") && ticket.returns >= ticket.guards.maxReturns;
  if (cases.length + cited.length === 0 && !offer) return null;
  return (
    <DetailPanel title={O.onTicket}>
      {offer && (
        <Notice tone="near">
          {O.offerCase(ticket.returns)}{" "}
          <Button size="small" onClick={() => onMove("openOwnership")}>
            {O.openCase}
          </Button>
        </Notice>
      )}
      <ul className="step-list">
        {cases.map((each) => (
          <li key={each.id}>
            <Tag tone={each.dueAt === null ? "plain" : "strong"}>{each.stateZh}</Tag>
            <span>
              <Link to="/ownership/$id" params={{ id: each.id }}>
                {each.number}
              </Link>{" "}
              <span className="quiet">{O.claimed(each.claimed, each.parties.length)}</span>
            </span>
          </li>
        ))}
      </ul>
      {cited.length > 0 && (
        <>
          <h4>{O.cited}</h4>
          <ul className="offered">
            {cited.map((each) => (
              <li key={`${each.versionId} ${each.round}`}>
                <p className="offered-head">
                  {each.precedentId === null ? (
                    <strong>{each.number}</strong>
                  ) : (
                    <Link to="/ownership/precedents/$id" params={{ id: each.precedentId }}>
                      {each.number}
                    </Link>
                  )}
                  <span>{each.title}</span>
                  <StandingTag of={each} />
                </p>
                <p className="case-words quiet">{each.reason}</p>
                {each.returned !== null && (
                  <Notice tone="near">
                    {each.returned === "asked" ? O.askedBack(each.ground) : O.gaveBack(each.ground)}
                  </Notice>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </DetailPanel>
  );
}
