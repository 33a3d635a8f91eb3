/** 起草考核周期. Start day, hour of the daily report, the day from which 办结 counts, and single periods with days of their own. */
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import { Button, Input, InputNumber } from "antd";
import { useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { RuleLook } from "./RuleLook.tsx";
import { type OverrideRow, overridesOf, type RuleVersion } from "./rulequeries.ts";
import { useRuleDraft } from "./useRuleDraft.ts";

const W = ADMIN.periods;

/** A row keeps its place while it is typed into. */
interface Edited extends OverrideRow {
  readonly id: number;
}

export function PeriodDialog({ base, onClose }: { base: RuleVersion; onClose: () => void }) {
  const session = useSession();
  const { body } = base;
  const draft = useDraft(`${session.login}.period.${base.name}.${base.version}`, {
    from: base.status === "draft" ? base.from : (addDays(dayOf(Date.now()), 1) as string),
    source: base.status === "draft" ? base.source : "",
    startDay: Number(body.startDay),
    reportAt: String(body.reportAt),
    doneDay: typeof body.doneDay === "number" ? body.doneDay : null,
    overrides: (base.status === "draft" ? overridesOf(body) : []).map((row, id): Edited => ({ ...row, id })),
  });
  const { value, set } = draft;
  const rule = useRuleDraft(
    base,
    () => ({
      ...{ kind: "period" as const, from: value.from, source: value.source },
      body: {
        ...{ name: body.name, startDay: value.startDay, reportAt: value.reportAt },
        ...(value.doneDay === null ? {} : { doneDay: value.doneDay }),
        overrides: value.overrides.map(({ id: _place, ...row }) => row),
      },
    }),
    () => {
      draft.drop();
      onClose();
    },
  );
  const dayOfMonth = (label: string, hint: string, now: number | null, to: (day: number | null) => void) => (
    <Field label={label} hint={hint}>
      {(control) => (
        <InputNumber
          {...control}
          style={{ width: 120 }}
          min={1}
          max={28}
          precision={0}
          suffix={W.dayOfMonth}
          value={now}
          onChange={to}
        />
      )}
    </Field>
  );
  return (
    <Dialog title={`${ADMIN.draftOf}：${ADMIN.period} ${String(body.name)}`} onClose={onClose} width={980}>
      <div className="two-columns">
        <Field label={W.from} required hint={W.fromHint}>
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
              maxLength={300}
              value={value.source}
              onChange={(e) => set({ source: e.target.value })}
            />
          )}
        </Field>
        {dayOfMonth(W.startDay, W.startDayHint, value.startDay, (day) => set({ startDay: day ?? 0 }))}
        <Field label={W.reportAt} required hint={W.reportAtHint}>
          {(control) => (
            <input
              {...control}
              className="native"
              type="time"
              value={value.reportAt}
              onChange={(e) => set({ reportAt: e.target.value })}
            />
          )}
        </Field>
        {dayOfMonth(W.doneDay, W.doneDayHint, value.doneDay, (day) => set({ doneDay: day }))}
      </div>
      <Overrides rows={value.overrides} onChange={(overrides) => set({ overrides })} />
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

function Overrides(props: { readonly rows: readonly Edited[]; readonly onChange: (rows: Edited[]) => void }) {
  const { rows, onChange } = props;
  const next = 1 + Math.max(-1, ...rows.map((row) => row.id));
  const field = (row: Edited, at: number, key: keyof OverrideRow, title: string) => (
    <input
      className="native"
      type={key === "period" ? "month" : "date"}
      aria-label={W.overrideOf(at + 1, title)}
      value={row[key]}
      onChange={(e) => onChange(rows.with(at, { ...row, [key]: e.target.value }))}
    />
  );
  return (
    <fieldset className="rule-overrides">
      <legend>{W.overrides}</legend>
      <p className="quiet">{W.overridesHint}</p>
      {rows.map((row, at) => (
        <div className="rule-override" key={row.id}>
          {field(row, at, "period", W.period)}
          {field(row, at, "from", W.firstDay)}
          {field(row, at, "to", W.last)}
          <Button onClick={() => onChange(rows.toSpliced(at, 1))} aria-label={W.dropOverride(at + 1)}>
            {W.drop}
          </Button>
        </div>
      ))}
      <Button onClick={() => onChange([...rows, { id: next, period: "", from: "", to: "" }])}>
        {W.addOverride}
      </Button>
    </fieldset>
  );
}
