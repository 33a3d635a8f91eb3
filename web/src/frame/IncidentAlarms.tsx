/** 履约报警. Over every page of the leader until it is acknowledged with words; it cannot be put away. */
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../api/client.ts";
import { sentenceOf } from "../api/problem.ts";
import { incidentAlarmsQuery } from "../api/queries.ts";
import { useSession } from "../api/session.ts";
import { INCIDENT } from "../texts/incident.ts";
import { T } from "../texts.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Field } from "../ui/Field.tsx";
import { Notice } from "../ui/States.tsx";
import { say } from "../ui/toasts.tsx";
import { useDraft } from "../ui/useDraft.ts";

const A = INCIDENT.alarm;

export default function IncidentAlarms() {
  const alarms = useQuery(incidentAlarmsQuery);
  const [answering, setAnswering] = useState<string | null>(null);
  const open = alarms.data ?? [];
  const chosen = open.find((alarm) => alarm.id === answering);
  if (open.length === 0) return null;
  return (
    <section className="incident-alarms" aria-label={A.label}>
      {open.map((alarm) => (
        <div key={alarm.id} className="incident-alarm" role="alert">
          <strong>{A.line(alarm.kindZh, alarm.nth, alarm.term.from, alarm.term.to)}</strong>
          <Link to="/incidents" search={{ kind: alarm.kind, term: alarm.term.from }}>
            {A.see}
          </Link>
          <Button size="small" onClick={() => setAnswering(alarm.id)}>
            {A.ack}
          </Button>
        </div>
      ))}
      {chosen && <Acknowledge alarm={chosen} onClose={() => setAnswering(null)} />}
    </section>
  );
}

function Acknowledge(props: { alarm: { id: string; kindZh: string; nth: number }; onClose: () => void }) {
  const { alarm } = props;
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.incident-alarm.${alarm.id}`, { words: "" });
  const { words } = draft.value;
  const send = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/incidents/alarms/{id}/ack", {
          params: { path: { id: alarm.id } },
          body: { words },
        }),
      ),
    onSuccess: () => {
      draft.drop();
      say(A.done);
      props.onClose();
    },
    onSettled: () => void queries.invalidateQueries({ queryKey: ["incidents"] }),
  });
  const ready = words.trim().length >= 2 && !send.isPending;
  return (
    <Dialog title={A.title(alarm.kindZh, alarm.nth)} onClose={props.onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) send.mutate();
        }}
      >
        <Field label={A.words} required hint={A.hint}>
          {(control) => (
            <Input.TextArea
              {...control}
              autoSize={{ minRows: 3, maxRows: 8 }}
              maxLength={2000}
              value={words}
              onChange={(e) => draft.set({ words: e.target.value })}
            />
          )}
        </Field>
        {send.isError && <Notice tone="wrong">{sentenceOf(send.error)}</Notice>}
        <div className="dialog-foot">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={send.isPending} disabled={!ready}>
            {A.ack}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
