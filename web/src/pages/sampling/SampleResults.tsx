/** 抽访结果. By channel, unit or month: every answer, every reason of a "no"; each figure opens into its tickets below. */
import {
  SAMPLED_ANSWER_NAMES,
  SAMPLED_QUESTIONS,
  type SampledQuestion,
} from "@jiesu/core/sampling/results.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import type { SampledTicket, SamplingResult } from "../../api/types.ts";
import { SAMPLING } from "../../texts/sampling.ts";
import { T } from "../../texts.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { resultsQuery, sampleQuery } from "./queries.ts";
import type { PlanSearch } from "./search.ts";

const S = SAMPLING;
const BY = ["channel", "unit", "month"] as const;
const COUNTS = ["answered", "refused", "unreached", "waiting"] as const;
const TOTAL = "*";

export function SampleResults({ id }: { id: string }) {
  const search: PlanSearch = useSearch({ from: "/sampling/$id" });
  const navigate = useNavigate({ from: "/sampling/$id" });
  const by: (typeof BY)[number] = search.by ?? "channel";
  const found = useQuery(resultsQuery(id, by));
  const list = useQuery(sampleQuery(id));
  if (found.isPending || list.isPending) return <Loading what={T.loading} />;
  if (found.isError || list.isError)
    return <Failed sentence={sentenceOf(found.error ?? list.error)} retry={() => void found.refetch()} />;
  const { total, rows } = found.data;
  if (total.answered + total.refused + total.unreached === 0)
    return <EmptyState title={S.noResults}>{S.noResultsAbout}</EmptyState>;
  const open = (key: string, what: string) =>
    void navigate({ search: { ...search, open: `${key}|${what}` }, replace: true });
  const figure = (row: SamplingResult, what: string, n: number, label: string) =>
    n === 0 ? (
      <span className="quiet">0</span>
    ) : (
      <button
        type="button"
        className="sampling-figure"
        aria-label={`${row.name} ${label} ${n}`}
        onClick={() => open(row === total ? TOTAL : row.key, what)}
      >
        {n}
      </button>
    );
  const columns: readonly Column<SamplingResult>[] = [
    { key: "name", title: S.byNames[by], nowrap: true, cell: (row) => row.name, total: S.total },
    {
      key: "drawn",
      title: S.sample,
      align: "right",
      cell: (row) => figure(row, "drawn", row.drawn, S.sample),
      total: figure(total, "drawn", total.drawn, S.sample),
    },
    ...COUNTS.map(
      (what): Column<SamplingResult> => ({
        key: what,
        title: S[what],
        align: "right",
        nowrap: true,
        cell: (row) => figure(row, what, row[what], S[what]),
        total: figure(total, what, total[what], S[what]),
      }),
    ),
    ...SAMPLED_QUESTIONS.flatMap((question): readonly Column<SamplingResult>[] => [
      ...total.questions[question].answers.map(({ answer }): Column<SamplingResult> => {
        const label = answerName(question, answer);
        const nOf = (row: SamplingResult) =>
          row.questions[question].answers.find((each) => each.answer === answer)?.n ?? 0;
        return {
          key: `${question}.${answer}`,
          title: label,
          align: "right",
          nowrap: true,
          cell: (row) => figure(row, `${question}.${answer}`, nOf(row), label),
          total: figure(total, `${question}.${answer}`, nOf(total), label),
        };
      }),
    ]),
    {
      key: "reasons",
      title: S.reasons,
      cell: (row) => reasonsText(row),
      total: reasonsText(total),
    },
  ];
  const [key = "", what = ""] = search.open?.split("|") ?? [];
  const { now, later, done } = list.data;
  const opened =
    search.open === undefined
      ? null
      : [...now, ...later, ...done].filter((each) => isIn(each, by, key) && says(each, what));
  return (
    <>
      <div className="list-tabs">
        <Segmented
          aria-label={S.resultsBy}
          options={BY.map((each) => ({ value: each, label: S.byNames[each] }))}
          value={by}
          onChange={(to) =>
            void navigate({
              search: { tab: "results", by: to === "unit" || to === "month" ? to : undefined },
              replace: true,
            })
          }
        />
      </div>
      <section className="card">
        <WorkTable label={S.tabs.results} columns={columns} rows={rows} rowKey={(row) => row.key} withTotal />
      </section>
      {opened !== null && (
        <section className="card sampling-opened" aria-label={S.opened(opened.length)}>
          <header className="card-head">
            <h2>{S.opened(opened.length)}</h2>
            <Button
              size="small"
              onClick={() => void navigate({ search: { ...search, open: undefined }, replace: true })}
            >
              {S.close}
            </Button>
          </header>
          <WorkTable label={S.tabs.results} columns={TICKETS} rows={opened} rowKey={(row) => row.id} />
        </section>
      )}
    </>
  );
}

const TICKETS: readonly Column<SampledTicket>[] = [
  {
    key: "number",
    title: S.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/tickets/$id" params={{ id: row.id }}>
        {row.number}
      </Link>
    ),
  },
  { key: "title", title: T.tickets.ticket, cell: (row) => row.title || row.excerpt },
  { key: "channel", title: S.byNames.channel, nowrap: true, cell: (row) => row.channel },
  { key: "unit", title: S.unit, nowrap: true, cell: (row) => row.unitName },
  { key: "outcome", title: S.outcome, nowrap: true, cell: (row) => S.outcomes[row.outcome ?? "waiting"] },
  ...SAMPLED_QUESTIONS.map(
    (question): Column<SampledTicket> => ({
      key: question,
      title: T.callback.questions[question],
      cell: (row) =>
        [answerName(question, row[question] ?? ""), row.reasons[question]?.zh ?? ""]
          .filter((each) => each !== "")
          .join("："),
    }),
  ),
];

function answerName(question: SampledQuestion, answer: string): string {
  return SAMPLED_ANSWER_NAMES[question][answer] ?? "";
}

function reasonsText(row: SamplingResult): string {
  const all = SAMPLED_QUESTIONS.flatMap((question) => row.questions[question].reasons);
  return all.map(({ zh, n }) => S.reasonOf(zh, n)).join("；");
}

function isIn(ticket: SampledTicket, by: (typeof BY)[number], key: string): boolean {
  if (by === "month") return ticket.calledAt !== null && (key === TOTAL || monthOf(ticket.calledAt) === key);
  return key === TOTAL || (by === "unit" ? ticket.unitId : ticket.channel) === key;
}

const monthOf = (at: string): string => new Date(Date.parse(at) + 8 * 3_600_000).toISOString().slice(0, 7);

function says(ticket: SampledTicket, what: string): boolean {
  if (what === "drawn") return true;
  if (what === "waiting") return ticket.outcome === null;
  const [question, answer] = what.split(".");
  const asked = SAMPLED_QUESTIONS.find((each) => each === question);
  if (asked === undefined) return ticket.outcome === what;
  return ticket.outcome === "answered" && ticket[asked] === answer;
}
