/** 加减分. What was given to which unit in a period, by whom and why; drafted here by one, approved by another. */
import { ADJUSTMENT_STATES, type AdjustmentState } from "@jiesu/core/assessment/adjusting.ts";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { Button } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { Adjustment, AdjustmentList } from "../../api/types.ts";
import { ADJUSTMENT } from "../../texts/adjustment.ts";
import { ASSESSMENT } from "../../texts/assessment.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { T } from "../../texts.ts";
import { minuteText } from "../../ui/dates.ts";
import { usePageKeys } from "../../ui/keys.ts";
import { PageShell } from "../../ui/PageShell.tsx";
import { EmptyState, Failed, Loading, Notice } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { AdjustmentCase } from "./AdjustmentCase.tsx";
import { AdjustmentForm } from "./AdjustmentForm.tsx";
import { AssessTabs } from "./AssessTabs.tsx";
import { adjustmentsQuery } from "./adjustmentqueries.ts";
import { PeriodPick, Pick } from "./PeriodPick.tsx";
import { periodsQuery } from "./queries.ts";
import "./assessment.css";

const W = ADJUSTMENT;
const LEVELS = ["district", "city"] as const;
const STATES = Object.keys(ADJUSTMENT_STATES) as readonly AdjustmentState[];
type StateChoice = AdjustmentState | "all";

export default function AdjustmentsPage() {
  const search = useSearch({ from: "/assessment/adjustments" });
  const navigate = useNavigate({ from: "/assessment/adjustments" });
  const session = useSession();
  const periods = useQuery(periodsQuery);
  const period = search.period ?? periods.data?.[0]?.name;
  const level = search.level ?? "district";
  const list = useQuery(adjustmentsQuery({ ...search, period, level }));
  const [adding, setAdding] = useState(false);
  const [openId, setOpenId] = useState<string | null>(null);
  usePageKeys(W.keys);
  const state: StateChoice = STATES.find((each) => each === search.state) ?? "all";
  const rows = (list.data?.rows ?? []).filter((row) => state === "all" || row.state === state);
  const opened = list.data?.rows.find((row) => row.id === openId) ?? null;
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true });
  const ofUnit = session.unit !== null;
  return (
    <PageShell
      title={W.title}
      about={ofUnit ? W.aboutUnit : W.about}
      actions={
        hasRole(session, "assessor", "leader") &&
        list.data?.rule && (
          <Button type="primary" onClick={() => setAdding(true)}>
            {W.add}
          </Button>
        )
      }
    >
      <AssessTabs />
      <PeriodPick period={period} onChange={(next) => change({ period: next })}>
        <Pick
          label={ASSESSMENT.level}
          value={level}
          options={LEVELS.map((each) => ({ value: each, label: LEDGER.rules.levels[each] }))}
          onChange={(to) => change({ level: to })}
        />
        {!ofUnit && (
          <Pick<StateChoice>
            label={W.state}
            value={state}
            options={[
              { value: "all", label: W.all },
              ...STATES.map((each) => ({ value: each, label: ADJUSTMENT_STATES[each] })),
            ]}
            onChange={(to) => change({ state: to === "all" ? undefined : to })}
          />
        )}
        {search.unit !== undefined && !ofUnit && (
          <Button onClick={() => change({ unit: undefined })}>{W.all + W.unit}</Button>
        )}
      </PeriodPick>
      {period === undefined || list.isPending ? (
        <Loading what={T.loading} />
      ) : list.isError ? (
        <Failed sentence={sentenceOf(list.error)} retry={() => void list.refetch()} />
      ) : (
        <Listed list={list.data} rows={rows} ofUnit={ofUnit} onOpen={(row) => setOpenId(row.id)} />
      )}
      {adding && list.data?.rule && (
        <AdjustmentForm list={list.data} unit={search.unit} onClose={() => setAdding(false)} />
      )}
      {opened && list.data && (
        <AdjustmentCase of={opened} closed={list.data.closed} onClose={() => setOpenId(null)} />
      )}
    </PageShell>
  );
}

function Listed(props: {
  list: AdjustmentList;
  rows: readonly Adjustment[];
  ofUnit: boolean;
  onOpen: (row: Adjustment) => void;
}) {
  const { list, rows } = props;
  if (list.rule === null && rows.length === 0)
    return (
      <EmptyState
        title={W.noRule}
        {...(props.ofUnit ? {} : { actions: <Link to="/assessment/rules">{W.toRules}</Link> })}
      >
        {W.noRuleAbout}
      </EmptyState>
    );
  return (
    <>
      {list.closed && <Notice>{W.closed}</Notice>}
      <p className="quiet rank-about">
        {ASSESSMENT.periodSpan(list.period.from, list.period.to)} · {list.rules.title}
        {list.rule &&
          ` · ${W.caps(list.rule.mostBonus, list.rule.mostPenalty, list.rule.least, list.rule.most)}`}
        {list.waiting > 0 && ` · ${W.waiting(list.waiting)}`}
      </p>
      {rows.length === 0 ? (
        <EmptyState title={W.none}>{props.ofUnit ? W.noneUnit : W.noneAbout}</EmptyState>
      ) : (
        <section className="card ledger-card">
          <WorkTable
            label={W.title}
            columns={columnsOf(props.onOpen)}
            rows={rows}
            rowKey={(row) => row.id}
            onOpen={props.onOpen}
          />
        </section>
      )}
    </>
  );
}

function columnsOf(open: (row: Adjustment) => void): readonly Column<Adjustment>[] {
  return [
    { key: "unit", title: W.unit, nowrap: true, cell: (row) => row.unit.name },
    {
      key: "item",
      title: W.item,
      cell: (row) => (
        <Button
          type="link"
          size="small"
          style={{ padding: 0 }}
          aria-label={W.openOne(row.unit.name, row.itemName)}
          onClick={() => open(row)}
        >
          {row.itemName}
        </Button>
      ),
    },
    {
      key: "points",
      title: W.points,
      align: "right",
      nowrap: true,
      cell: (row) => <strong data-counted={row.state === "approved"}>{row.points}</strong>,
    },
    { key: "reason", title: W.reason, cell: (row) => <span className="counted-title">{row.reason}</span> },
    {
      key: "evidence",
      title: W.evidence,
      cell: (row) => <span className="counted-title">{row.evidence}</span>,
    },
    {
      key: "state",
      title: W.state,
      nowrap: true,
      cell: (row) => (
        <>
          <Tag tone={STATE_TONES[row.state]}>{row.stateZh}</Tag>{" "}
          {row.difference && <Tag tone="near">{W.difference[row.difference]}</Tag>}
        </>
      ),
    },
    { key: "by", title: W.by, nowrap: true, cell: (row) => `${row.by} ${minuteText(row.at)}` },
    {
      key: "decided",
      title: W.decided,
      nowrap: true,
      cell: (row) => {
        const last = row.steps.at(-1);
        return last ? `${last.by} ${minuteText(last.at)}` : <span className="quiet">—</span>;
      },
    },
  ];
}

const STATE_TONES = {
  proposed: "near",
  approved: "mine",
  refused: "plain",
  withdrawn: "plain",
  revoked: "plain",
} as const satisfies Record<AdjustmentState, string>;
