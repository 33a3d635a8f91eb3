/** 数字背后的工单. Exactly what one figure of the table counts, the latest first. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { RETURNS } from "../../texts/returns.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type BehindRow, behindQuery, type Stat } from "./queries.ts";
import type { StatTab } from "./search.ts";

const R = RETURNS.stats;

const COLUMNS: readonly (Column<BehindRow> & { readonly of?: keyof BehindRow })[] = [
  {
    key: "number",
    title: R.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/tickets/$id" params={{ id: row.ticketId }}>
        {row.number}
      </Link>
    ),
  },
  { key: "title", title: R.what, cell: (row) => row.title },
  { key: "state", title: R.state, nowrap: true, cell: (row) => row.stateZh },
  { key: "unit", of: "unitName", title: R.unit, nowrap: true, cell: (row) => row.unitName ?? "" },
  { key: "at", title: R.at, nowrap: true, cell: (row) => minuteText(row.at) },
  { key: "nth", of: "nth", title: R.nth, align: "right", cell: (row) => row.nth },
  { key: "ground", of: "groundZh", title: R.ground, cell: (row) => row.groundZh },
  { key: "reason", of: "reason", title: R.reason, cell: (row) => row.reason },
  { key: "standing", of: "standingZh", title: R.outcome, nowrap: true, cell: (row) => row.standingZh },
  { key: "words", of: "words", title: R.words, cell: (row) => row.words },
];

export function Behind(props: { stat: Stat; tab: StatTab; by: string; open: string }) {
  const { stat, open } = props;
  const bar = open.indexOf("|");
  const figure = bar < 0 ? open : open.slice(0, bar);
  const key = bar < 0 ? undefined : open.slice(bar + 1);
  const pages = useInfiniteQuery(behindQuery(props.tab, props.by, stat.days, figure, key));
  const row = key === undefined ? stat.total : stat.rows.find((each) => each.key === key);
  const place = useRef<HTMLElement>(null);
  const there = pages.isSuccess;
  useEffect(() => {
    if (there) place.current?.scrollIntoView({ block: "nearest" });
  }, [there]);
  const measure = stat.measures.find((each) => each.key === figure);
  const title = R.behind(row?.name ?? "", measure?.name ?? "", row?.figures[figure] ?? 0);
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  const columns = COLUMNS.filter(({ of }) => of === undefined || rows.some((each) => each[of] !== null));
  return (
    <section ref={place} className="card returns-behind" aria-label={title}>
      <header className="card-head">
        <h2>{title}</h2>
      </header>
      {rows.length === 0 ? (
        <EmptyState title={R.behindNone} />
      ) : (
        <WorkTable label={title} columns={columns} rows={rows} rowKey={(each) => each.id} />
      )}
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {T.tickets.more}
          </Button>
        </div>
      )}
    </section>
  );
}
