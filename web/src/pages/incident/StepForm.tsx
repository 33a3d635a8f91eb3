/** 办理. One step of an incident in words, kept as a draft while typed. */
import { parseDay } from "@jiesu/core/time/day.ts";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { INCIDENT } from "../../texts/incident.ts";
import { Choice } from "../../ui/Choice.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { type Incident, renewIncidents, type Step } from "./queries.ts";

const I = INCIDENT;

export function StepForm({ incident }: { incident: Incident }) {
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.incident.${incident.id}`, { words: "", due: "" });
  const [step, setStep] = useState<Step | undefined>(incident.may[0]?.step);
  const chosen = incident.may.find((each) => each.step === step) ?? incident.may[0];
  const { words, due } = draft.value;
  const asks = chosen?.step === "ask" || chosen?.step === "back";
  const wrongDue = asks && due !== "" && parseDay(due) === null;
  const send = useMutation({
    mutationFn: (to: Step) =>
      bodyOf(
        http.POST("/api/incidents/{id}/steps/{step}", {
          params: { path: { id: incident.id, step: to } },
          body: { words, due: asks && due !== "" ? due : null },
        }),
      ),
    onSuccess: () => {
      draft.drop();
      say(I.done(chosen?.zh ?? ""));
    },
    onSettled: () => renewIncidents(queries),
  });
  if (!chosen) return <p className="quiet">{I.cannot}</p>;
  const ready = words.trim().length >= 2 && !wrongDue && !send.isPending;
  return (
    <form
      className="card incident-card"
      aria-label={I.act}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) send.mutate(chosen.step);
      }}
    >
      {draft.word && <DraftNote word={draft.word} />}
      {incident.may.length > 1 && (
        <Choice
          label={I.act}
          options={incident.may.map((each) => ({ value: each.step, label: each.zh }))}
          value={chosen.step}
          onChange={(to) => setStep(to ?? chosen.step)}
        />
      )}
      <Field label={I.words[chosen.step]} required>
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 3, maxRows: 10 }}
            maxLength={2000}
            value={words}
            onChange={(e) => draft.set({ words: e.target.value, due })}
            onKeyDown={(e) => {
              if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && ready) send.mutate(chosen.step);
            }}
          />
        )}
      </Field>
      {asks && (
        <Field label={I.dueDay} hint={I.dueHint} error={wrongDue ? I.dueWrong : null}>
          {(control) => (
            <Input
              {...control}
              maxLength={10}
              value={due}
              onChange={(e) => draft.set({ words, due: e.target.value.trim() })}
            />
          )}
        </Field>
      )}
      {send.isError && <Notice tone="wrong">{sentenceOf(send.error)}</Notice>}
      <Button
        className="field-gap"
        type="primary"
        htmlType="submit"
        loading={send.isPending}
        disabled={!ready}
      >
        {incident.may.length > 1 ? I.send : chosen.zh}
      </Button>
    </form>
  );
}
