/** 一件申请. What was applied for with its evidence, the pre-check, what it does to the figures, and the steps that are mine now. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { ticketQuery } from "../../api/queries.ts";
import { useSession } from "../../api/session.ts";
import { EXEMPTION } from "../../texts/exemption.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { dayText, minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { CaseSteps } from "./CaseSteps.tsx";
import { Effect } from "./Effect.tsx";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import { type Exemption, exemptionQuery } from "./queries.ts";
import "./exemption.css";

const X = EXEMPTION;

export default function CasePage() {
  const { id } = useParams({ from: "/exemption/$id" });
  const found = useQuery(exemptionQuery(id));
  const one = found.data;
  return (
    <PageShell
      title={one ? `${X.title} ${one.number}` : X.title}
      about={one && `${one.unit.name} · ${one.groundName} · ${one.stateZh}`}
      actions={
        <Link to="/exemption" search={{}}>
          {X.backToList}
        </Link>
      }
    >
      <ExemptionTabs />
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <div className="case">
          <div>
            <Application of={found.data} />
            <CaseSteps key={`${found.data.id} ${found.data.state}`} of={found.data} />
            <Steps of={found.data} />
          </div>
          <div>
            <DetailPanel title={X.precheck}>
              <ul className="checks">
                {found.data.checks.map((each) => (
                  <li key={each.check}>
                    <Tag tone={each.ok ? "plain" : "near"}>{each.ok ? X.passed : X.failed}</Tag>
                    <span>{each.text}</span>
                  </li>
                ))}
              </ul>
            </DetailPanel>
            <Effect ticketId={found.data.ticketId} round={found.data.round} to={found.data.scope} />
          </div>
        </div>
      )}
    </PageShell>
  );
}

function Application({ of: one }: { of: Exemption }) {
  const ticket = useQuery(ticketQuery(one.ticketId));
  const nameOf = (file: string) => ticket.data?.attachments.find((each) => each.id === file)?.name ?? file;
  return (
    <DetailPanel title={X.application} extra={<Tag tone="strong">{one.stateZh}</Tag>}>
      <Facts
        of={[
          [
            X.number,
            <Link key="ticket" to="/tickets/$id" params={{ id: one.ticketId }}>
              {one.number}
            </Link>,
          ],
          [X.unit, `${one.unit.name} · ${X.round(one.round)}`],
          [X.ground, `${one.groundName}（${X.groundOf(X.scope[one.scope], X.decidedBy[one.decidedBy])}）`],
          [
            X.reason,
            <span key="reason" className="case-words">
              {one.reason}
            </span>,
          ],
          ...one.evidence.map(
            (piece, i) =>
              [
                `${piece.name}${i > 0 && one.evidence[i - 1]?.kind === piece.kind ? ` ${i + 1}` : ""}`,
                <span key={piece.kind} className="case-words">
                  {piece.text}
                  {piece.file !== null && (
                    <a
                      href={`/api/tickets/${one.ticketId}/attachments/${piece.file}?show=1`}
                      target="_blank"
                      rel="noreferrer"
                    >
                      {" "}
                      {nameOf(piece.file)}
                    </a>
                  )}
                </span>,
              ] as const,
          ),
          [X.appliedBy, `${one.appliedBy} ${minuteText(one.appliedAt)}`],
          [X.applyBy, dayText(one.dueAt)],
          [X.reviewBy, one.reviewBy === null ? null : dayText(one.reviewBy)],
          [X.reviewedBy, one.reviewedBy],
          [X.batch, one.batch === null ? null : <Batch key="batch" of={one.batch} />],
          [X.outcomeAt, one.outcomeAt === null ? null : minuteText(one.outcomeAt)],
          [X.paper, one.outcomeNo],
          [X.appealBy, one.appealBy === null ? null : dayText(one.appealBy)],
          [X.appealOf, one.appealOf === null ? null : <To key="of" id={one.appealOf} />],
          [X.appealedBy, one.appealedBy === null ? null : <To key="by" id={one.appealedBy} />],
        ]}
      />
    </DetailPanel>
  );
}

/** The batch that it went to the city in; a unit has its number alone. */
function Batch({ of: { id, number } }: { of: { readonly id: string; readonly number: string } }) {
  if (useSession().unit !== null) return number;
  return (
    <Link to="/exemption/batches/$id" params={{ id }}>
      {number}
    </Link>
  );
}

function To({ id }: { id: string }) {
  return (
    <Link to="/exemption/$id" params={{ id }}>
      {X.open1}
    </Link>
  );
}

function Steps({ of: one }: { of: Exemption }) {
  const names: Readonly<Record<string, string>> = X.stepNames;
  return (
    <DetailPanel title={X.steps}>
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
