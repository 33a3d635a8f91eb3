/** 成绩单. Every period's sheet and where it stands; the assessor begins one here. */
import { LEVEL_NAMES, LEVELS } from "@jiesu/core/assessment/level.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { ScoreSheetLine } from "../../api/types.ts";
import { SHEETS as W } from "../../texts/sheets.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { PeriodPick, Pick, usePeriod } from "./PeriodPick.tsx";
import { keepSheet, sheetsQuery } from "./sheetqueries.ts";
import "./assessment.css";

export default function SheetsPage() {
  const session = useSession();
  const navigate = useNavigate();
  const sheets = useQuery(sheetsQuery);
  const isUnit = session.unit !== null;
  const open = (row: ScoreSheetLine) =>
    void navigate({ to: "/assessment/sheets/$id", params: { id: row.id } });
  return (
    <PageShell title={W.title} about={isUnit ? W.aboutUnit : W.about}>
      <AssessTabs />
      {hasRole(session, "assessor") && <Make lines={sheets.data ?? []} />}
      {sheets.isPending ? (
        <Loading what={T.loading} />
      ) : sheets.isError ? (
        <Failed sentence={sentenceOf(sheets.error)} retry={() => void sheets.refetch()} />
      ) : sheets.data.length === 0 ? (
        <EmptyState title={isUnit ? W.noneUnit : W.none}>{isUnit ? W.noneUnitAbout : W.noneAbout}</EmptyState>
      ) : (
        <section className="card ledger-card">
          <WorkTable
            label={W.title}
            columns={isUnit ? COLUMNS.filter((column) => !FOR_CENTRE.includes(column.key)) : COLUMNS}
            rows={sheets.data}
            rowKey={(row) => row.id}
            onOpen={open}
          />
        </section>
      )}
    </PageShell>
  );
}

/** One is under way at a time: where there is one for the period, it is opened. */
function Make({ lines }: { lines: readonly ScoreSheetLine[] }) {
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [asked, setAsked] = useState<string>();
  const [level, setLevel] = useState<(typeof LEVELS)[number]>("district");
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const period = usePeriod(asked);
  const known = lines.find((line) => line.period === period && line.level === level);
  const make = async () => {
    if (period === undefined) return;
    setBusy(true);
    setRefused(null);
    try {
      const sheet = await bodyOf(
        http.POST("/api/assessment/sheets", { body: { period, level, reason: "" } }),
      );
      await keepSheet(queries, sheet);
      void navigate({ to: "/assessment/sheets/$id", params: { id: sheet.id } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  return (
    <>
      <PeriodPick period={period} onChange={setAsked}>
        <Pick
          label={W.level}
          value={level}
          options={LEVELS.map((each) => ({ value: each, label: LEVEL_NAMES[each] }))}
          onChange={setLevel}
        />
        {known ? (
          <p className="sheet-known">
            {W.exists}（{known.stateZh}）{" "}
            <Link to="/assessment/sheets/$id" params={{ id: known.id }}>
              {W.open}
            </Link>
          </p>
        ) : (
          <Button type="primary" loading={busy} disabled={period === undefined} onClick={() => void make()}>
            {busy ? W.making : W.make}
          </Button>
        )}
      </PeriodPick>
      {refused && <Notice tone="wrong">{refused}</Notice>}
    </>
  );
}

const FOR_CENTRE: readonly string[] = ["drafted", "reviewed"];

const COLUMNS: readonly Column<ScoreSheetLine>[] = [
  { key: "period", title: W.period, nowrap: true, cell: (row) => row.period },
  { key: "level", title: W.level, nowrap: true, cell: (row) => row.levelZh },
  {
    key: "title",
    title: W.title,
    cell: (row) => (
      <Link to="/assessment/sheets/$id" params={{ id: row.id }}>
        {row.title}
      </Link>
    ),
  },
  { key: "version", title: "", nowrap: true, cell: (row) => (row.version > 1 ? W.version(row.version) : "") },
  {
    key: "state",
    title: W.state,
    nowrap: true,
    cell: (row) => (
      <>
        <Tag tone={row.state === "published" ? "mine" : "strong"}>{row.stateZh}</Tag>{" "}
        {row.provisional && <Tag tone="near">{W.provisional}</Tag>}
      </>
    ),
  },
  { key: "number", title: W.number, nowrap: true, cell: (row) => row.number },
  { key: "drafted", title: W.drafted, nowrap: true, cell: (row) => row.draftedBy },
  { key: "reviewed", title: W.reviewed, nowrap: true, cell: (row) => row.reviewedBy },
  {
    key: "published",
    title: W.published,
    nowrap: true,
    cell: (row) => row.publishedAt && `${row.publishedBy} ${minuteText(row.publishedAt)}`,
  },
];
