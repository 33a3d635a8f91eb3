/** 数字背后的工单. Exactly the tickets that one figure counts, each with its answers and why a rate leaves it out. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import type { CountedPage as Page } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { countedPages } from "./queries.ts";
import { Definition } from "./RankPage.tsx";
import { type RuleSegments, Segments, VersionTag } from "./Segments.tsx";
import "./assessment.css";

type Line = Page["rows"][number];
type Answer = Line["response"];

const columnsOf = (segments: RuleSegments): readonly Column<Line>[] => [
  {
    key: "number",
    title: ASSESSMENT.number,
    nowrap: true,
    cell: (line) => (
      <Link to="/tickets/$id" params={{ id: line.ticketId }}>
        {line.number}
      </Link>
    ),
  },
  {
    key: "title",
    title: ASSESSMENT.what,
    cell: (line) => (
      <>
        {line.changed && <Tag tone="near">{LEDGER.changedSince}</Tag>}
        <span className="counted-title">{line.title || line.excerpt}</span>
      </>
    ),
  },
  { key: "unit", title: ASSESSMENT.unit, nowrap: true, cell: (line) => line.unit.name },
  { key: "street", title: T.tickets.names.street, nowrap: true, cell: (line) => line.street },
  { key: "counted", title: ASSESSMENT.countedAt, nowrap: true, cell: (line) => minuteText(line.countedAt) },
  ...(segments.length > 1
    ? [
        {
          key: "version",
          title: ASSESSMENT.version,
          nowrap: true,
          cell: (line: Line) => <VersionTag of={segments} at={line.segment} />,
        },
      ]
    : []),
  {
    key: "scope",
    title: ASSESSMENT.entryScope,
    nowrap: true,
    cell: (line) => <span title={line.scopeNote}>{line.scopeZh}</span>,
  },
  {
    key: "source",
    title: ASSESSMENT.by,
    nowrap: true,
    cell: (line) => (line.source === null ? "" : line.source === "city" ? T.tickets.city : T.tickets.own),
  },
  {
    key: "response",
    title: ASSESSMENT.response,
    nowrap: true,
    cell: (line) => <Given answer={line.response} />,
  },
  {
    key: "solution",
    title: ASSESSMENT.solution,
    nowrap: true,
    cell: (line) => <Given answer={line.solution} />,
  },
  {
    key: "satisfaction",
    title: ASSESSMENT.satisfaction,
    nowrap: true,
    cell: (line) => <Given answer={line.satisfaction} />,
  },
];

export default function CountedPage() {
  const search = useSearch({ from: "/assessment/tickets" });
  const pages = useInfiniteQuery(countedPages(search));
  const first = pages.data?.pages[0];
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  const back = { period: search.period, scope: search.scope, rules: search.rules, level: search.level };
  return (
    <PageShell
      title={first ? ASSESSMENT.countedTitle(first.measure.name, first.count) : ASSESSMENT.counted}
      about={first && `${ASSESSMENT.periodSpan(first.from, first.to)} · ${first.rules.title}`}
      actions={
        <Link to="/assessment" search={back}>
          {ASSESSMENT.backToRank}
        </Link>
      }
    >
      {pages.isPending ? (
        <Loading what={T.loading} />
      ) : pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
      ) : (
        <div className="card">
          {first && (
            <div className="counted-definition">
              <Definition of={first.measure} />
              <Segments of={first.rules.segments} />
            </div>
          )}
          {first?.closed && <Notice>{LEDGER.frozenCounted}</Notice>}
          {rows.length === 0 ? (
            <EmptyState title={ASSESSMENT.noneCounted} />
          ) : (
            <WorkTable
              label={ASSESSMENT.counted}
              columns={columnsOf(first?.rules.segments ?? [])}
              rows={rows}
              rowKey={(line) => `${line.ticketId} ${line.round}`}
            />
          )}
          <div className="list-foot">
            {pages.hasNextPage ? (
              <Button
                type="link"
                loading={pages.isFetchingNextPage}
                onClick={() => void pages.fetchNextPage()}
              >
                {T.tickets.more}
              </Button>
            ) : (
              <span className="quiet">{T.tickets.allShown(rows.length)}</span>
            )}
          </div>
        </div>
      )}
    </PageShell>
  );
}

function Given({ answer }: { answer: Answer }) {
  if (answer.leftOut) return <span className="quiet">{answer.leftOut}</span>;
  return <>{answer.answer ?? "—"}</>;
}
