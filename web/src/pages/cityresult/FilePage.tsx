/** 一个市级结果文件. What its columns were taken to mean and which rows cannot be read, before it counts; then its version. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { CityFile } from "../../api/types.ts";
import { CITY } from "../../texts/cityresult.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "../assessment/AssessTabs.tsx";
import { Faults, HeaderPlace, mappingColumns } from "./FileParts.tsx";
import { fileQuery, previewQuery, refreshCity } from "./queries.ts";
import { ReasonDialog } from "./ReasonDialog.tsx";
import "../assessment/assessment.css";
import "./cityresult.css";

const W = CITY.file;

export default function FilePage() {
  const { id } = useParams({ from: "/assessment/city/file/$id" });
  const file = useQuery(fileQuery(id));
  return (
    <PageShell
      title={file.data?.fileName ?? W.title}
      about={file.data && `${file.data.period} · ${file.data.kindZh}`}
      actions={<Link to="/assessment/city">{CITY.toMonths}</Link>}
    >
      <AssessTabs />
      {file.isPending ? (
        <Loading what={T.loading} />
      ) : file.isError ? (
        <Failed sentence={sentenceOf(file.error)} retry={() => void file.refetch()} />
      ) : (
        <>
          <FileFacts file={file.data} />
          {file.data.status === "uploaded" ? (
            <Settle key={`${id} ${file.data.headerRow} ${file.data.kind}`} file={file.data} />
          ) : (
            file.data.faults.length > 0 && <Faults faults={file.data.faults} rows={file.data.refused} />
          )}
        </>
      )}
    </PageShell>
  );
}

function FileFacts({ file }: { file: CityFile }) {
  const session = useSession();
  const queries = useQueryClient();
  const [withdrawing, setWithdrawing] = useState(false);
  const withdraw = async (reason: string) => {
    await bodyOf(
      http.POST("/api/assessment/city-results/files/{id}/withdraw", {
        params: { path: { id: file.id } },
        body: { reason },
      }),
    );
    setWithdrawing(false);
    say(W.withdrawn);
    await refreshCity(queries);
  };
  return (
    <section className="card ledger-card" aria-label={W.facts}>
      <header className="card-head">
        <h2>{W.facts}</h2>
        <Tag tone={file.status === "uploaded" ? "near" : file.status === "confirmed" ? "mine" : "plain"}>
          {CITY.status[file.status]}
        </Tag>
        <div className="ledger-acts">
          {file.status === "confirmed" && (
            <Link to="/assessment/city/$period" params={{ period: file.period }}>
              {W.toMonth}
            </Link>
          )}
          {file.status === "confirmed" && hasRole(session, "assessor") && (
            <Button onClick={() => setWithdrawing(true)}>{W.withdraw}</Button>
          )}
        </div>
      </header>
      <div className="ledger-inner">
        <Facts
          of={[
            ...(file.sheet === "" ? [] : ([[W.sheet, file.sheet]] as const)),
            [W.headerRow, String(file.headerRow)],
            [W.dataRows, W.rowsOf(file.dataRows)],
            ...(file.encoding === null ? [] : ([[W.encoding, file.encoding]] as const)),
            ...(file.version === null ? [] : ([[CITY.rows, CITY.version(file.version, file.rows)]] as const)),
            [CITY.by, CITY.who(file.createdBy, minuteText(file.createdAt))],
          ]}
        />
        {file.withdrawnAt !== null && (
          <Notice>
            {W.withdrawnBy(file.withdrawnBy ?? "", minuteText(file.withdrawnAt), file.withdrawnWhy)}
          </Notice>
        )}
      </div>
      {withdrawing && (
        <ReasonDialog
          title={W.withdraw}
          about={W.withdrawAbout}
          label={W.reason}
          draft={`city-withdraw.${file.id}`}
          onClose={() => setWithdrawing(false)}
          onSend={withdraw}
        />
      )}
    </section>
  );
}

/** The columns, put right where they were guessed wrong, then the confirmation. */
function Settle({ file }: { file: CityFile }) {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const draft = useDraft<{ mapping: Record<string, string>; skip: boolean }>(
    `${session.login}.city-file.${file.id}.${file.headerRow}`,
    { mapping: file.mapping, skip: false },
  );
  const { mapping, skip } = draft.value;
  const preview = useQuery(previewQuery(file.id, mapping));
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
      const done = await bodyOf(
        http.POST("/api/assessment/city-results/files/{id}/confirm", { ...path, body }),
      );
      draft.drop();
      say(done.same ? CITY.sameFile : W.confirmed(done.rows, done.version ?? 0));
      await refreshCity(queries);
      const to = done.kind === "lines" ? "/assessment/city/$period" : "/assessment/city/$period/compare";
      void navigate({ to, params: { period: done.period } });
    });
  const giveUp = () =>
    act(async () => {
      await bodyOf(http.POST("/api/assessment/city-results/files/{id}/cancel", path));
      draft.drop();
      say(W.givenUp);
      await refreshCity(queries);
      void navigate({ to: "/assessment/city" });
    });
  const place = (headerRow: number) =>
    act(async () => {
      const moved = await bodyOf(
        http.POST("/api/assessment/city-results/files/{id}/header", {
          ...path,
          body: { sheet: file.sheetIndex, headerRow },
        }),
      );
      queries.setQueryData(fileQuery(file.id).queryKey, moved);
    });
  if (preview.isPending) return <Loading what={T.loading} />;
  if (preview.isError)
    return <Failed sentence={sentenceOf(preview.error)} retry={() => void preview.refetch()} />;
  const seen = preview.data;
  const may = hasRole(session, "assessor");
  const wanting = seen.missing.length > 0 || seen.twice.length > 0 || seen.rows === 0;
  return (
    <>
      <section className="card ledger-card" aria-label={W.columns}>
        <header className="card-head">
          <h2>{W.columns}</h2>
          <span className="quiet">{W.readable(seen.rows, seen.totals)}</span>
        </header>
        <WorkTable
          label={W.columns}
          columns={mappingColumns(seen.fields, (header, field) =>
            draft.set({ mapping: { ...mapping, [header]: field } }),
          )}
          rows={seen.columns}
          rowKey={(column) => column.header}
        />
        <div className="ledger-inner city-settle">
          {seen.missing.length > 0 && <Notice tone="near">{W.missing(seen.missing.join("、"))}</Notice>}
          {seen.twice.length > 0 && <Notice tone="near">{W.twice(seen.twice.join("、"))}</Notice>}
          {seen.refused > 0 && (
            <Checkbox checked={skip} onChange={(e) => draft.set({ skip: e.target.checked })}>
              {W.skip}
            </Checkbox>
          )}
          {refused && <Notice tone="wrong">{refused}</Notice>}
          {may && (
            <div className="city-acts">
              <Button
                type="primary"
                loading={busy}
                disabled={wanting || (seen.refused > 0 && !skip)}
                onClick={() => void confirm()}
              >
                {W.confirm}
              </Button>
              <Button disabled={busy} onClick={() => void giveUp()}>
                {W.giveUp}
              </Button>
            </div>
          )}
          {may && (
            <HeaderPlace top={file.top} headerRow={file.headerRow} onPlace={(row) => void place(row)} />
          )}
        </div>
      </section>
      {seen.faults.length > 0 && <Faults faults={seen.faults} rows={seen.refused} />}
    </>
  );
}
