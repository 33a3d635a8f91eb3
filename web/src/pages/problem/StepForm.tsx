/** 办理问题事件. The step that is mine: answer with cause and remedy, dispute, review, confirm; what is typed is kept. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { PROBLEM } from "../../texts/problem.ts";
import { Choice } from "../../ui/Choice.tsx";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { Field } from "../../ui/Field.tsx";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { Failed } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { type Problem, problemRulesQuery, renewProblems } from "./queries.ts";

const O = PROBLEM.one;

type Mine = Problem["mine"][number];
type StepName =
  | "answer"
  | "dispute"
  | "return"
  | "accept"
  | "uphold"
  | "drop"
  | "remedied"
  | "confirm"
  | "reject";
const NAMES: readonly StepName[] = [
  ...(["answer", "dispute", "return", "accept", "uphold", "drop", "remedied", "confirm", "reject"] as const),
];

export function StepForm({ of: one }: { of: Problem }) {
  const [chosen, setChosen] = useState(one.mine[0]?.step);
  const step = one.mine.find((each) => each.step === chosen) ?? one.mine[0];
  if (!step) return null;
  return (
    <DetailPanel title={O.choose}>
      {one.mine.length > 1 && (
        <Segmented
          aria-label={O.choose}
          className="field-gap"
          options={one.mine.map(({ step: value, zh }) => ({ value, label: zh }))}
          value={step.step}
          onChange={setChosen}
        />
      )}
      <Form key={step.step} of={one} step={step} />
    </DetailPanel>
  );
}

function Form({ of: one, step }: { of: Problem; step: Mine }) {
  const { login } = useSession();
  const queries = useQueryClient();
  const rules = useQuery(problemRulesQuery);
  const start = { text: "", cause: "", remedyDay: "" };
  const draft = useDraft(`${login}.${one.ticket.id}.problem-${one.id}-${step.step}`, start);
  const { text, cause, remedyDay } = draft.value;
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const answering = step.step === "answer";
  const name = NAMES.find((each) => each === step.step);
  const ready = (step.text === null || text.trim() !== "") && (!answering || cause !== "");
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (name === undefined) return;
    setBusy(true);
    setRefused(null);
    try {
      await bodyOf(
        http.POST("/api/problems/{id}/steps/{step}", {
          params: { path: { id: one.id, step: name } },
          body: {
            ...{ version: one.version, text: text.trim() },
            ...(answering ? { cause, remedyDay: remedyDay === "" ? null : remedyDay } : {}),
          },
        }),
      );
      draft.drop();
      say(O.sent(step.zh));
      renewProblems(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <form onSubmit={send} aria-label={step.zh}>
      {draft.word && <DraftNote word={draft.word} />}
      {answering && (
        <div className="field-gap">
          <Choice
            label={O.cause}
            required
            options={rules.data?.causes.map(({ code, zh }) => ({ value: code, label: zh })) ?? []}
            value={cause === "" ? undefined : cause}
            onChange={(code) => draft.set({ cause: code ?? "" })}
          />
        </div>
      )}
      <Field
        label={step.text ?? O.opinion}
        required={step.text !== null}
        hint={
          answering
            ? O.remedyHint
            : step.step === "dispute"
              ? O.disputeHint
              : step.text === null
                ? O.optional
                : undefined
        }
      >
        {(control) => (
          <PhraseArea
            {...control}
            move=""
            ready={[]}
            value={text}
            minRows={3}
            onChange={(words) => draft.set({ text: words })}
          />
        )}
      </Field>
      {answering && (
        <Field label={O.remedyDay} hint={O.optional}>
          {(control) => (
            <input
              {...control}
              className="native"
              type="date"
              value={remedyDay}
              onChange={(e) => draft.set({ remedyDay: e.target.value })}
            />
          )}
        </Field>
      )}
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>
          {O.send(step.zh)}
        </Button>
      </div>
    </form>
  );
}
