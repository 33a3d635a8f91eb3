/** 告知各方. A step is put on the linked tickets' timelines and told to those who may see it; who is asked is told by more means. */
import { liaisonWord } from "@jiesu/core/liaison/lifecycle.ts";
import type { LiaisonRules } from "@jiesu/core/liaison/rules.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import { lockTicket, recordEvent } from "../ticket/store.ts";
import { type KnownParty, linkedTickets } from "./store.ts";

/** What is told of a step that was recorded. */
export interface Told {
  readonly liaisonId: string;
  readonly number: string;
  readonly title: string;
  readonly openedBy: string;
  readonly openerUnit: string | null;
  readonly parties: readonly KnownParty[];
  readonly stepId: string;
  readonly step: string;
  readonly words: string;
  readonly speaker: string | null;
  readonly toIds: readonly string[];
  /** Parties that are asked by it, and until when. */
  readonly asked: readonly string[];
  readonly dueAt: number | null;
  readonly at: number;
  readonly by: { readonly userId: string | null; readonly name: string; readonly role: Role | "system" };
  /** Nothing leaves the house before (夜间免打扰). */
  readonly outwardAt: number;
}

/** The parties that may see a step: all when nobody is named, else those named and who speaks; the centre always. */
export function seenBy(told: Pick<Told, "parties" | "speaker" | "toIds">): readonly KnownParty[] {
  if (told.toIds.length === 0) return told.parties;
  const ids = new Set([...told.toIds, ...(told.speaker === null ? [] : [told.speaker])]);
  return told.parties.filter((party) => party.side === "centre" || ids.has(party.id));
}

/** On the tickets' timelines and in the outbox, in the step's own transaction. */
export async function tellStep(tx: Db, rules: LiaisonRules, told: Told): Promise<void> {
  const seen = seenBy(told);
  const units = seen.flatMap((party) => (party.unitId === null ? [] : [party.unitId]));
  const speaker = told.parties.find((party) => party.id === told.speaker);
  const to = told.toIds.map((id) => told.parties.find((party) => party.id === id)?.name ?? "");
  const stamp = { at: told.at, userId: told.by.userId, userName: told.by.name, role: told.by.role };
  for (const ticketId of await linkedTickets(tx, told.liaisonId)) {
    const ticket = await lockTicket(tx, ticketId);
    if (ticket)
      await recordEvent(
        tx,
        ticket,
        "liaison",
        {
          ...{ liaison: told.liaisonId, number: told.number, step: liaisonWord(told.step), text: told.words },
          ...{ from: speaker?.name ?? "", to: to.join("、"), units },
        },
        stamp,
      );
  }
  const asked = new Set(told.asked);
  const people = await peopleOf(tx, told, seen);
  const others = people.flatMap(({ party, users }) => (asked.has(party) ? [] : users));
  const owing = people.flatMap(({ party, users }) => (asked.has(party) ? users : []));
  const link = `/liaison/${told.liaisonId}`;
  const body = `${told.number} ${told.title}\n${told.words}`.trim();
  const but = (users: readonly string[]) => users.filter((user) => user !== told.by.userId);
  const common = { kind: "notice" as const, ticketId: null, link, at: told.at, outwardAt: told.outwardAt };
  const until = told.dueAt === null ? "" : `（${clockText(told.dueAt)} 前）`;
  await enqueue(tx, [
    {
      ...{ ...common, cause: `liaison-asked:${told.stepId}`, to: but(owing), means: rules.tell.asked, body },
      title: told.step === "overdue" ? "协调单逾期未答，请立即答复" : `请答复协调单${until}`,
    },
    {
      ...{ ...common, cause: `liaison:${told.stepId}`, means: rules.tell.others, body },
      ...{ to: but(others.filter((user) => !owing.includes(user))) },
      title: `协调单${liaisonWord(told.step)}${speaker ? `：${speaker.name}` : ""}`,
    },
  ]);
}

/** A unit's handlers and lead; of the centre who began the item, else those who decide. */
export async function peopleOf(
  tx: Db,
  item: Pick<Told, "openedBy" | "openerUnit">,
  parties: readonly KnownParty[],
): Promise<readonly { readonly party: string; readonly users: readonly string[] }[]> {
  const units = parties.flatMap((party) => (party.unitId === null ? [] : [party.unitId]));
  const { rows } = await sql<{ id: string; unitId: string | null; roles: string[] }>`
    select id, unit_id as "unitId", roles from app_user
    where active and (unit_id = any(${units}::bigint[]) and roles && array['handler', 'unitLead']
      or unit_id is null and roles && array['supervisor', 'shiftLead'] or id = ${item.openedBy})
    order by id`.execute(tx);
  const supervisors = rows.filter((user) => user.unitId === null && user.roles.includes("supervisor"));
  const leads = rows.filter((user) => user.unitId === null && user.roles.includes("shiftLead"));
  const opener = item.openerUnit === null ? rows.filter((user) => user.id === item.openedBy) : [];
  const centre = [opener, supervisors, leads].find((users) => users.length > 0) ?? [];
  return parties.map((party) => ({
    party: party.id,
    users: (party.side === "unit"
      ? rows.filter((user) => user.unitId === party.unitId)
      : party.side === "centre"
        ? centre
        : []
    ).map((user) => user.id),
  }));
}
