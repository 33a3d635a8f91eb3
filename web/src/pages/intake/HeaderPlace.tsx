/** 工作表与表头. Which sheet and row were taken for the header; the first rows to see it, and to point to another. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Select } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { Batch } from "../../api/types.ts";
import { INTAKE } from "../../texts/intake.ts";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { importQuery } from "./queries.ts";

type TopRow = Batch["top"][number];
const MOST_COLUMNS = 8;

export function HeaderPlace({ batch }: { batch: Batch }) {
  const queries = useQueryClient();
  const unsure = batch.profile === "" || batch.columns.length < 3;
  const [open, setOpen] = useState(unsure);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const choose = async (place: { sheet: number; headerRow?: number }) => {
    setBusy(true);
    setRefused(null);
    try {
      const body = await bodyOf(
        http.POST("/api/imports/{id}/header", { params: { path: { id: batch.id } }, body: place }),
      );
      queries.setQueryData(importQuery(batch.id).queryKey, body);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const wide = Math.min(MOST_COLUMNS, Math.max(0, ...batch.top.map((row) => row.cells.length)));
  const columns: Column<TopRow>[] = [
    { key: "row", title: INTAKE.rowTitle, align: "right", width: 52, cell: (row) => row.row },
    {
      key: "pick",
      title: INTAKE.headerRow,
      width: 96,
      nowrap: true,
      cell: (row) =>
        row.row === batch.headerRow ? (
          <Tag tone="strong">{INTAKE.isHeader}</Tag>
        ) : (
          <Button
            size="small"
            disabled={busy}
            aria-label={INTAKE.takeAsHeaderOf(row.row)}
            onClick={() => void choose({ sheet: batch.sheetIndex, headerRow: row.row })}
          >
            {INTAKE.takeAsHeader}
          </Button>
        ),
    },
    ...Array.from(
      { length: wide },
      (_, i): Column<TopRow> => ({
        key: `c${i}`,
        title: letterOf(i),
        cell: (row) => <span className="top-cell">{row.cells[i] ?? ""}</span>,
      }),
    ),
  ];
  return (
    <section className="card header-place" aria-label={INTAKE.place} aria-busy={busy}>
      <header className="card-head">
        <h2>{INTAKE.place}</h2>
        <span>
          {batch.sheet !== "" && `${INTAKE.sheetNamed(batch.sheet)}，`}
          {INTAKE.headerAt(batch.headerRow)}，{INTAKE.rowsBelow(batch.rows)}
        </span>
        {batch.sheets.length > 1 && (
          <Select
            aria-label={INTAKE.sheet}
            className="sheet-choice"
            value={batch.sheetIndex}
            disabled={busy}
            options={batch.sheets.map((name, index) => ({ value: index, label: name }))}
            onChange={(sheet) => void choose({ sheet })}
          />
        )}
        <Button size="small" type="link" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? INTAKE.hideTop : INTAKE.changeHeader}
        </Button>
      </header>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      {open && (
        <>
          {unsure && <Notice tone="near">{INTAKE.unsureHeader}</Notice>}
          <WorkTable
            label={INTAKE.topRows}
            columns={columns}
            rows={batch.top}
            rowKey={(row) => String(row.row)}
            marked={(row) => row.row === batch.headerRow}
            maxHeight="36vh"
          />
        </>
      )}
    </section>
  );
}

/** Columns as spreadsheets call them; there are never more than eight here. */
const letterOf = (index: number): string => String.fromCharCode(65 + index);
