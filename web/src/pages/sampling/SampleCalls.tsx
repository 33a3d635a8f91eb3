/** 抽访名单. Whom to call, in the order of the lot, with the talk beside it: the desk's own panel, sent to the plan. */
import type { CallOutcome } from "@jiesu/core/sampling/call.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { ListedSample, SampledTicket, TicketDetail } from "../../api/types.ts";
import { SAMPLING } from "../../texts/sampling.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useDeskKeys } from "../callback/keys.ts";
import { deskRulesQuery } from "../callback/queries.ts";
import { TalkPanel } from "../callback/TalkPanel.tsx";
import { Assignments } from "../tickets/parts/Assignments.tsx";
import { Head } from "../tickets/parts/Head.tsx";
import { Text } from "../tickets/parts/Text.tsx";
import { sampleQuery } from "./queries.ts";
import "../tickets/tickets.css";
import "../tickets/ticket.css";
import "../tickets/reading.css";
import "../tickets/work.css";
import "../callback/callback.css";

const S = SAMPLING;

export function SampleCalls({ id }: { id: string }) {
  const { ticket } = useSearch({ from: "/sampling/$id" });
  const queries = useQueryClient();
  const navigate = useNavigate({ from: "/sampling/$id" });
  const list = useQuery(sampleQuery(id));
  const rows = list.data ? [...list.data.now, ...list.data.later] : [];
  const all: readonly (ListedSample | SampledTicket)[] = list.data ? [...rows, ...list.data.done] : [];
  const openId = ticket ?? all[0]?.id;
  const open = (to: string | undefined) => void navigate({ search: { ticket: to }, replace: true });
  const step = (by: 1 | -1) => {
    const at = all.findIndex((each) => each.id === openId);
    const next = all[Math.max(0, at + by)];
    if (next) open(next.id);
  };
  const nextId = rows[rows.findIndex((each) => each.id === openId) + 1]?.id;
  useEffect(() => {
    if (nextId) void queries.prefetchQuery(ticketQuery(nextId));
  }, [nextId, queries]);
  useDeskKeys({ j: () => step(1), k: () => step(-1) });
  if (list.isPending) return <Loading what={T.loading} />;
  if (list.isError) return <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />;
  const { now, later, done } = list.data;
  const listed = rows.find((each) => each.id === openId);
  const finished = done.find((each) => each.id === openId);
  return (
    <div className="sampling-desk card">
      <nav className="ticket-rows scrolls sampling-list" aria-label={S.list}>
        {rows.length === 0 && <EmptyState title={S.listDone}>{S.listDoneAbout}</EmptyState>}
        {now.map((each, at) => (
          <Row key={each.id} of={each} place={String(at + 1)} open={each.id === openId} onOpen={open} />
        ))}
        {later.length > 0 && <p className="call-part">{S.later(later.length)}</p>}
        {later.map((each) => (
          <Row key={each.id} of={each} place="·" open={each.id === openId} onOpen={open} />
        ))}
        {done.length > 0 && <p className="call-part">{S.done(done.length)}</p>}
        {done.map((each) => (
          <Row key={each.id} of={each} place="✓" open={each.id === openId} onOpen={open} />
        ))}
      </nav>
      {openId === undefined ? null : (
        <Call
          key={openId}
          plan={id}
          id={openId}
          row={listed}
          finished={finished}
          onDone={() => open(nextId)}
        />
      )}
    </div>
  );
}

function Row(props: {
  of: ListedSample | SampledTicket;
  place: string;
  open: boolean;
  onOpen: (id: string) => void;
}) {
  const { of: row } = props;
  const now = useNow();
  return (
    <button
      type="button"
      className="ticket-row call-row sampling-row-button"
      aria-current={props.open || undefined}
      onClick={() => props.onOpen(row.id)}
    >
      <span className="ticket-row-top">
        <span className="call-place quiet">{props.place}</span>
        <span className="ticket-row-title">{row.title || row.excerpt}</span>
        <span className="quiet call-unit">{row.unitName}</span>
      </span>
      <span className="call-why">
        <Tag>{row.channel}</Tag>
        {row.outcome !== null && <Tag tone="mine">{S.outcomes[row.outcome]}</Tag>}
        {row.outcome === null && row.plannedAt !== null && Date.parse(row.plannedAt) > now && (
          <Tag tone="mine">{T.callback.laterAt(shortText(row.plannedAt, now))}</Tag>
        )}
        {row.outcome === null && row.attempts.length > 0 && (
          <Tag>{T.callback.since(row.attempts.length)}</Tag>
        )}
      </span>
    </button>
  );
}

function Call(props: {
  plan: string;
  id: string;
  row: ListedSample | undefined;
  finished: SampledTicket | undefined;
  onDone: () => void;
}) {
  const { row, finished } = props;
  const session = useSession();
  const mayCall = hasRole(session, "caller", "shiftLead");
  const ticket = useQuery(ticketQuery(props.id));
  if (ticket.isPending) return <Loading what={T.loading} />;
  if (ticket.isError)
    return <Failed sentence={sentenceOf(ticket.error)} retry={() => void ticket.refetch()} />;
  return (
    <article className="desk-ticket" aria-label={`${T.tickets.ticket} ${ticket.data.number}`}>
      <div className="desk-reading">
        <Head ticket={ticket.data} inList />
        <div className="desk-text">
          <Text ticket={ticket.data} />
          <Assignments ticket={ticket.data} />
        </div>
      </div>
      {row && mayCall ? (
        <SampleTalk plan={props.plan} ticket={ticket.data} row={row} onDone={props.onDone} />
      ) : (
        <div className="desk-talk desk-left">
          <Notice>{finished ? S.finished : S.readOnly}</Notice>
          {finished && <Said of={finished} />}
        </div>
      )}
    </article>
  );
}

function Said({ of: said }: { of: SampledTicket }) {
  const lines = (["contacted", "solved", "satisfied"] as const).flatMap((question) => {
    const names: Readonly<Record<string, string>> = T.callback.answers[question];
    const answer = names[said[question] ?? ""];
    const why = said.reasons[question];
    return answer ? [`${T.callback.questions[question]}：${answer}${why ? `（${why.zh}）` : ""}`] : [];
  });
  return (
    <ul className="sampling-said">
      {said.outcome !== null && <li>{S.outcomes[said.outcome]}</li>}
      {[...lines, said.reason, said.note]
        .filter((line) => line !== "")
        .map((line) => (
          <li key={line}>{line}</li>
        ))}
      <li className="quiet">
        {said.caller} {said.calledAt && shortText(said.calledAt, Date.now())}
      </li>
    </ul>
  );
}

function SampleTalk(props: { plan: string; ticket: TicketDetail; row: ListedSample; onDone: () => void }) {
  const { plan, ticket, row } = props;
  const session = useSession();
  const queries = useQueryClient();
  const rules = useQuery(deskRulesQuery);
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  if (rules.isPending) return <Loading what={T.loading} />;
  if (rules.isError) return <Failed sentence={sentenceOf(rules.error)} retry={() => void rules.refetch()} />;
  const path = { id: plan, ticketId: ticket.id };
  const send = async (move: "callback" | "callbackMissed", input: Record<string, unknown>) => {
    setPending(true);
    setProblem(null);
    try {
      // The desk's own words for a call, of which a missed one is a move of its own.
      const body = { ...input, outcome: outcomeOf(move, input.outcome) };
      await bodyOf(
        http.POST("/api/sampling/plans/{id}/tickets/{ticketId}/calls", { params: { path }, body }),
      );
      return true;
    } catch (thrown) {
      setProblem(thrown);
      return false;
    } finally {
      setPending(false);
      await queries.invalidateQueries({ queryKey: ["sampling"] });
    }
  };
  return (
    <TalkPanel
      ticket={ticket}
      row={row}
      rules={rules.data}
      draftName={`${session.login}.${plan}.${ticket.id}.sampling`}
      isPending={isPending}
      problem={problem}
      send={send}
      dial={() => bodyOf(http.POST("/api/sampling/plans/{id}/tickets/{ticketId}/dial", { params: { path } }))}
      enough={S.enough}
      recorded={false}
      onDone={props.onDone}
    />
  );
}

function outcomeOf(move: "callback" | "callbackMissed", said: unknown): CallOutcome {
  if (move === "callbackMissed") return "missed";
  return said === "refused" || said === "unreached" ? said : "answered";
}
