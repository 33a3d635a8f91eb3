/** 差异. What the ledger says now beside what stands in the sheet, unit by unit. */
import { useQuery } from "@tanstack/react-query";
import { sentenceOf } from "../../api/problem.ts";
import type { ScoreSheet, ScoreSheetDifference } from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { T } from "../../texts.ts";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { sheetDifferencesQuery } from "./sheetqueries.ts";

export function SheetDifferences({ sheet }: { sheet: ScoreSheet }) {
  const found = useQuery(sheetDifferencesQuery(sheet.id, sheet.edition));
  return (
    <section className="card ledger-card" aria-label={W.differences}>
      <header className="card-head">
        <h2>{W.differences}</h2>
        {found.data && found.data.length > 0 && <Tag tone="near">{W.differCount(found.data.length)}</Tag>}
        <span className="quiet">{W.differencesAbout}</span>
      </header>
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <div className="ledger-inner">
          <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
        </div>
      ) : found.data.length === 0 ? (
        <p className="ledger-inner quiet">{W.noDifferences}</p>
      ) : (
        <WorkTable
          label={W.differences}
          columns={COLUMNS}
          rows={found.data}
          rowKey={(row) => `${row.unit.id} ${row.column}`}
        />
      )}
    </section>
  );
}

const COLUMNS: readonly Column<ScoreSheetDifference>[] = [
  { key: "unit", title: W.unit, nowrap: true, cell: (row) => row.unit.shortName },
  { key: "column", title: W.column, nowrap: true, cell: (row) => row.columnZh },
  { key: "was", title: W.was, align: "right", nowrap: true, cell: (row) => row.was ?? W.absent },
  { key: "now", title: W.now, align: "right", nowrap: true, cell: (row) => row.now ?? W.absent },
];
