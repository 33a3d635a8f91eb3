/** 履约事件. How many of each kind in the term, each count opening into its incidents; the list; the alarms raised before. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Segmented, Select } from "antd";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, hasSide, useSession } from "../../api/session.ts";
import { INCIDENT } from "../../texts/incident.ts";
import { T } from "../../texts.ts";
import { minuteText, shortText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { type IncidentLine, incidentsQuery, pastAlarmsQuery } from "./queries.ts";
import type { Standing } from "./search.ts";
import "../exemption/exemption.css";
import "./incident.css";

const I = INCIDENT;
const STANDINGS: readonly Standing[] = ["all", "live", "closed"];

export const TONES: Readonly<Record<IncidentLine["state"], Tone>> = {
  open: "overdue",
  asked: "near",
  answered: "mine",
  upheld: "strong",
  dismissed: "plain",
};

export default function IncidentsPage() {
  const session = useSession();
  const centre = hasSide(session, "centre");
  const navigate = useNavigate({ from: "/incidents" });
  const search = useSearch({ from: "/incidents" });
  const list = useInfiniteQuery(incidentsQuery(search));
  usePageKeys(I.keys);
  const go = (to: Partial<typeof search>) => void navigate({ search: { ...search, ...to }, replace: true });
  const first = list.data?.pages[0];
  const rows = list.data?.pages.flatMap((page) => page.rows) ?? [];
  return (
    <PageShell
      title={I.title}
      about={centre ? I.about : I.aboutUnit}
      actions={
        centre && (
          <Button href={`/api/incidents/book.xlsx${search.term ? `?term=${search.term}` : ""}`} download>
            {I.book}
          </Button>
        )
      }
    >
      {list.isPending && <Loading what={T.loading} />}
      {list.isError && <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />}
      {first && (
        <>
          <div className="incident-head">
            <span className="incident-term">
              <span id="incident-term" className="quiet">
                {I.term}
              </span>
              <Select
                aria-labelledby="incident-term"
                value={first.term.from}
                onChange={(term) => go({ term })}
                options={first.terms.map((term) => ({
                  value: term.from,
                  label: I.termWords(term.from, term.to),
                }))}
              />
            </span>
            <Segmented
              aria-label={I.standing}
              options={STANDINGS.map((value) => ({ value, label: I.standings[value] }))}
              value={search.standing ?? "all"}
              onChange={(standing) => go({ standing })}
            />
          </div>
          <ul className="incident-kinds" aria-label={I.kinds}>
            {first.kinds.map((each) => (
              <li key={each.kind}>
                <button
                  type="button"
                  className="incident-kind"
                  title={each.about}
                  aria-pressed={search.kind === each.kind}
                  onClick={() => go({ kind: search.kind === each.kind ? undefined : each.kind })}
                >
                  <strong data-reached={each.count >= first.rule.alarmEvery || undefined}>
                    {each.count}
                  </strong>
                  <span>{each.zh}</span>
                  <span className="quiet">{I.kindLine(each.live, each.dismissed)}</span>
                </button>
              </li>
            ))}
          </ul>
          {rows.length === 0 ? (
            <EmptyState title={I.none}>{I.noneAbout}</EmptyState>
          ) : (
            <section className="card">
              <Rows rows={rows} />
              {list.hasNextPage && (
                <div className="list-foot">
                  <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
                    {I.more}
                  </Button>
                </div>
              )}
            </section>
          )}
          <p className="quiet incident-rule">{I.rule(first.rule.source, first.rule.alarmEvery)}</p>
          {hasRole(session, "leader", "shiftLead") && <PastAlarms />}
        </>
      )}
    </PageShell>
  );
}

function Rows({ rows }: { rows: readonly IncidentLine[] }) {
  const navigate = useNavigate();
  const now = useNow();
  const columns: readonly Column<IncidentLine>[] = [
    {
      key: "kind",
      title: I.kind,
      nowrap: true,
      cell: (row) => (
        <Link to="/incidents/$id" params={{ id: row.id }}>
          {row.kindZh}
        </Link>
      ),
    },
    {
      key: "ticket",
      title: I.aboutWhat,
      cell: (row) => <About of={row} />,
    },
    { key: "when", title: I.when, nowrap: true, cell: (row) => shortText(row.occurredAt, now) },
    { key: "cause", title: I.cause, cell: (row) => row.cause },
    { key: "side", title: I.side, nowrap: true, cell: (row) => sideOf(row) },
    {
      key: "state",
      title: I.state,
      nowrap: true,
      cell: (row) => (
        <>
          <Tag tone={TONES[row.state]}>{row.stateZh}</Tag>{" "}
          {row.state === "asked" && row.remedyDue !== null && (
            <span className="quiet">{row.late ? I.late : I.due(row.remedyDue.slice(5))}</span>
          )}
        </>
      ),
    },
  ];
  return (
    <WorkTable
      label={I.title}
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      onOpen={(row) => void navigate({ to: "/incidents/$id", params: { id: row.id } })}
    />
  );
}

/** Whose it is: the unit, or the centre with the person and the post. */
export function sideOf({ side, unit, person, post }: IncidentLine): string {
  const who = [person, post].filter((each) => each !== "").join("，");
  const whose = side === "unit" ? (unit ?? I.nobody) : I.centre;
  return who === "" ? whose : `${whose}（${who}）`;
}

function PastAlarms() {
  const alarms = useQuery(pastAlarmsQuery);
  if (!alarms.data || alarms.data.length === 0) return null;
  return (
    <section className="card incident-past" aria-label={I.alarm.past}>
      <h2>{I.alarm.past}</h2>
      <ul>
        {alarms.data.map((alarm) => (
          <li key={alarm.id}>
            <Link to="/incidents" search={{ kind: alarm.kind, term: alarm.term.from }}>
              {I.alarm.line(alarm.kindZh, alarm.nth, alarm.term.from, alarm.term.to)}
            </Link>{" "}
            {alarm.acknowledged === null ? (
              <Tag tone="overdue">{I.alarm.waiting}</Tag>
            ) : (
              <span className="quiet">
                {I.alarm.pastLine(alarm.acknowledged.by, minuteText(alarm.acknowledged.at))}：
                {alarm.acknowledged.words}
              </span>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

function About({ of: { ticket, item } }: { of: IncidentLine }) {
  if (ticket !== null)
    return (
      <>
        <Link to="/tickets/$id" params={{ id: ticket.id }}>
          {ticket.number}
        </Link>{" "}
        {ticket.title}
      </>
    );
  return (
    item !== null && (
      <>
        <Link to="/supervision/$id" params={{ id: item.id }}>
          {I.itemNumber(item.id)}
        </Link>{" "}
        {item.title}
      </>
    )
  );
}
