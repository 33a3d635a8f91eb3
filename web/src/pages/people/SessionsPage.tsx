/** 登录与会话. Who is signed in where; one can be ended at once. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { sessionsQuery } from "./queries.ts";
import { SessionTable, type SignedIn } from "./SessionTable.tsx";
import "./people.css";

export default function SessionsPage() {
  const queries = useQueryClient();
  const sessions = useQuery(sessionsQuery);
  const [words, setWords] = useState("");
  const found = (sessions.data ?? []).filter((s) =>
    [s.user.name, s.user.login, s.user.unit, s.device, s.address].some((t) => t.includes(words.trim())),
  );
  const end = async (session: SignedIn) => {
    try {
      await bodyOf(http.DELETE("/api/sessions/{id}", { params: { path: { id: session.id } } }));
      say(ADMIN.sessionEnded(session.user.name));
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    void queries.invalidateQueries({ queryKey: sessionsQuery.queryKey });
  };
  return (
    <PageShell
      title={ADMIN.sessions}
      about={sessions.data && ADMIN.sessionsAbout(sessions.data.length)}
      actions={
        <Input
          className="page-search"
          type="search"
          aria-label={ADMIN.findSession}
          placeholder={ADMIN.findSession}
          allowClear
          value={words}
          onChange={(e) => setWords(e.target.value)}
        />
      }
    >
      {sessions.isPending ? (
        <Loading what={T.loading} />
      ) : sessions.isError ? (
        <Failed sentence={sentenceOf(sessions.error)} retry={() => void sessions.refetch()} />
      ) : found.length === 0 ? (
        <EmptyState title={ADMIN.noSession} />
      ) : (
        <div className="card">
          <SessionTable rows={found} whose onEnd={(s) => void end(s)} />
        </div>
      )}
    </PageShell>
  );
}
