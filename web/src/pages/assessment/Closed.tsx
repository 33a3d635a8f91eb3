/** A closed period: its frozen facts, whether they hold, and what has been corrected since. */
import { ENTRY_SCOPE_NAMES } from "@jiesu/core/assessment/measures.ts";
import { segmentsText } from "@jiesu/core/assessment/segments.ts";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import type { Adjustment, Closing, ClosingDifference } from "../../api/types.ts";
import { ADJUSTMENT } from "../../texts/adjustment.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { adjustmentsQuery } from "./adjustmentqueries.ts";
import { ASKED, answerText } from "./answers.ts";
import { closingDifferencesQuery, type Level } from "./ledgerqueries.ts";

const W = LEDGER.closing;
type Side = ClosingDifference["now"];

export function Closed({ closing, level }: { closing: Closing; level: Level }) {
  const period = closing.period.name;
  const differences = useQuery(closingDifferencesQuery(period, level));
  return (
    <>
      <section className="card ledger-card" aria-label={W.facts}>
        <header className="card-head">
          <h2>{W.closedBy(closing.closedBy, minuteText(closing.closedAt))}</h2>
          <div className="ledger-acts">
            <Link to="/assessment" search={{ period, level }}>
              {W.toRank}
            </Link>
          </div>
        </header>
        <div className="ledger-inner">
          <Facts
            of={[
              [ASSESSMENT.span, ASSESSMENT.periodSpan(closing.period.from, closing.period.to)],
              [W.rules, segmentsText(closing.rules.segments) ?? closing.rules.title],
              [W.entries, String(closing.entries)],
              [W.waived, closing.waived || W.noWaiver],
              [
                W.digest,
                <span key="digest" className="ledger-digest">
                  {closing.digest}
                </span>,
              ],
            ]}
          />
          <Notice tone={closing.intact ? "plain" : "wrong"}>{closing.intact ? W.intact : W.broken}</Notice>
        </div>
      </section>
      <section className="card ledger-card" aria-label={W.differences}>
        <header className="card-head">
          <h2>{W.differences}</h2>
        </header>
        {differences.isPending ? (
          <Loading what={T.loading} />
        ) : differences.isError ? (
          <Failed sentence={sentenceOf(differences.error)} retry={() => void differences.refetch()} />
        ) : differences.data.length === 0 ? (
          <EmptyState title={W.noDifferences} />
        ) : (
          <WorkTable
            label={W.differences}
            columns={COLUMNS}
            rows={differences.data}
            rowKey={(row) => `${row.ticketId} ${row.round}`}
          />
        )}
      </section>
      <LatePoints period={period} level={level} />
    </>
  );
}

/** Points approved or revoked since: the closed score does not have them. */
function LatePoints({ period, level }: { period: string; level: Level }) {
  const list = useQuery(adjustmentsQuery({ period, level }));
  const late = (list.data?.rows ?? []).filter((row) => row.difference !== null);
  if (late.length === 0) return null;
  return (
    <section className="card ledger-card" aria-label={W.pointDifferences}>
      <header className="card-head">
        <h2>{W.pointDifferences}</h2>
      </header>
      <WorkTable label={W.pointDifferences} columns={LATE} rows={late} rowKey={(row) => row.id} />
    </section>
  );
}

const LATE: readonly Column<Adjustment>[] = [
  { key: "unit", title: ADJUSTMENT.unit, nowrap: true, cell: (row) => row.unit.name },
  {
    key: "item",
    title: ADJUSTMENT.item,
    cell: (row) => (
      <Link to="/assessment/adjustments" search={{ period: row.period, level: row.level, unit: row.unit.id }}>
        {row.itemName}
      </Link>
    ),
  },
  { key: "points", title: ADJUSTMENT.points, align: "right", nowrap: true, cell: (row) => row.points },
  {
    key: "difference",
    title: W.now,
    nowrap: true,
    cell: (row) => row.difference && ADJUSTMENT.difference[row.difference],
  },
  {
    key: "by",
    title: ADJUSTMENT.decided,
    nowrap: true,
    cell: (row) => {
      const last = row.steps.at(-1);
      return last ? `${last.by} ${minuteText(last.at)}` : "";
    },
  },
  { key: "reason", title: ADJUSTMENT.reason, cell: (row) => row.steps.at(-1)?.reason || row.reason },
];

const COLUMNS: readonly Column<ClosingDifference>[] = [
  {
    key: "number",
    title: W.ticket,
    nowrap: true,
    cell: (row) => (
      <Link to="/tickets/$id" params={{ id: row.ticketId }}>
        {row.number}
      </Link>
    ),
  },
  { key: "round", title: W.round, align: "right", nowrap: true, cell: (row) => row.round },
  { key: "frozen", title: W.frozen, cell: (row) => sideText(row.frozen) },
  {
    key: "now",
    title: W.now,
    cell: (row) => (
      <>
        {sideText(row.now)}
        {row.frozen && row.now && row.frozen.unitId !== row.now.unitId && (
          <span className="quiet">（{W.units}）</span>
        )}
        {row.frozen && row.now && row.frozen.segment !== row.now.segment && (
          <span className="quiet">（{W.moved}）</span>
        )}
      </>
    ),
  },
];

function sideText(side: Side): string {
  if (side === null) return W.out;
  const answers = ASKED.map(
    (question) => `${LEDGER.answers[question]} ${answerText(question, side[question])}`,
  );
  const onTime = side.onTime === undefined ? [] : [W.onTime(side.onTime)];
  return [ENTRY_SCOPE_NAMES[side.scope], ...answers, ...onTime].join("；");
}
