/** 确权会的存取. Called, moved, cancelled, held; who was there, who was excused, who sat in. */
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";

export const PRESENCES = { present: "出席", excused: "请假", observer: "列席" } as const;
export type Presence = keyof typeof PRESENCES;

export interface Attendee {
  /** Null: of the centre, or from elsewhere. */
  readonly unitId: string | null;
  readonly unit: string;
  readonly name: string;
  readonly post: string;
  readonly presence: Presence;
}

export interface Meeting {
  readonly id: string;
  readonly kind: "onSite" | "office";
  readonly startsAt: Date;
  readonly place: string;
  readonly agenda: string;
  readonly state: "called" | "held" | "cancelled" | "moved";
  readonly attendance: readonly Attendee[];
  readonly minutes: string;
  readonly files: readonly string[];
  readonly calledBy: string;
}

/** The latest first. */
export async function meetingsOf(db: Db, caseId: string): Promise<readonly Meeting[]> {
  const { rows } = await sql<Meeting>`
    select id, kind, starts_at as "startsAt", place, agenda, state, attendance, minutes, files::text[] as files,
           called_name as "calledBy"
      from ownership_meeting where case_id = ${caseId} order by id desc`.execute(db);
  return rows;
}

export interface CalledMeeting {
  readonly kind: "onSite" | "office";
  readonly startsAt: number;
  readonly place: string;
  readonly agenda: string;
}

/** A meeting that was called before and not held is moved by this one. */
export async function callMeeting(
  tx: Db,
  caseId: string,
  meeting: CalledMeeting,
  by: Actor,
  at: number,
): Promise<void> {
  await endCalled(tx, caseId, "moved");
  await tx
    .insertInto("ownership_meeting")
    .values({
      ...{ case_id: caseId, kind: meeting.kind, starts_at: new Date(meeting.startsAt), place: meeting.place },
      ...{ agenda: meeting.agenda, state: "called", called_at: new Date(at), called_name: by.name },
    })
    .execute();
}

export async function endCalled(tx: Db, caseId: string, state: "moved" | "cancelled"): Promise<void> {
  await tx
    .updateTable("ownership_meeting")
    .set({ state })
    .where("case_id", "=", caseId)
    .where("state", "=", "called")
    .execute();
}

export async function holdMeeting(
  tx: Db,
  caseId: string,
  held: {
    readonly attendance: readonly Attendee[];
    readonly minutes: string;
    readonly files: readonly string[];
  },
): Promise<void> {
  await tx
    .updateTable("ownership_meeting")
    .set({
      ...{ state: "held", attendance: JSON.stringify(held.attendance), minutes: held.minutes },
      files: [...held.files],
    })
    .where("case_id", "=", caseId)
    .where("state", "=", "called")
    .execute();
}
