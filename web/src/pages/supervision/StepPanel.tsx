/** 办理督办件. The steps that are mine, each by its key; the form that a step asks for, out of the core's own table. */
import {
  ALL_SUPERVISION_LEVELS,
  isSupervisionLevel,
  SUPERVISION_LEVELS,
  SUPERVISION_STATES,
  type SupervisionStep,
  supervisionStep,
} from "@jiesu/core/supervision/lifecycle.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input, InputNumber } from "antd";
import { type FormEvent, useMemo, useRef, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { uploadToSupervision } from "../../api/client.ts";
import { Problem, sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { T } from "../../texts.ts";
import { Choice } from "../../ui/Choice.tsx";
import { DetailPanel } from "../../ui/DetailPanel.tsx";
import { hasDraft } from "../../ui/drafts.ts";
import { Field } from "../../ui/Field.tsx";
import { FilePick, UploadList } from "../../ui/FilePick.tsx";
import { usePageKeys } from "../../ui/keys.ts";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { Failed } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useUploads } from "../../ui/upload.ts";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { UnitsSelect } from "../tickets/moves/FormControl.tsx";
import { type Item, itemQuery, renewSupervision, sendStep } from "./queries.ts";

const S = SUPERVISION;

export function StepPanel({ item }: { item: Item }) {
  const session = useSession();
  const draftOf = (step: SupervisionStep) => `${session.login}.supervision-${item.id}.${step}`;
  const [open, setOpen] = useState<SupervisionStep | null>(
    () => item.moves.find((step) => hasDraft(draftOf(step))) ?? null,
  );
  const chosen = open !== null && item.moves.includes(open) ? open : null;
  const steps = useMemo(() => item.moves.map((step) => supervisionStep(step)), [item.moves]);
  const keyed = steps.filter((row) => row.key !== null);
  useHotkeys(
    keyed.map((row) => row.key ?? ""),
    (event) => {
      const row = keyed.find((each) => each.key === event.key.toLowerCase());
      const step = item.moves.find((each) => each === row?.step);
      if (step === undefined) return;
      event.preventDefault();
      setOpen(step);
    },
    { enabled: chosen === null && keyed.length > 0 },
    [item.moves, chosen],
  );
  usePageKeys(
    useMemo(
      () => [
        {
          title: S.title,
          keys: steps.flatMap((row) =>
            row.key === null ? [] : [{ keys: [row.key.toUpperCase()], does: row.zh }],
          ),
        },
      ],
      [steps],
    ),
  );
  if (item.moves.length === 0)
    return (
      <DetailPanel title={S.doing}>
        <p className="quiet">
          {S.nothing} {S.waitsFor[SUPERVISION_STATES[item.state].held]}
        </p>
      </DetailPanel>
    );
  return (
    <DetailPanel title={S.doing}>
      {chosen === null ? (
        <div className="supervision-steps" role="toolbar" aria-label={S.doing}>
          {item.moves.map((step, i) => {
            const { zh, key } = supervisionStep(step);
            return (
              <Button
                key={step}
                type={i === 0 ? "primary" : "default"}
                {...(key === null ? {} : { "aria-keyshortcuts": key })}
                onClick={() => setOpen(step)}
              >
                {zh}
                {key !== null && <kbd className={i === 0 ? "on-button" : undefined}>{key.toUpperCase()}</kbd>}
              </Button>
            );
          })}
        </div>
      ) : (
        <StepForm
          key={chosen}
          item={item}
          step={chosen}
          draftKey={draftOf(chosen)}
          onDone={() => setOpen(null)}
        />
      )}
    </DetailPanel>
  );
}

interface Said {
  readonly text: string;
  readonly units: readonly string[];
  readonly level: string;
  readonly days: number | null;
  readonly place: string;
  readonly result: string;
}

function StepForm(props: { item: Item; step: SupervisionStep; draftKey: string; onDone: () => void }) {
  const { item, step, onDone } = props;
  const session = useSession();
  const queries = useQueryClient();
  const row = supervisionStep(step);
  const once = useRef(crypto.randomUUID());
  const draft = useDraft<Said>(props.draftKey, {
    ...{ text: "", level: step === "forward" || step === "takeUp" ? item.level : "", days: null, result: "" },
    ...{ units: item.units.map((unit) => unit.id), place: "" },
  });
  const { value, set } = draft;
  const [sent, setSent] = useState<readonly string[]>([]);
  const uploads = useUploads(
    `supervision ${item.id} ${step}`,
    { id: item.id, title: item.title },
    async (file, onProgress, signal) => {
      const { id } = await uploadToSupervision(item.id, file, onProgress, signal);
      setSent((before) => [...new Set([...before, id])]);
    },
    () => {},
  );
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const loose = looseFiles(item);
  const filled = row.asks.every((ask) => !ask.must || isFilled(ask.field, value));
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!filled || busy || uploads.busy) return;
    setBusy(true);
    setRefused(null);
    try {
      const done = await sendStep(item, step, once.current, {
        ...(value.text.trim() === "" ? {} : { text: value.text }),
        ...(asks("units") ? { unitIds: [...value.units] } : {}),
        ...(asks("level") && isSupervisionLevel(value.level) ? { level: value.level } : {}),
        ...(asks("days") && value.days !== null ? { days: value.days } : {}),
        ...(asks("place") ? { place: value.place } : {}),
        ...(value.result === "good" || value.result === "bad" ? { result: value.result } : {}),
        // What the centre has put to the item goes to the unit with it.
        fileIds: [...sent, ...(step === "forward" ? loose.map((file) => file.id) : [])],
      });
      draft.drop();
      queries.setQueryData(itemQuery(item.id).queryKey, done);
      renewSupervision(queries, item);
      say(S.doneWord(row.zh));
      onDone();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      if (thrown instanceof Problem && thrown.status === 409)
        void queries.invalidateQueries({ queryKey: itemQuery(item.id).queryKey });
    } finally {
      setBusy(false);
    }
  };
  const asks = (field: string) => row.asks.some((ask) => ask.field === field);
  return (
    <form
      className="supervision-form"
      aria-label={row.zh}
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        if (event.key === "Escape") onDone();
      }}
    >
      {draft.word && <DraftNote word={draft.word} />}
      {row.asks.map(({ field, zh, must }, i) => {
        if (field === "level")
          return (
            <Choice
              key={field}
              label={zh}
              required={must}
              options={ALL_SUPERVISION_LEVELS.map((level) => ({
                value: level,
                label: SUPERVISION_LEVELS[level],
              }))}
              value={isSupervisionLevel(value.level) ? value.level : undefined}
              onChange={(level) => set({ level: level ?? "" })}
            />
          );
        if (field === "result")
          return (
            <Choice
              key={field}
              label={zh}
              required={must}
              options={[
                { value: "good", label: S.results.good },
                { value: "bad", label: S.results.bad },
              ]}
              value={value.result === "" ? undefined : value.result}
              onChange={(result) => set({ result: result ?? "" })}
            />
          );
        if (field === "files")
          return (
            <div key={field} className="field-gap">
              <div className="move-buttons">
                <FilePick uploads={uploads} camera label={S.photo} />
                <FilePick uploads={uploads} label={S.addFiles} />
              </div>
              <UploadList uploads={uploads} showDone />
            </div>
          );
        return (
          <Field key={field} label={zh} required={must}>
            {(control) => {
              if (field === "units")
                return <UnitsSelect {...control} value={value.units} onChange={(units) => set({ units })} />;
              if (field === "days")
                return (
                  <InputNumber
                    {...control}
                    min={1}
                    max={item.rules.maxDays}
                    precision={0}
                    placeholder={S.daysMost(item.rules.maxDays)}
                    value={value.days}
                    onChange={(days) => set({ days })}
                    style={{ width: 160 }}
                  />
                );
              if (field === "place")
                return (
                  <Input
                    {...control}
                    value={value.place}
                    maxLength={200}
                    onChange={(e) => set({ place: e.target.value })}
                  />
                );
              return (
                <PhraseArea
                  {...control}
                  move=""
                  ready={readyWords(step)}
                  value={value.text}
                  autoFocus={i === 0 || session.unit !== null}
                  minRows={3}
                  onChange={(text) => set({ text })}
                />
              );
            }}
          </Field>
        );
      })}
      {step === "forward" && loose.length > 0 && (
        <p className="quiet">
          {S.attached}：{loose.map((file) => file.name).join("、")}
        </p>
      )}
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        <Button type="primary" htmlType="submit" loading={busy} disabled={!filled || uploads.busy}>
          {S.confirm(row.zh)}
        </Button>
        <Button onClick={onDone}>{T.cancel}</Button>
      </div>
    </form>
  );
}

/** Files that no step has named yet. */
function looseFiles(item: Item): readonly Item["files"][number][] {
  const named = new Set(item.steps.flatMap((step) => step.fileIds));
  return item.files.filter((file) => !named.has(file.id));
}

function readyWords(step: SupervisionStep): readonly string[] {
  if (step === "progress" || step === "answer" || step === "forward") return S.ready[step];
  return [];
}

function isFilled(field: string, said: Said): boolean {
  if (field === "text") return said.text.trim() !== "";
  if (field === "place") return said.place.trim() !== "";
  if (field === "units") return said.units.length > 0;
  if (field === "level") return said.level !== "";
  if (field === "days") return said.days !== null;
  return field === "result" ? said.result !== "" : true;
}
