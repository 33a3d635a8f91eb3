/** 单位撤并. Into which, from when, by which paper; what is open is shown and goes over only when it is said so. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { useQueryClient } from "@tanstack/react-query";
import { Button, Checkbox, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { Unit } from "../../api/types.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { refreshUnits, type UnitWhole } from "./queries.ts";

export function MergeDialog(props: { unit: UnitWhole; units: readonly Unit[]; onClose: () => void }) {
  const { unit } = props;
  const session = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${session.login}.merge.${unit.id}`, {
    into: null as string | null,
    source: "",
    from: dayOf(Date.now()) as string,
    moveWork: false,
  });
  const { value, set } = draft;
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { used } = unit;
  const active = used.users.filter((u) => u.active).length;
  const merge = async (event: FormEvent) => {
    event.preventDefault();
    if (value.into === null) return;
    setBusy(true);
    setRefused(null);
    try {
      const moved = await bodyOf(
        http.POST("/api/units/{id}/merge", {
          params: { path: { id: unit.id } },
          body: { ...value, into: value.into, version: unit.version },
        }),
      );
      draft.drop();
      say(ADMIN.mergeDone(moved.tickets, moved.users));
      refreshUnits(queries);
      props.onClose();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <Dialog title={ADMIN.mergeOf(unit.name)} onClose={props.onClose} width={600}>
      <form onSubmit={merge}>
        <Field label={ADMIN.into} required>
          {(control) => (
            <Select
              {...control}
              style={{ width: "100%" }}
              showSearch={{ optionFilterProp: "label" }}
              value={value.into}
              options={props.units
                .filter((u) => u.id !== unit.id && u.mergedInto === null && u.validTo === null)
                .map((u) => ({ value: u.id, label: u.name }))}
              onChange={(into: string) => set({ into })}
            />
          )}
        </Field>
        <Field label={ADMIN.from} required>
          {(control) => (
            <input
              {...control}
              className="native"
              type="date"
              value={value.from}
              onChange={(e) => set({ from: e.target.value })}
            />
          )}
        </Field>
        <Field label={ADMIN.source} required>
          {(control) => (
            <Input
              {...control}
              maxLength={60}
              value={value.source}
              onChange={(e) => set({ source: e.target.value })}
            />
          )}
        </Field>
        <p className="quiet field-gap">{ADMIN.mergeAbout}</p>
        {used.open + active > 0 && (
          <div className="field-gap">
            <Notice tone="near">
              {ADMIN.openTickets} {ADMIN.piece(used.open)}，{ADMIN.people} {active} 个。
              {used.tickets.length > 0 && (
                <>
                  {ADMIN.mergeStopped}
                  {used.tickets.map((t) => t.number).join("、")}
                  {used.open > used.tickets.length && `；${ADMIN.more(used.open - used.tickets.length)}`}
                </>
              )}
            </Notice>
            <Checkbox checked={value.moveWork} onChange={(e) => set({ moveWork: e.target.checked })}>
              {ADMIN.moveWork}
            </Checkbox>
          </div>
        )}
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <div className="dialog-foot">
          <Button onClick={props.onClose}>{T.cancel}</Button>
          <Button type="primary" htmlType="submit" loading={busy} disabled={value.into === null}>
            {ADMIN.merge}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
