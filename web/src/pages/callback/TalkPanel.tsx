/** 通话面板. Number, timer, script by question, answers by number keys with the reason of every no, and the next attempt. */
import { PhoneOutlined } from "@ant-design/icons";
import { scriptFor } from "@jiesu/core/callback/rules.ts";
import { useMutation } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { DeskRules, ListedCall, TicketDetail } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { useMove } from "../tickets/moves/useMove.ts";
import { useDeskKeys } from "./keys.ts";
import { MissedPlan } from "./MissedPlan.tsx";
import { Numbered } from "./Numbered.tsx";
import {
  answersOf,
  asksReason,
  lackOf,
  moveOf,
  NEW_TALK,
  nextAsk,
  QUESTIONS,
  type Question,
  spoken,
  standingOf,
  stepBack,
  type Talk,
  talkText,
  type Way,
} from "./talk.ts";

const WAYS: readonly { value: Way; label: string; hint: string }[] = [
  { value: "answered", label: T.callback.ways.answered, hint: "" },
  { value: "missed", label: T.callback.ways.missed, hint: "M" },
  { value: "refused", label: T.callback.ways.refused, hint: "X" },
];

/** The callback of the ticket itself: one of its moves. */
export function CallbackTalk(props: {
  readonly ticket: TicketDetail;
  readonly row: ListedCall | undefined;
  readonly rules: DeskRules;
  readonly onDone: (ticket: TicketDetail) => void;
}) {
  const { ticket } = props;
  const session = useSession();
  const { isPending, problem, send } = useMove(ticket);
  return (
    <TalkPanel
      {...props}
      draftName={`${session.login}.${ticket.id}.talk`}
      isPending={isPending}
      problem={problem}
      send={async (move, input) => (await send(move, input)) !== undefined}
      dial={() =>
        bodyOf(http.POST("/api/callback/tickets/{id}/dial", { params: { path: { id: ticket.id } } }))
      }
      enough={T.callback.enough}
      recorded
    />
  );
}

/** The panel itself, for whatever the talk belongs to: how it is sent and dialled is told. */
export function TalkPanel(props: {
  readonly ticket: TicketDetail;
  readonly row: Pick<ListedCall, "why" | "attempts"> | undefined;
  readonly rules: DeskRules;
  readonly draftName: string;
  readonly isPending: boolean;
  readonly problem: unknown;
  /** False when it was refused. */
  readonly send: (move: "callback" | "callbackMissed", input: Record<string, unknown>) => Promise<boolean>;
  readonly dial: () => Promise<{ readonly name: string; readonly phone: string }>;
  /** What may be done once there were attempts enough. */
  readonly enough: string;
  /** Whether the talk's recording is kept with it. */
  readonly recorded: boolean;
  readonly onDone: (ticket: TicketDetail) => void;
}) {
  const { ticket, row, rules, isPending, problem } = props;
  const draft = useDraft<Talk>(props.draftName, NEW_TALK);
  const talk = draft.value;
  const [lack, setLack] = useState<string | null>(null);
  const form = useRef<HTMLFormElement>(null);
  const words = useRef<HTMLInputElement>(null);
  const ask = nextAsk(talk);
  const script = scriptFor(rules, ticket.category1);
  // The plans to choose from stay as they were when the way was chosen.
  const at = useMemo(() => ({ way: talk.way, now: Date.now() }), [talk.way]);
  const standing = standingOf(row?.attempts ?? [], rules.attempts, at.now);
  const unreached = talk.way === "missed" && standing.enough && !talk.again;

  const change = (next: Partial<Talk>) => {
    setLack(null);
    draft.set(next);
  };
  const reason = (of: Question | "missed", code: string) =>
    change({ reasons: { ...talk.reasons, [of]: code } });
  const submit = async (event?: FormEvent) => {
    event?.preventDefault();
    if (isPending) return;
    const lacking = lackOf(talk);
    setLack(lacking);
    if (lacking !== null) return;
    const { move, input } = moveOf(talk, unreached, Date.now());
    if (!(await props.send(move, input))) return;
    draft.drop();
    props.onDone(ticket);
  };
  const press = (n: number) => {
    if (ask.kind === "answer") {
      const option = answersOf(ask.of)[n - 1];
      if (option) change({ [ask.of]: option.value });
    } else if (ask.kind === "reason") {
      const chosen = rules.reasons[ask.of][n - 1];
      if (chosen) reason(ask.of, chosen.code);
    } else if (ask.kind === "plan") {
      const plan = standing.plans[n - 1];
      if (plan) change({ nextAt: plan.at, again: true });
    }
  };
  const dialling = useDial(props.dial, () => talk.since === null && change({ since: Date.now() }));
  useDeskKeys({
    ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 9].map((n) => [String(n), () => press(n)])),
    "0": () => {
      if (ask.kind === "answer") change({ [ask.of]: "" });
      else if (ask.kind === "reason" && ask.of !== "missed") {
        reason(ask.of, "");
        words.current?.focus();
      }
    },
    Backspace: () => change(stepBack(talk)),
    m: () => change({ way: "missed" }),
    x: () => change({ way: "refused" }),
    w: () => words.current?.focus(),
    d: dialling.dial,
    Enter: () => void submit(),
    Escape: () => change({ way: "answered" }),
  });

  return (
    <form
      ref={form}
      className="desk-talk"
      aria-label={T.callback.form}
      onSubmit={(e) => void submit(e)}
      onKeyDown={(e) => {
        if (e.key === "Enter" && (e.ctrlKey || e.metaKey)) void submit(e);
        if (e.key === "Escape" && e.target instanceof HTMLElement) e.target.blur();
      }}
    >
      <div className="talk-body scrolls">
        {row && (
          <p className="call-why talk-why">
            <span className="quiet">{T.callback.why}</span>
            {row.why.map((why) => (
              <Tag key={why.key} tone={why.tone}>
                {why.zh}
              </Tag>
            ))}
          </p>
        )}
        <div className="talk-dial">
          {dialling.line(ticket)}
          <Timer since={talk.since} />
        </div>
        <fieldset className="choices talk-ways">
          <legend className="sr">{T.callback.result}</legend>
          {WAYS.map((way) => (
            <label key={way.value} className="choice">
              <input
                type="radio"
                name="way"
                checked={talk.way === way.value}
                onChange={() => change({ way: way.value })}
              />
              {way.label}
              {way.hint && (
                <span className="key" aria-hidden="true">
                  {way.hint}
                </span>
              )}
            </label>
          ))}
        </fieldset>
        {talk.way === "answered" && (
          <>
            <p className="talk-line">{spoken(script.opening, ticket)}</p>
            {QUESTIONS.map((of) => (
              <section
                key={of}
                className="talk-question"
                data-now={
                  (ask.kind === "answer" || ask.kind === "reason") && ask.of === of ? true : undefined
                }
              >
                <Numbered
                  label={T.callback.questions[of]}
                  line={spoken(script[of], ticket)}
                  options={answersOf(of)}
                  value={talk[of]}
                  numbered={ask.kind === "answer" && ask.of === of}
                  blank={T.callback.unanswered}
                  onChange={(value) => change({ [of]: value })}
                />
                {asksReason(talk, of) && (
                  <Numbered
                    label={T.callback.reasons[of]}
                    options={rules.reasons[of].map(({ code, zh }) => ({ value: code, label: zh }))}
                    value={talk.reasons[of]}
                    numbered={ask.kind === "reason" && ask.of === of}
                    onChange={(code) => reason(of, code)}
                  />
                )}
              </section>
            ))}
            {ask.kind === "done" && <p className="talk-line">{spoken(script.closing, ticket)}</p>}
          </>
        )}
        {talk.way === "missed" && (
          <MissedPlan
            talk={talk}
            rules={rules}
            standing={standing}
            enough={props.enough}
            ask={ask}
            change={change}
            reason={reason}
          />
        )}
        {talk.way === "answered" && QUESTIONS.some((of) => asksReason(talk, of)) && (
          <div className="field-gap">
            <Field label={T.callback.words} hint={T.callback.wordsHint}>
              {(control) => (
                <Input
                  {...control}
                  ref={(input) => {
                    words.current = input?.input ?? null;
                  }}
                  maxLength={500}
                  value={talk.words}
                  onChange={(e) => change({ words: e.target.value })}
                />
              )}
            </Field>
          </div>
        )}
        <div className="field-gap">
          <Field label={T.callback.note}>
            {(control) => (
              <Input
                {...control}
                maxLength={500}
                value={talk.note}
                onChange={(e) => change({ note: e.target.value })}
              />
            )}
          </Field>
        </div>
        {props.recorded && (
          <details className="talk-more">
            <summary>{T.callback.recording}</summary>
            <Field label={T.callback.recording} hint={T.callback.recordingHint}>
              {(control) => (
                <Input
                  {...control}
                  maxLength={500}
                  inputMode="url"
                  placeholder="https://"
                  value={talk.recording}
                  onChange={(e) => change({ recording: e.target.value })}
                />
              )}
            </Field>
          </details>
        )}
        <p className="quiet talk-rule">{T.callback.rule(rules.name, rules.from, rules.source)}</p>
      </div>
      {(lack !== null || problem !== null) && (
        <div className="talk-lack">
          <Notice tone="wrong">{lack ?? sentenceOf(problem)}</Notice>
        </div>
      )}
      <footer className="move-foot">
        <Button type="primary" htmlType="submit" loading={isPending}>
          {unreached ? T.callback.unreached : T.callback.submit[talk.way]}
        </Button>
        <kbd>Enter</kbd>
        <span className="quiet">{T.callback.draft}</span>
      </footer>
    </form>
  );
}

/** Shows the number, on record once, and dials it on the second press. */
function useDial(show: () => Promise<{ name: string; phone: string }>, onShown: () => void) {
  const link = useRef<HTMLAnchorElement>(null);
  const shown = useMutation({
    mutationFn: show,
    onSuccess: onShown,
  });
  const dial = () => {
    if (shown.data?.phone) link.current?.click();
    else if (!shown.isPending) shown.mutate();
  };
  const line = (ticket: TicketDetail) => {
    if (!ticket.requester) return <p className="quiet">{T.callback.noNumber}</p>;
    if (!shown.data)
      return (
        <>
          <p className="talk-number">
            {ticket.requester.name} <span>{ticket.requester.phone}</span>{" "}
            <Button icon={<PhoneOutlined aria-hidden="true" />} loading={shown.isPending} onClick={dial}>
              {T.callback.dialKey}{" "}
              <span className="key" aria-hidden="true">
                D
              </span>
            </Button>
          </p>
          <p className="quiet">{shown.isError ? sentenceOf(shown.error) : T.callback.masked}</p>
        </>
      );
    const { name, phone } = shown.data;
    return (
      <>
        <p className="talk-number">
          {name}{" "}
          <a ref={link} href={`tel:${phone.replace(/[^\d+]/g, "")}`}>
            {phone}
          </a>
        </p>
        <p className="quiet">{phone === "" ? T.callback.noNumber : T.callback.dialAgain}</p>
      </>
    );
  };
  return { dial, line };
}

function Timer({ since }: { since: number | null }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (since === null) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [since]);
  const seconds = since === null ? 0 : Math.max(0, Math.round((now - since) / 1000));
  return (
    <p
      className="talk-timer"
      role="timer"
      aria-label={T.callback.talk}
      data-running={since !== null || undefined}
    >
      {talkText(seconds)}
    </p>
  );
}
