/** 粘贴分类表、人口表. A table copied out of a workbook, or a file, looked over row by row before any of it is entered. */
import { useQueryClient } from "@tanstack/react-query";
import { Button, Input } from "antd";
import { useRef, useState } from "react";
import { bodyOf, http, upload } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { ClassLook, PopulationLook } from "../../api/types.ts";
import { FACTS } from "../../texts/adjustment.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { refreshFigures } from "./adjustmentqueries.ts";

const W = FACTS;
type Kind = "classes" | "population";
type Look = ClassLook | PopulationLook;
type Fault = Look["faults"][number];

export function FactPaste({ kind, onClose }: { kind: Kind; onClose: () => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const { value, set, drop } = useDraft(`${session.login}.paste.${kind}`, { text: "", source: "" });
  const [look, setLook] = useState<Look | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const picker = useRef<HTMLInputElement>(null);
  const during = async (work: () => Promise<void>) => {
    setBusy(true);
    setRefused(null);
    try {
      await work();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(false);
  };
  const change = (next: Partial<typeof value>) => {
    set(next);
    setLook(null);
  };
  const read = (file: File) =>
    during(async () => {
      const { text } = await upload<{ text: string }>("/api/assessment/unit-facts/read", file, () => {});
      change({ text });
    });
  const lookOver = () =>
    during(async () => {
      const body = { text: value.text, source: value.source };
      setLook(
        kind === "classes"
          ? await bodyOf(http.POST("/api/assessment/unit-facts/classes/paste", { body }))
          : await bodyOf(http.POST("/api/assessment/unit-facts/population/paste", { body })),
      );
    });
  const enter = (seen: Look) =>
    during(async () => {
      const { entered } = await bodyOf(sent(seen));
      drop();
      say(W.saved(entered));
      await refreshFigures(queries);
      onClose();
    });
  const ready = look !== null && look.faults.length === 0 && look.rows.length > 0;
  return (
    <Dialog title={`${W.paste}：${W.tabs[kind]}`} onClose={onClose} width={860}>
      <p className="quiet">{W.pasteAbout[kind]}</p>
      <Field label={W.pasteHere} required>
        {(control) => (
          <Input.TextArea
            {...control}
            className="fact-paste"
            autoSize={{ minRows: 5, maxRows: 12 }}
            value={value.text}
            onChange={(e) => change({ text: e.target.value })}
          />
        )}
      </Field>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label={W.file}
        accept=".xlsx,.xls,.csv,.txt"
        onChange={(e) => {
          const file = e.target.files?.[0];
          e.target.value = "";
          if (file) void read(file);
        }}
      />
      <div className="fact-gap">
        <Field label={W.commonPaper}>
          {(control) => (
            <Input
              {...control}
              maxLength={200}
              value={value.source}
              onChange={(e) => change({ source: e.target.value })}
            />
          )}
        </Field>
      </div>
      {refused && <Notice tone="wrong">{refused}</Notice>}
      {look && <Looked look={look} />}
      <div className="dialog-foot">
        <Button onClick={() => picker.current?.click()} disabled={busy}>
          {W.file}
        </Button>
        <Button onClick={onClose}>{T.cancel}</Button>
        {ready ? (
          <Button type="primary" loading={busy} onClick={() => void enter(look)}>
            {W.enter(look.rows.length)}
          </Button>
        ) : (
          <Button
            type="primary"
            loading={busy}
            disabled={value.text.trim() === ""}
            onClick={() => void lookOver()}
          >
            {busy ? W.looking : W.look}
          </Button>
        )}
      </div>
    </Dialog>
  );
}

function sent(look: Look) {
  const classes = look.rows.flatMap(({ entry }) => ("from" in entry ? [withoutRow(entry)] : []));
  if (classes.length > 0)
    return http.POST("/api/assessment/unit-facts/classes", { body: { entries: classes } });
  const populations = look.rows.flatMap(({ entry }) => ("year" in entry ? [withoutRow(entry)] : []));
  return http.POST("/api/assessment/unit-facts/population", { body: { entries: populations } });
}

function withoutRow<T extends { row: number }>({ row: _row, ...entry }: T): Omit<T, "row"> {
  return entry;
}

interface Line {
  readonly row: number;
  readonly unit: string;
  readonly value: string;
  readonly when: string;
  readonly source: string;
  readonly now: string | null;
  readonly same: boolean;
}

function Looked({ look }: { look: Look }) {
  if (look.faults.length > 0)
    return (
      <div role="status" className="fact-gap">
        <Notice tone="wrong">{W.faults(look.faults.length)}</Notice>
        <WorkTable
          label={W.fault}
          maxHeight="260px"
          columns={FAULTS}
          rows={look.faults}
          rowKey={(fault) => `${fault.row} ${fault.column} ${fault.text}`}
        />
      </div>
    );
  const lines = look.rows.map(({ entry, unitName, now, same }): Line => {
    const { row, source } = entry;
    return "from" in entry
      ? {
          ...{ row, source, now, same },
          unit: unitName,
          value: entry.unitClass ?? W.noClass,
          when: entry.from,
        }
      : {
          ...{ row, source, now, same },
          unit: unitName,
          value: entry.people === null ? W.unknown : W.people(entry.people),
          when: `${entry.year} 年`,
        };
  });
  return (
    <div role="status" className="fact-gap">
      <Notice>{W.ready(lines.length, lines.filter((line) => line.same).length)}</Notice>
      {look.unusedClasses.length > 0 && (
        <Notice tone="near">{W.unused(look.unusedClasses.join("、"))}</Notice>
      )}
      <WorkTable
        label={W.value}
        maxHeight="260px"
        columns={LINES}
        rows={lines}
        rowKey={(line) => String(line.row)}
      />
    </div>
  );
}

const FAULTS: readonly Column<Fault>[] = [
  { key: "row", title: W.row, align: "right", nowrap: true, cell: (fault) => fault.row },
  { key: "column", title: W.column, nowrap: true, cell: (fault) => fault.column },
  { key: "text", title: W.fault, cell: (fault) => fault.text },
];

const LINES: readonly Column<Line>[] = [
  { key: "row", title: W.row, align: "right", nowrap: true, cell: (line) => line.row },
  { key: "unit", title: W.unit, nowrap: true, cell: (line) => line.unit },
  { key: "value", title: W.value, nowrap: true, cell: (line) => line.value },
  { key: "when", title: W.since, nowrap: true, cell: (line) => line.when },
  { key: "source", title: W.source, cell: (line) => line.source },
  {
    key: "now",
    title: W.now,
    nowrap: true,
    cell: (line) => (line.same ? <Tag>{W.same}</Tag> : (line.now ?? <span className="quiet">—</span>)),
  },
];
