/** The period and the level that a page of the ledger is about, kept in its address. */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useId } from "react";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { periodsQuery } from "./queries.ts";

/** The period asked for, else the last one that is over, else the current one. */
export function usePeriod(asked: string | undefined): string | undefined {
  const periods = useQuery(periodsQuery);
  return asked ?? periods.data?.[1]?.name ?? periods.data?.[0]?.name;
}

export function PeriodPick(props: {
  period: string | undefined;
  onChange: (period: string) => void;
  children?: ReactNode;
}) {
  const id = useId();
  const periods = useQuery(periodsQuery);
  return (
    <search className="rank-pickers">
      <div className="rank-pick">
        <label htmlFor={id}>{ASSESSMENT.period}</label>
        <select
          id={id}
          className="native"
          value={props.period ?? ""}
          onChange={(e) => props.onChange(e.target.value)}
        >
          {(periods.data ?? []).map((p) => (
            <option key={p.name} value={p.name}>
              {p.name}（{ASSESSMENT.periodSpan(p.from, p.to)}）
            </option>
          ))}
        </select>
      </div>
      {props.children}
    </search>
  );
}

export function Pick<V extends string>(props: {
  label: string;
  value: V;
  options: readonly { readonly value: V; readonly label: string }[];
  onChange: (value: V) => void;
}) {
  const id = useId();
  return (
    <div className="rank-pick">
      <label htmlFor={id}>{props.label}</label>
      <select
        id={id}
        className="native"
        value={props.value}
        onChange={(e) => {
          const chosen = props.options.find((o) => o.value === e.target.value);
          if (chosen) props.onChange(chosen.value);
        }}
      >
        {props.options.map((o) => (
          <option key={o.value} value={o.value}>
            {o.label}
          </option>
        ))}
      </select>
    </div>
  );
}
