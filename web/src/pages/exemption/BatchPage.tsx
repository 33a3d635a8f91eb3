/** 一个报市批次. What went out with its evidence, its files, and how it ends: 市级签收, or withdrawn by a second person. */
import { SENDERS } from "@jiesu/core/exemption/roles.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { ExemptionBatch } from "../../api/types.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { SENDING } from "../../texts/exemptioncity.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { saveAs } from "../../ui/saving.ts";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ReasonDialog } from "../cityresult/ReasonDialog.tsx";
import { Opened } from "./BatchFigure.tsx";
import { batchQuery, renewCity } from "./cityqueries.ts";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import "../assessment/assessment.css";
import "./exemption.css";

const S = SENDING;

export default function BatchPage() {
  const { id } = useParams({ from: "/exemption/batches/$id" });
  const { only } = useSearch({ from: "/exemption/batches/$id" });
  const found = useQuery(batchQuery(id));
  const navigate = useNavigate();
  return (
    <PageShell
      title={found.data?.number ?? S.batches}
      about={found.data && S.by(found.data.sentBy, minuteText(found.data.sentAt))}
      actions={<Link to="/exemption/batches">{S.back}</Link>}
    >
      <ExemptionTabs />
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <>
          <BatchFacts of={found.data} />
          <section className="card send-card" aria-label={S.items}>
            <header className="card-head">
              <h2>{S.items}</h2>
              {only !== undefined && (
                <Link to="/exemption/batches/$id" params={{ id }} search={{}}>
                  {S.showAll}
                </Link>
              )}
            </header>
            <WorkTable
              label={S.items}
              columns={COLUMNS}
              rows={found.data.items.filter(
                ({ here, state }) => only === undefined || (here && state === only),
              )}
              rowKey={(item) => item.exemptionId}
              onOpen={(item) => void navigate({ to: "/exemption/$id", params: { id: item.exemptionId } })}
            />
          </section>
        </>
      )}
    </PageShell>
  );
}

function BatchFacts({ of: batch }: { of: ExemptionBatch }) {
  const undecided = batch.items.filter((item) => item.here && item.state === "sent").length;
  return (
    <section className="card send-card" aria-label={S.facts}>
      <header className="card-head">
        <h2>{S.facts}</h2>
        <Tag tone={batch.state === "sent" ? "near" : "plain"}>{S.states[batch.state]}</Tag>
      </header>
      <div className="send-foot">
        <Facts
          of={[
            [S.applicationsIn, <Opened key="all" id={batch.id} n={batch.applications} only={undefined} />],
            [EXEMPTION.upheld, <Opened key="upheld" id={batch.id} n={batch.upheld} only="upheld" />],
            [EXEMPTION.denied, <Opened key="denied" id={batch.id} n={batch.denied} only="denied" />],
            [S.undecided, <Opened key="sent" id={batch.id} n={undecided} only="sent" />],
            [S.form, batch.form],
            [
              S.ended,
              batch.endedAt === null
                ? null
                : `${S.by(batch.endedBy ?? "", minuteText(batch.endedAt))}${batch.endNote ? `：${batch.endNote}` : ""}`,
            ],
          ]}
        />
        <Files of={batch} />
        <Ending of={batch} />
      </div>
    </section>
  );
}

function Files({ of: batch }: { of: ExemptionBatch }) {
  const session = useSession();
  const [asking, setAsking] = useState(false);
  const may = hasRole(session, ...SENDERS);
  const path = `/api/exemptions/batches/${batch.id}`;
  const clear = async (reason: string) => {
    const { data } = await http.POST("/api/exemptions/batches/{id}/clear", {
      params: { path: { id: batch.id } },
      body: { reason },
      parseAs: "blob",
    });
    if (data instanceof Blob) saveAs(data, `${S.clear}-${batch.number}.xlsx`);
    setAsking(false);
    say(S.cleared);
  };
  return (
    <>
      <ul className="send-files" aria-label={S.files}>
        {(["form", "index"] as const).map((kind) => (
          <li key={kind}>
            <a href={`${path}/files/${kind}`} download>
              {S.download[kind]}
            </a>
          </li>
        ))}
        {may && (
          <li>
            <a href={`${path}/evidence`} download>
              {S.download.evidence}
            </a>
          </li>
        )}
        {may && (
          <li>
            <Button size="small" onClick={() => setAsking(true)}>
              {S.clear}
            </Button>
          </li>
        )}
      </ul>
      <p className="quiet">{S.covered}</p>
      {asking && (
        <ReasonDialog
          title={S.clear}
          about={S.clearAbout}
          label={S.clearReason}
          draft={`exemption-clear.${batch.id}`}
          onClose={() => setAsking(false)}
          onSend={clear}
        />
      )}
    </>
  );
}

function Ending({ of: batch }: { of: ExemptionBatch }) {
  const session = useSession();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<"acknowledge" | "withdraw" | null>(null);
  if (batch.state !== "sent" || !hasRole(session, ...SENDERS)) return null;
  const params = { path: { id: batch.id } };
  const end = async (text: string) => {
    if (asked === "acknowledge")
      await bodyOf(http.POST("/api/exemptions/batches/{id}/acknowledge", { params, body: { note: text } }));
    else await bodyOf(http.POST("/api/exemptions/batches/{id}/withdraw", { params, body: { reason: text } }));
    say(asked === "acknowledge" ? S.acknowledged : S.withdrawn);
    setAsked(null);
    await renewCity(queries);
  };
  const isWithdrawal = asked === "withdraw";
  return (
    <>
      <div className="form-foot">
        <Button onClick={() => setAsked("acknowledge")}>{S.acknowledge}</Button>
        <Button disabled={batch.own} onClick={() => setAsked("withdraw")}>
          {S.withdraw}
        </Button>
        {batch.own && <span className="quiet">{S.ownBatch}</span>}
      </div>
      {asked !== null && (
        <ReasonDialog
          key={asked}
          title={isWithdrawal ? S.withdraw : S.acknowledge}
          about={isWithdrawal ? S.withdrawAbout : S.acknowledgeAbout}
          label={isWithdrawal ? S.withdrawReason : S.acknowledgeNote}
          draft={`exemption-batch.${batch.id}.${asked}`}
          mayBeBlank={!isWithdrawal}
          onClose={() => setAsked(null)}
          onSend={end}
        />
      )}
    </>
  );
}

type Item = ExemptionBatch["items"][number];

const COLUMNS: readonly Column<Item>[] = [
  { key: "place", title: S.place, align: "right", cell: (item) => item.place },
  {
    key: "number",
    title: S.ticket,
    nowrap: true,
    cell: (item) => (
      <Link to="/exemption/$id" params={{ id: item.exemptionId }}>
        {item.number}
      </Link>
    ),
  },
  { key: "unit", title: S.unit, nowrap: true, cell: (item) => item.unit },
  { key: "ground", title: S.ground, cell: (item) => item.ground },
  {
    key: "now",
    title: S.now,
    nowrap: true,
    cell: (item) => (item.here ? item.stateZh : <span className="quiet">{S.left}</span>),
  },
  {
    key: "evidence",
    title: S.evidence,
    cell: (item) => (
      <ol className="send-evidence">
        {item.evidence.map((piece) => (
          <li key={piece.order}>
            {piece.kind}：
            {piece.file === null ? (
              <span className="case-words">{piece.text}</span>
            ) : (
              <span title={`${S.digest} ${piece.file.sha256}`}>
                {piece.file.name}（{S.sizeOf(piece.file.size)}）{piece.text}
              </span>
            )}
          </li>
        ))}
      </ol>
    ),
  },
];
