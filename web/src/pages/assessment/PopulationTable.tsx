/** 常住人口表. How many people live in each unit's area in a year, where it comes from, and a cell each to enter it. */
import { dayOf, yearOf } from "@jiesu/core/time/day.ts";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { UnitFacts } from "../../api/types.ts";
import { FACTS } from "../../texts/adjustment.ts";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { refreshFigures } from "./adjustmentqueries.ts";
import { CellInput, History, PaperAndSave } from "./FactCells.tsx";

const W = FACTS;
type Row = UnitFacts["units"][number];
const NO_CELLS: Readonly<Record<string, string>> = {};

export function PopulationTable({ facts, enters }: { facts: UnitFacts; enters: boolean }) {
  const session = useSession();
  const queries = useQueryClient();
  const { value, set, drop } = useDraft(`${session.login}.population`, {
    cells: NO_CELLS,
    year: yearOf(dayOf(Date.now())),
    source: "",
  });
  const [refused, setRefused] = useState<string | null>(null);
  const filled = Object.entries(value.cells).filter(([, text]) => text.trim() !== "");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setRefused(null);
    try {
      const entries = filled.map(([unitId, text]) => ({
        unitId,
        year: value.year,
        people: text.trim() === W.unknown ? null : Number(text.replaceAll(/[,，\s]/g, "")),
        source: value.source,
      }));
      const { entered } = await bodyOf(
        http.POST("/api/assessment/unit-facts/population", { body: { entries } }),
      );
      drop();
      say(W.saved(entered));
      await refreshFigures(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  return (
    <form onSubmit={save} aria-label={W.tabs.population}>
      <div className="fact-paper">
        <div className="fact-year">
          <Field label={W.year}>
            {(control) => (
              <input
                {...control}
                className="native"
                type="number"
                min={2000}
                max={2099}
                required
                value={value.year}
                onChange={(e) => set({ year: e.target.valueAsNumber || value.year })}
              />
            )}
          </Field>
        </div>
        {enters && (
          <PaperAndSave
            source={value.source}
            setSource={(source) => set({ source })}
            count={filled.length}
            disabled={filled.some(([, text]) => !isPeople(text))}
          />
        )}
      </div>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      <section className="card ledger-card">
        <WorkTable
          label={W.tabs.population}
          columns={[
            ...columnsOf(value.year),
            ...(enters
              ? [
                  {
                    key: "new",
                    title: W.newPeople,
                    definition: W.badPeople,
                    width: 150,
                    cell: ({ unit }: Row) => (
                      <CellInput
                        label={`${unit.shortName} ${W.newPeople}`}
                        inputMode="numeric"
                        maxLength={12}
                        wrong={isPeople(value.cells[unit.id] ?? "") ? null : W.badPeople}
                        value={value.cells[unit.id] ?? ""}
                        set={(text) => set({ cells: { ...value.cells, [unit.id]: text } })}
                      />
                    ),
                  },
                ]
              : []),
          ]}
          rows={facts.units}
          rowKey={({ unit }) => unit.id}
        />
      </section>
    </form>
  );
}

function isPeople(text: string): boolean {
  const said = text.trim();
  return said === "" || said === W.unknown || /^[1-9]\d{0,8}$/.test(said.replaceAll(/[,，\s]/g, ""));
}

function columnsOf(year: number): readonly Column<Row>[] {
  const standing = ({ populations }: Row) => populations.find((each) => each.year === year) ?? null;
  return [
    { key: "unit", title: W.unit, nowrap: true, cell: ({ unit }) => unit.name },
    {
      key: "people",
      title: W.nowPeople(year),
      align: "right",
      nowrap: true,
      cell: (row) => {
        const people = standing(row)?.people;
        return people == null ? <span className="quiet">—</span> : W.people(people);
      },
    },
    { key: "source", title: W.source, cell: (row) => standing(row)?.source ?? "" },
    {
      key: "history",
      title: W.history,
      cell: ({ populations }) => (
        <History
          of={populations.map(
            ({ year, people, source, by, at }) =>
              `${year} 年 ${people === null ? W.unknown : W.people(people)}　${source}　${by} ${minuteText(at)}`,
          )}
        />
      ),
    },
  ];
}
