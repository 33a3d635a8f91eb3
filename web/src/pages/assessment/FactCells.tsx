/** Cells of a table that is filled in: arrows go from row to row; the paper and the button stand over it. */
import { Button, Input } from "antd";
import type { KeyboardEvent, ReactNode } from "react";
import { FACTS } from "../../texts/adjustment.ts";
import { Field } from "../../ui/Field.tsx";

const W = FACTS;

export function CellInput(props: {
  label: string;
  value: string;
  set: (text: string) => void;
  maxLength: number;
  list?: string;
  inputMode?: "numeric";
  wrong?: string | null;
}) {
  return (
    <input
      className="native fact-cell"
      aria-label={props.label}
      aria-invalid={props.wrong ? true : undefined}
      title={props.wrong ?? undefined}
      autoComplete="off"
      maxLength={props.maxLength}
      list={props.list}
      inputMode={props.inputMode}
      value={props.value}
      onChange={(e) => props.set(e.target.value)}
      onKeyDown={onCellKey}
    />
  );
}

/** Up and down go to the same cell of the neighbouring row, unless a list of choices is open under it. */
function onCellKey(event: KeyboardEvent<HTMLInputElement>): void {
  const down = event.key === "ArrowDown" || event.key === "Enter";
  if ((!down && event.key !== "ArrowUp") || event.nativeEvent.isComposing) return;
  const row = event.currentTarget.closest("tr");
  const next = (down ? row?.nextElementSibling : row?.previousElementSibling)?.querySelector("input");
  event.preventDefault();
  next?.focus();
}

export function PaperAndSave(props: {
  source: string;
  setSource: (source: string) => void;
  count: number;
  disabled: boolean;
  children?: ReactNode;
}) {
  return (
    <>
      {props.children}
      <Field label={W.paper} required hint={W.paperHint}>
        {(control) => (
          <Input
            {...control}
            maxLength={200}
            value={props.source}
            onChange={(e) => props.setSource(e.target.value)}
          />
        )}
      </Field>
      <Button
        type="primary"
        htmlType="submit"
        disabled={props.count === 0 || props.source.trim() === "" || props.disabled}
      >
        {W.save(props.count)}
      </Button>
    </>
  );
}

/** Every entry ever made, the one that counts first. */
export function History({ of }: { of: readonly string[] }) {
  if (of.length === 0) return <span className="quiet">{W.noHistory}</span>;
  return (
    <details>
      <summary>{of.length}</summary>
      <ul className="fact-history">
        {of.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </details>
  );
}
