/** 结果导入. The city's files of outcomes; one is dropped or chosen, and looked at before it counts. */
import { SENDERS } from "@jiesu/core/exemption/roles.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { upload } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { OutcomeFile, OutcomeFileRow } from "../../api/types.ts";
import { SENDING } from "../../texts/exemptioncity.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { FileDrop } from "../../ui/FileDrop.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { outcomeQuery, outcomesQuery } from "./cityqueries.ts";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import "./exemption.css";

const S = SENDING;

export default function OutcomesPage() {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const files = useQuery(outcomesQuery);
  return (
    <PageShell title={S.outcomes} about={S.outcomesAbout}>
      <ExemptionTabs />
      {hasRole(session, ...SENDERS) && (
        <FileDrop
          page={S.outcomes}
          kinds={S.kinds}
          mostMb={30}
          send={async (file, onProgress, signal) => {
            const taken = await upload<OutcomeFile>("/api/exemptions/outcomes", file, onProgress, signal);
            queries.setQueryData(outcomeQuery(taken.id).queryKey, taken);
            void queries.invalidateQueries({ queryKey: outcomesQuery.queryKey });
            if (taken.same) say(S.sameFile);
            void navigate({ to: "/exemption/outcomes/$id", params: { id: taken.id } });
          }}
        />
      )}
      {files.isPending ? (
        <Loading what={T.loading} />
      ) : files.isError ? (
        <Failed sentence={sentenceOf(files.error)} retry={() => void files.refetch()} />
      ) : files.data.length === 0 ? (
        <EmptyState title={S.noOutcome}>{S.noOutcomeAbout}</EmptyState>
      ) : (
        <div className="card send-list">
          <WorkTable
            label={S.outcomes}
            columns={COLUMNS}
            rows={files.data}
            rowKey={(file) => file.id}
            onOpen={(file) => void navigate({ to: "/exemption/outcomes/$id", params: { id: file.id } })}
          />
        </div>
      )}
    </PageShell>
  );
}

const COLUMNS: readonly Column<OutcomeFileRow>[] = [
  {
    key: "name",
    title: S.fileName,
    cell: (file) => (
      <Link to="/exemption/outcomes/$id" params={{ id: file.id }}>
        {file.fileName}
      </Link>
    ),
  },
  {
    key: "status",
    title: S.state,
    nowrap: true,
    cell: (file) => <Tag tone={file.status === "uploaded" ? "near" : "plain"}>{S.status[file.status]}</Tag>,
  },
  { key: "rows", title: S.rows, align: "right", cell: (file) => file.dataRows },
  {
    key: "told",
    title: S.told,
    cell: (file) => file.counts.map(({ zh, rows }) => S.countOf(zh, rows)).join("、"),
  },
  {
    key: "by",
    title: S.at,
    nowrap: true,
    cell: (file) => S.by(file.confirmedBy ?? file.createdBy, minuteText(file.confirmedAt ?? file.createdAt)),
  },
];
