/** 电话抽访. The plans with how far they are, and the drawing of a new sample: days, channels, strata, size, seed. */
import { STRATA, type Strata } from "@jiesu/core/sampling/sample.ts";
import { addDays, dayOf } from "@jiesu/core/time/day.ts";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, Input, Select } from "antd";
import { type FormEvent, useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { SamplingPlanRow } from "../../api/types.ts";
import { SAMPLING } from "../../texts/sampling.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { Field } from "../../ui/Field.tsx";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { say } from "../../ui/toasts.tsx";
import { useDraft } from "../../ui/useDraft.ts";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { channelsQuery, plansQuery, samplingRulesQuery } from "./queries.ts";
import "../exemption/exemption.css";
import "./sampling.css";

const S = SAMPLING;

export default function SamplingPage() {
  const session = useSession();
  const plans = useQuery(plansQuery);
  const navigate = useNavigate();
  return (
    <PageShell title={S.title} about={S.about}>
      {plans.isPending ? (
        <Loading what={T.loading} />
      ) : plans.isError ? (
        <Failed sentence={sentenceOf(plans.error)} retry={() => void plans.refetch()} />
      ) : plans.data.length === 0 ? (
        <EmptyState title={S.none}>{S.noneAbout}</EmptyState>
      ) : (
        <section className="card">
          <WorkTable
            label={S.plans}
            columns={COLUMNS}
            rows={plans.data}
            rowKey={(row) => row.id}
            onOpen={(row) => void navigate({ to: "/sampling/$id", params: { id: row.id } })}
          />
        </section>
      )}
      {hasRole(session, "assessor", "shiftLead", "leader") && <NewPlan />}
    </PageShell>
  );
}

const COLUMNS: readonly Column<SamplingPlanRow>[] = [
  {
    key: "name",
    title: S.name,
    cell: (row) => (
      <Link to="/sampling/$id" params={{ id: row.id }}>
        {row.name}
      </Link>
    ),
  },
  { key: "days", title: S.days, nowrap: true, cell: (row) => `${row.from} ${S.to} ${row.to}` },
  { key: "channels", title: S.channels, cell: (row) => row.channels.join("、") },
  { key: "strata", title: S.strata, nowrap: true, cell: (row) => S.strataNames[row.strata] },
  { key: "frame", title: S.frame, align: "right", nowrap: true, cell: (row) => row.frame },
  { key: "drawn", title: S.sample, align: "right", nowrap: true, cell: (row) => row.drawn },
  {
    key: "done",
    title: S.progress,
    align: "right",
    nowrap: true,
    cell: (row) => row.answered + row.refused + row.unreached,
  },
  { key: "answered", title: S.answered, align: "right", nowrap: true, cell: (row) => row.answered },
  {
    key: "counted",
    title: T.nav.assessment,
    nowrap: true,
    cell: (row) => (row.counted ? S.counted : S.notCounted),
  },
  { key: "by", title: S.make, nowrap: true, cell: (row) => S.by(row.drawnBy, minuteText(row.drawnAt)) },
];

interface Draft {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Null: as the rule proposes. */
  readonly channels: readonly string[] | null;
  readonly strata: Strata | null;
  readonly size: string;
  readonly seed: string;
}

const newSeed = (): string =>
  [...crypto.getRandomValues(new Uint8Array(5))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

function NewPlan() {
  const session = useSession();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const rules = useQuery(samplingRulesQuery);
  const [fresh] = useState((): Draft => {
    const today = dayOf(Date.now());
    return {
      ...{ name: "", from: addDays(today, -30), to: addDays(today, -1), channels: null, strata: null },
      ...{ size: "", seed: newSeed() },
    };
  });
  const draft = useDraft<Draft>(`${session.login}.sampling`, fresh);
  const { name, from, to, seed } = draft.value;
  const found = useQuery({ ...channelsQuery(from, to), enabled: from !== "" && to !== "" });
  const [refused, setRefused] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  if (rules.isPending) return <Loading what={T.loading} />;
  if (rules.isError) return <Failed sentence={sentenceOf(rules.error)} retry={() => void rules.refetch()} />;
  const rule = rules.data;
  const there = found.data ?? [];
  const channels =
    draft.value.channels ?? there.map((each) => each.channel).filter((each) => rule.channels.includes(each));
  const strata = draft.value.strata ?? rule.strata;
  const size = draft.value.size === "" ? rule.size : Number(draft.value.size);
  const frame = there.reduce((sum, each) => sum + (channels.includes(each.channel) ? each.withNumber : 0), 0);
  const ready = name.trim() !== "" && channels.length > 0 && Number.isInteger(size) && size > 0 && frame > 0;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setRefused(null);
    try {
      const body = { name: name.trim(), from, to, channels: [...channels], strata, size, seed };
      const { id } = await bodyOf(http.POST("/api/sampling/plans", { body }));
      draft.drop();
      say(S.drawn);
      await queries.invalidateQueries({ queryKey: ["sampling"] });
      await navigate({ to: "/sampling/$id", params: { id } });
    } catch (thrown) {
      setRefused(sentenceOf(thrown));
      setBusy(false);
    }
  };
  const toggle = (channel: string, on: boolean) =>
    draft.set({ channels: on ? [...channels, channel] : channels.filter((each) => each !== channel) });
  return (
    <section className="card sampling-new" aria-label={S.make}>
      <header className="card-head">
        <h2>{S.make}</h2>
      </header>
      <form onSubmit={send} className="sampling-form">
        <Field label={S.name} required hint={S.nameHint}>
          {(control) => (
            <Input
              {...control}
              maxLength={100}
              value={name}
              onChange={(e) => draft.set({ name: e.target.value })}
            />
          )}
        </Field>
        <div className="sampling-row">
          {(["from", "to"] as const).map((end) => (
            <Field key={end} label={S[end]} required>
              {(control) => (
                <input
                  {...control}
                  className="native"
                  type="date"
                  value={draft.value[end]}
                  onChange={(e) => draft.set({ [end]: e.target.value })}
                />
              )}
            </Field>
          ))}
          <Field label={S.strata}>
            {(control) => (
              <Select
                {...control}
                style={{ width: 180 }}
                value={strata}
                options={STRATA.map((each) => ({ value: each, label: S.strataNames[each] }))}
                onChange={(next: Strata) => draft.set({ strata: next })}
              />
            )}
          </Field>
          <Field label={S.size} required hint={S.sizeHint(frame, rule.maxSize)}>
            {(control) => (
              <Input
                {...control}
                inputMode="numeric"
                value={draft.value.size === "" ? String(rule.size) : draft.value.size}
                onChange={(e) => draft.set({ size: e.target.value })}
              />
            )}
          </Field>
          <Field label={S.seed} required hint={S.seedHint}>
            {(control) => (
              <Input
                {...control}
                maxLength={40}
                value={seed}
                onChange={(e) => draft.set({ seed: e.target.value })}
              />
            )}
          </Field>
        </div>
        <fieldset className="choices sampling-channels">
          <legend>{S.channels}</legend>
          <p className="quiet">{S.channelsHint}</p>
          {found.data?.length === 0 && <p>{S.noChannels}</p>}
          {there.map(({ channel, tickets, withNumber }) => (
            <label key={channel} className="choice">
              <input
                type="checkbox"
                checked={channels.includes(channel)}
                onChange={(e) => toggle(channel, e.target.checked)}
              />{" "}
              {S.channelOf(channel, tickets, withNumber)}
            </label>
          ))}
        </fieldset>
        {refused !== null && <Notice tone="wrong">{refused}</Notice>}
        <div className="form-foot">
          <Button type="primary" htmlType="submit" loading={busy} disabled={!ready}>
            {S.draw}
          </Button>
          <span className="quiet">
            {rule.counted ? S.counted : S.notCounted}。{S.rule(rule.name, rule.source)}
          </span>
        </div>
      </form>
    </section>
  );
}
