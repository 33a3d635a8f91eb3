/** 一件确权案. What each unit claims side by side, the site, the meeting, opinion and answer, ruling and appeal; my steps by key. */
import type { CaseState, CaseStep } from "@jiesu/core/ownership/steps.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasSide, useSession } from "../../api/session.ts";
import { OWNERSHIP } from "../../texts/ownership.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { minuteText, shortText } from "../../ui/dates.ts";
import { hasDraft } from "../../ui/drafts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { sayWrong } from "../../ui/toasts.tsx";
import { Claims } from "./Claims.tsx";
import { ArticleList, Files } from "./parts.tsx";
import { caseQuery, type OwnershipCase, renewOwnership } from "./queries.ts";
import { StepForm } from "./StepForms.tsx";
import "../exemption/exemption.css";
import "./ownership.css";

const O = OWNERSHIP;

/** One key a step; the letters that lists and the frame keep are left out. */
const KEYS: Readonly<Record<CaseStep, string>> = {
  ...{ claim: "c", invite: "i", site: "s", callMeeting: "m", cancelMeeting: "d", minutes: "n", opine: "o" },
  ...{ reportUp: "u", answerUp: "b", rule: "r", appeal: "a", uphold: "w", change: "g" },
};

/** The step of the centre that a case usually waits for: the button in front. A unit owes its claim. */
const MAIN: { readonly [S in CaseState]?: CaseStep } = {
  ...{ claims: "callMeeting", meeting: "minutes", heard: "opine", opinion: "rule", reported: "answerUp" },
  ...{ answered: "rule", ruled: "appeal", appealed: "uphold" },
};

export default function CasePage() {
  const { id } = useParams({ from: "/ownership/$id" });
  const centre = hasSide(useSession(), "centre");
  const found = useQuery(caseQuery(id));
  const one = found.data;
  return (
    <PageShell
      title={one?.number ?? O.title}
      about={one && `${one.stateZh} · ${one.ticket.number} ${one.ticket.title}`}
      actions={
        <>
          {centre && (
            <>
              <a href={`/api/ownership/cases/${id}/paper.docx`}>{O.doc}</a>
              <a href={`/api/ownership/cases/${id}/paper.xlsx`}>{O.sheet}</a>
            </>
          )}
          <Link to="/ownership" search={{}}>
            {O.back}
          </Link>
        </>
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

function One({ of: one }: { of: OwnershipCase }) {
  const { login } = useSession();
  const drafted = one.may.find((step) => hasDraft(`${login}.${one.ticket.id}.ownership-${one.id}-${step}`));
  const [chosen, setChosen] = useState<CaseStep | null>(drafted ?? null);
  const open = chosen !== null && one.may.includes(chosen) ? chosen : null;
  const may = one.may.join(" ");
  useEffect(() => {
    if (chosen !== null && !may.split(" ").includes(chosen)) setChosen(null);
  }, [chosen, may]);
  const keyOf = (step: CaseStep): string => KEYS[step];
  useHotkeys(
    one.may.map(keyOf),
    (event, handler) => {
      const step = one.may.find((each) => keyOf(each) === handler.keys?.join(""));
      if (!step) return;
      event.preventDefault();
      setChosen(step);
    },
    { enabled: one.may.length > 0 },
    [may],
  );
  usePageKeys(
    useMemo(
      () => [
        {
          title: O.keys,
          keys: (Object.keys(KEYS) as CaseStep[])
            .filter((step) => may.split(" ").includes(step))
            .map((step) => ({ keys: [KEYS[step].toUpperCase()], does: O.steps[step] })),
        },
      ],
      [may],
    ),
  );
  return (
    <>
      <Acts of={one} open={open} onChoose={setChosen} />
      {open !== null && (
        <section className="card case-step" aria-label={O.steps[open]}>
          <h3>{O.steps[open]}</h3>
          <StepForm key={open} step={open} of={one} onClose={() => setChosen(null)} />
        </section>
      )}
      <div className="case">
        <div>
          <Claims of={one} />
          <Site of={one} />
          <Meetings of={one} />
          <Opinion of={one} />
          <Ruling of={one} />
        </div>
        <div>
          <About of={one} />
          <Steps of={one} />
        </div>
      </div>
    </>
  );
}

function Acts(props: { of: OwnershipCase; open: CaseStep | null; onChoose: (step: CaseStep) => void }) {
  const { of: one } = props;
  const queries = useQueryClient();
  const navigate = useNavigate();
  const session = useSession();
  const owed = session.unit !== null && one.may.includes("claim") ? "claim" : MAIN[one.state];
  const main = one.may.find((step) => step === owed);
  const ordered = [...one.may].sort((a, b) => Number(b === main) - Number(a === main));
  const draft = async () => {
    try {
      const made = await bodyOf(
        http.POST("/api/ownership/cases/{id}/precedent", { params: { path: { id: one.id } } }),
      );
      renewOwnership(queries, null);
      await navigate({ to: "/ownership/precedents/$id", params: { id: made.id } });
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
  };
  if (ordered.length === 0 && !one.mayDraft && one.precedentId === null) return null;
  const named = (step: CaseStep): string =>
    step === "claim" && session.unit === null
      ? O.claimForUnit
      : step === "callMeeting" && one.state === "meeting"
        ? O.callAgain
        : O.steps[step];
  return (
    <ul className="case-acts" aria-label={O.acts}>
      {ordered.map((step) => (
        <li key={step}>
          <Button
            type={step === main ? "primary" : "default"}
            aria-pressed={props.open === step}
            aria-keyshortcuts={KEYS[step]}
            onClick={() => props.onChoose(step)}
          >
            {named(step)}
            <kbd>{KEYS[step].toUpperCase()}</kbd>
          </Button>
        </li>
      ))}
      {one.precedentId !== null && (
        <li>
          <Link to="/ownership/precedents/$id" params={{ id: one.precedentId }}>
            {O.seePrecedent}
          </Link>
        </li>
      )}
      {one.mayDraft && one.precedentId === null && (
        <li>
          <Button type={main === undefined ? "primary" : "default"} onClick={() => void draft()}>
            {O.asPrecedent}
          </Button>
        </li>
      )}
    </ul>
  );
}

function Site({ of: { site, ticket } }: { of: OwnershipCase }) {
  return (
    <DetailPanel title={O.site}>
      {site.text === "" ? <p className="quiet">{O.noSite}</p> : <p className="case-words">{site.text}</p>}
      <Files ticketId={ticket.id} of={site.files} />
    </DetailPanel>
  );
}

function Meetings({ of: { meetings, ticket } }: { of: OwnershipCase }) {
  return (
    <DetailPanel title={O.meeting}>
      {meetings.length === 0 && <p className="quiet">{O.noMeeting}</p>}
      <ol className="case-meetings">
        {meetings.map((each) => (
          <li key={each.id} data-over={each.state === "moved" || each.state === "cancelled" || undefined}>
            <p>
              <Tag tone={each.state === "called" ? "near" : each.state === "held" ? "strong" : "plain"}>
                {O.meetingStates[each.state]}
              </Tag>{" "}
              {O.kinds[each.kind]} <time dateTime={each.startsAt}>{minuteText(each.startsAt)}</time>{" "}
              {each.place}
            </p>
            {each.agenda !== "" && <p className="case-words quiet">{each.agenda}</p>}
            {each.attendance.length > 0 && (
              <ul className="case-people" aria-label={O.attendance}>
                {each.attendance.map((who) => (
                  <li key={`${who.unit} ${who.name}`}>
                    {[who.unit, who.name, who.post].filter((word) => word !== "").join(" ")}{" "}
                    <span className="quiet">{O.presences[who.presence]}</span>
                  </li>
                ))}
              </ul>
            )}
            {each.minutes !== "" && <p className="case-words">{each.minutes}</p>}
            <Files ticketId={ticket.id} of={each.files} />
          </li>
        ))}
      </ol>
    </DetailPanel>
  );
}

function Opinion({ of: { opinion, report, ruling } }: { of: OwnershipCase }) {
  const centre = hasSide(useSession(), "centre");
  return (
    <DetailPanel title={O.opinion}>
      {opinion === null ? (
        <p className="quiet">{centre || ruling !== null ? O.noOpinion : O.innerOpinion}</p>
      ) : (
        <>
          <Facts
            of={[
              [O.leadUnit, opinion.lead.name],
              [O.coUnits, opinion.co.map((unit) => unit.name).join("、")],
            ]}
          />
          <p className="case-words">{opinion.text}</p>
          <ArticleList of={opinion.articles} />
          <p className="quiet">
            {opinion.by} {minuteText(opinion.at)}
          </p>
        </>
      )}
      {report !== null && (
        <Facts
          of={[
            [O.to, `${report.to}（${report.by} ${minuteText(report.at)}）`],
            [O.reportNote, report.note],
            [O.decision, report.answer ? O.decisions[report.answer.decision] : null],
            [O.answerText, report.answer?.text],
            [O.answerFrom, report.answer ? `${report.answer.from} ${report.answer.paper}`.trim() : null],
          ]}
        />
      )}
    </DetailPanel>
  );
}

function Ruling({ of: { ruling, appeal, appealBy, state, ticket } }: { of: OwnershipCase }) {
  return (
    <DetailPanel title={O.ruling}>
      {ruling === null ? (
        <p className="quiet">{O.noRuling}</p>
      ) : (
        <>
          <Facts
            of={[
              [O.leadUnit, <strong key="lead">{ruling.lead.name}</strong>],
              [O.coUnits, ruling.co.map((unit) => unit.name).join("、")],
            ]}
          />
          <p className="case-words">{ruling.basis}</p>
          {ruling.reasons !== "" && <p className="case-words">{ruling.reasons}</p>}
          <ArticleList of={ruling.articles} />
          <p className="quiet">
            {ruling.by} {minuteText(ruling.at)}
          </p>
        </>
      )}
      {state === "ruled" && appealBy !== null && (
        <Notice>
          {O.appealBy} {minuteText(appealBy)}
        </Notice>
      )}
      {appeal !== null && (
        <div className="case-appeal">
          <h4>{O.appeal}</h4>
          <p>
            <strong>{appeal.unit.name}</strong>{" "}
            <span className="quiet">
              {appeal.by} {minuteText(appeal.at)}
            </span>
          </p>
          <p className="case-words">{appeal.reason}</p>
          <Files ticketId={ticket.id} of={appeal.files} />
          {appeal.outcome !== null && (
            <p className="case-words">
              <Tag tone="strong">{appeal.outcome === "upheld" ? O.steps.uphold : O.steps.change}</Tag>{" "}
              {appeal.reasons}{" "}
              <span className="quiet">
                {appeal.decidedBy} {appeal.decidedAt !== null && minuteText(appeal.decidedAt)}
              </span>
            </p>
          )}
        </div>
      )}
    </DetailPanel>
  );
}

function About({ of: one }: { of: OwnershipCase }) {
  const now = useNow();
  const { ticketText: text } = one;
  const late = one.dueAt !== null && Date.parse(one.dueAt) < now;
  return (
    <DetailPanel title={O.ticket} extra={<Tag tone="strong">{one.stateZh}</Tag>}>
      <Facts
        of={[
          [
            O.ticket,
            text.open ? (
              <Link key="ticket" to="/tickets/$id" params={{ id: one.ticket.id }}>
                {one.ticket.number}
              </Link>
            ) : (
              one.ticket.number
            ),
          ],
          [O.category, text.category],
          [O.place, [text.street, text.community, text.address].filter((word) => word !== "").join(" ")],
          [O.returns, O.times(text.returns)],
          [
            O.due,
            one.dueAt === null ? null : (
              <Tag key="due" tone={late ? "overdue" : "near"}>
                {shortText(one.dueAt, now)}
              </Tag>
            ),
          ],
          [O.reason, `${one.reason}（${one.openedBy} ${minuteText(one.openedAt)}）`],
          [
            O.content,
            <span key="content" className="case-words">
              {text.content}
            </span>,
          ],
        ]}
      />
      {one.returned.length > 0 && (
        <>
          <h4>{O.returned}</h4>
          <ol className="case-returns">
            {one.returned.map((each) => (
              <li key={each.at}>
                <strong>{each.unit}</strong> <time dateTime={each.at}>{minuteText(each.at)}</time>：
                {each.ground}
                {each.suggest !== "" && <span className="quiet"> {O.suggest(each.suggest)}</span>}
              </li>
            ))}
          </ol>
        </>
      )}
    </DetailPanel>
  );
}

function Steps({ of: { steps } }: { of: OwnershipCase }) {
  return (
    <DetailPanel title={O.stepsTitle}>
      <ol className="step-list">
        {steps.map((step) => (
          <li key={`${step.at} ${step.step} ${step.unit}`}>
            <time dateTime={step.at}>{minuteText(step.at)}</time>
            <span>
              <strong>{step.stepZh}</strong> {step.by}
              {step.unit !== null && `（${step.unit}）`}
              {step.note !== "" && <span className="case-words">：{step.note}</span>}
            </span>
          </li>
        ))}
      </ol>
    </DetailPanel>
  );
}
