/** 请哪些方. Units of the district and people of the city who are to come in; those chosen stay in the draft. */
import { useQuery } from "@tanstack/react-query";
import { Select } from "antd";
import { unitsQuery } from "../../api/queries.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { Field } from "../../ui/Field.tsx";

const L = LIAISON;

export interface Invited {
  readonly units: readonly string[];
  readonly city: readonly string[];
}

/** As the server takes them. */
export function partiesIn({ units, city }: Invited) {
  return [
    ...city.map((name) => ({ side: "city" as const, name })),
    ...units.map((unit) => ({ side: "unit" as const, unit })),
  ];
}

export function PartyPick(props: {
  readonly value: Invited;
  readonly onChange: (change: Partial<Invited>) => void;
  /** Units that are parties already. */
  readonly without?: readonly string[];
}) {
  const { value, onChange, without = [] } = props;
  const units = useQuery(unitsQuery);
  const options =
    units.data
      ?.filter((unit) => !without.includes(unit.id))
      .map((unit) => ({ value: unit.id, label: unit.shortName })) ?? [];
  return (
    <div className="liaison-pair">
      <Field label={L.askUnits} hint={L.unitsHint}>
        {(control) => (
          <Select
            {...control}
            mode="multiple"
            style={{ width: "100%" }}
            showSearch={{ optionFilterProp: "label" }}
            value={[...value.units]}
            options={options}
            onChange={(chosen: string[]) => onChange({ units: chosen })}
          />
        )}
      </Field>
      <Field label={L.askCity} hint={L.askCityHint}>
        {(control) => (
          <Select
            {...control}
            mode="tags"
            open={false}
            suffixIcon={null}
            style={{ width: "100%" }}
            value={[...value.city]}
            onChange={(chosen: string[]) =>
              onChange({ city: chosen.map((name) => name.trim().slice(0, 40)) })
            }
          />
        )}
      </Field>
    </div>
  );
}
