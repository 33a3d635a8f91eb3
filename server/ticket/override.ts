/** 复核放行. Asked for by who makes the step, settled by a second person, made use of once; each with its event and audit row. */
import {
  CHECK_KEYS,
  type CheckKey,
  GUARDED,
  type GuardedStep,
  isGuarded,
} from "@jiesu/core/guard/checklist.ts";
import { type Looked, stopsOf } from "@jiesu/core/guard/guard.ts";
import {
  covers,
  decidingBarred,
  OVERRIDE_STATES,
  type OverrideState,
  SECOND,
  stateAt,
} from "@jiesu/core/guard/override.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { HOUR_MS } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import { lockTicket, recordEvent } from "./store.ts";

addWordings({
  "override-nothing": { status: 409, zh: () => "检查已全部通过，不需要复核放行，请直接办理。" },
  "override-live": { status: 409, zh: () => "已有一件放行申请在办，请等候复核，或撤回后重新申请。" },
  "override-settled": {
    status: 409,
    zh: (r) => `该申请现为“${String(r.stateZh)}”，不能再处理，请刷新后查看。`,
  },
  "override-expired": { status: 409, zh: () => "该申请已过时限失效，请经办人重新申请。" },
  "override-same-person": {
    status: 403,
    zh: () => "复核人不能是申请人本人，请由另一位值班长或中心领导复核。",
  },
  "override-not-yours": { status: 403, zh: () => "放行由值班长或中心领导复核。" },
});

type Person = Actor & { readonly userId: string };
export interface What {
  readonly ticketId: string;
  readonly step: GuardedStep;
  readonly subject: string;
}

const Stops = z.array(z.object({ key: z.enum(CHECK_KEYS), name: z.string(), said: z.string() }));
const isState = (state: string): state is OverrideState => Object.hasOwn(OVERRIDE_STATES, state);

/** A person asks that the step be let pass, for a reason; answers the id. The whole of what stops it is kept. */
export async function askOverride(
  tx: Db,
  actor: Person,
  what: What,
  told: {
    readonly looked: readonly Looked[];
    readonly list: string;
    readonly words: string;
    readonly digest: string;
  },
  asked: { readonly reason: string; readonly hours: number },
  now: number,
): Promise<string> {
  const stops = stopsOf(told.looked).map(({ key, name, said }) => ({ key, name, said }));
  if (stops.length === 0) throw new Refused({ code: "override-nothing" });
  const ticket = await lockTicket(tx, what.ticketId);
  if (!ticket) throw new Refused({ code: "not-found" });
  await lapse(tx, what, now);
  const reason = maskText(asked.reason.trim()).text;
  const row = await tx
    .insertInto("guard_override")
    .values({
      ticket_id: what.ticketId,
      step: what.step,
      subject: what.subject,
      digest: told.digest,
      words: maskText(told.words).text,
      list: told.list,
      stops: JSON.stringify(stops),
      reason,
      state: "asked",
      asked_by: actor.userId,
      asked_name: actor.name,
      asked_at: new Date(now),
      expires_at: new Date(now + asked.hours * HOUR_MS),
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "override-live" });
  const stamp = {
    at: now,
    userId: actor.userId,
    userName: actor.name,
    role: actor.roles[0] ?? "system",
  } as const;
  await recordEvent(tx, ticket, "overrideAsk", { step: what.step, stops, reason, overrideId: row.id }, stamp);
  await audit(tx, now, actor.userId, actor.name, "override-ask", {
    ticketId: what.ticketId,
    detail: { step: what.step, checks: stops.map((each) => each.key).join(" ") },
  });
  await enqueue(tx, [
    {
      ...{ cause: `override:${row.id}:asked`, kind: "notice", means: ["workbench"], ticketId: what.ticketId },
      to: await seconds(tx, actor.userId),
      title: `待复核：${GUARDED[what.step]}放行`,
      body: `${ticket.number}，${actor.name}：${reason}`,
      ...{ link: "/overrides", at: now },
    },
  ]);
  return row.id;
}

/** The second person's word. */
export async function decideOverride(
  db: Db,
  actor: Person,
  id: string,
  granted: boolean,
  opinion: string,
  now: number,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const of = await tx
      .selectFrom("guard_override")
      .select("ticket_id")
      .where("id", "=", id)
      .executeTakeFirst();
    // The ticket first, as a move locks it: two who wait for one another would wait for ever.
    const ticket = of && (await lockTicket(tx, of.ticket_id));
    if (!ticket) throw new Refused({ code: "not-found" });
    const row = await lockOverride(tx, id);
    const facts = { state: row.state, askedBy: row.asked_by, expiresAt: row.expires_at.getTime() };
    const barred = decidingBarred(facts, actor, now);
    if (barred) throw new Refused(barred);
    const said = maskText(opinion.trim()).text;
    await tx
      .updateTable("guard_override")
      .set({
        state: granted ? "confirmed" : "refused",
        decided_by: actor.userId,
        decided_name: actor.name,
        decided_at: new Date(now),
        opinion: said,
      })
      .where("id", "=", id)
      .execute();
    const role = actor.roles.find((each) => SECOND.includes(each)) ?? "system";
    const told = { step: row.step, granted, opinion: said, stops: row.stops, overrideId: id };
    await recordEvent(tx, ticket, "overrideAnswer", told, {
      at: now,
      userId: actor.userId,
      userName: actor.name,
      role,
    });
    await audit(tx, now, actor.userId, actor.name, granted ? "override-confirm" : "override-refuse", {
      ticketId: row.ticket_id,
      detail: { step: row.step, asked: row.asked_name },
    });
    await enqueue(tx, [
      {
        ...{
          cause: `override:${id}:answered`,
          kind: "notice",
          means: ["workbench"],
          ticketId: row.ticket_id,
        },
        to: [row.asked_by],
        title: granted ? "复核已放行，请办理" : "复核不放行",
        body: `${ticket.number}，${actor.name}${said === "" ? "" : `：${said}`}`,
        ...{ link: `/tickets/${row.ticket_id}`, at: now },
      },
    ]);
  });
}

/** Who asked takes the asking back. */
export async function dropOverride(db: Db, actor: Person, id: string, now: number): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await lockOverride(tx, id);
    if (row.asked_by !== actor.userId) throw new Refused({ code: "not-found" });
    const state = stateAt({ state: row.state, expiresAt: row.expires_at.getTime() }, now);
    if (state !== "asked" && state !== "confirmed")
      throw new Refused({ code: "override-settled", stateZh: OVERRIDE_STATES[state] });
    await tx.updateTable("guard_override").set({ state: "dropped" }).where("id", "=", id).execute();
  });
}

interface Passed {
  readonly id: string;
  readonly reason: string;
  readonly askedName: string;
  readonly decidedName: string;
  readonly opinion: string;
}

/** What was let pass and covers these stops and these words, locked for its use; null when nothing does. */
export async function passedFor(
  tx: Db,
  what: What,
  stops: readonly Looked[],
  digest: string,
  now: number,
): Promise<Passed | null> {
  const row = await tx
    .selectFrom("guard_override")
    .select(["id", "digest", "stops", "reason", "asked_name", "decided_name", "opinion"])
    .where("ticket_id", "=", what.ticketId)
    .where("step", "=", what.step)
    .where("subject", "=", what.subject)
    .where("state", "=", "confirmed")
    .where("expires_at", ">=", new Date(now))
    .forUpdate()
    .executeTakeFirst();
  if (!row) return null;
  const keys: CheckKey[] = Stops.parse(row.stops).map((each) => each.key);
  if (!covers({ keys, digest: row.digest }, stops, digest)) return null;
  const { id, reason, asked_name: askedName, decided_name, opinion } = row;
  return { id, reason, askedName, decidedName: decided_name ?? "", opinion };
}

export async function spend(tx: Db, id: string, now: number): Promise<void> {
  await tx
    .updateTable("guard_override")
    .set({ state: "used", used_at: new Date(now) })
    .where("id", "=", id)
    .execute();
}

/** What nobody settled or used in time makes room for another asking. */
async function lapse(tx: Db, what: What, now: number): Promise<void> {
  await tx
    .updateTable("guard_override")
    .set({ state: "expired" })
    .where("ticket_id", "=", what.ticketId)
    .where("step", "=", what.step)
    .where("subject", "=", what.subject)
    .where("state", "in", ["asked", "confirmed"])
    .where("expires_at", "<", new Date(now))
    .execute();
}

async function lockOverride(tx: Db, id: string) {
  const row = await tx
    .selectFrom("guard_override")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row || !isState(row.state)) throw new Refused({ code: "not-found" });
  return { ...row, state: row.state, stops: Stops.parse(row.stops) };
}

async function seconds(db: Db, but: string): Promise<string[]> {
  const rows = await db
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where("id", "!=", but)
    .where(sql<boolean>`roles && ${[...SECOND]}::text[]`)
    .execute();
  return rows.map((row) => row.id);
}

export const OverrideOut = z.object({
  id: z.string(),
  ticketId: z.string(),
  number: z.string(),
  title: z.string(),
  step: z.string(),
  stepZh: z.string(),
  subject: z.string(),
  stops: z.array(z.object({ key: z.string(), name: z.string(), said: z.string() })),
  words: z.string(),
  reason: z.string(),
  state: z.string(),
  stateZh: z.string(),
  askedBy: z.string(),
  mine: z.boolean(),
  askedAt: z.iso.datetime(),
  expiresAt: z.iso.datetime(),
  decidedBy: z.string().nullable(),
  decidedAt: z.iso.datetime().nullable(),
  opinion: z.string(),
});
export type OverrideOut = z.infer<typeof OverrideOut>;

export interface OverrideFilter {
  readonly ticketId?: string;
  readonly step?: string;
  readonly subject?: string;
  /** Those that wait for a second person or for their use. */
  readonly open?: boolean;
  /** Those that wait for a second person. */
  readonly waiting?: boolean;
  readonly before?: string;
}

/** The latest first. */
export async function listOverrides(
  db: Db,
  me: string | null,
  filter: OverrideFilter,
  limit: number,
  now: number,
): Promise<readonly OverrideOut[]> {
  const rows = await db
    .selectFrom("guard_override as o")
    .innerJoin("ticket as t", "t.id", "o.ticket_id")
    .selectAll("o")
    .select(["t.number", "t.title"])
    .$if(filter.ticketId !== undefined, (b) => b.where("o.ticket_id", "=", filter.ticketId ?? ""))
    .$if(filter.step !== undefined, (b) => b.where("o.step", "=", filter.step ?? ""))
    .$if(filter.subject !== undefined, (b) => b.where("o.subject", "=", filter.subject ?? ""))
    .$if(filter.before !== undefined, (b) => b.where("o.id", "<", filter.before ?? ""))
    .$if(filter.open === true, (b) =>
      b.where("o.state", "in", ["asked", "confirmed"]).where("o.expires_at", ">=", new Date(now)),
    )
    .$if(filter.waiting === true, (b) =>
      b.where("o.state", "=", "asked").where("o.expires_at", ">=", new Date(now)),
    )
    .orderBy("o.id", "desc")
    .limit(limit)
    .execute();
  return rows.map((row) => {
    const kept = isState(row.state) ? row.state : "expired";
    const state = stateAt({ state: kept, expiresAt: row.expires_at.getTime() }, now);
    return {
      ...{ id: row.id, ticketId: row.ticket_id, number: row.number, title: row.title },
      ...{ step: row.step, stepZh: stepZh(row.step), subject: row.subject, stops: Stops.parse(row.stops) },
      ...{ words: row.words, reason: row.reason, state, stateZh: OVERRIDE_STATES[state] },
      ...{ askedBy: row.asked_name, mine: row.asked_by === me, askedAt: row.asked_at.toISOString() },
      expiresAt: row.expires_at.toISOString(),
      ...{
        decidedBy: row.decided_name,
        decidedAt: row.decided_at?.toISOString() ?? null,
        opinion: row.opinion,
      },
    };
  });
}

const stepZh = (step: string): string => (isGuarded(step) ? GUARDED[step] : step);
