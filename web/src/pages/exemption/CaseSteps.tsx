/** 办理. The step that this person owes or may take: review, the city's outcome, supplement, withdrawal, appeal. */
import { REVIEWERS, SENDERS } from "@jiesu/core/exemption/roles.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { type ReactNode, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { dayText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Failed, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { EvidenceForm, NOTHING_SAID, saidOf } from "./EvidenceForm.tsx";
import { PassingGuard } from "./ExemptionGuard.tsx";
import { type Exemption, renew } from "./queries.ts";

const X = EXEMPTION;

export function CaseSteps({ of: one }: { of: Exemption }) {
  const session = useSession();
  const mine = session.unit !== null && session.unit.id === one.unit.id;
  if (one.state === "applied" && hasRole(session, ...REVIEWERS)) return <Review of={one} />;
  if ((one.state === "sent" || one.state === "passed") && hasRole(session, ...SENDERS))
    return <Outcome of={one} />;
  if (mine && one.state === "returned") return <Supplement of={one} />;
  if (mine && one.state === "applied")
    return (
      <DetailPanel title={X.withdraw}>
        <Withdraw of={one} />
      </DetailPanel>
    );
  if (mine && one.appealBy !== null && one.appealedBy === null) return <Appeal of={one} />;
  return null;
}

/** Runs a step, says what is done, and reads everything anew that it changes. */
function useStep(one: Exemption) {
  const queries = useQueryClient();
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (step: () => Promise<unknown>, told: string): Promise<boolean> => {
    setBusy(true);
    setRefused(null);
    try {
      await step();
      say(told);
      renew(queries, one.ticketId);
      return true;
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { run, busy, refused, setRefused, params: { path: { id: one.id } } };
}

function useNote(one: Exemption, step: string) {
  const { login } = useSession();
  return useDraft(`${login}.${one.ticketId}.exemption-${one.id}-${step}`, { note: "", paper: "" });
}

function Buttons({ refused, children }: { refused: string | null; children: ReactNode }) {
  return (
    <>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">{children}</div>
    </>
  );
}

function NoteField(props: { label: string; hint?: string; value: string; set: (note: string) => void }) {
  return (
    <Field label={props.label} hint={props.hint}>
      {(control) => (
        <Input.TextArea
          {...control}
          autoSize={{ minRows: 2, maxRows: 8 }}
          value={props.value}
          onChange={(e) => props.set(e.target.value)}
        />
      )}
    </Field>
  );
}

function Review({ of: one }: { of: Exemption }) {
  const { run, busy, refused, setRefused, params } = useStep(one);
  const { value, set, drop } = useNote(one, "review");
  const smooth = one.checks.every((each) => each.ok);
  const review = async (decision: "pass" | "return" | "refuse") => {
    if (value.note.trim() === "" && !(decision === "pass" && smooth)) return setRefused(X.noteMissing);
    const body = { decision, note: value.note };
    const done = await run(
      () => bodyOf(http.POST("/api/exemptions/{id}/review", { params, body })),
      X.recorded,
    );
    if (done) drop();
  };
  return (
    <DetailPanel title={X.review}>
      <NoteField label={X.note} hint={X.noteHint} value={value.note} set={(note) => set({ note })} />
      <PassingGuard id={one.id} />
      <Buttons refused={refused}>
        <Button type="primary" loading={busy} onClick={() => void review("pass")}>
          {X.pass[one.decidedBy]}
        </Button>
        <Button disabled={busy} onClick={() => void review("return")}>
          {X.returnIt}
        </Button>
        <Button disabled={busy} onClick={() => void review("refuse")}>
          {X.refuse}
        </Button>
      </Buttons>
    </DetailPanel>
  );
}

function Outcome({ of: one }: { of: Exemption }) {
  const { run, busy, refused, params } = useStep(one);
  const { value, set, drop } = useNote(one, "outcome");
  const record = async (outcome: "upheld" | "denied") => {
    const body = { outcome, paper: value.paper, note: value.note };
    const done = await run(
      () => bodyOf(http.POST("/api/exemptions/{id}/outcome", { params, body })),
      `${X.recorded}：${X[outcome]}`,
    );
    if (done) drop();
  };
  return (
    <DetailPanel title={X.outcome}>
      {one.state === "passed" && (
        <Notice tone="near">
          {X.unsent}{" "}
          <Link to="/exemption/batches/new" search={{}}>
            {X.toBatches}
          </Link>
        </Notice>
      )}
      <Field label={X.paper} required={one.state === "passed"}>
        {(control) => (
          <Input {...control} value={value.paper} onChange={(e) => set({ paper: e.target.value })} />
        )}
      </Field>
      <NoteField label={X.note} value={value.note} set={(note) => set({ note })} />
      <Buttons refused={refused}>
        <Button type="primary" loading={busy} onClick={() => void record("upheld")}>
          {X.upheld}
        </Button>
        <Button disabled={busy} onClick={() => void record("denied")}>
          {X.denied}
        </Button>
      </Buttons>
    </DetailPanel>
  );
}

function Supplement({ of: one }: { of: Exemption }) {
  const { login } = useSession();
  const queries = useQueryClient();
  const key = `${login}.${one.ticketId}.exemption-${one.id}-supplement`;
  const draft = useDraft(key, saidOf(one.reason, one.evidence));
  const last = one.steps.findLast((step) => step.step === "return");
  return (
    <DetailPanel title={X.supplement}>
      {last && (
        <Notice tone="near">
          {X.returnIt}：{last.note}
        </Notice>
      )}
      <EvidenceForm
        ticketId={one.ticketId}
        evidence={one.checklist}
        said={draft.value}
        set={draft.set}
        submit={X.supplement}
        send={async (reason, evidence) => {
          const params = { path: { id: one.id } };
          await bodyOf(http.POST("/api/exemptions/{id}/supplement", { params, body: { reason, evidence } }));
          draft.drop();
          say(X.supplemented);
          renew(queries, one.ticketId);
        }}
      />
      <Withdraw of={one} />
    </DetailPanel>
  );
}

function Withdraw({ of: one }: { of: Exemption }) {
  const { run, busy, refused, params } = useStep(one);
  return (
    <Buttons refused={refused}>
      <Button
        disabled={busy}
        onClick={() =>
          void run(
            () => bodyOf(http.POST("/api/exemptions/{id}/withdraw", { params, body: { note: "" } })),
            X.withdrawn,
          )
        }
      >
        {X.withdraw}
      </Button>
    </Buttons>
  );
}

function Appeal({ of: one }: { of: Exemption }) {
  const { login } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const key = `${login}.${one.ticketId}.exemption-${one.id}-appeal`;
  const draft = useDraft(key, { ...NOTHING_SAID, ...saidOf("", one.evidence) });
  if (one.appealBy !== null && Date.parse(one.appealBy) < Date.now())
    return (
      <DetailPanel title={X.appeal}>
        <Notice>{X.appealLate}</Notice>
      </DetailPanel>
    );
  return (
    <DetailPanel title={X.appeal}>
      <p className="quiet">{X.appealAbout(dayText(one.appealBy ?? one.dueAt))}</p>
      <EvidenceForm
        ticketId={one.ticketId}
        evidence={one.checklist}
        said={draft.value}
        set={draft.set}
        submit={X.appeal}
        send={async (reason, evidence) => {
          const params = { path: { id: one.id } };
          const made = await bodyOf(
            http.POST("/api/exemptions/{id}/appeal", { params, body: { reason, evidence } }),
          );
          draft.drop();
          say(X.appealed);
          renew(queries, one.ticketId);
          await navigate({ to: "/exemption/$id", params: { id: made.id } });
        }}
      />
    </DetailPanel>
  );
}
