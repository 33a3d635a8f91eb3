/** 一件挂账. Plan and term, what it does to clocks and base, and the step that is mine: approval, review, writing off. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { SHELVING } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { dayText, minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { LongerTerm } from "./LongerTerm.tsx";
import { renew, type Shelving, shelvingQuery } from "./queries.ts";
import "../exemption/exemption.css";

const S = SHELVING;

export default function ShelvedPage() {
  const { id } = useParams({ from: "/shelving/$id" });
  const session = useSession();
  const found = useQuery(shelvingQuery(id));
  const one = found.data;
  const approves = hasRole(session, "supervisor", "shiftLead");
  return (
    <PageShell
      title={one ? `${S.title} ${one.number}` : S.title}
      about={one && `${one.unit.name} · ${one.kindZh} · ${one.stateZh}`}
      actions={
        <Link to="/shelving" search={{}}>
          {S.backToList}
        </Link>
      }
    >
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <div className="case">
          <div>
            <Application of={found.data} />
            {approves && ["applied", "shelved"].includes(found.data.state) && (
              <Work key={found.data.state} of={found.data} />
            )}
            {found.data.state === "shelved" && <LongerTerm of={found.data} approves={approves} />}
            <Steps of={found.data} />
          </div>
          <div>
            <Effects of={found.data} />
          </div>
        </div>
      )}
    </PageShell>
  );
}

function Application({ of: one }: { of: Shelving }) {
  return (
    <DetailPanel title={S.application} extra={<Tag tone="strong">{one.stateZh}</Tag>}>
      <Facts
        of={[
          [
            S.number,
            <Link key="ticket" to="/tickets/$id" params={{ id: one.ticketId }}>
              {one.number}
            </Link>,
          ],
          [S.unit, one.unit.name],
          [S.kind, one.kindZh],
          [
            S.reason,
            <span key="reason" className="case-words">
              {one.reason}
            </span>,
          ],
          [
            S.plan,
            <span key="plan" className="case-words">
              {one.plan}
            </span>,
          ],
          [S.term, `${one.termDay}（${S.left(one.daysLeft)}）`],
          [S.review, one.reviewDue ? `${one.reviewDay}（${S.reviewDue}）` : one.reviewDay],
          [S.age, one.ageDays === null ? null : S.days(one.ageDays)],
          [S.appliedBy, `${one.appliedBy} ${minuteText(one.appliedAt)}`],
          [S.approvedBy, one.approvedAt === null ? null : `${one.approvedBy} ${minuteText(one.approvedAt)}`],
        ]}
      />
    </DetailPanel>
  );
}

function Work({ of: one }: { of: Shelving }) {
  const { login } = useSession();
  const queries = useQueryClient();
  const deciding = one.state === "applied";
  const { value, set, drop } = useDraft(`${login}.${one.ticketId}.shelving-${one.id}-${one.state}`, {
    note: "",
  });
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const { note } = value;
  const params = { path: { id: one.id } };
  const run = async (step: () => Promise<unknown>, needsNote: string | null, told: string) => {
    if (needsNote !== null && note.trim() === "") return setRefused(needsNote);
    setBusy(true);
    setRefused(null);
    try {
      await step();
      drop();
      say(told);
      renew(queries, one.ticketId);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    } finally {
      setBusy(false);
    }
  };
  const decide = (approve: boolean) =>
    void run(
      () => bodyOf(http.POST("/api/shelving/{id}/decide", { params, body: { approve, note } })),
      approve ? null : S.refuseNote,
      S.done,
    );
  return (
    <DetailPanel title={deciding ? S.decide : S.follow}>
      <Field label={deciding ? S.note : S.reviewNote}>
        {(control) => (
          <Input.TextArea
            {...control}
            autoSize={{ minRows: 2, maxRows: 8 }}
            value={note}
            onChange={(e) => set({ note: e.target.value })}
          />
        )}
      </Field>
      {refused !== null && <Failed sentence={refused} />}
      <div className="form-foot">
        {deciding ? (
          <>
            <Button type="primary" loading={busy} onClick={() => decide(true)}>
              {S.approve}
            </Button>
            <Button disabled={busy} onClick={() => decide(false)}>
              {S.refuse}
            </Button>
          </>
        ) : (
          <>
            <Button
              type="primary"
              loading={busy}
              onClick={() =>
                void run(
                  () => bodyOf(http.POST("/api/shelving/{id}/review", { params, body: { note } })),
                  S.noteMust,
                  S.reviewed,
                )
              }
            >
              {S.reviewIt}
            </Button>
            <Button
              disabled={busy}
              onClick={() =>
                void run(
                  () => bodyOf(http.POST("/api/shelving/{id}/end", { params, body: { note } })),
                  S.noteMust,
                  S.done,
                )
              }
            >
              {S.end}
            </Button>
          </>
        )}
      </div>
    </DetailPanel>
  );
}

function Effects({ of: one }: { of: Shelving }) {
  const states: Readonly<Record<string, string>> = { running: S.running, paused: S.paused };
  const clocks = one.clocks.map((clock) =>
    S.clockLine(clock.zh, states[clock.state] ?? clock.state, minuteText(clock.dueAt)),
  );
  return (
    <DetailPanel title={S.effects}>
      <Facts
        of={[
          [S.clocks, clocks.length === 0 ? S.noClock : clocks.join("；")],
          [
            S.base,
            one.counted === null
              ? S.notInBase
              : S.inBase(one.counted.scopeZh, dayText(one.counted.countedAt)),
          ],
        ]}
      />
    </DetailPanel>
  );
}

function Steps({ of: one }: { of: Shelving }) {
  const names: Readonly<Record<string, string>> = S.stepNames;
  return (
    <DetailPanel title={S.steps}>
      <ol className="step-list">
        {one.steps.map((step) => (
          <li key={`${step.at} ${step.step}`}>
            <time dateTime={step.at}>{minuteText(step.at)}</time>
            <span>
              <strong>{names[step.step] ?? step.step}</strong> {step.by}
              {step.note !== "" && <span className="case-words">：{step.note}</span>}
            </span>
          </li>
        ))}
      </ol>
    </DetailPanel>
  );
}
