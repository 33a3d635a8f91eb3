/** 人工对应. Says which round of which ticket a line of the file means, or takes it back; the reason stays on record. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { CityLineFull } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { refreshCity } from "./queries.ts";

const W = CITY.reconcile;

export function MatchForm({ period, full }: { period: string; full: CityLineFull }) {
  const { line, candidates } = full;
  const session = useSession();
  const queries = useQueryClient();
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [first] = candidates;
  const draft = useDraft(`${session.login}.city-match.${period}.${line.key}`, {
    number: first?.number ?? line.number,
    round: String(first?.round ?? 1),
    reason: "",
  });
  const { number, round, reason } = draft.value;
  const send = async (to: { number: string; round: number } | null) => {
    setBusy(true);
    setRefused(null);
    try {
      await bodyOf(
        http.POST("/api/assessment/city-results/{period}/matches", {
          params: { path: { period } },
          body: { key: line.key, to, reason: reason.trim() },
        }),
      );
      draft.drop();
      say(W.matched);
      await refreshCity(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(false);
  };
  const rounds = Number(round);
  const whole = number.trim() !== "" && Number.isInteger(rounds) && rounds > 0 && reason.trim() !== "";
  return (
    <details className="city-match" open={line.ticket === null}>
      <summary>{W.match}</summary>
      <div className="city-match-form">
        <Field label={W.matchNumber} required>
          {(control) => (
            <Input
              {...control}
              maxLength={80}
              value={number}
              onChange={(e) => draft.set({ number: e.target.value })}
            />
          )}
        </Field>
        <Field label={W.matchRound} required>
          {(control) => (
            <Input
              {...control}
              inputMode="numeric"
              maxLength={4}
              value={round}
              onChange={(e) => draft.set({ round: e.target.value })}
            />
          )}
        </Field>
        <Field label={W.matchReason} required>
          {(control) => (
            <Input
              {...control}
              maxLength={500}
              value={reason}
              onChange={(e) => draft.set({ reason: e.target.value })}
            />
          )}
        </Field>
      </div>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <div className="city-acts">
        <Button
          loading={busy}
          disabled={!whole}
          onClick={() => void send({ number: number.trim(), round: rounds })}
        >
          {W.match}
        </Button>
        {line.byHand && (
          <Button disabled={busy || reason.trim() === ""} onClick={() => void send(null)}>
            {W.unmatch}
          </Button>
        )}
      </div>
    </details>
  );
}
