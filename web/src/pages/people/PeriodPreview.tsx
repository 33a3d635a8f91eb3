/** 考核周期启用前预览. Which periods get other days, and how many tickets come into which other period; each count opens them. */
import { Link } from "@tanstack/react-router";
import { useSession, works } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import type { Looked } from "./useRuleDraft.ts";

type Periods = NonNullable<Looked["periods"]>;
type Changed = Periods["changed"][number];
type Moved = Periods["moves"][number];
interface Days {
  readonly from: string;
  readonly to: string;
}
const W = ADMIN.periods;

export function PeriodPreview({ periods }: { periods: Periods }) {
  const session = useSession();
  const moves: readonly Column<Moved>[] = [
    { key: "days", title: W.days, nowrap: true, cell: (r) => W.span(r.days) },
    { key: "from", title: W.movedFrom, nowrap: true, cell: (r) => r.from },
    { key: "to", title: W.movedTo, nowrap: true, cell: (r) => r.to },
    {
      key: "tickets",
      title: W.tickets,
      nowrap: true,
      align: "right",
      cell: (r) =>
        r.tickets > 0 && works(session) ? (
          <Link to="/assessment/tickets" search={{ ...r.days, measure: "tickets", scope: "all" }}>
            {r.tickets}
          </Link>
        ) : (
          r.tickets
        ),
    },
  ];
  return (
    <section className="rule-preview" aria-label={ADMIN.preview.title}>
      <Notice tone={periods.tickets > 0 ? "near" : "plain"}>
        {W.sentence(periods.changed.length, periods.tickets)}
      </Notice>
      {periods.changed.length > 0 && (
        <WorkTable
          label={W.changed}
          columns={changedColumns(periods.changed)}
          rows={periods.changed}
          rowKey={(r) => r.name}
        />
      )}
      {periods.moves.length > 0 && (
        <WorkTable label={W.moves} columns={moves} rows={periods.moves} rowKey={(r) => r.days.from} />
      )}
    </section>
  );
}

const other = (before: Days, after: Days) =>
  before.from === after.from && before.to === after.to ? (
    <span className="quiet">{W.stays}</span>
  ) : (
    W.becomes(W.span(before), W.span(after))
  );

/** 办结 has a column where it differs from the periods' own days. */
function changedColumns(rows: readonly Changed[]): readonly Column<Changed>[] {
  const apart = rows.some(({ after, doneAfter, before, doneBefore }) =>
    [
      [after, doneAfter],
      [before, doneBefore],
    ].some(([a, b]) => a?.from !== b?.from || a?.to !== b?.to),
  );
  return [
    { key: "name", title: W.period, nowrap: true, cell: (r) => r.name },
    { key: "days", title: W.limits, cell: (r) => other(r.before, r.after) },
    ...(apart
      ? [{ key: "done", title: W.done, cell: (r: Changed) => other(r.doneBefore, r.doneAfter) }]
      : []),
  ];
}
