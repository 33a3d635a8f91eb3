/** 登录. Login name and password, and what the server answers, in place. */
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Session } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";

export function SignInForm(props: { login?: string; onSignedIn: (session: Session) => void }) {
  const [login, setLogin] = useState(props.login ?? "");
  const [password, setPassword] = useState("");
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const signIn = async (event: FormEvent) => {
    event.preventDefault();
    if (login.trim() === "" || password === "") return setRefused(T.session.needBoth);
    setBusy(true);
    setRefused(null);
    try {
      props.onSignedIn(await bodyOf(http.POST("/api/session", { body: { login: login.trim(), password } })));
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setPassword("");
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={signIn} className="sign-in-form">
      <Field label={T.session.login}>
        {(control) => (
          <Input
            {...control}
            size="large"
            name="username"
            autoComplete="username"
            autoFocus={props.login === undefined}
            value={login}
            onChange={(e) => setLogin(e.target.value)}
          />
        )}
      </Field>
      <Field label={T.session.password}>
        {(control) => (
          <Input.Password
            {...control}
            size="large"
            name="password"
            autoComplete="current-password"
            autoFocus={props.login !== undefined}
            data-first={props.login !== undefined || undefined}
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        )}
      </Field>
      <div className="field-gap" aria-live="assertive">
        {refused && <Notice tone="wrong">{refused}</Notice>}
      </div>
      <Button className="field-gap" type="primary" size="large" block htmlType="submit" loading={busy}>
        {T.session.signIn}
      </Button>
    </form>
  );
}
