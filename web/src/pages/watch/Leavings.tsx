/** 去向记录. What left the list and how: done by which step, or handed over to whom. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { WATCH } from "../../texts/watch.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type Leaving, leavingsQuery } from "./queries.ts";

const L = WATCH.leavings;

export function Leavings() {
  const now = useNow();
  const pages = useInfiniteQuery(leavingsQuery);
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <EmptyState title={L.none}>{L.noneAbout}</EmptyState>;
  const columns: readonly Column<Leaving>[] = [
    { key: "at", title: L.at, nowrap: true, cell: (row) => shortText(row.at, now) },
    {
      key: "ticket",
      title: WATCH.ticket,
      cell: (row) => (
        <>
          <Link to="/tickets/$id" params={{ id: row.ticket.id }}>
            {row.ticket.number}
          </Link>{" "}
          {row.ticket.title}
        </>
      ),
    },
    { key: "reason", title: WATCH.reason, nowrap: true, cell: (row) => row.reasonZh },
    {
      key: "line",
      title: L.line,
      cell: (row) => (
        <>
          <Tag tone={row.what === "done" ? "plain" : "mine"}>{wordOf(row.what)}</Tag>{" "}
          {row.to === null ? row.words : `${L.to(row.to)}${row.words === "" ? "" : `：${row.words}`}`}
        </>
      ),
    },
    { key: "by", title: L.by, nowrap: true, cell: (row) => row.by },
  ];
  return (
    <section className="card">
      <WorkTable label={WATCH.tabs.leavings} columns={columns} rows={rows} rowKey={(row) => row.id} />
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {L.more}
          </Button>
        </div>
      )}
    </section>
  );
}

function wordOf(what: string): string {
  const words: Readonly<Record<string, string>> = L.what;
  return words[what] ?? what;
}
