/** 回访准确率. How often the centre's callbacks say what the city's say, by caller, unit or month. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { ASKED } from "./answers.ts";
import { accuracyQuery, pairsQuery } from "./ledgerqueries.ts";
import { PairTable } from "./PairTable.tsx";
import { PeriodPick, Pick, usePeriod } from "./PeriodPick.tsx";
import type { AccuracySearch } from "./search.ts";
import "./assessment.css";

const W = LEDGER.compare;
const BY = ["caller", "unit", "month"] as const;
const FIGURES = ["all", "agreed", "differing"] as const;

export default function AccuracyPage() {
  const search: AccuracySearch = useSearch({ from: "/assessment/accuracy" });
  const navigate = useNavigate({ from: "/assessment/accuracy" });
  const by = search.by ?? "caller";
  const change = (next: Partial<AccuracySearch>) =>
    void navigate({ search: { ...search, open: undefined, ...next }, replace: true });
  const period = usePeriod(search.period);
  const found = useQuery({ ...accuracyQuery(period, by), enabled: period !== undefined });
  type Row = NonNullable<typeof found.data>[number];
  const columns: readonly Column<Row>[] = [
    { key: "name", title: W.byNames[by], cell: (row) => row.name },
    ...FIGURES.map(
      (which): Column<Row> => ({
        key: which,
        title: W.figures[which],
        align: "right",
        nowrap: true,
        cell: (row) => {
          const n = which === "all" ? row.pairs : which === "agreed" ? row.agreed : row.pairs - row.agreed;
          if (n === 0) return <span className="quiet">0</span>;
          return (
            <Link
              to="/assessment/accuracy"
              search={{ ...search, period, open: `${row.key}|${which}` }}
              aria-label={`${row.name} ${W.figures[which]} ${n}`}
            >
              {n}
            </Link>
          );
        },
      }),
    ),
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
      <PeriodPick period={period} onChange={(next) => change({ period: next })}>
        <Pick
          label={W.by}
          value={by}
          options={BY.map((each) => ({ value: each, label: W.byNames[each] }))}
          onChange={(to) => change({ by: to === "caller" ? undefined : to })}
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
      {search.open !== undefined && period !== undefined && (
        <Opened
          key={`${by} ${search.open}`}
          period={period}
          by={by}
          open={search.open}
          names={found.data ?? []}
        />
      )}
    </PageShell>
  );
}

function Opened(props: {
  period: string;
  by: (typeof BY)[number];
  open: string;
  names: readonly { readonly key: string; readonly name: string }[];
}) {
  const [key = "", what] = props.open.split("|");
  const which = FIGURES.find((each) => each === what) ?? "all";
  const found = useQuery(pairsQuery(props.period, props.by, key, which));
  const name = props.names.find((each) => each.key === key)?.name ?? "";
  if (found.isPending) return <Loading what={T.loading} />;
  if (found.isError) return <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />;
  const title = W.pairsOf(name, W.figures[which], found.data.length);
  return (
    <section className="card ledger-card" aria-label={title}>
      <header className="card-head">
        <h2>{title}</h2>
      </header>
      <PairTable label={title} rows={found.data} />
    </section>
  );
}

const share = (same: number, both: number): string =>
  both === 0 ? "—" : `${((same / both) * 100).toFixed(1)}%`;
