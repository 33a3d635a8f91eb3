/** 工单上的督办. The items of this ticket with their state and term, each a step away. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { TicketDetail } from "../../api/types.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { useNow } from "../../ui/now.ts";
import { Due, LevelTag } from "./ItemsPage.tsx";
import { ofTicketQuery } from "./queries.ts";
import "./supervision.css";

const S = SUPERVISION;

export default function OnTicket({ ticket }: { ticket: TicketDetail }) {
  const now = useNow();
  const items = useQuery(ofTicketQuery(ticket.id, ticket.version));
  const rows = items.data?.rows ?? [];
  if (rows.length === 0) return null;
  return (
    <DetailPanel title={`${S.onTicket} ${rows.length}`}>
      <ul className="supervision-tickets">
        {rows.map((row) => (
          <li key={row.id}>
            <Link to="/supervision/$id" params={{ id: row.id }}>
              {row.title}
            </Link>{" "}
            <LevelTag row={row} /> {row.stateZh} <Due row={row} now={now} />
          </li>
        ))}
      </ul>
    </DetailPanel>
  );
}
