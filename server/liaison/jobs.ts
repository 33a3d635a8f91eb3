/** 到期提醒. Tells a party whose answer is nearly due, and puts on record what is overdue: an answer, an outcome; each once. */
import type { LiaisonReminder } from "@jiesu/core/liaison/lifecycle.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { type Desk, deskOf, outwardFrom } from "./desk.ts";
import {
  insertStep,
  type KnownParty,
  type LockedLiaison,
  lockLiaison,
  markConclusionTold,
  takeDueAsks,
} from "./store.ts";
import { peopleOf, tellStep } from "./telling.ts";

/** The next item of which something is to be told: one a transaction, so that tickets are locked in one order; 0 when none is left. */
export function liaisonStepDue(shell: Shell): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const at = new Date(now);
    const { rows } = await sql<{ id: string }>`
      select l.id from liaison l
      where l.state in ('asking', 'answered') and (l.due_at < ${at} and l.told_at is null or exists (
        select from liaison_ask a where a.liaison_id = l.id and a.answered_at is null and a.let_off_at is null
          and (a.near_told is null and a.near_at <= ${at} or a.overdue_told is null and a.due_at < ${at})))
      order by l.id limit 1 for update of l skip locked`.execute(tx);
    const [row] = rows;
    const item = row ? await lockLiaison(tx, row.id) : null;
    if (item === null) return 0;
    await remind(tx, await deskOf(shell, tx, now), item, now);
    return 1;
  });
}

async function remind(tx: Db, desk: Desk, item: LockedLiaison, now: number): Promise<void> {
  const due = await takeDueAsks(tx, item.id, now);
  const partyOf = (id: string) => item.parties.find((party) => party.id === id);
  for (const ask of due.filter((each) => !each.overdue)) {
    const party = partyOf(ask.partyId);
    if (party) await tellNear(tx, desk, item, party, ask.id, ask.dueAt, now);
  }
  for (const ask of due.filter((each) => each.overdue)) {
    const party = partyOf(ask.partyId);
    if (party)
      await recordReminder(
        tx,
        desk,
        item,
        "overdue",
        party,
        `${party.name}应于 ${clockText(ask.dueAt)} 前答复，尚未答复。`,
        now,
      );
  }
  if (await markConclusionTold(tx, item.id, now)) {
    const words = `应于 ${clockText(item.clock.dueAt)} 前作出结论，尚未结论。`;
    await recordReminder(tx, desk, item, "late", null, words, now);
  }
}

/** Before it is overdue the party alone is told; nothing is put on record. */
async function tellNear(
  tx: Db,
  desk: Desk,
  item: LockedLiaison,
  party: KnownParty,
  askId: string,
  dueAt: number,
  now: number,
): Promise<void> {
  const people = await peopleOf(tx, item, [party]);
  await enqueue(tx, [
    {
      ...{ cause: `liaison-near:${askId}:${dueAt}`, kind: "reminder", means: desk.rules.body.tell.asked },
      ...{ to: people.flatMap((each) => each.users), ticketId: null, link: `/liaison/${item.id}`, at: now },
      ...{ title: `协调单将于 ${clockText(dueAt)} 到期，请抓紧答复`, body: `${item.number} ${item.title}` },
      outwardAt: outwardFrom(desk, item.pace, now),
    },
  ]);
}

/** Who is late hears of it with the centre; the other parties do not. */
async function recordReminder(
  tx: Db,
  desk: Desk,
  item: LockedLiaison,
  step: LiaisonReminder,
  party: KnownParty | null,
  words: string,
  now: number,
): Promise<void> {
  const toIds = item.parties
    .filter((each) => each.side === "centre" || each.id === party?.id)
    .map((each) => each.id);
  const by = { userId: null, name: "系统", role: "system" as const, unitId: null };
  const stepId = await insertStep(tx, {
    ...{ liaisonId: item.id, once: null, step, from: item.state, to: item.state, at: now, saidAt: now, by },
    ...{ speaker: null, toIds, means: "", contact: "", words, data: {} },
  });
  await tellStep(tx, desk.rules.body, {
    ...{
      liaisonId: item.id,
      number: item.number,
      title: item.title,
      parties: item.parties,
      stepId,
      step,
      words,
    },
    ...{
      openedBy: item.openedBy,
      openerUnit: item.openerUnit,
      speaker: null,
      toIds,
      dueAt: null,
      at: now,
      by,
    },
    ...{ asked: party === null ? [] : [party.id], outwardAt: outwardFrom(desk, item.pace, now) },
  });
}
