/** 督办件清单. What is due first, by state; units see what was sent to them, the centre everything; filters stand in the address. */
import {
  ALL_SUPERVISION_LEVELS,
  ALL_SUPERVISION_ORIGINS,
  ALL_SUPERVISION_STATES,
  SUPERVISION_LEVELS,
  SUPERVISION_ORIGINS,
  SUPERVISION_STATES,
} from "@jiesu/core/supervision/lifecycle.ts";
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { type Filter, QueryBar } from "../../ui/QueryBar.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { countsQuery, type ItemRow, itemsQuery, renewSupervision } from "./queries.ts";
import { SupervisionTabs } from "./SupervisionTabs.tsx";
import { type ItemsSearch, itemsSearch, type StateAsked } from "./search.ts";
import "../exemption/exemption.css";
import "./supervision.css";

const S = SUPERVISION;

export default function ItemsPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/supervision" });
  const search = useSearch({ from: "/supervision" });
  const ofUnit = session.unit !== null;
  const counts = useQuery(countsQuery);
  const numberOf = (state: string) => counts.data?.states.find((each) => each.state === state)?.n ?? 0;
  const open = counts.data?.states
    .filter(({ state }) => SUPERVISION_STATES[state].held !== "nobody")
    .reduce((sum, each) => sum + each.n, 0);
  const states: readonly StateAsked[] = ofUnit
    ? ["open", "handling", "rework", "answered", "closed", "all"]
    : ["open", ...ALL_SUPERVISION_STATES, "all"];
  const labelOf = (state: StateAsked): string => {
    if (state === "open") return open === undefined ? S.open : `${S.open} ${open}`;
    if (state === "all" || state === "counted" || state === "checking") return S.all;
    return `${SUPERVISION_STATES[state].zh} ${numberOf(state)}`;
  };
  const { state = "open" } = search;
  return (
    <PageShell
      title={S.title}
      about={ofUnit ? S.aboutUnit : S.about}
      actions={
        <>
          {hasRole(session, "supervisor", "shiftLead", "leader") && <Find />}
          {hasRole(session, "supervisor", "shiftLead", "leader") && (
            <Link to="/supervision/new">{S.toNote}</Link>
          )}
        </>
      }
    >
      <SupervisionTabs />
      <div className="list-tabs">
        <Segmented
          aria-label={S.views}
          options={states.map((each) => ({ value: each, label: labelOf(each) }))}
          value={state === "counted" || state === "checking" ? "all" : state}
          onChange={(to) => void navigate({ search: { ...search, state: to }, replace: true })}
        />
      </div>
      <Filters search={search} />
      <List key={JSON.stringify(search)} search={search} />
    </PageShell>
  );
}

function Find() {
  const queries = useQueryClient();
  const find = useMutation({
    mutationFn: () => bodyOf(http.POST("/api/supervision/find")),
    onSuccess: ({ found }) => {
      say(S.found(found));
      renewSupervision(queries, null);
    },
    onError: (thrown) => say(sentenceOf(thrown)),
  });
  return (
    <Button loading={find.isPending} onClick={() => find.mutate()}>
      {S.find}
    </Button>
  );
}

function Filters({ search }: { search: ItemsSearch }) {
  const session = useSession();
  const navigate = useNavigate({ from: "/supervision" });
  const units = useQuery({ ...unitsQuery, enabled: session.unit === null });
  const filters: readonly Filter[] = [
    ...(session.unit === null
      ? [
          {
            ...{ key: "unit", label: S.filters.unit, kind: "select" as const },
            options: [
              { value: "none", label: S.noUnit },
              ...(units.data ?? []).map((unit) => ({ value: unit.id, label: unit.shortName })),
            ],
          },
        ]
      : []),
    {
      ...{ key: "level", label: S.filters.level, kind: "select" },
      options: ALL_SUPERVISION_LEVELS.map((value) => ({ value, label: SUPERVISION_LEVELS[value] })),
    },
    {
      ...{ key: "origin", label: S.filters.origin, kind: "select" },
      options: ALL_SUPERVISION_ORIGINS.map((value) => ({ value, label: SUPERVISION_ORIGINS[value] })),
    },
    {
      ...{ key: "due", label: S.filters.due, kind: "select" },
      options: [
        { value: "near", label: S.near },
        { value: "overdue", label: S.overdue },
      ],
    },
    { ...{ key: "late", label: S.filters.late, kind: "select" }, options: [{ value: "1", label: S.late }] },
    { key: "period", label: S.filters.period, kind: "text" },
  ];
  return (
    <div className="supervision-items">
      <QueryBar
        wordsKey="q"
        wordsHint={S.search}
        filters={filters}
        values={{ ...search }}
        onChange={(change) =>
          void navigate({ search: itemsSearch({ ...search, lead: undefined, ...change }), replace: true })
        }
      />
    </div>
  );
}

function List({ search }: { search: ItemsSearch }) {
  const session = useSession();
  const navigate = useNavigate();
  const now = useNow();
  const pages = useInfiniteQuery(itemsQuery(search));
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  const total = pages.data.pages[0]?.total ?? 0;
  if (rows.length === 0)
    return <EmptyState title={S.none}>{session.unit === null ? S.noneAbout : S.noneUnit}</EmptyState>;
  return (
    <div className="card">
      <WorkTable
        label={S.title}
        columns={columnsAt(now)}
        rows={rows}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/supervision/$id", params: { id: row.id } })}
      />
      <div className="list-foot">
        <span className="quiet">{S.shown(rows.length, total)}</span>
        {pages.hasNextPage && (
          <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {S.more}
          </Button>
        )}
      </div>
    </div>
  );
}

const columnsAt = (now: number): readonly Column<ItemRow>[] => [
  {
    key: "item",
    title: S.item,
    cell: (row) => (
      <>
        <Link to="/supervision/$id" params={{ id: row.id }}>
          {row.title}
        </Link>
        <div className="quiet">
          {row.originZh}
          {row.tickets.length > 0 &&
            ` · ${row.tickets
              .slice(0, 2)
              .map((ticket) => ticket.number)
              .join("、")}${row.tickets.length > 2 ? ` 等 ${row.tickets.length} 件` : ""}`}
        </div>
      </>
    ),
  },
  { key: "level", title: S.level, nowrap: true, cell: (row) => <LevelTag row={row} /> },
  { key: "state", title: S.state, nowrap: true, cell: (row) => row.stateZh },
  {
    key: "units",
    title: S.units,
    cell: (row) =>
      row.units.length === 0 ? (
        <span className="quiet">{S.noUnit}</span>
      ) : (
        row.units.map((unit) => unit.name).join("、")
      ),
  },
  { key: "due", title: S.due, nowrap: true, cell: (row) => <Due row={row} now={now} /> },
  {
    key: "last",
    title: S.last,
    cell: (row) =>
      row.lastWord === null ? (
        <span className="quiet">—</span>
      ) : (
        <>
          <span className="supervision-word">{row.lastWord.text}</span>
          <div className="quiet">
            {row.lastWord.by} {minuteText(row.lastWord.at)}
          </div>
        </>
      ),
  },
];

export function LevelTag({ row }: { row: Pick<ItemRow, "level" | "levelZh"> }) {
  return (
    <Tag tone={row.level === "general" ? "plain" : row.level === "key" ? "near" : "overdue"}>
      {row.levelZh}
    </Tag>
  );
}

export function Due({
  row,
  now,
}: {
  row: Pick<ItemRow, "dueAt" | "clockZh" | "standing" | "forwardedLate">;
  now: number;
}) {
  return (
    <>
      {row.dueAt === null ? (
        <span className="quiet">—</span>
      ) : (
        <Tag tone={row.standing === "overdue" ? "overdue" : row.standing === "near" ? "near" : "plain"}>
          {row.standing === "overdue" ? S.overdue : row.standing === "near" ? S.near : row.clockZh}{" "}
          {shortText(row.dueAt, now)}
        </Tag>
      )}
      {row.forwardedLate === true && <div className="quiet">{S.lateMark}</div>}
    </>
  );
}
