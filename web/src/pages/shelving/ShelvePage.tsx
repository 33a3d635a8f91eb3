/** 申请挂账. Kind, reason, plan and term for a ticket that cannot be solved now. */
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { EXEMPTION, SHELVING } from "../../texts/exemption.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { kindsQuery, renew } from "./queries.ts";
import "../exemption/exemption.css";

const S = SHELVING;

interface Draft {
  readonly kind: string | null;
  readonly reason: string;
  readonly plan: string;
  readonly termDay: string;
}

const EMPTY: Draft = { kind: null, reason: "", plan: "", termDay: "" };

export default function ShelvePage() {
  const { ticket: ticketId = "0" } = useSearch({ from: "/shelving/new" });
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const ticket = useQuery(ticketQuery(ticketId));
  const kinds = useQuery(kindsQuery);
  const draft = useDraft(`${session.login}.${ticketId}.shelving`, EMPTY);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { kind: code, reason, plan, termDay } = draft.value;
  const kind = kinds.data?.find((each) => each.code === code);
  const last = kind && addDays(dayOf(Date.now()), kind.maxDays);
  const ready = kind !== undefined && reason.trim() !== "" && plan.trim() !== "" && termDay !== "";
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (!kind) return;
    setBusy(true);
    setRefused(null);
    try {
      const body = { ticketId, kind: kind.code, reason, plan, termDay };
      const made = await bodyOf(http.POST("/api/shelving", { body }));
      draft.drop();
      say(S.submitted);
      renew(queries, ticketId);
      await navigate({ to: "/shelving/$id", params: { id: made.id }, replace: true });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <PageShell
      title={S.applyTitle}
      about={ticket.data && `${ticket.data.number} ${ticket.data.title}`}
      actions={
        <Link to="/tickets/$id" params={{ id: ticketId }}>
          {EXEMPTION.openTicket}
        </Link>
      }
    >
      {ticket.isError && <Failed sentence={sentenceOf(ticket.error)} />}
      <div className="case">
        <DetailPanel title={S.application}>
          {draft.word && <DraftNote word={draft.word} />}
          <form className="case-form" onSubmit={send} aria-label={S.applyTitle}>
            <Field label={S.kind} required hint={kind && S.kindAbout(kind.maxDays, kind.reviewDays)}>
              {(control) => (
                <Select
                  {...control}
                  style={{ width: "100%" }}
                  value={code}
                  options={(kinds.data ?? []).map((each) => ({ value: each.code, label: each.name }))}
                  onChange={(to: string | null) => draft.set({ kind: to })}
                />
              )}
            </Field>
            <Field label={S.reason} required>
              {(control) => (
                <Input.TextArea
                  {...control}
                  autoSize={{ minRows: 2, maxRows: 8 }}
                  value={reason}
                  onChange={(e) => draft.set({ reason: e.target.value })}
                />
              )}
            </Field>
            <Field label={S.plan} required>
              {(control) => (
                <Input.TextArea
                  {...control}
                  autoSize={{ minRows: 2, maxRows: 8 }}
                  value={plan}
                  onChange={(e) => draft.set({ plan: e.target.value })}
                />
              )}
            </Field>
            <Field label={S.term} required hint={last && S.termHint(last)}>
              {(control) => (
                <input
                  {...control}
                  className="native"
                  type="date"
                  max={last}
                  value={termDay}
                  onChange={(e) => draft.set({ termDay: e.target.value })}
                />
              )}
            </Field>
            {refused !== null && <Failed sentence={refused} />}
            <div className="form-foot">
              <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>
                {S.submit}
              </Button>
              <span className="quiet">{EXEMPTION.draftKept}</span>
            </div>
          </form>
        </DetailPanel>
      </div>
    </PageShell>
  );
}
