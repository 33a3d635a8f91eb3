/** 分拣研判台账. Reads what suggestions are made from. */
import type { Actor } from "../platform/auth/actor.ts";
import type { Shell } from "../platform/shell.ts";
import { inScope } from "../ticket/list.ts";
import type { Suggestions } from "./routes.ts";

export async function readSuggestions(shell: Shell, actor: Actor, id: string): Promise<Suggestions | null> {
  const row = await shell.db
    .selectFrom("ticket as t")
    .select("t.id")
    .where("t.id", "=", id)
    .where((eb) => inScope(eb, actor))
    .executeTakeFirst();
  return row ? { units: [], places: [], earlier: [], similar: [] } : null;
}
