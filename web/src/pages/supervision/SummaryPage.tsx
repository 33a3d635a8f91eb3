/** 督办汇总. A line a unit: states, levels, overdue, rate, the last word; every number opens into exactly its items. */
import { DownloadOutlined } from "@ant-design/icons";
import {
  ALL_SUMMARY_COUNTS,
  CLOSING_RATE,
  SUMMARY_COUNTS,
  type SummaryCount,
} from "@jiesu/core/supervision/summary.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type SummaryLine, summaryQuery } from "./queries.ts";
import { SupervisionTabs } from "./SupervisionTabs.tsx";
import type { ItemsSearch } from "./search.ts";
import "../exemption/exemption.css";
import "./supervision.css";

const M = SUPERVISION.summary;

export default function SummaryPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/supervision/summary" });
  const { period } = useSearch({ from: "/supervision/summary" });
  const [words, setWords] = useState("");
  const found = useQuery(summaryQuery(period));
  const data = found.data;
  const asked = data?.period ?? "all";
  const periods = data
    ? [...new Set([data.current, ...data.periods.map((each) => each.period)])].sort().reverse()
    : [];
  const lines = (data?.lines ?? []).filter((line) =>
    (line.unit?.name ?? SUPERVISION.noUnit).includes(words.trim()),
  );
  return (
    <PageShell
      title={M.title}
      about={M.about}
      actions={
        <>
          <Button
            icon={<DownloadOutlined aria-hidden="true" />}
            href={`/api/supervision/summary.xlsx?period=${asked}`}
          >
            {M.excel}
          </Button>
          {session.unit === null && (
            <Button
              icon={<DownloadOutlined aria-hidden="true" />}
              href={`/api/supervision/summary.docx?period=${asked}`}
            >
              {M.paper}
            </Button>
          )}
        </>
      }
    >
      <SupervisionTabs />
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError || data === undefined ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <>
          <div className="list-tabs">
            <Select
              aria-label={M.period}
              style={{ minWidth: 170 }}
              value={asked}
              options={[
                { value: "all", label: M.allPeriods },
                ...periods.map((name) => ({
                  value: name,
                  label: name === data.current ? M.current(name) : name,
                })),
              ]}
              onChange={(to) => void navigate({ search: { period: to }, replace: true })}
            />
            {session.unit === null && (
              <Input
                aria-label={M.filter}
                placeholder={M.filter}
                allowClear
                style={{ width: 180 }}
                value={words}
                onChange={(e) => setWords(e.target.value)}
              />
            )}
            <span className="quiet">{minuteText(data.at)}</span>
          </div>
          {data.lines.length === 0 ? (
            <EmptyState title={M.none}>{M.noneAbout}</EmptyState>
          ) : (
            <div className="card">
              <WorkTable
                label={M.title}
                columns={columnsOf(data.total, data.period)}
                rows={lines}
                rowKey={(line) => line.unit?.id ?? "none"}
                withTotal
              />
            </div>
          )}
          <ul className="supervision-periods" aria-label={M.trend}>
            {data.periods.map((each) => (
              <li key={each.period}>
                <Link to="/supervision/summary" search={{ period: each.period }}>
                  {each.period}
                </Link>{" "}
                <span className="quiet">
                  {M.items} {each.total}，{M.closed} {each.closed}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </PageShell>
  );
}

function columnsOf(total: SummaryLine, period: string | null): readonly Column<SummaryLine>[] {
  return [
    {
      key: "unit",
      title: M.unit,
      nowrap: true,
      cell: (line) => line.unit?.name ?? SUPERVISION.noUnit,
      total: M.total,
    },
    ...ALL_SUMMARY_COUNTS.map((key): Column<SummaryLine> => {
      const cell = (line: SummaryLine, all: boolean) => {
        const n = line.counts[key] ?? 0;
        if (n === 0) return <span className="quiet">0</span>;
        return (
          <Link to="/supervision" search={opens(key, all ? undefined : (line.unit?.id ?? "none"), period)}>
            {n}
          </Link>
        );
      };
      return {
        ...{ key, title: SUMMARY_COUNTS[key].zh, definition: SUMMARY_COUNTS[key].about, align: "right" },
        cell: (line) => cell(line, false),
        total: cell(total, true),
      };
    }),
    {
      ...{
        key: "rate",
        title: CLOSING_RATE.zh,
        definition: CLOSING_RATE.about,
        align: "right",
        nowrap: true,
      },
      cell: (line) => line.rate,
      total: total.rate,
    },
    {
      key: "last",
      title: M.last,
      cell: (line) =>
        line.last === null ? (
          <span className="quiet">—</span>
        ) : (
          <>
            <Link to="/supervision/$id" params={{ id: line.last.id }} className="supervision-word">
              {line.last.text}
            </Link>
            <span className="quiet">
              {line.last.by} {minuteText(line.last.at)}
            </span>
          </>
        ),
    },
  ];
}

/** The list that a number opens: exactly the items that it counts. */
function opens(key: SummaryCount, unit: string | undefined, period: string | null): ItemsSearch {
  const of: Readonly<Record<SummaryCount, ItemsSearch>> = {
    total: { state: "counted" },
    arrived: { state: "arrived" },
    handling: { state: "handling" },
    rework: { state: "rework" },
    checking: { state: "checking" },
    closed: { state: "closed" },
    general: { state: "counted", level: "general" },
    key: { state: "counted", level: "key" },
    listed: { state: "counted", level: "listed" },
    overdue: { state: "counted", due: "overdue" },
    late: { state: "counted", late: "1" },
  };
  return {
    ...of[key],
    ...(unit === undefined ? {} : { unit, lead: "1" as const }),
    ...(period === null ? {} : { period }),
  };
}
