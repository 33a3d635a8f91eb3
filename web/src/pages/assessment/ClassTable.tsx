/** 单位分类表. The class of every unit today, where it comes from, and a cell each to enter another from a day on. */
import { dayOf, parseDay } from "@jiesu/core/time/day.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
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
import { periodsQuery } from "./queries.ts";

const W = FACTS;
type Row = UnitFacts["units"][number];
const NO_CELLS: Readonly<Record<string, string>> = {};

export function ClassTable({ facts, enters }: { facts: UnitFacts; enters: boolean }) {
  const session = useSession();
  const queries = useQueryClient();
  const periods = useQuery(periodsQuery);
  const listId = useId();
  const { value, set, drop } = useDraft(`${session.login}.unit-classes`, {
    cells: NO_CELLS,
    from: "",
    source: "",
  });
  const [refused, setRefused] = useState<string | null>(null);
  const from = value.from || (periods.data?.[0]?.from ?? "");
  const filled = Object.entries(value.cells).filter(([, text]) => text.trim() !== "");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setRefused(null);
    try {
      const entries = filled.map(([unitId, text]) => ({
        unitId,
        unitClass: text.trim() === W.noClass ? null : text.trim(),
        from,
        source: value.source,
      }));
      const { entered } = await bodyOf(
        http.POST("/api/assessment/unit-facts/classes", { body: { entries } }),
      );
      drop();
      say(W.saved(entered));
      await refreshFigures(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  const apart = facts.classes.filter((each) => each.used).map((each) => each.name);
  const unused = [...new Set(filled.map(([, text]) => text.trim()))].filter(
    (name) => name !== W.noClass && !apart.includes(name),
  );
  return (
    <form onSubmit={save} aria-label={W.tabs.classes}>
      <p className="quiet rank-about">{apart.length === 0 ? W.noneApart : W.apart(apart.join("、"))}</p>
      {enters && (
        <div className="fact-paper">
          <PaperAndSave
            source={value.source}
            setSource={(source) => set({ source })}
            count={filled.length}
            disabled={parseDay(from) === null}
          >
            <Field label={W.from} hint={W.fromHint}>
              {(control) => (
                <input
                  {...control}
                  className="native"
                  type="date"
                  required
                  value={from}
                  onChange={(e) => set({ from: e.target.value })}
                />
              )}
            </Field>
          </PaperAndSave>
        </div>
      )}
      {refused && <Notice tone="wrong">{refused}</Notice>}
      {unused.length > 0 && <Notice tone="near">{W.unused(unused.join("、"))}</Notice>}
      <datalist id={listId}>
        {[...facts.classes.map((each) => each.name), W.noClass].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <section className="card ledger-card">
        <WorkTable
          label={W.tabs.classes}
          columns={[
            ...COLUMNS,
            ...(enters
              ? [
                  {
                    key: "new",
                    title: W.newClass,
                    definition: W.classHint,
                    width: 150,
                    cell: ({ unit }: Row) => (
                      <CellInput
                        label={`${unit.shortName} ${W.newClass}`}
                        list={listId}
                        maxLength={20}
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

/** What counts today: the first that has begun. */
const standing = ({ classes }: Row) => classes.find((each) => each.from <= dayOf(Date.now())) ?? null;

const COLUMNS: readonly Column<Row>[] = [
  { key: "unit", title: W.unit, nowrap: true, cell: ({ unit }) => unit.name },
  {
    key: "class",
    title: W.nowClass,
    nowrap: true,
    cell: (row) => standing(row)?.unitClass ?? <span className="quiet">—</span>,
  },
  { key: "from", title: W.since, nowrap: true, cell: (row) => standing(row)?.from ?? "" },
  { key: "source", title: W.source, cell: (row) => standing(row)?.source ?? "" },
  {
    key: "history",
    title: W.history,
    cell: ({ classes }) => (
      <History
        of={classes.map(
          ({ unitClass, from, source, by, at }) =>
            `${from} ${unitClass ?? W.noClass}　${source}　${by} ${minuteText(at)}`,
        )}
      />
    ),
  },
];
