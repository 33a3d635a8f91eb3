/** 批量办理. Asks what the move needs once, moves the tickets in batches, and reports each that was refused and why. */
import { MOST_AT_ONCE } from "@jiesu/core/ticket/bulk.ts";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { UNDO } from "@jiesu/core/ticket/undo.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import type { BulkReport, TicketRow, UndoReport } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { dropDraft } from "../../ui/drafts.ts";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { Loading, Notice } from "../../ui/States.tsx";
import { say, sayUndoable } from "../../ui/toasts.tsx";
import { BulkForm, bulkDraftKey } from "./BulkForm.tsx";
import { BulkReportTable } from "./BulkReportTable.tsx";
import { formOf } from "./moves/forms.ts";
import { useTakeBackRuns } from "./moves/useTakeBack.ts";

type Done = BulkReport["done"][number];
type RefusedOne = BulkReport["refused"][number];
interface Outcome {
  readonly done: readonly Done[];
  readonly refused: readonly RefusedOne[];
  /** The requests that made them: what is taken back. */
  readonly runs: readonly string[];
}

export function BulkDialog(props: {
  readonly move: Move;
  readonly rows: readonly TicketRow[];
  readonly onDone: (ids: readonly string[]) => void;
  /** The tickets that stay chosen. */
  /** The run was taken back, but not all of it. */
  readonly onUndone: (report: UndoReport) => void;
  readonly onClose: (left: readonly TicketRow[]) => void;
}) {
  const { move, rows } = props;
  const { zh } = stepOf(move);
  const first = useQuery({ ...ticketQuery(rows[0]?.id ?? ""), enabled: formOf(move).length > 0 });
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const [input, setInput] = useState<Record<string, unknown>>({});
  const queries = useQueryClient();
  const session = useSession();
  const takeBack = useTakeBackRuns();

  const send = async (
    wanted: readonly TicketRow[],
    sent: Record<string, unknown>,
    earlier: Pick<Outcome, "done" | "runs">,
  ) => {
    setInput(sent);
    setFault(null);
    setProgress(0);
    const done: Done[] = [...earlier.done];
    const refused: RefusedOne[] = [];
    const runs = [...earlier.runs];
    try {
      for (let i = 0; i < wanted.length; i += MOST_AT_ONCE) {
        const some = wanted.slice(i, i + MOST_AT_ONCE);
        const report = await bodyOf(
          http.POST("/api/tickets/bulk-moves", {
            body: {
              ids: some.map((row) => row.id),
              move,
              input: sent,
              versions: Object.fromEntries(some.map((row) => [row.id, row.version])),
            },
          }),
        );
        if (report.done.length > 0) runs.push(report.run);
        done.push(...report.done);
        refused.push(...report.refused);
        setProgress(i + some.length);
      }
    } catch (thrown) {
      setFault(thrown);
    } finally {
      setProgress(null);
    }
    const fresh = done.slice(earlier.done.length);
    if (fresh.length > 0) {
      dropDraft(bulkDraftKey(session.login, move));
      for (const queryKey of [["ticket"], ["queues"], ["tickets", "few"], ["views", "counts"]])
        void queries.invalidateQueries({ queryKey });
      props.onDone(stepOf(move).to === "same" ? [] : fresh.map((each) => each.id));
      const told = T.queue.bulkDone(zh, fresh.length);
      if (UNDO[move] === null) say(told);
      else sayUndoable(told, () => void undo(runs));
    }
    if (refused.length > 0) setOutcome({ done, refused, runs });
    else if (done.length > 0) props.onClose([]);
  };

  const undo = async (runs: readonly string[]) => {
    const report = await takeBack(runs);
    if (report.refused.length > 0) props.onUndone(report);
  };
  const left = outcome ? rows.filter((row) => outcome.refused.some((each) => each.id === row.id)) : rows;
  const close = () => props.onClose(left);
  const sending = progress !== null;
  return (
    <Dialog
      title={outcome ? T.queue.report(zh) : T.queue.bulk(zh, rows.length)}
      onClose={sending ? undefined : close}
      width={outcome ? 720 : 560}
    >
      {sending && (
        <ProgressLine
          label={T.queue.bulk(zh, left.length)}
          done={progress / Math.max(1, left.length)}
          words={T.queue.progress(progress, left.length)}
        />
      )}
      {fault !== null && <Notice tone="wrong">{sentenceOf(fault)}</Notice>}
      {outcome ? (
        <BulkReportTable
          outcome={outcome}
          doneCount={T.queue.doneCount(outcome.done.length)}
          refusedCount={T.queue.refusedCount(outcome.refused.length)}
        >
          {outcome.done.length > 0 && UNDO[move] !== null && (
            <Button
              disabled={sending}
              onClick={() => {
                close();
                void undo(outcome.runs);
              }}
            >
              {T.queue.undoDone(outcome.done.length)}
            </Button>
          )}
          <Button onClick={close} disabled={sending}>
            {T.queue.keepChosen}
          </Button>
          <Button
            type="primary"
            loading={sending}
            data-first
            onClick={() => void retry(left, queries).then((fresh) => send(fresh, input, outcome))}
          >
            {T.queue.retry(outcome.refused.length)}
          </Button>
        </BulkReportTable>
      ) : formOf(move).length > 0 && first.data === undefined ? (
        first.isError ? (
          <Notice tone="wrong">{sentenceOf(first.error)}</Notice>
        ) : (
          <Loading what={T.loading} />
        )
      ) : (
        <BulkForm
          move={move}
          rows={rows}
          ticket={first.data}
          busy={sending}
          onSend={(sent) => void send(rows, sent, { done: [], runs: [] })}
          onClose={close}
        />
      )}
    </Dialog>
  );
}

/** A retry is made on the tickets as they are now. */
async function retry(
  rows: readonly TicketRow[],
  queries: ReturnType<typeof useQueryClient>,
): Promise<readonly TicketRow[]> {
  const fresh = rows.map(async (row) => {
    const kept = await queries.fetchQuery({ ...ticketQuery(row.id), staleTime: 0 }).catch(() => null);
    return kept ? { ...row, version: kept.version, state: kept.state, stateZh: kept.stateZh } : row;
  });
  return Promise.all(fresh);
}
