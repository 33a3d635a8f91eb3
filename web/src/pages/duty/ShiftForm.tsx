/** 排一班. Who leads a shift and who is on it, and when it begins and ends. */
import { parseDay } from "@jiesu/core/time/day.ts";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Input, Select } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Shift } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { dayText, minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { peopleQuery } from "./queries.ts";
import { dayWords } from "./week.ts";

export function ShiftForm({ shift, onClose }: { shift: Shift; onClose: () => void }) {
  const queries = useQueryClient();
  const people = useQuery(peopleQuery);
  const [name, setName] = useState(shift.name);
  const [starts, setStarts] = useState(localOf(shift.startsAt));
  const [ends, setEnds] = useState(localOf(shift.endsAt));
  const [leadId, setLeadId] = useState(shift.lead?.id ?? null);
  const [memberIds, setMemberIds] = useState(shift.members.map((m) => m.id));
  const done = (words: string) => () => {
    say(words);
    void queries.invalidateQueries({ queryKey: ["duty"] });
    onClose();
  };
  const save = useMutation({
    mutationFn: () =>
      bodyOf(
        http.PUT("/api/duty/shifts", {
          body: { name, startsAt: isoOf(starts), endsAt: isoOf(ends), leadId, memberIds },
        }),
      ),
    onSuccess: done(DUTY.saved),
  });
  const remove = useMutation({
    mutationFn: (id: string) => bodyOf(http.DELETE("/api/duty/shifts/{id}", { params: { path: { id } } })),
    onSuccess: done(DUTY.removed),
  });
  const failed = save.error ?? remove.error ?? people.error;
  const options = (of: "all" | "leads") =>
    (people.data ?? [])
      .filter((p) => of === "all" || p.leads)
      .map((p) => ({ value: p.id, label: `${p.name}（${p.roles.join("、")}）` }));
  const { id } = shift;
  return (
    <Dialog title={DUTY.form(dayWords(dayText(shift.startsAt)), shift.name)} onClose={onClose}>
      <Field label={DUTY.name} required>
        {(control) => (
          <Input {...control} maxLength={20} value={name} onChange={(e) => setName(e.target.value)} />
        )}
      </Field>
      <div className="duty-times">
        <Field label={DUTY.starts} required error={wrongTime(starts)}>
          {(control) => (
            <Input
              {...control}
              placeholder={DUTY.timeHint}
              // A shift is known by its name and beginning: an entered one keeps both, or it would be another.
              disabled={id !== null}
              value={starts}
              onChange={(e) => setStarts(e.target.value)}
            />
          )}
        </Field>
        <Field label={DUTY.ends} required error={wrongTime(ends)}>
          {(control) => (
            <Input
              {...control}
              placeholder={DUTY.timeHint}
              value={ends}
              onChange={(e) => setEnds(e.target.value)}
            />
          )}
        </Field>
      </div>
      <Field label={DUTY.lead}>
        {(control) => (
          <Select
            {...control}
            allowClear
            showSearch={{ optionFilterProp: "label" }}
            placeholder={DUTY.choose}
            value={leadId}
            onChange={(value) => setLeadId(value ?? null)}
            options={options("leads")}
            style={{ width: "100%" }}
          />
        )}
      </Field>
      <Field label={DUTY.members}>
        {(control) => (
          <Select
            {...control}
            mode="multiple"
            showSearch={{ optionFilterProp: "label" }}
            placeholder={DUTY.choose}
            value={memberIds}
            onChange={setMemberIds}
            options={options("all")}
            style={{ width: "100%" }}
          />
        )}
      </Field>
      {failed && <Notice tone="wrong">{sentenceOf(failed)}</Notice>}
      <div className="dialog-foot">
        {id !== null && (
          <Button loading={remove.isPending} onClick={() => remove.mutate(id)}>
            {DUTY.remove}
          </Button>
        )}
        <Button onClick={onClose}>{T.cancel}</Button>
        <Button
          type="primary"
          loading={save.isPending}
          disabled={name.trim() === "" || wrongTime(starts) !== null || wrongTime(ends) !== null}
          onClick={() => save.mutate()}
        >
          {T.save}
        </Button>
      </div>
    </Dialog>
  );
}

/** Beijing's clock, wherever the browser stands, as it is typed: "2026-11-20 08:00". */
const localOf = minuteText;
const isoOf = (local: string): string => new Date(`${local.trim().replace(" ", "T")}:00+08:00`).toISOString();

function wrongTime(local: string): string | null {
  const [day = "", time = ""] = local.trim().split(" ");
  const right = parseDay(day) !== null && /^([01]\d|2[0-3]):[0-5]\d$/.test(time);
  return right ? null : DUTY.timeWrong;
}
