/** Number, state, title and the clocks: what one must know before reading. */
import { ArrowLeftOutlined, CopyOutlined, ExpandAltOutlined, PrinterOutlined } from "@ant-design/icons";
import { isLevel, LEVELS } from "@jiesu/core/deadline/level.ts";
import { Link, useRouter } from "@tanstack/react-router";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Tag } from "../../../ui/Tag.tsx";
import { say } from "../../../ui/toasts.tsx";
import { Clocks } from "./Clocks.tsx";
import { PeopleHere } from "./People.tsx";

export function Head({ ticket, inList }: { ticket: TicketDetail; inList: boolean }) {
  const router = useRouter();
  const Title = inList ? "h2" : "h1";
  const copy = async () => {
    await navigator.clipboard.writeText(ticket.number);
    say(T.tickets.copied(ticket.number));
  };
  return (
    <header className="ticket-head">
      <div className="ticket-head-line">
        {!inList && (
          <button
            type="button"
            className="icon-button"
            aria-label={T.back}
            title={T.back}
            onClick={() =>
              router.history.canGoBack() ? router.history.back() : void router.navigate({ to: "/tickets" })
            }
          >
            <ArrowLeftOutlined aria-hidden="true" />
          </button>
        )}
        <span className="ticket-number">{ticket.number}</span>
        <button
          type="button"
          className="icon-button small"
          aria-label={T.tickets.copy}
          title={T.tickets.copy}
          onClick={() => void copy()}
        >
          <CopyOutlined aria-hidden="true" />
        </button>
        <Tag tone="strong">{ticket.stateZh}</Tag>
        {isLevel(ticket.level) && (
          <Tag tone={ticket.level <= 2 ? "strong" : "plain"}>
            {LEVELS[ticket.level].short} · {LEVELS[ticket.level].zh}
          </Tag>
        )}
        {ticket.round > 1 && <Tag>{T.tickets.round(ticket.round)}</Tag>}
        {ticket.returns > 0 && <Tag>{T.tickets.returned(ticket.returns)}</Tag>}
        {ticket.mergedInto && (
          <Link to="/tickets/$id" params={{ id: ticket.mergedInto.id }}>
            {T.tickets.mergedInto(ticket.mergedInto.number)}
          </Link>
        )}
        <PeopleHere ticketId={ticket.id} />
        <Link
          to="/tickets/$id/print"
          params={{ id: ticket.id }}
          className="icon-button ticket-print"
          aria-label={T.ticket.print.open}
          title={T.ticket.print.open}
        >
          <PrinterOutlined aria-hidden="true" />
        </Link>
        {inList && (
          <Link
            to="/tickets/$id"
            params={{ id: ticket.id }}
            className="icon-button ticket-expand"
            aria-label={T.tickets.whole}
            title={T.tickets.whole}
          >
            <ExpandAltOutlined aria-hidden="true" />
          </Link>
        )}
      </div>
      <Title className="ticket-title">{ticket.title || ticket.excerpt}</Title>
      <Clocks ticket={ticket} />
    </header>
  );
}
