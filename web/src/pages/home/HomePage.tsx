/** 工作台. What is mine now, what falls due soonest, and how my unit or the district stands in this period. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { fewTickets, queuesQuery } from "../../api/queries.ts";
import { useSession, works } from "../../api/session.ts";
import { T } from "../../texts.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { DueWords } from "../tickets/due.tsx";
import { RatesNow } from "./RatesNow.tsx";
import "../tickets/tickets.css";
import "./home.css";

const SHOWN = 8;

export default function HomePage() {
  const session = useSession();
  return (
    <PageShell title={T.home.greeting(session.name)} about={session.roles.map((held) => held.zh).join("、")}>
      {works(session) ? (
        <div className="home">
          <MyQueues />
          <div className="home-columns">
            <DueList due="overdue" title={T.home.overdue} empty={T.home.noneOverdue} />
            <DueList due="near" title={T.home.near} empty={T.home.noneNear} />
            <RatesNow />
          </div>
        </div>
      ) : (
        <EmptyState title={T.home.admin}>{T.home.adminAbout}</EmptyState>
      )}
    </PageShell>
  );
}

function MyQueues() {
  const session = useSession();
  const queues = useQuery(queuesQuery(session));
  if (queues.isPending) return <Loading what={T.loading} />;
  if (queues.isError)
    return <Failed sentence={sentenceOf(queues.error)} retry={() => void queues.refetch()} />;
  if (queues.data.length === 0)
    return <EmptyState title={T.home.noQueues}>{T.home.noQueuesAbout}</EmptyState>;
  return (
    <section aria-label={T.home.mine}>
      <ul className="home-queues">
        {queues.data.map((queue) => (
          <li key={queue.key}>
            <Link
              to="/tickets"
              search={{ queue: queue.key }}
              className="home-queue"
              data-tone={
                queue.count === 0
                  ? "none"
                  : queue.key.endsWith("overdue")
                    ? "overdue"
                    : queue.key.endsWith("near")
                      ? "near"
                      : "mine"
              }
            >
              <strong>{queue.count}</strong>
              <span>{queue.zh}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

function DueList({ due, title, empty }: { due: "near" | "overdue"; title: string; empty: string }) {
  const now = useNow();
  const found = useQuery(fewTickets({ due, sort: "due" }, SHOWN));
  return (
    <section className="card" aria-label={title}>
      <header className="card-head">
        <h2>{title}</h2>
        <Link to="/tickets" search={{ queue: "all", due, sort: "due" }}>
          {T.home.all}
        </Link>
      </header>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : found.data.rows.length === 0 ? (
        <EmptyState title={empty} />
      ) : (
        <ul className="home-due">
          {found.data.rows.map((row) => (
            <li key={row.id}>
              <Link to="/tickets/$id" params={{ id: row.id }}>
                <span className="home-due-title">{row.title || row.excerpt}</span>
                {row.dueAt && <DueWords dueAt={row.dueAt} nearAt={row.nearAt} now={now} />}
                <span className="home-due-under">
                  {[row.stateZh, row.dueKindZh, row.leadUnit?.name ?? row.street].filter(Boolean).join(" · ")}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
