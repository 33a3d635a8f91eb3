/** 成批写入轮次. The rounds of imported tickets: assignments, the city's callbacks, results. */
import type { FoldedRound } from "@jiesu/core/intake/fold.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { insertRows, iso, recordset, type TicketWrite } from "./bulkwrite.ts";
import type { Stamp } from "./store.ts";

/**
 * What the rows say replaces what earlier rows said: rounds are numbered anew when an earlier one turns up. Callbacks
 * go before results, whose ledger entries name the callback that they come from.
 */
export async function writeRounds(
  tx: Db,
  writes: readonly TicketWrite[],
  known: readonly TicketWrite[],
  stamp: Stamp,
): Promise<void> {
  const all = writes.flatMap((w) => w.folded.rounds.map((round) => ({ w, round })));
  if (known.length > 0) {
    const ids = known.map((w) => w.id);
    await tx.deleteFrom("assignment").where("ticket_id", "in", ids).execute();
    await sql`delete from result r using ${recordset({ id: "bigint", rounds: "smallint" }, roundsOf(known))}
      where r.ticket_id = rec.id and r.round > rec.rounds`.execute(tx);
  }
  await insertRows(
    tx,
    "assignment",
    ASSIGNMENT,
    all.flatMap(({ w, round }) => assignmentRows(w, round, stamp.at)),
  );
  await writeCallbacks(tx, all, known, stamp);
  await insertRows(
    tx,
    "result",
    RESULT,
    all.map(({ w, round }) => resultRow(w, round)),
    sql`on conflict (ticket_id, round) do update set
      unit_id = excluded.unit_id, counted_at = excluded.counted_at, scope = excluded.scope, scope_note = excluded.scope_note,
      source = excluded.source, valid = excluded.valid, contacted = excluded.contacted, solved = excluded.solved,
      satisfied = excluded.satisfied`,
  );
}

const roundsOf = (writes: readonly TicketWrite[]) =>
  writes.map((w) => ({ id: w.id, rounds: w.folded.round }));

type OfRound = { readonly w: TicketWrite; readonly round: FoldedRound };

/** The city's callbacks of a known ticket are written anew only where they differ. */
async function writeCallbacks(
  tx: Db,
  all: readonly OfRound[],
  known: readonly TicketWrite[],
  stamp: Stamp,
): Promise<void> {
  const rows = all.flatMap(({ w, round }) => (round.callback === null ? [] : [callbackRow(w, round, stamp)]));
  const wanted = Map.groupBy(rows, (r) => r.ticket_id);
  const before = Map.groupBy(await cityCallbacks(tx, known), (c) => c.ticket_id);
  const signs = (of: readonly object[] | undefined): string => JSON.stringify(of ?? []);
  const changed = known
    .map((w) => w.id)
    .filter((id) => signs(before.get(id)) !== signs(wanted.get(id)?.map(callbackSays)));
  const same = new Set(known.map((w) => w.id).filter((id) => !changed.includes(id)));
  if (changed.length > 0)
    await tx.deleteFrom("callback").where("ticket_id", "in", changed).where("source", "=", "city").execute();
  await insertRows(
    tx,
    "callback",
    CALLBACK,
    rows.filter((r) => !same.has(r.ticket_id)),
  );
}

async function cityCallbacks(tx: Db, known: readonly TicketWrite[]) {
  if (known.length === 0) return [];
  const rows = await tx
    .selectFrom("callback")
    .select(["ticket_id", "round", "outcome", "contacted", "solved", "satisfied", "reason", "note"])
    .where(
      "ticket_id",
      "in",
      known.map((w) => w.id),
    )
    .where("source", "=", "city")
    .orderBy("round")
    .orderBy("id")
    .execute();
  return rows.map(callbackSays);
}

interface CallbackSays {
  readonly ticket_id: string;
  readonly round: number;
  readonly outcome: string;
  readonly contacted: string | null;
  readonly solved: string | null;
  readonly satisfied: string | null;
  readonly reason: string;
  readonly note: string;
}

const callbackSays = (c: CallbackSays): CallbackSays => ({
  ticket_id: c.ticket_id,
  round: c.round,
  outcome: c.outcome,
  contacted: c.contacted,
  solved: c.solved,
  satisfied: c.satisfied,
  reason: c.reason,
  note: c.note,
});

function callbackRow(w: TicketWrite, round: FoldedRound, stamp: Stamp) {
  return {
    ticket_id: w.id,
    round: round.round,
    source: "city",
    outcome: round.callback ?? "missed",
    ...answersOf(round),
    reason: round.reason,
    note: round.note,
    at: iso(round.answeredAt),
    user_id: stamp.userId,
    user_name: stamp.userName,
  };
}

function resultRow(w: TicketWrite, round: FoldedRound) {
  return {
    ticket_id: w.id,
    round: round.round,
    unit_id: round.unitId,
    counted_at: iso(round.dispatchedAt),
    scope: round.scope,
    scope_note: round.scopeNote,
    source: round.callback === null ? null : "city",
    valid: round.valid,
    ...answersOf(round),
  };
}

const ASSIGNMENT = {
  ticket_id: "bigint",
  round: "smallint",
  part: "text",
  unit_id: "bigint",
  state: "text",
  dispatched_at: "timestamptz",
  reported_at: "timestamptz",
  report: "text",
  ended_at: "timestamptz",
  ended_as: "text",
} as const;

const RESULT = {
  ticket_id: "bigint",
  round: "smallint",
  unit_id: "bigint",
  counted_at: "timestamptz",
  scope: "text",
  scope_note: "text",
  source: "text",
  valid: "boolean",
  contacted: "text",
  solved: "text",
  satisfied: "text",
} as const;

const CALLBACK = {
  ticket_id: "bigint",
  round: "smallint",
  source: "text",
  outcome: "text",
  contacted: "text",
  solved: "text",
  satisfied: "text",
  reason: "text",
  note: "text",
  at: "timestamptz",
  user_id: "bigint",
  user_name: "text",
} as const;

const answersOf = ({ answers }: FoldedRound) => ({
  contacted: answers.contacted ?? null,
  solved: answers.solved ?? null,
  satisfied: answers.satisfied ?? null,
});

function assignmentRows(w: TicketWrite, round: FoldedRound, now: number) {
  const common = { ticket_id: w.id, round: round.round, dispatched_at: iso(round.dispatchedAt) };
  const last = round.round === w.folded.round;
  const { ended } = round;
  const lead = {
    ...common,
    part: "lead",
    unit_id: round.unitId,
    state: ended === null && last ? w.folded.state : "closed",
    reported_at: iso(ended?.as === "done" ? ended.at : null),
    report: round.report === "" ? null : round.report,
    // A closed round must have an end; where the file does not say when, it is the import that says so.
    ended_at: iso(ended ? (ended.at ?? now) : null),
    ended_as: ended === null ? null : ended.as === "done" && ended.at === null ? "imported" : ended.as,
  };
  const co = round.co.map((c) => ({
    ...common,
    part: "co",
    unit_id: c.unitId,
    state: c.ended ? "coReported" : "assigned",
    reported_at: null,
    report: c.report === "" ? null : c.report,
    ended_at: c.ended ? iso(ended?.at ?? now) : null,
    ended_as: c.ended ? "imported" : null,
  }));
  return round.unitId === null ? co : [lead, ...co];
}
