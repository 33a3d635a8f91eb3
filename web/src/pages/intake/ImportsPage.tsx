/** 导入. Drop a file here; below, every import there was and how it ended. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { BatchLine } from "../../api/types.ts";
import { NEW_TICKET } from "../../frame/nav.tsx";
import { INTAKE } from "../../texts/intake.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { DropZone } from "./DropZone.tsx";
import { importPages } from "./queries.ts";
import "./intake.css";

const COLUMNS: readonly Column<BatchLine>[] = [
  {
    key: "file",
    title: INTAKE.file,
    cell: (batch) => (
      <Link to="/intake/$id" params={{ id: batch.id }}>
        {batch.fileName}
      </Link>
    ),
  },
  {
    key: "status",
    title: INTAKE.status,
    nowrap: true,
    cell: (batch) => (
      <Tag tone={batch.status === "failed" || batch.status === "uploaded" ? "strong" : "plain"}>
        {batch.undo ? INTAKE.undo.mark(batch.undo.finishedAt !== null, batch.undo.kept) : batch.statusZh}
      </Tag>
    ),
  },
  { key: "profile", title: INTAKE.profile, nowrap: true, cell: (batch) => batch.profileZh },
  { key: "rows", title: INTAKE.rows, align: "right", cell: (batch) => batch.rows },
  { key: "created", title: INTAKE.created, align: "right", cell: (batch) => batch.created },
  { key: "updated", title: INTAKE.updated, align: "right", cell: (batch) => batch.updated },
  { key: "unchanged", title: INTAKE.unchanged, align: "right", cell: (batch) => batch.unchanged },
  { key: "rejected", title: INTAKE.rejected, align: "right", cell: (batch) => batch.rejected },
  { key: "who", title: INTAKE.who, nowrap: true, cell: (batch) => batch.userName },
  { key: "at", title: INTAKE.at, nowrap: true, cell: (batch) => minuteText(batch.createdAt) },
];

export default function ImportsPage() {
  const pages = useInfiniteQuery(importPages);
  const mayEnter = hasRole(useSession(), ...NEW_TICKET.roles);
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <PageShell
      title={INTAKE.title}
      about={INTAKE.about}
      actions={mayEnter && <Link to="/intake/new">{T.nav.newTicket}</Link>}
    >
      <DropZone />
      <section className="card imports" aria-label={INTAKE.history}>
        <header className="card-head">
          <h2>{INTAKE.history}</h2>
        </header>
        {pages.isPending ? (
          <Loading what={T.loading} />
        ) : pages.isError ? (
          <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState title={INTAKE.noHistory}>{INTAKE.noHistoryAbout}</EmptyState>
        ) : (
          <WorkTable label={INTAKE.history} columns={COLUMNS} rows={rows} rowKey={(batch) => batch.id} />
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
