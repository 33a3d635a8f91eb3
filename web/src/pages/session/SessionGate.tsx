/** 会话. Nobody passes without a session; when one is lost midway, what is on the screen stays and one signs in over it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useState } from "react";
import { bodyOf, http, onSessionLost, setCsrf } from "../../api/client.ts";
import { Problem, sentenceOf } from "../../api/problem.ts";
import { SessionContext } from "../../api/session.ts";
import type { Session } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { startDrafts } from "../../ui/drafts.ts";
import { useTitle } from "../../ui/PageShell.tsx";
import { Failed } from "../../ui/States.tsx";
import { IdleWatch } from "./IdleWatch.tsx";
import { SignInForm } from "./SignInForm.tsx";
import "./session.css";

export function SessionGate({ children }: { children: ReactNode }) {
  const queries = useQueryClient();
  const [lost, setLost] = useState(false);
  const session = useQuery({
    queryKey: ["session"],
    queryFn: whoAmI,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const known = session.data ?? null;
  useEffect(() => onSessionLost(() => setLost(true)), []);
  if (known) {
    setCsrf(known.csrf);
    startDrafts(known.login);
  }
  const enter = (entered: Session) => {
    if (known && known.login !== entered.login) return location.assign("/");
    setCsrf(entered.csrf);
    queries.setQueryData(["session"], entered);
    setLost(false);
    void queries.invalidateQueries({ predicate: (q) => q.queryKey[0] !== "session" });
  };
  if (session.isPending) return null;
  if (session.isError)
    return (
      <main className="sign-in">
        <Failed sentence={sentenceOf(session.error)} retry={() => void session.refetch()} />
      </main>
    );
  if (!known) return <SignInPage onSignedIn={enter} />;
  return (
    <SessionContext value={known}>
      {children}
      {!lost && <IdleWatch idleAt={known.idleAt} login={known.login} />}
      {lost && (
        <Dialog title={T.session.again} width={400}>
          <p className="quiet">{T.session.keptWords}</p>
          <SignInForm login={known.login} onSignedIn={enter} />
        </Dialog>
      )}
    </SessionContext>
  );
}

function SignInPage({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  useTitle(T.session.signIn);
  return (
    <main className="sign-in">
      <section className="sign-in-card">
        <img src="/icon.svg" alt="" width={40} height={40} />
        <h1>{T.product}</h1>
        <p className="quiet">{T.session.about}</p>
        <SignInForm onSignedIn={onSignedIn} />
        <p className="sign-in-help">{T.session.help}</p>
      </section>
    </main>
  );
}

/** Null when nobody is signed in. */
async function whoAmI(): Promise<Session | null> {
  try {
    return await bodyOf(http.GET("/api/session"));
  } catch (thrown) {
    if (thrown instanceof Problem && thrown.status === 401) return null;
    throw thrown;
  }
}
