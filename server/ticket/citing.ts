/** 引用先例与复议. What a dispatch or a ruling may cite, and whether an appeal waits: read from the tables of `ownership`. */
import type { Day } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal } from "../platform/errors.ts";

addWordings({
  "precedent-gone": {
    status: 409,
    zh: () => "所引先例已废止、修订或不在有效期内。请去掉引用，或按现行先例重新选择。",
  },
});

/** Cited versions must be in force today, and stay so until the citation is recorded. */
export async function checkCited(tx: Db, input: object, today: Day): Promise<Refusal | null> {
  const cited =
    "precedents" in input && Array.isArray(input.precedents)
      ? [...new Set(input.precedents.filter((id): id is string => typeof id === "string"))]
      : [];
  if (cited.length === 0) return null;
  const { rows } = await sql<{ id: string }>`
    select id from precedent_version
     where id = any(${cited}::bigint[]) and state = 'published' and valid_from <= ${today}
       and (valid_to is null or valid_to >= ${today})
     order by id for share`.execute(tx);
  return rows.length === cited.length ? null : { code: "precedent-gone" };
}

/** Whether an appeal against the last ruling on this ticket waits for its decision. */
export async function isAppealed(tx: Db, ticketId: string): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`
    select exists (select from ownership_case where ticket_id = ${ticketId} and state = 'appealed') as found`.execute(
    tx,
  );
  return rows[0]?.found ?? false;
}
