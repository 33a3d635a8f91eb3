/** 导入结果. Progress while it runs; then what was created, changed and refused, and how to go on with what broke off. */
import { DownloadOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Batch } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { Failed, Notice } from "../../ui/States.tsx";
import { ErrorTable } from "./ErrorTable.tsx";
import { errorPages, importPages, importQuery } from "./queries.ts";
import { UndoButton, UndoReport } from "./UndoImport.tsx";
import { useRate } from "./useRate.ts";

export function ImportResult({ batch }: { batch: Batch }) {
  const queries = useQueryClient();
  const undoing = batch.undo?.finishedAt === null;
  const running = batch.status === "running" || undoing;
  useEffect(() => {
    if (running) return;
    for (const queryKey of [importPages.queryKey, ["queues"], ["tickets"], ["units"], ["rank"]])
      void queries.invalidateQueries({ queryKey });
  }, [running, queries]);
  const counts = [
    [INTAKE.created, batch.created],
    [INTAKE.updated, batch.updated],
    [INTAKE.unchanged, batch.unchanged],
    [INTAKE.rejected, batch.rejected],
  ] as const;
  return (
    <section className="card import-preview-body" aria-label={INTAKE.result} aria-live="polite">
      {batch.status === "running" && <Running batch={batch} />}
      {batch.status === "done" && (
        <Notice>
          {INTAKE.done(batch.finishedAt ? minuteText(batch.finishedAt) : "")}{" "}
          <Link to="/tickets" search={{ queue: "all", sort: "-received" }}>
            {INTAKE.seeTickets}
          </Link>
        </Notice>
      )}
      {batch.status === "failed" && <BrokenOff batch={batch} />}
      {batch.status === "cancelled" && <Notice>{INTAKE.cancelled(batch.created + batch.updated)}</Notice>}
      {batch.undo && <UndoReport batch={batch} />}
      <dl className="import-counts">
        {counts.map(([name, count]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{count}</dd>
          </div>
        ))}
      </dl>
      {batch.mayUndo && (
        <div className="move-buttons">
          <UndoButton batch={batch} />
        </div>
      )}
      {batch.rejected > 0 && !running && <Refused batch={batch} />}
    </section>
  );
}

/** How far, how fast, how long still; it goes on without this page, and can be stopped. */
function Running({ batch }: { batch: Batch }) {
  const queries = useQueryClient();
  const { dataUpdatedAt } = useQuery(importQuery(batch.id));
  const { perSecond, leftMs } = useRate(batch.nextRow, batch.rows, dataUpdatedAt);
  const [refused, setRefused] = useState<string | null>(null);
  const stop = async () => {
    try {
      const params = { path: { id: batch.id } };
      const after = await bodyOf(http.POST("/api/imports/{id}/stop", { params }));
      queries.setQueryData(importQuery(batch.id).queryKey, after);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  return (
    <>
      <ProgressLine
        label={INTAKE.running}
        done={batch.rows === 0 ? 0 : batch.nextRow / batch.rows}
        words={[
          INTAKE.rowsOf(batch.nextRow, batch.rows),
          perSecond === null ? "" : INTAKE.perSecond(perSecond),
          leftMs === null ? "" : INTAKE.left(leftMs),
        ]
          .filter((word) => word !== "")
          .join(" · ")}
      />
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <div className="move-buttons">
        <Button onClick={() => void stop()}>{INTAKE.stop}</Button>
      </div>
    </>
  );
}

function BrokenOff({ batch }: { batch: Batch }) {
  const queries = useQueryClient();
  const [refused, setRefused] = useState<string | null>(null);
  const act = async (what: "resume" | "cancel") => {
    setRefused(null);
    try {
      const params = { path: { id: batch.id } };
      const after =
        what === "resume"
          ? await bodyOf(http.POST("/api/imports/{id}/resume", { params }))
          : await bodyOf(http.POST("/api/imports/{id}/cancel", { params }));
      queries.setQueryData(importQuery(batch.id).queryKey, after);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  return (
    <>
      <Notice tone="wrong">
        {INTAKE.brokenOff(batch.nextRow, batch.rows)} {batch.failure}
      </Notice>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <div className="move-buttons">
        <Button type="primary" onClick={() => void act("resume")}>
          {INTAKE.resume}
        </Button>
        <Button onClick={() => void act("cancel")}>{INTAKE.giveUp}</Button>
      </div>
    </>
  );
}

function Refused({ batch }: { batch: Batch }) {
  const pages = useInfiniteQuery(errorPages(batch.id));
  const errors = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="card-head import-errors-head">
        <h2>{INTAKE.errorsTitle(batch.rejected)}</h2>
        <div className="move-buttons">
          {batch.mendable > 0 && (
            <Button
              type="primary"
              icon={<DownloadOutlined aria-hidden="true" />}
              href={`/api/imports/${batch.id}/refused.xlsx`}
            >
              {INTAKE.refusedFile(batch.mendable)}
            </Button>
          )}
          <Button href={`/api/imports/${batch.id}/errors.csv`}>{INTAKE.errorsFile}</Button>
        </div>
      </div>
      {batch.mendable > 0 && <p className="quiet">{INTAKE.mendAbout}</p>}
      {pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
      ) : (
        <ErrorTable errors={errors} />
      )}
      {pages.hasNextPage && (
        <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          {T.tickets.more}
        </Button>
      )}
    </>
  );
}
