/** 可申请的轮次. Which rounds of a unit may be applied for and until when; how many applications stand where, and which wait for me. */
import { applyUntil } from "@jiesu/core/exemption/checklist.ts";
import { type Role, sideOf } from "@jiesu/core/ticket/role.ts";
import { addDays, dayOf, daysBetween, startOfDay } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { type App, actorOf } from "../platform/http/app.ts";
import { WORKERS } from "../platform/http/who.ts";
import type { Shell } from "../platform/shell.ts";
import { Id } from "../ticket/schema.ts";
import { LIVE, rulesOn } from "./actions.ts";
import { STATES, type State } from "./states.ts";
import { unfavourable } from "./words.ts";

/** Whose work an application in this state is. */
const WAITS_FOR: Partial<Record<State, readonly Role[]>> = {
  applied: ["supervisor", "assessor", "shiftLead"],
  passed: ["assessor", "leader"],
  sent: ["assessor", "leader"],
  returned: ["handler", "unitLead"],
};

const count = z.number().int();
const RoundOut = z.object({
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  round: count,
  unit: z.object({ id: z.string(), name: z.string() }),
  countedAt: z.iso.datetime(),
  /** What was answered unfavourably: 未联系, 未解决, 不满意 …; empty where nothing was. */
  because: z.array(z.string()),
  applyBy: z.iso.datetime(),
  daysLeft: count,
  mayApply: z.boolean(),
  /** Why not, in words; "" where it may be applied for. */
  whyNot: z.string(),
});

export function roundRoutes(app: App, shell: Shell): void {
  app.get("/api/exemptions/counts", {
    config: { who: WORKERS },
    schema: {
      summary: "不纳入考核申请各状态件数，其中待我办理的件数；承办单位只见本单位",
      response: {
        200: z.object({
          states: z.array(z.object({ state: z.string(), zh: z.string(), count })),
          waiting: count,
        }),
      },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const found = await countsByState(shell.db, ownUnitOf(actor));
      const states = stateKeys.map((state) => ({ state, zh: STATES[state], count: found.get(state) ?? 0 }));
      const mine = states.filter(({ state }) => WAITS_FOR[state]?.some((role) => actor.roles.includes(role)));
      return { states, waiting: mine.reduce((sum, each) => sum + each.count, 0) };
    },
  });

  app.get("/api/exemptions/rounds", {
    config: { who: WORKERS },
    schema: {
      summary:
        "可申请不纳入考核的工单轮次和申请时限，先到期在前；指明工单时列出该工单各轮次；承办单位只见本单位",
      querystring: z.object({
        ticket: Id.optional(),
        limit: z.coerce.number().int().min(1).max(500).default(200),
      }),
      response: { 200: z.array(RoundOut) },
    },
    handler: async (request) => {
      const { ticket, limit } = request.query;
      const now = shell.now();
      const { body } = rulesOn(shell, now);
      const today = dayOf(now);
      const earliest = startOfDay(addDays(today, -body.windowDays));
      const rows = await rounds(shell.db, { unitId: ownUnitOf(actorOf(request)), ticket, earliest, limit });
      return rows.map((row) => {
        const applyBy = applyUntil(body, dayOf(row.countedAt.getTime()));
        const whyNot = whyNotOf(row.states, row.scope, now > applyBy);
        return {
          ...{ ticketId: row.ticketId, number: row.number, title: row.title, round: row.round },
          unit: { id: row.unitId, name: row.unitName },
          countedAt: row.countedAt.toISOString(),
          because: unfavourable(row),
          applyBy: new Date(applyBy).toISOString(),
          daysLeft: daysBetween(today, dayOf(applyBy)),
          mayApply: whyNot === "",
          whyNot,
        };
      });
    },
  });
}

/** A person of a unit sees that unit alone. */
export function ownUnitOf(actor: Actor): string | null {
  return actor.roles.some((role) => sideOf(role) !== "unit") ? null : (actor.unitId ?? "0");
}

const stateKeys = [
  "applied",
  "returned",
  "passed",
  "sent",
  "upheld",
  "denied",
  "refused",
  "withdrawn",
] as const satisfies readonly State[];

function whyNotOf(states: readonly string[], scope: string, late: boolean): string {
  if (states.some((each) => LIVE.includes(each))) return "已有申请正在办理";
  if (states.includes("upheld") || scope !== "full") return "已认定，不计入相应的率";
  return late ? "已过申请时限" : "";
}

async function countsByState(db: Db, unitId: string | null): Promise<ReadonlyMap<string, number>> {
  const own = unitId === null ? sql<boolean>`true` : sql<boolean>`unit_id = ${unitId}`;
  const { rows } = await sql<{ state: string; n: number }>`
    select state, count(*)::int as n from exemption where ${own} group by 1`.execute(db);
  return new Map(rows.map((row) => [row.state, row.n]));
}

interface RoundRow {
  readonly ticketId: string;
  readonly number: string;
  readonly title: string;
  readonly round: number;
  readonly unitId: string;
  readonly unitName: string;
  readonly countedAt: Date;
  readonly scope: string;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
  readonly states: readonly string[];
}

/** All rounds of one ticket; or those answered unfavourably, within the window, that nobody has applied for. */
async function rounds(
  db: Db,
  asked: { unitId: string | null; ticket: string | undefined; earliest: number; limit: number },
): Promise<readonly RoundRow[]> {
  const own = asked.unitId === null ? sql<boolean>`true` : sql<boolean>`r.unit_id = ${asked.unitId}`;
  const which =
    asked.ticket !== undefined
      ? sql<boolean>`r.ticket_id = ${asked.ticket}`
      : sql<boolean>`r.counted_at >= ${new Date(asked.earliest)} and r.valid and r.scope = 'full'
          and (r.contacted = 'no' or r.solved in ('no', 'partly') or r.satisfied in ('dissatisfied', 'basically'))
          and not exists (select from exemption x where x.ticket_id = r.ticket_id and x.round = r.round and x.state <> 'withdrawn')`;
  const { rows } = await sql<RoundRow>`
    select r.ticket_id as "ticketId", t.number, t.title, r.round, r.unit_id as "unitId", u.short_name as "unitName",
           r.counted_at as "countedAt", r.scope, r.contacted, r.solved, r.satisfied,
           array(select x.state from exemption x where x.ticket_id = r.ticket_id and x.round = r.round) as states
      from result r join ticket t on t.id = r.ticket_id join unit u on u.id = r.unit_id
     where ${own} and not r.void and ${which}
     order by r.counted_at, r.ticket_id, r.round limit ${asked.limit}`.execute(db);
  return rows;
}
