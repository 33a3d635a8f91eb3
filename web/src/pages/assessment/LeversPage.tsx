/** 什么影响我的名次. A unit's open tickets by their effect on its score; ticked ones show where it would stand, at once. */
import { LEVEL_NAMES } from "@jiesu/core/assessment/level.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useMemo } from "react";
import { Problem, sentenceOf } from "../../api/problem.ts";
import type { Levers, WhatIf } from "../../api/types.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEVERS, OUTLOOK } from "../../texts/outlook.ts";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { LeverTable } from "./LeverTable.tsx";
import { leversQuery, whatIfQuery } from "./outlookqueries.ts";
import type { LeversSearch } from "./search.ts";
import "./assessment.css";
import "./outlook.css";

const ROUTE = "/assessment/outlook/$unit";

export default function LeversPage() {
  const { unit } = useParams({ from: ROUTE });
  const { tick, ...search }: LeversSearch = useSearch({ from: ROUTE });
  const levers = useQuery(leversQuery(search, unit));
  usePageKeys(LEVERS.keys);
  return (
    <PageShell
      title={levers.data ? OUTLOOK.leversOf(levers.data.unit.name) : OUTLOOK.levers}
      about={LEVERS.about}
      actions={
        <>
          <Link to="/assessment/outlook" search={search}>
            {LEVERS.toOutlook}
          </Link>
          <Link to="/assessment" search={search}>
            {LEVERS.toRank}
          </Link>
        </>
      }
    >
      <AssessTabs />
      {levers.isPending ? (
        <Loading what={LEVERS.reading} />
      ) : levers.error instanceof Problem && levers.error.code === "no-rule-set" ? (
        <EmptyState title={OUTLOOK.noRules(LEVEL_NAMES[search.level ?? "district"])}>
          {OUTLOOK.noRulesAbout}
        </EmptyState>
      ) : levers.isError ? (
        <Failed sentence={sentenceOf(levers.error)} retry={() => void levers.refetch()} />
      ) : (
        <Moving levers={levers.data} search={{ ...search, tick }} />
      )}
    </PageShell>
  );
}

function Moving({ levers, search }: { levers: Levers; search: LeversSearch }) {
  const navigate = useNavigate({ from: ROUTE });
  const listed = levers.levers;
  // A ticket that has ended meanwhile is ticked no more.
  const ticked = useMemo(() => {
    const asked = new Set(search.tick?.split(","));
    return listed.map(({ ticketId }) => ticketId).filter((id) => asked.has(id));
  }, [listed, search.tick]);
  const tick = (ids: readonly string[]) =>
    void navigate({
      search: { ...search, tick: ids.length === 0 ? undefined : ids.join(",") },
      replace: true,
    });
  return (
    <>
      <p className="quiet rank-about">
        {levers.period.name}（{ASSESSMENT.periodSpan(levers.period.from, levers.period.to)}）·{" "}
        {levers.rules.title} · {LEVERS.asOf(minuteText(levers.asOf))}
      </p>
      {levers.closed && <Notice>{LEVERS.closed}</Notice>}
      <div className="levers-head">
        <Now levers={levers} />
        {listed.length > 0 && <Rungs levers={levers} tick={tick} />}
      </div>
      {listed.length === 0 ? (
        !levers.closed && <EmptyState title={LEVERS.none}>{LEVERS.noneAbout}</EmptyState>
      ) : (
        <>
          <Trying unit={levers.unit.id} search={search} ticked={ticked} clear={() => tick([])} />
          <section className="card rank-group">
            <LeverTable levers={levers} ticked={ticked} tick={tick} />
          </section>
          <p className="quiet rank-about">
            {LEVERS.assumed}
            {levers.more > 0 && LEVERS.more(levers.more)}
          </p>
        </>
      )}
    </>
  );
}

function Now({ levers }: { levers: Levers }) {
  const [now] = levers.rungs;
  return (
    <section className="card levers-now" aria-label={LEVERS.now}>
      <span className="quiet">{LEVERS.now}</span>
      <strong>{now?.rank == null ? LEVERS.unranked : LEVERS.rank(now.rank, levers.ranked)}</strong>
      <span>{LEVERS.score(now?.scoreText ?? OUTLOOK.none)}</span>
    </section>
  );
}

/** "办好前 12 件，第 9 名 → 第 5 名": each one press away from being tried. */
function Rungs({ levers, tick }: { levers: Levers; tick: (ids: readonly string[]) => void }) {
  const [now, ...better] = levers.rungs;
  return (
    <section className="card levers-rungs" aria-label={LEVERS.rungs}>
      <h2>{LEVERS.rungs}</h2>
      {better.length === 0 ? (
        <p className="quiet">{LEVERS.noRung}</p>
      ) : (
        <ul>
          {better.map((rung) => (
            <li key={rung.count}>
              <button
                type="button"
                className="plain-button"
                title={LEVERS.tickRung(rung.count)}
                onClick={() => tick(levers.levers.slice(0, rung.count).map(({ ticketId }) => ticketId))}
              >
                {LEVERS.rung(rung.count, LEVERS.place(now?.rank ?? null), LEVERS.place(rung.rank))}
              </button>{" "}
              <span className="quiet">{LEVERS.score(rung.scoreText)}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Trying(props: { unit: string; search: LeversSearch; ticked: readonly string[]; clear: () => void }) {
  const { tick: _ticked, ...asked } = props.search;
  const tried = useQuery(whatIfQuery(asked, props.unit, props.ticked));
  const count = props.ticked.length;
  return (
    <div className="levers-try" role="status" aria-live="polite">
      {count === 0 ? (
        <span className="quiet">{LEVERS.chooseSome}</span>
      ) : (
        <>
          <strong>{LEVERS.chosen(count)}</strong>
          {tried.isError ? (
            <Failed sentence={sentenceOf(tried.error)} retry={() => void tried.refetch()} />
          ) : tried.data === undefined || tried.isPlaceholderData ? (
            <span className="quiet">{LEVERS.trying}</span>
          ) : (
            <Tried of={tried.data} />
          )}
          <Button size="small" onClick={props.clear}>
            {LEVERS.clear}
          </Button>
        </>
      )}
    </div>
  );
}

function Tried({ of }: { of: WhatIf }) {
  return (
    <span className="levers-tried">
      {LEVERS.whatIf(LEVERS.score(of.now.scoreText), LEVERS.score(of.after.scoreText))}
      {of.gainText && LEVERS.gain(of.gainText)}，{" "}
      <strong>{LEVERS.whatIf(LEVERS.place(of.now.rank), LEVERS.place(of.after.rank))}</strong>
    </span>
  );
}
