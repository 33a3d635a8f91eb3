/** 认定情况. How often applications were upheld, by the unit that made them or the person who reviewed them. */
import { useQuery } from "@tanstack/react-query";
import { Segmented } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { accuracyQuery } from "./queries.ts";

const X = EXEMPTION;

interface Line {
  readonly key: string;
  readonly name: string;
  readonly applied: number;
  readonly upheld: number;
  readonly denied: number;
  readonly refused: number;
  readonly overturned: number;
}

const COLUMNS: readonly Column<Line>[] = [
  { key: "name", title: X.name, cell: (line) => line.name },
  { key: "applied", title: X.applied, align: "right", cell: (line) => line.applied },
  { key: "upheld", title: X.upheld, align: "right", cell: (line) => line.upheld },
  { key: "denied", title: X.denied, align: "right", cell: (line) => line.denied },
  { key: "refused", title: X.refused, align: "right", cell: (line) => line.refused },
  { key: "share", title: X.share, definition: X.shareAbout, align: "right", cell: shareOf },
  {
    key: "overturned",
    title: X.overturned,
    definition: X.overturnedAbout,
    align: "right",
    cell: (line) => line.overturned,
  },
];

function shareOf({ upheld, denied, refused }: Line): string {
  const decided = upheld + denied + refused;
  return decided === 0 ? "—" : `${((upheld / decided) * 100).toFixed(1)}%`;
}

export function Accuracy() {
  const [by, setBy] = useState<"unit" | "reviewer">("unit");
  const rows = useQuery(accuracyQuery(by));
  return (
    <>
      <div className="list-tabs">
        <Segmented
          aria-label={X.by}
          options={[
            { value: "unit", label: X.byUnit },
            { value: "reviewer", label: X.byReviewer },
          ]}
          value={by}
          onChange={(to) => setBy(to === "reviewer" ? "reviewer" : "unit")}
        />
      </div>
      {rows.isPending ? (
        <Loading what={T.loading} />
      ) : rows.isError ? (
        <Failed sentence={sentenceOf(rows.error)} retry={() => void rows.refetch()} />
      ) : rows.data.length === 0 ? (
        <EmptyState title={X.none}>{X.noneAbout}</EmptyState>
      ) : (
        <div className="card">
          <WorkTable label={X.accuracy} columns={COLUMNS} rows={rows.data} rowKey={(line) => line.key} />
        </div>
      )}
    </>
  );
}
