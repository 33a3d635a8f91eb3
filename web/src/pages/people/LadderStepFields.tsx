/** 阶梯的一步. Its name, when it comes, for which tickets, whom it urges, by which means and in which words. */
import { ALL_CLOCKS, CLOCKS, type ClockKind } from "@jiesu/core/deadline/kind.ts";
import type { Level } from "@jiesu/core/deadline/level.ts";
import type { Means } from "@jiesu/core/notify/means.ts";
import type { LadderStep, StepAt, Target } from "@jiesu/core/urging/ladder.ts";
import { Button, Input, InputNumber, Select } from "antd";
import { ADMIN } from "../../texts/admin.ts";
import { Field } from "../../ui/Field.tsx";

const W = ADMIN.ladder;
type Options<V> = readonly { readonly value: V; readonly label: string }[];
const CLOCK_OPTIONS = ALL_CLOCKS.map((value) => ({ value, label: CLOCKS[value].zh }));

export function LadderStepFields(props: {
  readonly step: LadderStep;
  readonly targets: Options<Target>;
  readonly means: Options<Means>;
  readonly levels: Options<Level>;
  readonly onChange: (step: LadderStep) => void;
  readonly onRemove: () => void;
}) {
  const { step } = props;
  const change = (more: Partial<LadderStep>) => props.onChange({ ...step, ...more });
  const { level, clock } = step.when;
  const whenWith = (more: { level?: readonly Level[]; clock?: readonly ClockKind[] }) => {
    const next = { ...step.when, ...more };
    change({
      when: {
        ...(next.level && next.level.length > 0 ? { level: next.level } : {}),
        ...(next.clock && next.clock.length > 0 ? { clock: next.clock } : {}),
      },
    });
  };
  return (
    <fieldset className="ladder-step">
      <legend>{step.zh || W.unnamed}</legend>
      <div className="ladder-grid">
        <Field label={W.name} required>
          {(control) => (
            <Input
              {...control}
              maxLength={20}
              value={step.zh}
              onChange={(e) => change({ zh: e.target.value })}
            />
          )}
        </Field>
        <At at={step.at} onChange={(at) => change({ at })} />
        <Field label={W.level} hint={W.emptyIsAll}>
          {(control) => (
            <Select<Level[]>
              {...control}
              mode="multiple"
              style={{ width: "100%" }}
              value={[...(level ?? [])]}
              options={[...props.levels]}
              onChange={(chosen) => whenWith({ level: chosen })}
            />
          )}
        </Field>
        <Field label={W.clock} hint={W.emptyIsAll}>
          {(control) => (
            <Select<ClockKind[]>
              {...control}
              mode="multiple"
              style={{ width: "100%" }}
              value={[...(clock ?? [])]}
              options={CLOCK_OPTIONS}
              onChange={(chosen) => whenWith({ clock: chosen })}
            />
          )}
        </Field>
        <Field label={W.to} required>
          {(control) => (
            <Select<Target[]>
              {...control}
              mode="multiple"
              style={{ width: "100%" }}
              value={[...step.to]}
              options={[...props.targets]}
              onChange={(to) => change({ to })}
            />
          )}
        </Field>
        <Field label={W.by} required>
          {(control) => (
            <Select<Means[]>
              {...control}
              mode="multiple"
              style={{ width: "100%" }}
              value={[...step.by]}
              options={[...props.means]}
              onChange={(by) => change({ by })}
            />
          )}
        </Field>
      </div>
      <Field label={W.words} required hint={W.wordsHint}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={step.words}
            onChange={(e) => change({ words: e.target.value })}
          />
        )}
      </Field>
      <Button onClick={props.onRemove} aria-label={`${W.remove} ${step.zh}`}>
        {W.remove}
      </Button>
    </fieldset>
  );
}

const KINDS = ["near", "due", "beforeDue", "hours", "days", "workdays"] as const;
type AtKind = (typeof KINDS)[number];

/** When the step comes: a point of the clock, or so much before or after its due time. */
function At({ at, onChange }: { at: StepAt; onChange: (at: StepAt) => void }) {
  const kind = kindOf(at);
  const amount = amountOf(at);
  return (
    <Field label={W.at} required>
      {(control) => (
        <div className="ladder-at">
          <Select<AtKind>
            {...control}
            style={{ width: 150 }}
            value={kind}
            options={KINDS.map((value) => ({ value, label: W.atKinds[value] }))}
            onChange={(next) => onChange(atOf(next, amount))}
          />
          {kind !== "near" && kind !== "due" && (
            <InputNumber
              aria-label={W.amount}
              min={kind === "days" || kind === "workdays" ? 1 : 0}
              value={amount}
              onChange={(n) => onChange(atOf(kind, n ?? 1))}
            />
          )}
        </div>
      )}
    </Field>
  );
}

function kindOf(at: StepAt): AtKind {
  if (typeof at === "string") return at;
  return "beforeDue" in at ? "beforeDue" : at.unit;
}

function amountOf(at: StepAt): number {
  if (typeof at === "string") return 1;
  return "beforeDue" in at ? at.beforeDue : at.overdue;
}

function atOf(kind: AtKind, amount: number): StepAt {
  if (kind === "near" || kind === "due") return kind;
  return kind === "beforeDue" ? { beforeDue: amount, unit: "hours" } : { overdue: amount, unit: kind };
}
