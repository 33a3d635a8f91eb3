/** The moves allowed to me now, as buttons with their keys: what the ticket waits for in front, mere records behind. */
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { Button } from "antd";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";

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
  if (moves.length === 0) return <p className="no-moves quiet">{T.moves.none(props.ticket.stateZh)}</p>;
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
    </ul>
  );
}

function weight(move: Move, main: Move | null): number {
  if (move === main) return 0;
  const step = stepOf(move);
  if (step.to === "same") return 3;
  return step.key === null ? 2 : 1;
}
