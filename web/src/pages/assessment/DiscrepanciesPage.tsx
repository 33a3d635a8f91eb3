/** 回访差异. The tickets that the centre and the city heard different answers on, question by question. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { discrepanciesQuery } from "./ledgerqueries.ts";
import { PairTable } from "./PairTable.tsx";
import { PeriodPick, usePeriod } from "./PeriodPick.tsx";
import "./assessment.css";

const W = LEDGER.compare;

export default function DiscrepanciesPage() {
  const search = useSearch({ from: "/assessment/discrepancies" });
  const navigate = useNavigate({ from: "/assessment/discrepancies" });
  const period = usePeriod(search.period);
  const found = useQuery({ ...discrepanciesQuery(period), enabled: period !== undefined });
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
          <PairTable label={W.discrepancies} rows={found.data} />
        </section>
      )}
    </PageShell>
  );
}
