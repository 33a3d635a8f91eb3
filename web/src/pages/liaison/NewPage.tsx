/** 发起协调单. What is asked, of whom, how urgent, on which tickets; kept as a draft until it is sent. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Radio } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import type { TicketDetail } from "../../api/types.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { T } from "../../texts.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { FilesField, type SentFile } from "./FilesField.tsx";
import { type Invited, PartyPick, partiesIn } from "./PartyPick.tsx";
import { type LiaisonRules, liaisonRulesQuery, renewLiaisons } from "./queries.ts";
import "../exemption/exemption.css";
import "./liaison.css";

const L = LIAISON;

export default function NewPage() {
  const session = useSession();
  const { ticket } = useSearch({ from: "/liaison/new" });
  const rules = useQuery(liaisonRulesQuery);
  const about = useQuery({ ...ticketQuery(ticket ?? "0"), enabled: ticket !== undefined });
  const failed = rules.error ?? about.error;
  const waits = rules.isPending || (ticket !== undefined && about.isPending);
  return (
    <PageShell
      title={L.begin}
      about={session.unit === null ? L.newAbout : L.newAboutUnit}
      actions={
        <Link to="/liaison" search={{}}>
          {L.back}
        </Link>
      }
    >
      {failed ? (
        <Failed sentence={sentenceOf(failed)} />
      ) : waits || !rules.data ? (
        <Loading what={T.loading} />
      ) : (
        <Begin rules={rules.data} ticket={about.data ?? null} />
      )}
    </PageShell>
  );
}

interface Typed extends Invited {
  readonly key: string;
  readonly title: string;
  readonly question: string;
  readonly pace: string;
  readonly numbers: string;
  readonly files: readonly SentFile[];
}

function Begin({ rules, ticket }: { rules: LiaisonRules; ticket: TicketDetail | null }) {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [start] = useState<Typed>(() => ({
    ...{ key: crypto.randomUUID(), title: "", question: "", pace: rules.paces[0]?.code ?? "" },
    ...{ numbers: ticket?.number ?? "", files: [], units: [], city: [] },
  }));
  const key = `${session.login}.liaison-new.${ticket?.id ?? "0"}`;
  const draft = useDraft<Typed>(key, start);
  const { value, set } = draft;
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const pace = rules.paces.find((each) => each.code === value.pace);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy) return;
    const { title, question, numbers, files } = value;
    const missing = title.trim() === "" ? L.titleField : question.trim() === "" ? L.question : null;
    if (missing !== null) return setRefused(L.missing(missing));
    setBusy(true);
    setRefused(null);
    try {
      const made = await bodyOf(
        http.POST("/api/liaisons", {
          body: {
            ...{ key: value.key, title, question, pace: value.pace, asked: partiesIn(value) },
            tickets: numbers.split(/[\s,，、;；]+/).filter((number) => number !== ""),
            files: files.map((file) => file.id),
          },
        }),
      );
      draft.drop();
      say(L.begun(made.number));
      renewLiaisons(
        queries,
        made.tickets.map((each) => each.id),
      );
      await navigate({ to: "/liaison/$id", params: { id: made.id }, replace: true });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <div className="case">
      <DetailPanel title={L.begin}>
        {draft.word && <DraftNote word={draft.word} />}
        <form
          className="liaison-form"
          aria-label={L.begin}
          onSubmit={send}
          onKeyDown={(e) => {
            if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void send();
          }}
        >
          <Field label={L.titleField} required>
            {(control) => (
              <Input
                {...control}
                autoFocus
                maxLength={80}
                value={value.title}
                onChange={(e) => set({ title: e.target.value })}
              />
            )}
          </Field>
          <Field label={L.question} required hint={L.questionHint}>
            {(control) => (
              <PhraseArea
                {...control}
                move=""
                ready={L.questionReady}
                value={value.question}
                minRows={4}
                onChange={(question) => set({ question })}
              />
            )}
          </Field>
          {session.unit === null && <PartyPick value={value} onChange={set} />}
          <Field label={L.pace} hint={pace && L.limits(pace.answerZh, pace.concludeZh)}>
            {(control) => (
              <Radio.Group
                {...control}
                value={value.pace}
                options={rules.paces.map(({ code, name }) => ({ value: code, label: name }))}
                onChange={(e) => set({ pace: String(e.target.value) })}
              />
            )}
          </Field>
          <Field label={L.linkField} hint={L.linkHint}>
            {(control) => (
              <Input.TextArea
                {...control}
                autoSize={{ minRows: 1, maxRows: 6 }}
                value={value.numbers}
                onChange={(e) => set({ numbers: e.target.value })}
              />
            )}
          </Field>
          <FilesField lane={key} title={L.begin} files={value.files} onChange={(files) => set({ files })} />
          {refused !== null && <Failed sentence={refused} />}
          <div className="form-foot">
            <Button type="primary" htmlType="submit" loading={busy}>
              {L.send}
            </Button>
            <span className="quiet">{L.draftKept}</span>
          </div>
        </form>
      </DetailPanel>
      <p className="quiet">
        {L.paper}：{rules.source}
      </p>
    </div>
  );
}
