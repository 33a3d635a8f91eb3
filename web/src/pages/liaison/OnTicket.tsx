/** 工单上的协调单. The items that this ticket is linked to, how their parties stand, and where to begin one. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { hasRole, useSession } from "../../api/session.ts";
import type { TicketDetail } from "../../api/types.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { Tag } from "../../ui/Tag.tsx";
import { BEGINNERS } from "./may.ts";
import { liaisonsOfTicket } from "./queries.ts";
import "./liaison.css";

const L = LIAISON;

export default function OnTicket({ ticket }: { ticket: TicketDetail }) {
  const session = useSession();
  const now = useNow();
  const found = useQuery(liaisonsOfTicket(ticket.id, ticket.version));
  const rows = found.data?.rows ?? [];
  const begins = hasRole(session, ...BEGINNERS);
  if (rows.length === 0 && !(begins && session.unit === null)) return null;
  return (
    <DetailPanel
      title={rows.length === 0 ? L.onTicket : `${L.onTicket} ${rows.length}`}
      extra={
        begins && (
          <Link to="/liaison/new" search={{ ticket: ticket.id }}>
            {L.begin}
          </Link>
        )
      }
    >
      {rows.length === 0 ? null : (
        <ul className="liaison-tickets">
          {rows.map((row) => (
            <li key={row.id}>
              <Tag tone={row.overdue ? "overdue" : row.mine ? "mine" : "plain"}>
                {row.overdue ? `${row.dueZh}${L.overdueBy}` : row.stateZh}
              </Tag>{" "}
              <Link to="/liaison/$id" params={{ id: row.id }}>
                {row.number} {row.title}
              </Link>{" "}
              <span className="quiet">
                {row.last.stepZh} {shortText(row.last.at, now)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </DetailPanel>
  );
}
