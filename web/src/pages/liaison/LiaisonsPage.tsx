/** 协调单清单. What waits for me first; by party, words and day; the figures of the parties; all as a workbook. */
import { ALL_ANSWERS, ANSWERS } from "@jiesu/core/liaison/standing.ts";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { useHotkeys } from "react-hotkeys-hook";
import { sentenceOf } from "../../api/problem.ts";
import { unitsQuery } from "../../api/queries.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { T } from "../../texts.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { type Filter, QueryBar } from "../../ui/QueryBar.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { Figures } from "./Figures.tsx";
import { BEGINNERS } from "./may.ts";
import { toneOf } from "./PartyTag.tsx";
import { type LiaisonRow, liaisonCountsQuery, liaisonRulesQuery, liaisonsQuery, queryOf } from "./queries.ts";
import { type LiaisonSearch, type LiaisonTab, liaisonSearch } from "./search.ts";
import "../exemption/exemption.css";
import "./liaison.css";

const L = LIAISON;
const TABS: readonly LiaisonTab[] = [
  "mine",
  "asking",
  "overdue",
  "answered",
  "closed",
  "cancelled",
  "all",
  "figures",
];

export default function LiaisonsPage() {
  const session = useSession();
  const navigate = useNavigate({ from: "/liaison" });
  const search: LiaisonSearch = useSearch({ from: "/liaison" });
  const counts = useQuery(liaisonCountsQuery);
  const begins = hasRole(session, ...BEGINNERS);
  const tab = search.tab ?? "mine";
  useHotkeys("n", () => void navigate({ to: "/liaison/new", search: {} }), {
    enabled: begins,
    preventDefault: true,
  });
  const countOf = (of: LiaisonTab) => counts.data?.find((each) => each.tab === of)?.count;
  return (
    <PageShell
      title={L.title}
      about={session.unit === null ? L.about : L.aboutUnit}
      actions={
        <>
          {tab !== "figures" && (
            <a href={bookOf(search, tab)} download>
              {L.export}
            </a>
          )}
          {begins && (
            <Button
              type="primary"
              aria-keyshortcuts="n"
              onClick={() => void navigate({ to: "/liaison/new", search: {} })}
            >
              {L.begin} <kbd>N</kbd>
            </Button>
          )}
        </>
      }
    >
      <div className="list-tabs">
        <Segmented
          aria-label={L.views}
          options={TABS.map((each) => ({
            value: each,
            label: [L.tabs[each], countOf(each)].filter((word) => word !== undefined).join(" "),
          }))}
          value={tab}
          onChange={(to) =>
            void navigate({ search: { ...search, answers: undefined, tab: to }, replace: true })
          }
        />
      </div>
      {tab === "figures" ? <Figures search={search} /> : <List search={search} tab={tab} />}
    </PageShell>
  );
}

function List({ search, tab }: { search: LiaisonSearch; tab: Exclude<LiaisonTab, "figures"> }) {
  const navigate = useNavigate({ from: "/liaison" });
  const filters = useFilters();
  const list = useInfiniteQuery(liaisonsQuery(queryOf(search, tab)));
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <>
      <div className="liaison-query">
        <QueryBar
          wordsKey="q"
          wordsHint={L.search}
          filters={filters}
          values={{ ...search }}
          onChange={(change) =>
            void navigate({ search: liaisonSearch({ ...search, ...change, tab }), replace: true })
          }
        />
      </div>
      {list.isPending ? (
        <Loading what={T.loading} />
      ) : list.isError ? (
        <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={tab === "mine" ? L.noneMine : L.none}>{L.noneAbout}</EmptyState>
      ) : (
        <div className="card">
          <Rows rows={rows} />
          {list.hasNextPage && (
            <div className="list-foot">
              <Button type="link" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                {L.more}
              </Button>
            </div>
          )}
        </div>
      )}
    </>
  );
}

function Rows({ rows }: { rows: readonly LiaisonRow[] }) {
  const navigate = useNavigate();
  const now = useNow();
  const columns: readonly Column<LiaisonRow>[] = [
    {
      key: "number",
      title: L.number,
      nowrap: true,
      cell: (row) => (
        <Link to="/liaison/$id" params={{ id: row.id }}>
          {row.number}
        </Link>
      ),
    },
    { key: "title", title: L.what, width: "26%", cell: (row) => row.title },
    {
      key: "state",
      title: L.state,
      nowrap: true,
      cell: (row) => (
        <>
          <Tag tone={row.mine ? "mine" : "plain"}>{row.stateZh}</Tag> {row.pace.name}
        </>
      ),
    },
    {
      key: "due",
      title: L.due,
      nowrap: true,
      cell: (row) =>
        row.dueAt === null ? (
          <span className="quiet">—</span>
        ) : (
          <>
            {row.dueZh} {shortText(row.dueAt, now)} {row.overdue && <Tag tone="overdue">{L.overdueBy}</Tag>}
          </>
        ),
    },
    {
      key: "parties",
      title: L.party,
      cell: (row) => (
        <span className="liaison-parties">
          {row.parties
            .filter((party) => party.standing !== null)
            .map((party) => (
              <Tag key={party.id} tone={toneOf(party.standing)}>
                {party.name} {party.standingZh}
              </Tag>
            ))}
        </span>
      ),
    },
    { key: "tickets", title: L.tickets, nowrap: true, cell: (row) => L.ticketCount(row.tickets) },
    {
      key: "opened",
      title: L.opener,
      nowrap: true,
      cell: (row) => (
        <>
          {row.opener} <span className="quiet">{minuteText(row.openedAt).slice(5)}</span>
        </>
      ),
    },
    {
      key: "last",
      title: L.last,
      cell: (row) => (
        <span className="liaison-last">
          {row.last.stepZh} <span className="quiet">{shortText(row.last.at, now)}</span> {row.last.words}
        </span>
      ),
    },
  ];
  return (
    <WorkTable
      label={L.title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: "/liaison/$id", params: { id: row.id } })}
    />
  );
}

function useFilters(): readonly Filter[] {
  const session = useSession();
  const units = useQuery(unitsQuery);
  const rules = useQuery({ ...liaisonRulesQuery, enabled: hasRole(session, ...BEGINNERS) });
  const coded = (list: readonly { code: string; name: string }[] | undefined) =>
    list?.map(({ code, name }) => ({ value: code, label: name })) ?? [];
  return [
    {
      key: "party",
      label: L.party,
      kind: "select",
      options: [
        { value: "city", label: L.city },
        { value: "centre", label: L.centre },
        ...(units.data?.map((unit) => ({ value: unit.id, label: unit.shortName })) ?? []),
      ],
    },
    {
      key: "answers",
      label: L.answers,
      kind: "select",
      options: ALL_ANSWERS.map((each) => ({ value: each, label: ANSWERS[each].zh })),
    },
    { key: "pace", label: L.pace, kind: "select", options: coded(rules.data?.paces) },
    { key: "outcome", label: L.outcomeKind, kind: "select", options: coded(rules.data?.outcomes) },
    { key: "from", label: L.from, kind: "day" },
    { key: "to", label: L.to, kind: "day" },
  ];
}

function bookOf(search: LiaisonSearch, tab: Exclude<LiaisonTab, "figures">): string {
  const pairs = Object.entries(queryOf(search, tab)).map(([key, value]) => [key, String(value)]);
  return `/api/liaisons.xlsx?${new URLSearchParams(pairs)}`;
}
