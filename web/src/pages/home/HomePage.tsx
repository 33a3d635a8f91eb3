/** 工作台. By role, in one answer: what is mine now, what falls due, today against usual, rates so far, alarms. */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useRef } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { useTicketChanges } from "../../api/live.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasSide, useSession } from "../../api/session.ts";
import type { Home } from "../../api/types.ts";
import AlarmList from "../../frame/AlarmList.tsx";
import { beginTour, useTour } from "../../frame/touring.ts";
import { HOME } from "../../texts/home.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Card } from "./Card.tsx";
import { DueHours } from "./DueHours.tsx";
import { HandoverNote } from "./HandoverNote.tsx";
import { MyQueues } from "./MyQueues.tsx";
import { RatesNow } from "./RatesNow.tsx";
import { SystemState } from "./SystemState.tsx";
import { Volume } from "./Volume.tsx";
import "./home.css";

const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: () => bodyOf(http.GET("/api/home")),
  refetchInterval: 60_000,
  staleTime: 10_000,
});

export default function HomePage() {
  const session = useSession();
  const home = useQuery(homeQuery);
  useFresh();
  return (
    <PageShell
      title={HOME.greeting(session.name)}
      about={session.roles.map((held) => held.zh).join("、")}
      actions={home.data && <span className="quiet">{HOME.asOf(minuteText(home.data.asOf).slice(11))}</span>}
    >
      <TourOffer />
      {home.isPending ? (
        <Loading what={T.loading} />
      ) : home.isError ? (
        <Failed sentence={sentenceOf(home.error)} retry={() => void home.refetch()} />
      ) : home.data.system ? (
        <SystemState of={home.data.system} />
      ) : (
        <Work home={home.data} centre={hasSide(session, "centre")} />
      )}
    </PageShell>
  );
}

function Work({ home, centre }: { home: Home; centre: boolean }) {
  return (
    <div className="home">
      {home.mine.length > 0 ? (
        <MyQueues queues={home.mine} />
      ) : (
        <EmptyState title={HOME.noQueues}>{HOME.noQueuesAbout}</EmptyState>
      )}
      {home.urges && home.urges.count > 0 && (
        <Notice tone="near">
          <Link to="/urging" className="home-urges">
            {HOME.urges(home.urges.count)}
          </Link>
          {home.urges.oldestAt && (
            <span className="quiet"> {HOME.urgesSince(minuteText(home.urges.oldestAt))}</span>
          )}
        </Notice>
      )}
      {home.watch && home.watch.open > 0 && (
        <Notice tone="near">
          <Link to="/watch" className="home-urges">
            {HOME.watch(home.watch.open)}
          </Link>
          {home.watch.alone > 0 && <span className="quiet"> {HOME.watchAlone(home.watch.alone)}</span>}
        </Notice>
      )}
      <div className="home-columns">
        {home.due && <DueHours due={home.due} asOf={home.asOf} />}
        {home.due && (
          <Card title={HOME.alarms}>
            {home.alarms.length > 0 ? (
              <AlarmList alarms={home.alarms} />
            ) : (
              <EmptyState title={HOME.noAlarms}>{T.frame.alarms.noneAbout}</EmptyState>
            )}
          </Card>
        )}
        {home.volume && <Volume of={home.volume} />}
        {home.rates && <RatesNow rates={home.rates} />}
        {centre && <HandoverNote />}
      </div>
    </div>
  );
}

const CHANGES_EVERY_MS = 5_000;

/** A change of any ticket that I may see makes the numbers old: asked anew, at most once in five seconds. */
function useFresh(): void {
  const queries = useQueryClient();
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useTicketChanges(() => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      void queries.invalidateQueries({ queryKey: ["home"] });
    }, CHANGES_EVERY_MS);
  });
  useEffect(() => () => clearTimeout(timer.current), []);
}

/** Offered until it was walked through or put away; a tour that was left is gone on with. */
function TourOffer() {
  const tour = useTour();
  if (!tour.known || tour.done || tour.running) return null;
  return (
    <aside className="card home-tour" aria-label={T.frame.startTour}>
      <div>
        <strong>{T.frame.tour.offer}</strong>
        <span className="quiet">{T.frame.tour.offerAbout}</span>
      </div>
      <Button type="primary" onClick={() => beginTour(tour.step)}>
        {tour.step > 0 ? T.frame.resumeTour(tour.step + 1) : T.frame.startTour}
      </Button>
      <Button onClick={() => tour.leave(true)}>{T.frame.tour.later}</Button>
    </aside>
  );
}
