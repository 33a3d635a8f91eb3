/** 一件协调单. Everything one person may see of one item, and the steps that are theirs now. */
import { answerable, type LiaisonFacts, liaisonStepsNow } from "@jiesu/core/liaison/decide.ts";
import { LIAISON_STATES, liaisonWord } from "@jiesu/core/liaison/lifecycle.ts";
import { ANSWERS } from "@jiesu/core/liaison/standing.ts";
import { isRole, ROLES } from "@jiesu/core/ticket/role.ts";
import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { inScope } from "../ticket/list.ts";
import { askStanding, dueOf, isMine, isOwed, seesItem, seesStep, stateIn } from "./list.ts";
import type { FileOut, LiaisonOut } from "./shape.ts";

/** Null when there is none, or it is not this person's to see. */
export async function readLiaison(
  db: Db,
  actor: Actor & { readonly userId: string },
  id: string,
  now: number,
): Promise<z.infer<typeof LiaisonOut> | null> {
  const { rows } = await sql<{
    id: string;
    number: string;
    title: string;
    question: string;
    pace: string;
    pace_name: string;
    state: string;
    version: number;
    opener_unit: string | null;
    opener_name: string | null;
    opened_by: string;
    opened_name: string;
    opened_at: Date;
    due_at: Date;
    outcome: string | null;
    outcome_name: string | null;
    conclusion: string | null;
    closed_at: Date | null;
    closed_name: string | null;
    closed_late: boolean | null;
  }>`
    select l.id, l.number, l.title, l.question, l.pace, l.pace_name, l.state, l.version, l.opener_unit, u.short_name as opener_name,
           l.opened_by, l.opened_name, l.opened_at, l.due_at, l.outcome, l.outcome_name, l.conclusion, l.closed_at, l.closed_name,
           l.closed_late
    from liaison l left join unit u on u.id = l.opener_unit
    where l.id = ${id} and ${seesItem(actor)}`.execute(db);
  const [l] = rows;
  if (!l) return null;
  const [parties, steps, tickets] = await Promise.all([
    readParties(db, id),
    readSteps(db, actor, id),
    readTickets(db, actor, id),
  ]);
  const state = stateIn(l.state);
  const owing = parties.map(({ asks, ...party }) => ({ ...party, owes: asks.some(isOwed) }));
  const facts: LiaisonFacts = {
    ...{ state, openedBy: l.opened_by, openerUnit: l.opener_unit },
    parties: owing.map(({ id, side, unitId, owes }) => ({ id, side, unitId, waiting: owes })),
  };
  const owed = parties.flatMap((party) => party.asks.filter(isOwed).map((ask) => Date.parse(ask.dueAt)));
  const nameOf = new Map(parties.map((party) => [party.id, party.name]));
  return {
    ...{ id: l.id, number: l.number, title: l.title, question: l.question, version: l.version },
    ...{ state, stateZh: LIAISON_STATES[state].zh, pace: { code: l.pace, name: l.pace_name }, tickets },
    ...{ opener: l.opener_name ?? "中心", openedAt: l.opened_at.toISOString(), openedBy: l.opened_name },
    ...dueOf(state, owed, l.due_at.getTime(), now),
    mine: isMine(state, owing, actor),
    concludeBy: l.due_at.toISOString(),
    outcome: l.outcome === null ? null : { code: l.outcome, name: l.outcome_name ?? "" },
    ...{
      conclusion: l.conclusion,
      closedAt: iso(l.closed_at),
      closedBy: l.closed_name,
      closedLate: l.closed_late,
    },
    parties: parties.map(({ id, side, unitId, name, asks }) => {
      const last = asks.at(-1);
      const standing = last === undefined ? null : askStanding(last, now);
      return {
        ...{ id, side, name, standing, standingZh: standing === null ? "" : ANSWERS[standing].zh },
        unit: unitId === null ? null : { id: unitId, name },
        asks: asks.map((ask) => {
          const how = askStanding(ask, now);
          return {
            ...{ askedAt: instant(ask.askedAt), dueAt: instant(ask.dueAt), standing: how },
            ...{ answeredAt: ask.answeredAt && instant(ask.answeredAt), standingZh: ANSWERS[how].zh },
          };
        }),
      };
    }),
    steps: steps.map((s) => ({
      ...{ id: s.id, step: s.step, stepZh: liaisonWord(s.step), at: s.at.toISOString(), by: s.user_name },
      ...{ saidAt: s.said_at.toISOString(), roleZh: isRole(s.role) ? ROLES[s.role].zh : "系统" },
      ...{ from: nameOf.get(s.party_id ?? "") ?? "", to: s.to_ids.map((to) => nameOf.get(to) ?? "") },
      ...{ means: s.means, contact: s.contact, words: s.words, files: s.files, about: aboutStep(s.data) },
    })),
    may: [...liaisonStepsNow(facts, actor)],
    mayAnswerFor: answerable(facts, actor).map((party) => party.id),
  };
}

interface Ask {
  readonly askedAt: string;
  readonly dueAt: string;
  readonly answeredAt: string | null;
  readonly letOffAt: string | null;
}

async function readParties(db: Db, id: string) {
  const { rows } = await sql<{
    id: string;
    side: "centre" | "city" | "unit";
    unitId: string | null;
    name: string;
    asks: readonly Ask[];
  }>`
    select p.id, p.side, p.unit_id as "unitId", p.name,
      coalesce((select jsonb_agg(jsonb_build_object('askedAt', a.asked_at, 'dueAt', a.due_at, 'answeredAt', a.answered_at,
                                                    'letOffAt', a.let_off_at) order by a.id)
                  from liaison_ask a where a.party_id = p.id), '[]') as asks
    from liaison_party p where p.liaison_id = ${id} order by p.id`.execute(db);
  return rows;
}

async function readSteps(db: Db, actor: Actor, id: string) {
  const { rows } = await sql<{
    id: string;
    step: string;
    at: Date;
    said_at: Date;
    user_name: string;
    role: string;
    party_id: string | null;
    to_ids: string[];
    means: string;
    contact: string;
    words: string;
    data: unknown;
    files: z.infer<typeof FileOut>[];
  }>`
    select s.id, s.step, s.at, s.said_at, s.user_name, s.role, s.party_id, s.to_ids, s.means, s.contact, s.words, s.data,
      coalesce((select jsonb_agg(jsonb_build_object('id', f.id::text, 'name', f.name, 'mime', f.mime, 'size', f.size) order by f.id)
                  from liaison_file f where f.step_id = s.id), '[]') as files
    from liaison_step s where s.liaison_id = ${id} and ${seesStep(actor)} order by s.id`.execute(db);
  return rows;
}

async function readTickets(db: Db, actor: Actor, id: string) {
  const rows = await db
    .selectFrom("ticket as t")
    .innerJoin("liaison_ticket as lt", "lt.ticket_id", "t.id")
    .select(["t.id", "t.number", "t.title", "t.state"])
    .where("lt.liaison_id", "=", id)
    .where((eb) => inScope(eb, actor))
    .orderBy("t.id")
    .execute();
  return rows.map((t) => ({
    ...{ id: t.id, number: t.number, title: t.title },
    stateZh: isState(t.state) ? STATES[t.state].zh : t.state,
  }));
}

const StepData = z
  .object({
    days: z.number(),
    letOff: z.string(),
    outcome: z.string(),
    unanswered: z.array(z.string()),
    tickets: z.array(z.string()),
    due: z.string(),
  })
  .partial();

/** What a step did besides its words, in words. */
function aboutStep(data: unknown): string {
  const { days, letOff, outcome, unanswered, tickets, due } = StepData.parse(data);
  return [
    outcome === undefined ? "" : outcome,
    days === undefined ? "" : `延长 ${days} 天`,
    letOff === undefined ? "" : `${letOff}免予答复`,
    unanswered === undefined ? "" : `${unanswered.join("、")}未答复`,
    tickets === undefined ? "" : `关联工单 ${tickets.length} 件`,
    due === undefined ? "" : due,
  ]
    .filter((words) => words !== "")
    .join("；");
}

const instant = (text: string): string => new Date(text).toISOString();
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
