/** 对账. A month's differences by probable cause, each opening into its lines; a line with both readings beside one another. */
import { CAUSES } from "@jiesu/core/assessment/causes.ts";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { CitySummary } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { AssessTabs } from "../assessment/AssessTabs.tsx";
import { BulkActs } from "./BulkActs.tsx";
import { LinePanel } from "./LinePanel.tsx";
import { LineTable } from "./LineTable.tsx";
import { linePages, summaryQuery } from "./queries.ts";
import { UnknownUnits } from "./UnknownUnits.tsx";
import "../assessment/assessment.css";
import "./cityresult.css";

const W = CITY.reconcile;

export default function MonthPage() {
  const { period } = useParams({ from: "/assessment/city/$period" });
  const summary = useQuery(summaryQuery(period));
  usePageKeys(W.keys);
  return (
    <PageShell
      title={W.title(period)}
      about={
        summary.data &&
        W.about(summary.data.file.fileName, summary.data.file.version, minuteText(summary.data.file.at))
      }
      actions={
        <>
          <Link to="/assessment/city">{CITY.toMonths}</Link>
          <Link to="/assessment/city/$period/compare" params={{ period }}>
            {CITY.compare}
          </Link>
          {summary.data && <a href={`/api/assessment/city-results/${period}/differences.xlsx`}>{W.export}</a>}
        </>
      }
    >
      <AssessTabs />
      {summary.isPending ? (
        <Loading what={T.loading} />
      ) : summary.isError ? (
        <Failed sentence={sentenceOf(summary.error)} retry={() => void summary.refetch()} />
      ) : summary.data === null ? (
        <EmptyState title={CITY.none}>{CITY.noneAbout}</EmptyState>
      ) : (
        <Month period={period} summary={summary.data} />
      )}
    </PageShell>
  );
}

function Month({ period, summary }: { period: string; summary: CitySummary }) {
  const session = useSession();
  const settles = hasRole(session, "assessor");
  return (
    <>
      <section className="card ledger-card" aria-label={W.title(period)}>
        <div className="ledger-inner city-facts">
          <Facts
            of={[
              [W.lines, W.count(summary.lines)],
              [W.equal, W.count(summary.equal)],
              [W.differing, W.count(summary.differing)],
              [W.unnamed, W.count(summary.unnamed)],
              [W.states.disputed, W.count(summary.states.disputed)],
              [
                W.unheard,
                <span key="unheard" title={W.unheardAbout}>
                  {W.count(summary.unheard)}
                </span>,
              ],
            ]}
          />
          {summary.rules.standIn && <Notice>{W.standIn(summary.rules.title)}</Notice>}
        </div>
      </section>
      {settles && summary.unknownUnits.length > 0 && <UnknownUnits units={summary.unknownUnits} />}
      <div className="city-month">
        <CauseList summary={summary} period={period} />
        <Lines period={period} summary={summary} settles={settles} />
      </div>
    </>
  );
}

/** 可能原因: each with how many lines it has and how many still wait for somebody. */
function CauseList({ summary, period }: { summary: CitySummary; period: string }) {
  const search = useSearch({ from: "/assessment/city/$period" });
  const all = summary.differing + summary.unnamed;
  const link = (cause: string | undefined, zh: string, lines: number, open: number) => (
    <li key={cause ?? "all"}>
      <Link
        to="/assessment/city/$period"
        params={{ period }}
        search={{ ...search, cause, line: undefined }}
        aria-current={search.cause === cause ? "page" : undefined}
      >
        <span>{zh}</span>
        <span className="city-cause-count">
          {open > 0 && <Tag tone="near">{W.openOf(open)}</Tag>}
          <span className="quiet">{W.count(lines)}</span>
        </span>
      </Link>
    </li>
  );
  return (
    <nav className="card city-causes" aria-label={W.causes}>
      <header className="card-head">
        <h2>{W.causes}</h2>
      </header>
      <ul>
        {link(undefined, W.all, all, summary.states.open)}
        {summary.causes.map(({ cause, zh, lines, open }) => link(cause, zh, lines, open))}
      </ul>
    </nav>
  );
}

function Lines(props: { period: string; summary: CitySummary; settles: boolean }) {
  const { period, summary, settles } = props;
  const search = useSearch({ from: "/assessment/city/$period" });
  const navigate = useNavigate({ from: "/assessment/city/$period" });
  const pages = useInfiniteQuery(linePages(period, search));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const cause = summary.causes.find((each) => each.cause === search.cause);
  const todo = CAUSES.find((each) => each.cause === search.cause)?.todo;
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  const shown = new Set(rows.map((row) => row.key));
  const still = rows.filter((row) => chosen.has(row.key) && shown.has(row.key));
  const open = (line: string | undefined) => void navigate({ search: { ...search, line }, replace: true });
  return (
    <div className="city-lines" data-open={search.line === undefined ? undefined : true}>
      {rows.length === 0 ? (
        summary.differing + summary.unnamed === 0 ? (
          <EmptyState title={W.noneLeft}>{W.noneLeftAbout}</EmptyState>
        ) : (
          <EmptyState title={W.empty} />
        )
      ) : (
        <section className="card ledger-card" aria-label={cause?.zh ?? W.all}>
          <header className="card-head">
            <h2>{cause?.zh ?? W.all}</h2>
            {todo && <span className="quiet">{todo}</span>}
            {settles && (
              <BulkActs
                key={search.cause ?? ""}
                period={period}
                chosen={still}
                cause={cause}
                onDone={() => setChosen(new Set())}
              />
            )}
          </header>
          <LineTable
            rows={rows}
            chosen={chosen}
            onChoose={settles ? setChosen : null}
            openKey={search.line}
            withCause={search.cause === undefined && search.line === undefined}
            onOpen={open}
          />
          {pages.hasNextPage && (
            <div className="ledger-inner">
              <Button loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                {W.more}
              </Button>
            </div>
          )}
        </section>
      )}
      {search.line !== undefined && (
        <LinePanel
          key={search.line}
          period={period}
          lineKey={search.line}
          settles={settles}
          onClose={() => open(undefined)}
        />
      )}
    </div>
  );
}
