/** 审计. Who signed in, saw personal data, changed accounts and units; nothing here can be changed. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { auditPages } from "./queries.ts";

interface Row {
  readonly id: string;
  readonly at: string;
  readonly userName: string;
  readonly what: string;
  readonly ticketId: string | null;
  readonly detail?: unknown;
}

const WHAT: Readonly<Record<string, string>> = T.people.auditWhat;
const FIELD: Readonly<Record<string, string>> = T.people.auditFields;

const COLUMNS: readonly Column<Row>[] = [
  { key: "at", title: T.people.at, nowrap: true, cell: (row) => minuteText(row.at) },
  { key: "who", title: T.people.who, nowrap: true, cell: (row) => row.userName },
  { key: "what", title: T.people.did, nowrap: true, cell: (row) => WHAT[row.what] ?? row.what },
  { key: "ticket", title: T.tickets.ticket, nowrap: true, cell: (row) => row.ticketId ?? "" },
  { key: "detail", title: T.people.detail, cell: (row) => detailText(row.detail) },
];

export default function AuditPage() {
  const pages = useInfiniteQuery(auditPages);
  const rows = pages.data?.pages.flat() ?? [];
  return (
    <PageShell title={T.nav.audit} about={T.people.auditAbout}>
      {pages.isPending ? (
        <Loading what={T.loading} />
      ) : pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={T.people.noAudit} />
      ) : (
        <div className="card">
          <WorkTable label={T.nav.audit} columns={COLUMNS} rows={rows} rowKey={(row) => row.id} />
          {pages.hasNextPage && (
            <div className="list-foot">
              <Button
                type="link"
                loading={pages.isFetchingNextPage}
                onClick={() => void pages.fetchNextPage()}
              >
                {T.tickets.more}
              </Button>
            </div>
          )}
        </div>
      )}
    </PageShell>
  );
}

function detailText(detail: unknown): string {
  if (typeof detail !== "object" || detail === null) return "";
  return Object.entries(detail)
    .map(([key, value]) => `${FIELD[key] ?? key}：${Array.isArray(value) ? value.join("、") : String(value)}`)
    .join("；");
}
