/** 挂账清单. By state, the term that ends first at the top; how old they are, and which are to be looked at. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { shelvingCountsQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { SHELVING } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type Row, type State, shelvingsQuery } from "./queries.ts";
import "../exemption/exemption.css";

const S = SHELVING;
const STATES: readonly State[] = ["applied", "shelved", "refused", "ended"];
/** Upper ends of the ages, in days; the last has none. */
const AGES = [30, 90, 180];
const NEAR_DAYS = 7;

const COLUMNS: readonly Column<Row>[] = [
  {
    key: "number",
    title: S.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/shelving/$id" params={{ id: row.id }}>
        {row.number}
      </Link>
    ),
  },
  { key: "unit", title: S.unit, nowrap: true, cell: (row) => row.unit.name },
  { key: "kind", title: S.kind, nowrap: true, cell: (row) => row.kindZh },
  { key: "state", title: S.state, nowrap: true, cell: (row) => row.stateZh },
  { key: "plan", title: S.plan, cell: (row) => row.plan },
  {
    key: "age",
    title: S.age,
    align: "right",
    nowrap: true,
    cell: (row) => (row.ageDays === null ? <span className="quiet">—</span> : S.days(row.ageDays)),
  },
  {
    key: "review",
    title: S.review,
    nowrap: true,
    cell: (row) => (
      <>
        {row.reviewDay} {row.reviewDue && <Tag tone="near">{S.reviewDue}</Tag>}
      </>
    ),
  },
  {
    key: "term",
    title: S.term,
    nowrap: true,
    cell: (row) => (
      <>
        {row.termDay}{" "}
        {row.state === "shelved" && (
          <Tag tone={row.daysLeft < 0 ? "overdue" : row.daysLeft <= NEAR_DAYS ? "near" : "plain"}>
            {S.left(row.daysLeft)}
          </Tag>
        )}{" "}
        {row.asked && <Tag tone="strong">{S.askedTag}</Tag>}
      </>
    ),
  },
  {
    key: "clock",
    title: S.clockDue,
    nowrap: true,
    cell: (row) =>
      row.clockDueAt === null ? <span className="quiet">—</span> : S.clockTo(minuteText(row.clockDueAt)),
  },
];

export default function ShelvingsPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/shelving" });
  const { tab = "shelved" } = useSearch({ from: "/shelving" });
  const counts = useQuery(shelvingCountsQuery(session));
  const state = STATES.find((each) => each === tab);
  const words = new Map(counts.data?.states.map((each) => [each.state, `${each.zh} ${each.count}`]));
  return (
    <PageShell title={S.title} about={S.about}>
      <div className="list-tabs">
        <Segmented
          aria-label={S.views}
          options={[
            ...STATES.map((each) => ({ value: each, label: words.get(each) ?? "…" })),
            { value: "all", label: S.all },
          ]}
          value={tab}
          onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
        />
        {counts.data && counts.data.reviewDue > 0 && (
          <Tag tone="near">{S.dueReview(counts.data.reviewDue)}</Tag>
        )}
        {counts.data && counts.data.asked > 0 && <Tag tone="strong">{S.dueExtend(counts.data.asked)}</Tag>}
        {counts.data && counts.data.termOver > 0 && (
          <Tag tone="overdue">{S.overTerm(counts.data.termOver)}</Tag>
        )}
      </div>
      <List key={tab} state={state} />
    </PageShell>
  );
}

function List({ state }: { state: State | undefined }) {
  const navigate = useNavigate();
  const list = useQuery(shelvingsQuery(state));
  if (list.isPending) return <Loading what={T.loading} />;
  if (list.isError) return <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />;
  if (list.data.length === 0) return <EmptyState title={S.none}>{S.noneAbout}</EmptyState>;
  const ages = agesOf(list.data);
  return (
    <>
      {state === "shelved" && (
        <p className="list-tabs quiet">
          {S.buckets}：{S.bucketNames.map((name, i) => `${name} ${ages[i] ?? 0}`).join("，")}
        </p>
      )}
      <div className="card">
        <WorkTable
          label={S.title}
          columns={COLUMNS}
          rows={list.data}
          rowKey={(row) => row.id}
          onOpen={(row) => void navigate({ to: "/shelving/$id", params: { id: row.id } })}
        />
      </div>
    </>
  );
}

function agesOf(rows: readonly Row[]): readonly number[] {
  const counts = [0, 0, 0, 0];
  for (const { ageDays } of rows) {
    if (ageDays === null) continue;
    const at = AGES.findIndex((most) => ageDays <= most);
    const bucket = at === -1 ? AGES.length : at;
    counts[bucket] = (counts[bucket] ?? 0) + 1;
  }
  return counts;
}
