/** 起草时限. The rows of a version with other amounts, units, reminders and words; checked before it is kept. */
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import { Button, Input, InputNumber, Radio, Select } from "antd";
import { useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { RuleLook } from "./RuleLook.tsx";
import type { RuleVersion } from "./rulequeries.ts";
import { useRuleDraft } from "./useRuleDraft.ts";

type Raw = Record<string, unknown>;
const isRaw = (value: unknown): value is Raw =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const UNITS = ["hours", "days", "workdays"] as const;

export function LimitsDialog({ base, onClose }: { base: RuleVersion; onClose: () => void }) {
  const session = useSession();
  const draft = useDraft(`${session.login}.limits.${base.name}.${base.version}`, {
    from: base.status === "draft" ? base.from : (addDays(dayOf(Date.now()), 1) as string),
    source: base.status === "draft" ? base.source : "",
    appliesTo: base.body.appliesTo === "running" ? "running" : "new",
    rows: Array.isArray(base.body.rows) ? base.body.rows.filter(isRaw) : [],
  });
  const { value, set } = draft;
  const rule = useRuleDraft(
    base,
    () => ({
      ...{ kind: "deadline" as const, from: value.from, source: value.source },
      body: {
        ...(base.body.workingPeriods ? { workingPeriods: base.body.workingPeriods } : {}),
        ...(value.appliesTo === "running" ? { appliesTo: value.appliesTo } : {}),
        rows: value.rows,
      },
    }),
    () => {
      draft.drop();
      onClose();
    },
  );
  const change = (at: number, more: Raw) =>
    set({ rows: value.rows.map((row, i) => (i === at ? { ...row, ...more } : row)) });
  return (
    <Dialog title={`${ADMIN.draftOf}：${ADMIN.deadline}`} onClose={onClose} width={980}>
      <div className="two-columns">
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
      </div>
      <Field label={ADMIN.appliesTo} hint={ADMIN.appliesToHint}>
        {(control) => (
          <Radio.Group
            {...control}
            value={value.appliesTo}
            options={(["new", "running"] as const).map((each) => ({
              value: each,
              label: ADMIN.applies[each],
            }))}
            onChange={(e) => set({ appliesTo: String(e.target.value) })}
          />
        )}
      </Field>
      <table className="work-table limits-edit">
        <thead>
          <tr>
            {[ADMIN.clock, ADMIN.when, ADMIN.amount, ADMIN.unitOf, ADMIN.note].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {value.rows.map((row, at) => {
            const known = base.rows.find((r) => r.id === row.id);
            const limit = isRaw(row.limit) ? row.limit : {};
            const name = `${known?.clockZh ?? ""}${known?.whenZh ?? ""}`;
            return (
              <tr key={String(row.id)}>
                <td data-nowrap>{known?.clockZh}</td>
                <td>{known?.whenZh}</td>
                <td>
                  <InputNumber
                    aria-label={`${name}${ADMIN.amount}`}
                    style={{ width: 90 }}
                    min={0}
                    value={Number(limit.amount)}
                    onChange={(amount) => change(at, { limit: { ...limit, amount: amount ?? 0 } })}
                  />
                </td>
                <td>
                  <Select
                    aria-label={`${name}${ADMIN.unitOf}`}
                    style={{ width: 110 }}
                    value={String(limit.unit)}
                    options={UNITS.map((u) => ({ value: u, label: ADMIN.units[u] }))}
                    onChange={(unit) => change(at, { limit: { unit, amount: limit.amount } })}
                  />
                </td>
                <td>
                  <Input
                    aria-label={`${name}${ADMIN.note}`}
                    value={typeof row.note === "string" ? row.note : ""}
                    onChange={(e) => {
                      const { note: _before, ...rest } = row;
                      const rows = value.rows.with(
                        at,
                        e.target.value ? { ...rest, note: e.target.value } : rest,
                      );
                      set({ rows });
                    }}
                  />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
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
