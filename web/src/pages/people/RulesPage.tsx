/** 日历、时限与考核周期. Every dated rule with its versions and papers; drafted here by one, put in force by another. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button, Segmented } from "antd";
import { Fragment, type ReactNode, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import { ADMIN } from "../../texts/admin.ts";
import { T } from "../../texts.ts";
import { dayText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say, sayWrong } from "../../ui/toasts.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { ApproveDialog } from "./ApproveDialog.tsx";
import { CalendarDialog } from "./CalendarDialog.tsx";
import { LadderDialog } from "./LadderDialog.tsx";
import { LadderVersion } from "./LadderVersion.tsx";
import { LimitsDialog } from "./LimitsDialog.tsx";
import { PeriodDialog } from "./PeriodDialog.tsx";
import {
  daysOf,
  otherRulesQuery,
  type RuleKind,
  type RuleVersion,
  refreshRules,
  spans,
  versionsQuery,
} from "./rulequeries.ts";
import "./people.css";

type Tab = RuleKind | "others";
const TABS: readonly Tab[] = ["calendar", "deadline", "period", "urging", "others"];

export default function RulesPage() {
  const session = useSession();
  const [tab, setTab] = useState<Tab>("calendar");
  const [drafting, setDrafting] = useState<RuleVersion | "new" | null>(null);
  const drafts = hasRole(session, "sysadmin", "leader");
  const close = () => setDrafting(null);
  return (
    <PageShell
      title={ADMIN.rules}
      about={ADMIN.rulesAbout}
      actions={
        <>
          <Segmented
            aria-label={ADMIN.kind}
            value={tab}
            options={TABS.map((t) => ({ value: t, label: ADMIN[t] }))}
            onChange={setTab}
          />
          {drafts && tab === "calendar" && (
            <Button type="primary" onClick={() => setDrafting("new")}>
              {ADMIN.newYear}
            </Button>
          )}
        </>
      }
    >
      {tab === "others" ? <Others /> : <Versions kind={tab} onDraft={setDrafting} />}
      {drafting !== null && tab === "calendar" && (
        <CalendarDialog base={drafting === "new" ? null : drafting} onClose={close} />
      )}
      {drafting !== null && drafting !== "new" && tab === "deadline" && (
        <LimitsDialog base={drafting} onClose={close} />
      )}
      {drafting !== null && drafting !== "new" && tab === "urging" && (
        <LadderDialog base={drafting} onClose={close} />
      )}
      {drafting !== null && drafting !== "new" && tab === "period" && (
        <PeriodDialog base={drafting} onClose={close} />
      )}
    </PageShell>
  );
}

function Versions({ kind, onDraft }: { kind: RuleKind; onDraft: (base: RuleVersion) => void }) {
  const versions = useQuery(versionsQuery(kind));
  if (versions.isPending) return <Loading what={T.loading} />;
  if (versions.isError)
    return <Failed sentence={sentenceOf(versions.error)} retry={() => void versions.refetch()} />;
  if (versions.data.length === 0) return <EmptyState title={ADMIN.noVersion} />;
  return versions.data.map((version) => (
    <section key={version.name} className="card rule-version" aria-label={version.name}>
      <VersionHead version={version} onDraft={onDraft} />
      {kind === "calendar" && <Days version={version} />}
      {kind === "deadline" && <Limits version={version} />}
      {kind === "period" && <PeriodWords version={version} />}
      {kind === "urging" && <LadderVersion version={version} />}
    </section>
  ));
}

function VersionHead({ version, onDraft }: { version: RuleVersion; onDraft: (base: RuleVersion) => void }) {
  const session = useSession();
  const queries = useQueryClient();
  const [approving, setApproving] = useState(false);
  const drafts = hasRole(session, "sysadmin", "leader");
  const isDraft = version.status === "draft";
  const params = { path: { name: version.name } };
  const path = { params, body: { version: version.version } };
  const act = async (work: () => Promise<string>) => {
    try {
      say(await work());
    } catch (thrown) {
      sayWrong(sentenceOf(thrown));
    }
    refreshRules(queries);
  };
  const approve = async (confirmBackwards: boolean) => {
    const body = { version: version.version, confirmBackwards };
    const { moved } = await bodyOf(http.POST("/api/settings/drafts/{name}/put-in-force", { params, body }));
    return version.kind === "period"
      ? ADMIN.periods.approved(version.name, moved)
      : ADMIN.approved(version.name, moved);
  };
  const drop = async () => {
    await bodyOf(http.POST("/api/settings/drafts/{name}/drop", path));
    return ADMIN.dropped;
  };
  return (
    <>
      <header className="card-head">
        <h2>{version.kind === "calendar" ? `${String(version.body.year)} 年` : version.name}</h2>
        <Tag tone={version.standing === "now" ? "mine" : version.standing === "past" ? "plain" : "strong"}>
          {ADMIN.standing[version.standing]}
        </Tag>
        <span className="quiet">
          {version.from === "" ? ADMIN.periods.first : `${ADMIN.begins} ${version.from}`} ·{" "}
          {ADMIN.origin[version.origin]}
          {version.body.appliesTo === "running" && ` · ${ADMIN.applies.running}`}
        </span>
        <div className="unit-acts">
          {isDraft && hasRole(session, "leader") && (
            <Button type="primary" onClick={() => setApproving(true)}>
              {ADMIN.approve}
            </Button>
          )}
          {isDraft && drafts && <Button onClick={() => void act(drop)}>{ADMIN.drop}</Button>}
          {drafts && (
            <Button onClick={() => onDraft(version)}>{isDraft ? ADMIN.editDraft : ADMIN.draftFrom}</Button>
          )}
        </div>
      </header>
      <p className="rule-paper">
        {ADMIN.paper}：{version.source}
        {version.drafted && `　${ADMIN.draftedBy(version.drafted.name, dayText(version.drafted.at))}`}
        {version.approved && `　${ADMIN.approvedBy(version.approved.name, dayText(version.approved.at))}`}
      </p>
      {approving && (
        <ApproveDialog
          version={version}
          onClose={() => setApproving(false)}
          onApprove={(confirmed) => {
            setApproving(false);
            void act(() => approve(confirmed));
          }}
        />
      )}
    </>
  );
}

function Days({ version }: { version: RuleVersion }): ReactNode {
  const [off, work] = [daysOf(version.body, "off"), daysOf(version.body, "work")];
  return (
    <dl className="facts rule-days">
      <dt>{ADMIN.off}</dt>
      <dd>
        {spans(off)}（{ADMIN.days(off.length)}）
      </dd>
      <dt>{ADMIN.work}</dt>
      <dd>{work.length > 0 ? `${spans(work)}（${ADMIN.days(work.length)}）` : ADMIN.none}</dd>
    </dl>
  );
}

function PeriodWords({ version }: { version: RuleVersion }): ReactNode {
  return (
    <dl className="facts rule-days">
      {version.words.map(({ zh, text }) => (
        <Fragment key={zh}>
          <dt>{zh}</dt>
          <dd>{text}</dd>
        </Fragment>
      ))}
    </dl>
  );
}

type Row = RuleVersion["rows"][number];
const TAGS: Readonly<Record<string, string>> = ADMIN.tag;
const LIMITS: readonly Column<Row>[] = [
  { key: "clock", title: ADMIN.clock, nowrap: true, cell: (r) => r.clockZh },
  { key: "when", title: ADMIN.when, cell: (r) => r.whenZh },
  { key: "limit", title: ADMIN.limit, nowrap: true, cell: (r) => r.limitZh },
  { key: "near", title: ADMIN.near, nowrap: true, cell: (r) => r.nearZh },
  { key: "tag", title: ADMIN.paper, nowrap: true, cell: (r) => TAGS[r.tag] ?? r.tag },
  { key: "note", title: ADMIN.note, cell: (r) => r.note },
];

function Limits({ version }: { version: RuleVersion }) {
  const [open, setOpen] = useState(version.standing === "now" || version.standing === "draft");
  if (!open)
    return (
      <Button type="link" onClick={() => setOpen(true)}>
        {ADMIN.limit}（{version.rows.length}）
      </Button>
    );
  return <WorkTable label={version.name} columns={LIMITS} rows={version.rows} rowKey={(r) => r.id} />;
}

function Others() {
  const others = useQuery(otherRulesQuery);
  if (others.isPending) return <Loading what={T.loading} />;
  if (others.isError)
    return <Failed sentence={sentenceOf(others.error)} retry={() => void others.refetch()} />;
  const columns: Column<(typeof others.data)[number]>[] = [
    { key: "kind", title: ADMIN.kind, nowrap: true, cell: (r) => r.kindZh },
    { key: "name", title: ADMIN.name, nowrap: true, cell: (r) => <code>{r.name}</code> },
    { key: "from", title: ADMIN.begins, nowrap: true, cell: (r) => r.from || "—" },
    { key: "source", title: ADMIN.paper, cell: (r) => r.source },
  ];
  return (
    <div className="card">
      <WorkTable
        label={ADMIN.others}
        columns={columns}
        rows={others.data}
        rowKey={(r) => r.kindZh + r.name}
      />
    </div>
  );
}
