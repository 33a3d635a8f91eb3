/** 审计. Who did what to what and when, with before and after; found by person, action, object, day; nothing here can be changed. */
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { QueryBar } from "../../ui/QueryBar.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { saveAs } from "../../ui/saving.ts";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { auditFacetsQuery, auditPages, given } from "./queries.ts";

interface Row {
  readonly id: string;
  readonly at: string;
  readonly userName: string;
  readonly what: string;
  readonly ticketNumber: string | null;
  readonly detail?: unknown;
}

const WHAT: Readonly<Record<string, string>> = PEOPLE.auditWhat;
const FIELD: Readonly<Record<string, string>> = PEOPLE.auditFields;

const COLUMNS: readonly Column<Row>[] = [
  { key: "at", title: PEOPLE.at, nowrap: true, cell: (row) => minuteText(row.at) },
  { key: "who", title: PEOPLE.who, nowrap: true, cell: (row) => row.userName },
  { key: "what", title: PEOPLE.did, nowrap: true, cell: (row) => WHAT[row.what] ?? row.what },
  { key: "ticket", title: ADMIN.ticketNumber, nowrap: true, cell: (row) => row.ticketNumber ?? "" },
  { key: "detail", title: PEOPLE.detail, cell: (row) => detailText(row.detail) },
];

export default function AuditPage() {
  const filter = useSearch({ from: "/audit" });
  const navigate = useNavigate();
  const queries = useQueryClient();
  const facets = useQuery(auditFacetsQuery);
  const pages = useInfiniteQuery(auditPages(filter));
  const [busy, setBusy] = useState(false);
  const rows = pages.data?.pages.flat() ?? [];
  const change = (more: Readonly<Record<string, string | undefined>>) =>
    void navigate({ to: "/audit", search: { ...filter, ...more }, replace: true });
  const take = async () => {
    setBusy(true);
    try {
      const { data } = await http.POST("/api/audit/export", { body: given(filter), parseAs: "blob" });
      if (data instanceof Blob) saveAs(data, `${T.nav.audit}.xlsx`);
      say(ADMIN.exported);
      void queries.invalidateQueries({ queryKey: ["audit"] });
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    setBusy(false);
  };
  const filtered = Object.keys(given(filter)).length > 0;
  return (
    <PageShell
      title={T.nav.audit}
      about={PEOPLE.auditAbout}
      actions={
        <Button loading={busy} onClick={() => void take()}>
          {ADMIN.exportAudit}
        </Button>
      }
    >
      <QueryBar
        wordsKey="q"
        wordsHint={ADMIN.object}
        values={{ ...filter }}
        onChange={change}
        filters={[
          {
            ...{ key: "user", label: ADMIN.person, kind: "select" as const },
            options: (facets.data?.users ?? []).map((u) => ({
              value: u.id,
              label: `${u.name}（${u.login}）`,
            })),
          },
          {
            ...{ key: "what", label: ADMIN.what, kind: "select" as const },
            options: (facets.data?.whats ?? []).map((w) => ({ value: w, label: WHAT[w] ?? w })),
          },
          { key: "ticket", label: ADMIN.ticketNumber, kind: "text" },
          { key: "from", label: ADMIN.fromDay, kind: "day" },
          { key: "to", label: ADMIN.toDay, kind: "day" },
        ]}
      />
      {pages.isPending ? (
        <Loading what={T.loading} />
      ) : pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={filtered ? ADMIN.noMatch : PEOPLE.noAudit} />
      ) : (
        <div className="card field-gap">
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
    .map(([key, value]) =>
      key === "changes" && Array.isArray(value)
        ? value.map(changeText).join("；")
        : `${FIELD[key] ?? key}：${Array.isArray(value) ? value.join("、") : String(value)}`,
    )
    .join("；");
}

function changeText(change: unknown): string {
  if (typeof change !== "object" || change === null) return "";
  const { field, before, after } = Object.fromEntries(Object.entries(change).map(([k, v]) => [k, String(v)]));
  return ADMIN.becomes(FIELD[field ?? ""] ?? field ?? "", before ?? "", after ?? "");
}
