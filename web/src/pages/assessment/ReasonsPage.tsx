/** “否”的原因. Why citizens said no, by unit or month, a block a question; every count opens into its tickets below. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { ReasonCount } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { ASKED } from "./answers.ts";
import { reasonsQuery, reasonTicketsQuery } from "./ledgerqueries.ts";
import { PeriodPick, Pick, usePeriod } from "./PeriodPick.tsx";
import type { ReasonsSearch } from "./search.ts";
import "./assessment.css";

const W = LEDGER.compare;
const SOURCES = ["own", "city"] as const;
const BY = ["unit", "month"] as const;
const ALL = "*";
type Question = ReasonCount["question"];

export default function ReasonsPage() {
  const search: ReasonsSearch = useSearch({ from: "/assessment/reasons" });
  const navigate = useNavigate({ from: "/assessment/reasons" });
  const period = usePeriod(search.period);
  const by = search.by ?? "unit";
  const source = search.source ?? "own";
  const found = useQuery({ ...reasonsQuery(period, source, by), enabled: period !== undefined });
  const change = (next: Partial<ReasonsSearch>) =>
    void navigate({ search: { ...search, open: undefined, ...next }, replace: true });
  return (
    <PageShell title={W.reasons} about={W.reasonsAbout}>
      <AssessTabs />
      <PeriodPick period={period} onChange={(next) => change({ period: next })}>
        <Pick
          label={W.source}
          value={source}
          options={SOURCES.map((each) => ({ value: each, label: W.sources[each] }))}
          onChange={(to) => change({ source: to === "city" ? to : undefined })}
        />
        <Pick
          label={W.by}
          value={by}
          options={BY.map((each) => ({ value: each, label: W.byReasons[each] }))}
          onChange={(to) => change({ by: to === "month" ? to : undefined })}
        />
      </PeriodPick>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : found.data.length === 0 ? (
        <EmptyState title={W.reasonsNone}>{W.reasonsNoneAbout}</EmptyState>
      ) : (
        ASKED.filter((question) => found.data.some((each) => each.question === question)).map((question) => (
          <Block
            key={question}
            question={question}
            rows={found.data.filter((each) => each.question === question)}
            by={by}
            search={{ ...search, period }}
          />
        ))
      )}
      {search.open !== undefined && period !== undefined && (
        <Opened key={search.open} period={period} source={source} by={by} open={search.open} />
      )}
    </PageShell>
  );
}

interface Line {
  readonly key: string;
  readonly name: string;
}

function Block(props: {
  question: Question;
  rows: readonly ReasonCount[];
  by: (typeof BY)[number];
  search: ReasonsSearch;
}) {
  const { question, rows, by, search } = props;
  const reasons = [...new Map(rows.map((each) => [each.code, each.zh]))];
  const lines = [...new Map(rows.map((each) => [each.key, { key: each.key, name: each.name }])).values()];
  const sum = (key: string, code: string) =>
    rows
      .filter((each) => (key === ALL || each.key === key) && (code === ALL || each.code === code))
      .reduce((n, each) => n + each.n, 0);
  const figure = (line: Line, code: string, zh: string) => {
    const n = sum(line.key, code);
    if (n === 0) return <span className="quiet">0</span>;
    return (
      <Link
        to="/assessment/reasons"
        search={{ ...search, open: `${line.key}|${question}|${code}` }}
        aria-label={`${line.name} ${W.questions[question]} ${zh} ${n}`}
      >
        {n}
      </Link>
    );
  };
  const all: Line = { key: ALL, name: W.all };
  const columns: readonly Column<Line>[] = [
    { key: "name", title: W.byReasons[by], nowrap: true, cell: (line) => line.name, total: W.all },
    {
      key: "sum",
      title: W.questions[question],
      align: "right",
      nowrap: true,
      cell: (line) => figure(line, ALL, ""),
      total: figure(all, ALL, ""),
    },
    ...reasons.map(
      ([code, zh]): Column<Line> => ({
        key: code,
        title: zh,
        align: "right",
        cell: (line) => figure(line, code, zh),
        total: figure(all, code, zh),
      }),
    ),
  ];
  const sorted = lines.toSorted((a, b) =>
    by === "month"
      ? a.key < b.key
        ? -1
        : 1
      : sum(b.key, ALL) - sum(a.key, ALL) || (a.name < b.name ? -1 : 1),
  );
  return (
    <section className="card ledger-card" aria-label={W.questions[question]}>
      <header className="card-head">
        <h2>{W.questions[question]}</h2>
      </header>
      <WorkTable
        label={W.questions[question]}
        columns={columns}
        rows={sorted}
        rowKey={(line) => line.key}
        withTotal
      />
    </section>
  );
}

function Opened(props: {
  period: string;
  source: (typeof SOURCES)[number];
  by: (typeof BY)[number];
  open: string;
}) {
  const [key = ALL, asked, code = ALL] = props.open.split("|");
  const question = ASKED.find((each) => each === asked) ?? "solved";
  const of = key === ALL ? undefined : key;
  const found = useQuery(
    reasonTicketsQuery({
      ...{ period: props.period, source: props.source, question },
      code: code === ALL ? undefined : code,
      unit: props.by === "unit" ? of : undefined,
      month: props.by === "month" ? of : undefined,
    }),
  );
  if (found.isPending) return <Loading what={T.loading} />;
  if (found.isError) return <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />;
  type Row = (typeof found.data)[number];
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
    { key: "title", title: W.matter, cell: (row) => row.title },
    { key: "unit", title: ASSESSMENT.unit, nowrap: true, cell: (row) => row.unitName },
    { key: "reason", title: W.reason, nowrap: true, cell: (row) => row.zh },
    { key: "said", title: W.said, cell: (row) => row.said },
    { key: "at", title: W.calledAt, nowrap: true, cell: (row) => minuteText(row.at) },
    { key: "by", title: W.calledBy, nowrap: true, cell: (row) => row.by },
  ];
  const title = `${W.questions[question]}：${W.ticketsOf(found.data.length)}`;
  return (
    <section className="card ledger-card" aria-label={title}>
      <header className="card-head">
        <h2>{title}</h2>
      </header>
      <WorkTable
        label={title}
        columns={columns}
        rows={found.data}
        rowKey={(row) => `${row.ticketId} ${row.round}`}
      />
    </section>
  );
}
