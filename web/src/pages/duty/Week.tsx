/** 排班. A week of shifts: who leads, who is on; the leads enter and change them. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { Shift } from "../../api/types.ts";
import { DUTY } from "../../texts/duty.ts";
import { T } from "../../texts.ts";
import { dayText, minuteText } from "../../ui/dates.ts";
import { Failed, Loading } from "../../ui/States.tsx";
import { Tag } from "../../ui/Tag.tsx";
import { type Column, WorkTable } from "../../ui/WorkTable.tsx";
import { weekQuery } from "./queries.ts";
import { ShiftForm } from "./ShiftForm.tsx";
import { dayWords, mondayOf, shiftWeek } from "./week.ts";

export function Week({ current, at }: { current: Shift | null; at: string }) {
  const session = useSession();
  const now = Date.parse(at);
  const [monday, setMonday] = useState(() => mondayOf(now));
  const [entering, setEntering] = useState<Shift | null>(null);
  const week = useQuery(weekQuery(monday));
  const mayEnter = hasRole(session, "shiftLead", "leader");
  const columns: readonly Column<Shift>[] = [
    { key: "day", title: DUTY.day, nowrap: true, cell: (s) => dayWords(dayText(s.startsAt)) },
    {
      key: "shift",
      title: DUTY.shift,
      nowrap: true,
      cell: (s) => (
        <>
          {s.name} {s.startsAt === current?.startsAt && <Tag tone="mine">{DUTY.now}</Tag>}
        </>
      ),
    },
    {
      key: "time",
      title: DUTY.time,
      nowrap: true,
      cell: (s) => `${timeOf(s.startsAt)}–${timeOf(s.endsAt)}`,
    },
    {
      key: "lead",
      title: DUTY.lead,
      nowrap: true,
      cell: (s) => s.lead?.name ?? <span className="quiet">{DUTY.noLead}</span>,
    },
    {
      key: "members",
      title: DUTY.members,
      cell: (s) =>
        s.members.length > 0 ? (
          s.members.map((m) => m.name).join("、")
        ) : (
          <span className="quiet">{s.id === null ? DUTY.byRule : DUTY.noMembers}</span>
        ),
    },
    {
      key: "change",
      title: "",
      nowrap: true,
      cell: (s) =>
        mayEnter &&
        Date.parse(s.endsAt) > now && (
          <Button
            size="small"
            type="text"
            aria-label={`${wordOf(s)}：${dayWords(dayText(s.startsAt))} ${s.name}`}
            onClick={() => setEntering(s)}
          >
            {wordOf(s)}
          </Button>
        ),
    },
  ];
  return (
    <section className="card duty-card duty-week" aria-label={DUTY.roster}>
      <header className="duty-week-head">
        <h2>{DUTY.roster}</h2>
        <span className="quiet">{DUTY.week(monday.slice(5), sundayOf(monday))}</span>
        <div className="duty-week-moves">
          <Button size="small" onClick={() => setMonday(shiftWeek(monday, -1))}>
            {DUTY.previousWeek}
          </Button>
          <Button size="small" disabled={monday === mondayOf(now)} onClick={() => setMonday(mondayOf(now))}>
            {DUTY.thisWeek}
          </Button>
          <Button size="small" onClick={() => setMonday(shiftWeek(monday, 1))}>
            {DUTY.nextWeek}
          </Button>
        </div>
      </header>
      {week.isPending && <Loading what={T.loading} />}
      {week.isError && <Failed sentence={sentenceOf(week.error)} retry={() => void week.refetch()} />}
      {week.data && (
        <>
          <WorkTable
            label={DUTY.roster}
            columns={columns}
            rows={week.data.rows}
            rowKey={(s) => `${s.startsAt} ${s.name}`}
            marked={(s) => dayText(s.startsAt) === dayOf(now)}
          />
          <p className="quiet duty-rule">{DUTY.byRuleAbout(week.data.rule.source)}</p>
        </>
      )}
      {entering && <ShiftForm shift={entering} onClose={() => setEntering(null)} />}
    </section>
  );
}

const wordOf = (shift: Shift): string => (shift.id === null ? DUTY.enter : DUTY.change);
const timeOf = (iso: string): string => minuteText(iso).slice(11);
const sundayOf = (monday: ReturnType<typeof mondayOf>): string =>
  dayOf(Date.parse(`${shiftWeek(monday, 1)}T00:00:00+08:00`) - 1).slice(5);
