/** 考核. Where this ticket counts at both levels, by which answers and rule, why a rate leaves it out, and who changed it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { Problem, sentenceOf } from "../../../api/problem.ts";
import { LEDGER } from "../../../texts/ledger.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { minuteText } from "../../../ui/dates.ts";
import { Failed, Loading } from "../../../ui/States.tsx";
import { Tag } from "../../../ui/Tag.tsx";

const W = LEDGER.explain;

/** Asked for when it is opened: most who read a ticket do not want it. */
export function Assessed({ ticketId, version }: { ticketId: string; version: number }) {
  const [open, setOpen] = useState(false);
  return (
    <DetailPanel title={W.ticket}>
      <details open={open} onToggle={(e) => setOpen(e.currentTarget.open)}>
        <summary>{W.open}</summary>
        {open && <Told ticketId={ticketId} version={version} />}
      </details>
    </DetailPanel>
  );
}

function Told({ ticketId, version }: { ticketId: string; version: number }) {
  const told = useQuery({
    queryKey: ["explain-ticket", ticketId, version],
    queryFn: () =>
      bodyOf(http.GET("/api/assessment/explain/tickets/{id}", { params: { path: { id: ticketId } } })),
  });
  if (told.isPending) return <Loading what={T.loading} />;
  if (told.error instanceof Problem && told.error.status === 404)
    return <p className="quiet">{W.noEntries}</p>;
  if (told.isError) return <Failed sentence={sentenceOf(told.error)} retry={() => void told.refetch()} />;
  return told.data.rounds.map((round) => (
    <section key={round.round} aria-label={W.round(round.round)}>
      <p>
        <strong>{W.round(round.round)}</strong> {round.unit?.name}{" "}
        <span className="quiet">{minuteText(round.countedAt)}</span>
      </p>
      {round.void && <p className="quiet">{W.void}</p>}
      {round.levels.map((level) => (
        <div key={level.level}>
          <p>
            <Tag>{level.levelZh}</Tag> {level.period} · {level.scopeZh} · {level.rules.title}
          </p>
          {level.days && <p className="quiet">{W.days(level.days.from, level.days.to)}</p>}
          {level.scopeNote && <p className="quiet">{level.scopeNote}</p>}
          <ul>
            {level.questions.map((q) => (
              <li key={q.question}>
                {q.name}：{q.leftOut ? W.why(q.leftOut) : (q.answer ?? W.blank)}
              </li>
            ))}
          </ul>
          {level.exemptionId !== null && <p className="quiet">{W.exempt}</p>}
        </div>
      ))}
      <p className="quiet">
        {W.history}：
        {round.entries
          .map((each) =>
            [W.entry(each.seq), each.by ? `${each.by.name} ${minuteText(each.by.at)}` : W.system].join(" "),
          )
          .join("；")}
      </p>
    </section>
  ));
}
