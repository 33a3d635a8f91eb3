/** 报市批次. What went to the city, when and by whom, and how many of it have an outcome. */
import { SENDERS } from "@jiesu/core/exemption/roles.ts";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useHotkeys } from "react-hotkeys-hook";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { ExemptionBatchRow } from "../../api/types.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { SENDING } from "../../texts/exemptioncity.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { Opened } from "./BatchFigure.tsx";
import { batchPages } from "./cityqueries.ts";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import "./exemption.css";

const S = SENDING;
const X = EXEMPTION;
const KEYS = [{ title: S.batches, keys: [{ keys: ["n"], does: S.make }] }];

export default function BatchesPage() {
  const session = useSession();
  const navigate = useNavigate();
  const pages = useInfiniteQuery(batchPages);
  const may = hasRole(session, ...SENDERS);
  const make = () => void navigate({ to: "/exemption/batches/new", search: {} });
  useHotkeys("n", make, { enabled: may });
  usePageKeys(may ? KEYS : []);
  const rows = pages.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <PageShell
      title={S.batches}
      about={S.batchesAbout}
      actions={
        may && (
          <Button type="primary" onClick={make}>
            {S.make}
            <kbd className="on-button">N</kbd>
          </Button>
        )
      }
    >
      <ExemptionTabs />
      {pages.isPending ? (
        <Loading what={T.loading} />
      ) : pages.isError ? (
        <Failed sentence={sentenceOf(pages.error)} retry={() => void pages.refetch()} />
      ) : rows.length === 0 ? (
        <EmptyState title={S.noBatch}>{S.noBatchAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable
            label={S.batches}
            columns={COLUMNS}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={(row) => void navigate({ to: "/exemption/batches/$id", params: { id: row.id } })}
          />
          {pages.hasNextPage && (
            <div className="list-foot">
              <Button
                type="link"
                loading={pages.isFetchingNextPage}
                onClick={() => void pages.fetchNextPage()}
              >
                {T.tickets.more}
              </Button>
            </div>
          )}
        </div>
      )}
    </PageShell>
  );
}

const undecided = ({ state, applications, upheld, denied }: ExemptionBatchRow): number =>
  state === "withdrawn" ? 0 : applications - upheld - denied;

const COLUMNS: readonly Column<ExemptionBatchRow>[] = [
  {
    key: "number",
    title: S.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/exemption/batches/$id" params={{ id: row.id }}>
        {row.number}
      </Link>
    ),
  },
  {
    key: "state",
    title: S.state,
    nowrap: true,
    cell: (row) => <Tag tone={row.state === "sent" ? "near" : "plain"}>{S.states[row.state]}</Tag>,
  },
  {
    key: "applications",
    title: S.applicationsIn,
    align: "right",
    cell: (row) => <Opened id={row.id} n={row.applications} only={undefined} />,
  },
  {
    key: "upheld",
    title: X.upheld,
    align: "right",
    cell: (row) => <Opened id={row.id} n={row.upheld} only="upheld" />,
  },
  {
    key: "denied",
    title: X.denied,
    align: "right",
    cell: (row) => <Opened id={row.id} n={row.denied} only="denied" />,
  },
  {
    key: "undecided",
    title: S.undecided,
    align: "right",
    cell: (row) => <Opened id={row.id} n={undecided(row)} only="sent" />,
  },
  { key: "at", title: S.sentAt, nowrap: true, cell: (row) => minuteText(row.sentAt) },
  { key: "by", title: S.sentBy, nowrap: true, cell: (row) => row.sentBy },
  {
    key: "ended",
    title: S.ended,
    cell: (row) =>
      row.endedAt === null ? (
        <span className="quiet">—</span>
      ) : (
        `${S.by(row.endedBy ?? "", minuteText(row.endedAt))}${row.endNote ? `：${row.endNote}` : ""}`
      ),
  },
];
