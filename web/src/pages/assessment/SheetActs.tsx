/** 成绩单的办理. The steps that are mine now, each asked once more with what it means; and the beginning of a correction. */
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { ScoreSheet } from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { keepSheet } from "./sheetqueries.ts";

type Step = ScoreSheet["may"][number];

export function SheetActs({ sheet }: { sheet: ScoreSheet }) {
  const session = useSession();
  const [asking, setAsking] = useState<Step | "correct" | null>(null);
  const mayCorrect = sheet.state === "published" && hasRole(session, "assessor");
  return (
    <div className="ledger-acts">
      {sheet.mayWrite && <Refresh sheet={sheet} />}
      {sheet.may.map((step) => (
        <Button key={step} type={step === "sendBack" ? "default" : "primary"} onClick={() => setAsking(step)}>
          {W.acts[step]}
        </Button>
      ))}
      {mayCorrect && <Button onClick={() => setAsking("correct")}>{W.correct}</Button>}
      {asking === "correct" && <Correct sheet={sheet} close={() => setAsking(null)} />}
      {asking !== null && asking !== "correct" && (
        <Ask sheet={sheet} step={asking} close={() => setAsking(null)} />
      )}
    </div>
  );
}

function Refresh({ sheet }: { sheet: ScoreSheet }) {
  const { busy, refused, run } = useWork();
  const refresh = () =>
    run(
      () =>
        http.POST("/api/assessment/sheets/{id}/refresh", {
          params: { path: { id: sheet.id } },
          body: { edition: sheet.edition },
        }),
      W.refreshed,
    );
  return (
    <>
      {refused && <span className="field-error">{refused}</span>}
      <Button loading={busy} onClick={() => void refresh()}>
        {busy ? W.refreshing : W.refresh}
      </Button>
    </>
  );
}

function Ask({ sheet, step, close }: { sheet: ScoreSheet; step: Step; close: () => void }) {
  const session = useSession();
  const draft = useDraft(`${session.login}.sheet-step.${sheet.id}.${step}`, { note: "" });
  const [provisional, setProvisional] = useState(false);
  const { busy, refused, run } = useWork();
  const { note } = draft.value;
  const isOpen = step === "publish" && sheet.basis === "open";
  const lacks = (step === "sendBack" && note.trim() === "") || (isOpen && !provisional);
  const act = async () => {
    const done = await run(
      () =>
        http.POST("/api/assessment/sheets/{id}/steps/{step}", {
          params: { path: { id: sheet.id, step } },
          body: { edition: sheet.edition, note, provisional },
        }),
      W.done[step],
    );
    if (!done) return;
    draft.drop();
    close();
  };
  return (
    <Dialog
      title={`${W.acts[step]}：${sheet.period}`}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{T.cancel}</Button>
          <Button type="primary" loading={busy} disabled={lacks} onClick={() => void act()}>
            {W.acts[step]}
          </Button>
        </>
      }
    >
      <p>{W.sure[step]}</p>
      {step !== "submit" && (
        <Field label={step === "sendBack" ? W.opinionNeeded : W.opinion} required={step === "sendBack"}>
          {(control) => (
            <Input.TextArea
              {...control}
              rows={3}
              maxLength={2000}
              value={note}
              onChange={(e) => draft.set({ note: e.target.value })}
            />
          )}
        </Field>
      )}
      {isOpen && (
        <label className="choice">
          <input type="checkbox" checked={provisional} onChange={(e) => setProvisional(e.target.checked)} />{" "}
          {W.provisionalAsk}
          <span className="field-hint">{W.provisionalAbout}</span>
        </label>
      )}
      {refused && <Notice tone="wrong">{refused}</Notice>}
    </Dialog>
  );
}

function Correct({ sheet, close }: { sheet: ScoreSheet; close: () => void }) {
  const session = useSession();
  const navigate = useNavigate();
  const draft = useDraft(`${session.login}.sheet-correct.${sheet.level}.${sheet.period}`, { reason: "" });
  const { busy, refused, run } = useWork();
  const { reason } = draft.value;
  const begin = async () => {
    const { level, period } = sheet;
    const made = await run(
      () => http.POST("/api/assessment/sheets", { body: { period, level, reason } }),
      null,
    );
    if (!made) return;
    draft.drop();
    close();
    void navigate({ to: "/assessment/sheets/$id", params: { id: made.id } });
  };
  return (
    <Dialog
      title={W.correct}
      onClose={close}
      footer={
        <>
          <Button onClick={close}>{T.cancel}</Button>
          <Button type="primary" loading={busy} disabled={reason.trim() === ""} onClick={() => void begin()}>
            {W.begin}
          </Button>
        </>
      }
    >
      <p>{W.correctAbout}</p>
      <Field label={W.correctReason} required>
        {(control) => (
          <Input.TextArea
            {...control}
            rows={3}
            maxLength={2000}
            value={reason}
            onChange={(e) => draft.set({ reason: e.target.value })}
          />
        )}
      </Field>
      {refused && <Notice tone="wrong">{refused}</Notice>}
    </Dialog>
  );
}

/** Runs what changes a sheet, says what was done or why not, and keeps the sheet that came of it. */
export function useWork() {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const run = async (
    work: () => Promise<{ data?: ScoreSheet }>,
    done: string | null,
  ): Promise<ScoreSheet | null> => {
    setBusy(true);
    setRefused(null);
    try {
      const sheet = await bodyOf(work());
      await keepSheet(queries, sheet);
      if (done !== null) say(done);
      return sheet;
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      return null;
    } finally {
      setBusy(false);
    }
  };
  return { busy, refused, run };
}
