/** The fields of a rule set: every figure that a rate, score or rank depends on, with what is wrong beside it. */
import {
  ANSWERS,
  ENTRY_SCOPES,
  QUESTION_NAMES,
  QUESTIONS,
  STAT_SCOPES,
} from "@jiesu/core/assessment/entry.ts";
import { FIGURE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { Button } from "antd";
import { LEDGER } from "../../texts/ledger.ts";
import { Field } from "../../ui/Field.tsx";
import { AdjustmentFields } from "./AdjustmentFields.tsx";
import { type Body, groupsOf, kindText, listAt, placeText, valueAt, withValue } from "./ruletext.ts";

const W = LEDGER.rules;
const KINDS = ["street", "town", "bureau", "company", "other"] as const;

interface Editing {
  readonly body: Body;
  readonly change: (body: Body) => void;
  readonly wrong: (path: string) => string | null;
}

export function RuleFields(props: Editing & { readonly isNew: boolean }) {
  const { body, change } = props;
  const setBase = (formula: string) =>
    change({ ...body, base: formula === "validCallback" ? { formula, blanks: "exclude" } : { formula } });
  return (
    <>
      <fieldset className="card ledger-card ledger-inner">
        <legend>{W.basics}</legend>
        <div className="rule-form">
          {props.isNew && <Text {...props} path="name" label={W.name} />}
          <Text {...props} path="title" label={W.ruleTitle} />
          <Text {...props} path="from" label={W.from} type="date" />
          <Choose
            {...props}
            path="binds"
            label={W.binds}
            options={W.bindings}
            fallback="period"
            hint={W.bindsHint[valueAt(body, "binds") === "day" ? "day" : "period"]}
            // As rule sets have always been written: only the other way is said.
            onPick={(value) => change(withValue(body, "binds", value === "day" ? value : undefined))}
          />
          <Choose {...props} path="level" label={W.level} options={W.levels} fallback="district" />
          <Text {...props} path="period" label={W.period} />
          <div className="wide">
            <Text {...props} path="source" label={W.source} />
          </div>
        </div>
      </fieldset>
      <fieldset className="card ledger-card ledger-inner">
        <legend>{W.weights}</legend>
        <div className="rule-form">
          {QUESTIONS.map((q) => (
            <Text key={q} {...props} path={`weights.${q}`} label={placeText(`weights.${q}`)} />
          ))}
        </div>
        {props.wrong("weights") && <p className="field-error">{props.wrong("weights")}</p>}
      </fieldset>
      <fieldset className="card ledger-card ledger-inner">
        <legend>{W.worths}</legend>
        <div className="rule-form">
          {QUESTIONS.flatMap((q) =>
            ANSWERS[q].map((answer) => (
              <Text key={answer} {...props} path={`answers.${q}.${answer}`} label={FIGURE_NAMES[answer]} />
            )),
          )}
        </div>
      </fieldset>
      <fieldset className="card ledger-card ledger-inner">
        <legend>{W.scopes}</legend>
        <div className="rule-form">
          <Choose {...props} path="base.formula" label={W.base} options={W.bases} onPick={setBase} />
          {valueAt(body, "base.formula") === "validCallback" && (
            <Choose {...props} path="base.blanks" label={W.blanks} options={W.blankRules} />
          )}
          {STAT_SCOPES.flatMap((s) =>
            ENTRY_SCOPES.map((e) => <Questions key={`${s}.${e}`} {...props} path={`scopes.${s}.${e}`} />),
          )}
        </div>
      </fieldset>
      <fieldset className="card ledger-card ledger-inner">
        <legend>{W.ranking}</legend>
        <div className="rule-form">
          <Whole {...props} path="rate.digits" label={W.digits} />
          <Whole {...props} path="score.digits" label={W.scoreDigits} />
          <Choose {...props} path="score.rankBy" label={W.rankBy} options={W.rankBys} />
          <Choose {...props} path="ties" label={W.ties} options={W.tieRules} />
          <Choose {...props} path="volume" label={W.volume} options={W.volumes} />
          <Whole {...props} path="minimumVolume" label={W.minimum} />
          <Choose {...props} path="total" label={W.total} options={W.totals} />
        </div>
      </fieldset>
      <AdjustmentFields {...props} />
      <Groups {...props} />
    </>
  );
}

function Text(props: Editing & { path: string; label: string; type?: string }) {
  const { body, path, change } = props;
  const value = valueAt(body, path);
  return (
    <Field label={props.label} error={props.wrong(path)}>
      {(control) => (
        <input
          {...control}
          className="native"
          type={props.type ?? "text"}
          value={typeof value === "string" ? value : ""}
          onChange={(e) => change(withValue(body, path, e.target.value))}
        />
      )}
    </Field>
  );
}

function Whole(props: Editing & { path: string; label: string }) {
  const { body, path, change } = props;
  const value = valueAt(body, path);
  return (
    <Field label={props.label} error={props.wrong(path)}>
      {(control) => (
        <input
          {...control}
          className="native"
          type="number"
          min={0}
          value={typeof value === "number" ? value : ""}
          onChange={(e) =>
            change(withValue(body, path, e.target.value === "" ? undefined : Number(e.target.value)))
          }
        />
      )}
    </Field>
  );
}

function Choose(
  props: Editing & {
    path: string;
    label: string;
    options: Readonly<Record<string, string>>;
    fallback?: string;
    hint?: string;
    onPick?: (value: string) => void;
  },
) {
  const { body, path, change } = props;
  return (
    <Field label={props.label} error={props.wrong(path)} hint={props.hint}>
      {(control) => (
        <select
          {...control}
          className="native"
          value={String(valueAt(body, path) ?? props.fallback ?? "")}
          onChange={(e) =>
            props.onPick ? props.onPick(e.target.value) : change(withValue(body, path, e.target.value))
          }
        >
          {Object.entries(props.options).map(([value, zh]) => (
            <option key={value} value={value}>
              {zh}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** Which rates tickets of this scope count in. */
function Questions({ body, path, change, wrong }: Editing & { path: string }) {
  const listed = listAt(body, path);
  return (
    <fieldset className="rule-questions">
      <legend>{placeText(path)}</legend>
      <div className="rule-checks">
        {QUESTIONS.map((q) => (
          <label key={q} className="choice">
            <input
              type="checkbox"
              checked={listed.includes(q)}
              onChange={(e) => {
                const next = QUESTIONS.filter((each) =>
                  each === q ? e.target.checked : listed.includes(each),
                );
                change(withValue(body, path, next));
              }}
            />
            {QUESTION_NAMES[q]}
          </label>
        ))}
      </div>
      {wrong(path) && <p className="field-error">{wrong(path)}</p>}
    </fieldset>
  );
}

function Groups({ body, change, wrong }: Editing) {
  const groups = groupsOf(body);
  return (
    <fieldset className="card ledger-card ledger-inner">
      <legend>{W.groups}</legend>
      {groups.map((group, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a group being named has no other key than its place
        <div key={at} className="rule-group">
          <input
            className="native"
            aria-label={`${W.groupName} ${at + 1}`}
            value={group.name}
            onChange={(e) => change({ ...body, groups: groups.with(at, { ...group, name: e.target.value }) })}
          />
          <div className="rule-checks">
            {KINDS.map((kind) => (
              <label key={kind} className="choice">
                <input
                  type="checkbox"
                  checked={group.kinds.includes(kind)}
                  onChange={(e) => {
                    const kinds = KINDS.filter((k) =>
                      k === kind ? e.target.checked : group.kinds.includes(k),
                    );
                    change({ ...body, groups: groups.with(at, { ...group, kinds }) });
                  }}
                />
                {kindText(kind)}
              </label>
            ))}
          </div>
          <input
            className="native rule-classes"
            aria-label={`${W.groupClasses} ${at + 1}`}
            placeholder={W.groupClasses}
            value={group.classes?.join("、") ?? ""}
            onChange={(e) => {
              const { classes: _before, ...rest } = group;
              const classes = e.target.value.split(/[、，,]/);
              const next = e.target.value === "" ? rest : { ...rest, classes };
              change({ ...body, groups: groups.with(at, next) });
            }}
          />
          <Button size="small" onClick={() => change({ ...body, groups: groups.toSpliced(at, 1) })}>
            {W.dropGroup}
          </Button>
          {(wrong(`groups[${at}].name`) ?? wrong(`groups[${at}].kinds`)) && (
            <p className="field-error">{wrong(`groups[${at}].name`) ?? wrong(`groups[${at}].kinds`)}</p>
          )}
        </div>
      ))}
      {wrong("groups") && <p className="field-error">{wrong("groups")}</p>}
      <p>
        <Button
          size="small"
          onClick={() => change({ ...body, groups: [...groups, { name: "", kinds: [] }] })}
        >
          {W.addGroup}
        </Button>
      </p>
    </fieldset>
  );
}
