/** 不能办的提示. What was refused, why, and the button that helps. */
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import { Button } from "antd";
import { Problem, sentenceOf } from "../../../api/problem.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Notice } from "../../../ui/States.tsx";
import { remedyOf } from "./foresee.ts";

export function RefusalNotice(props: {
  readonly problem: unknown;
  readonly ticket: TicketDetail;
  readonly onOther: (move: Move) => void;
  readonly onField?: (name: string) => void;
  /** Foreseen: nothing has been sent. */
  readonly before?: boolean;
  /** No answer came: it may have been recorded. */
  readonly unknown?: boolean;
}) {
  const { problem, ticket } = props;
  const remedy = remedyOf(problem, ticket);
  const kept =
    !props.before && problem instanceof Problem && (problem.status === 409 || problem.status === 0);
  return (
    <Notice tone={props.before ? "near" : "wrong"}>
      {props.unknown ? T.moves.unknownOutcome : sentenceOf(problem)}
      {kept && <div>{T.moves.keptHere}</div>}
      {remedy && (
        <div className="remedy">
          <Button
            size="small"
            onClick={() => ("move" in remedy ? props.onOther(remedy.move) : props.onField?.(remedy.field))}
          >
            {remedy.zh}
          </Button>
        </div>
      )}
    </Notice>
  );
}
