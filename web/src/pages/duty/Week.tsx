/** 排班. A week of shifts: who leads, who is on; the leads enter and change them. */
import { dayOf } from "@jiesu/core/time/day.ts";
import { useQuery } from "@tanstack/react-query";
import { Button } from "antd";
import { useState } from "react";
import { sentenceOf } from "../../api/problem.ts";
import { hasRole, useSession } from "../../api/session.ts";
import type { Shift } from "../../api/types.ts";
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
    { key: "day", title: T.duty.day, nowrap: true, cell: (s) => dayWords(dayText(s.startsAt)) },
    {
      key: "shift",
      title: T.duty.shift,
      nowrap: true,
      cell: (s) => (
        <>
          {s.name} {s.startsAt === current?.startsAt && <Tag tone="mine">{T.duty.now}</Tag>}
        </>
      ),
    },
    {
      key: "time",
      title: T.duty.time,
      nowrap: true,
      cell: (s) => `${timeOf(s.startsAt)}–${timeOf(s.endsAt)}`,
    },
    {
      key: "lead",
      title: T.duty.lead,
      nowrap: true,
      cell: (s) => s.lead?.name ?? <span className="quiet">{T.duty.noLead}</span>,
    },
    {
      key: "members",
      title: T.duty.members,
      cell: (s) =>
        s.members.length > 0 ? (
          s.members.map((m) => m.name).join("、")
        ) : (
          <span className="quiet">{s.id === null ? T.duty.byRule : T.duty.noMembers}</span>
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
    <section className="card duty-card duty-week" aria-label={T.duty.roster}>
      <header className="duty-week-head">
        <h2>{T.duty.roster}</h2>
        <span className="quiet">{T.duty.week(monday.slice(5), sundayOf(monday))}</span>
        <div className="duty-week-moves">
          <Button size="small" onClick={() => setMonday(shiftWeek(monday, -1))}>
            {T.duty.previousWeek}
          </Button>
          <Button size="small" disabled={monday === mondayOf(now)} onClick={() => setMonday(mondayOf(now))}>
            {T.duty.thisWeek}
          </Button>
          <Button size="small" onClick={() => setMonday(shiftWeek(monday, 1))}>
            {T.duty.nextWeek}
          </Button>
        </div>
      </header>
      {week.isPending && <Loading what={T.loading} />}
      {week.isError && <Failed sentence={sentenceOf(week.error)} retry={() => void week.refetch()} />}
      {week.data && (
        <>
          <WorkTable
            label={T.duty.roster}
            columns={columns}
            rows={week.data.rows}
            rowKey={(s) => `${s.startsAt} ${s.name}`}
            marked={(s) => dayText(s.startsAt) === dayOf(now)}
          />
          <p className="quiet duty-rule">{T.duty.byRuleAbout(week.data.rule.source)}</p>
        </>
      )}
      {entering && <ShiftForm shift={entering} onClose={() => setEntering(null)} />}
    </section>
  );
}

const wordOf = (shift: Shift): string => (shift.id === null ? T.duty.enter : T.duty.change);
const timeOf = (iso: string): string => minuteText(iso).slice(11);
const sundayOf = (monday: ReturnType<typeof mondayOf>): string =>
  dayOf(Date.parse(`${shiftWeek(monday, 1)}T00:00:00+08:00`) - 1).slice(5);
