/** The queues of my roles and the saved views that I may use, with their counts. */
import { EllipsisOutlined, PlusOutlined } from "@ant-design/icons";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Queue, View } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Count } from "../../ui/Tag.tsx";
import { useColumns } from "./columns.tsx";
import { EVERY, listQuery, searchOf, type TicketSearch } from "./search.ts";
import { ViewDialog } from "./ViewDialog.tsx";
import { useViews } from "./views.ts";

export function QueueList(props: {
  readonly queues: readonly Queue[] | undefined;
  /** What the list shows now, with its queue. */
  readonly search: TicketSearch;
  readonly change: (next: Partial<TicketSearch>) => void;
  readonly failed: boolean;
}) {
  const { search } = props;
  const chosen = search.view === undefined ? search.queue : undefined;
  const { views, failed, countOf, shift } = useViews();
  const [editing, setEditing] = useState<View | "new" | null>(null);
  const { columns } = useColumns(listName(search));
  const view = editing === "new" ? undefined : (views.find((v) => v.id === editing?.id) ?? undefined);
  return (
    <nav className="queue-list scrolls" aria-label={T.tickets.queues}>
      <h2>{T.tickets.queues}</h2>
      {props.failed && <p className="quiet">{T.tickets.queuesFailed}</p>}
      <ul>
        {props.queues?.map((queue) => (
          <li key={queue.key}>
            <QueueLink to={{ queue: queue.key }} zh={queue.zh} chosen={chosen === queue.key}>
              <Count value={queue.count} tone={toneOf(queue.key)} />
            </QueueLink>
          </li>
        ))}
        <li className="queue-every">
          <QueueLink to={{ queue: EVERY }} zh={T.tickets.every} chosen={chosen === EVERY} />
        </li>
      </ul>
      <h2 className="views-head">
        {T.queue.views}
        <button
          type="button"
          className="plain-button"
          aria-label={T.queue.saveView}
          title={T.queue.saveViewHint}
          onClick={() => setEditing("new")}
        >
          <PlusOutlined aria-hidden="true" />
        </button>
      </h2>
      {failed && <p className="quiet">{T.queue.viewsFailed}</p>}
      <ul className="view-list">
        {views.map((each) => (
          <li key={each.id} className="view-item">
            <QueueLink
              to={searchOf(each.id, each.filter, each.sort)}
              zh={each.name}
              chosen={search.view === each.id}
              title={each.mine ? each.name : `${each.name}（${T.queue.by(each.ownerName)}）`}
            >
              <ViewCount of={countOf(each.id)} />
            </QueueLink>
            <button
              type="button"
              className="plain-button view-menu"
              aria-label={T.queue.viewMenu(each.name)}
              onClick={() => setEditing(each)}
            >
              <EllipsisOutlined aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      {editing !== null && (editing === "new" || view) && (
        <ViewDialog
          view={view}
          query={listQuery(search)}
          columns={columns}
          onSaved={(id) => props.change({ view: id })}
          onRemoved={() => props.change({ view: undefined })}
          onShift={(by) => view && shift(view.id, by)}
          onClose={() => setEditing(null)}
        />
      )}
    </nav>
  );
}

/** The list whose columns are kept together: a queue's, a view's. */
export function listName(search: TicketSearch): string {
  return search.view === undefined ? (search.queue ?? EVERY) : `view-${search.view}`;
}

function ViewCount({ of }: { of: { count: number | null; more: boolean } | undefined }) {
  if (of === undefined) return null;
  if (of.count === null)
    return (
      <span className="count" data-tone="none" title={T.queue.longCount}>
        —
      </span>
    );
  if (!of.more) return <Count value={of.count} />;
  return <span className="count">{T.queue.moreThan(of.count - 1)}</span>;
}

function QueueLink(props: {
  to: TicketSearch;
  zh: string;
  chosen: boolean;
  title?: string;
  children?: React.ReactNode;
}) {
  return (
    <Link
      to="/tickets"
      search={props.to}
      className="queue-link"
      title={props.title}
      data-chosen={props.chosen || undefined}
      aria-current={props.chosen ? "page" : undefined}
    >
      <span className="queue-name">{props.zh}</span>
      {props.children}
    </Link>
  );
}

function toneOf(key: string): "mine" | "near" | "overdue" {
  if (key.endsWith("overdue")) return "overdue";
  return key.endsWith("near") ? "near" : "mine";
}
