/** 回访记录. The centre's own and the city's answers, blanks said as blanks. */
import type { Callback } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";
import { Tag } from "../../../ui/Tag.tsx";
import { Listen } from "../../callback/Listen.tsx";

export function Callbacks({ callbacks, ticketId }: { callbacks: readonly Callback[]; ticketId: string }) {
  const now = useNow();
  if (callbacks.length === 0) return null;
  return (
    <DetailPanel title={T.tickets.callbacks}>
      <ul className="callbacks">
        {callbacks.map((c) => (
          <li key={c.id}>
            <p className="assignment-head">
              <Tag tone={c.source === "city" ? "strong" : "plain"}>
                {c.source === "city" ? T.tickets.city : T.tickets.own}
              </Tag>
              <span>{word(T.tickets.callOutcomes, c.outcome)}</span>
              <span className="quiet">
                {shortText(c.at, now)} {c.userName}
              </span>
            </p>
            {c.outcome === "answered" && (
              <p>
                {[
                  `${T.moves.fields.contacted} ${word(T.tickets.answers, c.contacted)}`,
                  `${T.moves.fields.solved} ${word(T.tickets.answers, c.solved === "yes" ? "solved" : c.solved === "no" ? "unsolved" : c.solved)}`,
                  `${T.moves.fields.satisfied} ${word(T.tickets.answers, c.satisfied)}`,
                ].join("；")}
              </p>
            )}
            {c.reason && <p>{T.tickets.because(c.reason)}</p>}
            {Object.entries(c.reasons).map(([question, zh]) => (
              <p key={question}>
                {word(T.callback.reasons, question)}：{zh}
              </p>
            ))}
            {c.note && <p className="quiet">{c.note}</p>}
            <Listen callback={c} ticketId={ticketId} />
          </li>
        ))}
      </ul>
    </DetailPanel>
  );
}

function word(words: Readonly<Record<string, string>>, key: string | null): string {
  return key === null ? T.tickets.blank : (words[key] ?? key);
}
