/** The queues of my roles with their counts. */
import { Link } from "@tanstack/react-router";
import type { Queue } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Count } from "../../ui/Tag.tsx";
import { EVERY } from "./search.ts";

export function QueueList(props: {
  queues: readonly Queue[] | undefined;
  chosen: string | undefined;
  failed: boolean;
}) {
  return (
    <nav className="queue-list scrolls" aria-label={T.tickets.queues}>
      <h2>{T.tickets.queues}</h2>
      {props.failed && <p className="quiet">{T.tickets.queuesFailed}</p>}
      <ul>
        {props.queues?.map((queue) => (
          <li key={queue.key}>
            <QueueLink to={queue.key} zh={queue.zh} chosen={props.chosen === queue.key}>
              <Count value={queue.count} tone={toneOf(queue.key)} />
            </QueueLink>
          </li>
        ))}
        <li className="queue-every">
          <QueueLink to={EVERY} zh={T.tickets.every} chosen={props.chosen === EVERY} />
        </li>
      </ul>
    </nav>
  );
}

function QueueLink(props: { to: string; zh: string; chosen: boolean; children?: React.ReactNode }) {
  return (
    <Link
      to="/tickets"
      search={{ queue: props.to }}
      className="queue-link"
      data-chosen={props.chosen || undefined}
      aria-current={props.chosen ? "page" : undefined}
    >
      <span>{props.zh}</span>
      {props.children}
    </Link>
  );
}

function toneOf(key: string): "mine" | "near" | "overdue" {
  if (key.endsWith("overdue")) return "overdue";
  return key.endsWith("near") ? "near" : "mine";
}
