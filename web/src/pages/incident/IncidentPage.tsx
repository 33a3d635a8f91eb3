/** 一起履约事件. What was found and whose it is, what was asked and answered, each step; and the step that is mine now. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { INCIDENT } from "../../texts/incident.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { sideOf, TONES } from "./IncidentsPage.tsx";
import { type Incident, incidentQuery } from "./queries.ts";
import { StepForm } from "./StepForm.tsx";
import "../exemption/exemption.css";
import "./incident.css";

const I = INCIDENT;

export default function IncidentPage() {
  const { id } = useParams({ from: "/incidents/$id" });
  const incident = useQuery(incidentQuery(id));
  usePageKeys(I.keys);
  return (
    <PageShell
      title={incident.data ? `${I.title}：${incident.data.kindZh}` : I.title}
      actions={<Link to="/incidents">{I.back}</Link>}
    >
      {incident.isPending && <Loading what={T.loading} />}
      {incident.isError && (
        <Failed sentence={sentenceOf(incident.error)} retry={() => void incident.refetch()} />
      )}
      {incident.data && (
        <div className="incident">
          <div className="incident-side">
            <Facts of={incident.data} />
            <StepForm key={`${id} ${incident.data.state}`} incident={incident.data} />
          </div>
          <Steps of={incident.data} />
        </div>
      )}
    </PageShell>
  );
}

function Facts({ of }: { of: Incident }) {
  return (
    <section className="card incident-card" aria-label={I.facts}>
      <dl className="incident-facts">
        <dt>{I.state}</dt>
        <dd>
          <Tag tone={TONES[of.state]}>{of.stateZh}</Tag>
        </dd>
        {of.ticket !== null && (
          <>
            <dt>{I.ticket}</dt>
            <dd>
              <Link to="/tickets/$id" params={{ id: of.ticket.id }}>
                {of.ticket.number}
              </Link>{" "}
              {of.ticket.title} <span className="quiet">{of.ticket.stateZh}</span>
              {of.round > 0 && <span className="quiet"> · {I.round(of.round)}</span>}
            </dd>
          </>
        )}
        {of.item !== null && (
          <>
            <dt>{I.item}</dt>
            <dd>
              <Link to="/supervision/$id" params={{ id: of.item.id }}>
                {of.item.title}
              </Link>
            </dd>
          </>
        )}
        <dt>{I.when}</dt>
        <dd>{minuteText(of.occurredAt)}</dd>
        <dt>{I.cause}</dt>
        <dd>{of.cause}</dd>
        {of.checks.length > 0 && (
          <>
            <dt>{I.checks}</dt>
            <dd>
              {of.checks.map(({ zh, words }) => (
                <div key={zh}>
                  <span className="quiet">{zh}</span> {words}
                </div>
              ))}
            </dd>
          </>
        )}
        <dt>{I.side}</dt>
        <dd>{sideOf(of)}</dd>
        <dt>{I.termOf}</dt>
        <dd>{I.termWords(of.term.from, of.term.to)}</dd>
        {of.remedy !== "" && (
          <>
            <dt>{I.remedy}</dt>
            <dd className="incident-words">
              {of.remedy}{" "}
              {of.remedyDue !== null && (
                <Tag tone={of.late ? "overdue" : "plain"}>{of.late ? I.late : I.due(of.remedyDue)}</Tag>
              )}
            </dd>
          </>
        )}
        {of.answer !== "" && (
          <>
            <dt>{I.answer}</dt>
            <dd className="incident-words">{of.answer}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Steps({ of }: { of: Incident }) {
  return (
    <section className="card incident-card" aria-label={I.steps}>
      <h2>{I.steps}</h2>
      <ol className="incident-steps">
        {of.steps.map((step) => (
          <li key={step.id}>
            <p>
              <strong>{step.zh}</strong>{" "}
              <span className="quiet">
                {step.by} {minuteText(step.at)}
                {step.due !== null && ` · ${I.due(step.due)}`}
              </span>
            </p>
            <p className="incident-words">{step.words}</p>
          </li>
        ))}
      </ol>
    </section>
  );
}
