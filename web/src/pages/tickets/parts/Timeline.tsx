/** 流转记录. People and machines on one line of time, newest first, with what each said. */
import { STATES } from "@jiesu/core/ticket/state.ts";
import { useState } from "react";
import type { TicketEvent } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { minuteText } from "../../../ui/dates.ts";

const FIRST = 12;

export function Timeline({ events }: { events: readonly TicketEvent[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? events : events.slice(0, FIRST);
  return (
    <DetailPanel title={T.tickets.timeline}>
      <ol className="timeline">
        {shown.map((event) => (
          <li key={event.id} data-kind={event.kind.startsWith("timer.") ? event.kind : undefined}>
            <time dateTime={event.at}>{minuteText(event.at)}</time>
            <div>
              <p>
                <strong>{event.zh}</strong>
                {event.fromState !== event.toState && event.toState && (
                  <span className="quiet"> → {stateZh(event.toState)}</span>
                )}
                <span className="quiet">
                  {" "}
                  {[...new Set([event.userName, event.roleZh, event.unit?.name])].filter(Boolean).join(" · ")}
                </span>
              </p>
              {wordsOf(event).map((line) => (
                <p key={line} className="timeline-words">
                  {line}
                </p>
              ))}
            </div>
          </li>
        ))}
      </ol>
      {events.length > FIRST && !all && (
        <button type="button" className="plain-button more-events" onClick={() => setAll(true)}>
          {T.tickets.moreEvents(events.length - FIRST)}
        </button>
      )}
    </DetailPanel>
  );
}

/** What was written with the event, in the fields' own words. */
function wordsOf(event: TicketEvent): readonly string[] {
  return Object.entries(event.data)
    .map(([key, value]) => {
      const name = T.tickets.eventFields[key];
      const text = typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
      return name === undefined || text === "" ? "" : name === "" ? text : `${name}：${text}`;
    })
    .filter((line) => line !== "");
}

function stateZh(state: string): string {
  const known: [string, { zh: string }][] = Object.entries(STATES);
  return known.find(([key]) => key === state)?.[1].zh ?? state;
}
