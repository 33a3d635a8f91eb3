/** 诉求内容. The text, with the places marked that the suggestions rest on, and what was answered. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { hasRole, useSession } from "../../../api/session.ts";
import type { Suggestions, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { type Mark, Marked } from "../../../ui/Marked.tsx";
import { suggestionsQuery } from "../queries.ts";
import { seesSuggestions } from "./Suggestions.tsx";

export function Text({ ticket }: { ticket: TicketDetail }) {
  const session = useSession();
  const suggestions = useQuery({
    ...suggestionsQuery(ticket.id),
    enabled: hasRole(session, ...seesSuggestions),
  });
  const marks = useMemo(() => marksOf(suggestions.data), [suggestions.data]);
  return (
    <>
      <DetailPanel title={T.tickets.content}>
        <p className="ticket-content">
          {ticket.content ? (
            <Marked text={ticket.content} marks={marks} />
          ) : (
            <span className="quiet">{T.tickets.noText}</span>
          )}
        </p>
        {ticket.address && (
          <p className="ticket-address">
            <span className="quiet">{T.tickets.address}</span> {ticket.address}
          </p>
        )}
      </DetailPanel>
      {ticket.reply && (
        <DetailPanel title={T.tickets.reply}>
          <p className="ticket-content">{ticket.reply}</p>
        </DetailPanel>
      )}
    </>
  );
}

/** Streets and communities that the text names: what the suggestions rest on. */
function marksOf(suggestions: Suggestions | undefined): readonly Mark[] {
  return (suggestions?.places ?? []).map(({ start, end, kind, name }) => ({
    start,
    end,
    why: `${kind === "street" ? T.tickets.names.street : T.tickets.names.community}：${name}`,
  }));
}
