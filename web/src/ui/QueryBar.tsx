/** 筛选面板. Every condition that a list can be narrowed by, laid out to be filled in. */
import { Button, Select } from "antd";
import { useId } from "react";

export interface Filter {
  readonly key: string;
  readonly label: string;
  readonly kind: "select" | "day" | "text";
  /** Holds several values, with commas between. */
  readonly many?: boolean;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

type Values = Readonly<Record<string, string | undefined>>;

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
