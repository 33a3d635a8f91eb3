/** One of a few, by its number: the digits stand beside the options while the keys are theirs. */
import { useId } from "react";
import type { Option } from "./talk.ts";

export function Numbered(props: {
  readonly label: string;
  /** What is said when asking. */
  readonly line?: string;
  readonly options: readonly Option[];
  readonly value: string | undefined;
  readonly numbered: boolean;
  /** The word for no answer, where there may be none. */
  readonly blank?: string;
  readonly onChange: (value: string) => void;
}) {
  const name = useId();
  const options =
    props.blank === undefined ? props.options : [...props.options, { value: "", label: props.blank }];
  return (
    <fieldset className="choices numbered">
      <legend className="field-label">{props.label}</legend>
      {props.line && <p className="talk-line">{props.line}</p>}
      {options.map((option, i) => (
        <label key={option.value} className="choice">
          <input
            type="radio"
            name={name}
            checked={props.value === option.value}
            onChange={() => props.onChange(option.value)}
          />
          {props.numbered && (
            <span className="key" aria-hidden="true">
              {option.value === "" ? 0 : i + 1}
            </span>
          )}
          {option.label}
        </label>
      ))}
    </fieldset>
  );
}
