/** 将到期. How much falls due in each hour until the shift ends; an hour opens into its tickets. */
import { Link } from "@tanstack/react-router";
import type { Home } from "../../api/types.ts";
import { HOME } from "../../texts/home.ts";
import { dayText, minuteText } from "../../ui/dates.ts";
import { EmptyState } from "../../ui/States.tsx";
import { EVERY } from "../tickets/search.ts";
import { Card } from "./Card.tsx";

export function DueHours({ due, asOf }: { due: NonNullable<Home["due"]>; asOf: string }) {
  const most = Math.max(1, ...due.hours.map((hour) => hour.count));
  const until = dayText(due.until) === dayText(asOf) ? timeOf(due.until) : minuteText(due.until).slice(5);
  return (
    <Card
      title={HOME.due(until)}
      about={HOME.dueAbout(due.zh)}
      className="home-due"
      extra={
        due.total > 0 && (
          <Link to="/tickets" search={{ queue: EVERY, sort: "due", ...due.open }}>
            {HOME.dueTotal(due.total)}
          </Link>
        )
      }
    >
      {due.total === 0 ? (
        <EmptyState title={HOME.dueNone}>{HOME.dueNoneAbout}</EmptyState>
      ) : (
        <ol className="hours">
          {due.hours.map((hour, i) => {
            const words = HOME.hour(timeOf(hour.from), timeOf(hour.to), hour.count);
            const bar = (
              <>
                <span className="hour-count">{hour.count}</span>
                <span className="hour-bar" style={{ height: Math.round((hour.count / most) * TALLEST_PX) }} />
              </>
            );
            return (
              <li key={hour.from} data-near={i === 0 || undefined}>
                {hour.count === 0 ? (
                  <span className="hour" data-empty title={words}>
                    {bar}
                  </span>
                ) : (
                  <Link
                    to="/tickets"
                    search={{ queue: EVERY, sort: "due", ...hour.open }}
                    className="hour"
                    aria-label={words}
                    title={words}
                  >
                    {bar}
                  </Link>
                )}
                <span className="hour-time" aria-hidden="true">
                  {timeOf(hour.from).slice(0, 2)}
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </Card>
  );
}

const TALLEST_PX = 70;

const timeOf = (iso: string): string => minuteText(iso).slice(11);
