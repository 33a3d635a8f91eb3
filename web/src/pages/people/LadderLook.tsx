/** 启用前预览：催办. Which step the running clocks come to next now and under the draft, and what would go out at once. */
import { Link } from "@tanstack/react-router";
import { ADMIN } from "../../texts/admin.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import type { Looked } from "./useRuleDraft.ts";

const W = ADMIN.ladder.preview;
type Preview = NonNullable<Looked["ladder"]>;
type Line = Preview["steps"][number];
type Row = Preview["first"][number];

const STEPS: readonly Column<Line>[] = [
  { key: "zh", title: W.step, cell: (r) => r.zh },
  { key: "before", title: W.before, align: "right", cell: (r) => r.before },
  { key: "after", title: W.after, align: "right", cell: (r) => r.after },
];
const ROWS: readonly Column<Row>[] = [
  {
    key: "number",
    title: ADMIN.preview.number,
    nowrap: true,
    cell: (r) => (
      <Link to="/tickets/$id" params={{ id: r.ticketId }}>
        {r.number}
      </Link>
    ),
  },
  { key: "unit", title: ADMIN.preview.unit, nowrap: true, cell: (r) => r.unit || ADMIN.none },
  { key: "clock", title: ADMIN.clock, nowrap: true, cell: (r) => r.clockZh },
  { key: "before", title: W.before, cell: (r) => r.before ?? W.nothing },
  { key: "after", title: W.after, cell: (r) => r.after ?? W.nothing },
];

export function LadderLook({ ladder }: { ladder: Preview }) {
  return (
    <section aria-label={ADMIN.preview.title}>
      <h3 className="ladder-title">{ADMIN.preview.title}</h3>
      <p>{W.sentence(ladder)}</p>
      <p>{W.atOnce(ladder.atOnce)}</p>
      {ladder.changed > 0 && (
        <>
          <WorkTable label={W.step} columns={STEPS} rows={ladder.steps} rowKey={(r) => r.zh} />
          <WorkTable
            label={ADMIN.preview.moved}
            columns={ROWS}
            rows={ladder.first}
            rowKey={(r) => r.number + r.clockZh}
          />
          <p className="quiet">{W.shown(ladder.first.length, ladder.changed)}</p>
        </>
      )}
    </section>
  );
}
