/**
 * 由导入行得出工单. A ticket that nobody has worked on is the fold of the rows that files hold of it: its rounds in
 * the order of their dispatch, whatever the order in which rows and files came.
 */
import { isValidCallback } from "../assessment/entry.ts";
import type { CallbackAnswers } from "../ticket/moves.ts";
import { STATES, type TicketState } from "../ticket/state.ts";
import type { ClosingKind } from "./profile.ts";
import type { ImportedRow, RowFacts } from "./row.ts";

/** A row with what the ledger knows of it. */
export interface FoldRow {
  readonly key: string;
  readonly row: ImportedRow;
  readonly unitId: string | null;
  /** Which sender's shape: rows of two shapes can tell of one round. */
  readonly profile: string;
}

export interface FoldedRound {
  readonly round: number;
  readonly unitId: string | null;
  readonly dispatchedAt: number;
  readonly report: string;
  /** null while it is open. */
  readonly ended: { readonly at: number | null; readonly as: "done" | "superseded" } | null;
  readonly co: readonly { readonly unitId: string; readonly ended: boolean; readonly report: string }[];
  readonly scope: ImportedRow["scope"];
  readonly scopeNote: string;
  readonly answers: CallbackAnswers;
  /** Whether a callback of the city took place, and reached anybody. */
  readonly callback: "answered" | "missed" | null;
  readonly valid: boolean;
  readonly reason: string;
  readonly note: string;
  /** When the city's answers are taken to have been given. */
  readonly answeredAt: number;
}

export interface FoldedTicket {
  readonly state: TicketState;
  readonly round: number;
  readonly leadUnitId: string | null;
  readonly closingKind: ClosingKind | null;
  readonly closedAt: number | null;
  readonly receivedAt: number;
  readonly dispatchedAt: number | null;
  readonly facts: RowFacts;
  readonly rounds: readonly FoldedRound[];
  /** key → round; a row that opened none has the round before it. */
  readonly roundOf: ReadonlyMap<string, number>;
  /** The row whose facts are the ticket's. */
  readonly owner: string;
}

/** A dispatch and all the rows that tell of it. */
interface Group {
  readonly rows: FoldRow[];
  readonly co: FoldRow[];
}

/** Folds the rows of one ticket; at least one. */
export function foldTicket(rows: readonly FoldRow[]): FoldedTicket {
  const groups = groupsOf(rows);
  const merged = groups.map((g) => ({ group: g, line: mergeRows(g.rows) }));
  const rounds: FoldedRound[] = [];
  const roundOf = new Map<string, number>();
  for (const [i, { group, line }] of merged.entries()) {
    if (opens(line)) rounds.push(roundFrom(rounds.length + 1, line, group, merged[i + 1]?.line));
    for (const { key } of [...group.rows, ...group.co]) roundOf.set(key, rounds.length);
  }
  const last = merged.at(-1);
  if (!last) throw new Error("a ticket without rows");
  const { row, unitId } = last.line;
  const state = stateOf(last.line);
  return {
    state,
    round: rounds.length,
    leadUnitId: unitId,
    closingKind: row.closing?.kind ?? null,
    closedAt: row.closing?.at ?? null,
    receivedAt: Math.min(...rows.map((r) => r.row.facts.receivedAt)),
    dispatchedAt: unitId === null ? null : row.dispatchedAt,
    facts: row.facts,
    rounds,
    roundOf,
    owner: last.line.key,
  };
}

/**
 * Rows of one sender's shape are a round each. Where two shapes tell of the same ticket, the one with more rows sets
 * the rounds; each row of the other joins the latest round that it does not contradict.
 */
function groupsOf(rows: readonly FoldRow[]): readonly Group[] {
  const lead = rows.filter((r) => r.row.part === "lead").sort(byOrder);
  const co = rows.filter((r) => r.row.part === "co").sort(byOrder);
  const perProfile = [...Map.groupBy(lead, (r) => r.profile).values()].sort(
    (a, b) => b.length - a.length || compare(a[0]?.profile ?? "", b[0]?.profile ?? ""),
  );
  const groups: Group[] = [];
  for (const ofProfile of perProfile) {
    for (const row of ofProfile) {
      const home = groups.findLast(
        (g) =>
          g.rows.every((r) => r.profile !== row.profile) &&
          (row.unitId === null || g.rows.every((r) => r.unitId === null || r.unitId === row.unitId)),
      );
      if (home) home.rows.push(row);
      else groups.push({ rows: [row], co: [] });
    }
  }
  groups.sort((a, b) => compareRows(a.rows[0], b.rows[0]));
  for (const row of co) {
    const home = groups.findLast((g) => compareRows(g.rows[0], row) <= 0) ?? groups[0];
    if (home) home.co.push(row);
    else groups.push({ rows: [row], co: [] });
  }
  return groups;
}

/** The rows of one round as one: the first, completed by what the others say and it does not. */
function mergeRows(rows: readonly FoldRow[]): FoldRow {
  const [first, ...others] = rows;
  if (!first) throw new Error("a round without rows");
  let { unitId, row } = first;
  for (const other of others) {
    unitId ??= other.unitId;
    row = complete(row, other.row);
  }
  return { ...first, unitId, row };
}

function complete(a: ImportedRow, b: ImportedRow): ImportedRow {
  return {
    ...a,
    facts: completeFacts(a.facts, b.facts),
    closing: a.closing ?? b.closing,
    stateSaid: a.stateSaid ?? b.stateSaid,
    report: a.report || b.report,
    scope: a.scope === "full" ? b.scope : a.scope,
    scopeNote: a.scopeNote || b.scopeNote,
    answers: {
      contacted: a.answers.contacted ?? b.answers.contacted,
      solved: a.answers.solved ?? b.answers.solved,
      satisfied: a.answers.satisfied ?? b.answers.satisfied,
    },
    validSaid: a.validSaid ?? b.validSaid,
    reason: a.reason || b.reason,
    note: a.note || b.note,
  };
}

function completeFacts(a: RowFacts, b: RowFacts): RowFacts {
  return {
    ...a,
    title: a.title || b.title,
    kind: a.kind || b.kind,
    category1: a.category1 || b.category1,
    category2: a.category2 || b.category2,
    category3: a.category3 || b.category3,
    district: a.district || b.district,
    street: a.street || b.street,
    community: a.community || b.community,
    address: a.address || b.address,
    enterprise: a.enterprise || b.enterprise,
    reply: a.reply || b.reply,
    receivedAt: Math.min(a.receivedAt, b.receivedAt),
    cityDispatchedAt: a.cityDispatchedAt ?? b.cityDispatchedAt,
    cityDueAt: a.cityDueAt ?? b.cityDueAt,
    extra: { ...b.extra, ...a.extra },
  };
}

/** A row opens a round when a unit has it, or when it is closed; an open row without a unit waits for the centre. */
function opens({ row, unitId }: FoldRow): boolean {
  return row.part === "lead" && (unitId !== null || row.closing !== null);
}

function roundFrom(round: number, line: FoldRow, group: Group, next: FoldRow | undefined): FoldedRound {
  const { row, unitId } = line;
  const any = Object.values(row.answers).some((answer) => answer !== undefined);
  const helpers = new Map(
    group.co.flatMap((c) => (c.unitId === null || c.unitId === unitId ? [] : [[c.unitId, c]])),
  );
  return {
    round,
    unitId,
    dispatchedAt: row.dispatchedAt,
    report: row.report,
    ended: row.closing
      ? { at: row.closing.at, as: "done" }
      : next
        ? { at: next.row.dispatchedAt, as: "superseded" }
        : null,
    co: [...helpers].map(([id, c]) => ({
      unitId: id,
      ended: c.row.closing !== null || row.closing !== null || next !== undefined,
      report: c.row.report,
    })),
    scope: row.scope,
    scopeNote: row.scopeNote,
    answers: row.answers,
    callback: any || row.validSaid === true ? "answered" : row.validSaid === false ? "missed" : null,
    valid: isValidCallback(row.validSaid, row.answers),
    reason: row.reason,
    note: row.note,
    answeredAt: row.closing?.at ?? row.dispatchedAt,
  };
}

function stateOf({ row, unitId }: FoldRow): TicketState {
  if (row.part === "co") return "received";
  if (row.closing) return "closed";
  const said = row.stateSaid ?? (unitId === null ? "received" : "dispatched");
  // A state in which a unit holds the ticket needs the unit; one before the dispatch has none.
  if (unitId === null) return STATES[said].held === "unit" || said === "reported" ? "received" : said;
  return said === "received" || said === "triage" ? "dispatched" : said;
}

const byOrder = (a: FoldRow, b: FoldRow): number => compareRows(a, b);

function compareRows(a: FoldRow | undefined, b: FoldRow | undefined): number {
  return compare(a?.row.order ?? "", b?.row.order ?? "") || compare(a?.key ?? "", b?.key ?? "");
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
