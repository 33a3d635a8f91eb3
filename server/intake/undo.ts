/**
 * 撤销一次导入. Takes back a wrong batch while nothing was done on it: tickets that it created are taken back (已作废),
 * tickets that it changed are again what the other rows say of them. What somebody has worked on since, or what a later
 * file has changed, stays and is listed with the reason. Nothing is deleted from the history: every undoing is an event.
 *
 * It runs in the worker, a few hundred tickets a transaction, each with the place to go on from: a kill at any moment
 * leaves whole tickets, and asking twice undoes once.
 */
import { foldTicket } from "@jiesu/core/intake/fold.ts";
import { rowAgain } from "@jiesu/core/intake/row.ts";
import { isState, type TicketState } from "@jiesu/core/ticket/state.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal } from "../platform/errors.ts";
import { undoRulesOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { writeTickets } from "../ticket/bulk.ts";
import { putBackRequesters, voidTickets } from "../ticket/bulkundo.ts";
import type { TicketWrite } from "../ticket/bulkwrite.ts";
import { EVENT_ZH } from "../ticket/events.ts";
import type { Stamp } from "../ticket/store.ts";
import type { Answer } from "./inspect.ts";
import { profileOf } from "./profiles.ts";
import { type KnownTicket, moveRows, readSaid, readTicketsById } from "./rowstore.ts";
import { type Batch, lockLane, whileHolding } from "./store.ts";
import {
  addKept,
  advanceUndo,
  askUndo,
  dropRows,
  finishUndo,
  type Kept,
  openUndos,
  putBackRows,
  readUndo,
  requestersBefore,
  ticketsOfBatch,
  type Undo,
} from "./undostore.ts";

addWordings({
  "undo-import-not-yours": { status: 403, zh: () => "只有导入人和值班长可以撤销这次导入。" },
  "refused-rows-not-yours": { status: 403, zh: () => "退回的行含诉求人信息，只有导入人和值班长可以下载。" },
  "undo-import-running": { status: 409, zh: () => "这次导入还没有结束：请先停止或等它完成，再撤销。" },
  "undo-import-nothing": { status: 409, zh: () => "这次导入没有写入任何工单，不需要撤销。" },
  "undo-import-twice": { status: 409, zh: (r) => `${String(r.by)}已经撤销了这次导入。` },
  "undo-import-late": {
    status: 409,
    zh: (r) => `导入已超过 ${String(r.days)} 天，不能整批撤销，请逐件登记更正。`,
  },
});

const CHUNK = 200;

/** Who imported a file, and who answers for the shift: they may take its rows away in full, and undo it. */
export function maySeeWhole(actor: Actor, batch: Batch): boolean {
  const own = actor.userId !== null && actor.userId === batch.userId;
  return own || actor.roles.includes("shiftLead");
}

/** Whether there is something to take back, for a button; asking says why not. */
export function undoable(batch: Batch, undo: Undo | null): boolean {
  if (batch.status === "running" || batch.status === "uploaded") return false;
  if (batch.created + batch.updated === 0) return false;
  return undo === null || (undo.finishedAt !== null && undo.kept > 0);
}

/** Asks for a batch to be taken back; the worker does it. */
export async function undoBatch(
  shell: Shell,
  actor: Actor,
  batch: Batch,
  reason: string,
): Promise<Answer<null>> {
  if (!maySeeWhole(actor, batch)) return no({ code: "undo-import-not-yours" });
  const now = shell.now();
  const days = undoRulesOn(shell.rules, now).importKeptDays;
  return shell.db.transaction().execute(async (tx) => {
    // The row is held, so that nobody goes on with a batch that is being taken back.
    const { rows } = await sql<{ status: string; written: number; finished: Date | null }>`
      select status, created + updated as written, finished_at as finished from import_batch
       where id = ${batch.id} for update`.execute(tx);
    const [row] = rows;
    const before = await readUndo(tx, batch.id);
    // What had to stay may be asked for again: a later batch that stood in the way may have been undone since.
    if (before && (before.finishedAt === null || before.kept === 0))
      return no({ code: "undo-import-twice", by: before.userName });
    if (row?.status === "running") return no({ code: "undo-import-running" });
    if (!row || row.written === 0) return no({ code: "undo-import-nothing" });
    if (row.finished && row.finished.getTime() < now - days * DAY_MS)
      return no({ code: "undo-import-late", days });
    await askUndo(tx, batch.id, { reason, userId: actor.userId, userName: actor.name, at: now });
    await audit(tx, now, actor.userId, actor.name, "import-undo", {
      detail: { batch: batch.id, file: batch.fileName, reason },
    });
    return { ok: true, value: null };
  });
}

/** Takes back what was asked and is not done; answers how many batches it finished. */
export async function runUndos(shell: Shell): Promise<number> {
  let finished = 0;
  for (const id of await openUndos(shell.db)) {
    const held = await whileHolding(shell.db, id, async () => {
      while (await undoChunk(shell, id));
      await finishUndo(shell.db, id, shell.now());
      return true;
    });
    if (held) finished += 1;
  }
  return finished;
}

/** The next tickets of the batch in one transaction; false when there are none left. */
export function undoChunk(shell: Shell, batchId: string): Promise<boolean> {
  return shell.db.transaction().execute(async (tx) => {
    const undo = await readUndo(tx, batchId);
    if (!undo || undo.finishedAt) return false;
    // No import may write these tickets meanwhile: both lanes are held.
    await lockLane(tx, 0);
    await lockLane(tx, 1);
    const ids = await ticketsOfBatch(tx, batchId, undo.nextTicket, CHUNK);
    const last = ids.at(-1);
    if (last === undefined) return false;
    const tickets = await readTicketsById(tx, ids);
    const verdicts = await judge(tx, batchId, tickets);
    const stamp: Stamp = {
      at: shell.now(),
      userId: undo.userId,
      userName: undo.userName,
      role: "importer",
    };
    const data = { batch: batchId, reason: undo.reason };
    const voided = tickets.filter((t) => verdicts.get(t.id) === "void");
    const changed = tickets.filter((t) => verdicts.get(t.id) === "putBack");
    await dropRows(
      tx,
      voided.map((t) => t.id),
    );
    await voidTickets(tx, voided, data, stamp);
    await putBack(tx, shell, undo, changed, data, stamp);
    const kept = tickets.flatMap((t): Kept[] => {
      const why = verdicts.get(t.id);
      return typeof why === "object" ? [{ ticketId: t.id, number: t.number, why: why.why }] : [];
    });
    await addKept(tx, batchId, kept);
    await advanceUndo(tx, batchId, {
      nextTicket: last,
      voided: voided.length,
      putBack: changed.length,
      kept: kept.length,
    });
    return true;
  });
}

/** Tickets that the batch changed: their rows say again what they said, and the ticket is what they come to. */
async function putBack(
  tx: Db,
  shell: Shell,
  undo: Undo,
  tickets: readonly KnownTicket[],
  data: Readonly<Record<string, unknown>>,
  stamp: Stamp,
): Promise<void> {
  if (tickets.length === 0) return;
  const ids = tickets.map((t) => t.id);
  await putBackRows(tx, undo.batchId, ids);
  const said = await readSaid(tx, ids);
  const moved: { key: string; round: number }[] = [];
  const writes = tickets.map((t): TicketWrite => {
    const rows = said.get(t.id) ?? [];
    const folded = foldTicket(
      rows.map((k) => ({
        key: k.key,
        row: rowAgain(profileOf(k.profile), k.said),
        unitId: k.unitId,
        profile: k.profile,
      })),
    );
    for (const k of rows) moved.push({ key: k.key, round: folded.roundOf.get(k.key) ?? 0 });
    return {
      id: t.id,
      number: t.number,
      before: { ...t, state: stateOf(t.state) },
      folded,
      requester: null,
      events: [{ kind: "undoImport", round: folded.round, unitId: folded.leadUnitId, data }],
    };
  });
  await writeTickets(tx, shell.secrets, shell.rules, writes, stamp);
  await moveRows(tx, moved);
  await putBackRequesters(tx, ids, await requestersBefore(tx, undo.batchId, ids));
}

/** What is to become of a ticket of the batch. */
type Verdict = "void" | "putBack" | "done" | { readonly why: string };

interface Happened {
  readonly ticketId: string;
  readonly version: number;
  readonly kind: string;
  readonly role: string;
  readonly userName: string;
  readonly batch: string | null;
  readonly at: Date;
}

async function judge(
  tx: Db,
  batchId: string,
  tickets: readonly KnownTicket[],
): Promise<ReadonlyMap<string, Verdict>> {
  const ids = tickets.map((t) => t.id);
  const { rows: events } = await sql<Happened>`
    select ticket_id::text as "ticketId", version, kind, role, user_name as "userName", data ->> 'batch' as batch, at
      from event where ticket_id = any(${ids}::bigint[]) and kind not like 'timer.%' order by ticket_id, version`.execute(
    tx,
  );
  const { rows: tied } = await sql<{ id: string; why: string }>`
    select ticket_id::text as id, '已申请不纳入考核' as why from exemption where ticket_id = any(${ids}::bigint[])
    union all select ticket_id::text, '已申请挂账' from shelving where ticket_id = any(${ids}::bigint[])
    union all select merged_into::text, '已有工单并入' from ticket where merged_into = any(${ids}::bigint[])`.execute(
    tx,
  );
  const ties = new Map(tied.map((t) => [t.id, t.why]));
  const byTicket = Map.groupBy(events, (e) => e.ticketId);
  return new Map(
    tickets.map((t) => {
      const tie = ties.get(t.id);
      return [t.id, tie ? { why: tie } : verdictOn(batchId, byTicket.get(t.id) ?? [])];
    }),
  );
}

function verdictOn(batchId: string, events: readonly Happened[]): Verdict {
  const undone = new Set(
    events.flatMap((e) => (e.kind === "undoImport" && e.batch !== null ? [e.batch] : [])),
  );
  if (undone.has(batchId)) return "done";
  const own = events.filter((e) => e.batch === batchId && e.kind.startsWith("import"));
  const [first] = own;
  const person = events.findLast((e) => e.role !== "importer" && e.role !== "system");
  if (!first || (person && person.version < first.version))
    return { why: "导入前已有人办理：导入只登记了文件所说的，没有改动办理；如有误，请登记更正" };
  // Another batch that was taken back has changed nothing.
  const since = events.filter(
    (e) => e.version > first.version && !own.includes(e) && !(e.batch !== null && undone.has(e.batch)),
  );
  const by = since.find((e) => e.role !== "importer" && e.role !== "system") ?? since[0];
  if (!by) return first.kind === "import" ? "void" : "putBack";
  if (by.role === "importer") return { why: `后来的导入又更新了它（导入编号 ${by.batch ?? "不详"}）` };
  return { why: `${by.userName}已${EVENT_ZH.get(by.kind) ?? "办理"}` };
}

function stateOf(text: string): TicketState {
  if (!isState(text)) throw new Error(`unknown ticket state in the ledger: ${text}`);
  return text;
}

const DAY_MS = 86_400_000;
const no = (refusal: Refusal) => ({ ok: false as const, refusal });
