/** 工单队列. Queues at the left, the list in the middle, the ticket at the right; hands stay on the keyboard. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { type TicketChange, useTicketChanges } from "../../api/live.ts";
import { queuesQuery, ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import type { Queue, TicketDetail, TicketRow } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { useMedia } from "../../ui/mode.tsx";
import { useTitle } from "../../ui/PageShell.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { useReturned } from "./moves/outbox.ts";
import { QueueList } from "./QueueList.tsx";
import { listPages } from "./queries.ts";
import { EVERY, type TicketSearch } from "./search.ts";
import { TicketList } from "./TicketList.tsx";
import { TicketView } from "./TicketView.tsx";
import "./tickets.css";

export default function QueuePage() {
  const search = useSearch({ from: "/tickets" });
  const navigate = useNavigate({ from: "/tickets" });
  const session = useSession();
  const queues = useQuery(queuesQuery(session));
  const queue = search.queue ?? firstQueue(queues.data);
  useTitle(queues.data?.find((q) => q.key === queue)?.zh ?? T.nav.tickets);
  const change = useCallback(
    (next: Partial<TicketSearch>) => void navigate({ search: { ...search, queue, ...next }, replace: true }),
    [navigate, queue, search],
  );
  return (
    <div className="queue-page">
      <h1 className="sr">{T.nav.tickets}</h1>
      <QueueList queues={queues.data} chosen={queue} failed={queues.isError} />
      {queue !== undefined && (
        <SplitView search={{ ...search, queue }} change={change} openFirst={session.unit === null} />
      )}
    </div>
  );
}

/**
 * A list and the ticket that is open beside it. On a narrow screen the list alone; a ticket opens as its own page.
 * `autoMove` opens that form with every ticket (the callback desk works so).
 */
export function SplitView(props: {
  readonly search: TicketSearch;
  readonly change: (next: Partial<TicketSearch>) => void;
  readonly openFirst?: boolean;
  readonly autoMove?: "callback";
  readonly heading?: string;
}) {
  const { search, change } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const narrow = useMedia("(max-width: 900px)");
  const options = listPages(search);
  const pages = useInfiniteQuery(options);
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  const { changed, forget } = useChangedRows(rows, () => void pages.refetch());
  const openId = narrow ? undefined : (search.id ?? rows[0]?.id);
  const at = rows.findIndex((row) => row.id === openId);
  const open = useCallback(
    (id: string) => (narrow ? void navigate({ to: "/tickets/$id", params: { id } }) : change({ id })),
    [narrow, navigate, change],
  );
  useEffect(() => {
    const next = rows[at + 1];
    if (at >= 0 && next) void queries.prefetchQuery(ticketQuery(next.id));
  }, [at, rows, queries]);

  const step = (by: 1 | -1) => {
    const next = rows[Math.max(0, at + by)];
    if (next) open(next.id);
    if (at + by >= rows.length - 5 && pages.hasNextPage && !pages.isFetchingNextPage)
      void pages.fetchNextPage();
  };
  useHotkeys("j", () => step(1));
  useHotkeys("k", () => step(-1));
  useHotkeys("down,up", (event) => {
    if (!listHasFocus()) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  });
  useHotkeys("enter", () => {
    if (openId && listHasFocus()) void navigate({ to: "/tickets/$id", params: { id: openId } });
  });
  usePageKeys(T.tickets.listKeys);

  /** The move is done: what left the queue leaves the list, and the next ticket is taken. */
  const moved = (before: TicketDetail, after: TicketDetail | null) => {
    if (after !== null && after.state === before.state) return;
    const here = rows.findIndex((row) => row.id === before.id);
    const next = rows[here + 1] ?? rows[here - 1];
    queries.setQueryData(
      options.queryKey,
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((page) => ({
            ...page,
            rows: page.rows.filter((row) => row.id !== before.id),
          })),
        },
    );
    if (search.queue === EVERY) void queries.invalidateQueries({ queryKey: options.queryKey });
    change({ id: next?.id });
  };
  // A move that was refused after its ticket had been left: the row is back, and the form too unless one is typing.
  useReturned((id) => {
    void pages.refetch();
    if (!isTyping()) open(id);
  });
  return (
    <>
      <TicketList
        search={search}
        change={change}
        pages={pages}
        rows={rows}
        openId={openId}
        onOpen={open}
        changed={changed}
        heading={props.heading}
        onRefresh={() => {
          forget();
          void pages.refetch();
        }}
      />
      {!narrow && (
        <section className="split-ticket" aria-label={T.tickets.openTicket}>
          {openId ? (
            <TicketView
              key={openId}
              id={openId}
              onMoved={moved}
              {...(props.autoMove ? { autoMove: props.autoMove } : {})}
              inList
            />
          ) : (
            <EmptyState title={T.tickets.nothingOpen}>{T.tickets.nothingOpenAbout}</EmptyState>
          )}
        </section>
      )}
    </>
  );
}

/** What somebody changed since the list was read: told, not moved. An empty list has nothing to move and is read anew. */
function useChangedRows(rows: readonly TicketRow[], readAnew: () => void) {
  const [changed, setChanged] = useState<ReadonlyMap<string, TicketChange>>(new Map());
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set());
  useTicketChanges((change) => {
    if (rows.length === 0) return readAnew();
    const row = rows.find((r) => r.id === change.ticketId);
    if (row === undefined) {
      // Another ticket of a state that this list shows: it may belong here.
      if (rows.some((r) => r.state === change.state)) setFresh((old) => new Set(old).add(change.ticketId));
    } else if (row.version < change.version) setChanged((old) => new Map(old).set(change.ticketId, change));
  });
  const forget = useCallback(() => {
    setChanged(new Map());
    setFresh(new Set());
  }, []);
  return { changed: { rows: changed, fresh: fresh.size }, forget };
}

function isTyping(): boolean {
  return document.activeElement?.closest("input,textarea,select,dialog,[contenteditable]") != null;
}

/** Arrows move the list only when nothing else wants them: a text that scrolls keeps its own. */
function listHasFocus(): boolean {
  const active = document.activeElement;
  return (
    active === null ||
    active === document.body ||
    active.id === "main" ||
    active.closest(".ticket-list") !== null
  );
}

function firstQueue(queues: readonly Queue[] | undefined): string | undefined {
  if (queues === undefined) return undefined;
  return (queues.find((q) => q.count > 0) ?? queues[0])?.key ?? EVERY;
}
