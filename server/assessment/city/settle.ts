/**
 * 差异处置. A line matched by hand, the city's name of a unit learned, the city's reading adopted, a dispute made and
 * answered: each a row that stays, adopting also a move of its ticket with its event and ledger entry.
 */

import type { Cause } from "@jiesu/core/assessment/causes.ts";
import type { KeptEntry } from "@jiesu/core/assessment/level.ts";
import { compareLine } from "@jiesu/core/assessment/reconcile.ts";
import type { PeriodName } from "@jiesu/core/time/period.ts";
import { sql } from "kysely";
import type { Actor } from "../../platform/auth/actor.ts";
import { audit } from "../../platform/auth/sessions.ts";
import type { Db } from "../../platform/db/open.ts";
import { addWordings, problemOf, Refused } from "../../platform/errors.ts";
import type { Shell } from "../../platform/shell.ts";
import { moveTicketIn } from "../../ticket/actions.ts";
import { type Reckoned, type Reconciliation, reconcile } from "./reckon.ts";
import { type ACTS, matchedByHand } from "./reckonstore.ts";

addWordings({
  "city-line-unknown": {
    status: 404,
    zh: () => "现用的市级文件中没有这一行，可能已有更正的文件，请刷新后再看。",
  },
  "city-round-unknown": {
    status: 422,
    zh: (r) => `没有工单 ${String(r.number)} 的第 ${String(r.round)} 轮派单，请核对编号和轮次。`,
  },
  "city-round-taken": {
    status: 409,
    zh: (r) => `该轮次已人工对应给文件第 ${String(r.row)} 行，请先取消那一处对应。`,
  },
  "city-not-disputed": { status: 409, zh: () => "这一行没有待答复的异议。" },
});

type ActName = (typeof ACTS)[number];

/** Says which round a line means, or, with null, takes back what was said. */
export async function matchByHand(
  shell: Shell,
  actor: Actor,
  period: PeriodName,
  key: string,
  to: { readonly number: string; readonly round: number } | null,
  reason: string,
): Promise<void> {
  const { lines } = await reconcile(shell, period);
  if (!lines.some((each) => each.key === key && each.line !== null))
    throw new Refused({ code: "city-line-unknown" });
  await shell.db.transaction().execute(async (tx) => {
    await lockPeriod(tx, period);
    const ref = to === null ? null : await roundOrRefuse(tx, to);
    const taken = ref === null ? undefined : await lineHolding(tx, period, ref, key);
    if (taken !== undefined) {
      const row = lines.find((each) => each.key === taken)?.line?.row ?? "—";
      throw new Refused({ code: "city-round-taken", row });
    }
    await tx
      .insertInto("city_match")
      .values({
        period,
        key,
        ticket_id: ref?.ticketId ?? null,
        round: ref?.round ?? null,
        reason,
        at: new Date(shell.now()),
        user_id: actor.userId,
        user_name: actor.name,
      })
      .execute();
    await audit(tx, shell.now(), actor.userId, actor.name, "city-result-match", {
      ...(ref === null ? {} : { ticketId: ref.ticketId }),
      detail: { period, line: key, round: ref?.round ?? 0 },
    });
  });
}

/** Learns what the city calls one of our units. */
export async function nameUnit(shell: Shell, actor: Actor, name: string, unitId: string): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const unit = await tx.selectFrom("unit").select("id").where("id", "=", unitId).executeTakeFirst();
    if (!unit) throw new Refused({ code: "unit-unknown" });
    await tx
      .insertInto("city_unit_name")
      .values({
        name,
        unit_id: unitId,
        at: new Date(shell.now()),
        user_id: actor.userId,
        user_name: actor.name,
      })
      .execute();
    await audit(tx, shell.now(), actor.userId, actor.name, "city-result-unit", {
      detail: { unit: unitId, name },
    });
  });
}

/** Lines by their keys, or every one of a cause. */
export type Chosen =
  | { readonly keys: readonly string[]; readonly cause?: undefined }
  | { readonly cause: Cause; readonly keys?: undefined };

export interface Adopted {
  readonly adopted: number;
  /** What could not be adopted, and why. */
  readonly refused: readonly { readonly key: string; readonly number: string; readonly why: string }[];
  /** Of a cause, how many are left beyond what one call does. */
  readonly left: number;
}

/** A call adopts so many at most; whoever asks goes on while some are left. */
const AT_ONCE = 500;

/**
 * Takes over what the city says of scope and answers, a transaction a line: the ticket's move, its event, its ledger
 * entry, and the row that tells of it here. A line that says by now what the city says is passed over.
 */
export async function adoptReadings(
  shell: Shell,
  actor: Actor,
  period: PeriodName,
  chosen: Chosen,
): Promise<Adopted> {
  const found = await reconcile(shell, period);
  const all = pick(found, chosen).filter(({ adoptable }) => adoptable);
  const lines = all.slice(0, AT_ONCE);
  const refused: { key: string; number: string; why: string }[] = [];
  let adopted = 0;
  for (const line of lines) {
    const why = await adoptOne(shell, actor, found, line);
    if (why === null) adopted += 1;
    else if (why !== "") refused.push({ key: line.key, number: line.round?.number ?? "", why });
  }
  if (adopted > 0)
    await audit(shell.db, shell.now(), actor.userId, actor.name, "city-result-adopt", {
      detail: {
        period,
        file: found.file.id,
        lines: adopted,
        ...(chosen.cause ? { cause: chosen.cause } : {}),
      },
    });
  return { adopted, refused, left: all.length - lines.length };
}

/** Null when adopted, "" when nothing was left to adopt, else why not. */
async function adoptOne(
  shell: Shell,
  actor: Actor,
  { file, period }: Reconciliation,
  { key, line, round, city, cause }: Reckoned,
): Promise<string | null> {
  if (line === null || round === null || city === null) return "";
  return shell.db.transaction().execute(async (tx) => {
    await lockLine(tx, period.name, key);
    const kept = await keptNow(tx, round.ticketId, round.round);
    if (kept === null) return "该轮次已作废";
    const { scope, valid, contacted, solved, satisfied } = city.entry;
    const { fields } = compareLine(
      { key, unitId: city.unitId, unitSaid: line.unit, entry: city.entry },
      { unitId: city.unitId, kept, void: false, period: period.name },
      { period: period.name, stated: new Set(file.stated) },
    );
    const answersDiffer = fields.some((field) => field !== "scope" && field !== "unit");
    if (!answersDiffer && !fields.includes("scope")) return "";
    const where = `${period.name} 市级逐件结果第 ${file.version} 版第 ${line.row} 行`;
    const outcome = await moveTicketIn(
      tx,
      shell,
      actor,
      round.ticketId,
      "cityResult",
      {
        outcome: answersDiffer ? "answered" : null,
        answers: {
          contacted: contacted ?? undefined,
          solved: solved ?? undefined,
          satisfied: satisfied ?? undefined,
        },
        valid,
        reason: `采用市级结果：${where}`,
        scope: fields.includes("scope") ? scope : null,
        scopeNote: line.ground === "" ? `采用市级结果：${where}` : `市级：${line.ground}（${where}）`,
        round: round.round,
      },
      null,
    );
    if (!outcome.ok) return problemOf(outcome.refusal).body.message;
    const note = `采用${where}`;
    const at = { version: outcome.version, ticketId: round.ticketId, round: round.round };
    await recordAct(tx, shell, actor, {
      period: period.name,
      key,
      act: "adopted",
      cause,
      fileId: file.id,
      note,
      ...at,
    });
    return null;
  });
}

/** Puts a dispute of each line on record; one that waits for its answer already stays as it is. Answers how many. */
export async function dispute(
  shell: Shell,
  actor: Actor,
  period: PeriodName,
  chosen: Chosen,
  reason: string,
): Promise<number> {
  const found = await reconcile(shell, period);
  const lines = pick(found, chosen).filter((each) => each.fields.length > 0 && !isDisputed(each));
  await actOn(shell, actor, found, lines, "disputed", reason);
  return lines.length;
}

export const ANSWERS_TO_DISPUTE = ["corrected", "kept", "dropped"] as const;

/** Records what came of disputes: 市级已更正, 市级维持, 撤回. Refused where a line has none that waits. */
export async function answerDispute(
  shell: Shell,
  actor: Actor,
  period: PeriodName,
  keys: readonly string[],
  answer: (typeof ANSWERS_TO_DISPUTE)[number],
  note: string,
): Promise<number> {
  const found = await reconcile(shell, period);
  const lines = pick(found, { keys });
  if (lines.length === 0 || !lines.every(isDisputed)) throw new Refused({ code: "city-not-disputed" });
  await actOn(shell, actor, found, lines, answer, note);
  return lines.length;
}

export const isDisputed = ({ acts }: Pick<Reckoned, "acts">): boolean =>
  acts.findLast(({ act }) => act !== "adopted")?.act === "disputed";

async function actOn(
  shell: Shell,
  actor: Actor,
  { file, period }: Reconciliation,
  lines: readonly Reckoned[],
  act: ActName,
  note: string,
): Promise<void> {
  if (lines.length === 0) return;
  await shell.db.transaction().execute(async (tx) => {
    for (const { key, cause, round } of lines)
      await recordAct(tx, shell, actor, {
        ...{ period: period.name, key, act, cause, note, fileId: file.id, version: null },
        ticketId: round?.ticketId ?? null,
        round: round?.round ?? null,
      });
    await audit(tx, shell.now(), actor.userId, actor.name, `city-result-${act}`, {
      detail: { period: period.name, lines: lines.length },
    });
  });
}

interface NewAct {
  readonly period: PeriodName;
  readonly key: string;
  readonly act: ActName;
  readonly cause: Cause | null;
  readonly note: string;
  readonly fileId: string;
  readonly version: number | null;
  readonly ticketId: string | null;
  readonly round: number | null;
}

async function recordAct(tx: Db, shell: Shell, actor: Actor, act: NewAct): Promise<void> {
  await tx
    .insertInto("city_act")
    .values({
      period: act.period,
      key: act.key,
      act: act.act,
      cause: act.cause ?? "",
      ticket_id: act.ticketId,
      round: act.round,
      file_id: act.fileId,
      version: act.version,
      note: act.note,
      at: new Date(shell.now()),
      user_id: actor.userId,
      user_name: actor.name,
    })
    .execute();
}

function pick({ lines }: Reconciliation, chosen: Chosen): readonly Reckoned[] {
  if (chosen.keys === undefined) return lines.filter(({ cause }) => cause === chosen.cause);
  const wanted = new Set(chosen.keys);
  const found = lines.filter(({ key }) => wanted.has(key));
  if (found.length < wanted.size) throw new Refused({ code: "city-line-unknown" });
  return found;
}

async function roundOrRefuse(tx: Db, { number, round }: { readonly number: string; readonly round: number }) {
  const row = await tx
    .selectFrom("ticket as t")
    .innerJoin("result as r", "r.ticket_id", "t.id")
    .select(["t.id", "r.round"])
    .where("t.number", "=", number)
    .where("r.round", "=", round)
    .where("t.state", "!=", "voided")
    .executeTakeFirst();
  if (!row) throw new Refused({ code: "city-round-unknown", number, round });
  return { ticketId: row.id, round: row.round };
}

/** Another line of the period that a person has given this round. */
async function lineHolding(
  tx: Db,
  period: PeriodName,
  ref: { readonly ticketId: string; readonly round: number },
  but: string,
): Promise<string | undefined> {
  for (const [key, held] of await matchedByHand(tx, period))
    if (key !== but && held.ticketId === ref.ticketId && held.round === ref.round) return key;
  return undefined;
}

/** What our round says at this moment; null when it counts for nobody. */
async function keptNow(tx: Db, ticketId: string, round: number): Promise<KeptEntry | null> {
  const { rows } = await sql<KeptEntry>`
    select scope, city_scope as "cityScope", source, valid, contacted, solved, satisfied
      from result where ticket_id = ${ticketId} and round = ${round} and not void`.execute(tx);
  return rows[0] ?? null;
}

const lockPeriod = (tx: Db, period: PeriodName) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`city-match ${period}`}, 0))`.execute(tx);
const lockLine = (tx: Db, period: PeriodName, key: string) =>
  sql`select pg_advisory_xact_lock(hashtextextended(${`city-line ${period} ${key}`}, 0))`.execute(tx);
