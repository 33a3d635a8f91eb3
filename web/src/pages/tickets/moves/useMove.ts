/** Sends a move, puts what came of it into every list and page that shows it, and keeps a refusal for its form. */
import { CO_LIFECYCLE, type CoMove } from "@jiesu/core/ticket/cohandling.ts";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { Problem } from "../../../api/problem.ts";
import { ticketQuery } from "../../../api/queries.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { say, sayUndoable } from "../../../ui/toasts.tsx";
import { useTakeBack } from "./useTakeBack.ts";

export function draftKey(login: string, ticketId: string, move: string): string {
  return `${login}.${ticketId}.${move}`;
}

interface Answer {
  readonly ticket: TicketDetail | null;
}

export function useMove(ticket: TicketDetail) {
  const queries = useQueryClient();
  const takeBack = useTakeBack();
  const [isPending, setPending] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);

  const settle = useCallback(
    async (call: Promise<Answer>, zh: string): Promise<TicketDetail | null | undefined> => {
      setPending(true);
      setProblem(null);
      try {
        const { ticket: after } = await call;
        if (after === null) queries.removeQueries({ queryKey: ticketQuery(ticket.id).queryKey });
        else queries.setQueryData(ticketQuery(ticket.id).queryKey, after);
        void queries.invalidateQueries({ queryKey: ["queues"] });
        void queries.invalidateQueries({ queryKey: ["tickets", "few"] });
        const told = T.moves.done(ticket.number, zh);
        if (after?.undo) sayUndoable(told, () => void takeBack([ticket]));
        else say(told);
        return after;
      } catch (thrown) {
        setProblem(thrown);
        // Somebody was quicker, or the state has changed: show the ticket as it is now; what was typed stays.
        if (thrown instanceof Problem && thrown.status === 409)
          void queries.invalidateQueries({ queryKey: ticketQuery(ticket.id).queryKey });
        return undefined;
      } finally {
        setPending(false);
      }
    },
    [queries, takeBack, ticket],
  );

  /** The ticket as it is afterwards, null when it left my sight, undefined when the move was refused. */
  const send = (move: Move, input: Record<string, unknown>) =>
    settle(
      bodyOf(
        http.POST("/api/tickets/{id}/moves/{move}", {
          params: { path: { id: ticket.id, move } },
          body: { version: ticket.version, input },
        }),
      ),
      stepOf(move).zh,
    );

  const sendCo = (assignmentId: string, move: CoMove, text: string) =>
    settle(
      bodyOf(
        http.POST("/api/tickets/{id}/co/{assignmentId}/{coMove}", {
          params: { path: { id: ticket.id, assignmentId, coMove: move } },
          body: { text },
        }),
      ),
      CO_LIFECYCLE.find((step) => step.move === move)?.zh ?? "",
    );

  return { isPending, problem, send, sendCo };
}
