/** 撤销. Takes back what was just done to one ticket or to many at once, and says what could not be taken back and why. */
import { useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import type { UndoReport } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { hold, say, sayWrong } from "../../../ui/toasts.tsx";

interface Named {
  readonly id: string;
  readonly number: string;
}

/** Takes back my last move on one ticket. */
export function useTakeBack() {
  const anew = useAnew();
  return useCallback(
    async (ticket: Named): Promise<void> => {
      try {
        await bodyOf(http.POST("/api/tickets/{id}/undo", { params: { path: { id: ticket.id } } }));
        say(T.moves.undone(ticket.number));
      } catch (thrown) {
        sayWrong(T.moves.undoFailed(ticket.number, sentenceOf(thrown)));
      }
      anew();
    },
    [anew],
  );
}

/** Takes bulk runs back whole; answers the tickets that could not be, each with its reason. */
export function useTakeBackRuns() {
  const anew = useAnew();
  return useCallback(
    async (runs: readonly string[]): Promise<UndoReport> => {
      const told = hold(T.moves.undoing);
      const report: { done: Named[]; refused: UndoReport["refused"][number][] } = { done: [], refused: [] };
      try {
        for (const run of runs) {
          const params = { path: { run } };
          const { done, refused } = await bodyOf(http.POST("/api/tickets/bulk-moves/{run}/undo", { params }));
          report.done.push(...done);
          report.refused.push(...refused);
        }
        const { done, refused } = report;
        if (refused.length > 0) told.wrong(T.moves.undoneSome(done.length, refused.length));
        else told.done(T.moves.undoneMany(done.length));
      } catch (thrown) {
        told.wrong(T.moves.undoRunFailed(sentenceOf(thrown)));
      }
      anew();
      return report;
    },
    [anew],
  );
}

function useAnew() {
  const queries = useQueryClient();
  return useCallback(() => {
    for (const queryKey of [["ticket"], ["queues"], ["tickets"], ["views", "counts"]])
      void queries.invalidateQueries({ queryKey });
  }, [queries]);
}
