/** Words to search, filters that fold out, and what is in force as chips that can be taken off one by one. */
import { CloseOutlined, FilterOutlined } from "@ant-design/icons";
import { Button, Input, Select } from "antd";
import { type ReactNode, useEffect, useId, useState } from "react";

export interface Filter {
  readonly key: string;
  readonly label: string;
  readonly kind: "select" | "day" | "text";
  /** Holds several values, with commas between. */
  readonly many?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

type Values = Readonly<Record<string, string | undefined>>;

export function QueryBar(props: {
  readonly wordsKey: string;
  readonly wordsHint: string;
  readonly filters: readonly Filter[];
  readonly values: Values;
  readonly onChange: (change: Values) => void;
  readonly extra?: ReactNode;
}) {
  const { filters, values, onChange } = props;
  const [open, setOpen] = useState(false);
  const panelId = useId();
  const inForce = filters.filter((f) => values[f.key]);
  const words = values[props.wordsKey] ?? "";
  const [typed, setTyped] = useState(words);
  useEffect(() => setTyped(words), [words]);
  return (
    <search className="query-bar">
      <Input
        className="query-words"
        type="search"
        aria-label={props.wordsHint}
        placeholder={props.wordsHint}
        allowClear
        value={typed}
        onChange={(e) => {
          setTyped(e.target.value);
          if (e.target.value === "") onChange({ [props.wordsKey]: undefined });
        }}
        onPressEnter={() => onChange({ [props.wordsKey]: typed.trim() || undefined })}
        onBlur={() => typed.trim() !== words && onChange({ [props.wordsKey]: typed.trim() || undefined })}
      />
      <Button
        icon={<FilterOutlined aria-hidden="true" />}
        aria-expanded={open}
        aria-controls={panelId}
        onClick={() => setOpen(!open)}
      >
        筛选{inForce.length > 0 ? ` ${inForce.length}` : ""}
      </Button>
      {props.extra}
      {inForce.map((f) => (
        <span key={f.key} className="query-chip">
          {f.label}：{labelOf(f, values[f.key] ?? "")}
          <button
            type="button"
            aria-label={`去掉${f.label}`}
            onClick={() => onChange({ [f.key]: undefined })}
          >
            <CloseOutlined aria-hidden="true" style={{ fontSize: 10 }} />
          </button>
        </span>
      ))}
      {open && (
        <div id={panelId} style={{ width: "100%" }}>
          <FilterPanel filters={filters} values={values} onChange={onChange} />
        </div>
      )}
    </search>
  );
}

/** Every condition that a list can be narrowed by, laid out to be filled in. */
export function FilterPanel(props: {
  readonly filters: readonly Filter[];
  readonly values: Values;
  readonly onChange: (change: Values) => void;
}) {
  const { filters, values, onChange } = props;
  return (
    <div className="query-panel">
      {filters.map((f) => (
        <FilterField
          key={f.key}
          filter={f}
          value={values[f.key]}
          onChange={(v) => onChange({ [f.key]: v })}
        />
      ))}
      <Button
        style={{ alignSelf: "end" }}
        disabled={filters.every((f) => !values[f.key])}
        onClick={() => onChange(Object.fromEntries(filters.map((f) => [f.key, undefined])))}
      >
        清除全部
      </Button>
    </div>
  );
}

function FilterField(props: {
  filter: Filter;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const { filter, value } = props;
  const id = useId();
  const common = {
    id,
    style: { width: "100%" },
    placeholder: "不限",
    allowClear: true,
    showSearch: { optionFilterProp: "label" },
    options: [...(filter.options ?? [])],
  };
  return (
    <label htmlFor={id}>
      <span>{filter.label}</span>
      {filter.kind !== "select" ? (
        <input
          id={id}
          className="native"
          type={filter.kind === "day" ? "date" : "text"}
          value={value ?? ""}
          onChange={(e) => props.onChange(e.target.value || undefined)}
        />
      ) : filter.many ? (
        <Select
          {...common}
          mode="multiple"
          maxTagCount="responsive"
          value={value?.split(",") ?? []}
          onChange={(next: string[]) => props.onChange(next.join(",") || undefined)}
        />
      ) : (
        <Select
          {...common}
          value={value ?? null}
          onChange={(next: string | null | undefined) => props.onChange(next ?? undefined)}
        />
      )}
    </label>
  );
}

function labelOf(filter: Filter, value: string): string {
  return filter.options?.find((o) => o.value === value)?.label ?? value;
}
