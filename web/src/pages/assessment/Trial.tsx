/** 试算. A rule set over past periods: who moves, from where to where, and why, before it is put in force. */
import { segmentsText } from "@jiesu/core/assessment/segments.ts";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { bodyOf, http } from "../../api/client.ts";
import { sentenceOf } from "../../api/problem.ts";
import type { KeptRules, Trial as Tried } from "../../api/types.ts";
import { LEDGER } from "../../texts/ledger.ts";
import { Failed } from "../../ui/States.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { periodsQuery } from "./queries.ts";

const W = LEDGER.rules;
type Period = Tried["periods"][number];
type Moved = Period["moved"][number];

export function Trial({ rules: { name, from, body } }: { rules: KeptRules }) {
  const periods = useQuery(periodsQuery);
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  // The last three that are over; and the one that it would part, which is tried in parts.
  const parted = periods.data?.find((p) => body.binds === "day" && p.from < from && from <= p.to);
  const last = periods.data?.slice(1, 4).filter((p) => p !== parted) ?? [];
  const picked = chosen ?? [...(parted ? [parted] : []), ...last].map((p) => p.name);
  const trial = useMutation({
    mutationFn: () =>
      bodyOf(
        http.POST("/api/assessment/rules/{name}/trial", {
          params: { path: { name } },
          body: { periods: [...picked], scope: "assessed" },
        }),
      ),
  });
  return (
    <section className="card ledger-card" aria-label={W.trial}>
      <header className="card-head">
        <h2>{W.trial}</h2>
        <span className="quiet">{W.trialAbout}</span>
      </header>
      <div className="ledger-inner">
        <fieldset className="trial-periods">
          <legend>{W.trialPeriods}</legend>
          {(periods.data ?? []).map((p) => (
            <label key={p.name} className="choice">
              <input
                type="checkbox"
                checked={picked.includes(p.name)}
                onChange={(e) =>
                  setChosen(e.target.checked ? [...picked, p.name] : picked.filter((each) => each !== p.name))
                }
              />
              {p.name}
            </label>
          ))}
        </fieldset>
        <Button
          type="primary"
          disabled={picked.length === 0}
          loading={trial.isPending}
          onClick={() => trial.mutate()}
        >
          {W.trialRun}
        </Button>
        {trial.isError && <Failed sentence={sentenceOf(trial.error)} />}
      </div>
      {trial.data?.periods.map((period) => (
        <div key={period.period} className="trial-period">
          <h3 className="ledger-inner">
            {W.trialFor(period.period, period.against)}{" "}
            <span className="quiet">{W.trialMoved(period.moved.length, period.units)}</span>
          </h3>
          {period.segments.length > 1 && (
            <p className="ledger-inner quiet">{W.trialSegments(segmentsText(period.segments) ?? "")}</p>
          )}
          {period.moved.length === 0 ? (
            <p className="ledger-inner quiet">{W.trialStill}</p>
          ) : (
            <WorkTable
              label={`${W.trial} ${period.period}`}
              columns={COLUMNS}
              rows={period.moved}
              rowKey={(row) => row.unit.id}
            />
          )}
        </div>
      ))}
    </section>
  );
}

const rankText = (side: Moved["before"]): string =>
  side.rank === null ? (side.unranked ?? W.unranked) : String(side.rank);

const COLUMNS: readonly Column<Moved>[] = [
  { key: "unit", title: W.unit, nowrap: true, cell: (row) => row.unit.name },
  {
    key: "group",
    title: W.group,
    nowrap: true,
    cell: ({ before, after }) =>
      before.group === after.group ? (after.group ?? "") : `${before.group ?? "—"} → ${after.group ?? "—"}`,
  },
  {
    key: "rank",
    title: W.rankMove,
    align: "right",
    nowrap: true,
    cell: ({ before, after }) => `${rankText(before)} → ${rankText(after)}`,
  },
  {
    key: "score",
    title: W.scoreMove,
    align: "right",
    nowrap: true,
    cell: ({ before, after }) => `${before.score} → ${after.score}`,
  },
  {
    key: "why",
    title: W.why,
    cell: (row) =>
      row.why.map((why) => why.text + (why.points === null ? "" : W.points(why.points))).join("；"),
  },
];
