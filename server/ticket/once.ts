/** 只办一次. A move sent again with the key of one that was made answers as if made now, and changes nothing. */
import { type RawBuilder, sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal } from "../platform/errors.ts";
import type { Shell } from "../platform/shell.ts";

export type Outcome =
  | { readonly ok: true; readonly version: number }
  | { readonly ok: false; readonly refusal: Refusal };

const KEEP_MS = 2 * 86_400_000;

addWordings({
  "once-other": { status: 409, zh: () => "这个操作标识已用于另一项操作，请刷新页面后重新提交。" },
});

/** Makes a move in its transaction unless this person's key says it was made; a refused move leaves the key free. */
export async function madeOnce(
  tx: Db,
  now: number,
  actor: Actor,
  key: string | null,
  ticketId: string,
  move: string,
  make: () => Promise<Outcome>,
): Promise<Outcome> {
  if (key === null || actor.userId === null) return make();
  // The same key twice at once: the second waits here until the first has ended, and then finds it.
  await lockFor(`${actor.userId}:${key}`).execute(tx);
  const known = await tx
    .selectFrom("move_once as o")
    .innerJoin("ticket as t", "t.id", "o.ticket_id")
    .select(["o.ticket_id", "o.move", "t.version"])
    .where("o.user_id", "=", actor.userId)
    .where("o.key", "=", key)
    .executeTakeFirst();
  if (known)
    return known.ticket_id === ticketId && known.move === move
      ? { ok: true, version: known.version }
      : { ok: false, refusal: { code: "once-other" } };
  const outcome = await make();
  if (outcome.ok)
    await tx
      .insertInto("move_once")
      .values({ user_id: actor.userId, key, ticket_id: ticketId, move, at: new Date(now) })
      .execute();
  return outcome;
}

/** Forgets keys that nobody sends again; answers how many. */
export async function forgetOnce(shell: Shell): Promise<number> {
  const gone = await shell.db
    .deleteFrom("move_once")
    .where("at", "<", new Date(shell.now() - KEEP_MS))
    .executeTakeFirst();
  return Number(gone.numDeletedRows);
}

const lockFor = (what: string): RawBuilder<unknown> =>
  sql`select pg_advisory_xact_lock(hashtextextended(${what}, 0))`;
