/** 协办. A co-handler's own steps on its assignment: accept at once, report or decline with a word. */
import { CO_LIFECYCLE, type CoMove } from "@jiesu/core/ticket/cohandling.ts";
import { Button, Input } from "antd";
import { useEffect, useRef, useState } from "react";
import { sentenceOf } from "../../../api/problem.ts";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Field } from "../../../ui/Field.tsx";
import { Notice } from "../../../ui/States.tsx";
import { useDraft } from "../../../ui/useDraft.ts";
import { draftKey, useMove } from "./useMove.ts";

const WITHOUT_WORDS: readonly CoMove[] = ["coAccept", "coCancel"];

export function CoForm({
  ticket,
  assignmentId,
  moves,
  onWriting,
}: {
  ticket: TicketDetail;
  assignmentId: string;
  moves: readonly { move: string; zh: string }[];
  /** Told while something is being filled in, for the others who have the ticket open. */
  onWriting: (writing: boolean) => void;
}) {
  const [writing, setWriting] = useState<CoMove | null>(null);
  const { sendCo, isPending, problem, waiting, stop } = useMove(ticket);
  const told = useRef(onWriting);
  told.current = onWriting;
  useEffect(() => {
    if (writing === null) return;
    told.current(true);
    return () => told.current(false);
  }, [writing]);
  const steps = CO_LIFECYCLE.filter((step) => moves.some((mine) => mine.move === step.move));
  return (
    <div className="co-form">
      <div className="move-buttons">
        {steps.map(({ move, zh }) => (
          <Button
            key={move}
            type={move === "coAccept" ? "primary" : "default"}
            loading={isPending && writing === null}
            onClick={() =>
              WITHOUT_WORDS.includes(move) ? void sendCo(assignmentId, move, "") : setWriting(move)
            }
          >
            {zh}
          </Button>
        ))}
      </div>
      {writing ? (
        <Words
          key={writing}
          ticket={ticket}
          assignmentId={assignmentId}
          move={writing}
          onClose={() => setWriting(null)}
        />
      ) : (
        <>
          {waiting && <Waiting onStop={stop} />}
          {problem !== null && <Notice tone="wrong">{sentenceOf(problem)}</Notice>}
        </>
      )}
    </div>
  );
}

function Words(props: { ticket: TicketDetail; assignmentId: string; move: CoMove; onClose: () => void }) {
  const { ticket, assignmentId, move } = props;
  const session = useSession();
  const draft = useDraft(draftKey(session.login, ticket.id, `${move}.${assignmentId}`), { text: "" });
  const { sendCo, isPending, problem, waiting, unknown, stop } = useMove(ticket);
  const send = async () => {
    if ((await sendCo(assignmentId, move, draft.value.text)) === undefined) return;
    draft.drop();
    props.onClose();
  };
  return (
    <div className="field-gap">
      <Field label={move === "coDecline" ? T.moves.fields.returnGround : T.moves.fields.report}>
        {(control) => (
          <Input.TextArea
            {...control}
            autoFocus
            autoSize={{ minRows: 2, maxRows: 8 }}
            value={draft.value.text}
            onChange={(e) => draft.set({ text: e.target.value })}
          />
        )}
      </Field>
      {waiting && <Waiting onStop={stop} />}
      {problem !== null && (
        <Notice tone="wrong">{unknown ? T.moves.unknownOutcome : sentenceOf(problem)}</Notice>
      )}
      <div className="move-buttons field-gap">
        <Button type="primary" loading={isPending} onClick={() => void send()}>
          {T.moves.confirm(CO_LIFECYCLE.find((step) => step.move === move)?.zh ?? "")}
        </Button>
        <Button onClick={props.onClose}>{T.cancel}</Button>
      </div>
    </div>
  );
}

function Waiting({ onStop }: { onStop: () => void }) {
  return (
    <Notice tone="near">
      {T.moves.waiting}{" "}
      <Button size="small" onClick={onStop}>
        {T.moves.stopWaiting}
      </Button>
    </Notice>
  );
}
