/**
 * 到期提醒. Tells of terms before they end: a unit's last days for applying for exemption and what came of its application,
 * the centre's review terms, review days and terms of shelved tickets. Each is told once, whenever the worker was started.
 */
import { applyUntil, reviewUntil } from "@jiesu/core/exemption/checklist.ts";
import { inForce } from "@jiesu/core/rules/effective.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { addDays, type Day, dayOf, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { addMessages, type NewMessage } from "./store.ts";

/** A shelved ticket's term is told of from so many days before. */
const TERM_AHEAD_DAYS = 7;
/** What came of an application longer ago than this is told to nobody. */
const LOOK_BACK_DAYS = 7;
/** Terms are in days: a look a minute is plenty. */
const EVERY_MS = 60_000;

const OUTCOMES: Readonly<Record<string, string>> = {
  return: "申请退回补充",
  refuse: "中心不同意",
  pass: "已通过审核",
  upheld: "认定",
  denied: "查否",
};

/** Looks again once in a minute of the shell's clock; answers 0, for there is never more to do at once. */
export function remindStep(): (shell: Shell) => Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    if (Math.abs(shell.now() - last) < EVERY_MS) return 0;
    last = shell.now();
    await remind(shell);
    return 0;
  };
}

export async function remind(shell: Shell): Promise<void> {
  const { db } = shell;
  const now = shell.now();
  await addMessages(db, [
    ...(await lastDaysToApply(shell, now)),
    ...(await reviewsOwed(shell, now)),
    ...(await outcomes(db, now)),
    ...(await shelvedToLookAt(db, now)),
    ...(await termsOfShelving(db, now)),
  ]);
}

/** One message a unit and last day, however many tickets it is. */
async function lastDaysToApply(shell: Shell, now: number): Promise<NewMessage[]> {
  const rules = inForce(shell.rules.exemptions, dayOf(now));
  if (!rules.ok) return [];
  const { windowDays, remindDays } = rules.value.body;
  const today = dayOf(now);
  const from = addDays(today, -windowDays);
  const { rows } = await sql<{ unit_id: string; user_id: string; counted: Day; n: number }>`
    select d.unit_id, u.id as user_id, d.counted, d.n
      from (select r.unit_id, to_char(r.counted_at at time zone 'Asia/Shanghai', 'YYYY-MM-DD') as counted, count(*)::int as n
              from result r
             where not r.void and r.valid and r.scope = 'full' and r.unit_id is not null
               and (r.contacted = 'no' or r.solved in ('no', 'partly') or r.satisfied in ('dissatisfied', 'basically'))
               and r.counted_at >= ${new Date(startOfDay(from))} and r.counted_at < ${new Date(startOfDay(addDays(from, remindDays + 1)))}
               and not exists (select from exemption x where x.ticket_id = r.ticket_id and x.round = r.round and x.state <> 'withdrawn')
             group by 1, 2) d
      join app_user u on u.unit_id = d.unit_id and u.active and u.roles && array['handler', 'unitLead']
     where not exists (select from inbox_message m where m.user_id = u.id and m.cause = 'exemption-window:' || d.unit_id || ':' || d.counted)
     order by d.counted, u.id limit 500`.execute(shell.db);
  return rows.map((row) => ({
    ...{
      userId: row.user_id,
      cause: `exemption-window:${row.unit_id}:${row.counted}`,
      kind: "reminder" as const,
    },
    ...{ ticketId: null, link: "/exemption?tab=open", at: new Date(now) },
    title: "不纳入考核申请时限临近",
    body: `${row.n} 件评价不利的工单可申请不纳入考核，${dayOf(applyUntil({ windowDays }, row.counted))} 截止`,
  }));
}

/** From the day before the review is owed. */
async function reviewsOwed(shell: Shell, now: number): Promise<NewMessage[]> {
  const { rows } = await sql<{
    id: string;
    ticket_id: string;
    number: string;
    unit: string;
    rules: string;
    applied_at: Date;
  }>`
    select x.id, x.ticket_id, t.number, u.short_name as unit, x.rules, x.applied_at
      from exemption x join ticket t on t.id = x.ticket_id join unit u on u.id = x.unit_id
     where x.state = 'applied' order by x.applied_at, x.id limit 500`.execute(shell.db);
  const owed = rows.flatMap((row) => {
    const rules = shell.rules.exemptions.find((each) => each.name === row.rules);
    if (!rules) return [];
    const by = dayOf(reviewUntil(rules.body, row.applied_at.getTime()));
    return dayOf(now) >= addDays(by, -1) ? [{ ...row, by }] : [];
  });
  return toRoles(shell.db, ["supervisor", "assessor"], owed, (row) => ({
    ...{
      cause: `exemption-review:${row.id}:${row.by}`,
      ticketId: row.ticket_id,
      link: `/exemption/${row.id}`,
    },
    title: "不纳入考核申请审核时限临近",
    body: `${row.number} ${row.unit}\n应于 ${row.by} 前审核`,
    at: new Date(now),
  }));
}

/** What the centre and the city said to an application, to its unit. */
async function outcomes(db: Db, now: number): Promise<NewMessage[]> {
  const since = new Date(startOfDay(addDays(dayOf(now), -LOOK_BACK_DAYS)));
  const { rows } = await sql<{
    step_id: string;
    id: string;
    ticket_id: string;
    number: string;
    ground: string;
    step: string;
    at: Date;
    user_id: string;
  }>`
    select s.id as step_id, x.id, x.ticket_id, t.number, x.ground_name as ground, s.step, s.at, u.id as user_id
      from exemption_step s join exemption x on x.id = s.exemption_id join ticket t on t.id = x.ticket_id
      join app_user u on u.unit_id = x.unit_id and u.active and (u.id = x.applied_by or 'unitLead' = any(u.roles))
     where s.at >= ${since} and s.step in ('return', 'refuse', 'pass', 'upheld', 'denied')
       and not exists (select from inbox_message m where m.user_id = u.id and m.cause = 'exemption-step:' || s.id)
     order by s.id limit 500`.execute(db);
  return rows.map((row) => ({
    ...{ userId: row.user_id, cause: `exemption-step:${row.step_id}`, kind: "returned" as const },
    ...{ ticketId: row.ticket_id, link: `/exemption/${row.id}`, at: row.at },
    title: `不纳入考核：${OUTCOMES[row.step] ?? row.step}`,
    body: `${row.number}\n情形：${row.ground}`,
  }));
}

async function shelvedToLookAt(db: Db, now: number): Promise<NewMessage[]> {
  const { rows } = await sql<Shelved>`
    select s.id, s.ticket_id, t.number, u.short_name as unit, s.unit_id, s.review_day as day
      from shelving s join ticket t on t.id = s.ticket_id join unit u on u.id = s.unit_id
     where s.state = 'shelved' and s.review_day <= ${dayOf(now)}::date order by s.review_day, s.id limit 500`.execute(
    db,
  );
  return toRoles(db, ["supervisor", "shiftLead"], rows, (row) => ({
    ...{
      cause: `shelving-review:${row.id}:${row.day}`,
      ticketId: row.ticket_id,
      link: `/shelving/${row.id}`,
    },
    title: "挂账工单到复核日",
    body: `${row.number} ${row.unit}\n复核日 ${row.day}`,
    at: new Date(now),
  }));
}

/** To the unit and to those who write it off. */
async function termsOfShelving(db: Db, now: number): Promise<NewMessage[]> {
  const { rows } = await sql<Shelved>`
    select s.id, s.ticket_id, t.number, u.short_name as unit, s.unit_id, s.term_day as day
      from shelving s join ticket t on t.id = s.ticket_id join unit u on u.id = s.unit_id
     where s.state = 'shelved' and s.term_day <= ${addDays(dayOf(now), TERM_AHEAD_DAYS)}::date order by s.term_day, s.id limit 500`.execute(
    db,
  );
  const told = (row: Shelved) => ({
    ...{ cause: `shelving-term:${row.id}:${row.day}`, ticketId: row.ticket_id, link: `/shelving/${row.id}` },
    title: "挂账工单销账期限临近",
    body: `${row.number} ${row.unit}\n销账期限 ${row.day}`,
    at: new Date(now),
  });
  const people = await db
    .selectFrom("app_user")
    .select(["id", "unit_id"])
    .where("active", "=", true)
    .where("unit_id", "in", rows.map((row) => row.unit_id).concat("0"))
    .where(sql<boolean>`roles && array['handler', 'unitLead']`)
    .execute();
  return [
    ...(await toRoles(db, ["supervisor", "shiftLead"], rows, told)),
    ...rows.flatMap((row) =>
      people
        .filter((person) => person.unit_id === row.unit_id)
        .map((person) => ({ ...told(row), userId: person.id, kind: "reminder" as const })),
    ),
  ];
}

interface Shelved {
  readonly id: string;
  readonly ticket_id: string;
  readonly number: string;
  readonly unit: string;
  readonly unit_id: string;
  readonly day: string;
}

async function toRoles<Row>(
  db: Db,
  roles: readonly Role[],
  rows: readonly Row[],
  told: (row: Row) => Omit<NewMessage, "userId" | "kind">,
): Promise<NewMessage[]> {
  if (rows.length === 0) return [];
  const people = await db
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where(sql<boolean>`roles && ${[...roles]}::text[]`)
    .execute();
  return rows.flatMap((row) =>
    people.map(({ id }) => ({ ...told(row), userId: id, kind: "reminder" as const })),
  );
}
