/** 历史工单 of the same telephone number, and 相似工单: the same matter nearby or in like words, with why. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Reading, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { dayText } from "../../../ui/dates.ts";
import { Tag } from "../../../ui/Tag.tsx";
import { readingQuery } from "../queries.ts";

export function KinTickets({ ticket }: { ticket: TicketDetail }) {
  const { data } = useQuery(readingQuery(ticket.id));
  if (!data) return null;
  return (
    <>
      <Kin title={T.tickets.earlier(data.earlier.length)} of={data.earlier} />
      <Kin title={T.ticket.similar(data.similar.length)} of={data.similar} />
    </>
  );
}

type One = Reading["earlier"][number] & { readonly why?: string };

function Kin({ title, of: tickets }: { title: string; of: readonly One[] }) {
  if (tickets.length === 0) return null;
  return (
    <DetailPanel title={title}>
      <ul className="earlier">
        {tickets.map((old) => (
          <li key={old.id}>
            <Link to="/tickets/$id" params={{ id: old.id }} title={old.title}>
              {old.title || old.number}
            </Link>
            <span className="quiet">
              {dayText(old.receivedAt)} {old.unitName} <Tag>{old.stateZh}</Tag>
            </span>
            {old.why && <span className="quiet earlier-why">{old.why}</span>}
          </li>
        ))}
      </ul>
    </DetailPanel>
  );
}
