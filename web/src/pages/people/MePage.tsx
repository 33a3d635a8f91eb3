/** 我的账号. One's own password, and where one is signed in. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { PEOPLE } from "../../texts/people.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { MyContact } from "../notify/MyContact.tsx";
import { mySessionsQuery } from "./queries.ts";
import { SessionTable } from "./SessionTable.tsx";

const EMPTY = { old: "", fresh: "", again: "" };

export default function MePage() {
  const session = useSession();
  const [typed, setTyped] = useState(EMPTY);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const change = async (event: FormEvent) => {
    event.preventDefault();
    if (typed.fresh !== typed.again) return setRefused(PEOPLE.notSame);
    setBusy(true);
    setRefused(null);
    try {
      await bodyOf(http.POST("/api/me/password", { body: { old: typed.old, new: typed.fresh } }));
      setTyped(EMPTY);
      say(PEOPLE.passwordChanged);
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
    <PageShell title={ADMIN.mePage} about={`${session.name}（${session.login}）`}>
      <form className="card form-card" onSubmit={change}>
        {field("old", PEOPLE.oldPassword, "current-password")}
        {field("fresh", PEOPLE.newPassword, "new-password", PEOPLE.passwordRule)}
        {field("again", PEOPLE.newAgain, "new-password")}
        {refused && (
          <div className="field-gap">
            <Notice tone="wrong">{refused}</Notice>
          </div>
        )}
        <Button className="field-gap" type="primary" htmlType="submit" loading={busy}>
          {T.session.changePassword}
        </Button>
      </form>
      <MyContact />
      <MySessions />
    </PageShell>
  );
}

function MySessions() {
  const queries = useQueryClient();
  const mine = useQuery(mySessionsQuery);
  const end = async (id: string) => {
    try {
      await bodyOf(http.DELETE("/api/me/sessions/{id}", { params: { path: { id } } }));
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    void queries.invalidateQueries({ queryKey: mySessionsQuery.queryKey });
  };
  return (
    <section className="card field-gap" aria-label={ADMIN.mySessions}>
      <header className="card-head">
        <h2>{ADMIN.mySessions}</h2>
      </header>
      {mine.isPending ? (
        <Loading what={T.loading} />
      ) : mine.isError ? (
        <Failed sentence={sentenceOf(mine.error)} retry={() => void mine.refetch()} />
      ) : (
        <SessionTable rows={mine.data} onEnd={(s) => void end(s.id)} />
      )}
    </section>
  );
}
