/** 各方答复统计. How often each party was asked and answered in time; every number opens into its items. */
import { ALL_ANSWERS, ANSWERS, type AnswerStanding, IN_TIME_RATE } from "@jiesu/core/liaison/standing.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { T } from "../../texts.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type Figure, liaisonFiguresQuery } from "./queries.ts";
import { type LiaisonSearch, liaisonSearch } from "./search.ts";

const L = LIAISON;

export function Figures({ search }: { search: LiaisonSearch }) {
  const navigate = useNavigate({ from: "/liaison" });
  const { from, to } = search;
  const figures = useQuery(liaisonFiguresQuery({ from, to }));
  const behind = (row: Figure, n: number, label: string, answers?: AnswerStanding) =>
    n === 0 ? (
      <span className="quiet">0</span>
    ) : (
      <Link
        to="/liaison"
        search={{ tab: "all", party: row.party, answers, from, to }}
        aria-label={`${row.name} ${label} ${n}`}
      >
        {n}
      </Link>
    );
  const columns: readonly Column<Figure>[] = [
    { key: "party", title: L.party, nowrap: true, cell: (row) => row.name },
    {
      ...{ key: "items", title: L.items, definition: L.itemsAbout, align: "right" },
      cell: (row) => behind(row, row.items, L.items),
    },
    { key: "asked", title: L.askedCount, definition: L.askedAbout, align: "right", cell: (row) => row.asked },
    ...ALL_ANSWERS.map(
      (each): Column<Figure> => ({
        ...{ key: each, title: ANSWERS[each].zh, definition: ANSWERS[each].about, align: "right" },
        cell: (row) => behind(row, row[each], ANSWERS[each].zh, each),
      }),
    ),
    {
      ...{ key: "rate", title: IN_TIME_RATE.zh, definition: IN_TIME_RATE.about, align: "right" },
      cell: (row) => (row.rate === null ? "—" : `${(row.rate * 100).toFixed(1)}%`),
    },
  ];
  const days = (["from", "to"] as const).map((key) => (
    <label key={key} className="liaison-day">
      <span>{L[key]}</span>
      <input
        className="native"
        type="date"
        value={search[key] ?? ""}
        onChange={(e) =>
          void navigate({
            search: liaisonSearch({ ...search, tab: "figures", [key]: e.target.value }),
            replace: true,
          })
        }
      />
    </label>
  ));
  return (
    <>
      <div className="list-tabs">
        {days}
        <span className="quiet">{L.figuresAbout}</span>
      </div>
      {figures.isPending ? (
        <Loading what={T.loading} />
      ) : figures.isError ? (
        <Failed sentence={sentenceOf(figures.error)} retry={() => void figures.refetch()} />
      ) : figures.data.length === 0 ? (
        <EmptyState title={L.noFigures}>{L.noneAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable
            label={L.tabs.figures}
            columns={columns}
            rows={figures.data}
            rowKey={(row) => row.party}
          />
        </div>
      )}
    </>
  );
}
