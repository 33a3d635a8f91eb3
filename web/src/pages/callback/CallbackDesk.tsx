/** 回访台. The call list at the left, what was asked and done in the middle, the talk at the right; one call after the other. */
import { isMove } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useCallback, useEffect, useMemo, useState } from "react";
import { useTicketChanges } from "../../api/live.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import type { CallList, ListedCall, TicketDetail } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { useMedia } from "../../ui/mode.tsx";
import { useTitle } from "../../ui/PageShell.tsx";
import { ScrollRegion } from "../../ui/ScrollRegion.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Assignments } from "../tickets/parts/Assignments.tsx";
import { Callbacks } from "../tickets/parts/Callbacks.tsx";
import { Facts } from "../tickets/parts/Facts.tsx";
import { Head } from "../tickets/parts/Head.tsx";
import { Text } from "../tickets/parts/Text.tsx";
import { Timeline } from "../tickets/parts/Timeline.tsx";
import { CallRows } from "./CallRows.tsx";
import { useDeskKeys } from "./keys.ts";
import { callsQuery, deskRulesQuery } from "./queries.ts";
import { CallbackTalk } from "./TalkPanel.tsx";
import "../tickets/tickets.css";
import "../tickets/ticket.css";
import "../tickets/reading.css";
import "../tickets/timeline.css";
import "../tickets/work.css";
import "./callback.css";

export default function CallbackDesk() {
  const search = useSearch({ from: "/callback" });
  const navigate = useNavigate({ from: "/callback" });
  const queries = useQueryClient();
  const narrow = useMedia("(max-width: 900px)");
  const calls = useQuery(callsQuery);
  useTitle(T.nav.callback);
  usePageKeys(T.callback.keys);
  const rows = useMemo(() => (calls.data ? [...calls.data.now, ...calls.data.later] : []), [calls.data]);
  const [stale, setStale] = useState(0);
  const refresh = useCallback(() => {
    setStale(0);
    void queries.invalidateQueries({ queryKey: callsQuery.queryKey });
  }, [queries]);
  useTicketChanges((change) => {
    if (!rows.some((row) => row.id === change.ticketId) && change.state !== "calling") return;
    if (rows.length === 0) refresh();
    else setStale((n) => n + 1);
  });
  // A ticket that was asked for stays open though it left the list; else the first of the list.
  const openId = narrow ? undefined : (search.id ?? rows[0]?.id);
  const open = useCallback(
    (id: string | undefined) =>
      narrow && id !== undefined
        ? void navigate({ to: "/tickets/$id", params: { id } })
        : void navigate({ search: { id }, replace: true }),
    [narrow, navigate],
  );
  const here = rows.findIndex((row) => row.id === openId);
  useEffect(() => {
    const next = rows[here + 1];
    if (next) void queries.prefetchQuery(ticketQuery(next.id));
  }, [here, rows, queries]);
  const step = (by: 1 | -1) => {
    const next = rows[Math.max(0, here + by)];
    if (next) open(next.id);
  };
  useDeskKeys({
    j: () => step(1),
    k: () => step(-1),
    ArrowDown: () => step(1),
    ArrowUp: () => step(-1),
    g: refresh,
  });

  /** The call is recorded: it leaves its place, and the next of the list is taken at once. */
  const done = (ticket: TicketDetail) => {
    const next = rows[here + 1] ?? rows.find((row) => row.id !== ticket.id);
    queries.setQueryData(callsQuery.queryKey, (old) => old && without(old, ticket.id));
    open(next?.id);
    refresh();
  };
  return (
    <div className="desk">
      <section className="ticket-list" aria-label={T.callback.list}>
        <header className="ticket-list-head call-head">
          <h1>{T.callback.heading}</h1>
          <span className="quiet">{calls.data && T.callback.now(calls.data.counts.now)}</span>
          {stale > 0 && (
            <Button type="link" className="stale-button" onClick={refresh}>
              {T.callback.stale(stale)}
            </Button>
          )}
        </header>
        {calls.isPending ? (
          <Loading what={T.loading} />
        ) : calls.isError ? (
          <Failed sentence={sentenceOf(calls.error)} retry={refresh} />
        ) : (
          <CallRows list={calls.data} openId={openId} onOpen={open} />
        )}
      </section>
      {!narrow && (
        <section className="desk-call" aria-label={T.tickets.openTicket}>
          {openId === undefined ? (
            <EmptyState title={T.callback.noneOpen}>{T.callback.emptyAbout}</EmptyState>
          ) : (
            <Call key={openId} id={openId} row={rows[here]} onDone={done} onNext={() => step(1)} />
          )}
        </section>
      )}
    </div>
  );
}

function Call(props: {
  id: string;
  row: ListedCall | undefined;
  onDone: (ticket: TicketDetail) => void;
  onNext: () => void;
}) {
  const found = useQuery(ticketQuery(props.id));
  const rules = useQuery(deskRulesQuery);
  if (found.isPending || rules.isPending) return <Loading what={T.loading} />;
  if (found.isError || rules.isError)
    return (
      <Failed
        sentence={sentenceOf(found.error ?? rules.error)}
        retry={() => void Promise.all([found.refetch(), rules.refetch()])}
      />
    );
  const ticket = found.data;
  const mayCall = ticket.moves.filter(isMove).includes("callback");
  return (
    <article className="desk-ticket" aria-label={`${T.tickets.ticket} ${ticket.number}`}>
      <div className="desk-reading">
        <Head ticket={ticket} inList />
        <ScrollRegion className="desk-text scrolls" label={T.callback.reading}>
          <Text ticket={ticket} />
          <Assignments ticket={ticket} />
          <Callbacks callbacks={ticket.callbacks} ticketId={ticket.id} />
          <Facts ticket={ticket} />
          <Timeline events={ticket.events} />
        </ScrollRegion>
      </div>
      {mayCall ? (
        <CallbackTalk ticket={ticket} row={props.row} rules={rules.data} onDone={props.onDone} />
      ) : (
        <div className="desk-talk desk-left">
          <Notice tone="near">{T.callback.left(ticket.stateZh)}</Notice>
          <Button onClick={props.onNext}>{T.callback.next}</Button>
        </div>
      )}
    </article>
  );
}

function without(list: CallList, id: string): CallList {
  const keep = (calls: readonly ListedCall[]) => calls.filter((call) => call.id !== id);
  const [now, later] = [keep(list.now), keep(list.later)];
  return {
    now,
    later,
    counts: {
      now: list.counts.now - (list.now.length - now.length),
      later: list.counts.later - (list.later.length - later.length),
    },
  };
}
