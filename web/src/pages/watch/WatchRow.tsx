/** 一件盯办. Why it is watched, with the time in words; what it is; whose it is and whether it was taken. */
import { leftWords, spanWords } from "@jiesu/core/deadline/words.ts";
import { Link } from "@tanstack/react-router";
import type { KeyboardEvent } from "react";
import { WATCH } from "../../texts/watch.ts";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import type { Watched } from "./queries.ts";

const W = WATCH;
type Why = Watched["reasons"][number];

const TONES: Readonly<Partial<Record<Why["reason"], Tone>>> = {
  loose: "overdue",
  overdue: "overdue",
  rejected: "overdue",
  due: "near",
  unheld: "near",
};

export function WatchRow(props: {
  row: Watched;
  chosen: boolean;
  onToggle: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLTableRowElement>) => void;
}) {
  const { row } = props;
  const { ticket, person } = row;
  const now = useNow();
  return (
    <tr tabIndex={0} data-marked={row.mine || undefined} onKeyDown={props.onKeyDown}>
      <td>
        <input
          type="checkbox"
          aria-label={W.chooseOf(ticket.number)}
          checked={props.chosen}
          disabled={!row.mayAct}
          onChange={props.onToggle}
        />
      </td>
      <td>
        <ul className="watch-why">
          {row.reasons.map((why) => (
            <li key={why.reason}>
              <Tag tone={TONES[why.reason] ?? "plain"}>{why.zh}</Tag>{" "}
              <span className="quiet">{timeWords(why, ticket.dueKindZh, now)}</span>
            </li>
          ))}
        </ul>
      </td>
      <td>
        <Link to="/tickets/$id" params={{ id: ticket.id }}>
          {ticket.number}
        </Link>{" "}
        {ticket.title}
      </td>
      <td data-nowrap>
        {ticket.stateZh}
        {ticket.unit !== "" && <span className="quiet"> · {ticket.unit}</span>}
      </td>
      <td data-nowrap>
        {person === null ? (
          <span className="quiet">{W.nobody}</span>
        ) : row.taken ? (
          person.name
        ) : (
          <Tag tone="mine">{W.waits(person.name)}</Tag>
        )}
      </td>
      <td data-nowrap className="quiet">
        {row.openedAt === null ? W.justNow : shortText(row.openedAt, now)}
      </td>
    </tr>
  );
}

function timeWords({ reason, at }: Why, dueKind: string | null, now: number): string {
  const ms = Date.parse(at);
  const what = dueKind === null ? "" : `${dueKind} `;
  if (reason === "due") return what + W.word.due(shortText(at, now).slice(-5), leftWords(ms - now));
  if (reason === "overdue") return what + W.word.overdue(leftWords(ms - now));
  return W.word.since(spanWords(now - ms));
}
