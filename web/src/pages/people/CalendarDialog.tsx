/** 录入工作日历. One year's days off and days worked, by its notice; checked, with what it would move, before it is kept. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { Button, Input } from "antd";
import { useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { RuleLook } from "./RuleLook.tsx";
import { daysOf, type RuleVersion, typedDays } from "./rulequeries.ts";
import { useRuleDraft } from "./useRuleDraft.ts";

export function CalendarDialog({ base, onClose }: { base: RuleVersion | null; onClose: () => void }) {
  const session = useSession();
  const today: string = dayOf(Date.now());
  const draft = useDraft(`${session.login}.calendar.${base ? `${base.name}.${base.version}` : "new"}`, {
    year: String(base?.body.year ?? Number(today.slice(0, 4)) + 1),
    from: base?.status === "draft" ? base.from : today,
    source: base?.status === "draft" ? base.source : "",
    off: base ? daysOf(base.body, "off").join("\n") : "",
    work: base ? daysOf(base.body, "work").join("\n") : "",
  });
  const { value, set } = draft;
  const rule = useRuleDraft(
    base,
    () => ({
      kind: "calendar",
      from: value.from,
      source: value.source,
      body: { year: Number(value.year), off: typedDays(value.off), work: typedDays(value.work) },
    }),
    () => {
      draft.drop();
      onClose();
    },
  );
  const text = (key: "year" | "source", label: string) => (
    <Field label={label} required>
      {(control) => (
        <Input
          {...control}
          maxLength={300}
          value={value[key]}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  const days = (key: "off" | "work", label: string) => (
    <Field label={label} hint={ADMIN.daysHint}>
      {(control) => (
        <Input.TextArea
          {...control}
          rows={8}
          value={value[key]}
          onChange={(e) => set({ [key]: e.target.value })}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={`${ADMIN.draftOf}：${ADMIN.calendar}`} onClose={onClose} width={760}>
      <div className="two-columns">
        {text("year", ADMIN.year)}
        <Field label={ADMIN.begins} required>
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
        <div className="whole">{text("source", ADMIN.source)}</div>
        {days("off", ADMIN.offDays)}
        {days("work", ADMIN.workDays)}
      </div>
      {rule.looked && <RuleLook {...rule.looked} />}
      {rule.refused && <Notice tone="wrong">{rule.refused}</Notice>}
      <div className="dialog-foot">
        <Button onClick={onClose}>{T.cancel}</Button>
        <Button onClick={() => void rule.check()}>{ADMIN.look}</Button>
        <Button type="primary" onClick={() => void rule.keep()}>
          {T.save}
        </Button>
      </div>
    </Dialog>
  );
}
