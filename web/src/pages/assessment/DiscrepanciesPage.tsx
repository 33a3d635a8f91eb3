/** 回访差异. The tickets that the centre and the city heard different answers on, question by question. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { ASKED, answerText } from "./answers.ts";
import { discrepanciesQuery } from "./ledgerqueries.ts";
import { PeriodPick, usePeriod } from "./PeriodPick.tsx";
import "./assessment.css";

const W = LEDGER.compare;

export default function DiscrepanciesPage() {
  const search = useSearch({ from: "/assessment/discrepancies" });
  const navigate = useNavigate({ from: "/assessment/discrepancies" });
  const period = usePeriod(search.period);
  const found = useQuery({ ...discrepanciesQuery(period), enabled: period !== undefined });
  type Row = NonNullable<typeof found.data>[number];
  const columns: readonly Column<Row>[] = [
    {
      key: "number",
      title: ASSESSMENT.number,
      nowrap: true,
      cell: (row) => (
        <Link to="/tickets/$id" params={{ id: row.ticketId }}>
          {row.number}
        </Link>
      ),
    },
    { key: "unit", title: ASSESSMENT.unit, nowrap: true, cell: (row) => row.unitName ?? "" },
    { key: "caller", title: W.caller, nowrap: true, cell: (row) => row.caller },
    { key: "ownAt", title: W.ownAt, nowrap: true, cell: (row) => minuteText(row.ownAt) },
    { key: "cityAt", title: W.cityAt, nowrap: true, cell: (row) => minuteText(row.cityAt) },
    ...ASKED.map(
      (question): Column<Row> => ({
        key: question,
        title: `${LEDGER.answers[question]}（${W.own} → ${W.city}）`,
        nowrap: true,
        cell: (row) => {
          const [own, city] = [row.own[question], row.city[question]];
          const shown = `${answerText(question, own)} → ${answerText(question, city)}`;
          if (own === null || city === null || own === city) return <span className="quiet">{shown}</span>;
          return (
            <>
              {shown} <Tag tone="near">{W.differs}</Tag>
            </>
          );
        },
      }),
    ),
  ];
  return (
    <PageShell title={W.discrepancies} about={W.discrepanciesAbout}>
      <AssessTabs />
      <PeriodPick period={period} onChange={(next) => void navigate({ search: { period: next } })} />
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : found.data.length === 0 ? (
        <EmptyState title={W.none}>{W.noneAbout}</EmptyState>
      ) : (
        <section className="card ledger-card">
          <WorkTable
            label={W.discrepancies}
            columns={columns}
            rows={found.data}
            rowKey={(row) => `${row.ticketId} ${row.round}`}
          />
        </section>
      )}
    </PageShell>
  );
}
