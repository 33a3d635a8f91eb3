/** 成批处置. Adopts or disputes the lines chosen, or every one of the cause that is open. */
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { CityLine, CitySummary } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { refreshCity } from "./queries.ts";
import { ReasonDialog } from "./ReasonDialog.tsx";

const W = CITY.reconcile;
type Cause = CitySummary["causes"][number];

export function BulkActs(props: {
  period: string;
  chosen: readonly CityLine[];
  cause: Cause | undefined;
  onDone: () => void;
}) {
  const { period, chosen, cause, onDone } = props;
  const [asking, setAsking] = useState<"adopt" | "dispute" | null>(null);
  const adoptable = chosen.filter((line) => line.adoptable).map((line) => line.key);
  const disputable = chosen.filter((line) => line.state !== "disputed").map((line) => line.key);
  const ofCause = chosen.length === 0 ? (cause?.adoptable ?? 0) : 0;
  const toAdopt = chosen.length === 0 ? ofCause : adoptable.length;
  useHotkeys("a", () => setAsking("adopt"), { ...BESIDE_BOXES, enabled: toAdopt > 0 && asking === null });
  useHotkeys("y", () => setAsking("dispute"), {
    ...BESIDE_BOXES,
    enabled: disputable.length > 0 && asking === null,
  });
  return (
    <div className="ledger-acts">
      <Button type="primary" disabled={toAdopt === 0} onClick={() => setAsking("adopt")}>
        {chosen.length === 0 && ofCause > 0 ? W.adoptCause(ofCause) : W.adopt}
        <kbd className="on-button">A</kbd>
      </Button>
      <Button disabled={disputable.length === 0} onClick={() => setAsking("dispute")}>
        {W.dispute}
        <kbd className="on-button">Y</kbd>
      </Button>
      {asking === "adopt" && (
        <AdoptDialog
          period={period}
          count={toAdopt}
          {...(chosen.length > 0 ? { keys: adoptable } : {})}
          {...(chosen.length === 0 && cause ? { cause: cause.cause } : {})}
          onClose={() => setAsking(null)}
          onDone={onDone}
        />
      )}
      {asking === "dispute" && (
        <DisputeDialog period={period} keys={disputable} onClose={() => setAsking(null)} onDone={onDone} />
      )}
    </div>
  );
}

/** The keys work where a line has just been chosen, but not where something is typed. */
const BESIDE_BOXES = {
  preventDefault: true,
  enableOnFormTags: true,
  ignoreEventWhen: ({ target }: KeyboardEvent) =>
    target instanceof HTMLElement && target.matches("textarea, select, input:not([type=checkbox])"),
} as const;

/** A call adopts so many lines at most. */
const AT_ONCE = 500;

/** Says what adopting does, then does it, part by part; what could not be adopted stays in sight with the reason. */
export function AdoptDialog(props: {
  period: string;
  count: number;
  keys?: readonly string[];
  cause?: Cause["cause"];
  onClose: () => void;
  onDone: () => void;
}) {
  const { period, count, keys, cause } = props;
  const queries = useQueryClient();
  const [done, setDone] = useState<number | null>(null);
  const [wrong, setWrong] = useState<readonly string[]>([]);
  const call = (body: { keys?: string[]; cause?: Cause["cause"] }) =>
    bodyOf(http.POST("/api/assessment/city-results/{period}/adopt", { params: { path: { period } }, body }));
  const adopt = async () => {
    let adopted = 0;
    const refused: string[] = [];
    setDone(0);
    try {
      const parts = keys ? partsOf(keys) : [null];
      for (const part of parts) {
        let left = 1;
        while (left > 0) {
          const answer = await call(part ? { keys: [...part] } : { ...(cause ? { cause } : {}) });
          adopted += answer.adopted;
          refused.push(...answer.refused.map(({ number, why }) => W.adoptRefused(number, why)));
          setDone(adopted);
          // What is refused is asked for again by nobody: a call that adopted nothing ends it.
          left = part || answer.adopted === 0 ? 0 : answer.left;
        }
      }
    } catch (thrown) {
      refused.push(sentenceOf(thrown));
    }
    await refreshCity(queries);
    if (adopted > 0) say(W.adopted(adopted));
    props.onDone();
    if (refused.length === 0) props.onClose();
    else {
      setDone(null);
      setWrong(refused);
    }
  };
  return (
    <Dialog
      title={W.adoptAsk(count)}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" loading={done !== null} onClick={() => void adopt()}>
            {W.adopt}
          </Button>
        </>
      }
    >
      <p>{W.adoptAbout}</p>
      {done !== null && count > AT_ONCE && <p className="quiet">{W.adopting(done)}</p>}
      {wrong.map((each) => (
        <Notice key={each} tone="wrong">
          {each}
        </Notice>
      ))}
    </Dialog>
  );
}

function partsOf(keys: readonly string[]): readonly (readonly string[])[] {
  return Array.from({ length: Math.ceil(keys.length / AT_ONCE) }, (_, i) =>
    keys.slice(i * AT_ONCE, (i + 1) * AT_ONCE),
  );
}

export function DisputeDialog(props: {
  period: string;
  keys: readonly string[];
  onClose: () => void;
  onDone: () => void;
}) {
  const { period, keys } = props;
  const queries = useQueryClient();
  const send = async (reason: string) => {
    const answer = await bodyOf(
      http.POST("/api/assessment/city-results/{period}/disputes", {
        params: { path: { period } },
        body: { keys: [...keys], reason },
      }),
    );
    say(W.disputed(answer.disputed));
    props.onDone();
    props.onClose();
    await refreshCity(queries);
  };
  return (
    <ReasonDialog
      title={W.disputeAsk(keys.length)}
      label={W.disputeReason}
      draft={`city-dispute.${period}`}
      onClose={props.onClose}
      onSend={send}
    />
  );
}
