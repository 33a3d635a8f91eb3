/** 办理一步. The fields that the step asks for; what is typed stays until it is handed in, a refusal takes nothing away. */
import { WAYS } from "@jiesu/core/liaison/lifecycle.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, InputNumber, Radio, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { Failed, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { FilesField, type SentFile } from "./FilesField.tsx";
import { type Invited, PartyPick, partiesIn } from "./PartyPick.tsx";
import { type Liaison, liaisonRulesQuery, renewLiaisons, type StepBody } from "./queries.ts";
import type { TakenStep } from "./steps.ts";

const L = LIAISON;

export const stepDraft = (login: string, id: string, step: TakenStep): string =>
  `${login}.liaison-${id}.${step}`;

interface Typed extends Invited {
  readonly key: string;
  readonly words: string;
  readonly party: string | null;
  readonly see: "all" | "centre";
  readonly to: readonly string[];
  readonly asked: readonly string[];
  readonly means: string | null;
  readonly contact: string;
  /** Beijing's clock, "2026-11-20T09:00"; empty: now. */
  readonly saidAt: string;
  readonly numbers: string;
  readonly days: number | null;
  readonly outcome: string | null;
  readonly files: readonly SentFile[];
}

export function StepForm({ item, step, onDone }: { item: Liaison; step: TakenStep; onDone: () => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const [start] = useState<Typed>(() => ({
    ...{ key: crypto.randomUUID(), words: "", party: null, see: "all", to: [], asked: [], means: null },
    ...{ contact: "", saidAt: "", numbers: "", days: 1, outcome: null, files: [], units: [], city: [] },
  }));
  const key = stepDraft(session.login, item.id, step);
  const draft = useDraft<Typed>(key, start);
  const { value, set } = draft;
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (busy) return;
    setBusy(true);
    setRefused(null);
    try {
      const after = await taken(item, step, bodyIn(item, step, value));
      draft.drop();
      say(`${L.stepDone}：${L.stepNames[step]}`);
      queries.setQueryData(["liaisons", "one", item.id], after);
      renewLiaisons(
        queries,
        after.tickets.map((ticket) => ticket.id),
      );
      onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      void queries.invalidateQueries({ queryKey: ["liaisons", "one", item.id] });
      setBusy(false);
    }
  };
  return (
    <form
      className="liaison-form"
      aria-label={L.stepNames[step]}
      onSubmit={send}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void send();
        if (e.key === "Escape") onDone();
      }}
    >
      {draft.word && <DraftNote word={draft.word} />}
      <Fields item={item} step={step} value={value} set={set} />
      <Field label={L.words[step]} required={step !== "link"}>
        {(control) => (
          <PhraseArea
            {...control}
            move=""
            ready={step === "answer" || step === "conclude" ? L.ready[step] : []}
            value={value.words}
            autoFocus
            onChange={(words) => set({ words })}
          />
        )}
      </Field>
      {WITH_FILES.includes(step) && (
        <FilesField lane={key} title={item.number} files={value.files} onChange={(files) => set({ files })} />
      )}
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy}>
          {L.submit}
        </Button>
        <Button onClick={onDone}>{T.cancel}</Button>
        <span className="quiet">{L.draftKept}</span>
      </div>
    </form>
  );
}

const WITH_FILES: readonly TakenStep[] = ["answer", "say", "ask", "conclude"];

interface Part {
  readonly item: Liaison;
  readonly step: TakenStep;
  readonly value: Typed;
  readonly set: (change: Partial<Typed>) => void;
}

function Fields(part: Part) {
  const { item, step, value, set } = part;
  switch (step) {
    case "answer":
      return <Answering {...part} />;
    case "say":
      return <Saying {...part} />;
    case "ask":
    case "reopen":
      return <Asking {...part} />;
    case "letOff":
      return (
        <Field label={L.letOffWho} required>
          {(control) => (
            <Radio.Group
              {...control}
              value={value.party}
              options={waiting(item).map((party) => ({ value: party.id, label: party.name }))}
              onChange={(e) => set({ party: String(e.target.value) })}
            />
          )}
        </Field>
      );
    case "link":
      return (
        <Field label={L.linkField} required hint={L.linkHint}>
          {(control) => (
            <Input.TextArea
              {...control}
              autoSize={{ minRows: 1, maxRows: 6 }}
              value={value.numbers}
              onChange={(e) => set({ numbers: e.target.value })}
            />
          )}
        </Field>
      );
    case "extend":
      return <Extending {...part} />;
    case "conclude":
      return <Concluding {...part} />;
    default:
      return null;
  }
}

const waiting = (item: Liaison) =>
  item.parties.filter((party) => party.standing === "waiting" || party.standing === "overdue");

/** Whose answer it is, where it may be another's than one's own; then also how it was heard. */
function Answering({ item, value, set }: Part) {
  const session = useSession();
  const mine = item.parties.filter((party) => item.mayAnswerFor.includes(party.id));
  const party = mine.find((each) => each.id === value.party) ?? (mine.length === 1 ? mine[0] : undefined);
  const others = session.unit === null && party !== undefined && party.side !== "centre";
  return (
    <>
      {session.unit === null && (
        <Field label={L.answerFor} required>
          {(control) => (
            <Radio.Group
              {...control}
              value={party?.id ?? null}
              options={mine.map((each) => ({ value: each.id, label: each.name }))}
              onChange={(e) => set({ party: String(e.target.value) })}
            />
          )}
        </Field>
      )}
      {others && <Heard value={value} set={set} />}
      {party?.side !== "city" && (
        <Field label={L.see}>
          {(control) => (
            <Radio.Group
              {...control}
              value={value.see}
              options={[
                { value: "all", label: L.seeAll },
                { value: "centre", label: L.seeCentre },
              ]}
              onChange={(e) => set({ see: e.target.value === "centre" ? "centre" : "all" })}
            />
          )}
        </Field>
      )}
      {party?.side === "city" && <Seers item={item} value={value} set={set} />}
    </>
  );
}

/** What the centre puts down of a talk: who said it, to whom it is told. */
function Saying({ item, value, set }: Part) {
  const session = useSession();
  if (session.unit !== null) return <Seers item={item} value={value} set={set} />;
  return (
    <>
      <Field label={L.speaker}>
        {(control) => (
          <Radio.Group
            {...control}
            value={value.party ?? ""}
            options={[
              { value: "", label: L.ownWords },
              ...item.parties
                .filter((party) => party.side !== "centre")
                .map((party) => ({ value: party.id, label: party.name })),
            ]}
            onChange={(e) => set({ party: e.target.value === "" ? null : String(e.target.value) })}
          />
        )}
      </Field>
      <Heard value={value} set={set} />
      <Seers item={item} value={value} set={set} />
    </>
  );
}

function Heard({ value, set }: Pick<Part, "value" | "set">) {
  return (
    <div className="liaison-heard">
      <Field label={L.spoken}>
        {(control) => (
          <Select
            {...control}
            allowClear
            style={{ width: "100%" }}
            value={value.means}
            options={WAYS.map((way) => ({ value: way, label: way }))}
            onChange={(means: string | undefined) => set({ means: means ?? null })}
          />
        )}
      </Field>
      <Field label={L.contact} hint={L.contactHint}>
        {(control) => (
          <Input
            {...control}
            maxLength={60}
            value={value.contact}
            onChange={(e) => set({ contact: e.target.value })}
          />
        )}
      </Field>
      <Field label={L.saidAt}>
        {(control) => (
          <input
            {...control}
            className="native"
            type="datetime-local"
            value={value.saidAt || minuteText(new Date().toISOString()).replace(" ", "T")}
            onChange={(e) => set({ saidAt: e.target.value })}
          />
        )}
      </Field>
    </div>
  );
}

function Seers({ item, value, set }: Pick<Part, "item" | "value" | "set">) {
  return (
    <Field label={L.seeSome} hint={L.seeSomeHint}>
      {(control) => (
        <Checkbox.Group
          {...control}
          value={[...value.to]}
          options={item.parties.map((party) => ({ value: party.id, label: party.name }))}
          onChange={(to) => set({ to: to.map(String) })}
        />
      )}
    </Field>
  );
}

function Asking({ item, value, set }: Part) {
  const free = item.parties.filter((party) => party.side !== "centre" && !waiting(item).includes(party));
  return (
    <>
      {free.length > 0 && (
        <Field label={L.asked}>
          {(control) => (
            <Checkbox.Group
              {...control}
              value={[...value.asked]}
              options={free.map((party) => ({ value: party.id, label: party.name }))}
              onChange={(asked) => set({ asked: asked.map(String) })}
            />
          )}
        </Field>
      )}
      <PartyPick
        value={value}
        onChange={set}
        without={item.parties.flatMap((party) => (party.unit === null ? [] : [party.unit.id]))}
      />
    </>
  );
}

function Extending({ value, set }: Part) {
  const rules = useQuery(liaisonRulesQuery);
  const most = rules.data?.mostDays ?? 1;
  return (
    <Field label={L.days} required hint={L.daysHint(most)}>
      {(control) => (
        <InputNumber {...control} min={1} max={most} value={value.days} onChange={(days) => set({ days })} />
      )}
    </Field>
  );
}

function Concluding({ item, value, set }: Part) {
  const rules = useQuery(liaisonRulesQuery);
  const silent = waiting(item).map((party) => party.name);
  return (
    <>
      {silent.length > 0 && <Notice tone="near">{L.unanswered(silent.join("、"))}</Notice>}
      <Field label={L.outcomeField} required>
        {(control) => (
          <Select
            {...control}
            style={{ width: "100%" }}
            value={value.outcome}
            options={rules.data?.outcomes.map(({ code, name }) => ({ value: code, label: name })) ?? []}
            onChange={(outcome: string | null) => set({ outcome })}
          />
        )}
      </Field>
    </>
  );
}

/** What was typed as the server takes it; the version says what the writer has read. */
function bodyIn(item: Liaison, step: TakenStep, value: Typed): StepBody {
  const means = WAYS.find((way) => way === value.means);
  const centre = item.parties.find((party) => party.side === "centre");
  const onlyCentre = step === "answer" && value.see === "centre" && centre ? [centre.id] : [];
  return {
    ...{ key: value.key, version: item.version, words: value.words, contact: value.contact.trim() },
    ...(means === undefined ? {} : { means }),
    ...(value.saidAt === "" ? {} : { saidAt: new Date(`${value.saidAt}:00+08:00`).toISOString() }),
    ...(value.party === null ? {} : { party: value.party }),
    to: onlyCentre.length > 0 ? onlyCentre : [...value.to],
    asked: [...value.asked],
    invited: partiesIn(value),
    tickets: value.numbers.split(/[\s,，、;；]+/).filter((number) => number !== ""),
    ...(step === "extend" && value.days !== null ? { days: value.days } : {}),
    ...(value.outcome === null ? {} : { outcome: value.outcome }),
    files: value.files.map((file) => file.id),
  };
}

function taken(item: Liaison, step: TakenStep, body: StepBody): Promise<Liaison> {
  const said = { params: { path: { id: item.id } }, body };
  switch (step) {
    case "answer":
      return bodyOf(http.POST("/api/liaisons/{id}/answer", said));
    case "say":
      return bodyOf(http.POST("/api/liaisons/{id}/say", said));
    case "ask":
      return bodyOf(http.POST("/api/liaisons/{id}/ask", said));
    case "link":
      return bodyOf(http.POST("/api/liaisons/{id}/link", said));
    case "letOff":
      return bodyOf(http.POST("/api/liaisons/{id}/letOff", said));
    case "extend":
      return bodyOf(http.POST("/api/liaisons/{id}/extend", said));
    case "conclude":
      return bodyOf(http.POST("/api/liaisons/{id}/conclude", said));
    case "cancel":
      return bodyOf(http.POST("/api/liaisons/{id}/cancel", said));
    case "reopen":
      return bodyOf(http.POST("/api/liaisons/{id}/reopen", said));
  }
}
