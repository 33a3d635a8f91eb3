/** 试发. One message by the saved settings, and what the other side said to it. */
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { NOTIFY } from "../../texts/notify.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import type { Channel } from "./queries.ts";

const N = NOTIFY;

export function TestDialog({ channel, onClose }: { channel: Channel; onClose: () => void }) {
  const [to, setTo] = useState("");
  const [told, setTold] = useState<{ ok: boolean; answer: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const per = channel.webhook ? channel.webhook.per : "email";
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setTold(null);
    try {
      const params = { path: { id: channel.id } };
      setTold(await bodyOf(http.POST("/api/notify/channels/{id}/test", { params, body: { to } })));
    } catch (thrown) {
      setTold({ ok: false, answer: sentenceOf(thrown) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog title={N.testTitle(channel.name)} onClose={onClose}>
      <form onSubmit={send}>
        <p className="quiet">{N.testAbout}</p>
        {per !== "group" && (
          <Field label={N.testTo[per]} required>
            {(control) => <Input {...control} value={to} onChange={(e) => setTo(e.target.value)} />}
          </Field>
        )}
        {told && (
          <Notice tone={told.ok ? "plain" : "wrong"}>
            {told.ok ? N.testOk : N.testBad}：{told.answer}
          </Notice>
        )}
        <div className="dialog-foot">
          <Button onClick={onClose}>{told?.ok ? T.back : T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {N.testSend}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
