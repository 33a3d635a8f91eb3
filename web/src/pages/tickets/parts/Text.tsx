/** 诉求内容. The text with its places, units, sensitive words and standard phrases marked, what they mean, and what was answered. */
import { useQuery } from "@tanstack/react-query";
import type { Reading, TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { Marked } from "../../../ui/Marked.tsx";
import { readingQuery } from "../queries.ts";
import { RequesterLine } from "./RequesterLine.tsx";

export function Text({ ticket }: { ticket: TicketDetail }) {
  const reading = useQuery(readingQuery(ticket.id));
  return (
    <>
      <DetailPanel title={T.tickets.content}>
        <p className="ticket-content">
          {ticket.content ? (
            <Marked text={ticket.content} marks={reading.data?.marks ?? []} />
          ) : (
            <span className="quiet">{T.tickets.noText}</span>
          )}
        </p>
        {ticket.address && (
          <p className="ticket-address">
            <span className="quiet">{T.tickets.address}</span> {ticket.address}
          </p>
        )}
        <RequesterLine ticket={ticket} />
        {reading.data && <Legend content={ticket.content} reading={reading.data} />}
      </DetailPanel>
      {ticket.reply && !ticket.assignments.some((a) => a.report === ticket.reply) && (
        <DetailPanel title={T.tickets.reply}>
          <p className="ticket-content">{ticket.reply}</p>
        </DetailPanel>
      )}
    </>
  );
}

const KINDS = ["sensitive", "place", "unit", "phrase"] as const;

/** What each kind of mark looks like and what stands behind every marked word; read out where marks are not seen. */
function Legend({ content, reading }: { content: string; reading: Reading }) {
  const groups = KINDS.map((kind) => {
    const marks = reading.marks.filter((mark) => mark.kind === kind && mark.end <= content.length);
    const words = new Map(marks.map((mark) => [content.slice(mark.start, mark.end), mark.why]));
    return { kind, words: [...Map.groupBy(words, ([, why]) => why)] };
  }).filter((group) => group.words.length > 0);
  if (groups.length === 0) return null;
  return (
    <dl
      className="mark-legend"
      aria-label={T.ticket.marks}
      title={T.ticket.marksFrom(reading.rules.source, reading.rules.from)}
    >
      {groups.map(({ kind, words }) => (
        <div key={kind} data-kind={kind}>
          <dt>
            <span className="text-mark" data-kind={kind}>
              {T.ticket.markKinds[kind]}
            </span>
          </dt>
          <dd>
            {words.map(([why, of]) => (
              <span key={why}>
                <span title={why}>{of.map(([word]) => word).join("、")}</span>
                <span className={kind === "sensitive" ? "quiet" : "sr"}>
                  {noteOf(
                    why,
                    of.map(([word]) => word),
                  )}
                </span>
              </span>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Why in brackets; a name that is the marked word itself is not said twice. */
function noteOf(why: string, words: readonly string[]): string {
  const [head = "", name] = why.split("：");
  const note = words.length === 1 && words[0] === (name ?? head) ? (name === undefined ? "" : head) : why;
  return note === "" ? "" : `（${note}）`;
}
