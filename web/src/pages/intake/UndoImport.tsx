/** 撤销一次导入. Asks with a reason, follows the worker, and lists what had to stay and why. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Batch } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { Failed, Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { importPages, importQuery, keptPages } from "./queries.ts";

export function UndoButton({ batch }: { batch: Batch }) {
  const queries = useQueryClient();
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const ask = async () => {
    if (reason.trim().length < 2) return setRefused(INTAKE.undo.needReason);
    setBusy(true);
    setRefused(null);
    try {
      const after = await bodyOf(
        http.POST("/api/imports/{id}/undo", {
          params: { path: { id: batch.id } },
          body: { reason: reason.trim() },
        }),
      );
      queries.setQueryData(importQuery(batch.id).queryKey, after);
      void queries.invalidateQueries({ queryKey: importPages.queryKey });
      setAsking(false);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button onClick={() => setAsking(true)}>{batch.undo ? INTAKE.undo.again : INTAKE.undo.button}</Button>
      {asking && (
        <Dialog
          title={INTAKE.undo.title}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{T.cancel}</Button>
              <Button type="primary" loading={busy} onClick={() => void ask()}>
                {INTAKE.undo.confirm}
              </Button>
            </>
          }
        >
          <p>{INTAKE.undo.what(batch.created, batch.updated)}</p>
          <p className="quiet">{INTAKE.undo.stays}</p>
          <div className="field-gap">
            <Field label={INTAKE.undo.reason} required error={refused}>
              {(control) => (
                <Input.TextArea
                  {...control}
                  data-first
                  autoSize={{ minRows: 2, maxRows: 5 }}
                  maxLength={500}
                  value={reason}
                  onChange={(e) => setReason(e.target.value)}
                />
              )}
            </Field>
          </div>
        </Dialog>
      )}
    </>
  );
}

type Kept = { readonly ticketId: string; readonly number: string; readonly why: string };

const KEPT: readonly Column<Kept>[] = [
  {
    key: "number",
    title: INTAKE.number,
    nowrap: true,
    cell: (kept) => (
      <Link to="/tickets/$id" params={{ id: kept.ticketId }}>
        {kept.number}
      </Link>
    ),
  },
  { key: "why", title: INTAKE.undo.why, cell: (kept) => kept.why },
];

/** How far the undoing is, and what came of it. */
export function UndoReport({ batch }: { batch: Batch }) {
  const { undo } = batch;
  const pages = useInfiniteQuery({ ...keptPages(batch.id), enabled: (undo?.kept ?? 0) > 0 });
  if (!undo) return null;
  const dealt = undo.voided + undo.putBack + undo.kept;
  const kept = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <section aria-label={INTAKE.undo.title} className="undo-report">
      {undo.finishedAt === null ? (
        <ProgressLine
          label={INTAKE.undo.running}
          done={dealt / Math.max(1, batch.created + batch.updated)}
          words={INTAKE.undo.dealt(dealt)}
        />
      ) : (
        <Notice>
          {INTAKE.undo.done(undo.userName, minuteText(undo.finishedAt), undo.reason)}{" "}
          {INTAKE.undo.counts(undo.voided, undo.putBack, undo.kept)}
        </Notice>
      )}
      {undo.kept > 0 && (
        <>
          <h3 className="import-title">{INTAKE.undo.keptTitle(undo.kept)}</h3>
          {pages.isError ? (
            <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
          ) : (
            <WorkTable
              label={INTAKE.undo.keptTitle(undo.kept)}
              columns={KEPT}
              rows={kept}
              rowKey={(k) => k.ticketId}
              maxHeight="34vh"
            />
          )}
          {pages.hasNextPage && (
            <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {T.tickets.more}
            </Button>
          )}
        </>
      )}
    </section>
  );
}
