/** 起草催办阶梯. Steps, quiet hours and urging by hand of a version, changed field by field; checked before it is kept. */
import { LEVELS, type Level } from "@jiesu/core/deadline/level.ts";
import { MEANS, type Means } from "@jiesu/core/notify/means.ts";
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import { type Ladder, type LadderStep, type Quiet, TARGETS, type Target } from "@jiesu/core/urging/ladder.ts";
import { Button, Input, InputNumber, Select } from "antd";
import { useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { LadderStepFields } from "./LadderStepFields.tsx";
import { ladderIn } from "./ladderin.ts";
import { RuleLook } from "./RuleLook.tsx";
import type { RuleVersion } from "./rulequeries.ts";
import { useRuleDraft } from "./useRuleDraft.ts";

const W = ADMIN.ladder;
const optionsOf = <K extends string>(of: Readonly<Record<K, string>>) =>
  (Object.keys(of) as K[]).map((value) => ({ value, label: of[value] }));
const TARGET_OPTIONS = optionsOf<Target>(TARGETS);
const MEANS_OPTIONS = (Object.keys(MEANS) as Means[]).map((value) => ({ value, label: MEANS[value].zh }));
const LEVEL_OPTIONS = ([1, 2, 3, 4] as const).map((value) => ({ value, label: LEVELS[value].zh }));

export function LadderDialog({ base, onClose }: { base: RuleVersion; onClose: () => void }) {
  const session = useSession();
  const draft = useDraft(`${session.login}.ladder.${base.name}.${base.version}`, {
    from: base.status === "draft" ? base.from : (addDays(dayOf(Date.now()), 1) as string),
    source: base.status === "draft" ? base.source : "",
    ladder: ladderIn(base),
  });
  const { value, set } = draft;
  const { ladder } = value;
  const change = (more: Partial<Ladder>) => set({ ladder: { ...ladder, ...more } });
  const rule = useRuleDraft(
    base,
    () => ({
      ...{ kind: "urging" as const, from: value.from, source: value.source },
      body: Object.fromEntries(Object.entries(ladder)),
    }),
    () => {
      draft.drop();
      onClose();
    },
  );
  const putStep = (at: number, step: LadderStep) => change({ steps: ladder.steps.with(at, step) });
  const putQuiet = (at: number, more: Partial<Quiet>) =>
    change({ quiet: ladder.quiet.map((row, i) => (i === at ? { ...row, ...more } : row)) });
  return (
    <Dialog title={`${ADMIN.draftOf}：${ADMIN.urging}`} onClose={onClose} width={980}>
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
      <h3 className="ladder-title">{W.steps}</h3>
      {ladder.steps.map((step, at) => (
        <LadderStepFields
          key={step.id}
          step={step}
          targets={TARGET_OPTIONS}
          means={MEANS_OPTIONS}
          levels={LEVEL_OPTIONS}
          onChange={(next) => putStep(at, next)}
          onRemove={() => change({ steps: ladder.steps.filter((_, i) => i !== at) })}
        />
      ))}
      <Button onClick={() => change({ steps: [...ladder.steps, newStep(ladder)] })}>{W.addStep}</Button>
      <h3 className="ladder-title">{W.quiet}</h3>
      {ladder.quiet.map((row, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows of quiet have no name of their own
        <div key={at} className="ladder-row">
          <Select<Level[]>
            mode="multiple"
            aria-label={W.quietLevels}
            style={{ minWidth: 200 }}
            value={[...row.levels]}
            options={LEVEL_OPTIONS}
            onChange={(levels) => putQuiet(at, { levels })}
          />
          {(["from", "to"] as const).map((end) => (
            <input
              key={end}
              className="native"
              type="time"
              aria-label={end === "from" ? W.quietFrom : W.quietTo}
              value={row[end]}
              onChange={(e) => putQuiet(at, { [end]: e.target.value })}
            />
          ))}
          <label>
            <input
              type="checkbox"
              checked={row.offDays}
              onChange={(e) => putQuiet(at, { offDays: e.target.checked })}
            />{" "}
            {W.offDays}
          </label>
          <Button onClick={() => change({ quiet: ladder.quiet.filter((_, i) => i !== at) })}>
            {W.remove}
          </Button>
        </div>
      ))}
      <Button onClick={() => change({ quiet: [...ladder.quiet, NEW_QUIET] })}>{W.addQuiet}</Button>
      <h3 className="ladder-title">{W.byHand}</h3>
      <div className="ladder-row">
        <Select<Target[]>
          mode="multiple"
          aria-label={`${W.byHand}${W.to}`}
          style={{ minWidth: 240 }}
          value={[...ladder.byHand.to]}
          options={TARGET_OPTIONS}
          onChange={(to) => change({ byHand: { ...ladder.byHand, to } })}
        />
        <Select<Means[]>
          mode="multiple"
          aria-label={`${W.byHand}${W.by}`}
          style={{ minWidth: 240 }}
          value={[...ladder.byHand.by]}
          options={MEANS_OPTIONS}
          onChange={(by) => change({ byHand: { ...ladder.byHand, by } })}
        />
        <Input
          aria-label={`${W.byHand}${W.words}`}
          maxLength={200}
          value={ladder.byHand.words}
          onChange={(e) => change({ byHand: { ...ladder.byHand, words: e.target.value } })}
        />
      </div>
      <div className="two-columns">
        <Field label={W.repeat}>
          {(control) => (
            <InputNumber
              {...control}
              min={0}
              value={ladder.repeatMinutes}
              onChange={(n) => change({ repeatMinutes: n ?? 0 })}
            />
          )}
        </Field>
        <Field label={W.lapse}>
          {(control) => (
            <InputNumber
              {...control}
              min={1}
              value={ladder.lapseHours}
              onChange={(n) => change({ lapseHours: n ?? 1 })}
            />
          )}
        </Field>
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

const NEW_QUIET: Quiet = {
  ...{ levels: [3, 4], owed: ["unit", "coUnit"], from: "21:00", to: "08:00", offDays: false },
};

/** One more step, with an id that no step of the ladder has. */
function newStep({ steps }: Ladder): LadderStep {
  let n = steps.length + 1;
  while (steps.some((step) => step.id === `step-${n}`)) n += 1;
  return {
    ...{ id: `step-${n}`, zh: "", at: "due", when: {}, to: ["holder"], by: ["workbench"] },
    words: "{时限}已于 {到期} 到期，请立即办理。",
  };
}
