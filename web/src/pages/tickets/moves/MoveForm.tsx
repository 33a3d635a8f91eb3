/** 操作面板. The form of one move beside the ticket: keeps its draft, checks while one types, says refusals in place. */
import { CloseOutlined } from "@ant-design/icons";
import { isMove, type Move, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { doubtsOf } from "@jiesu/core/ticket/wording.ts";
import { Button } from "antd";
import {
  type FormEvent,
  type ReactNode,
  useDeferredValue,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { GUARDS } from "../../../texts/guards.ts";
import { T } from "../../../texts.ts";
import { Notice } from "../../../ui/States.tsx";
import { useDraft } from "../../../ui/useDraft.ts";
import { Doubts } from "./Doubts.tsx";
import { DraftNote } from "./DraftNote.tsx";
import { FormControl } from "./FormControl.tsx";
import { barOf } from "./foresee.ts";
import { type FormField, type FormValues, formFor, inputOf, missingField, startValues } from "./forms.ts";
import { GuardList, isStopped } from "./GuardList.tsx";
import { forgetRefusal, useRefusal } from "./outbox.ts";
import { RefusalNotice } from "./RefusalNotice.tsx";
import { ReportFiles } from "./ReportFiles.tsx";
import { useGuard } from "./useGuard.ts";
import { draftKey, useMove } from "./useMove.ts";

export function MoveForm(props: {
  readonly ticket: TicketDetail;
  readonly move: Move;
  readonly onDone: (before: TicketDetail, after: TicketDetail | null) => void;
  readonly onClose: () => void;
  /** Opens the form of another move: the remedy of a refusal. */
  readonly onOther: (move: Move) => void;
  /** Beside a list, where the next ticket is taken before the server has answered. */
  readonly leaves?: boolean;
  /** Laid between heading and fields: the suggestions of a dispatch; pressed ones fill fields. */
  readonly beside?: (values: FormValues, set: (change: FormValues) => void) => ReactNode;
}) {
  const { ticket, move } = props;
  const session = useSession();
  const step = stepOf(move);
  const draft = useDraft<FormValues>(draftKey(session.login, ticket.id, move), startValues(move, ticket));
  const [missing, setMissing] = useState<string | null>(null);
  const sending = useMove(ticket);
  const form = useRef<HTMLFormElement>(null);
  const seen = useRef(ticket.events[0]);
  const fields = formFor(move, ticket, draft.value).filter((field) => shown(field, move, draft.value));
  const kept = useRefusal(ticket.id);
  const problem = sending.problem ?? (kept?.move === move ? kept.problem : null);
  const bar = useMemo(() => barOf(ticket, move), [ticket, move]);
  // Checked a breath after the last key: what is typed comes first.
  const typed = useDeferredValue(draft.value);
  const { guard, ask, drop, renew } = useGuard(ticket, move, inputOf(move, draft.value, ticket));
  const doubts = useMemo(() => doubtsOf(move, inputOf(move, typed, ticket)), [move, typed, ticket]);
  // Before it is painted: a quick hand presses Enter the moment the form is there.
  useLayoutEffect(() => focusFirst(form.current), []);

  const focusField = (name: string) =>
    form.current?.querySelector<HTMLElement>(`[data-field="${name}"] :is(input,textarea)`)?.focus();
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (sending.isPending) return;
    const lacking = missingField(fields, draft.value);
    setMissing(lacking?.name ?? null);
    if (lacking) return focusField(lacking.name);
    const input = inputOf(move, draft.value, ticket);
    // What is known to be stopped stays in sight: its remedy is in this form.
    if (props.leaves && step.to !== "same" && bar === null && !isStopped(guard)) {
      sending.leave(move, input);
      return props.onDone(ticket, null);
    }
    const after = await sending.send(move, input);
    if (after !== undefined) return props.onDone(ticket, after);
    void renew();
  };
  const mend = (check: { readonly field: string | null; readonly move: string | null }) => {
    const { field, move: other } = check;
    if (field !== null && fields.some((each) => each.name === field))
      return { zh: GUARDS.mendField, go: () => focusField(field) };
    if (other === null || !isMove(other) || !ticket.moves.includes(other)) return null;
    return { zh: stepOf(other).zh, go: () => props.onOther(other) };
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
        if (e.key === "F8") {
          e.preventDefault();
          focusNextMend(form.current);
        }
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
        {bar !== null && problem === null && (
          <RefusalNotice problem={bar} ticket={ticket} onOther={props.onOther} onField={focusField} before />
        )}
        {draft.word && <DraftNote word={draft.word} />}
        {props.beside?.(draft.value, draft.set)}
        {fields.map((field) => (
          <div key={field.name} data-field={field.name} className="field-gap">
            <FormControl
              field={field}
              move={move}
              ticket={ticket}
              value={draft.value[field.name]}
              error={missing === field.name ? T.moves.missing(field.label) : null}
              onChange={(value) => {
                if (missing === field.name) setMissing(null);
                forgetRefusal(ticket.id);
                draft.set({ [field.name]: value });
              }}
            />
            <Doubts
              of={doubts.filter((doubt) => doubt.field === field.name)}
              onMend={(words) => draft.set({ [field.name]: words })}
            />
          </div>
        ))}
        {guard && <GuardList guard={guard} mend={mend} ask={ask} drop={drop} />}
        {(move === "report" || move === "returnToCentre") && <ReportFiles ticket={ticket} form={form} />}
        {sending.waiting && (
          <div className="field-gap">
            <Notice tone="near">
              {T.moves.waiting}{" "}
              <Button size="small" onClick={sending.stop}>
                {T.moves.stopWaiting}
              </Button>
            </Notice>
          </div>
        )}
        {problem !== null && (
          <div className="field-gap">
            <RefusalNotice
              problem={problem}
              ticket={ticket}
              onOther={props.onOther}
              onField={focusField}
              unknown={sending.unknown}
            />
          </div>
        )}
      </div>
      <footer className="move-foot">
        <Button type="primary" htmlType="submit" loading={sending.isPending} data-submit>
          {T.moves.confirm(step.zh)}
        </Button>
        <span className="quiet">
          {fields.length > 0 ? (
            <>
              <kbd>Ctrl</kbd> <kbd>Enter</kbd>
            </>
          ) : null}{" "}
          {T.moves.draftKept}
          {guard?.checks.some((check) => !check.ok && mend(check) !== null) && (
            <>
              {" "}
              <kbd>F8</kbd> {GUARDS.jump}
            </>
          )}
        </span>
      </footer>
    </form>
  );
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

/** From one failing check that can be mended to the next, round and round. */
function focusNextMend(form: HTMLFormElement | null): void {
  const mends = [...(form?.querySelectorAll<HTMLElement>("[data-guard-mend]") ?? [])];
  const at = mends.findIndex((each) => each.matches(":focus"));
  mends[(at + 1) % Math.max(1, mends.length)]?.focus();
}
