/** One labelled field of a form, with its hint and what is wrong with it. */
import { type ReactNode, useId } from "react";

interface FieldControl {
  readonly id: string;
  readonly "aria-describedby"?: string;
  readonly "aria-invalid"?: true;
}

export function Field(props: {
  readonly label: string;
  readonly required?: boolean | undefined;
  readonly hint?: ReactNode;
  readonly error?: string | null | undefined;
  readonly children: (control: FieldControl) => ReactNode;
}) {
  const id = useId();
  const about = props.hint || props.error ? `${id}-about` : undefined;
  return (
    <div className="field">
      <label className="field-label" htmlFor={id}>
        {props.label}
        {props.required && <span className="must">（必填）</span>}
      </label>
      {props.children({
        id,
        ...(about ? { "aria-describedby": about } : {}),
        ...(props.error ? { "aria-invalid": true } : {}),
      })}
      {about && (
        <div id={about} className={props.error ? "field-error" : "field-hint"}>
          {props.error ?? props.hint}
        </div>
      )}
    </div>
  );
}
