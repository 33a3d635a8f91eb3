/**
 * 工单上的退单. Each return with its evidence and what came of it, and what comes next; to who reviews one, what was decided
 * before on the same matter.
 */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { TicketDetail } from "../../api/types.ts";
import { RETURNS } from "../../texts/returns.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { shortText } from "../../ui/dates.ts";
import { useNow } from "../../ui/now.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type EarlierReturn, returnsOfTicket } from "./queries.ts";
import "./returns.css";

const R = RETURNS;
/** In sight at once. */
const FIRST = 2;

export default function OnTicket({ ticket }: { ticket: TicketDetail }) {
  const now = useNow();
  const found = useQuery(returnsOfTicket(ticket.id, ticket.version));
  const [all, setAll] = useState(false);
  if (found.data === undefined || found.data.own.length === 0) return null;
  const { own, next, clocks, matter } = found.data;
  const reviewing = ticket.state === "returnReview";
  return (
    <>
      <DetailPanel title={`${R.onTicket} ${own.length}`}>
        <ol className="returns-of">
          {own.slice(0, all ? own.length : FIRST).map((each) => (
            <One key={each.id} of={each} now={now} />
          ))}
        </ol>
        {own.length > FIRST && !all && (
          <button type="button" className="plain-button" onClick={() => setAll(true)}>
            {R.more(own.length)}
          </button>
        )}
        {(ticket.returning !== null || ticket.state === "triage") && (
          <div className="returns-terms">
            <p>{next}</p>
            {reviewing && <p className="quiet">{clocks}</p>}
          </div>
        )}
      </DetailPanel>
      {reviewing && matter && (
        <DetailPanel title={R.earlier} extra={<span className="quiet">{R.since(matter.sinceDays)}</span>}>
          {matter.rows.length === 0 ? (
            <p className="quiet">{R.earlierNone(matter.sinceDays)}</p>
          ) : (
            <>
              <p>{R.tally(R.samePlace, matter.place.accepted, matter.place.refused)}</p>
              <p>{R.tally(R.sameUnit, matter.unit.accepted, matter.unit.refused)}</p>
              <ol className="returns-of">
                {matter.rows.map((each) => (
                  <One
                    key={each.id}
                    of={each}
                    now={now}
                    alike={[each.samePlace && R.samePlace, each.sameUnit && R.sameUnit].filter(
                      (word) => word !== false,
                    )}
                    linked
                  />
                ))}
              </ol>
            </>
          )}
        </DetailPanel>
      )}
    </>
  );
}

function One(props: { of: EarlierReturn; now: number; alike?: readonly string[]; linked?: boolean }) {
  const { of: each, now } = props;
  return (
    <li>
      <p className="returns-head">
        <Tag tone={each.standing === "waiting" ? "strong" : "plain"}>{standingWord(each.standing)}</Tag>
        {props.linked ? (
          <Link to="/tickets/$id" params={{ id: each.ticketId }}>
            {each.number}
          </Link>
        ) : (
          <strong>{R.nth(each.nth)}</strong>
        )}
        <span>{each.groundZh}</span>
        {props.alike?.map((word) => (
          <span key={word} className="quiet">
            {word}
          </span>
        ))}
      </p>
      <p className="timeline-words">{each.reason}</p>
      {each.evidence !== "" && <p className="timeline-words">{R.evidence(each.evidence)}</p>}
      {each.suggestUnit !== "" && <p>{R.suggests(each.suggestUnit)}</p>}
      <p className="quiet">{R.by(each.unitName, each.byName, shortText(each.at, now))}</p>
      {each.decidedAt !== null && (
        <p>
          {[standingWord(each.standing), each.nextUnit && R.went(each.nextUnit), each.words]
            .filter((word) => word !== null && word !== "")
            .join(" · ")}{" "}
          <span className="quiet">{R.decided(each.decidedBy ?? "", shortText(each.decidedAt, now))}</span>
        </p>
      )}
    </li>
  );
}

function standingWord(standing: string): string {
  const words: Readonly<Record<string, string>> = R.standings;
  return words[standing] ?? standing;
}
