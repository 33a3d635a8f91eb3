/** 试导入的结果. How many rows would do what; every number opens into rows, a change with what was and what would be. */

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Preview } from "../../api/types.ts";
import { T } from "../../texts.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ErrorTable } from "./ErrorTable.tsx";

type Kind = "created" | "updated" | "rejected";
type SeenRow = Preview["created"][number];

export function SeenRows({ preview, stale }: { preview: Preview; stale: boolean }) {
  const [chosen, setChosen] = useState<Kind | null>(null);
  const open = chosen ?? (preview.rejected > 0 ? "rejected" : null);
  const counts = [
    { name: T.intake.rows, count: preview.rows, kind: null },
    { name: T.intake.toCreate, count: preview.toCreate, kind: "created" },
    { name: T.intake.toUpdate, count: preview.toUpdate, kind: "updated" },
    { name: T.intake.unchanged, count: preview.unchanged, kind: null },
    { name: T.intake.rejected, count: preview.rejected, kind: "rejected" },
  ] as const;
  return (
    <>
      <dl className="import-counts" data-stale={stale || undefined}>
        {counts.map(({ name, count, kind }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {kind === null || count === 0 ? (
                count
              ) : (
                <button
                  type="button"
                  className="count-button"
                  aria-label={T.intake.openCount(name, count)}
                  aria-expanded={open === kind}
                  onClick={() => setChosen(kind)}
                >
                  {count}
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {open === "created" && <Rows title={T.intake.toCreate} of={preview.toCreate} rows={preview.created} />}
      {open === "updated" && <Rows title={T.intake.toUpdate} of={preview.toUpdate} rows={preview.updated} />}
      {open === "rejected" && preview.errors.length > 0 && (
        <>
          <h3 className="import-title">{T.intake.errorsTitle(preview.rejected)}</h3>
          <ErrorTable errors={preview.errors} />
        </>
      )}
    </>
  );
}

function Rows({ title, of, rows }: { title: string; of: number; rows: readonly SeenRow[] }) {
  const changes = rows.some((row) => row.kind !== "create");
  const columns: Column<SeenRow>[] = [
    { key: "row", title: T.intake.rowTitle, align: "right", width: 56, cell: (row) => row.row },
    {
      key: "number",
      title: T.intake.number,
      nowrap: true,
      cell: (row) =>
        row.ticketId === null ? (
          row.number
        ) : (
          <Link to="/tickets/$id" params={{ id: row.ticketId }}>
            {row.number}
          </Link>
        ),
    },
    ...(changes
      ? [{ key: "changes", title: T.intake.changes, cell: (row: SeenRow) => <Changes row={row} /> }]
      : [
          { key: "title", title: T.intake.ticketTitle, cell: (row: SeenRow) => row.title },
          { key: "unit", title: T.intake.unit, nowrap: true, cell: (row: SeenRow) => row.unit },
        ]),
  ];
  return (
    <>
      <h3 className="import-title">
        {title} {rows.length < of ? T.intake.firstOf(rows.length, of) : ""}
      </h3>
      <WorkTable
        label={title}
        columns={columns}
        rows={rows}
        rowKey={(row) => `${row.row}`}
        maxHeight="40vh"
      />
    </>
  );
}

function Changes({ row }: { row: SeenRow }) {
  return (
    <>
      {row.touched && <Tag tone="near">{T.intake.touched}</Tag>}
      {row.kind === "round" ? (
        <span>{T.intake.newRound(row.unit)}</span>
      ) : (
        <ul className="change-list">
          {row.changes.map((change) => (
            <li key={change.field}>
              <span className="quiet">{change.field}</span>{" "}
              <del>{change.before === "" ? T.intake.nothing : change.before}</del>
              <span aria-hidden="true"> → </span>
              <span className="sr">{T.intake.becomes}</span>
              <ins>{change.after === "" ? T.intake.nothing : change.after}</ins>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
