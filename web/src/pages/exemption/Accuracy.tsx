/** 认定情况. How often applications were upheld, by the unit that made them, the person who reviewed them or the ground. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Segmented } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { accuracyQuery } from "./queries.ts";
import type { AccuracyBy } from "./search.ts";

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

const FIGURES = ["applied", "upheld", "denied", "refused"] as const;

/** Each figure opens into the applications that it counts. */
function columnsOf(by: AccuracyBy): readonly Column<Line>[] {
  const opened = (line: Line, n: number, tab: string, turned?: true) =>
    n === 0 ? (
      0
    ) : (
      <Link to="/exemption" search={{ tab, by, key: line.key, turned }}>
        {n}
      </Link>
    );
  return [
    { key: "name", title: X.name, cell: (line) => line.name },
    ...FIGURES.map(
      (figure): Column<Line> => ({
        key: figure,
        title: X[figure],
        align: "right",
        cell: (line) => opened(line, line[figure], figure === "applied" ? "all" : figure),
      }),
    ),
    { key: "share", title: X.share, definition: X.shareAbout, align: "right", cell: shareOf },
    {
      key: "overturned",
      title: X.overturned,
      definition: X.overturnedAbout,
      align: "right",
      cell: (line) => opened(line, line.overturned, "all", true),
    },
  ];
}

function shareOf({ upheld, denied, refused }: Line): string {
  const decided = upheld + denied + refused;
  return decided === 0 ? "—" : `${((upheld / decided) * 100).toFixed(1)}%`;
}

export function Accuracy() {
  const [by, setBy] = useState<AccuracyBy>("unit");
  const rows = useQuery(accuracyQuery(by));
  return (
    <>
      <div className="list-tabs">
        <Segmented<AccuracyBy>
          aria-label={X.by}
          options={[
            { value: "unit", label: X.byUnit },
            { value: "reviewer", label: X.byReviewer },
            { value: "ground", label: X.byGround },
          ]}
          value={by}
          onChange={setBy}
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
          <WorkTable
            label={X.accuracy}
            columns={columnsOf(by)}
            rows={rows.data}
            rowKey={(line) => line.key}
          />
        </div>
      )}
    </>
  );
}
