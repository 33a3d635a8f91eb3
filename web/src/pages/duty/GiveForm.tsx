/** 交班. The words of the one who leaves, kept as a draft while typed; what is open now goes with them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { DutyNow } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { Choice } from "../../ui/Choice.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { OpenWork } from "./OpenWork.tsx";
import { openQuery } from "./queries.ts";

export function GiveForm({ duty }: { duty: DutyNow }) {
  const session = useSession();
  const queries = useQueryClient();
  const open = useQuery(openQuery);
  const draft = useDraft(`${session.login}.handover`, { text: "" });
  const [startsAt, setStartsAt] = useState<string | undefined>(duty.handable[0]?.startsAt);
  const chosen = duty.handable.find((s) => s.startsAt === startsAt) ?? duty.handable[0];
  const give = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/duty/handovers", {
          body: { startsAt: chosen?.startsAt ?? "", text: draft.value.text },
        }),
      ),
    onSuccess: () => {
      draft.drop();
      say(DUTY.given);
      void queries.invalidateQueries({ queryKey: ["duty"] });
    },
  });
  if (!chosen)
    return (
      <section className="card duty-card duty-give" aria-label={DUTY.give}>
        <EmptyState title={DUTY.nothingToGive} />
      </section>
    );
  const ready = draft.value.text.trim() !== "" && !give.isPending;
  return (
    <section className="card duty-card duty-give" aria-label={DUTY.give}>
      <h2>{DUTY.give}</h2>
      <p className="quiet">{DUTY.giveAbout}</p>
      <Choice
        label={DUTY.giveShift}
        options={duty.handable.map((s) => ({
          value: s.startsAt,
          label: `${s.name} ${minuteText(s.startsAt).slice(5)}–${minuteText(s.endsAt).slice(11)}`,
        }))}
        value={chosen.startsAt}
        onChange={(value) => setStartsAt(value ?? chosen.startsAt)}
      />
      <Field label={DUTY.text} required hint={DUTY.textHint}>
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 4, maxRows: 12 }}
            maxLength={5000}
            value={draft.value.text}
            onChange={(e) => draft.set({ text: e.target.value })}
            onKeyDown={(e) => {
              if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && ready) give.mutate();
            }}
          />
        )}
      </Field>
      {give.isError && <Notice tone="wrong">{sentenceOf(give.error)}</Notice>}
      <Button className="field-gap" type="primary" disabled={!ready} onClick={() => give.mutate()}>
        {DUTY.giveNow}
      </Button>
      {open.data && (
        <details className="field-gap">
          <summary>{DUTY.openNow}</summary>
          <OpenWork open={open.data} />
        </details>
      )}
    </section>
  );
}
