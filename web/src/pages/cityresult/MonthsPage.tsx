/** 市级结果. The months with their files and versions; a file is dropped or chosen for a month, and looked at before it counts. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { CityFileLine, CityMonth } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "../assessment/AssessTabs.tsx";
import { monthsQuery } from "./queries.ts";
import { TakeIn } from "./TakeIn.tsx";
import "../assessment/assessment.css";
import "./cityresult.css";

export default function MonthsPage() {
  const months = useQuery(monthsQuery);
  const session = useSession();
  const navigate = useNavigate();
  return (
    <PageShell title={CITY.title} about={CITY.about}>
      <AssessTabs />
      {hasRole(session, "assessor") && <TakeIn />}
      {months.isPending ? (
        <Loading what={T.loading} />
      ) : months.isError ? (
        <Failed sentence={sentenceOf(months.error)} retry={() => void months.refetch()} />
      ) : months.data.length === 0 ? (
        <EmptyState title={CITY.none}>{CITY.noneAbout}</EmptyState>
      ) : (
        <>
          <section className="card ledger-card" aria-label={CITY.title}>
            <WorkTable
              label={CITY.title}
              columns={MONTH_COLUMNS}
              rows={months.data}
              rowKey={(month) => month.period}
              onOpen={({ period }) => void navigate({ to: "/assessment/city/$period", params: { period } })}
            />
          </section>
          {months.data.map((month) => (
            <details key={month.period} className="card ledger-card city-files">
              <summary>{CITY.filesOf(month.period)}</summary>
              <WorkTable
                label={CITY.filesOf(month.period)}
                columns={fileColumns(month)}
                rows={month.files}
                rowKey={(file) => file.id}
              />
            </details>
          ))}
        </>
      )}
    </PageShell>
  );
}

const MONTH_COLUMNS: readonly Column<CityMonth>[] = [
  {
    key: "period",
    title: CITY.month,
    nowrap: true,
    cell: ({ period }) => (
      <Link to="/assessment/city/$period" params={{ period }}>
        {period}
      </Link>
    ),
  },
  { key: "lines", title: CITY.linesFile, cell: (month) => <InForce file={inForce(month, "lines")} /> },
  { key: "units", title: CITY.unitsFile, cell: (month) => <InForce file={inForce(month, "units")} /> },
  {
    key: "waiting",
    title: CITY.state,
    cell: ({ files }) => {
      const waiting = files.find(({ status }) => status === "uploaded");
      if (!waiting) return "";
      return (
        <Link to="/assessment/city/file/$id" params={{ id: waiting.id }}>
          <Tag tone="near">{CITY.status.uploaded}</Tag> {waiting.fileName}
        </Link>
      );
    },
  },
  {
    key: "compare",
    title: "",
    nowrap: true,
    cell: ({ period }) => (
      <Link
        to="/assessment/city/$period/compare"
        params={{ period }}
        aria-label={`${period} ${CITY.compare}`}
      >
        {CITY.compare}
      </Link>
    ),
  },
];

function InForce({ file }: { file: CityFileLine | undefined }) {
  if (!file) return <span className="quiet">{CITY.noFile}</span>;
  return (
    <Link to="/assessment/city/file/$id" params={{ id: file.id }}>
      {CITY.version(file.version ?? 0, file.rows)}
    </Link>
  );
}

/** The confirmed file of the highest version: files come newest first. */
function inForce({ files }: CityMonth, kind: CityFileLine["kind"]): CityFileLine | undefined {
  return files
    .filter((file) => file.kind === kind && file.status === "confirmed")
    .toSorted((a, b) => (b.version ?? 0) - (a.version ?? 0))[0];
}

function fileColumns(month: CityMonth): readonly Column<CityFileLine>[] {
  return [
    {
      key: "name",
      title: CITY.fileName,
      cell: (file) => (
        <Link to="/assessment/city/file/$id" params={{ id: file.id }}>
          {file.fileName}
        </Link>
      ),
    },
    { key: "kind", title: CITY.kind, nowrap: true, cell: (file) => file.kindZh },
    {
      key: "rows",
      title: CITY.rows,
      nowrap: true,
      cell: (file) => (file.version === null ? "" : CITY.version(file.version, file.rows)),
    },
    {
      key: "state",
      title: CITY.state,
      nowrap: true,
      cell: (file) =>
        file.status === "confirmed" && inForce(month, file.kind)?.id !== file.id ? (
          <span className="quiet">{CITY.superseded}</span>
        ) : (
          <Tag tone={file.status === "uploaded" ? "near" : file.status === "confirmed" ? "mine" : "plain"}>
            {CITY.status[file.status]}
          </Tag>
        ),
    },
    {
      key: "by",
      title: CITY.by,
      nowrap: true,
      cell: (file) => CITY.who(file.createdBy, minuteText(file.createdAt)),
    },
  ];
}
