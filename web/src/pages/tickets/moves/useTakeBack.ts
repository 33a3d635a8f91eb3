/** 撤销. Takes back what was just done to one ticket or to many, and says what could not be taken back and why. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import { T } from "../../../texts.ts";
import { say, sayWrong } from "../../../ui/toasts.tsx";

interface Named {
  readonly id: string;
  readonly number: string;
}

/** Takes the tickets one after another; answers which of them are back. */
export function useTakeBack() {
  const queries = useQueryClient();
  return useCallback(
    async (tickets: readonly Named[]): Promise<readonly Named[]> => {
      const back: Named[] = [];
      const failed: { number: string; why: string }[] = [];
      for (const ticket of tickets) {
        try {
          await bodyOf(http.POST("/api/tickets/{id}/undo", { params: { path: { id: ticket.id } } }));
          back.push(ticket);
        } catch (thrown) {
          failed.push({ number: ticket.number, why: sentenceOf(thrown) });
        }
      }
      for (const queryKey of [["ticket"], ["queues"], ["tickets"], ["views", "counts"]])
        void queries.invalidateQueries({ queryKey });
      const [only] = back;
      if (only) say(back.length === 1 ? T.moves.undone(only.number) : T.moves.undoneMany(back.length));
      for (const each of failed.slice(0, 3)) sayWrong(T.moves.undoFailed(each.number, each.why));
      return back;
    },
    [queries],
  );
}
