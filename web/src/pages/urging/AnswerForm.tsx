/** 回复催办. What is being done, once for all that is open of the ticket; what is typed is kept until it is sent. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { URGING } from "../../texts/urging.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { Failed } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { renewUrges, type Urge } from "./queries.ts";
import "./urging.css";

const U = URGING;

export function AnswerForm({ urge, onDone }: { urge: Urge; onDone: () => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.${urge.ticket.id}.urge-answer`, { text: "" });
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { text } = draft.value;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      await bodyOf(
        http.POST("/api/urges/{id}/answer", { params: { path: { id: urge.id } }, body: { text } }),
      );
      draft.drop();
      say(U.answered);
      renewUrges(queries, urge.ticket.id);
      onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      renewUrges(queries, urge.ticket.id);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className="urge-answer-form" onSubmit={send} aria-label={U.answerOf(urge.ticket.number)}>
      {draft.word && <DraftNote word={draft.word} />}
      <Field label={U.answerText} required hint={U.answerHint}>
        {(control) => (
          <PhraseArea
            {...control}
            move=""
            ready={U.answerReady}
            value={text}
            autoFocus
            minRows={2}
            onChange={(words) => draft.set({ text: words })}
          />
        )}
      </Field>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy} disabled={text.trim().length < 2}>
          {U.sendAnswer}
        </Button>
        <Button onClick={onDone}>{T.cancel}</Button>
      </div>
    </form>
  );
}
