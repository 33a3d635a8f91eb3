/** 一份市级清单. Its lines with their items, those without a ticket first and why; matched again when the tickets have come. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { dayText, minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { listQuery, renewSupervision } from "./queries.ts";
import "../exemption/exemption.css";
import "./supervision.css";

const L = SUPERVISION.lists;

type Line = Awaited<ReturnType<NonNullable<ReturnType<typeof listQuery>["queryFn"]>>>["lines"][number];

const COLUMNS: readonly Column<Line>[] = [
  { key: "row", title: L.row, align: "right", cell: (row) => row.row },
  {
    key: "number",
    title: L.number,
    nowrap: true,
    cell: (row) =>
      row.ticketId === null ? (
        row.number
      ) : (
        <Link to="/tickets/$id" params={{ id: row.ticketId }}>
          {row.number}
        </Link>
      ),
  },
  { key: "unit", title: L.unit, nowrap: true, cell: (row) => row.unit },
  { key: "asked", title: L.asked, cell: (row) => row.asked },
  { key: "due", title: L.due, nowrap: true, cell: (row) => (row.dueAt === null ? "" : dayText(row.dueAt)) },
  {
    key: "state",
    title: L.state,
    cell: (row) =>
      row.item === null ? (
        <span className="quiet">{row.whyZh}</span>
      ) : (
        <Link to="/supervision/$id" params={{ id: row.item.id }}>
          {row.item.stateZh}
        </Link>
      ),
  },
];

export default function ListPage() {
  const { id } = useParams({ from: "/supervision/lists/$id" });
  const session = useSession();
  const queries = useQueryClient();
  const list = useQuery(listQuery(id));
  const match = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/supervision/lists/{id}/match", {
          params: { path: { id } },
          body: { level: "general" },
        }),
      ),
    onSuccess: ({ matched }) => {
      say(L.matched(matched));
      renewSupervision(queries, null);
    },
    onError: (thrown) => say(sentenceOf(thrown)),
  });
  const one = list.data;
  return (
    <PageShell
      title={one ? one.fileName : L.title}
      about={one && `${one.period} · ${L.done(one.items, one.unmatched)} · ${one.by} ${minuteText(one.at)}`}
      actions={
        <>
          {one && one.unmatched > 0 && hasRole(session, "supervisor", "shiftLead") && (
            <Button loading={match.isPending} onClick={() => match.mutate()}>
              {L.match}
            </Button>
          )}
          <Link to="/supervision/lists">{L.back}</Link>
        </>
      }
    >
      {list.isPending ? (
        <Loading what={T.loading} />
      ) : list.isError ? (
        <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />
      ) : (
        <div className="card">
          <WorkTable
            label={L.lines}
            columns={COLUMNS}
            rows={list.data.lines}
            rowKey={(row) => String(row.row)}
          />
        </div>
      )}
    </PageShell>
  );
}
