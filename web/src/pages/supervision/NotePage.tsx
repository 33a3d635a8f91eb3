/** 登记领导批示. Who asked what by when, on which tickets; the papers go to the item once it is there. Kept as a draft until sent. */
import { CloseOutlined } from "@ant-design/icons";
import {
  ALL_SUPERVISION_LEVELS,
  isSupervisionLevel,
  SUPERVISION_LEVELS,
} from "@jiesu/core/supervision/lifecycle.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { type FormEvent, useRef, useState } from "react";
import { bodyOf, http, uploadToSupervision } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { SUPERVISION } from "../../texts/supervision.ts";
import { Choice } from "../../ui/Choice.tsx";
import { Field } from "../../ui/Field.tsx";
import { FilePick } from "../../ui/FilePick.tsx";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { PhraseArea } from "../../ui/PhraseArea.tsx";
import { Failed } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { DraftNote } from "../tickets/moves/DraftNote.tsx";
import { UnitsSelect } from "../tickets/moves/FormControl.tsx";
import { itemQuery, renewSupervision } from "./queries.ts";
import "../exemption/exemption.css";
import "./supervision.css";

const N = SUPERVISION.note;

interface Said {
  readonly title: string;
  readonly matter: string;
  readonly leader: string;
  readonly notedOn: string;
  readonly level: string;
  readonly due: string;
  readonly numbers: string;
  readonly unitIds: readonly string[];
}

export default function NotePage() {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const today = dayOf(useNow());
  const once = useRef(crypto.randomUUID());
  const draft = useDraft<Said>(`${session.login}.supervision-note`, {
    ...{ title: "", matter: "", leader: "", notedOn: today, level: "general", due: "", numbers: "" },
    unitIds: [],
  });
  const { value, set } = draft;
  const [papers, setPapers] = useState<readonly File[]>([]);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const ready = [value.title, value.matter, value.leader, value.notedOn].every((word) => word.trim() !== "");
  const send = async (event?: FormEvent) => {
    event?.preventDefault();
    if (!ready || busy || !isSupervisionLevel(value.level)) return;
    setBusy(true);
    setRefused(null);
    try {
      const { title, matter, leader, notedOn, level } = value;
      const item = await bodyOf(
        http.POST("/api/supervision", {
          body: {
            ...{ once: once.current, title, matter, leader, notedOn, level },
            due: value.due === "" ? null : value.due,
            numbers: value.numbers.split(/[\s,，、;；]+/).filter((number) => number !== ""),
            unitIds: [...value.unitIds],
          },
        }),
      );
      for (const paper of papers)
        await uploadToSupervision(item.id, paper, () => {}, new AbortController().signal);
      draft.drop();
      renewSupervision(queries, item);
      await queries.invalidateQueries({ queryKey: itemQuery(item.id).queryKey });
      say(N.made);
      await navigate({ to: "/supervision/$id", params: { id: item.id } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const text = (
    key: "title" | "leader" | "numbers",
    label: string,
    must: boolean,
    hint?: string,
    max = 200,
  ) => (
    <Field label={label} required={must} hint={hint}>
      {(control) => (
        <Input
          {...control}
          value={value[key]}
          maxLength={max}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  const day = (key: "notedOn" | "due", label: string, must: boolean, hint?: string) => (
    <Field label={label} required={must} hint={hint}>
      {(control) => (
        <Input
          {...control}
          type="date"
          style={{ width: 180 }}
          value={value[key]}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <PageShell
      title={N.title}
      about={N.about}
      actions={
        <Link to="/supervision" search={{}}>
          {SUPERVISION.toList}
        </Link>
      }
    >
      <form
        className="card supervision-card supervision-form"
        aria-label={N.title}
        onSubmit={(event) => void send(event)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void send();
        }}
      >
        {draft.word && <DraftNote word={draft.word} />}
        {text("title", N.what, true)}
        <Field label={N.matter} required>
          {(control) => (
            <PhraseArea
              {...control}
              move=""
              ready={[]}
              value={value.matter}
              minRows={3}
              onChange={(matter) => set({ matter })}
            />
          )}
        </Field>
        {text("leader", N.leader, true, undefined, 60)}
        {day("notedOn", N.day, true)}
        <Choice
          label={SUPERVISION.level}
          required
          options={ALL_SUPERVISION_LEVELS.map((level) => ({
            value: level,
            label: SUPERVISION_LEVELS[level],
          }))}
          value={isSupervisionLevel(value.level) ? value.level : undefined}
          onChange={(level) => set({ level: level ?? "general" })}
        />
        {day("due", N.due, false, N.dueHint)}
        {text("numbers", N.numbers, false, N.numbersHint, 1000)}
        <Field label={N.units} hint={N.unitsHint}>
          {(control) => (
            <UnitsSelect {...control} value={value.unitIds} onChange={(unitIds) => set({ unitIds })} />
          )}
        </Field>
        <fieldset className="choices field-gap">
          <legend className="field-label">{SUPERVISION.files}</legend>
          <FilePick
            uploads={{
              ...{ items: [], busy: false, retry: () => {}, remove: () => {} },
              add: (files) => setPapers((before) => [...before, ...files]),
            }}
            label={SUPERVISION.addFiles}
          />
          {papers.map((paper, at) => (
            <span key={`${paper.name} ${paper.lastModified}`} className="query-chip">
              {paper.name}
              <button
                type="button"
                aria-label={N.drop(paper.name)}
                onClick={() => setPapers((before) => before.filter((_, i) => i !== at))}
              >
                <CloseOutlined aria-hidden="true" style={{ fontSize: 10 }} />
              </button>
            </span>
          ))}
        </fieldset>
        {refused !== null && <Failed sentence={refused} />}
        <div className="form-foot">
          <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>
            {N.submit}
          </Button>
        </div>
      </form>
    </PageShell>
  );
}
