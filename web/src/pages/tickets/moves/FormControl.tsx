/** 表单项. The control of one field of a move's form: text with phrases, units by any of their names, a few choices. */
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Checkbox, Input, InputNumber, Select } from "antd";
import { unitsQuery } from "../../../api/queries.ts";
import { useSession } from "../../../api/session.ts";
import type { TicketDetail } from "../../../api/types.ts";
import { T } from "../../../texts.ts";
import { Choice } from "../../../ui/Choice.tsx";
import { dayText } from "../../../ui/dates.ts";
import { Field } from "../../../ui/Field.tsx";
import { PhraseArea } from "../../../ui/PhraseArea.tsx";
import type { FormField, FormValue } from "./forms.ts";
import { TicketPick } from "./TicketPick.tsx";

export function FormControl(props: {
  readonly field: FormField;
  readonly move: Move;
  readonly ticket: TicketDetail;
  readonly value: FormValue;
  readonly error: string | null;
  readonly onChange: (value: FormValue) => void;
}) {
  const { field, value, onChange, ticket } = props;
  const fill = useFill(ticket);
  const text = typeof value === "string" ? value : "";
  const grounds = groundsOf(ticket, props.move);
  if (field.kind === "ground")
    return (
      <>
        <Choice
          label={field.label}
          required
          options={grounds.map(({ code, zh }) => ({ value: code, label: zh }))}
          value={typeof value === "string" ? value : undefined}
          onChange={onChange}
        />
        <GroundAbout ground={grounds.find((each) => each.code === value)} />
        {props.error && <div className="field-error">{props.error}</div>}
      </>
    );
  if (field.kind === "choice")
    return (
      <>
        <Choice
          label={field.label}
          required={field.required}
          options={field.options}
          value={typeof value === "string" ? value : undefined}
          onChange={onChange}
          {...(field.mayBeBlank ? { mayBeBlank: true } : {})}
        />
        {props.error && <div className="field-error">{props.error}</div>}
      </>
    );
  if (field.kind === "check")
    return (
      <Checkbox checked={value === true} onChange={(e) => onChange(e.target.checked)}>
        {field.label}
        {field.hint && <span className="quiet">（{field.hint}）</span>}
      </Checkbox>
    );
  return (
    <Field label={field.label} required={field.required} hint={field.hint} error={props.error}>
      {(control) => {
        if (field.kind === "unit")
          return <UnitSelect {...control} value={text || null} onChange={(id) => onChange(id ?? "")} />;
        if (field.kind === "units")
          return (
            <UnitsSelect {...control} value={typeof value === "object" ? value : []} onChange={onChange} />
          );
        if (field.kind === "unitName") return <UnitName {...control} value={text} onChange={onChange} />;
        if (field.kind === "ticket")
          return <TicketPick {...control} value={text} ticket={ticket} onChange={onChange} />;
        if (field.kind === "days")
          return (
            <InputNumber
              {...control}
              min={1}
              max={mostDays(ticket, props.move)}
              precision={0}
              suffix={T.moves.fields.daysUnit}
              placeholder={T.moves.fields.daysMost(mostDays(ticket, props.move))}
              value={text === "" ? null : Number(text)}
              onChange={(days) => onChange(days === null ? "" : String(days))}
              style={{ width: 160 }}
            />
          );
        if (field.kind === "short")
          return (
            <Input {...control} value={text} maxLength={200} onChange={(e) => onChange(e.target.value)} />
          );
        return (
          <PhraseArea
            {...control}
            value={text}
            onChange={onChange}
            move={props.move}
            ready={field.kind === "long" ? (field.phrases ?? []) : []}
            fill={fill}
          />
        );
      }}
    </Field>
  );
}

type Ground = TicketDetail["guards"]["pause"]["grounds"][number];

/** The closed list that a form chooses from, by its move. */
function groundsOf(
  ticket: TicketDetail,
  move: Move,
): readonly (Partial<Ground> & Pick<Ground, "code" | "zh">)[] {
  const { guards } = ticket;
  if (move === "returnToCentre") return guards.returns.grounds.map(({ code, zh }) => ({ code, zh })); // its evidence is said at its own field
  return move === "askPause" ? guards.pause.grounds : guards.extension.grounds;
}

function mostDays({ guards }: TicketDetail, move: Move): number {
  return move === "askPause"
    ? Math.max(...guards.pause.grounds.map((ground) => ground.maxDays))
    : guards.extension.maxDays;
}

/** Which papers a ground asks for, how long and how often. */
function GroundAbout({ ground }: { ground: Partial<Ground> | undefined }) {
  if (!ground?.evidence || !ground.maxDays || !ground.maxTimes) return null;
  return <p className="quiet">{T.moves.pause.ground(ground.evidence, ground.maxDays, ground.maxTimes)}</p>;
}

/** What stands for the placeholders of a phrase. */
function useFill(ticket: TicketDetail): Readonly<Record<string, string>> {
  const session = useSession();
  return {
    工单编号: ticket.number,
    标题: ticket.title,
    单位: ticket.leadUnit?.name ?? session.unit?.name ?? "",
    本单位: session.unit?.name ?? "",
    街镇: ticket.street,
    地址: ticket.address,
    姓名: session.name,
    今天: dayText(new Date().toISOString()),
  };
}

function UnitSelect(props: { id: string; value: string | null; onChange: (id: string | undefined) => void }) {
  const options = useUnitOptions();
  return (
    <Select
      {...props}
      style={{ width: "100%" }}
      placeholder={T.moves.unitHint}
      showSearch={{ filterOption: byAnyName }}
      allowClear
      options={options}
    />
  );
}

/** A unit by name, in words of one's own where it is none of ours. */
function UnitName(props: { id: string; value: string; onChange: (name: string) => void }) {
  const options = useUnitOptions();
  return (
    <AutoComplete
      {...props}
      style={{ width: "100%" }}
      maxLength={200}
      placeholder={T.moves.unitHint}
      options={options.map(({ label, names }) => ({ value: label.replace(/（.*$/, ""), label, names }))}
      showSearch={{
        filterOption: (typed, option) =>
          typed.trim() !== "" && (option?.names.includes(typed.trim()) ?? false),
      }}
    />
  );
}

/** Several units by any of their names, in the order in which they were chosen. */
export function UnitsSelect(props: {
  id: string;
  value: readonly string[];
  onChange: (ids: string[]) => void;
}) {
  const options = useUnitOptions();
  return (
    <Select
      {...props}
      value={[...props.value]}
      mode="multiple"
      style={{ width: "100%" }}
      placeholder={T.moves.unitsHint}
      showSearch={{ filterOption: byAnyName }}
      options={options}
    />
  );
}

interface UnitOption {
  value: string;
  label: string;
  names: string;
}

function useUnitOptions(): UnitOption[] {
  const units = useQuery(unitsQuery);
  return (units.data ?? [])
    .filter((unit) => unit.validTo === null)
    .map((unit) => ({
      value: unit.id,
      label: unit.shortName === unit.name ? unit.name : `${unit.shortName}（${unit.name}）`,
      names: [unit.name, unit.shortName, ...unit.aliases].join("\n"),
    }));
}

function byAnyName(typed: string, option: UnitOption | undefined): boolean {
  return option?.names.includes(typed.trim()) ?? false;
}
