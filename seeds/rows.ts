/** COPY 行. Writes a ticket's whole life as lines of PostgreSQL's COPY text format, one table each. */
import { DAY_MS, HOUR_MS, MINUTE_MS } from "@jiesu/core/time/day.ts";
import { clockRow, nearest } from "@jiesu/server/ticket/clocks.ts";
import type { EventData, Tale, TaleClock } from "./tale.ts";

/** The tables that a run fills, in the order in which they may be filled, with the columns that it writes. */
export const TABLES = {
  ticket:
    "id number channel path kind level title content category1 category2 category3 district street community address enterprise state round returns lead_unit_id closing_kind reply received_at city_dispatched_at city_due_at signed_at dispatched_at closed_at due_at due_kind near_at merged_into version moved_version created_at updated_at",
  requester: "ticket_id name_enc phone_enc phone_hash tail_hash",
  assignment:
    "id ticket_id round part unit_id state opinion designated dispatched_at dispatched_by accepted_at contacted_at contact_way reported_at report outcome ended_at ended_as",
  clock: "id ticket_id assignment_id round kind state started_at due_at near_at stopped_at rule body",
  timer: "clock_id what ticket_id fire_at fired_at",
  callback: "ticket_id round source outcome contacted solved satisfied reason note at user_id user_name",
  result: "ticket_id round unit_id counted_at scope scope_note void source valid contacted solved satisfied",
  event: "ticket_id version kind from_state to_state round at user_id user_name role unit_id data",
} as const;
export type Table = keyof typeof TABLES;
export const TABLE_NAMES = Object.keys(TABLES) as readonly Table[];

/** What the lines need of the ledger: ids to give and ids to name. */
export interface Ids {
  /** Id of the ticket with index 0. */
  readonly firstTicket: number;
  nextAssignment: number;
  nextClock: number;
  unit(name: string): string;
  /** Null when the ledger has no such account. */
  user(login: string): string | null;
  /** The sealed columns of a requester, as COPY writes them. */
  requester(tale: Tale): string;
}

export type Lines = { readonly [T in Table]: string[] };

export const emptyLines = (): Lines => ({
  ticket: [],
  requester: [],
  assignment: [],
  clock: [],
  timer: [],
  callback: [],
  result: [],
  event: [],
});

/** Adds a ticket's rows. `allClocks`: also the stopped clocks that no list and no figure reads. */
export function addRows(lines: Lines, tale: Tale, ids: Ids, allClocks: boolean): void {
  const id = ids.firstTicket + tale.index;
  const user = (login: string | null): string | null => (login === null ? null : ids.user(login));
  const unit = (name: string | null): string | null => (name === null ? null : ids.unit(name));
  const assignmentIds = tale.assignments.map(() => ids.nextAssignment++);
  const clockIds = tale.clocks.map((c) => (allClocks || mustKeep(tale, c) ? ids.nextClock++ : null));
  const due = nearest(tale.clocks.flatMap((c) => (c.assignment === null ? [c.clock] : [])));
  const { matter, at } = tale;
  lines.ticket.push(
    line(
      id,
      tale.number,
      tale.channel,
      tale.path,
      matter.kind,
      tale.level,
      tale.title,
      tale.content,
      matter.category1,
      matter.category2,
      matter.category3,
      "海淀区",
      at.street.name,
      at.community.name,
      tale.address,
      tale.enterprise,
      tale.state,
      tale.round,
      tale.returns,
      unit(tale.leadUnit),
      tale.closingKind,
      tale.reply,
      time(tale.receivedAt),
      time(tale.cityDispatchedAt),
      time(tale.cityDueAt),
      time(tale.signedAt),
      time(tale.dispatchedAt),
      time(tale.closedAt),
      time(due.dueAt),
      due.dueKind,
      time(due.nearAt),
      tale.mergedInto === null ? null : ids.firstTicket + tale.mergedInto,
      tale.version,
      tale.movedVersion,
      time(tale.events[0]?.at ?? tale.receivedAt),
      time(tale.updatedAt),
    ),
  );
  lines.requester.push(`${id}\t${ids.requester(tale)}\n`);
  for (const [i, a] of tale.assignments.entries()) {
    lines.assignment.push(
      line(
        assignmentIds[i] ?? null,
        id,
        a.round,
        a.part,
        ids.unit(a.unit),
        a.state,
        a.opinion,
        a.designated,
        time(a.dispatchedAt),
        user(a.dispatchedBy),
        time(a.acceptedAt),
        time(a.contactedAt),
        a.contactWay,
        time(a.reportedAt),
        a.report,
        a.outcome,
        time(a.endedAt),
        a.endedAs,
      ),
    );
  }
  for (const [i, c] of tale.clocks.entries()) {
    const clockId = clockIds[i];
    if (clockId == null) continue;
    const assignment = c.assignment === null ? null : (assignmentIds[c.assignment] ?? null);
    const row = clockRow(String(id), null, c.clock);
    lines.clock.push(
      line(
        clockId,
        id,
        assignment,
        row.round,
        row.kind,
        row.state,
        time(c.clock.startedAt),
        time(c.clock.dueAt),
        time(c.clock.nearAt),
        time(c.clock.endedAt),
        row.rule,
        row.body,
      ),
    );
    addTimers(lines, clockId, id, c);
  }
  for (const c of tale.callbacks) {
    lines.callback.push(
      line(
        id,
        c.round,
        c.source,
        c.outcome,
        c.contacted,
        c.solved,
        c.satisfied,
        c.reason,
        c.note,
        time(c.at),
        user(c.by.login),
        c.by.name,
      ),
    );
  }
  for (const r of tale.results) {
    const { contacted, solved, satisfied } = r.answers;
    lines.result.push(
      line(
        id,
        r.round,
        ids.unit(r.unit),
        time(r.countedAt),
        r.scope,
        r.scopeNote,
        r.void,
        r.source,
        r.valid,
        contacted,
        solved,
        satisfied,
      ),
    );
  }
  for (const e of tale.events) {
    const data = JSON.stringify(dataOf(e.data, ids, assignmentIds, clockIds));
    lines.event.push(
      line(
        id,
        e.version,
        e.kind,
        e.from,
        e.to,
        e.round,
        time(e.at),
        user(e.by.login),
        e.by.name,
        e.by.role,
        unit(e.unit),
        data,
      ),
    );
  }
}

/** A live clock, one that a reminder was sent for, and the two that say whether a closed ticket was in time. */
function mustKeep(tale: Tale, c: TaleClock): boolean {
  if (c.clock.endedAt === null || c.nearFiredAt !== null || c.overdueFiredAt !== null) return true;
  return tale.state !== "closed" || c.clock.kind === "report" || c.clock.kind === "closing";
}

/** As the server keeps them: fired ones for ever, others only while their clock runs. */
function addTimers(
  lines: Lines,
  clockId: number,
  ticketId: number,
  { clock, nearFiredAt, overdueFiredAt }: TaleClock,
): void {
  const running = clock.state === "running";
  if (nearFiredAt !== null || (running && clock.near !== null)) {
    lines.timer.push(line(clockId, "near", ticketId, time(clock.nearAt), time(nearFiredAt)));
  }
  if (overdueFiredAt !== null || running) {
    lines.timer.push(line(clockId, "overdue", ticketId, time(clock.dueAt), time(overdueFiredAt)));
  }
}

function dataOf(
  data: EventData,
  ids: Ids,
  assignments: readonly number[],
  clocks: readonly (number | null)[],
): Record<string, unknown> {
  const all: Record<string, unknown> = { ...data.plain };
  for (const [key, names] of Object.entries(data.units ?? {})) {
    all[key] = typeof names === "string" ? ids.unit(names) : names.map((name) => ids.unit(name));
  }
  if (data.into !== undefined) all.into = String(ids.firstTicket + data.into);
  if (data.assignment !== undefined) all.assignmentId = String(assignments[data.assignment] ?? "");
  if (data.clock !== undefined) all.clockId = String(clocks[data.clock] ?? "");
  return all;
}

function line(...fields: readonly (string | number | boolean | null)[]): string {
  let text = "";
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i];
    if (i > 0) text += "\t";
    text +=
      field === null || field === undefined ? "\\N" : typeof field === "string" ? escaped(field) : field;
  }
  return `${text}\n`;
}

const SPECIAL = /[\\\t\n\r]/;
function escaped(field: string): string {
  if (!SPECIAL.test(field)) return field;
  return field
    .replaceAll("\\", "\\\\")
    .replaceAll("\t", "\\t")
    .replaceAll("\n", "\\n")
    .replaceAll("\r", "\\r");
}

/** An instant as PostgreSQL reads it; the day's part is kept, since most instants of a ticket share a few days. */
function time(at: number | null): string | null {
  if (at === null) return null;
  const day = Math.floor(at / DAY_MS);
  let text = days.get(day);
  if (text === undefined) {
    text = new Date(day * DAY_MS).toISOString().slice(0, 10);
    days.set(day, text);
  }
  const ms = at - day * DAY_MS;
  const two = (n: number): string => (n < 10 ? `0${n}` : `${n}`);
  const rest = ms % 1000 === 0 ? "" : `.${String(ms % 1000).padStart(3, "0")}`;
  return `${text} ${two(Math.floor(ms / HOUR_MS))}:${two(Math.floor(ms / MINUTE_MS) % 60)}:${two(Math.floor(ms / 1000) % 60)}${rest}Z`;
}
const days = new Map<number, string>();
