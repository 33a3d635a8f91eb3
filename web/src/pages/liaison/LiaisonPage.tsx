/** 一件协调单. The question, who is asked and how each stands, what was said, and the steps that are mine, one key each. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo, useState } from "react";
import { useHotkeys } from "react-hotkeys-hook";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import { LIAISON } from "../../texts/liaison.ts";
import { T } from "../../texts.ts";
import { DetailPanel, Facts } from "../../ui/DetailPanel.tsx";
import { minuteText, shortText } from "../../ui/dates.ts";
import { hasDraft } from "../../ui/drafts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { useNow } from "../../ui/now.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { Exchanges } from "./Exchanges.tsx";
import { toneOf } from "./PartyTag.tsx";
import { type Liaison, liaisonQuery } from "./queries.ts";
import { StepForm, stepDraft } from "./StepForm.tsx";
import { isTaken, KEYS, type TakenStep } from "./steps.ts";
import "../exemption/exemption.css";
import "./liaison.css";

const L = LIAISON;

export default function LiaisonPage() {
  const { id } = useParams({ from: "/liaison/$id" });
  const found = useQuery(liaisonQuery(id));
  const item = found.data;
  return (
    <PageShell
      title={item ? `${L.title} ${item.number}` : L.title}
      about={item && `${item.title} · ${item.stateZh}`}
      actions={
        <Link to="/liaison" search={{}}>
          {L.back}
        </Link>
      }
    >
      {found.isPending ? (
        <Loading what={T.loading} />
      ) : found.isError ? (
        <Failed sentence={sentenceOf(found.error)} retry={() => void found.refetch()} />
      ) : (
        <Loaded key={found.data.id} item={found.data} />
      )}
    </PageShell>
  );
}

function Loaded({ item }: { item: Liaison }) {
  return (
    <div className="case">
      <div>
        <DetailPanel
          title={item.title}
          extra={<Tag tone={item.mine ? "mine" : "strong"}>{item.stateZh}</Tag>}
        >
          <p className="case-words">{item.question}</p>
        </DetailPanel>
        <Steps item={item} />
        <Exchanges item={item} />
      </div>
      <div>
        <Parties item={item} />
        <AtAGlance item={item} />
      </div>
    </div>
  );
}

function Steps({ item }: { item: Liaison }) {
  const session = useSession();
  const steps = useMemo(
    () => (Object.keys(KEYS) as TakenStep[]).filter((step) => item.may.filter(isTaken).includes(step)),
    [item.may],
  );
  const begun = steps.find((step) => hasDraft(stepDraft(session.login, item.id, step)));
  const [chosen, setChosen] = useState<TakenStep | null>(
    begun ?? (item.mine && steps.includes("answer") ? "answer" : null),
  );
  const open = chosen !== null && steps.includes(chosen) ? chosen : null;
  useHotkeys(
    steps.map((step) => KEYS[step]),
    (_event, { hotkey }) => setChosen(steps.find((step) => KEYS[step] === hotkey) ?? null),
    { enabled: open === null && steps.length > 0, preventDefault: true },
    [steps, open],
  );
  usePageKeys(
    useMemo(
      () =>
        steps.length === 0
          ? []
          : [
              {
                title: L.act,
                keys: steps.map((step) => ({ keys: [KEYS[step].toUpperCase()], does: L.stepNames[step] })),
              },
            ],
      [steps],
    ),
  );
  if (steps.length === 0) return null;
  return (
    <DetailPanel title={L.act}>
      <div className="liaison-steps">
        {steps.map((step) => (
          <Button
            key={step}
            type={step === open || (open === null && step === steps[0]) ? "primary" : "default"}
            aria-pressed={step === open}
            aria-keyshortcuts={KEYS[step]}
            onClick={() => setChosen(step === open ? null : step)}
          >
            {L.stepNames[step]} <kbd>{KEYS[step].toUpperCase()}</kbd>
          </Button>
        ))}
      </div>
      {open !== null && <StepForm key={open} item={item} step={open} onDone={() => setChosen(null)} />}
    </DetailPanel>
  );
}

function Parties({ item }: { item: Liaison }) {
  const now = useNow();
  return (
    <DetailPanel title={L.parties}>
      <ul className="liaison-party-list">
        {item.parties.map((party) => {
          const last = party.asks.at(-1);
          return (
            <li key={party.id}>
              <span>
                <strong>{party.name}</strong>{" "}
                {last === undefined ? (
                  <span className="quiet">{L.notAsked}</span>
                ) : (
                  <Tag tone={toneOf(last.standing)}>{last.standingZh}</Tag>
                )}
              </span>
              {last !== undefined && (
                <span className="quiet">
                  {last.answeredAt === null
                    ? L.dueAt(shortText(last.dueAt, now))
                    : L.answeredAt(shortText(last.answeredAt, now))}
                  {party.asks.length > 1 && ` · ${L.askedTimes(party.asks.length)}`}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </DetailPanel>
  );
}

function AtAGlance({ item }: { item: Liaison }) {
  return (
    <DetailPanel title={L.facts}>
      <Facts
        of={[
          [L.opener, item.opener],
          [L.openedBy, `${item.openedBy} ${minuteText(item.openedAt)}`],
          [L.pace, item.pace.name],
          [
            L.concludeBy,
            <span key="by">
              {minuteText(item.concludeBy)} {item.closedLate && <Tag tone="overdue">{L.lateMark}</Tag>}
            </span>,
          ],
          [L.outcomeKind, item.outcome?.name ?? null],
          [
            L.conclusion,
            item.conclusion === null ? null : (
              <span key="words" className="case-words">
                {item.conclusion}
              </span>
            ),
          ],
          [L.closedAt, item.closedAt === null ? null : `${item.closedBy ?? ""} ${minuteText(item.closedAt)}`],
        ]}
      />
      {item.tickets.length > 0 && (
        <ul className="liaison-tickets" aria-label={L.tickets}>
          {item.tickets.map((ticket) => (
            <li key={ticket.id}>
              <Link to="/tickets/$id" params={{ id: ticket.id }}>
                {ticket.number}
              </Link>{" "}
              {ticket.title || L.noTitle} <span className="quiet">{ticket.stateZh}</span>
            </li>
          ))}
        </ul>
      )}
    </DetailPanel>
  );
}
