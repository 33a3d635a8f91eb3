/** 退回的行. Which row, which column, what stood there, why, so that it can be mended in the file. */
import type { RowError } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

const COLUMNS: readonly Column<RowError>[] = [
  { key: "row", title: INTAKE.rowTitle, align: "right", width: 64, cell: (error) => error.row },
  { key: "column", title: INTAKE.column, nowrap: true, cell: (error) => error.column },
  {
    key: "value",
    title: INTAKE.value,
    width: 140,
    cell: (error) => <span className="samples">{error.value}</span>,
  },
  { key: "why", title: INTAKE.why, cell: (error) => error.why },
  { key: "remedy", title: INTAKE.remedy, cell: (error) => error.remedy },
];

export function ErrorTable({ errors }: { errors: readonly RowError[] }) {
  return (
    <WorkTable
      label={INTAKE.errors}
      columns={COLUMNS}
      rows={errors}
      rowKey={(error) => `${error.row} ${error.column} ${error.why}`}
      maxHeight="40vh"
    />
  );
}
