/** 起草考核规则. A new version from one that stands, or an unfinished draft; checked as it is typed, kept when it is faultless. */
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Button } from "antd";
import { useDeferredValue, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { KeptRules } from "../../api/types.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { Failed, Loading, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { AssessTabs } from "./AssessTabs.tsx";
import { refreshRules, ruleQuery } from "./ledgerqueries.ts";
import { RuleFields } from "./RuleFields.tsx";
import { type Body, placeText } from "./ruletext.ts";
import "./assessment.css";

const W = LEDGER.rules;

export default function RuleDraftPage() {
  const { name } = useParams({ from: "/assessment/rules/$name/draft" });
  const base = useQuery(ruleQuery(name));
  return (
    <PageShell title={W.drafting} about={W.about} actions={<Link to="/assessment/rules">{W.back}</Link>}>
      <AssessTabs />
      {base.isPending ? (
        <Loading what={T.loading} />
      ) : base.isError ? (
        <Failed sentence={sentenceOf(base.error)} retry={() => void base.refetch()} />
      ) : (
        <Form key={name} base={base.data} />
      )}
    </PageShell>
  );
}

function Form({ base }: { base: KeptRules }) {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  // What came with the system was drafted by nobody: it is a model to start from.
  const isNew = base.status !== "draft" || base.drafted?.userId == null;
  const draft = useDraft<{ body: Body; documentNo: string }>(
    `${session.login}.rules.${base.name}.${base.status}`,
    { body: isNew ? begun(base) : base.body, documentNo: isNew ? "" : base.documentNo },
  );
  const { body, documentNo } = draft.value;
  const asked = useDeferredValue(body);
  const check = useQuery({
    queryKey: ["rule-check", asked],
    queryFn: () => bodyOf(http.POST("/api/assessment/rules/check", { body: { body: asked } })),
    placeholderData: (before) => before,
  });
  const [refused, setRefused] = useState<string | null>(null);
  const problems = check.data?.problems ?? [];
  const keep = async () => {
    setRefused(null);
    try {
      const kept = isNew
        ? await bodyOf(http.POST("/api/assessment/rules", { body: { body, documentNo, basedOn: base.name } }))
        : await bodyOf(
            http.PATCH("/api/assessment/rules/{name}", {
              params: { path: { name: base.name } },
              body: { body, documentNo },
            }),
          );
      draft.drop();
      say(W.kept);
      await refreshRules(queries);
      void navigate({ to: "/assessment/rules/$name", params: { name: kept.name } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
    }
  };
  return (
    <form
      aria-label={W.drafting}
      onSubmit={(e) => {
        e.preventDefault();
        void keep();
      }}
    >
      <RuleFields
        body={body}
        isNew={isNew}
        change={(next) => draft.set({ body: next })}
        wrong={(path) => problems.find((each) => each.path === path)?.text ?? null}
      />
      <div className="card ledger-card ledger-inner rule-keep">
        <Field label={W.document}>
          {(control) => (
            <input
              {...control}
              className="native"
              maxLength={200}
              value={documentNo}
              onChange={(e) => draft.set({ documentNo: e.target.value })}
            />
          )}
        </Field>
        <div role="status">
          {check.isPending ? (
            W.checking
          ) : problems.length === 0 ? (
            W.faultless
          ) : (
            <>
              <strong>{W.faults(problems.length)}</strong>
              <ul>
                {problems.map((each) => (
                  <li key={each.path + each.text}>
                    {placeText(each.path)}：{each.text}
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
        {refused && <Notice tone="wrong">{refused}</Notice>}
        <p>
          <Button type="primary" htmlType="submit" disabled={problems.length > 0}>
            {W.keep}
          </Button>
        </p>
      </div>
    </form>
  );
}

/** A new version begins as what it is made from, with a day of its own and nobody's approval. */
function begun(base: KeptRules): Body {
  const { status: _status, approvedBy: _approved, ...said } = base.body;
  const from = addDays(dayOf(Date.now()), 1);
  return { ...said, name: `${base.level}-${from}`, level: base.level, from };
}
