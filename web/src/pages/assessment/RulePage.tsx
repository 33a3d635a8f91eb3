/** 一版考核规则. What it changes, whom it would move, and the word of those who review and approve it. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Button, Checkbox } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { KeptRules } from "../../api/types.ts";
import { ADMIN } from "../../texts/admin.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { Facts } from "../../ui/DetailPanel.tsx";
import { minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { backwardsQuery, refreshRules, ruleDiffQuery, ruleQuery } from "./ledgerqueries.ts";
import { places, placeText, valueText } from "./ruletext.ts";
import { Trial } from "./Trial.tsx";
import "./assessment.css";

const W = LEDGER.rules;
const STATUS: Readonly<Record<string, string>> = LEDGER.status;

export default function RulePage() {
  const { name } = useParams({ from: "/assessment/rules/$name" });
  const kept = useQuery(ruleQuery(name));
  const session = useSession();
  return (
    <PageShell
      title={kept.data ? String(kept.data.body.title) : W.title}
      actions={<Link to="/assessment/rules">{W.back}</Link>}
    >
      <AssessTabs />
      {kept.isPending ? (
        <Loading what={T.loading} />
      ) : kept.isError ? (
        <Failed sentence={sentenceOf(kept.error)} retry={() => void kept.refetch()} />
      ) : (
        <>
          <Signing rules={kept.data} />
          <Differences rules={kept.data} />
          {hasRole(session, "assessor", "leader") && <Trial key={name} rules={kept.data} />}
        </>
      )}
    </PageShell>
  );
}

function Signing({ rules }: { rules: KeptRules }) {
  const session = useSession();
  const queries = useQueryClient();
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const title = String(rules.body.title);
  const path = { params: { path: { name: rules.name } } };
  const act = async (work: () => Promise<string>) => {
    setBusy(true);
    setRefused(null);
    try {
      say(await work());
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
    setBusy(false);
    await refreshRules(queries);
  };
  const review = async () => {
    await bodyOf(http.POST("/api/assessment/rules/{name}/review", path));
    return W.reviewed(title);
  };
  const approves = hasRole(session, "leader") && rules.status === "reviewed";
  const backwards = useQuery({ ...backwardsQuery(rules.name), enabled: approves }).data?.backwards ?? null;
  const [confirmed, setConfirmed] = useState(false);
  const approve = async () => {
    const body = { confirmBackwards: confirmed };
    await bodyOf(http.POST("/api/assessment/rules/{name}/approve", { ...path, body }));
    return W.approved(title, rules.from, valueText(rules.body, "binds"));
  };
  const writes = hasRole(session, "assessor", "leader");
  return (
    <section className="card ledger-card" aria-label={title}>
      <header className="card-head">
        <h2>{rules.name}</h2>
        <Tag tone={rules.status === "inForce" ? "mine" : "strong"}>
          {STATUS[rules.status] ?? rules.status}
        </Tag>
        <div className="ledger-acts">
          {writes && (
            <Link to="/assessment/rules/$name/draft" params={{ name: rules.name }}>
              {rules.status === "draft" && rules.drafted?.userId != null ? W.editDraft : W.draftFrom}
            </Link>
          )}
          {writes && rules.status === "draft" && (
            <Button type="primary" loading={busy} onClick={() => void act(review)}>
              {W.review}
            </Button>
          )}
          {approves && (
            <Button
              type="primary"
              loading={busy}
              disabled={backwards !== null && !confirmed}
              onClick={() => void act(approve)}
            >
              {W.approve}
            </Button>
          )}
        </div>
      </header>
      <div className="ledger-inner">
        <Facts
          of={[
            [W.from, rules.from],
            [W.binds, valueText(rules.body, "binds")],
            [W.level, valueText({ level: rules.level }, "level")],
            [W.document, rules.documentNo || W.noDocument],
            [W.source, valueText(rules.body, "source")],
            ...(["drafted", "reviewed", "approved"] as const).map(
              (step) =>
                [
                  LEDGER.by[step],
                  rules[step] ? `${rules[step].name} ${minuteText(rules[step].at)}` : null,
                ] as const,
            ),
          ]}
        />
        {refused && <Notice tone="wrong">{refused}</Notice>}
        {backwards !== null && (
          <Notice tone="near">
            <p>{backwards}</p>
            <Checkbox checked={confirmed} onChange={(e) => setConfirmed(e.target.checked)}>
              {ADMIN.confirmBackwards}
            </Checkbox>
          </Notice>
        )}
        {rules.status === "reviewed" && !hasRole(session, "leader") && <Notice>{W.waitsLeader}</Notice>}
      </div>
    </section>
  );
}

function Differences({ rules }: { rules: KeptRules }) {
  const diff = useQuery(ruleDiffQuery(rules.name));
  const against = diff.data?.against ?? null;
  const base = useQuery({ ...ruleQuery(against ?? ""), enabled: against !== null });
  if (diff.isError) return <Failed sentence={sentenceOf(diff.error)} retry={() => void diff.refetch()} />;
  if (against === null || !diff.data || !base.data) return null;
  const before = base.data;
  return (
    <section className="card ledger-card" aria-label={W.diffTitle}>
      <header className="card-head">
        <h2>{W.diffTitle}</h2>
        <span className="quiet">{W.diffAgainst(String(before.body.title))}</span>
      </header>
      {places(diff.data.differences.map((each) => each.path)).length === 0 ? (
        <p className="ledger-inner quiet">{W.diffNone}</p>
      ) : (
        <WorkTable
          label={W.diffTitle}
          columns={[
            { key: "place", title: W.diffWhere, nowrap: true, cell: placeText },
            { key: "before", title: W.before, cell: (path) => valueText(before.body, path) },
            { key: "after", title: W.after, cell: (path) => valueText(rules.body, path) },
          ]}
          rows={places(diff.data.differences.map((each) => each.path))}
          rowKey={(path) => path}
        />
      )}
    </section>
  );
}
