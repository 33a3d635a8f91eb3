/** 延长销账期限. Asked for by the unit whose ticket is shelved; answered by who approves; the shelf clock follows. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { SHELVING } from "../../texts/exemption.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { Field } from "../../ui/Field.tsx";
import { Failed } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { renew, type Shelving } from "./queries.ts";

const S = SHELVING;

export function LongerTerm({ of: one, approves }: { of: Shelving; approves: boolean }) {
  const session = useSession();
  if (one.asked !== null)
    return approves ? <Answer of={one} asked={one.asked} /> : <Waiting term={one.asked.term} />;
  if (!hasRole(session, "handler", "unitLead")) return null;
  if (one.extendLeft === 0)
    return (
      <DetailPanel title={S.extend}>
        <p className="quiet">{S.extendUsed}</p>
      </DetailPanel>
    );
  return <Ask of={one} />;
}

function Waiting({ term }: { term: string }) {
  return (
    <DetailPanel title={S.extend}>
      <p>{S.extendPending(term)}</p>
    </DetailPanel>
  );
}

function Ask({ of: one }: { of: Shelving }) {
  const { login } = useSession();
  const draft = useDraft(`${login}.${one.ticketId}.longer-term-${one.id}`, { term: "", reason: "" });
  const { term, reason } = draft.value;
  const { run, refused, busy } = useStep(one, draft.drop);
  const send = (event: FormEvent) => {
    event.preventDefault();
    const body = { termDay: term, reason };
    void run(
      () => bodyOf(http.POST("/api/shelving/{id}/extension", { params: { path: { id: one.id } }, body })),
      S.extendAsked,
    );
  };
  return (
    <DetailPanel title={S.extend}>
      <form className="case-form" onSubmit={send} aria-label={S.extend}>
        <Field label={S.extendTerm} required hint={S.extendAbout(one.extendLeft, one.extendTo)}>
          {(control) => (
            <input
              {...control}
              className="native"
              type="date"
              min={one.termDay}
              max={one.extendTo}
              value={term}
              onChange={(e) => draft.set({ term: e.target.value })}
            />
          )}
        </Field>
        <Field label={S.extendReason} required>
          {(control) => (
            <Input.TextArea
              {...control}
              autoSize={{ minRows: 2, maxRows: 8 }}
              value={reason}
              onChange={(e) => draft.set({ reason: e.target.value })}
            />
          )}
        </Field>
        {refused !== null && <Failed sentence={refused} />}
        <div className="form-foot">
          <Button htmlType="submit" loading={busy} disabled={term === "" || reason.trim() === ""}>
            {S.extendAsk}
          </Button>
        </div>
      </form>
    </DetailPanel>
  );
}

function Answer({ of: one, asked }: { of: Shelving; asked: NonNullable<Shelving["asked"]> }) {
  const { login } = useSession();
  const draft = useDraft(`${login}.${one.ticketId}.longer-term-${one.id}-answer`, { note: "" });
  const { note } = draft.value;
  const { run, refused, busy, setRefused } = useStep(one, draft.drop);
  const decide = (approve: boolean) => {
    if (!approve && note.trim() === "") return setRefused(S.refuseNote);
    const body = { approve, note };
    void run(
      () =>
        bodyOf(http.POST("/api/shelving/{id}/extension/decide", { params: { path: { id: one.id } }, body })),
      S.done,
    );
  };
  return (
    <DetailPanel title={S.extendDecide}>
      <p>
        <strong>{S.extendLine(one.termDay, asked.term)}</strong>
      </p>
      <p className="case-words">{asked.reason}</p>
      <p className="quiet">{asked.by}</p>
      <Field label={S.note}>
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 2, maxRows: 8 }}
            value={note}
            onChange={(e) => draft.set({ note: e.target.value })}
          />
        )}
      </Field>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" loading={busy} onClick={() => decide(true)}>
          {S.extendYes}
        </Button>
        <Button disabled={busy} onClick={() => decide(false)}>
          {S.extendNo}
        </Button>
      </div>
    </DetailPanel>
  );
}

/** One step sent: busy while it is, its refusal kept with what was typed, everything read anew when it is made. */
function useStep(one: Shelving, drop: () => void) {
  const queries = useQueryClient();
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (step: () => Promise<unknown>, told: string) => {
    setBusy(true);
    setRefused(null);
    try {
      await step();
      drop();
      say(told);
      renew(queries, one.ticketId);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  return { run, refused, busy, setRefused };
}
