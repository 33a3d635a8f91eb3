/** 被人先办. The form that was open is no longer possible: who did what and when, and the words that were typed. */
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { Button } from "antd";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { shortText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";
import { Notice } from "../../../ui/States.tsx";
import { say } from "../../../ui/toasts.tsx";
import { useDraft } from "../../../ui/useDraft.ts";
import { type FormValues, formOf, startValues } from "../moves/forms.ts";
import { draftKey } from "../moves/useMove.ts";

export function LostForm(props: { ticket: TicketDetail; move: Move; onClose: () => void }) {
  const { ticket, move, onClose } = props;
  const session = useSession();
  const now = useNow();
  const draft = useDraft<FormValues>(draftKey(session.login, ticket.id, move), startValues(move, ticket));
  const last = ticket.events.find((event) => event.fromState !== event.toState);
  const words = formOf(move).flatMap((field) => {
    const value = draft.value[field.name];
    const typed = (field.kind === "long" || field.kind === "short") && typeof value === "string";
    return typed && value.trim() !== "" ? [{ label: field.label, value }] : [];
  });
  const copy = async () => {
    await navigator.clipboard.writeText(words.map((w) => `${w.label}：${w.value}`).join("\n"));
    say(T.ticket.copiedKept);
  };
  return (
    <div className="ticket-notice">
      <Notice tone="near" onClose={onClose}>
        {last && (
          <p>
            {T.ticket.moved(
              [last.userName, last.roleZh].filter(Boolean).join(" · "),
              shortText(last.at, now),
              last.zh,
            )}
          </p>
        )}
        <p>{T.moves.noLonger(stepOf(move).zh, ticket.stateZh)}</p>
        {words.length > 0 && (
          <div className="kept-words">
            <p className="quiet">{T.ticket.keptWords}</p>
            {words.map(({ label, value }) => (
              <p key={label}>
                {label}：{value}
              </p>
            ))}
            <div className="move-buttons">
              <Button size="small" onClick={() => void copy()}>
                {T.ticket.copyKept}
              </Button>
              <Button
                size="small"
                onClick={() => {
                  draft.drop();
                  onClose();
                }}
              >
                {T.ticket.dropKept}
              </Button>
            </div>
          </div>
        )}
      </Notice>
    </div>
  );
}
