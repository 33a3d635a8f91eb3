/** 不纳入考核清单. For a unit, what it may still apply for with the last day; applications by state; for the centre, how often who was right. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { exemptionCountsQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { dayText, minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { Accuracy } from "./Accuracy.tsx";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import { type Counted, listPages, type OpenRound, type Row, roundsQuery, type State } from "./queries.ts";
import "./exemption.css";

const X = EXEMPTION;
const STATES: readonly State[] = [
  "applied",
  "returned",
  "passed",
  "sent",
  "upheld",
  "denied",
  "refused",
  "withdrawn",
];
const NEAR_DAYS = 5;

export default function ExemptionsPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/exemption" });
  const { tab: asked, by, key, turned = false } = useSearch({ from: "/exemption" });
  const counted = by === undefined || key === undefined ? undefined : { by, key, turned };
  const counts = useQuery(exemptionCountsQuery(session));
  const ofUnit = session.unit !== null;
  const tab = asked ?? (ofUnit ? "open" : "applied");
  const state = STATES.find((each) => each === tab);
  const words = new Map(counts.data?.states.map((each) => [each.state, `${each.zh} ${each.count}`]));
  const tabs = [
    ...(ofUnit ? [{ value: "open", label: X.open }] : []),
    ...STATES.map((each) => ({ value: each, label: words.get(each) ?? "…" })),
    { value: "all", label: X.all },
    ...(ofUnit ? [] : [{ value: "accuracy", label: X.accuracy }]),
  ];
  return (
    <PageShell title={X.title} about={ofUnit ? X.aboutUnit : X.aboutCentre}>
      <ExemptionTabs />
      <div className="list-tabs">
        <Segmented
          aria-label={X.views}
          options={tabs}
          value={tab}
          onChange={(to) => void navigate({ search: { tab: to }, replace: true })}
        />
      </div>
      {tab === "open" ? (
        <Open />
      ) : tab === "accuracy" ? (
        <Accuracy />
      ) : (
        <List key={`${tab} ${by} ${key}`} state={state} counted={counted} />
      )}
    </PageShell>
  );
}

const OPEN_COLUMNS: readonly Column<OpenRound>[] = [
  {
    key: "number",
    title: X.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/tickets/$id" params={{ id: row.ticketId }}>
        {row.number}
      </Link>
    ),
  },
  { key: "title", title: X.what, cell: (row) => row.title },
  { key: "because", title: X.because, nowrap: true, cell: (row) => row.because.join("、") },
  { key: "at", title: X.countedAt, nowrap: true, cell: (row) => dayText(row.countedAt) },
  { key: "by", title: X.applyBy, nowrap: true, cell: (row) => dayText(row.applyBy) },
  {
    key: "left",
    title: "",
    nowrap: true,
    cell: (row) => <Tag tone={row.daysLeft <= NEAR_DAYS ? "near" : "plain"}>{X.daysLeft(row.daysLeft)}</Tag>,
  },
  {
    key: "do",
    title: "",
    nowrap: true,
    cell: (row) => (
      <Link
        to="/exemption/new"
        search={{ ticket: row.ticketId, round: String(row.round) }}
        aria-label={`${X.applyTitle} ${row.number}`}
      >
        {X.apply}
      </Link>
    ),
  },
];

function Open() {
  const rounds = useQuery(roundsQuery(undefined));
  const navigate = useNavigate();
  if (rounds.isPending) return <Loading what={T.loading} />;
  if (rounds.isError)
    return <Failed sentence={sentenceOf(rounds.error)} retry={() => void rounds.refetch()} />;
  if (rounds.data.length === 0) return <EmptyState title={X.openNone}>{X.openNoneAbout}</EmptyState>;
  return (
    <div className="card">
      <WorkTable
        label={X.open}
        columns={OPEN_COLUMNS}
        rows={rounds.data}
        rowKey={(row) => `${row.ticketId} ${row.round}`}
        onOpen={(row) =>
          void navigate({
            to: "/exemption/new",
            search: { ticket: row.ticketId, round: String(row.round) },
          })
        }
      />
    </div>
  );
}

const COLUMNS: readonly Column<Row>[] = [
  {
    key: "number",
    title: X.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/exemption/$id" params={{ id: row.id }}>
        {row.number}
      </Link>
    ),
  },
  { key: "unit", title: X.unit, nowrap: true, cell: (row) => row.unit.name },
  {
    key: "ground",
    title: X.ground,
    cell: (row) => (
      <>
        {row.groundName} {row.appealOf !== null && <Tag>{X.isAppeal}</Tag>}
      </>
    ),
  },
  { key: "state", title: X.state, nowrap: true, cell: (row) => row.stateZh },
  {
    key: "batch",
    title: X.batch,
    nowrap: true,
    cell: (row) => (row.batch === null ? <span className="quiet">—</span> : row.batch.number),
  },
  { key: "at", title: X.appliedAt, nowrap: true, cell: (row) => minuteText(row.appliedAt) },
  {
    key: "by",
    title: X.reviewBy,
    nowrap: true,
    cell: (row) => (row.reviewBy === null ? <span className="quiet">—</span> : dayText(row.reviewBy)),
  },
  {
    key: "outcome",
    title: X.outcomeAt,
    nowrap: true,
    cell: (row) => (row.outcomeAt === null ? <span className="quiet">—</span> : minuteText(row.outcomeAt)),
  },
  {
    key: "appeal",
    title: X.appealBy,
    nowrap: true,
    cell: (row) => (row.appealBy === null ? <span className="quiet">—</span> : dayText(row.appealBy)),
  },
];

function List({ state, counted }: { state: State | undefined; counted: Counted | undefined }) {
  const navigate = useNavigate();
  const pages = useInfiniteQuery(listPages(state, counted));
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <EmptyState title={X.none}>{X.noneAbout}</EmptyState>;
  return (
    <div className="card">
      {counted && (
        <p className="list-note quiet">
          {counted.turned ? X.overturnedAbout : X.countedAbout}{" "}
          <Link to="/exemption" search={{ tab: "accuracy" }}>
            {X.backToAccuracy}
          </Link>
        </p>
      )}
      <WorkTable
        label={X.title}
        columns={COLUMNS}
        rows={rows}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/exemption/$id", params: { id: row.id } })}
      />
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {T.tickets.more}
          </Button>
        </div>
      )}
    </div>
  );
}
