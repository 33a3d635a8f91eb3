/** One of a few: every option in sight, one press each; a second press on the chosen one leaves it blank. */
import { useId } from "react";

export function Choice<T extends string>(props: {
  readonly label: string;
  readonly required?: boolean | undefined;
  readonly options: readonly { readonly value: T; readonly label: string }[];
  readonly value: T | undefined;
  readonly onChange: (value: T | undefined) => void;
  /** Whether no answer is an answer. */
  readonly mayBeBlank?: boolean;
  readonly blankWord?: string;
}) {
  const name = useId();
  return (
    <fieldset className="choices field-gap">
      <legend className="field-label">
        {props.label}
        {props.required && <span className="must">（必填）</span>}
      </legend>
      {props.options.map((option) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            checked={props.value === option.value}
            onChange={() => props.onChange(option.value)}
          />
          {option.label}
        </label>
      ))}
      {props.mayBeBlank && (
        <label className="choice">
          <input
            type="radio"
            name={name}
            checked={props.value === undefined}
            onChange={() => props.onChange(undefined)}
          />
          {props.blankWord ?? "未回答"}
        </label>
      )}
    </fieldset>
  );
}
