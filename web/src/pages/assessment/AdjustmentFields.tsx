/** 加减分项的填写. The items of a rule set that may be given, their caps, and the bounds of the score. */
import { ADJUSTMENT_KIND_NAMES, ADJUSTMENT_KINDS } from "@jiesu/core/assessment/adjustment.ts";
import { Button } from "antd";
import { useId } from "react";
import { LEDGER } from "../../texts/ledger.ts";
import { Field } from "../../ui/Field.tsx";
import { type Body, isBody, itemsOf, placeText, valueAt, withValue } from "./ruletext.ts";

const W = LEDGER.rules;
const TOTALS = ["mostBonus", "mostPenalty", "score.least", "score.most"] as const;
const TEXTS = ["key", "name", "mostEach", "mostPerUnit", "evidence", "source"] as const;
/** What a rule set that begins to have points starts from; the figures are for the paper to say. */
const BEGUN = { items: [], mostBonus: "", mostPenalty: "", score: { least: "0", most: "" } };
const NEW_ITEM = {
  key: "",
  name: "",
  kind: "bonus",
  mostEach: "",
  mostPerUnit: "",
  evidence: "",
  source: "",
};

export function AdjustmentFields(props: {
  readonly body: Body;
  readonly change: (body: Body) => void;
  readonly wrong: (path: string) => string | null;
}) {
  const { body, change, wrong } = props;
  const on = isBody(body.adjustments);
  const items = itemsOf(body);
  const setItems = (next: readonly Body[]) => change(withValue(body, "adjustments.items", next));
  return (
    <fieldset className="card ledger-card ledger-inner">
      <legend>{W.adjustments}</legend>
      <label className="choice">
        <input
          type="checkbox"
          checked={on}
          onChange={(e) => change(withValue(body, "adjustments", e.target.checked ? BEGUN : undefined))}
        />
        {W.adjustmentsOn}
      </label>
      {on && (
        <div className="rule-form">
          {TOTALS.map((key) => (
            <Text
              key={key}
              label={placeText(`adjustments.${key}`)}
              value={valueAt(body, `adjustments.${key}`)}
              error={wrong(`adjustments.${key}`)}
              set={(text) => change(withValue(body, `adjustments.${key}`, text))}
            />
          ))}
        </div>
      )}
      {on && wrong("adjustments.score") && <p className="field-error">{wrong("adjustments.score")}</p>}
      {items.map((item, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an item being written has no other key than its place
        <fieldset key={at} className="rule-item">
          <legend>{W.itemNo(at + 1)}</legend>
          <div className="rule-form">
            <Kind value={item.kind} set={(kind) => setItems(items.with(at, { ...item, kind }))} />
            {TEXTS.map((key) => (
              <Text
                key={key}
                label={W.itemFields[key]}
                value={item[key]}
                error={wrong(`adjustments.items[${at}].${key}`)}
                set={(text) => setItems(items.with(at, { ...item, [key]: text }))}
              />
            ))}
          </div>
          <Button size="small" onClick={() => setItems(items.toSpliced(at, 1))}>
            {W.dropItem}
          </Button>
        </fieldset>
      ))}
      {on && (
        <p>
          <Button size="small" onClick={() => setItems([...items, NEW_ITEM])}>
            {W.addItem}
          </Button>
        </p>
      )}
    </fieldset>
  );
}

function Kind({ value, set }: { value: unknown; set: (kind: string) => void }) {
  const id = useId();
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {W.itemFields.kind}
      </label>
      <select id={id} className="native" value={String(value ?? "")} onChange={(e) => set(e.target.value)}>
        {ADJUSTMENT_KINDS.map((kind) => (
          <option key={kind} value={kind}>
            {ADJUSTMENT_KIND_NAMES[kind]}
          </option>
        ))}
      </select>
    </div>
  );
}

function Text(props: { label: string; value: unknown; error: string | null; set: (text: string) => void }) {
  return (
    <Field label={props.label} error={props.error}>
      {(control) => (
        <input
          {...control}
          className="native"
          value={typeof props.value === "string" ? props.value : ""}
          onChange={(e) => props.set(e.target.value)}
        />
      )}
    </Field>
  );
}
