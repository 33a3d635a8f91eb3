/** 计数告警. What the nightly recount found: the figures may be wrong there until somebody has looked into it. */
import { useQuery } from "@tanstack/react-query";
import { hasRole, useSession } from "../../api/session.ts";
import type { LastRecount } from "../../api/types.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { minuteText } from "../../ui/dates.ts";
import { Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { lastRecountQuery } from "./ledgerqueries.ts";

const W = LEDGER.recount;
type Alarm = NonNullable<LastRecount>["alarms"][number];

/** Nothing while the counters agree, or for whom they are no business. */
export function TallyAlarm() {
  const session = useSession();
  const concerned = hasRole(session, "assessor") || hasRole(session, "leader");
  const last = useQuery({ ...lastRecountQuery, enabled: concerned });
  if (!last.data || last.data.wrong === 0) return null;
  return (
    <section className="tally-alarm" aria-label={W.title}>
      <Notice tone="wrong">{W.found(minuteText(last.data.at), last.data.wrong)}</Notice>
      <details>
        <summary>{W.show}</summary>
        <WorkTable label={W.title} columns={COLUMNS} rows={last.data.alarms} rowKey={(row) => row.id} />
      </details>
    </section>
  );
}

const COLUMNS: readonly Column<Alarm>[] = [
  {
    key: "days",
    title: W.days,
    nowrap: true,
    cell: (row) => (row.from === row.to ? row.from : W.span(row.from, row.to)),
  },
  { key: "unit", title: W.unit, nowrap: true, cell: (row) => row.unit },
  { key: "kind", title: W.kind, cell: (row) => row.kind },
  { key: "kept", title: W.kept, align: "right", cell: (row) => row.kept },
  { key: "counted", title: W.counted, align: "right", cell: (row) => row.counted },
];
