/** 汇总. Units by kinds, causes and weeks; each number opens into its items; a day may be gone through by hand. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { PROBLEM } from "../../texts/problem.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { renewProblems, type Span, type Summary, summaryQuery } from "./queries.ts";
import type { ProblemSearch } from "./search.ts";

const P = PROBLEM;
type Unit = Summary["units"][number];

export function ProblemSummary({ days }: { days: Span }) {
  const found = useQuery(summaryQuery(days));
  if (found.isPending) return <Loading what={T.loading} />;
  if (found.isError) return <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />;
  const { lastRun } = found.data;
  return (
    <>
      <div className="list-tabs">
        <span className="quiet">
          {lastRun === null
            ? P.neverRun
            : P.lastRun(lastRun.day, minuteText(lastRun.at), lastRun.by, lastRun.looked, lastRun.found)}
        </span>
        <FindAgain day={days.to} />
      </div>
      {found.data.units.length === 0 ? (
        <EmptyState title={P.none}>{P.noneAbout}</EmptyState>
      ) : (
        <>
          <section className="card">
            <WorkTable
              label={P.table}
              columns={columnsOf(found.data, days)}
              rows={found.data.units}
              rowKey={(row) => row.key}
              withTotal
            />
          </section>
          <div className="problem-beside">
            <Causes of={found.data.causes} days={days} />
            <Weeks of={found.data} />
          </div>
        </>
      )}
    </>
  );
}

function FindAgain({ day }: { day: string }) {
  const session = useSession();
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  if (!hasRole(session, "supervisor", "shiftLead")) return null;
  const find = async () => {
    setBusy(true);
    setRefused(null);
    try {
      const { looked, found } = await bodyOf(http.POST("/api/problems/find", { body: { day } }));
      say(P.found(looked, found));
      renewProblems(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button size="small" loading={busy} title={P.findHint} onClick={() => void find()}>
        {P.find} {day}
      </Button>
      {refused !== null && <Failed sentence={refused} />}
    </>
  );
}

function columnsOf(summary: Summary, days: Span): readonly Column<Unit>[] {
  const { measures, total } = summary;
  const number = (
    key: string,
    title: string,
    definition: string | undefined,
    of: (row: Unit) => number,
    sum: number,
    search: ProblemSearch,
  ): Column<Unit> => ({
    ...{ key, title, align: "right", nowrap: true },
    ...(definition === undefined ? {} : { definition }),
    cell: (row) => (
      <Count n={of(row)} label={`${row.name} ${title}`} search={{ ...days, ...search, unit: row.key }} />
    ),
    total: <Count n={sum} label={`${P.total} ${title}`} search={{ ...days, ...search }} />,
  });
  const { all, open, late } = measures;
  return [
    { key: "unit", title: P.unit, nowrap: true, cell: (row) => row.name, total: P.total },
    number("all", all?.name ?? "", all?.definition, (row) => row.all, total.all, { tab: "list" }),
    ...summary.kinds.map(({ kind, kindZh, group, n }) =>
      number(kind, kindZh, measures[group]?.definition, (row) => row.kinds[kind] ?? 0, n, {
        tab: "list",
        kind,
      }),
    ),
    number("open", open?.name ?? "", open?.definition, (row) => row.open, total.open, {
      tab: "list",
      state: "unfinished",
    }),
    number("late", late?.name ?? "", late?.definition, (row) => row.late, total.late, {
      tab: "list",
      state: "late",
    }),
  ];
}

function Count({ n, label, search }: { n: number; label: string; search: ProblemSearch }) {
  if (n === 0) return <span className="quiet">0</span>;
  return (
    <Link to="/problems" search={search} aria-label={`${label} ${n}`}>
      {n}
    </Link>
  );
}

function Causes({ of, days }: { of: Summary["causes"]; days: Span }) {
  if (of.length === 0) return null;
  return (
    <section className="card">
      <header className="card-head">
        <h2>{P.causes}</h2>
      </header>
      <WorkTable
        label={P.causes}
        columns={[
          { key: "cause", title: P.cause, cell: (row) => row.causeZh },
          {
            key: "n",
            title: P.count,
            align: "right",
            cell: (row) => (
              <Count
                n={row.n}
                label={row.causeZh}
                search={{
                  ...{ ...days, tab: "list" },
                  ...(row.cause === "" ? { state: "open" } : { cause: row.cause }),
                }}
              />
            ),
          },
        ]}
        rows={of}
        rowKey={(row) => row.cause}
      />
    </section>
  );
}

function Weeks({ of }: { of: Summary }) {
  const groups = ["near", "overdue", "closing"] as const;
  return (
    <section className="card">
      <header className="card-head">
        <h2>{P.weeks}</h2>
      </header>
      <WorkTable
        label={P.weeks}
        columns={[
          { key: "week", title: P.week, nowrap: true, cell: (row) => row.week },
          ...groups.map(
            (group): Column<Summary["weeks"][number]> => ({
              key: group,
              title: of.measures[group]?.name ?? group,
              definition: of.measures[group]?.definition ?? "",
              align: "right",
              cell: (row) => (
                <Count
                  n={row[group]}
                  label={`${row.week} ${of.measures[group]?.name ?? group}`}
                  search={{ tab: "list", group, from: row.week, to: weekEnd(row.week) }}
                />
              ),
            }),
          ),
        ]}
        rows={of.weeks}
        rowKey={(row) => row.week}
      />
    </section>
  );
}

const weekEnd = (monday: string): string =>
  new Date(Date.parse(`${monday}T00:00:00Z`) + 6 * 86_400_000).toISOString().slice(0, 10);
