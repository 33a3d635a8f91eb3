/** 基本信息. What is known of the ticket beside its text; columns that the sender had and we have not, last. */
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel, Facts as List } from "../../../ui/DetailPanel.tsx";
import { minuteText } from "../../../ui/dates.ts";

export function Facts({ ticket }: { ticket: TicketDetail }) {
  const N = T.tickets.names;
  const at = (iso: string | null) => iso && minuteText(iso);
  const extra = Object.entries(ticket.extra).filter(
    (pair): pair is [string, string | number] => typeof pair[1] === "string" || typeof pair[1] === "number",
  );
  return (
    <>
      <DetailPanel title={T.tickets.facts}>
        <List
          of={[
            [N.channel, ticket.channel],
            [
              N.path,
              Object.entries(T.tickets.paths).find(([key]) => key === ticket.path)?.[1] ?? ticket.path,
            ],
            [N.kind, ticket.kind],
            [N.category, ticket.category],
            [N.street, [ticket.district, ticket.street].filter(Boolean).join(" ")],
            [N.community, ticket.community],
            [N.address, ticket.address],
            [N.enterprise, ticket.enterprise],
            [N.leadUnit, ticket.leadUnit?.name],
            [N.received, minuteText(ticket.receivedAt)],
            [N.cityDispatched, at(ticket.cityDispatchedAt)],
            [N.cityDue, at(ticket.cityDueAt)],
            [N.closed, at(ticket.closedAt)],
          ]}
        />
      </DetailPanel>
      {extra.length > 0 && (
        <details className="panel ticket-extra">
          <summary>{T.tickets.extra(extra.length)}</summary>
          <div className="panel-body">
            <List of={extra} />
          </div>
        </details>
      )}
    </>
  );
}
