/** 市级沟通记录. What was spoken with the city about this ticket, newest first, and the small form that adds one. */

import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { type FormEvent, useEffect, useState } from "react";
import { bodyOf, http } from "../../../api/client.ts";
import { sentenceOf } from "../../../api/problem.ts";
import { ticketQuery } from "../../../api/queries.ts";
import { hasRole, useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { DetailPanel } from "../../../ui/DetailPanel.tsx";
import { Dialog } from "../../../ui/Dialog.tsx";
import { minuteText, shortText } from "../../../ui/dates.ts";
import { Field } from "../../../ui/Field.tsx";
import { useNow } from "../../../ui/now.ts";
import { Notice } from "../../../ui/States.tsx";
import { say } from "../../../ui/toasts.tsx";
import { useDraft } from "../../../ui/useDraft.ts";
import { draftKey } from "../moves/useMove.ts";

const W = T.ticket.talks;
type Way = (typeof W.ways)[number];

export function Talks(props: { ticket: TicketDetail; onWriting: (writing: boolean) => void }) {
  const { ticket, onWriting } = props;
  const session = useSession();
  const now = useNow();
  const [adding, setAdding] = useState(false);
  useEffect(() => onWriting(adding), [adding, onWriting]);
  const speaks = hasRole(session, "triager", "supervisor", "closer", "assessor", "shiftLead", "leader");
  const talks = talksOf(ticket);
  if (!speaks && talks.length === 0) return null;
  return (
    <DetailPanel
      title={W.title(talks.length)}
      extra={
        speaks && (
          <Button type="link" onClick={() => setAdding(true)}>
            {W.add}
          </Button>
        )
      }
    >
      {talks.length === 0 && <p className="quiet">{W.none}</p>}
      <ul className="talks">
        {talks.map((talk) => (
          <li key={talk.id}>
            <p>
              <strong>{talk.person}</strong>{" "}
              <span className="quiet">
                {talk.way} · {shortText(talk.talkedAt, now)} · {talk.userName}
              </span>
            </p>
            <p className="timeline-words">{talk.said}</p>
            {talk.outcome !== "" && (
              <p>
                <span className="quiet">{W.outcome}</span> {talk.outcome}
              </p>
            )}
          </li>
        ))}
      </ul>
      {adding && <TalkForm ticket={ticket} login={session.login} onClose={() => setAdding(false)} />}
    </DetailPanel>
  );
}

/** Newest first. */
export function talksOf(ticket: TicketDetail) {
  const word = (value: unknown): string => (typeof value === "string" ? value : "");
  return ticket.events
    .filter((event) => event.kind === "cityTalk")
    .map(({ id, at, userName, data }) => ({
      id,
      userName,
      person: word(data.person),
      way: word(data.way),
      talkedAt: word(data.talkedAt) || at,
      said: word(data.said),
      outcome: word(data.outcome),
    }));
}

interface Typed {
  readonly key: string;
  readonly person: string;
  readonly way: Way;
  /** Beijing's clock, "2026-11-20T09:00". */
  readonly at: string;
  readonly said: string;
  readonly outcome: string;
}

function TalkForm(props: { ticket: TicketDetail; login: string; onClose: () => void }) {
  const { ticket, login, onClose } = props;
  const queries = useQueryClient();
  const [start] = useState<Typed>(() => ({
    key: crypto.randomUUID(),
    person: "",
    way: W.ways[0],
    at: minuteText(new Date().toISOString()).replace(" ", "T"),
    said: "",
    outcome: "",
  }));
  const draft = useDraft<Typed>(draftKey(login, ticket.id, "talk"), start);
  const [missing, setMissing] = useState<keyof Typed | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { value } = draft;
  const save = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy) return;
    const lacking = (["person", "at", "said"] as const).find((name) => value[name].trim() === "") ?? null;
    setMissing(lacking);
    if (lacking) return;
    setBusy(true);
    setRefused(null);
    try {
      const { ticket: after } = await bodyOf(
        http.POST("/api/tickets/{id}/talks", {
          params: { path: { id: ticket.id } },
          body: {
            key: value.key,
            person: value.person,
            way: value.way,
            talkedAt: new Date(`${value.at}:00+08:00`).toISOString(),
            said: value.said,
            outcome: value.outcome,
          },
        }),
      );
      queries.setQueryData(ticketQuery(ticket.id).queryKey, after);
      draft.drop();
      say(W.saved);
      onClose();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  const error = (name: keyof Typed, zh: string) => (missing === name ? W.missing(zh) : null);
  return (
    <Dialog title={W.dialog} onClose={onClose} width={560}>
      <form
        onSubmit={save}
        onKeyDown={(e) => {
          if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void save(e);
        }}
      >
        <p className="quiet">{W.about}</p>
        <div className="field-gap">
          <Field label={W.person} required hint={W.personHint} error={error("person", W.person)}>
            {(control) => (
              <Input
                {...control}
                maxLength={60}
                value={value.person}
                onChange={(e) => draft.set({ person: e.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="talk-fields field-gap">
          <Field label={W.way} required>
            {(control) => (
              <Select<Way>
                {...control}
                value={value.way}
                options={W.ways.map((way) => ({ value: way, label: way }))}
                onChange={(way) => draft.set({ way })}
                getPopupContainer={(node) => node.closest("dialog") ?? document.body}
              />
            )}
          </Field>
          <Field label={W.at} required error={error("at", W.at)}>
            {(control) => (
              <Input
                {...control}
                type="datetime-local"
                value={value.at}
                onChange={(e) => draft.set({ at: e.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="field-gap">
          <Field label={W.said} required error={error("said", W.said)}>
            {(control) => (
              <Input.TextArea
                {...control}
                autoSize={{ minRows: 4, maxRows: 10 }}
                maxLength={5000}
                value={value.said}
                onChange={(e) => draft.set({ said: e.target.value })}
              />
            )}
          </Field>
        </div>
        <div className="field-gap">
          <Field label={W.outcome} hint={W.outcomeHint}>
            {(control) => (
              <Input
                {...control}
                maxLength={1000}
                value={value.outcome}
                onChange={(e) => draft.set({ outcome: e.target.value })}
              />
            )}
          </Field>
        </div>
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <span className="quiet">{T.moves.draftKept}</span>
          <Button onClick={onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy}>
            {W.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
