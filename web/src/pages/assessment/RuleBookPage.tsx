/** 考核规则. Every version of both levels: where it comes from, who approved it, where it stands. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { rulesQuery } from "./queries.ts";
import "./assessment.css";

const W = LEDGER.rules;
const STATUS: Readonly<Record<string, string>> = LEDGER.status;

export default function RuleBookPage() {
  const session = useSession();
  const navigate = useNavigate();
  const rules = useQuery(rulesQuery);
  usePageKeys(LEDGER.ruleKeys);
  type Row = NonNullable<typeof rules.data>[number];
  const writes = hasRole(session, "assessor", "leader");
  const columns: readonly Column<Row>[] = [
    {
      key: "title",
      title: W.ruleTitle,
      cell: (row) => (
        <Link to="/assessment/rules/$name" params={{ name: row.name }}>
          {row.title}
        </Link>
      ),
    },
    { key: "level", title: W.level, nowrap: true, cell: (row) => W.levels[row.level] },
    { key: "from", title: W.from, nowrap: true, cell: (row) => row.from },
    { key: "binds", title: W.binds, nowrap: true, cell: (row) => W.bindings[row.binds] },
    {
      key: "status",
      title: LEDGER.statusWord,
      nowrap: true,
      cell: (row) => (
        <>
          <Tag tone={row.status === "inForce" ? "mine" : "plain"}>{STATUS[row.status] ?? row.status}</Tag>{" "}
          {row.inForceToday && <Tag tone="strong">{W.today}</Tag>}
        </>
      ),
    },
    { key: "approved", title: LEDGER.by.approved, cell: (row) => row.approvedBy },
    { key: "source", title: W.source, cell: (row) => <span className="counted-title">{row.source}</span> },
    {
      key: "draft",
      title: "",
      nowrap: true,
      cell: (row) =>
        writes && (
          <Link
            to="/assessment/rules/$name/draft"
            params={{ name: row.name }}
            aria-label={`${W.draftFrom}：${row.title}`}
          >
            {W.draftFrom}
          </Link>
        ),
    },
  ];
  return (
    <PageShell title={W.title} about={W.about}>
      <AssessTabs />
      {rules.isPending ? (
        <Loading what={T.loading} />
      ) : rules.isError ? (
        <Failed sentence={sentenceOf(rules.error)} retry={() => void rules.refetch()} />
      ) : rules.data.length === 0 ? (
        <EmptyState title={W.none}>{W.noneAbout}</EmptyState>
      ) : (
        <section className="card ledger-card">
          <WorkTable
            label={W.title}
            columns={columns}
            rows={rules.data}
            rowKey={(row) => row.name}
            onOpen={(row) => void navigate({ to: "/assessment/rules/$name", params: { name: row.name } })}
          />
        </section>
      )}
    </PageShell>
  );
}
