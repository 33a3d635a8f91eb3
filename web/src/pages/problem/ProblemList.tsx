/** 清单. The items of what is asked, the newest first; the filters that the address holds, each to be taken off. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Select } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasSide, useSession } from "../../api/session.ts";
import { PROBLEM } from "../../texts/problem.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type ProblemRow, problemRulesQuery, problemsQuery, type Span } from "./queries.ts";
import { type ProblemSearch, STATES } from "./search.ts";

const P = PROBLEM;

export function ProblemList(props: {
  readonly search: ProblemSearch;
  readonly days: Span | null;
  readonly onChange: (next: Partial<ProblemSearch>) => void;
}) {
  const { search, onChange } = props;
  const session = useSession();
  const centre = hasSide(session, "centre");
  const navigate = useNavigate();
  const now = useNow();
  const rules = useQuery(problemRulesQuery);
  const units = useQuery({ ...unitsQuery, enabled: centre });
  // Without days and without a word what still waits is meant.
  const asked = { ...search, state: search.state ?? (props.days === null ? "unfinished" : undefined) };
  const list = useInfiniteQuery(problemsQuery(asked, props.days));
  const columns: readonly Column<ProblemRow>[] = [
    {
      key: "kind",
      title: P.kind,
      nowrap: true,
      cell: (row) => (
        <Link to="/problems/$id" params={{ id: row.id }}>
          {row.kindZh}
        </Link>
      ),
    },
    { key: "state", title: P.state, nowrap: true, cell: (row) => <Standing row={row} /> },
    ...(centre
      ? [{ key: "unit", title: P.unit, nowrap: true, cell: (row: ProblemRow) => row.unit?.name ?? P.centre }]
      : []),
    {
      key: "number",
      title: P.number,
      nowrap: true,
      cell: (row) => (
        <Link to="/tickets/$id" params={{ id: row.ticket.id }}>
          {row.ticket.number}
        </Link>
      ),
    },
    { key: "title", title: P.what, cell: (row) => row.ticket.title },
    { key: "said", title: P.said, cell: (row) => row.said },
    { key: "cause", title: P.cause, cell: (row) => row.causeZh ?? "" },
    { key: "day", title: P.day, nowrap: true, cell: (row) => row.day },
    {
      key: "due",
      title: P.due,
      nowrap: true,
      cell: (row) => (row.dueAt !== null && row.state === "open" ? shortText(row.dueAt, now) : ""),
    },
  ];
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="list-tabs">
        <Select
          aria-label={P.state}
          style={{ minWidth: 130 }}
          value={asked.state ?? "all"}
          options={STATES.map((each) => ({ value: each, label: P.states[each] }))}
          onChange={(state) => onChange({ tab: "list", state })}
        />
        <Select
          aria-label={P.kind}
          style={{ minWidth: 150 }}
          allowClear
          placeholder={P.kind}
          value={search.kind}
          options={rules.data?.kinds.map(({ code, zh }) => ({ value: code, label: zh })) ?? []}
          onChange={(kind: string | undefined) => onChange({ tab: "list", kind })}
        />
        {centre && (
          <Select
            aria-label={P.unit}
            style={{ minWidth: 170 }}
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            placeholder={P.unit}
            value={search.unit}
            options={[
              { value: "centre", label: P.centre },
              ...(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.shortName })),
            ]}
            onChange={(unit: string | undefined) => onChange({ tab: "list", unit })}
          />
        )}
        {(search.cause !== undefined || search.group !== undefined) && (
          <Button size="small" onClick={() => onChange({ cause: undefined, group: undefined })}>
            {P.clear}
          </Button>
        )}
      </div>
      {list.isPending ? (
        <Loading what={T.loading} />
      ) : list.isError ? (
        <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={P.none}>{P.noneAbout}</EmptyState>
      ) : (
        <section className="card">
          <WorkTable
            label={P.title}
            columns={columns}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => void navigate({ to: "/problems/$id", params: { id: row.id } })}
          />
          {list.hasNextPage && (
            <div className="list-foot">
              <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {P.more}
              </Button>
            </div>
          )}
        </section>
      )}
    </>
  );
}

function Standing({ row }: { row: ProblemRow }) {
  return (
    <>
      <Tag tone={row.state === "open" ? "strong" : "plain"}>{row.stateZh}</Tag>
      {row.late && <Tag tone="overdue">{P.late}</Tag>}
    </>
  );
}
