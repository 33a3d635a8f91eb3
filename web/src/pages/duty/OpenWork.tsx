/** 在办情况. How many are in each queue, and the tickets that are late or nearly: now, or as they stood at a hand-over. */
import { Link } from "@tanstack/react-router";
import type { Handover } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { WATCH } from "../../texts/watch.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { Tag } from "../../ui/Tag.tsx";

export function OpenWork({ open }: { open: Handover["open"] }) {
  const now = useNow();
  return (
    <div className="open-work">
      <ul className="open-queues">
        {open.queues
          .filter((queue) => queue.count > 0)
          .map((queue) => (
            <li key={queue.key}>
              <span className="quiet">{queue.zh}</span> <strong>{queue.count}</strong>
            </li>
          ))}
      </ul>
      {open.watch.length > 0 && (
        <p>
          <span className="quiet">{WATCH.handover.went}</span>{" "}
          {open.watch.map((each) => WATCH.handover.wentTo(each.to, each.count)).join("，")}
        </p>
      )}
      {open.tickets.length === 0 && <p className="quiet">{DUTY.openEmpty}</p>}
      <ul className="open-tickets">
        {open.tickets.map((ticket) => (
          <li key={ticket.id}>
            <Tag tone={ticket.overdue ? "overdue" : "near"}>{ticket.overdue ? DUTY.overdue : DUTY.near}</Tag>
            <Link to="/tickets/$id" params={{ id: ticket.id }}>
              {ticket.number} {ticket.title}
            </Link>
            <span className="quiet">
              {[ticket.stateZh, ticket.unit, ticket.dueAt && shortText(ticket.dueAt, now)]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
