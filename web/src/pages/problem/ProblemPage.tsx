/** 一件问题事件. What was found and against which standard, the step that is mine with its form, and what has been done so far. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { PROBLEM } from "../../texts/problem.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Problem, problemQuery } from "./queries.ts";
import { StepForm } from "./StepForm.tsx";
import "../exemption/exemption.css";
import "./problem.css";

const P = PROBLEM;
const O = PROBLEM.one;

export default function ProblemPage() {
  const { id } = useParams({ from: "/problems/$id" });
  const found = useQuery(problemQuery(id));
  const one = found.data;
  return (
    <PageShell
      title={one ? `${P.title}：${one.kindZh}` : P.title}
      about={one && `${one.unit?.name ?? P.centre} · ${one.day} · ${one.stateZh}`}
      actions={
        <Link to="/problems" search={{ tab: "list" }}>
          {P.backToList}
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
            <What of={found.data} />
            <StepForm key={`${found.data.id} ${found.data.version}`} of={found.data} />
          </div>
          <div>
            <Steps of={found.data} />
          </div>
        </div>
      )}
    </PageShell>
  );
}

function What({ of: one }: { of: Problem }) {
  return (
    <DetailPanel title={O.facts} extra={<Tag tone="strong">{one.stateZh}</Tag>}>
      <Facts
        of={[
          [
            O.ticket,
            <Link key="ticket" to="/tickets/$id" params={{ id: one.ticket.id }}>
              {one.ticket.number}
            </Link>,
          ],
          [P.what, `${one.ticket.title}（${one.ticket.stateZh}）`],
          [P.unit, one.unit?.name ?? P.centre],
          [P.said, <strong key="said">{one.said}</strong>],
          [O.standard, one.standard],
          [O.found, O.foundAt(minuteText(one.foundAt), one.rule)],
          [P.due, one.dueAt === null ? null : minuteText(one.dueAt)],
          [O.cause, one.causeZh],
          [
            O.remedy,
            one.remedy && (
              <span key="remedy" className="case-words">
                {one.remedy}
              </span>
            ),
          ],
          [O.remedyDay, one.remedyDay],
        ]}
      />
    </DetailPanel>
  );
}

function Steps({ of: { steps } }: { of: Problem }) {
  return (
    <DetailPanel title={O.steps}>
      {steps.length === 0 ? (
        <p className="quiet">{O.noSteps}</p>
      ) : (
        <ol className="problem-steps">
          {steps.map((step) => (
            <li key={step.id}>
              <p>
                <strong>{step.zh}</strong> {O.to(step.toZh)}
              </p>
              {step.causeZh && (
                <p>
                  {O.cause}：{step.causeZh}
                </p>
              )}
              {step.text !== "" && <p className="case-words">{step.text}</p>}
              {step.remedyDay && (
                <p>
                  {O.remedyDay}：{step.remedyDay}
                </p>
              )}
              <p className="quiet">
                {step.by} · {step.roleZh} · {minuteText(step.at)}
              </p>
            </li>
          ))}
        </ol>
      )}
    </DetailPanel>
  );
}
