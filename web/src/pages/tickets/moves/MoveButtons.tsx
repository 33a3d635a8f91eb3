/** The moves allowed to me now, as buttons with their keys: what the ticket waits for in front, mere records behind. */
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { Button } from "antd";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { minuteText } from "../../../ui/dates.ts";
import { useNow } from "../../../ui/now.ts";
import { useTakeBack } from "./useTakeBack.ts";

export function MoveButtons(props: {
  readonly ticket: TicketDetail;
  readonly moves: readonly Move[];
  readonly main: Move | null;
  readonly open: Move | null;
  readonly busy: boolean;
  readonly drafts: readonly Move[];
  readonly onChoose: (move: Move) => void;
}) {
  const { moves, main } = props;
  if (moves.length === 0 && !props.ticket.undo)
    return <p className="no-moves quiet">{T.moves.none(props.ticket.stateZh)}</p>;
  const ordered = [...moves].sort((a, b) => weight(a, main) - weight(b, main));
  return (
    <ul className="move-buttons move-bar" aria-label={T.moves.label}>
      {ordered.map((move) => {
        const { zh, key } = stepOf(move);
        return (
          <li key={move}>
            <Button
              type={move === main ? "primary" : stepOf(move).to === "same" ? "text" : "default"}
              disabled={props.busy}
              aria-pressed={props.open === move}
              aria-keyshortcuts={key ?? undefined}
              onClick={() => props.onChoose(move)}
            >
              {zh}
              {props.drafts.includes(move) && <span className="draft-dot">{T.moves.draft}</span>}
              {key && <kbd>{key.toUpperCase()}</kbd>}
            </Button>
          </li>
        );
      })}
      {props.ticket.undo && <UndoButton ticket={props.ticket} undo={props.ticket.undo} />}
    </ul>
  );
}

/** 撤销, for as long as the rule allows it, also when the words that offered it are gone. */
function UndoButton(props: { ticket: TicketDetail; undo: NonNullable<TicketDetail["undo"]> }) {
  const takeBack = useTakeBack();
  const { undo } = props;
  if (Date.parse(undo.until) <= useNow()) return null;
  return (
    <li>
      <Button type="text" onClick={() => void takeBack(props.ticket)}>
        {T.moves.undoNow(undo.zh, minuteText(undo.until).slice(11))}
      </Button>
    </li>
  );
}

function weight(move: Move, main: Move | null): number {
  if (move === main) return 0;
  const step = stepOf(move);
  if (step.to === "same") return 3;
  return step.key === null ? 2 : 1;
}
