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
import { say } from "../../ui/toasts.tsx";
import { useForm } from "./columns.tsx";
import { useReturned } from "./moves/outbox.ts";
import { QueueList } from "./QueueList.tsx";
import { everyRow, listPages } from "./queries.ts";
import { EVERY, listQuery, type TicketSearch } from "./search.ts";
import { TicketList } from "./TicketList.tsx";
import { TicketView } from "./TicketView.tsx";
import { useSelection } from "./useSelection.ts";
import "./tickets.css";

export default function QueuePage() {
  const search = useSearch({ from: "/tickets" });
  const navigate = useNavigate({ from: "/tickets" });
  const session = useSession();
  const queues = useQuery(queuesQuery(session));
  const queue = search.queue ?? firstQueue(queues.data);
  const narrow = useMedia(NARROW);
  const { form } = useForm(narrow);
  useTitle(queues.data?.find((q) => q.key === queue)?.zh ?? T.nav.tickets);
  const change = useCallback(
    (next: Partial<TicketSearch>) => void navigate({ search: { ...search, queue, ...next }, replace: true }),
    [navigate, queue, search],
  );
  return (
    <div className="queue-page" data-form={form}>
      <h1 className="sr">{T.nav.tickets}</h1>
      <QueueList queues={queues.data} search={{ ...search, queue }} change={change} failed={queues.isError} />
      {queue !== undefined && <SplitView search={{ ...search, queue }} change={change} />}
    </div>
  );
}

/**
 * A list and the ticket that is open beside it. On a narrow screen the list alone; a ticket opens as its own page.
 */
function SplitView(props: {
  readonly search: TicketSearch;
  readonly change: (next: Partial<TicketSearch>) => void;
}) {
  const { search, change } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const narrow = useMedia(NARROW);
  const { form, setForm } = useForm(narrow);
  const options = listPages(search);
  const pages = useInfiniteQuery(options);
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.rows) ?? [], [pages.data]);
  const { changes, forget } = useChangedRows(rows, () => void pages.refetch());
  const openId = narrow ? undefined : (search.id ?? rows[0]?.id);
  const at = rows.findIndex((row) => row.id === openId);
  const selection = useSelection(rows, openId);
  const whole = useCallback(
    (id: string) => void navigate({ to: "/tickets/$id", params: { id } }),
    [navigate],
  );
  const open = useCallback((id: string) => (narrow ? whole(id) : change({ id })), [narrow, whole, change]);
  useEffect(() => {
    const next = rows[at + 1];
    if (at >= 0 && next && form === "rows") void queries.prefetchQuery(ticketQuery(next.id));
  }, [at, rows, queries, form]);
  const { clear } = selection;
  // Another list is another choice.
  const list = JSON.stringify(listQuery(search));
  useEffect(() => {
    if (list) clear();
  }, [list, clear]);

  const step = (by: 1 | -1, reaching = false) => {
    const next = rows[Math.max(0, at + by)];
    if (next && reaching) {
      if (openId && selection.ids.size === 0) selection.reach(openId);
      selection.reach(next.id);
    }
    if (next) open(next.id);
    if (at + by >= rows.length - 5 && pages.hasNextPage && !pages.isFetchingNextPage)
      void pages.fetchNextPage();
  };
  useHotkeys("j", () => step(1));
  useHotkeys("k", () => step(-1));
  useHotkeys("down,up,shift+down,shift+up", (event) => {
    if (!listHasFocus()) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1, event.shiftKey);
  });
  useHotkeys("enter", (event) => {
    if (!openId || !listHasFocus() || isControl(event.target)) return;
    whole(openId);
  });
  useHotkeys("x", () => openId && selection.toggle(openId));
  useHotkeys("esc", () => selection.clear());
  useHotkeys("v", () => !narrow && setForm(form === "rows" ? "table" : "rows"));
  usePageKeys(LIST_KEYS);

  /** Takes tickets that have left this list out of it; answers the one that comes in place of `openId`. */
  const leave = (gone: ReadonlySet<string>): TicketRow | undefined => {
    const behind = rows.slice(Math.max(0, at)).find((row) => !gone.has(row.id));
    const next = behind ?? rows.slice(0, Math.max(0, at)).findLast((row) => !gone.has(row.id));
    queries.setQueryData(
      options.queryKey,
      (old) =>
        old && {
          ...old,
          pages: old.pages.map((page) => ({ ...page, rows: page.rows.filter((row) => !gone.has(row.id)) })),
        },
    );
    if (search.queue === EVERY) void queries.invalidateQueries({ queryKey: options.queryKey });
    return next;
  };
  /** The move is done: what left the queue leaves the list, and the next ticket is taken. */
  const moved = (before: TicketDetail, after: TicketDetail | null) => {
    const answered =
      (search.queue === "extension" && isAnswered(before.extension, after?.extension)) ||
      (search.queue === "pause" && isAnswered(before.pause, after?.pause));
    if (after !== null && after.state === before.state && !answered) return;
    change({ id: leave(new Set([before.id]))?.id });
  };
  const bulkDone = (ids: readonly string[]) => {
    if (ids.length > 0) change({ id: leave(new Set(ids))?.id });
    else void pages.refetch();
  };
  const chooseAll = async () => {
    const { rows: all, more } = await everyRow(search);
    selection.choose(all);
    if (more) say(T.queue.chosenMost(all.length));
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
        onWhole={whole}
        changes={changes}
        selection={selection}
        chooseAll={chooseAll}
        onBulkDone={bulkDone}
        form={form}
        {...(narrow ? {} : { setForm })}
        onRefresh={() => {
          forget();
          void pages.refetch();
        }}
      />
      {!narrow && form === "rows" && (
        <section className="split-ticket" aria-label={T.tickets.openTicket}>
          {openId ? (
            <TicketView key={openId} id={openId} onMoved={moved} keysOff={selection.ids.size > 0} inList />
          ) : (
            <EmptyState title={T.tickets.nothingOpen}>{T.tickets.nothingOpenAbout}</EmptyState>
          )}
        </section>
      )}
    </>
  );
}

interface Asked {
  readonly pending: unknown;
}

/** In the queues of what a unit asks for: an answer takes a ticket out of it, its state stays. */
const isAnswered = (before: Asked | null, after: Asked | null | undefined): boolean =>
  before?.pending != null && after?.pending == null;

const NARROW = "(max-width: 900px)";
const LIST_KEYS = [T.queue.keys];

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
  return { changes: { rows: changed, fresh: fresh.size }, forget };
}

function isTyping(): boolean {
  return document.activeElement?.closest("input,textarea,select,dialog,[contenteditable]") != null;
}

/** The link that led here, which keeps the focus after a click. */
const HERE = 'nav a[aria-current="page"]';

/** Arrows move the list only when nothing else wants them: a text that scrolls keeps its own. */
function listHasFocus(): boolean {
  const active = document.activeElement;
  return (
    active === null ||
    active === document.body ||
    active.id === "main" ||
    active.closest(`.ticket-list, ${HERE}`) !== null
  );
}

/** A button or a field keeps its own Enter; the link of the queue that is open leads nowhere any more. */
function isControl(target: EventTarget | null): boolean {
  if (!(target instanceof Element) || target.closest(HERE)) return false;
  return target.closest("button,a,input,select,[role=separator]") !== null;
}

function firstQueue(queues: readonly Queue[] | undefined): string | undefined {
  if (queues === undefined) return undefined;
  return (queues.find((q) => q.count > 0) ?? queues[0])?.key ?? EVERY;
}
