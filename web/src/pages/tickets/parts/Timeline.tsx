/** 流转记录. People and machines on one line of time, newest first: what each said, and what changed from what to what. */
import { ROLES } from "@jiesu/core/ticket/role.ts";
import { useState } from "react";
import type { TicketEvent } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { minuteText } from "../../../ui/dates.ts";

const FIRST = 12;

const FILTERS = {
  all: () => true,
  steps: (event: TicketEvent) => event.step,
  people: (event: TicketEvent) => event.by === "person",
  machines: (event: TicketEvent) => event.by === "machine",
} as const;
type Filter = keyof typeof FILTERS;
const NAMES: readonly Filter[] = ["all", "steps", "people", "machines"];

export function Timeline({ events }: { events: readonly TicketEvent[] }) {
  const [all, setAll] = useState(false);
  const [filter, setFilter] = useState<Filter>("all");
  const kept = events.filter(FILTERS[filter]);
  const shown = all ? kept : kept.slice(0, FIRST);
  return (
    <DetailPanel
      title={T.tickets.timeline}
      extra={
        // biome-ignore lint/a11y/useSemanticElements: a fieldset would bring a frame and a legend into a heading
        <div role="group" className="small-choice" aria-label={T.ticket.history.filter}>
          {NAMES.map((name) => (
            <button key={name} type="button" aria-pressed={filter === name} onClick={() => setFilter(name)}>
              {T.ticket.history.filters[name]} {events.filter(FILTERS[name]).length}
            </button>
          ))}
        </div>
      }
    >
      {kept.length === 0 && <p className="quiet">{T.ticket.history.none}</p>}
      <ol className="timeline">
        {shown.map((event) => (
          <One key={event.id} event={event} />
        ))}
      </ol>
      {kept.length > FIRST && !all && (
        <button type="button" className="plain-button more-events" onClick={() => setAll(true)}>
          {T.tickets.moreEvents(kept.length - FIRST)}
        </button>
      )}
    </DetailPanel>
  );
}

function One({ event }: { event: TicketEvent }) {
  return (
    <li data-kind={event.kind.startsWith("timer.") ? event.kind : undefined} data-by={event.by}>
      <time dateTime={event.at}>{minuteText(event.at)}</time>
      <div>
        <p>
          <strong>{event.zh}</strong>
          <span className="quiet"> {whoOf(event)}</span>
        </p>
        {event.changes.length > 0 && (
          <p className="timeline-changes">
            {event.changes.map(({ zh, before, after }) => (
              <span key={`${zh} ${after}`}>
                <span className="quiet">{zh}</span> {before !== null && <>{before} → </>}
                {after}
              </span>
            ))}
          </p>
        )}
        {wordsOf(event).map((line) => (
          <p key={line} className="timeline-words">
            {line}
          </p>
        ))}
      </div>
    </li>
  );
}

/** What was written with the event, in the fields' own words. */
export function wordsOf(event: TicketEvent): readonly string[] {
  const { data } = event;
  if (event.kind === "cityTalk")
    return [
      `${word(data.way)} · ${word(data.person)}：${word(data.said)}`,
      ...(word(data.outcome) === "" ? [] : [`${T.ticket.talks.outcome}：${word(data.outcome)}`]),
    ];
  if (event.kind === "liaison")
    return [
      [
        word(data.number),
        word(data.from),
        word(data.step),
        word(data.to) === "" ? "" : `（对${word(data.to)}）`,
      ]
        .join(" ")
        .trim(),
      ...(word(data.text) === "" ? [] : [word(data.text)]),
    ];
  return Object.entries(data).flatMap(([key, value]) => {
    // The code of what groundZh says; of a return the ground is the reason in words.
    if (key === "ground" && "groundZh" in data && event.kind !== "returnToCentre") return [];
    const answer = key === "opinion" && /(Extension|Pause)$/.test(event.kind);
    const name = answer ? T.moves.fields.answer : T.tickets.eventFields[key];
    const text = word(value);
    return name === undefined || text === "" ? [] : [name === "" ? text : `${name}：${text}`];
  });
}

const word = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";

/** Who: the lead unit is said of those who act for it; a co-handler's own stands among what changed. */
export const whoOf = ({ kind, userName, roleZh, unit }: TicketEvent): string => {
  const forLead = UNIT_ROLES.includes(roleZh) && !/^(co[A-Z]|liaison$)/.test(kind);
  return [...new Set([userName, roleZh, forLead ? unit?.name : undefined])].filter(Boolean).join(" · ");
};

const UNIT_ROLES: readonly string[] = [ROLES.handler.zh, ROLES.unitLead.zh];
