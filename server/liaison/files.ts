/** 协调单的附件. Taken in before their step, given back to whoever may see it. */
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { seesItem, seesStep } from "./list.ts";

/** A file of a step that this person may see; null otherwise. */
export async function findLiaisonFile(db: Db, actor: Actor, liaisonId: string, id: string) {
  const { rows } = await sql<{ name: string; mime: string; sha256: Buffer }>`
    select f.name, f.mime, f.sha256
    from liaison_file f join liaison_step s on s.id = f.step_id join liaison l on l.id = s.liaison_id
    where f.id = ${id} and l.id = ${liaisonId} and ${seesItem(actor)} and ${seesStep(actor)}`.execute(db);
  return rows[0] ?? null;
}
