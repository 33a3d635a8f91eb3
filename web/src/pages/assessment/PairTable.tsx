/** 两级回访对照. Rounds that the centre and the city have both asked about, answer beside answer. */
import { Link } from "@tanstack/react-router";
import type { CallbackPair } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { minuteText } from "../../ui/dates.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ASKED, answerText } from "./answers.ts";

const W = LEDGER.compare;

const COLUMNS: readonly Column<CallbackPair>[] = [
  {
    key: "number",
    title: ASSESSMENT.number,
    nowrap: true,
    cell: (row) => (
      <Link to="/tickets/$id" params={{ id: row.ticketId }}>
        {row.number}
      </Link>
    ),
  },
  { key: "unit", title: ASSESSMENT.unit, nowrap: true, cell: (row) => row.unitName ?? "" },
  { key: "caller", title: W.caller, nowrap: true, cell: (row) => row.caller },
  { key: "ownAt", title: W.ownAt, nowrap: true, cell: (row) => minuteText(row.ownAt) },
  { key: "cityAt", title: W.cityAt, nowrap: true, cell: (row) => minuteText(row.cityAt) },
  ...ASKED.map(
    (question): Column<CallbackPair> => ({
      key: question,
      title: `${LEDGER.answers[question]}（${W.own} → ${W.city}）`,
      nowrap: true,
      cell: (row) => {
        const [own, city] = [row.own[question], row.city[question]];
        const shown = `${answerText(question, own)} → ${answerText(question, city)}`;
        if (own === null || city === null || own === city) return <span className="quiet">{shown}</span>;
        return (
          <>
            {shown} <Tag tone="near">{W.differs}</Tag>
          </>
        );
      },
    }),
  ),
];

export function PairTable({ label, rows }: { label: string; rows: readonly CallbackPair[] }) {
  return (
    <WorkTable label={label} columns={COLUMNS} rows={rows} rowKey={(row) => `${row.ticketId} ${row.round}`} />
  );
}
