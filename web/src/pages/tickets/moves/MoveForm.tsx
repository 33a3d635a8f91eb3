/** 操作面板. The form of one move beside the ticket: keeps its draft, says refusals in place, sends with Ctrl+Enter. */
import { CloseOutlined } from "@ant-design/icons";
import { type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import {
  type FormEvent,
  type ReactNode,
  type RefObject,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import { Problem, sentenceOf } from "../../../api/problem.ts";
import { unitsQuery } from "../../../api/queries.ts";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Choice } from "../../../ui/Choice.tsx";
import { Field } from "../../../ui/Field.tsx";
import { FilePick, UploadList } from "../../../ui/FilePick.tsx";
import { Phrases } from "../../../ui/Phrases.tsx";
import { Notice } from "../../../ui/States.tsx";
import { filesOf } from "../../../ui/upload.ts";
import { useDraft } from "../../../ui/useDraft.ts";
import {
  FORMS,
  type FormField,
  type FormValue,
  type FormValues,
  inputOf,
  missingField,
  startValues,
} from "./forms.ts";
import { TicketPick } from "./TicketPick.tsx";
import { draftKey, useMove } from "./useMove.ts";
import { useTicketUploads } from "./useTicketUploads.ts";

export function MoveForm(props: {
  readonly ticket: TicketDetail;
  readonly move: Move;
  readonly onDone: (before: TicketDetail, after: TicketDetail | null) => void;
  readonly onClose: () => void;
  /** Laid between heading and fields: the suggestions of a dispatch; pressed ones fill fields. */
  readonly beside?: (values: FormValues, set: (change: FormValues) => void) => ReactNode;
}) {
  const { ticket, move } = props;
  const session = useSession();
  const step = stepOf(move);
  const draft = useDraft<FormValues>(draftKey(session.login, ticket.id, move), startValues(move, ticket));
  const [missing, setMissing] = useState<string | null>(null);
  const mutation = useMove(ticket);
  const form = useRef<HTMLFormElement>(null);
  const seen = useRef(ticket.events[0]);
  const fields = FORMS[move].filter((field) => shown(field, move, draft.value));
  // Before it is painted: a quick hand presses Enter the moment the form is there.
  useLayoutEffect(() => focusFirst(form.current), []);

  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (mutation.isPending) return;
    const lacking = missingField(move, draft.value);
    setMissing(lacking?.name ?? null);
    if (lacking)
      return form.current
        ?.querySelector<HTMLElement>(`[data-field="${lacking.name}"] :is(input,textarea)`)
        ?.focus();
    const after = await mutation.send(move, inputOf(move, draft.value, ticket));
    if (after === undefined) return;
    draft.drop();
    props.onDone(ticket, after);
  };
  const newer = ticket.events[0];
  return (
    <form
      ref={form}
      className="panel move-form"
      aria-label={step.zh}
      onSubmit={submit}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void submit(e);
        if (e.key === "Escape") props.onClose();
      }}
    >
      <header className="panel-head">
        <h3>{step.zh}</h3>
        <button
          type="button"
          className="plain-button panel-extra"
          aria-label={T.moves.close}
          onClick={props.onClose}
        >
          <CloseOutlined aria-hidden="true" />
        </button>
      </header>
      <div className="panel-body">
        {newer && newer.id !== seen.current?.id && (
          <Notice tone="near">{T.moves.changedMeanwhile(newer.userName, newer.zh)}</Notice>
        )}
        {props.beside?.(draft.value, draft.set)}
        {fields.map((field) => (
          <div key={field.name} data-field={field.name} className="field-gap">
            <FormControl
              field={field}
              ticket={ticket}
              value={draft.value[field.name]}
              error={missing === field.name ? T.moves.missing(field.label) : null}
              onChange={(value) => {
                if (missing === field.name) setMissing(null);
                draft.set({ [field.name]: value });
              }}
            />
          </div>
        ))}
        {move === "report" && <Files ticketId={ticket.id} form={form} />}
        {mutation.problem !== null && <Refusal problem={mutation.problem} />}
      </div>
      <footer className="move-foot">
        <Button type="primary" htmlType="submit" loading={mutation.isPending} data-submit>
          {T.moves.confirm(step.zh)}
        </Button>
        <span className="quiet">
          {fields.length > 0 ? (
            <>
              <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </>
          ) : null}{" "}
          {T.moves.draftKept}
        </span>
      </footer>
    </form>
  );
}

/** 反馈附件. Chosen, photographed, pasted into the form or dropped on it. */
function Files({ ticketId, form }: { ticketId: string; form: RefObject<HTMLFormElement | null> }) {
  const uploads = useTicketUploads(ticketId);
  const { add } = uploads;
  useEffect(() => {
    const element = form.current;
    const take = (event: ClipboardEvent | DragEvent) => {
      const files = filesOf("clipboardData" in event ? event.clipboardData : event.dataTransfer);
      if (files.length === 0) return;
      event.preventDefault();
      add(files);
    };
    const allow = (event: DragEvent) => event.preventDefault();
    element?.addEventListener("paste", take);
    element?.addEventListener("drop", take);
    element?.addEventListener("dragover", allow);
    return () => {
      element?.removeEventListener("paste", take);
      element?.removeEventListener("drop", take);
      element?.removeEventListener("dragover", allow);
    };
  }, [form, add]);
  return (
    <div className="field-gap">
      <div className="move-buttons">
        <FilePick uploads={uploads} camera />
        <FilePick uploads={uploads} />
      </div>
      <UploadList uploads={uploads} showDone />
    </div>
  );
}

function Refusal({ problem }: { problem: unknown }) {
  const kept = problem instanceof Problem && (problem.status === 409 || problem.status === 0);
  return (
    <div className="field-gap">
      <Notice tone="wrong">
        {sentenceOf(problem)}
        {kept && <div>{T.moves.keptHere}</div>}
      </Notice>
    </div>
  );
}

function FormControl(props: {
  field: FormField;
  ticket: TicketDetail;
  value: FormValue;
  error: string | null;
  onChange: (value: FormValue) => void;
}) {
  const { field, value, onChange } = props;
  const text = typeof value === "string" ? value : "";
  if (field.kind === "choice")
    return (
      <>
        <Choice
          label={field.label}
          required={field.required}
          options={field.options}
          value={typeof value === "string" ? value : undefined}
          onChange={onChange}
          {...(field.mayBeBlank ? { mayBeBlank: true } : {})}
        />
        {props.error && <div className="field-error">{props.error}</div>}
      </>
    );
  if (field.kind === "check")
    return (
      <Checkbox checked={value === true} onChange={(e) => onChange(e.target.checked)}>
        {field.label}
        {field.hint && <span className="quiet">（{field.hint}）</span>}
      </Checkbox>
    );
  return (
    <Field label={field.label} required={field.required} hint={field.hint} error={props.error}>
      {(control) => {
        if (field.kind === "unit")
          return <UnitSelect {...control} value={text || null} onChange={(id) => onChange(id ?? "")} />;
        if (field.kind === "units")
          return (
            <UnitsSelect {...control} value={typeof value === "object" ? value : []} onChange={onChange} />
          );
        if (field.kind === "ticket")
          return <TicketPick {...control} value={text} ticket={props.ticket} onChange={onChange} />;
        if (field.kind === "short")
          return (
            <Input {...control} value={text} maxLength={200} onChange={(e) => onChange(e.target.value)} />
          );
        return (
          <>
            <Input.TextArea
              {...control}
              value={text}
              autoSize={{ minRows: 3, maxRows: 10 }}
              maxLength={20_000}
              onChange={(e) => onChange(e.target.value)}
            />
            <Phrases
              label={T.moves.phrasesLabel}
              phrases={field.kind === "long" ? (field.phrases ?? []) : []}
              onPick={(phrase) => onChange(text === "" ? phrase : `${text}${phrase}`)}
            />
          </>
        );
      }}
    </Field>
  );
}

function UnitSelect(props: { id: string; value: string | null; onChange: (id: string | undefined) => void }) {
  const options = useUnitOptions();
  return (
    <Select
      {...props}
      style={{ width: "100%" }}
      placeholder={T.moves.unitHint}
      showSearch={{ filterOption: byAnyName }}
      allowClear
      options={options}
    />
  );
}

function UnitsSelect(props: { id: string; value: readonly string[]; onChange: (ids: string[]) => void }) {
  const options = useUnitOptions();
  return (
    <Select
      {...props}
      value={[...props.value]}
      mode="multiple"
      style={{ width: "100%" }}
      placeholder={T.moves.unitsHint}
      showSearch={{ filterOption: byAnyName }}
      options={options}
    />
  );
}

interface UnitOption {
  value: string;
  label: string;
  names: string;
}

function useUnitOptions(): UnitOption[] {
  const units = useQuery(unitsQuery);
  return (units.data ?? [])
    .filter((unit) => unit.validTo === null)
    .map((unit) => ({
      value: unit.id,
      label: unit.shortName === unit.name ? unit.name : `${unit.shortName}（${unit.name}）`,
      names: [unit.name, unit.shortName, ...unit.aliases].join("\n"),
    }));
}

function byAnyName(typed: string, option: UnitOption | undefined): boolean {
  return option?.names.includes(typed.trim()) ?? false;
}

/** Answers are asked only of a callback that was answered. */
function shown(field: FormField, move: Move, values: FormValues): boolean {
  const asksAnswers = field.name.startsWith("answers.");
  if (asksAnswers && move === "callback") return values.outcome === "answered";
  if (asksAnswers && move === "cityResult") return values.outcome === "answered";
  return true;
}

/** The first thing to fill in; where nothing must be filled in, the button that sends. */
function focusFirst(form: HTMLFormElement | null): void {
  const wanted = form?.querySelector<HTMLElement>(
    '[data-field]:has(.must) :is(input,textarea,[tabindex="0"])',
  );
  const first = form?.querySelector<HTMLElement>('[data-field] input[type="radio"]:checked');
  (wanted ?? first ?? form?.querySelector<HTMLElement>("[data-submit]"))?.focus({ preventScroll: true });
}
