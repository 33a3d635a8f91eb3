/** 延期申请. What the unit asks for and why, and when the report would be due, beside the form that answers it. */
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { minuteText, shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";

const W = T.moves.extension;

export function ExtensionAsked({ ticket }: { ticket: TicketDetail }) {
  const now = useNow();
  const { extension } = ticket;
  if (!extension?.pending) return null;
  const { pending, dueAt } = extension;
  return (
    <DetailPanel title={W.title}>
      <p>
        <strong>{W.asked(pending.days)}</strong> · {pending.groundZh}
      </p>
      <p className="timeline-words">{pending.reason}</p>
      {dueAt && pending.wouldBeDueAt && (
        <p>{W.would(shortText(dueAt, now), shortText(pending.wouldBeDueAt, now))}</p>
      )}
      <p className="quiet">
        {W.by(pending.userName, minuteText(pending.at))}
        {!ticket.moves.includes("grantExtension") && ` · ${W.waits}`}
      </p>
    </DetailPanel>
  );
}
