/** 交班. The words of the one who leaves, kept as a draft while typed; what is open now goes with them. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { DutyNow } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { WATCH } from "../../texts/watch.ts";
import { Choice } from "../../ui/Choice.tsx";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { watchHandoverQuery } from "../watch/queries.ts";
import { OpenWork } from "./OpenWork.tsx";
import { openQuery } from "./queries.ts";

export function GiveForm({ duty }: { duty: DutyNow }) {
  const session = useSession();
  const queries = useQueryClient();
  const open = useQuery(openQuery);
  const draft = useDraft(`${session.login}.handover`, { text: "" });
  const [startsAt, setStartsAt] = useState<string | undefined>(duty.handable[0]?.startsAt);
  const chosen = duty.handable.find((s) => s.startsAt === startsAt) ?? duty.handable[0];
  const watch = useQuery(watchHandoverQuery(chosen?.startsAt));
  const people = watch.data?.people ?? [];
  const [taker, setTaker] = useState<string | null>(null);
  const lead = people.find((person) => person.id === watch.data?.next?.leadId)?.id ?? null;
  const nameless = watch.data?.nameless.length ?? 0;
  const watchTo = nameless > 0 ? (taker ?? lead) : null;
  const give = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/duty/handovers", {
          body: { startsAt: chosen?.startsAt ?? "", text: draft.value.text, watchTo },
        }),
      ),
    onSuccess: () => {
      draft.drop();
      say(DUTY.given);
      void queries.invalidateQueries({ queryKey: ["duty"] });
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: ["watch"] }),
  });
  if (!chosen)
    return (
      <section className="card duty-card duty-give" aria-label={DUTY.give}>
        <EmptyState title={DUTY.nothingToGive} />
      </section>
    );
  const named = nameless === 0 || watchTo !== null;
  const ready = draft.value.text.trim() !== "" && named && !give.isPending;
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
      {nameless > 0 && (
        <div className="give-watch">
          <Field
            label={WATCH.handover.rest}
            required
            hint={
              <>
                {WATCH.handover.nameless(nameless)}，<Link to="/watch">{WATCH.handover.see}</Link>
              </>
            }
          >
            {(control) => (
              <Select
                {...control}
                showSearch={{ optionFilterProp: "label" }}
                placeholder={DUTY.choose}
                value={watchTo}
                onChange={setTaker}
                options={people.map((person) => ({
                  value: person.id,
                  label: `${person.name}（${person.roles.join("、")}）`,
                }))}
                style={{ width: "100%" }}
              />
            )}
          </Field>
        </div>
      )}
      {watch.data && nameless === 0 && watch.data.total > 0 && <p className="quiet">{WATCH.handover.none}</p>}
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
