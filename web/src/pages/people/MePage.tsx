/** 修改密码. One's own password. */
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";

const EMPTY = { old: "", fresh: "", again: "" };

export default function MePage() {
  const session = useSession();
  const [typed, setTyped] = useState(EMPTY);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.fresh !== typed.again) return setRefused(T.people.notSame);
    setBusy(true);
    setRefused(null);
    try {
      await bodyOf(http.POST("/api/me/password", { body: { old: typed.old, new: typed.fresh } }));
      setTyped(EMPTY);
      say(T.people.passwordChanged);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const field = (name: keyof typeof EMPTY, label: string, complete: string, hint?: string) => (
    <Field label={label} hint={hint}>
      {(control) => (
        <Input.Password
          {...control}
          autoComplete={complete}
          value={typed[name]}
          onChange={(e) => setTyped({ ...typed, [name]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <PageShell title={T.session.changePassword} about={`${session.name}（${session.login}）`}>
      <form className="card form-card" onSubmit={change}>
        {field("old", T.people.oldPassword, "current-password")}
        {field("fresh", T.people.newPassword, "new-password", T.people.passwordRule)}
        {field("again", T.people.newAgain, "new-password")}
        {refused && (
          <div className="field-gap">
            <Notice tone="wrong">{refused}</Notice>
          </div>
        )}
        <Button className="field-gap" type="primary" htmlType="submit" loading={busy}>
          {T.session.changePassword}
        </Button>
      </form>
    </PageShell>
  );
}
