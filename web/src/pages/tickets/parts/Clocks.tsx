/** 时限. Running clocks as bars with what is left in words; those that have stopped, in one quiet line. */
import { leftWords, spanWords } from "@jiesu/core/deadline/words.ts";
import type { Clock, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { ClockBar } from "../../../ui/ClockBar.tsx";
import { shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";
import { dueTone } from "../due.tsx";

export function Clocks({ ticket }: { ticket: TicketDetail }) {
  const now = useNow();
  const live = ticket.clocks.filter((clock) => clock.state === "running" || clock.state === "paused");
  const stopped = ticket.clocks.filter((clock) => clock.state === "stopped" && clock.round === ticket.round);
  if (live.length === 0 && stopped.length === 0) return null;
  return (
    <div className="ticket-clocks">
      <div className="clocks">
        {live.map((clock) => (
          <Live
            key={`${clock.kind} ${clock.round}`}
            clock={clock}
            now={now}
            rests={ticket.state === "returnReview" ? T.tickets.pausedInReview : null}
          />
        ))}
      </div>
      {stopped.length > 0 && (
        <p className="quiet stopped-clocks">
          {stopped.map((clock) => (
            <span key={`${clock.kind} ${clock.round}`} data-late={clock.late || undefined}>
              {stoppedWords(clock)}
            </span>
          ))}
        </p>
      )}
    </div>
  );
}

/** `rests`: why a paused clock does not run, where it is not for a pause of its own. */
function Live({ clock, now, rests }: { clock: Clock; now: number; rests: string | null }) {
  const [from, near, due] = [Date.parse(clock.startedAt), Date.parse(clock.nearAt), Date.parse(clock.dueAt)];
  const whole = Math.max(1, due - from);
  const paused = clock.state === "paused";
  return (
    <ClockBar
      name={clock.kindZh}
      words={paused ? (rests ?? pausedWords(clock, now)) : leftWords(due - now)}
      tone={paused ? "plain" : dueTone(clock, now)}
      until={paused ? "" : T.tickets.until(shortText(clock.dueAt, now))}
      used={(now - from) / whole}
      near={(near - from) / whole}
      about={`${clock.limitZh} · ${clock.rule}`}
    />
  );
}

function pausedWords({ pausedUntil }: Clock, now: number): string {
  return pausedUntil === null ? T.tickets.paused : T.tickets.pausedUntil(shortText(pausedUntil, now));
}

function stoppedWords(clock: Clock): string {
  const spare = Date.parse(clock.dueAt) - Date.parse(clock.stoppedAt ?? clock.dueAt);
  return clock.late
    ? T.tickets.stoppedLate(clock.kindZh, spanWords(spare))
    : T.tickets.stoppedInTime(clock.kindZh);
}
