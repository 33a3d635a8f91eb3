/** 得分构成. What a unit's score is made of, and each item of points with its reason, evidence and approver. */
import { Link } from "@tanstack/react-router";
import type { Adjustment, Explained } from "../../api/types.ts";
import { ADJUSTMENT } from "../../texts/adjustment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { minuteText } from "../../ui/dates.ts";
import { Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

const W = LEDGER.explain;
type Line = Adjustment & { readonly counted: string };

export function ScoreParts({ of: told }: { of: Explained }) {
  const { made, density } = told;
  const lines = (made.items ?? []).flatMap(({ counted, records }) =>
    records.map((record): Line => ({ ...record, counted })),
  );
  return (
    <section className="card ledger-card" aria-label={W.made}>
      <header className="card-head">
        <h2>{W.made}</h2>
        {made.items !== null && (
          <div className="ledger-acts">
            <Link
              to="/assessment/adjustments"
              search={{ period: told.period.name, level: told.level, unit: told.unit.id }}
            >
              {W.toPoints}
            </Link>
          </div>
        )}
      </header>
      <div className="ledger-inner">
        {made.parts.length === 0 ? (
          <p className="quiet">{W.noScore}</p>
        ) : (
          <p className="score-parts">
            {made.parts.map((part, at) => (
              <span key={part.code}>
                {at > 0 && <span className="quiet"> + </span>}
                {part.name} <strong>{part.text}</strong>
              </span>
            ))}
            <span className="quiet"> = </span>
            {W.score} <strong>{told.score}</strong>
          </p>
        )}
        <p className="quiet">
          {W.standsIn(told.group, told.unitClass)}；
          {density.missing === null
            ? W.density(density.text, density.year, density.people ?? 0)
            : W.noDensity(density.missing)}
        </p>
        {made.unknown.length > 0 && <Notice tone="near">{W.unknownItems(made.unknown.length)}</Notice>}
      </div>
      {lines.length > 0 && (
        <WorkTable label={ADJUSTMENT.title} columns={COLUMNS} rows={lines} rowKey={(line) => line.id} />
      )}
    </section>
  );
}

const COLUMNS: readonly Column<Line>[] = [
  { key: "item", title: ADJUSTMENT.item, nowrap: true, cell: (line) => line.itemName },
  { key: "points", title: ADJUSTMENT.points, align: "right", nowrap: true, cell: (line) => line.points },
  {
    key: "counted",
    title: W.itemCounts,
    definition: W.itemCountsAbout,
    align: "right",
    nowrap: true,
    cell: (line) => line.counted,
  },
  { key: "reason", title: ADJUSTMENT.reason, cell: (line) => line.reason },
  { key: "evidence", title: ADJUSTMENT.evidence, cell: (line) => line.evidence },
  { key: "by", title: ADJUSTMENT.by, nowrap: true, cell: (line) => line.by },
  {
    key: "approved",
    title: LEDGER.by.approved,
    nowrap: true,
    cell: (line) => {
      const step = line.steps.find(({ state }) => state === "approved");
      return step ? `${step.by} ${minuteText(step.at)}` : "";
    },
  },
];
