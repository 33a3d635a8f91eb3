/** 收件地址. E-mail, telephone and account of one person of the house. */
import { Button, Input } from "antd";
import { type FormEvent, type ReactNode, useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";

const N = NOTIFY;
const EMPTY = { email: "", phone: "", account: "" };
export type ContactTyped = typeof EMPTY;

export function ContactForm(props: {
  readonly now: ReactNode;
  readonly save: (typed: ContactTyped) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onCancel?: () => void;
}) {
  const [typed, setTyped] = useState(EMPTY);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      await props.save(typed);
      setTyped(EMPTY);
      say(N.saved);
      props.onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const field = (name: keyof ContactTyped, label: string, type: "email" | "tel" | "text") => (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          type={type}
          autoComplete="off"
          value={typed[name]}
          onChange={(e) => setTyped({ ...typed, [name]: e.target.value.trim() })}
        />
      )}
    </Field>
  );
  return (
    <form onSubmit={send} aria-label={N.tabs.contacts} noValidate>
      <p className="quiet">{props.now}</p>
      {field("email", N.emailAddress, "email")}
      {field("phone", N.phone, "tel")}
      {field("account", N.account, "text")}
      <p className="quiet">{N.contactHint}</p>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <div className="dialog-foot">
        {props.onCancel && <Button onClick={props.onCancel}>{T.cancel}</Button>}
        <Button type="primary" htmlType="submit" loading={busy}>
          {T.save}
        </Button>
      </div>
    </form>
  );
}
