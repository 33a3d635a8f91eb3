/** 无主巡查. What each sweep looked at and what it found; one more at a press. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { WATCH } from "../../texts/watch.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type Sweep, sweepsQuery } from "./queries.ts";

const S = WATCH.sweep;
const resultOf = (found: number): string => (found === 0 ? S.clean : S.found(found));

const COLUMNS: readonly Column<Sweep>[] = [
  { key: "at", title: S.at, nowrap: true, cell: (run) => minuteText(run.at) },
  { key: "by", title: S.by, nowrap: true, cell: (run) => run.by },
  { key: "open", title: S.open, align: "right", cell: (run) => run.open },
  { key: "centre", title: S.centre, align: "right", cell: (run) => run.centre },
  { key: "unit", title: S.unit, align: "right", cell: (run) => run.unit },
  { key: "city", title: S.city, align: "right", cell: (run) => run.city },
  { key: "clocks", title: S.clocks, align: "right", cell: (run) => run.clocks },
  {
    key: "result",
    title: S.result,
    cell: (run) => <Tag tone={run.found === 0 ? "plain" : "overdue"}>{resultOf(run.found)}</Tag>,
  },
];

export function Sweeps() {
  const queries = useQueryClient();
  const runs = useQuery(sweepsQuery);
  const sweep = useMutation({
    mutationFn: () => bodyOf(http.POST("/api/duty/sweeps")),
    onSuccess: (run) => say(resultOf(run.found)),
    onSettled: () => void queries.invalidateQueries({ queryKey: ["sweeps"] }),
  });
  if (runs.isPending) return <Loading what={T.loading} />;
  if (runs.isError) return <Failed sentence={sentenceOf(runs.error)} retry={() => void runs.refetch()} />;
  const found = runs.data.flatMap((run) => run.tickets);
  return (
    <section className="card watch-sweeps">
      <p>
        <Button loading={sweep.isPending} onClick={() => sweep.mutate()}>
          {S.now}
        </Button>{" "}
        <span className="quiet">{S.noneAbout}</span>
      </p>
      {sweep.isError && <Notice tone="wrong">{sentenceOf(sweep.error)}</Notice>}
      {found.length > 0 && (
        <ul className="watch-found" aria-label={S.found(found.length)}>
          {found.map((ticket) => (
            <li key={ticket.id}>
              <Link to="/tickets/$id" params={{ id: ticket.id }}>
                {ticket.number}
              </Link>{" "}
              {ticket.title} <span className="quiet">{ticket.stateZh}</span>{" "}
              <Tag tone="overdue">{ticket.lacks.join("、")}</Tag>
            </li>
          ))}
        </ul>
      )}
      {runs.data.length === 0 ? (
        <EmptyState title={S.none}>{S.noneAbout}</EmptyState>
      ) : (
        <WorkTable label={WATCH.tabs.sweep} columns={COLUMNS} rows={runs.data} rowKey={(run) => run.id} />
      )}
    </section>
  );
}
