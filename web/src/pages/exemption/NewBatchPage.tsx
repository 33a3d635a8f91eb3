/** 制作报市批次. What can go and what is held back with why; what is chosen goes once, whatever is pressed twice. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useId, useRef, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { useSession } from "../../api/session.ts";
import type { WaitingApplication, WaitingApplications } from "../../api/types.ts";
import { SENDING } from "../../texts/exemptioncity.ts";
import { T } from "../../texts.ts";
import { dayText, minuteText } from "../../ui/dates.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { periodsQuery } from "../assessment/queries.ts";
import { renewCity, type WaitingFilter, waitingQuery } from "./cityqueries.ts";
import { ExemptionTabs } from "./ExemptionTabs.tsx";
import { groundsQuery } from "./queries.ts";
import "../assessment/assessment.css";
import "./exemption.css";

const S = SENDING;

export default function NewBatchPage() {
  const navigate = useNavigate({ from: "/exemption/batches/new" });
  const { period, ground } = useSearch({ from: "/exemption/batches/new" });
  const periods = useQuery(periodsQuery);
  const days = periods.data?.find((each) => each.name === period);
  const filter: WaitingFilter = {
    ...(days ? { from: days.from, to: days.to } : {}),
    ...(ground === undefined ? {} : { ground }),
  };
  const ready = period === undefined || periods.data !== undefined;
  const waiting = useQuery({ ...waitingQuery(filter), enabled: ready });
  return (
    <PageShell title={S.newTitle} about={S.newAbout} actions={<Link to="/exemption/batches">{S.back}</Link>}>
      <ExemptionTabs />
      <Filters
        period={period}
        ground={ground}
        onChange={(to) => void navigate({ search: to, replace: true })}
      />
      {waiting.isPending ? (
        <Loading what={T.loading} />
      ) : waiting.isError ? (
        <Failed sentence={sentenceOf(waiting.error)} retry={() => void waiting.refetch()} />
      ) : waiting.data.rows.length === 0 ? (
        <EmptyState title={S.noneWait}>{S.noneWaitAbout}</EmptyState>
      ) : (
        <Waiting key={`${period} ${ground}`} of={waiting.data} />
      )}
    </PageShell>
  );
}

interface Asked {
  readonly period: string | undefined;
  readonly ground: string | undefined;
}

function Filters({ period, ground, onChange }: Asked & { onChange: (to: Asked) => void }) {
  const ids = [useId(), useId()] as const;
  const periods = useQuery(periodsQuery);
  const grounds = useQuery(groundsQuery);
  const picks = [
    {
      id: ids[0],
      label: S.period,
      any: S.anyPeriod,
      value: period,
      options: (periods.data ?? []).map(({ name }) => ({ value: name, zh: name })),
      set: (to: string | undefined) => onChange({ period: to, ground }),
    },
    {
      id: ids[1],
      label: S.ground,
      any: S.anyGround,
      value: ground,
      options: (grounds.data?.grounds ?? []).flatMap(({ code, name, decidedBy }) =>
        decidedBy === "city" ? [{ value: code, zh: name }] : [],
      ),
      set: (to: string | undefined) => onChange({ period, ground: to }),
    },
  ];
  return (
    <search className="rank-pickers">
      {picks.map((pick) => (
        <div key={pick.id} className="rank-pick">
          <label htmlFor={pick.id}>{pick.label}</label>
          <select
            id={pick.id}
            className="native"
            value={pick.value ?? ""}
            onChange={(e) => pick.set(e.target.value === "" ? undefined : e.target.value)}
          >
            <option value="">{pick.any}</option>
            {pick.options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.zh}
              </option>
            ))}
          </select>
        </div>
      ))}
    </search>
  );
}

function Waiting({ of: { rows, form, most } }: { of: WaitingApplications }) {
  const { login } = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const free = rows.filter((row) => row.held === null);
  const held = rows.filter((row) => row.held !== null);
  const draft = useDraft<{ without: readonly string[] }>(`${login}.exemption-batch`, { without: [] });
  const { without } = draft.value;
  const chosen = free.filter((row) => !without.includes(row.id));
  /** Names the request: pressed again after a lost answer, it is the same one. */
  const request = useRef<{ readonly ids: string; readonly key: string } | null>(null);
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const send = async () => {
    setBusy(true);
    setRefused(null);
    const ids = chosen.map(({ id }) => id);
    if (request.current?.ids !== ids.join()) request.current = { ids: ids.join(), key: crypto.randomUUID() };
    try {
      const body = { key: request.current.key, ids };
      const batch = await bodyOf(http.POST("/api/exemptions/batches", { body }));
      draft.drop();
      say(S.made(batch.number, batch.applications));
      await navigate({ to: "/exemption/batches/$id", params: { id: batch.id }, replace: true });
      await renewCity(queries);
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  const toggle = (ids: readonly string[], on: boolean) =>
    draft.set({
      without: on
        ? without.filter((each) => !ids.includes(each))
        : [...without.filter((each) => !ids.includes(each)), ...ids],
    });
  const all = free.map(({ id }) => id);
  return (
    <>
      <section className="card send-card" aria-label={S.canGo(free.length)}>
        <header className="card-head">
          <h2>{S.canGo(free.length)}</h2>
          {free.length > 0 && (
            <label className="send-all">
              <input
                type="checkbox"
                checked={chosen.length === free.length}
                onChange={(e) => toggle(all, e.target.checked)}
              />{" "}
              {S.all}
            </label>
          )}
        </header>
        {free.length > 0 && (
          <WorkTable
            label={S.canGo(free.length)}
            columns={[
              {
                key: "choose",
                title: "",
                width: 32,
                cell: (row) => (
                  <input
                    type="checkbox"
                    aria-label={S.choose(row.number)}
                    checked={!without.includes(row.id)}
                    onChange={(e) => toggle([row.id], e.target.checked)}
                  />
                ),
              },
              ...COLUMNS,
              { key: "at", title: S.reviewedAt, nowrap: true, cell: reviewedAt },
            ]}
            rows={free}
            rowKey={(row) => row.id}
            onOpen={(row) => toggle([row.id], without.includes(row.id))}
          />
        )}
        <div className="send-foot">
          {refused !== null && <Notice tone="wrong">{refused}</Notice>}
          {free.length >= most && <p className="quiet">{S.tooMany(most)}</p>}
          <div className="form-foot">
            <Button type="primary" loading={busy} disabled={chosen.length === 0} onClick={() => void send()}>
              {S.makeIt(chosen.length)}
            </Button>
          </div>
          <p className="quiet">{S.columns(form.title, form.columns.join("、"))}</p>
          <p className="quiet">{S.source(form.name, form.source)}</p>
        </div>
      </section>
      {held.length > 0 && (
        <section className="card send-card" aria-label={S.heldBack(held.length)}>
          <header className="card-head">
            <h2>{S.heldBack(held.length)}</h2>
          </header>
          <WorkTable
            label={S.heldBack(held.length)}
            columns={[...COLUMNS, { key: "why", title: S.why, cell: (row) => row.held }]}
            rows={held}
            rowKey={(row) => row.id}
            onOpen={(row) => void navigate({ to: "/exemption/$id", params: { id: row.id } })}
          />
        </section>
      )}
    </>
  );
}

const reviewedAt = ({ reviewedAt: at }: WaitingApplication) => (at === null ? "—" : minuteText(at));

const COLUMNS: readonly Column<WaitingApplication>[] = [
  {
    key: "number",
    title: S.ticket,
    nowrap: true,
    cell: (row) => (
      <>
        <Link to="/exemption/$id" params={{ id: row.id }}>
          {row.number}
        </Link>{" "}
        {row.isAppeal && <Tag>{S.isAppeal}</Tag>}
      </>
    ),
  },
  { key: "unit", title: S.unit, nowrap: true, cell: (row) => row.unit },
  { key: "title", title: S.title, cell: (row) => row.title },
  { key: "ground", title: S.ground, cell: (row) => row.groundName },
  { key: "answers", title: S.answers, nowrap: true, cell: (row) => row.answers },
  { key: "counted", title: S.countedAt, nowrap: true, cell: (row) => dayText(row.countedAt) },
  { key: "files", title: S.evidence, nowrap: true, cell: (row) => S.filesOf(row.files, row.bytes) },
];
