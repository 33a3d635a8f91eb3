/** 试导入的结果. How many rows would do what; every number opens into rows, a change with what was and what would be. */

import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Preview } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ErrorTable } from "./ErrorTable.tsx";

type Kind = "created" | "updated" | "rejected";
type SeenRow = Preview["created"][number];

export function SeenRows({ preview, stale }: { preview: Preview; stale: boolean }) {
  const [chosen, setChosen] = useState<Kind | null>(null);
  const open = chosen ?? (preview.rejected > 0 ? "rejected" : null);
  const counts = [
    { name: INTAKE.rows, count: preview.rows, kind: null },
    { name: INTAKE.toCreate, count: preview.toCreate, kind: "created" },
    { name: INTAKE.toUpdate, count: preview.toUpdate, kind: "updated" },
    { name: INTAKE.unchanged, count: preview.unchanged, kind: null },
    { name: INTAKE.rejected, count: preview.rejected, kind: "rejected" },
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
                  aria-label={INTAKE.openCount(name, count)}
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
      {open === "created" && <Rows title={INTAKE.toCreate} of={preview.toCreate} rows={preview.created} />}
      {open === "updated" && <Rows title={INTAKE.toUpdate} of={preview.toUpdate} rows={preview.updated} />}
      {open === "rejected" && preview.errors.length > 0 && (
        <>
          <h3 className="import-title">{INTAKE.errorsTitle(preview.rejected)}</h3>
          <ErrorTable errors={preview.errors} />
        </>
      )}
    </>
  );
}

function Rows({ title, of, rows }: { title: string; of: number; rows: readonly SeenRow[] }) {
  const changes = rows.some((row) => row.kind !== "create");
  const columns: Column<SeenRow>[] = [
    { key: "row", title: INTAKE.rowTitle, align: "right", width: 56, cell: (row) => row.row },
    {
      key: "number",
      title: INTAKE.number,
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
      ? [{ key: "changes", title: INTAKE.changes, cell: (row: SeenRow) => <Changes row={row} /> }]
      : [
          { key: "title", title: INTAKE.ticketTitle, cell: (row: SeenRow) => row.title },
          { key: "unit", title: INTAKE.unit, nowrap: true, cell: (row: SeenRow) => row.unit },
        ]),
  ];
  return (
    <>
      <h3 className="import-title">
        {title} {rows.length < of ? INTAKE.firstOf(rows.length, of) : ""}
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
      {row.touched && <Tag tone="near">{INTAKE.touched}</Tag>}
      {row.kind === "round" ? (
        <span>{INTAKE.newRound(row.unit)}</span>
      ) : (
        <ul className="change-list">
          {row.changes.map((change) => (
            <li key={change.field}>
              <span className="quiet">{change.field}</span>{" "}
              <del>{change.before === "" ? INTAKE.nothing : change.before}</del>
              <span aria-hidden="true"> → </span>
              <span className="sr">{INTAKE.becomes}</span>
              <ins>{change.after === "" ? INTAKE.nothing : change.after}</ins>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
