/** 批量办理的表单. What the move needs, asked once for all; what is typed is kept until it is sent, as with one ticket. */
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { useSession } from "../../api/session.ts";
import type { TicketDetail, TicketRow } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { hasDraft } from "../../ui/drafts.ts";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "./moves/DraftNote.tsx";
import { FormControl } from "./moves/FormControl.tsx";
import { type FormValues, formOf, inputOf, missingField, startValues } from "./moves/forms.ts";

/** Whose and of which move; the tickets chosen may be others when it is taken up again. */
export const bulkDraftKey = (login: string, move: Move): string => `${login}.bulk.${move}`;

export function BulkForm(props: {
  move: Move;
  rows: readonly TicketRow[];
  /** The first of them: what the form starts from. */
  ticket: TicketDetail | undefined;
  busy: boolean;
  onSend: (input: Record<string, unknown>) => void;
  onClose: () => void;
}) {
  const { move, rows, ticket } = props;
  const { zh, from } = stepOf(move);
  const session = useSession();
  const key = bulkDraftKey(session.login, move);
  const draft = useDraft<FormValues>(key, ticket ? startValues(move, ticket) : {});
  const values = draft.value;
  const [resumed, setResumed] = useState(() => hasDraft(key));
  const [missing, setMissing] = useState<string | null>(null);
  const fits = rows.filter((row) => from.some((state) => state === row.state)).length;
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    const lacking = missingField(formOf(move), values);
    setMissing(lacking?.name ?? null);
    if (!lacking && !props.busy) props.onSend(ticket ? inputOf(move, values, ticket) : {});
  };
  return (
    <form
      aria-label={T.queue.bulk(zh, rows.length)}
      onSubmit={submit}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) submit(e);
      }}
    >
      <p className="quiet">{fits < rows.length ? T.queue.mixed(zh, fits, rows.length) : T.queue.bulkAbout}</p>
      {draft.word && <DraftNote word={draft.word} />}
      {resumed && (
        <div className="field-gap">
          <Notice tone="near">
            {T.queue.bulkDraft}{" "}
            <Button
              size="small"
              onClick={() => {
                draft.drop();
                setResumed(false);
              }}
            >
              {T.queue.bulkDraftDrop}
            </Button>
          </Notice>
        </div>
      )}
      {ticket &&
        formOf(move).map((field) => (
          <div key={field.name} data-field={field.name} className="field-gap">
            <FormControl
              field={field}
              move={move}
              ticket={ticket}
              value={values[field.name]}
              error={missing === field.name ? T.moves.missing(field.label) : null}
              onChange={(value) => draft.set({ [field.name]: value })}
            />
          </div>
        ))}
      <div className="bulk-foot">
        {formOf(move).length > 0 && <span className="quiet bulk-kept">{T.moves.draftKept}</span>}
        <Button onClick={props.onClose} disabled={props.busy}>
          {T.cancel}
        </Button>
        <Button
          type="primary"
          htmlType="submit"
          loading={props.busy}
          {...(formOf(move).length === 0 ? { "data-first": true, autoFocus: true } : {})}
        >
          {T.queue.confirmBulk(zh, rows.length)}
        </Button>
      </div>
    </form>
  );
}
