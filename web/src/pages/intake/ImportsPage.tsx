/** 导入. Drop a file here; below, every import there was and how it ended. */
import { UploadOutlined } from "@ant-design/icons";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { type DragEvent, useRef, useState } from "react";
import { upload } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Batch, BatchLine } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { ProgressLine } from "../../ui/ProgressLine.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { importPages, importQuery } from "./queries.ts";
import "./intake.css";

const COLUMNS: readonly Column<BatchLine>[] = [
  {
    key: "file",
    title: T.intake.file,
    cell: (batch) => (
      <Link to="/intake/$id" params={{ id: batch.id }}>
        {batch.fileName}
      </Link>
    ),
  },
  {
    key: "status",
    title: T.intake.status,
    nowrap: true,
    cell: (batch) => (
      <Tag tone={batch.status === "failed" || batch.status === "uploaded" ? "strong" : "plain"}>
        {batch.statusZh}
      </Tag>
    ),
  },
  { key: "profile", title: T.intake.profile, nowrap: true, cell: (batch) => batch.profileZh },
  { key: "rows", title: T.intake.rows, align: "right", cell: (batch) => batch.rows },
  { key: "created", title: T.intake.created, align: "right", cell: (batch) => batch.created },
  { key: "updated", title: T.intake.updated, align: "right", cell: (batch) => batch.updated },
  { key: "unchanged", title: T.intake.unchanged, align: "right", cell: (batch) => batch.unchanged },
  { key: "rejected", title: T.intake.rejected, align: "right", cell: (batch) => batch.rejected },
  { key: "who", title: T.intake.who, nowrap: true, cell: (batch) => batch.userName },
  { key: "at", title: T.intake.at, nowrap: true, cell: (batch) => minuteText(batch.createdAt) },
];

export default function ImportsPage() {
  const pages = useInfiniteQuery(importPages);
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <PageShell
      title={T.intake.title}
      about={T.intake.about}
      actions={<Link to="/intake/new">{T.nav.newTicket}</Link>}
    >
      <DropZone />
      <section className="card imports" aria-label={T.intake.history}>
        <header className="card-head">
          <h2>{T.intake.history}</h2>
        </header>
        {pages.isPending ? (
          <Loading what={T.loading} />
        ) : pages.isError ? (
          <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState title={T.intake.noHistory}>{T.intake.noHistoryAbout}</EmptyState>
        ) : (
          <WorkTable label={T.intake.history} columns={COLUMNS} rows={rows} rowKey={(batch) => batch.id} />
        )}
        {pages.hasNextPage && (
          <div className="list-foot">
            <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              {T.tickets.more}
            </Button>
          </div>
        )}
      </section>
    </PageShell>
  );
}

/** Takes a file by drag or by choice, shows how much has gone, and opens what the server saw in it. */
function DropZone() {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ name: string; done: number } | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async (file: File | undefined) => {
    if (!file || sending) return;
    setRefused(null);
    setSending({ name: file.name, done: 0 });
    try {
      const batch = await upload<Batch>("/api/imports", file, (done) =>
        setSending({ name: file.name, done }),
      );
      queries.setQueryData(importQuery(batch.id).queryKey, batch);
      void queries.invalidateQueries({ queryKey: importPages.queryKey });
      void navigate({ to: "/intake/$id", params: { id: batch.id } });
    } catch (thrown) {
      setRefused(`${file.name}：${sentenceOf(thrown)}`);
    } finally {
      setSending(null);
      if (input.current) input.current.value = "";
    }
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void send(event.dataTransfer.files[0]);
  };
  return (
    <section
      className="drop-zone"
      aria-label={T.intake.drop}
      data-over={over || undefined}
      onDragOver={(e) => {
        e.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {sending ? (
        <ProgressLine label={T.intake.sending(sending.name)} done={sending.done} />
      ) : (
        <>
          <p>
            <strong>{T.intake.drop}</strong>
            <span className="quiet"> {T.intake.kindsOfFile}</span>
          </p>
          <Button
            type="primary"
            icon={<UploadOutlined aria-hidden="true" />}
            onClick={() => input.current?.click()}
          >
            {T.intake.choose}
          </Button>
        </>
      )}
      <input
        ref={input}
        className="sr"
        type="file"
        tabIndex={-1}
        aria-label={T.intake.choose}
        accept=".xlsx,.xls,.csv,.txt"
        onChange={(e) => void send(e.target.files?.[0])}
      />
      {refused && (
        <Notice tone="wrong" onClose={() => setRefused(null)}>
          {refused}
        </Notice>
      )}
    </section>
  );
}
