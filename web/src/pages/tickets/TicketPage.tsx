/** 工单页. One ticket on a page of its own. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { ticketQuery } from "../../api/queries.ts";
import { T } from "../../texts.ts";
import { useTitle } from "../../ui/PageShell.tsx";
import { TicketView } from "./TicketView.tsx";

export default function TicketPage() {
  const { id } = useParams({ from: "/tickets/$id" });
  const navigate = useNavigate();
  const ticket = useQuery(ticketQuery(id));
  useTitle(ticket.data?.number ?? T.tickets.ticket);
  return (
    <div className="ticket-page">
      <TicketView
        key={id}
        id={id}
        onMoved={(_before, after) => after === null && void navigate({ to: "/tickets" })}
      />
    </div>
  );
}
