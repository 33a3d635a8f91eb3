/** 列的对应. What each column of the file was taken to mean, why, and what in the samples speaks against it. */
import { Checkbox, Select } from "antd";
import { useState } from "react";
import type { Preview } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";

export type MappedColumn = Preview["columns"][number];

export function MappingTable(props: {
  columns: readonly MappedColumn[];
  fields: Preview["fields"];
  onChange: (header: string, field: string) => void;
}) {
  const [onlyDoubtful, setOnlyDoubtful] = useState(false);
  const used = new Set(props.columns.map((column) => column.field));
  const lacking = props.fields.filter((field) => field.required && !used.has(field.field));
  const doubtful = props.columns.filter((column) => column.doubt !== null);
  const options = [
    { value: "", label: INTAKE.keepExtra },
    { value: "-", label: INTAKE.leaveOut },
    ...props.fields.map((f) => ({ value: f.field, label: f.required ? `${f.zh} *` : f.zh })),
  ];
  const columns: Column<MappedColumn>[] = [
    { key: "header", title: INTAKE.header, cell: (column) => column.header },
    {
      key: "field",
      title: INTAKE.field,
      width: 210,
      cell: (column) => (
        <Select
          aria-label={INTAKE.fieldOf(column.header)}
          style={{ width: "100%", minWidth: 150 }}
          showSearch={{ optionFilterProp: "label" }}
          popupMatchSelectWidth={false}
          value={column.field}
          options={options}
          onChange={(field) => props.onChange(column.header, field)}
        />
      ),
    },
    {
      key: "why",
      title: INTAKE.because,
      width: 170,
      cell: (column) =>
        column.doubt === null ? (
          <span className="quiet">{column.why}</span>
        ) : (
          <>
            <Tag tone="near">{INTAKE.check}</Tag> <span>{column.doubt}</span>
            <div className="quiet">{column.why}</div>
          </>
        ),
    },
    {
      key: "samples",
      title: INTAKE.samples,
      cell: (column) => <span className="samples">{column.samples.join(" ┊ ")}</span>,
    },
  ];
  return (
    <>
      {lacking.length > 0 && (
        <Notice tone="near">{INTAKE.lacking(lacking.map((field) => field.zh).join("、"))}</Notice>
      )}
      {doubtful.length > 0 && (
        <div className="mapping-doubts">
          <Checkbox checked={onlyDoubtful} onChange={(e) => setOnlyDoubtful(e.target.checked)}>
            {INTAKE.onlyDoubtful(doubtful.length)}
          </Checkbox>
        </div>
      )}
      <WorkTable
        label={INTAKE.mapping}
        columns={columns}
        rows={onlyDoubtful && doubtful.length > 0 ? doubtful : props.columns}
        rowKey={(column) => column.header}
        maxHeight="60vh"
      />
    </>
  );
}
