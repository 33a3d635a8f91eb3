/**
 * 值班盯办. The list of a shift as it stands at this moment: what the rules say of every open ticket, and the items that
 * came upon it and were not done. What the worker keeps of it is never needed to read it right.
 */
import { dutyRulesOn } from "@jiesu/core/duty/shifts.ts";
import { inForce, type Version } from "@jiesu/core/rules/effective.ts";
import type { Day } from "@jiesu/core/time/day.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type Found, isDone, isNameless, reasonsOf, type WatchedBy } from "@jiesu/core/watch/reasons.ts";
import type { WatchRules } from "@jiesu/core/watch/rules.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { consume } from "../platform/events/consumer.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { EVENT_ZH } from "../ticket/events.ts";
import { dutyNow, type RosterShift, rosterOf, shiftEnd } from "./roster.ts";
import { centrePeople } from "./store.ts";
import {
  closeItems,
  keepReasons,
  type Looked,
  lockWatch,
  lookAt,
  nameItems,
  openItems,
  takeItems,
  type WatchItem,
} from "./watchstore.ts";

addWordings({
  "watch-not-listed": {
    status: 409,
    zh: (r) => `有 ${String(r.count)} 件已不在盯办清单上（已办理），请刷新后重新选择。`,
  },
  "watch-not-yours": { status: 403, zh: () => "只能处理本人接办的盯办件；其他的请值班长交办。" },
  "watch-self": { status: 422, zh: () => "不能交给本人，请选择下一班的人员。" },
  "watch-not-on-next": {
    status: 422,
    zh: (r) => `所选人员不在下一班（${String(r.name)}），请选择下一班的值班长或班组人员。`,
  },
  "watch-nameless": {
    status: 409,
    zh: (r) =>
      `还有 ${String(r.count)} 件盯办件没有写明接办人，请逐件交给下一班人员，或选择一人接办其余全部。`,
  },
});

type Person = Actor & { readonly userId: string };

/** A ticket on the list. */
export interface Watched {
  readonly ticketId: string;
  readonly reasons: readonly Found[];
  readonly item: WatchItem | null;
}

export function watchRulesOn(shell: Shell, at: number): Version<WatchRules> {
  const day: Day = dayOf(at);
  const version = inForce(shell.rules.watches, day);
  if (!version.ok) throw new Error(`no watch rules on ${day}`);
  return version.value;
}

async function watchedBy(shell: Shell, db: Db, now: number): Promise<WatchedBy> {
  return {
    watch: watchRulesOn(shell, now).body,
    duty: dutyRulesOn(shell.rules.duty, now).body,
    shiftEndsAt: await shiftEnd({ ...shell, db }),
  };
}

/** How a ticket stands to the list: its reasons, and whether its item is done. */
function judge(looked: Looked, by: WatchedBy, now: number): { reasons: readonly Found[]; done: boolean } {
  const { item, open, lastStep } = looked;
  const reasons = open ? reasonsOf(looked.facts, by, now) : [];
  const stepped = item !== null && lastStep !== null && BigInt(lastStep.id) > BigInt(item.openedEvent);
  return { reasons, done: item !== null && isDone(open, reasons, stepped) };
}

/** The whole list, or these tickets of it. */
export async function watchList(
  shell: Shell,
  db: Db,
  ids: readonly string[] | null = null,
): Promise<readonly Watched[]> {
  const now = shell.now();
  const by = await watchedBy(shell, db, now);
  const looked = await lookAt(db, now, ids);
  return looked.flatMap((each): Watched[] => {
    const { reasons, done } = judge(each, by, now);
    const { ticketId, item } = each;
    if (done || (item === null && reasons.length === 0)) return [];
    // A reason that ended by itself leaves nothing done: the item stands for what it came for.
    return [{ ticketId, item, reasons: reasons.length > 0 ? reasons : (item?.reasons ?? []) }];
  });
}

/** Brings the kept items to what the list is now. */
export async function refreshWatch(shell: Shell, tx: Db, ids: readonly string[] | null): Promise<void> {
  await lockWatch(tx);
  const now = shell.now();
  const by = await watchedBy(shell, tx, now);
  const judged = (await lookAt(tx, now, ids)).map((looked) => ({ looked, ...judge(looked, by, now) }));
  await openItems(
    tx,
    judged.filter(({ looked, reasons }) => looked.item === null && reasons.length > 0),
    now,
  );
  await keepReasons(
    tx,
    judged.flatMap(({ looked: { item }, reasons, done }) =>
      item && !done && reasons.length > 0 && !same(item.reasons, reasons) ? [{ id: item.id, reasons }] : [],
    ),
  );
  await closeItems(
    tx,
    judged.flatMap(({ looked: { item, lastStep }, done }) =>
      item && done && lastStep
        ? [
            {
              ...{ id: item.id, event: lastStep.id, by: lastStep.by },
              words: EVENT_ZH.get(lastStep.kind) ?? lastStep.kind,
            },
          ]
        : [],
    ),
    now,
  );
}

const same = (a: readonly Found[], b: readonly Found[]): boolean =>
  a.length === b.length && a.every(({ reason, at }, i) => reason === b[i]?.reason && at === b[i]?.at);

/** The whole list is looked through so often: what comes by time alone comes upon it. */
const SWEEP_EVERY_MS = 60_000;

/** The worker's step: tickets that moved at once, all of them every minute. */
export function watchStep(): (shell: Shell) => Promise<number> {
  let last = Number.NEGATIVE_INFINITY;
  return async (shell) => {
    const seen = await consume(shell.db, "watch", (tx, events) =>
      refreshWatch(shell, tx, [...new Set(events.map((e) => e.ticketId))]),
    );
    if (Math.abs(shell.now() - last) >= SWEEP_EVERY_MS) {
      last = shell.now();
      await shell.db.transaction().execute((tx) => refreshWatch(shell, tx, null));
    }
    return seen;
  };
}

/** 接办. A shift lead takes any item, everybody else those that they were named for. Throws Refused. */
export async function takeWatched(shell: Shell, actor: Person, ticketIds: readonly string[]): Promise<void> {
  const from = await shiftBegin(shell);
  await shell.db.transaction().execute(async (tx) => {
    const items = await itemsOf(shell, tx, ticketIds);
    assertMay(actor, items);
    const own = items.filter((item) => item.person?.id !== actor.userId || item.takenAt === null);
    await takeItems(
      tx,
      own.map((item) => item.id),
      actor,
      from,
      shell.now(),
    );
  });
}

/** 交办: names who is to take these items over. Throws Refused. */
export async function giveWatched(
  shell: Shell,
  actor: Person,
  asked: { readonly tickets: readonly string[]; readonly to: string; readonly words: string },
): Promise<void> {
  const { current, next } = await dutyNow(shell);
  const from = current?.startsAt ?? shell.now();
  const to = await receiver(shell, actor, asked.to, next);
  await shell.db.transaction().execute(async (tx) => {
    const items = await itemsOf(shell, tx, asked.tickets);
    assertMay(actor, items);
    await nameAll(shell, tx, items, { to, by: actor, from, words: asked.words, at: shell.now() });
  });
}

/** Who may be named: somebody of the next shift where it was entered with people, else anybody of the centre. */
export async function receiver(
  shell: Shell,
  actor: Person,
  userId: string,
  next: RosterShift | null,
): Promise<{ readonly id: string; readonly name: string }> {
  if (userId === actor.userId) throw new Refused({ code: "watch-self" });
  const people = await receivers(shell, next);
  const to = people.find((person) => person.id === userId);
  if (!to) throw new Refused({ code: "watch-not-on-next", name: next?.name ?? "未排" });
  return { id: to.id, name: to.name };
}

export async function receivers(shell: Shell, next: RosterShift | null) {
  const people = await centrePeople(shell.db);
  const entered = next !== null && "id" in next ? next : null;
  const on = new Set([
    ...(entered?.lead ? [entered.lead.id] : []),
    ...(entered?.members ?? []).map((m) => m.id),
  ]);
  return on.size === 0 ? people : people.filter((person) => on.has(person.id));
}

/** The shift after the one that begins then. */
export async function shiftAfter(shell: Shell, slot: RosterShift): Promise<RosterShift | null> {
  const slots = await rosterOf(shell, slot.startsAt, slot.endsAt + DAY_MS);
  return slots.find((each) => each.startsAt >= slot.endsAt) ?? null;
}

const DAY_MS = 86_400_000;

/**
 * What goes over at the end of a shift: every item that nobody was named for goes to `to`; where that is nobody, the
 * hand-over is refused. Answers how many went to whom. Inside the hand-over's own transaction.
 */
export async function handOverWatched(
  shell: Shell,
  tx: Db,
  actor: Person,
  slot: RosterShift,
  to: { readonly id: string; readonly name: string } | null,
): Promise<readonly { readonly to: string; readonly count: number }[]> {
  await refreshWatch(shell, tx, null);
  const all = (await watchList(shell, tx)).flatMap(({ item }) => (item ? [item] : []));
  const own = all.filter((item) => item.openedAt < slot.endsAt);
  const nameless = own.filter((item) => namelessOf(item, slot, actor.userId));
  if (nameless.length > 0 && to === null)
    throw new Refused({ code: "watch-nameless", count: nameless.length });
  if (to)
    await nameAll(shell, tx, nameless, {
      ...{ to, by: actor, from: slot.startsAt, words: "交班", at: shell.now() },
    });
  const names = own.map((item) => (nameless.includes(item) ? (to?.name ?? "") : (item.person?.name ?? "")));
  return [...Map.groupBy(names, (name) => name)].map(([name, each]) => ({ to: name, count: each.length }));
}

export function namelessOf(item: WatchItem, slot: RosterShift, leaver: string): boolean {
  const { openedAt, namedBy, namedFrom } = item;
  return isNameless({ openedAt, namedBy, namedFrom, personId: item.person?.id ?? null }, slot, leaver);
}

async function nameAll(
  shell: Shell,
  tx: Db,
  items: readonly WatchItem[],
  naming: Parameters<typeof nameItems>[2],
): Promise<void> {
  const { to, by, words } = naming;
  await nameItems(
    tx,
    items.map((item) => item.id),
    naming,
  );
  if (items.length === 0) return;
  const first = items.map((item) => BigInt(item.id)).reduce((a, b) => (a < b ? a : b));
  await enqueue(tx, [
    {
      ...{ cause: `watch-named:${first}:${to.id}:${naming.at}`, kind: "notice" as const, to: [to.id] },
      ...{ means: ["workbench"] as const, ticketId: null, link: "/watch", at: shell.now() },
      title: `${by.name}交来盯办件 ${items.length} 件`,
      body: words === "" ? "请接办" : words,
    },
  ]);
}

/** The items of these tickets, kept as the list is now; refused where one has left it. */
async function itemsOf(shell: Shell, tx: Db, ticketIds: readonly string[]): Promise<readonly WatchItem[]> {
  const ids = [...new Set(ticketIds)];
  await refreshWatch(shell, tx, ids);
  const items = (await watchList(shell, tx, ids)).flatMap(({ item }) => (item ? [item] : []));
  if (items.length < ids.length)
    throw new Refused({ code: "watch-not-listed", count: ids.length - items.length });
  return items;
}

function assertMay(actor: Person, items: readonly WatchItem[]): void {
  if (actor.roles.includes("shiftLead")) return;
  if (items.some((item) => item.person?.id !== actor.userId)) throw new Refused({ code: "watch-not-yours" });
}

async function shiftBegin(shell: Shell): Promise<number> {
  const { current } = await dutyNow(shell);
  return current?.startsAt ?? shell.now();
}
