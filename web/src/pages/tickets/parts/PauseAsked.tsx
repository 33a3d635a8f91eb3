/** 暂停计时. What the unit asks for, with its papers, beside the form that answers it; or the pause that lasts, with its end. */
import { CLOCKS } from "@jiesu/core/deadline/kind.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { minuteText, shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";

const W = T.moves.pause;

export function PauseAsked({ ticket }: { ticket: TicketDetail }) {
  const now = useNow();
  const { pause } = ticket;
  if (!pause) return null;
  const { pending, running, cityDueAt } = pause;
  const city = cityDueAt !== null && Date.parse(cityDueAt) > now && (
    <p className="quiet">{W.city(minuteText(cityDueAt))}</p>
  );
  if (running)
    return (
      <DetailPanel title={W.running(running.groundZh)}>
        <p>{W.until(running.clocksZh.join("、"), minuteText(running.until))}</p>
        {city}
        <p className="quiet">{W.given(running.userName, minuteText(running.since))}</p>
      </DetailPanel>
    );
  if (!pending) return null;
  return (
    <DetailPanel title={W.title}>
      <p>
        <strong>{W.asked(pending.days, pending.clocks.map((kind) => CLOCKS[kind].zh).join("、"))}</strong> ·{" "}
        {pending.zh}
      </p>
      <p className="timeline-words">
        {W.evidence}：{pending.evidence}
      </p>
      {pending.reason !== "" && <p className="timeline-words">{pending.reason}</p>}
      <p>{W.would(shortText(pending.until, now))}</p>
      {city}
      <p className="quiet">
        {W.by(pending.userName, minuteText(pending.at))}
        {!ticket.moves.includes("grantPause") && ` · ${W.waits}`}
      </p>
    </DetailPanel>
  );
}
