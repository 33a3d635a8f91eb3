/** 办前检查. Every check before a step, those that fail first with what to do and a press that goes there; the asking for a second person. */
import { CheckOutlined, CloseOutlined, ExclamationOutlined } from "@ant-design/icons";
import { Button } from "antd";
import { type FormEvent, useState } from "react";
import { sentenceOf } from "../../../api/problem.ts";
import type { Guard } from "../../../api/types.ts";
import { GUARDS } from "../../../texts/guards.ts";
import { minuteText } from "../../../ui/dates.ts";
import { Field } from "../../../ui/Field.tsx";
import { PhraseArea } from "../../../ui/PhraseArea.tsx";
import { Failed, Notice } from "../../../ui/States.tsx";
import "./guard.css";

const G = GUARDS;
type Looked = Guard["checks"][number];

/** Whether a step is stopped and nobody has let it pass. */
export const isStopped = (guard: Guard | null | undefined): boolean =>
  guard?.checks.some(stops) === true && guard.override?.state !== "confirmed";

const stops = (each: Looked): boolean => !each.ok && each.severity === "stops";

export function GuardList(props: {
  readonly guard: Guard;
  /** Goes to what mends a check: a field of the form, or the form of another move; null where only somebody else can. */
  readonly mend: (check: Looked) => { readonly zh: string; readonly go: () => void } | null;
  readonly ask: (reason: string) => Promise<void>;
  readonly drop: (id: string) => Promise<void>;
}) {
  const { guard } = props;
  const [all, setAll] = useState(false);
  const failed = guard.checks.filter((each) => !each.ok).sort((a, b) => Number(stops(b)) - Number(stops(a)));
  const passed = guard.checks.filter((each) => each.ok);
  return (
    <section className="guard" aria-label={G.title}>
      <h4>
        {G.title}{" "}
        <span className="quiet">{G.summary(failed.filter(stops).length, failed.length, passed.length)}</span>
      </h4>
      <ul className="guard-list">
        {failed.map((each) => (
          <Failing key={each.key} check={each} mend={props.mend(each)} />
        ))}
        {all &&
          passed.map((each) => (
            <li key={each.key} data-ok>
              <CheckOutlined aria-label={G.ok} />
              <div>
                {each.name} <span className="quiet">{each.said}</span>
              </div>
            </li>
          ))}
      </ul>
      {passed.length > 0 && (
        <button
          type="button"
          className="plain-button guard-more"
          aria-expanded={all}
          onClick={() => setAll(!all)}
        >
          {all ? G.fewer : G.more(passed.length)}
        </button>
      )}
      <Override guard={guard} ask={props.ask} drop={props.drop} />
    </section>
  );
}

function Failing({ check, mend }: { check: Looked; mend: { zh: string; go: () => void } | null }) {
  return (
    <li data-severity={check.severity}>
      {stops(check) ? <CloseOutlined aria-label={G.stops} /> : <ExclamationOutlined aria-label={G.warns} />}
      <div>
        <strong>{check.name}</strong> {check.said}
        <div className="quiet">{check.remedy}</div>
      </div>
      {mend && (
        <Button size="small" data-guard-mend onClick={mend.go}>
          {mend.zh}
        </Button>
      )}
    </li>
  );
}

/** Asked, let pass or refused; or the way to ask. */
function Override(props: {
  readonly guard: Guard;
  readonly ask: (reason: string) => Promise<void>;
  readonly drop: (id: string) => Promise<void>;
}) {
  const { override, checks } = props.guard;
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    setRefused(null);
    try {
      await work();
      setAsking(false);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  if (!checks.some(stops)) return null;
  if (override)
    return (
      <Notice tone={override.state === "confirmed" ? "plain" : "near"}>
        {override.state === "confirmed"
          ? G.confirmed(override.decidedBy ?? "", minuteText(override.expiresAt))
          : G.waiting(override.askedBy, minuteText(override.expiresAt))}
        {override.opinion !== "" && <div>{override.opinion}</div>}
        {override.mine && (
          <Button
            size="small"
            type="link"
            loading={busy}
            onClick={() => void run(() => props.drop(override.id))}
          >
            {G.drop}
          </Button>
        )}
        {refused !== null && <Failed sentence={refused} />}
      </Notice>
    );
  if (!asking)
    return (
      <Button size="small" className="guard-ask" onClick={() => setAsking(true)}>
        {G.ask}
      </Button>
    );
  const send = (event: FormEvent) => {
    event.preventDefault();
    void run(() => props.ask(reason.trim()));
  };
  return (
    <div className="guard-asking">
      <Field label={G.reason} required hint={G.reasonHint}>
        {(control) => (
          <PhraseArea
            {...control}
            move=""
            ready={[]}
            value={reason}
            autoFocus
            minRows={2}
            onChange={setReason}
          />
        )}
      </Field>
      {refused !== null && <Failed sentence={refused} />}
      <div className="move-buttons">
        <Button type="primary" loading={busy} disabled={reason.trim().length < 4} onClick={send}>
          {G.send}
        </Button>
        <Button onClick={() => setAsking(false)}>{G.cancel}</Button>
      </div>
    </div>
  );
}
