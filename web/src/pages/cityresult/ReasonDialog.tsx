/** 写明理由. One text that must be there before something is done; kept as a draft until it was sent. */
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";

export function ReasonDialog(props: {
  readonly title: string;
  readonly about?: string;
  readonly label: string;
  /** Names the draft. */
  readonly draft: string;
  readonly mayBeBlank?: boolean;
  readonly children?: ReactNode;
  readonly onClose: () => void;
  readonly onSend: (text: string) => Promise<void>;
}) {
  const session = useSession();
  const draft = useDraft(`${session.login}.${props.draft}`, { text: "" });
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const text = draft.value.text.trim();
  const send = async () => {
    setBusy(true);
    setRefused(null);
    try {
      await props.onSend(text);
      draft.drop();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={props.title}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button
            type="primary"
            loading={busy}
            disabled={text === "" && props.mayBeBlank !== true}
            onClick={() => void send()}
          >
            {props.title}
          </Button>
        </>
      }
    >
      {props.about && <p>{props.about}</p>}
      {props.children}
      <Field label={props.label} required={props.mayBeBlank !== true}>
        {(control) => (
          <Input.TextArea
            {...control}
            rows={3}
            maxLength={500}
            value={draft.value.text}
            onChange={(e) => draft.set({ text: e.target.value })}
          />
        )}
      </Field>
      {refused && <Notice tone="wrong">{refused}</Notice>}
    </Dialog>
  );
}
