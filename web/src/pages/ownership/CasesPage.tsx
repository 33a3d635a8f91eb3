/** 确权. The cases by state, those that wait for me first; Enter opens one. */
import { ALL_CASE_STATES, CASE_STATES, type CaseState } from "@jiesu/core/ownership/steps.ts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { hasSide, useSession } from "../../api/session.ts";
import { OWNERSHIP } from "../../texts/ownership.ts";
import { T } from "../../texts.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type CaseRow, casePages } from "./queries.ts";
import "../exemption/exemption.css";
import "./ownership.css";

const O = OWNERSHIP;

export default function CasesPage() {
  const centre = hasSide(useSession(), "centre");
  const { state } = useSearch({ from: "/ownership" });
  const navigate = useNavigate({ from: "/ownership" });
  const pages = useInfiniteQuery(casePages(state));
  const counts = new Map(pages.data?.pages[0]?.counts.map((each) => [each.state, each.count]));
  const shown = ALL_CASE_STATES.filter((each) => (counts.get(each) ?? 0) > 0 || each === state);
  const openCount = ALL_CASE_STATES.filter((each) => CASE_STATES[each].open).reduce(
    (sum, each) => sum + (counts.get(each) ?? 0),
    0,
  );
  return (
    <PageShell
      title={O.title}
      about={centre ? O.about : O.aboutUnit}
      actions={centre && <Link to="/ownership/precedents">{O.toLibrary}</Link>}
    >
      <div className="list-tabs">
        <Segmented<CaseState | "all" | "open">
          aria-label={O.views}
          options={[
            { value: "open", label: pages.data ? `${O.open} ${openCount}` : O.open },
            ...shown.map((each) => ({
              value: each,
              label: `${CASE_STATES[each].zh} ${counts.get(each) ?? 0}`,
            })),
            { value: "all", label: O.all },
          ]}
          value={state ?? "open"}
          onChange={(to) =>
            void navigate({ search: { state: to === "open" ? undefined : to }, replace: true })
          }
        />
      </div>
      <List state={state} />
    </PageShell>
  );
}

function List({ state }: { state: CaseState | "all" | undefined }) {
  const navigate = useNavigate();
  const now = useNow();
  const centre = hasSide(useSession(), "centre");
  const pages = useInfiniteQuery(casePages(state));
  if (pages.isPending) return <Loading what={T.loading} />;
  if (pages.isError) return <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />;
  const rows = pages.data.pages.flatMap((page) => page.rows);
  if (rows.length === 0) return <EmptyState title={O.none}>{O.noneAbout}</EmptyState>;
  return (
    <div className="card">
      <WorkTable
        label={O.title}
        columns={columnsOf(now, centre)}
        rows={rows}
        rowKey={(row) => row.id}
        onOpen={(row) => void navigate({ to: "/ownership/$id", params: { id: row.id } })}
      />
      {pages.hasNextPage && (
        <div className="list-foot">
          <Button type="link" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
            {O.more}
          </Button>
        </div>
      )}
    </div>
  );
}

const columnsOf = (now: number, centre: boolean): readonly Column<CaseRow>[] => [
  {
    key: "number",
    title: O.number,
    nowrap: true,
    cell: (row) => (
      <>
        <Link to="/ownership/$id" params={{ id: row.id }}>
          {row.number}
        </Link>{" "}
        {row.mine && <Tag tone="mine">{centre ? O.mineCentre : O.mine}</Tag>}
      </>
    ),
  },
  {
    key: "ticket",
    title: O.ticket,
    cell: (row) => (
      <>
        {row.ticket.title} <span className="quiet">{row.ticket.number}</span>
      </>
    ),
  },
  { key: "state", title: O.state, nowrap: true, cell: (row) => row.stateZh },
  {
    key: "parties",
    title: O.parties,
    cell: (row) => (
      <>
        {row.parties.map((unit) => unit.name).join("、")}{" "}
        <span className="quiet">{O.claimed(row.claimed, row.parties.length)}</span>
      </>
    ),
  },
  { key: "lead", title: O.lead, nowrap: true, cell: (row) => row.lead?.name ?? <Dash /> },
  { key: "opened", title: O.openedAt, nowrap: true, cell: (row) => shortText(row.openedAt, now) },
  {
    key: "due",
    title: O.due,
    nowrap: true,
    cell: (row) =>
      row.dueAt === null ? (
        <Dash />
      ) : Date.parse(row.dueAt) < now ? (
        <Tag tone="overdue">{shortText(row.dueAt, now)}</Tag>
      ) : (
        shortText(row.dueAt, now)
      ),
  },
];

const Dash = () => <span className="quiet">—</span>;
