/** 一个认定结果文件. What its columns mean, which application each row speaks of, and what is recorded when it is put in force. */

import { SENDERS } from "@jiesu/core/exemption/roles.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { OutcomeFile, OutcomePreview } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { SENDING } from "../../texts/exemptioncity.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag, type Tone } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { Faults, HeaderPlace, mappingColumns } from "../cityresult/FileParts.tsx";
import { outcomePreviewQuery, outcomeQuery, renewCity } from "./cityqueries.ts";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import "../assessment/assessment.css";
import "../cityresult/cityresult.css";
import "./exemption.css";

const S = SENDING;
const W = CITY.file;

export default function OutcomePage() {
  const { id } = useParams({ from: "/exemption/outcomes/$id" });
  const session = useSession();
  const file = useQuery(outcomeQuery(id));
  return (
    <PageShell
      title={file.data?.fileName ?? S.outcomeTitle}
      about={
        file.data &&
        `${S.status[file.data.status]} · ${S.by(
          file.data.confirmedBy ?? file.data.createdBy,
          minuteText(file.data.confirmedAt ?? file.data.createdAt),
        )}`
      }
      actions={<Link to="/exemption/outcomes">{S.backToFiles}</Link>}
    >
      <ExemptionTabs />
      {file.isPending ? (
        <Loading what={T.loading} />
      ) : file.isError ? (
        <Failed sentence={sentenceOf(file.error)} retry={() => void file.refetch()} />
      ) : file.data.status === "uploaded" && hasRole(session, ...SENDERS) ? (
        <Settle key={`${id} ${file.data.headerRow} ${file.data.sheetIndex}`} file={file.data} />
      ) : (
        <>
          <Lines
            title={S.linesKept}
            counts={file.data.counts}
            lines={file.data.lines}
            all={file.data.lines.length}
          />
          {file.data.faults.length > 0 && <Faults faults={file.data.faults} rows={file.data.refused} />}
        </>
      )}
    </PageShell>
  );
}

/** The columns put right, what each row would do, then all of it at once. */
function Settle({ file }: { file: OutcomeFile }) {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const draft = useDraft<{ mapping: Record<string, string>; skip: boolean }>(
    `${session.login}.exemption-outcomes.${file.id}.${file.headerRow}`,
    { mapping: file.mapping, skip: false },
  );
  const { mapping, skip } = draft.value;
  const preview = useQuery(outcomePreviewQuery(file.id, mapping));
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const path = { params: { path: { id: file.id } } };
  const act = async (work: () => Promise<void>) => {
    setBusy(true);
    setRefused(null);
    try {
      await work();
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(false);
  };
  const confirm = () =>
    act(async () => {
      const body = { mapping, skipFaulty: skip };
      const done = await bodyOf(http.POST("/api/exemptions/outcomes/{id}/confirm", { ...path, body }));
      draft.drop();
      say(done.same ? S.sameFile : S.inForce(countOf(done.counts)));
      queries.setQueryData(outcomeQuery(done.id).queryKey, done);
      await renewCity(queries);
      if (done.id !== file.id)
        void navigate({ to: "/exemption/outcomes/$id", params: { id: done.id }, replace: true });
    });
  const giveUp = () =>
    act(async () => {
      await bodyOf(http.POST("/api/exemptions/outcomes/{id}/cancel", path));
      draft.drop();
      say(W.givenUp);
      await navigate({ to: "/exemption/outcomes" });
      await renewCity(queries);
    });
  const place = (headerRow: number) =>
    act(async () => {
      const body = { sheet: file.sheetIndex, headerRow };
      const moved = await bodyOf(http.POST("/api/exemptions/outcomes/{id}/header", { ...path, body }));
      queries.setQueryData(outcomeQuery(file.id).queryKey, moved);
    });
  if (preview.isPending) return <Loading what={T.loading} />;
  if (preview.isError)
    return <Failed sentence={sentenceOf(preview.error)} retry={() => void preview.refetch()} />;
  const seen = preview.data;
  const applied = countOf(seen.counts);
  const all = seen.counts.reduce((sum, { rows }) => sum + rows, 0);
  const wanting = seen.missing.length > 0 || seen.twice.length > 0 || all === 0;
  return (
    <>
      <section className="card send-card" aria-label={W.columns}>
        <header className="card-head">
          <h2>{W.columns}</h2>
        </header>
        <WorkTable
          label={W.columns}
          columns={mappingColumns(seen.fields, (header, field) =>
            draft.set({ mapping: { ...mapping, [header]: field } }),
          )}
          rows={seen.columns}
          rowKey={(column) => column.header}
        />
        <div className="send-foot">
          {seen.missing.length > 0 && <Notice tone="near">{W.missing(seen.missing.join("、"))}</Notice>}
          {seen.twice.length > 0 && <Notice tone="near">{W.twice(seen.twice.join("、"))}</Notice>}
          {seen.refused > 0 && (
            <Checkbox checked={skip} onChange={(e) => draft.set({ skip: e.target.checked })}>
              {W.skip}
            </Checkbox>
          )}
          {!wanting && applied === 0 && <Notice>{S.nothingToDo}</Notice>}
          {refused !== null && <Notice tone="wrong">{refused}</Notice>}
          <div className="form-foot">
            <Button
              type="primary"
              loading={busy}
              disabled={wanting || (seen.refused > 0 && !skip)}
              onClick={() => void confirm()}
            >
              {applied === 0 ? S.keepOnly : S.putInForce(applied)}
            </Button>
            <Button disabled={busy} onClick={() => void giveUp()}>
              {W.giveUp}
            </Button>
          </div>
          <HeaderPlace top={file.top} headerRow={file.headerRow} onPlace={(row) => void place(row)} />
        </div>
      </section>
      {seen.lines.length > 0 && <Lines title={S.lines} counts={seen.counts} lines={seen.lines} all={all} />}
      {seen.faults.length > 0 && <Faults faults={seen.faults} rows={seen.refused} />}
    </>
  );
}

type Line = OutcomePreview["lines"][number];
type Counts = OutcomePreview["counts"];

const countOf = (counts: Counts): number => counts.find(({ standing }) => standing === "apply")?.rows ?? 0;

function Lines(props: { title: string; counts: Counts; lines: readonly Line[]; all: number }) {
  const navigate = useNavigate();
  const [only, setOnly] = useState<Line["standing"] | null>(null);
  const lines = only === null ? props.lines : props.lines.filter(({ standing }) => standing === only);
  return (
    <section className="card send-card" aria-label={props.title}>
      <header className="card-head">
        <h2>{props.title}</h2>
        {props.counts.map(({ standing, zh, rows }) => (
          <Button
            key={standing}
            size="small"
            aria-pressed={only === standing}
            type={only === standing ? "primary" : "default"}
            onClick={() => setOnly(only === standing ? null : standing)}
          >
            {S.countOf(zh, rows)}
          </Button>
        ))}
      </header>
      <WorkTable
        label={props.title}
        columns={LINE_COLUMNS}
        rows={lines}
        rowKey={(line) => String(line.row)}
        onOpen={({ exemptionId }) =>
          exemptionId !== null && void navigate({ to: "/exemption/$id", params: { id: exemptionId } })
        }
      />
      {props.lines.length < props.all && (
        <p className="quiet send-foot">{S.shownOf(props.lines.length, props.all)}</p>
      )}
    </section>
  );
}

const TONES: Readonly<Record<Line["standing"], Tone>> = {
  apply: "mine",
  same: "plain",
  conflict: "overdue",
  duplicate: "plain",
  outside: "near",
  unmatched: "near",
};

const LINE_COLUMNS: readonly Column<Line>[] = [
  { key: "row", title: S.line, align: "right", nowrap: true, cell: (line) => line.row },
  {
    key: "number",
    title: S.ticket,
    nowrap: true,
    cell: (line) =>
      line.exemptionId === null ? (
        line.number
      ) : (
        <Link to="/exemption/$id" params={{ id: line.exemptionId }}>
          {line.number}
        </Link>
      ),
  },
  { key: "unit", title: S.unit, nowrap: true, cell: (line) => line.unit },
  { key: "outcome", title: S.outcome, nowrap: true, cell: (line) => line.outcomeZh },
  { key: "reason", title: S.reason, cell: (line) => line.reason },
  { key: "paper", title: S.paper, cell: (line) => line.paper },
  {
    key: "standing",
    title: S.standing,
    nowrap: true,
    cell: (line) => <Tag tone={TONES[line.standing]}>{line.standingZh}</Tag>,
  },
  { key: "why", title: S.lineWhy, cell: (line) => line.why },
];
