/** 一个先例. Its versions with their scope, what was done to it, and the tickets that cited it; publishing, amending, overruling. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { PRECEDENTS } from "../../texts/ownership.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { PrecedentForm } from "./PrecedentForm.tsx";
import { SendForm, Words } from "./parts.tsx";
import { type Precedent, precedentQuery, renewOwnership, type Version } from "./queries.ts";
import { ScopeWords, StandingTag } from "./Scope.tsx";
import "../exemption/exemption.css";
import "./ownership.css";

const P = PRECEDENTS;

export default function PrecedentPage() {
  const { id } = useParams({ from: "/ownership/precedents/$id" });
  const found = useQuery(precedentQuery(id));
  const one = found.data;
  return (
    <PageShell
      title={one ? `${one.number} ${one.versions[0]?.title ?? ""}` : P.title}
      about={
        one && (
          <>
            {P.from}{" "}
            <Link to="/ownership/$id" params={{ id: one.caseId }}>
              {one.caseNumber}
            </Link>
          </>
        )
      }
      actions={
        <Link to="/ownership/precedents" search={{}}>
          {P.back}
        </Link>
      }
    >
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <One key={id} of={found.data} />
      )}
    </PageShell>
  );
}

function One({ of: one }: { of: Precedent }) {
  const [form, setForm] = useState<"edit" | "overrule" | null>(null);
  const draft = one.versions.find((each) => each.state === "draft");
  return (
    <>
      <Acts of={one} onForm={setForm} />
      {form === "edit" && draft && one.may.includes("edit") && (
        <section className="card case-step" aria-label={P.edit}>
          <h3>{P.edit}</h3>
          <PrecedentForm precedentId={one.id} of={draft} onClose={() => setForm(null)} />
        </section>
      )}
      {form === "overrule" && one.may.includes("overrule") && (
        <section className="card case-step" aria-label={P.overrule}>
          <h3>{P.overrule}</h3>
          <Overrule of={one} onClose={() => setForm(null)} />
        </section>
      )}
      <div className="case">
        <div>
          {one.versions.map((version) => (
            <OneVersion key={version.id} of={version} />
          ))}
          <Citing of={one} />
        </div>
        <div>
          <DetailPanel title={P.history}>
            <ol className="step-list">
              {one.steps.map((step) => (
                <li key={`${step.at} ${step.stepZh} ${step.version}`}>
                  <time dateTime={step.at}>{minuteText(step.at)}</time>
                  <span>
                    <strong>{step.stepZh}</strong> {P.version(step.version)} {step.by}
                    {step.note !== "" && <span className="case-words">：{step.note}</span>}
                  </span>
                </li>
              ))}
            </ol>
          </DetailPanel>
        </div>
      </div>
    </>
  );
}

function Acts({ of: one, onForm }: { of: Precedent; onForm: (form: "edit" | "overrule") => void }) {
  const queries = useQueryClient();
  const [busy, setBusy] = useState(false);
  const params = { path: { id: one.id } };
  const run = async (ask: () => Promise<Precedent>, told: string) => {
    setBusy(true);
    try {
      queries.setQueryData(precedentQuery(one.id).queryKey, await ask());
      say(told);
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    } finally {
      renewOwnership(queries, null);
      setBusy(false);
    }
  };
  const may = (step: Precedent["may"][number]): boolean => one.may.includes(step);
  if (one.may.length === 0) return null;
  return (
    <>
      <ul className="case-acts">
        {may("publish") && (
          <li>
            <Button
              type="primary"
              loading={busy}
              onClick={() =>
                void run(
                  () => bodyOf(http.POST("/api/ownership/precedents/{id}/publish", { params })),
                  P.published,
                )
              }
            >
              {P.publish}
            </Button>
          </li>
        )}
        {may("edit") && (
          <li>
            <Button type={may("publish") ? "default" : "primary"} onClick={() => onForm("edit")}>
              {P.edit}
            </Button>
          </li>
        )}
        {may("discard") && (
          <li>
            <Button
              disabled={busy}
              onClick={() =>
                void run(
                  () =>
                    bodyOf(
                      http.POST("/api/ownership/precedents/{id}/discard", { params, body: { note: "" } }),
                    ),
                  P.discarded,
                )
              }
            >
              {P.discard}
            </Button>
          </li>
        )}
        {may("amend") && (
          <li>
            <Button
              disabled={busy}
              onClick={() =>
                void run(
                  () =>
                    bodyOf(http.POST("/api/ownership/precedents/{id}/amend", { params, body: { note: "" } })),
                  P.amended,
                )
              }
            >
              {P.amend}
            </Button>
          </li>
        )}
        {may("overrule") && (
          <li>
            <Button disabled={busy} onClick={() => onForm("overrule")}>
              {P.overrule}
            </Button>
          </li>
        )}
      </ul>
      {may("edit") && !may("publish") && <Notice>{P.waitsForOther}</Notice>}
    </>
  );
}

function Overrule({ of: one, onClose }: { of: Precedent; onClose: () => void }) {
  const { login } = useSession();
  const queries = useQueryClient();
  const draft = useDraft(`${login}.precedent-${one.id}.overrule`, { reason: "" });
  return (
    <SendForm
      label={P.overrule}
      submit={P.overrule}
      ready={draft.value.reason.trim().length >= 2}
      onClose={onClose}
      send={async () => {
        const after = await bodyOf(
          http.POST("/api/ownership/precedents/{id}/overrule", {
            params: { path: { id: one.id } },
            body: { reason: draft.value.reason },
          }),
        );
        draft.drop();
        queries.setQueryData(precedentQuery(one.id).queryKey, after);
        renewOwnership(queries, null);
        say(P.overruled);
        onClose();
      }}
    >
      <Words
        label={P.overruleReason}
        required
        value={draft.value.reason}
        set={(reason) => draft.set({ reason })}
      />
    </SendForm>
  );
}

function OneVersion({ of: version }: { of: Version }) {
  return (
    <DetailPanel title={P.version(version.version)} extra={<StandingTag of={version} />}>
      <Facts
        of={[
          [P.name, version.title],
          [P.scope, <ScopeWords key="scope" of={version} />],
          [P.lead, version.lead.name],
          [P.co, version.co.map((unit) => unit.name).join("、")],
          [P.valid, P.until(version.from, version.to)],
          [P.cited, version.cited === 0 ? null : P.citedTimes(version.cited)],
          [P.returned, version.returned === 0 ? null : P.citedTimes(version.returned)],
        ]}
      />
      <p className="case-words">{version.reason}</p>
      <p className="quiet">
        {version.writtenBy} {minuteText(version.writtenAt)}
        {version.publishedAt !== null &&
          ` · ${P.publish} ${version.publishedBy} ${minuteText(version.publishedAt)}`}
      </p>
    </DetailPanel>
  );
}

function Citing({ of: one }: { of: Precedent }) {
  return (
    <DetailPanel title={`${P.citing} ${one.citing.length}`}>
      {one.citing.length === 0 ? (
        <p className="quiet">{P.noCiting}</p>
      ) : (
        <WorkTable
          label={P.citing}
          columns={CITING}
          rows={one.citing}
          rowKey={(row) => `${row.ticket.id} ${row.round} ${row.version}`}
        />
      )}
    </DetailPanel>
  );
}

const CITING: readonly Column<Precedent["citing"][number]>[] = [
  {
    key: "number",
    title: T.tickets.ticket,
    nowrap: true,
    cell: (row) => (
      <Link to="/tickets/$id" params={{ id: row.ticket.id }}>
        {row.ticket.number}
      </Link>
    ),
  },
  { key: "title", title: P.name, cell: (row) => row.ticket.title },
  { key: "state", title: P.state, nowrap: true, cell: (row) => row.ticket.stateZh },
  {
    key: "version",
    title: P.versions,
    nowrap: true,
    cell: (row) => `${P.version(row.version)} · ${P.round(row.round)}`,
  },
  { key: "unit", title: P.unit, nowrap: true, cell: (row) => row.unit ?? "" },
  { key: "by", title: P.citedBy, nowrap: true, cell: (row) => `${row.by} ${minuteText(row.at)}` },
  {
    key: "returned",
    title: P.returned,
    nowrap: true,
    cell: (row) =>
      row.returned === null ? (
        <span className="quiet">—</span>
      ) : (
        <Tag tone="near">{P.returnedWord[row.returned]}</Tag>
      ),
  },
];
