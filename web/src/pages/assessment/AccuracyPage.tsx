/** 回访准确率. How often the centre's callbacks say what the city's say, by caller, unit or month. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { ASKED } from "./answers.ts";
import { accuracyQuery } from "./ledgerqueries.ts";
import { PeriodPick, Pick, usePeriod } from "./PeriodPick.tsx";
import "./assessment.css";

const W = LEDGER.compare;
const BY = ["caller", "unit", "month"] as const;

export default function AccuracyPage() {
  const search = useSearch({ from: "/assessment/accuracy" });
  const navigate = useNavigate({ from: "/assessment/accuracy" });
  const [by, setBy] = useState<(typeof BY)[number]>("caller");
  const period = usePeriod(search.period);
  const found = useQuery({ ...accuracyQuery(period, by), enabled: period !== undefined });
  type Row = NonNullable<typeof found.data>[number];
  const columns: readonly Column<Row>[] = [
    { key: "name", title: W.byNames[by], cell: (row) => row.name },
    { key: "pairs", title: W.pairs, align: "right", nowrap: true, cell: (row) => row.pairs },
    { key: "agreed", title: W.agreed, align: "right", nowrap: true, cell: (row) => row.agreed },
    {
      key: "rate",
      title: W.rate,
      align: "right",
      nowrap: true,
      cell: (row) => <strong>{share(row.agreed, row.pairs)}</strong>,
    },
    ...ASKED.map(
      (question): Column<Row> => ({
        key: question,
        title: LEDGER.answers[question],
        align: "right",
        nowrap: true,
        cell: (row) => {
          const { same, both } = row[question];
          return (
            <>
              {share(same, both)} <span className="quiet">{W.of(same, both)}</span>
            </>
          );
        },
      }),
    ),
  ];
  return (
    <PageShell title={W.accuracy} about={W.accuracyAbout}>
      <AssessTabs />
      <PeriodPick period={period} onChange={(next) => void navigate({ search: { period: next } })}>
        <Pick
          label={W.by}
          value={by}
          options={BY.map((each) => ({ value: each, label: W.byNames[each] }))}
          onChange={setBy}
        />
      </PeriodPick>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : found.data.length === 0 ? (
        <EmptyState title={W.accuracyNone}>{W.noneAbout}</EmptyState>
      ) : (
        <section className="card ledger-card">
          <WorkTable label={W.accuracy} columns={columns} rows={found.data} rowKey={(row) => row.key} />
        </section>
      )}
    </PageShell>
  );
}

const share = (same: number, both: number): string =>
  both === 0 ? "—" : `${((same / both) * 100).toFixed(1)}%`;
