/** 批量办理. Asks what the move needs once, moves the tickets in batches, and reports each that was refused and why. */
import { MOST_AT_ONCE } from "@jiesu/core/ticket/bulk.ts";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { UNDO } from "@jiesu/core/ticket/undo.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import type { BulkReport, TicketDetail, TicketRow } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { Loading, Notice } from "../../ui/States.tsx";
import { say, sayUndoable } from "../../ui/toasts.tsx";
import { FormControl } from "./moves/FormControl.tsx";
import { type FormValues, formOf, inputOf, missingField, startValues } from "./moves/forms.ts";
import { useTakeBack } from "./moves/useTakeBack.ts";

type Done = BulkReport["done"][number];
type RefusedOne = BulkReport["refused"][number];
interface Outcome {
  readonly done: readonly Done[];
  readonly refused: readonly RefusedOne[];
}

export function BulkDialog(props: {
  readonly move: Move;
  readonly rows: readonly TicketRow[];
  readonly onDone: (ids: readonly string[]) => void;
  /** The tickets that stay chosen. */
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
  const takeBack = useTakeBack();

  const send = async (
    wanted: readonly TicketRow[],
    sent: Record<string, unknown>,
    earlier: readonly Done[],
  ) => {
    setInput(sent);
    setFault(null);
    setProgress(0);
    const done: Done[] = [...earlier];
    const refused: RefusedOne[] = [];
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
        done.push(...report.done);
        refused.push(...report.refused);
        setProgress(i + some.length);
      }
    } catch (thrown) {
      setFault(thrown);
    } finally {
      setProgress(null);
    }
    const fresh = done.slice(earlier.length);
    if (fresh.length > 0) {
      for (const queryKey of [["ticket"], ["queues"], ["tickets", "few"], ["views", "counts"]])
        void queries.invalidateQueries({ queryKey });
      props.onDone(stepOf(move).to === "same" ? [] : fresh.map((each) => each.id));
      const told = T.queue.bulkDone(zh, fresh.length);
      if (UNDO[move] === null) say(told);
      else
        sayUndoable(
          told,
          () => void takeBack(fresh).then(() => queries.invalidateQueries({ queryKey: ["tickets"] })),
        );
    }
    if (refused.length > 0) setOutcome({ done, refused });
    else if (done.length > 0) props.onClose([]);
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
        <Refusals
          outcome={outcome}
          busy={sending}
          onClose={close}
          onRetry={() => void retry(left, queries).then((fresh) => send(fresh, input, outcome.done))}
        />
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
          onSend={(sent) => void send(rows, sent, [])}
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

function BulkForm(props: {
  move: Move;
  rows: readonly TicketRow[];
  /** The first of them: what the form starts from. */
  ticket: TicketDetail | undefined;
  busy: boolean;
  onSend: (input: Record<string, unknown>) => void;
  onClose: () => void;
}) {
  const { move, rows, ticket } = props;
  const { zh, from } = stepOf(move);
  const [values, setValues] = useState<FormValues>(() => (ticket ? startValues(move, ticket) : {}));
  const [missing, setMissing] = useState<string | null>(null);
  const fits = rows.filter((row) => from.some((state) => state === row.state)).length;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const lacking = missingField(move, values);
    setMissing(lacking?.name ?? null);
    if (!lacking && !props.busy) props.onSend(ticket ? inputOf(move, values, ticket) : {});
  };
  return (
    <form
      aria-label={T.queue.bulk(zh, rows.length)}
      onSubmit={submit}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) submit(e);
      }}
    >
      <p className="quiet">{fits < rows.length ? T.queue.mixed(zh, fits, rows.length) : T.queue.bulkAbout}</p>
      {ticket &&
        formOf(move).map((field) => (
          <div key={field.name} data-field={field.name} className="field-gap">
            <FormControl
              field={field}
              move={move}
              ticket={ticket}
              value={values[field.name]}
              error={missing === field.name ? T.moves.missing(field.label) : null}
              onChange={(value) => setValues((old) => ({ ...old, [field.name]: value }))}
            />
          </div>
        ))}
      <div className="bulk-foot">
        <Button onClick={props.onClose} disabled={props.busy}>
          {T.cancel}
        </Button>
        <Button
          type="primary"
          htmlType="submit"
          loading={props.busy}
          {...(formOf(move).length === 0 ? { "data-first": true, autoFocus: true } : {})}
        >
          {T.queue.confirmBulk(zh, rows.length)}
        </Button>
      </div>
    </form>
  );
}

function Refusals(props: { outcome: Outcome; busy: boolean; onRetry: () => void; onClose: () => void }) {
  const { done, refused } = props.outcome;
  return (
    <>
      <p>
        {T.queue.doneCount(done.length)}，<strong>{T.queue.refusedCount(refused.length)}</strong>
      </p>
      <section className="bulk-refused scrolls" aria-label={T.queue.refusedCount(refused.length)}>
        <table className="work-table">
          <thead>
            <tr>
              <th scope="col">{T.queue.number}</th>
              <th scope="col">{T.queue.why}</th>
            </tr>
          </thead>
          <tbody>
            {refused.map((each) => (
              <tr key={each.id}>
                <td data-nowrap>
                  <Link to="/tickets/$id" params={{ id: each.id }} target="_blank">
                    {each.number || each.id}
                  </Link>
                </td>
                <td>{each.message}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <div className="bulk-foot">
        <Button onClick={props.onClose} disabled={props.busy}>
          {T.queue.keepChosen}
        </Button>
        <Button type="primary" loading={props.busy} data-first onClick={props.onRetry}>
          {T.queue.retry(refused.length)}
        </Button>
      </div>
    </>
  );
}
