/**
 * 问题事件的梳理. Goes through one Beijing day: near-due and overdue are told by the clocks' own reminders, in one statement;
 * closings are looked at again by the checks before a closing (core/guard), a page at a time. Found twice is found once.
 */
import { CLOCKS, isClockKind } from "@jiesu/core/deadline/kind.ts";
import { lookBefore } from "@jiesu/core/guard/guard.ts";
import { type Course, type Finding, type Found, ofCourse } from "@jiesu/core/problem/findings.ts";
import { type ProblemKind, type ProblemRules, problemRulesOn } from "@jiesu/core/problem/rules.ts";
import type { Version } from "@jiesu/core/rules/effective.ts";
import { addDays, clockText, type Day, dayOf, endOfDay, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import { checklistOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { factsFor } from "../ticket/guardfacts.ts";
import { keepProblems, keepRun, type NewProblem, peopleOfUnits } from "./store.ts";

/** Closings of one transaction: each is looked at by a handful of short queries. */
const PAGE = 200;

export interface Gone {
  readonly looked: number;
  readonly found: number;
}

/** Goes through a day; answers what was new. Null where no rule was in force. */
export async function findProblems(
  shell: Shell,
  day: Day,
  by: { readonly userId: string | null; readonly name: string },
): Promise<Gone | null> {
  const rules = problemRulesOn(shell.rules.problems, day);
  if (rules === null) return null;
  const told = await shell.db.transaction().execute((tx) => byReminders(tx, shell.now(), day, rules));
  let looked = 0;
  const found: Kept[] = [...told];
  for (let after = "0"; ; ) {
    const page = await closingsOf(shell.db, day, after, PAGE);
    const last = page.at(-1);
    if (!last) break;
    after = last.eventId;
    looked += page.length;
    found.push(
      ...(await shell.db.transaction().execute(async (tx) => {
        const problems: NewProblem[] = [];
        for (const closing of page) problems.push(...(await ofClosing(shell, tx, closing, day, rules)));
        return keepProblems(tx, problems);
      })),
    );
  }
  await shell.db.transaction().execute(async (tx) => {
    await keepRun(tx, { day, at: shell.now(), by, looked, found: found.length });
    await tellUnits(tx, day, found, shell.now());
  });
  return { looked, found: found.length };
}

type Kept = Awaited<ReturnType<typeof keepProblems>>[number];

/** 临期、超期: of the unit whose clock it is, once a clock. */
async function byReminders(
  tx: Db,
  now: number,
  day: Day,
  rules: Version<ProblemRules>,
): Promise<readonly Kept[]> {
  const kinds = rules.body.kinds.filter(({ finds }) => finds === "near" || finds === "overdue");
  if (kinds.length === 0) return [];
  const { rows } = await sql<{
    ticketId: string;
    round: number;
    what: string;
    clockId: string;
    clock: string;
    unitId: string;
    at: Date;
    dueAt: Date;
  }>`
    select distinct on (c.id, e.kind) e.ticket_id as "ticketId", c.round, e.kind as what, c.id as "clockId", c.kind as clock,
           coalesce(a.unit_id, l.unit_id, e.unit_id) as "unitId", e.at, (e.data ->> 'dueAt')::timestamptz as "dueAt"
      from event e
      join clock c on c.id = (e.data ->> 'clockId')::bigint
      join ticket t on t.id = e.ticket_id
      left join assignment a on a.id = c.assignment_id
      left join assignment l on l.ticket_id = e.ticket_id and l.round = c.round and l.part = 'lead'
     where e.kind = any(${kinds.map(({ finds }) => `timer.${finds}`)}::text[])
           and e.kind in ('timer.near', 'timer.overdue')
           and e.at >= ${new Date(startOfDay(day))} and e.at <= ${new Date(endOfDay(day))}
           and c.kind = any(${[...rules.body.clocks]}::text[]) and t.state <> 'voided'
           and coalesce(a.unit_id, l.unit_id, e.unit_id) is not null
     order by c.id, e.kind, e.id`.execute(tx);
  return keepProblems(
    tx,
    rows.flatMap((row): NewProblem[] => {
      const kind = kinds.find(({ finds }) => `timer.${finds}` === row.what);
      if (!kind) return [];
      const name = isClockKind(row.clock) ? CLOCKS[row.clock].zh : row.clock;
      const said = `${name}${kind.finds === "near" ? "临期" : "超期"}，应于 ${clockText(row.dueAt.getTime())} 前完成`;
      return [
        problemOf(kind, rules, day, now, {
          ...row,
          at: row.at.getTime(),
          mark: `clock:${row.clockId}`,
          said,
        }),
      ];
    }),
  );
}

interface Closing {
  readonly eventId: string;
  readonly ticketId: string;
  readonly round: number;
  readonly at: Date;
  readonly kind: string;
  readonly closedAt: Date;
  readonly closingKind: string | null;
  readonly approvedBy: string | null;
  readonly unitId: string | null;
  readonly acceptedAt: Date | null;
  readonly contactedAt: Date | null;
  readonly reportedAt: Date | null;
  readonly outcome: string | null;
  readonly repliedBy: string | null;
}

/** Tickets closed on this day and still closed, and those whose citizen the city has asked since; with the course of the round. */
async function closingsOf(db: Db, day: Day, after: string, limit: number): Promise<readonly Closing[]> {
  const { rows } = await sql<Closing>`
    select e.id as "eventId", e.ticket_id as "ticketId", e.round, e.at, e.kind, t.closed_at as "closedAt", t.closing_kind as "closingKind",
           e.user_id as "approvedBy", l.unit_id as "unitId", l.accepted_at as "acceptedAt", l.contacted_at as "contactedAt",
           l.reported_at as "reportedAt", l.outcome,
           (select r.user_id from event r where r.ticket_id = e.ticket_id and r.kind in ('replyDirectly', 'handleDirectly')
             and r.id < e.id order by r.id desc limit 1) as "repliedBy"
      from event e
      join ticket t on t.id = e.ticket_id
      left join assignment l on l.ticket_id = e.ticket_id and l.round = e.round and l.part = 'lead'
     where e.kind in ('approveClosing', 'recordCityClosing', 'cityResult') and e.id > ${after}::bigint
           and e.at >= ${new Date(startOfDay(day))} and e.at <= ${new Date(endOfDay(day))} and t.state = 'closed'
           and t.closed_at is not null
     order by e.id limit ${limit}`.execute(db);
  return rows;
}

async function ofClosing(
  shell: Shell,
  tx: Db,
  closing: Closing,
  day: Day,
  rules: Version<ProblemRules>,
): Promise<readonly NewProblem[]> {
  const byCentre = closing.closingKind === "reply" || closing.closingKind === "direct";
  const ms = (at: Date | null) => at?.getTime() ?? null;
  const course: Course = {
    byCentre,
    ...{ acceptedAt: ms(closing.acceptedAt), contactedAt: ms(closing.contactedAt) },
    ...{ reportedAt: ms(closing.reportedAt), outcome: closing.outcome },
    ...{ repliedBy: closing.repliedBy, approvedBy: closing.approvedBy },
    approved: closing.kind === "approveClosing",
  };
  // What the city's callback says is heard after the closing: only whether it says otherwise is new.
  const heard = closing.kind === "cityResult";
  const checked = await ofChecks(shell, tx, closing);
  const found = heard
    ? checked.filter(({ finding }) => finding === "callback")
    : [...checked, ...ofCourse(course, rules.body.handledMinutes)];
  return rules.body.kinds.flatMap((kind) => {
    const said = found.filter(({ finding }) => finding === kind.finds).map((each) => each.said);
    if (kind.group !== "closing" || said.length === 0) return [];
    return [
      problemOf(kind, rules, day, shell.now(), {
        ...{ ticketId: closing.ticketId, round: closing.round, unitId: byCentre ? null : closing.unitId },
        ...{ at: closing.at.getTime(), said: said.join("；") },
        mark: `closed:${dayOf(closing.closedAt.getTime())}`,
      }),
    ];
  });
}

/** Keys of core/guard's checks that say what a finding looks for; those that only warn there are found here too. */
const BY_CHECK: Readonly<Record<string, Finding>> = {
  ...{ contact: "contact", empty: "empty", short: "short", answers: "answers", copied: "copied" },
  ...{ result: "result", callback: "callback", callbackNo: "callback" },
};

async function ofChecks(shell: Shell, tx: Db, closing: Closing): Promise<readonly Found[]> {
  const checklist = checklistOn(shell.rules, closing.at.getTime());
  const asked = { step: "approveClosing", words: null, round: closing.round, exemption: [] } as const;
  const facts =
    checklist && (await factsFor(tx, closing.ticketId, asked, checklist.body.copy, closing.at.getTime()));
  if (!checklist || !facts) return [];
  return lookBefore(facts, checklist.body).flatMap(({ key, ok, said }) => {
    const finding = BY_CHECK[key];
    return ok || finding === undefined ? [] : [{ finding, said }];
  });
}

function problemOf(
  kind: ProblemKind,
  { name, body }: Version<ProblemRules>,
  day: Day,
  now: number,
  of: Pick<NewProblem, "ticketId" | "round" | "unitId" | "at" | "mark" | "said">,
): NewProblem {
  const { ticketId, round, unitId, at, mark, said } = of;
  return {
    ...{ ticketId, round, unitId, at, mark, said, day, foundAt: now, rule: name },
    ...{ kind: kind.code, kindZh: kind.zh, group: kind.group, standard: kind.standard },
    dueAt: kind.answer ? endOfDay(addDays(dayOf(now), body.answerDays)) : null,
  };
}

/** One message a unit and going-through: how many, of which kinds. */
async function tellUnits(tx: Db, day: Day, found: readonly Kept[], now: number): Promise<void> {
  const asked = found.filter((each) => each.unitId !== null && each.answers);
  const people = await peopleOfUnits(tx, [...new Set(asked.flatMap((each) => each.unitId ?? []))]);
  const byUnit = Map.groupBy(asked, (each) => each.unitId ?? "");
  await enqueue(
    tx,
    [...byUnit].map(([unitId, its]) => {
      const kinds = [...Map.groupBy(its, (each) => each.kindZh)].map(([zh, of]) => `${zh} ${of.length} 件`);
      const newest = its.reduce((max, each) => (BigInt(each.id) > max ? BigInt(each.id) : max), 0n);
      return {
        ...{ cause: `problem:${unitId}:${newest}`, kind: "notice" as const, means: ["workbench"] as const },
        ...{ to: people.get(unitId) ?? [], ticketId: null, at: now },
        title: `${day} 问题事件 ${its.length} 件，请答复原因和整改`,
        ...{ body: kinds.join("，"), link: "/problems?state=open" },
      };
    }),
  );
}
