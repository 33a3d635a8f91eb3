/** Sends a move, puts what came of it into every list and page that shows it, and keeps a refusal for its form. */
import { CO_LIFECYCLE, type CoMove } from "@jiesu/core/ticket/cohandling.ts";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useRef, useState } from "react";
import { Problem, sentenceOf } from "../../../api/problem.ts";
import { ticketQuery } from "../../../api/queries.ts";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { dropDraft } from "../../../ui/drafts.ts";
import { hold, say, sayUndoable } from "../../../ui/toasts.tsx";
import { type Answer, forgetRefusal, isLineFault, keepRefusal, sendCoMove, sendMove } from "./outbox.ts";
import { useTakeBack } from "./useTakeBack.ts";

export function draftKey(login: string, ticketId: string, move: string): string {
  return `${login}.${ticketId}.${move}`;
}

export function useMove(ticket: TicketDetail) {
  const queries = useQueryClient();
  const session = useSession();
  const takeBack = useTakeBack();
  const [isPending, setPending] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const trying = useRef<AbortController | null>(null);

  /** What was done, in every place that shows it. */
  const put = useCallback(
    (after: TicketDetail | null) => {
      if (after === null) queries.removeQueries({ queryKey: ticketQuery(ticket.id).queryKey });
      else queries.setQueryData(ticketQuery(ticket.id).queryKey, after);
      void queries.invalidateQueries({ queryKey: ["queues"] });
      void queries.invalidateQueries({ queryKey: ["tickets", "few"] });
    },
    [queries, ticket.id],
  );
  const readAnew = useCallback(
    () => void queries.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey }),
    [queries, ticket.id],
  );
  const undoOf = (after: TicketDetail | null) => (after?.undo ? () => void takeBack(ticket) : undefined);

  const settle = async (call: Promise<Answer>, zh: string): Promise<TicketDetail | null | undefined> => {
    setPending(true);
    setProblem(null);
    forgetRefusal(ticket.id);
    try {
      const { ticket: after } = await call;
      put(after);
      const told = T.moves.done(ticket.number, zh);
      const undo = undoOf(after);
      if (undo) sayUndoable(told, undo);
      else say(told);
      return after;
    } catch (thrown) {
      setProblem(thrown);
      // Somebody was quicker, or the state has changed: show the ticket as it is now; what was typed stays.
      if (thrown instanceof Problem && thrown.status === 409) readAnew();
      return undefined;
    } finally {
      setPending(false);
      setWaiting(false);
    }
  };

  /** The ticket as it is afterwards, null when it left my sight, undefined when the move was refused. */
  const send = async (move: Move, input: Record<string, unknown>) => {
    trying.current = new AbortController();
    const call = sendMove(ticket, move, input, () => setWaiting(true), trying.current.signal);
    const after = await settle(call, stepOf(move).zh);
    if (after !== undefined) dropDraft(draftKey(session.login, ticket.id, move));
    return after;
  };

  /**
   * The same for a ticket that is left at once: nothing is said to be done before the server says so, the draft stays
   * until then, and a refusal brings the ticket back with its form.
   */
  const leave = (move: Move, input: Record<string, unknown>): void => {
    const { zh } = stepOf(move);
    const told = hold(T.moves.sending(ticket.number, zh));
    forgetRefusal(ticket.id);
    const never = new AbortController().signal;
    void sendMove(ticket, move, input, () => told.change(T.moves.waitingFor(ticket.number, zh)), never)
      .then(({ ticket: after }) => {
        dropDraft(draftKey(session.login, ticket.id, move));
        put(after);
        told.done(T.moves.done(ticket.number, zh), undoOf(after));
      })
      .catch((thrown: unknown) => {
        readAnew();
        keepRefusal({ ticketId: ticket.id, move, problem: thrown });
        told.wrong(T.moves.notDone(ticket.number, zh, sentenceOf(thrown)));
      });
  };

  const sendCo = (assignmentId: string, move: CoMove, text: string) => {
    trying.current = new AbortController();
    const call = sendCoMove(ticket, assignmentId, move, text, () => setWaiting(true), trying.current.signal);
    return settle(call, CO_LIFECYCLE.find((step) => step.move === move)?.zh ?? "");
  };

  return {
    isPending,
    /** The line is broken; it is sent again by itself. */
    waiting,
    problem,
    /** Whether a move was sent and no answer came: it may have been made. */
    unknown: isLineFault(problem),
    send,
    leave,
    sendCo,
    stop: () => trying.current?.abort(),
  };
}
