/** 接班. What the last shift left, read and taken over by the next lead. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { Handover } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { OpenWork } from "./OpenWork.tsx";

export function TakeForm({ handover }: { handover: Handover }) {
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.takeover.${handover.id}`, { note: "" });
  const take = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/duty/handovers/{id}/ack", {
          params: { path: { id: handover.id } },
          body: { note: draft.value.note },
        }),
      ),
    onSuccess: () => {
      draft.drop();
      say(DUTY.taken);
      void queries.invalidateQueries({ queryKey: ["duty"] });
    },
  });
  return (
    <section className="card duty-card duty-take" aria-label={DUTY.take}>
      <h2>
        {DUTY.take} <Tag tone="mine">{DUTY.notTaken}</Tag>
      </h2>
      <p className="quiet">
        {handover.shift.name} · {DUTY.givenBy(handover.userName, minuteText(handover.at))}
      </p>
      <p className="handover-text">{handover.text}</p>
      <details open>
        <summary>{DUTY.openThen}</summary>
        <OpenWork open={handover.open} />
      </details>
      <Field label={DUTY.note} hint={DUTY.takeAbout}>
        {(control) => (
          <Input
            {...control}
            maxLength={1000}
            value={draft.value.note}
            onChange={(e) => draft.set({ note: e.target.value })}
            onKeyDown={(e) => {
              if (e.key === "Enter" && (e.ctrlKey || e.metaKey) && !take.isPending) take.mutate();
            }}
          />
        )}
      </Field>
      {take.isError && <Notice tone="wrong">{sentenceOf(take.error)}</Notice>}
      <Button className="field-gap" type="primary" loading={take.isPending} onClick={() => take.mutate()}>
        {DUTY.takeNow}
      </Button>
    </section>
  );
}
