/** 封账. What is unsettled first; then the period is frozen, and what is corrected later stands beside it as a difference. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button, Input } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { Dialog } from "../../ui/Dialog.tsx";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { AssessTabs } from "./AssessTabs.tsx";
import { Closed } from "./Closed.tsx";
import { checksQuery, closingQuery, type Level } from "./ledgerqueries.ts";
import { PeriodPick, Pick, usePeriod } from "./PeriodPick.tsx";
import "./assessment.css";

const W = LEDGER.closing;
const LEVELS = ["district", "city"] as const;

export default function ClosingPage() {
  const search = useSearch({ from: "/assessment/closing" });
  const navigate = useNavigate({ from: "/assessment/closing" });
  const session = useSession();
  const level = search.level ?? "district";
  const period = usePeriod(search.period);
  const closing = useQuery(closingQuery(period, level));
  return (
    <PageShell title={W.title} about={W.about}>
      <AssessTabs />
      <PeriodPick
        period={period}
        onChange={(next) => void navigate({ search: { ...search, period: next }, replace: true })}
      >
        <Pick
          label={ASSESSMENT.level}
          value={level}
          options={LEVELS.map((each) => ({ value: each, label: LEDGER.rules.levels[each] }))}
          onChange={(to) => void navigate({ search: { ...search, level: to }, replace: true })}
        />
      </PeriodPick>
      {period === undefined || closing.isPending ? (
        <Loading what={T.loading} />
      ) : closing.isError ? (
        <Failed sentence={sentenceOf(closing.error)} retry={() => void closing.refetch()} />
      ) : closing.data !== null ? (
        <Closed closing={closing.data} level={level} />
      ) : hasRole(session, "assessor", "leader") ? (
        <Open key={`${period} ${level}`} period={period} level={level} />
      ) : (
        <Notice>{W.about}</Notice>
      )}
    </PageShell>
  );
}

function Open({ period, level }: { period: string; level: Level }) {
  const session = useSession();
  const queries = useQueryClient();
  const checks = useQuery(checksQuery(period, level));
  const draft = useDraft(`${session.login}.closing.${level}.${period}`, { waived: "" });
  const [sure, setSure] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  if (checks.isPending) return <Loading what={T.loading} />;
  if (checks.isError)
    return <Failed sentence={sentenceOf(checks.error)} retry={() => void checks.refetch()} />;
  const open = checks.data.reduce((sum, each) => sum + each.found, 0);
  const close = async () => {
    setSure(false);
    setRefused(null);
    try {
      const body = { level, waived: open === 0 ? "" : draft.value.waived };
      await bodyOf(http.POST("/api/assessment/closings/{period}", { params: { path: { period } }, body }));
      draft.drop();
      say(W.done(period));
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      await checks.refetch();
    }
    for (const key of ["closing", "rank", "trend", "counted", "explain"])
      await queries.invalidateQueries({ queryKey: [key] });
  };
  return (
    <section className="card ledger-card" aria-label={W.checks}>
      <header className="card-head">
        <h2>{W.checks}</h2>
      </header>
      <div className="ledger-inner">
        {checks.data.map((check) => (
          <details key={check.check} className="closing-check" open={check.found > 0 && check.found <= 10}>
            <summary>
              {check.zh}{" "}
              <Tag tone={check.found > 0 ? "near" : "plain"}>
                {check.found > 0 ? W.found(check.found) : W.clear}
              </Tag>
            </summary>
            <ul className="closing-tickets">
              {check.tickets.map((ticket) => (
                <li key={ticket.ticketId}>
                  <Link to="/tickets/$id" params={{ id: ticket.ticketId }}>
                    {ticket.number}
                  </Link>
                </li>
              ))}
            </ul>
            {check.found > check.tickets.length && (
              <p className="quiet">{W.more(check.tickets.length, check.found)}</p>
            )}
          </details>
        ))}
        {open > 0 && (
          <Field label={W.reason} required hint={W.reasonHint}>
            {(control) => (
              <Input.TextArea
                {...control}
                rows={2}
                maxLength={2000}
                value={draft.value.waived}
                onChange={(e) => draft.set({ waived: e.target.value })}
              />
            )}
          </Field>
        )}
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <Button
          type="primary"
          disabled={open > 0 && draft.value.waived.trim() === ""}
          onClick={() => setSure(true)}
        >
          {W.act}
        </Button>
      </div>
      {sure && (
        <Dialog
          title={W.sure(period)}
          onClose={() => setSure(false)}
          footer={
            <>
              <Button onClick={() => setSure(false)}>{T.cancel}</Button>
              <Button type="primary" onClick={() => void close()}>
                {W.sure(period)}
              </Button>
            </>
          }
        >
          <p>{W.sureAbout}</p>
        </Dialog>
      )}
    </section>
  );
}
