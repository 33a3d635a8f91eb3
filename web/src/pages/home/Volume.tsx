/** 今日来单. Today so far beside the usual of this weekday and hour; the past weeks beneath, each opening its day. */
import { Link } from "@tanstack/react-router";
import type { Home } from "../../api/types.ts";
import { HOME } from "../../texts/home.ts";
import { EVERY } from "../tickets/search.ts";
import { Card } from "./Card.tsx";

export function Volume({ of }: { of: NonNullable<Home["volume"]> }) {
  return (
    <Card title={HOME.volume} about={HOME.volumeAbout} className="home-volume">
      <div className="volume-now">
        <Link to="/tickets" search={{ queue: EVERY, ...of.open }}>
          <strong>{HOME.today(of.today)}</strong>
        </Link>
        <div>
          {of.usual === null || of.usualDay === null ? (
            <span className="quiet">{HOME.usualUnknown}</span>
          ) : (
            <>
              <span>{comparedWords(of.today, of.usual)}</span>
              <span className="quiet">{HOME.usual(String(of.usual), String(of.usualDay))}</span>
            </>
          )}
        </div>
      </div>
      {of.weeks.length > 0 && (
        <ul className="volume-weeks" aria-label={HOME.weeks}>
          {of.weeks.map((week) => (
            <li key={week.day}>
              <Link
                to="/tickets"
                search={{ queue: EVERY, ...week.open }}
                title={HOME.weekDay(week.day, week.wholeDay)}
              >
                <span className="quiet">{week.day.slice(5)}</span> {week.wholeDay}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

/** Below so many tickets a share says nothing: one more would be 50 % more. */
const FEW = 10;

/** In whole per cent, within two it is as usual; in pieces beside a usual volume too small for a share to say anything. */
function comparedWords(today: number, usual: number): string {
  if (usual < FEW) {
    const more = today - Math.round(usual);
    if (more === 0) return HOME.same;
    return more > 0 ? HOME.more(HOME.pieces(more)) : HOME.fewer(HOME.pieces(-more));
  }
  const percent = Math.round((today / usual - 1) * 100);
  if (Math.abs(percent) <= 2) return HOME.same;
  return percent > 0 ? HOME.more(`${percent}%`) : HOME.fewer(`${-percent}%`);
}
