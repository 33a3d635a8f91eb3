/**
 * 导出. Writes tickets back to Excel with the columns of a profile, a row a round: what was imported and has not been
 * worked on comes back as it was said, everything else as the ledger has it. Names and numbers of people are covered.
 */
import { PassThrough, type Readable, type Writable } from "node:stream";
import { ALL_FIELDS, FIELDS, type Field } from "@jiesu/core/intake/fields.ts";
import { writeInstant } from "@jiesu/core/intake/instant.ts";
import type { Profile, Words } from "@jiesu/core/intake/profile.ts";
import ExcelJS from "exceljs";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import type { Shell } from "../platform/shell.ts";
import { listTickets, type TicketFilter } from "../ticket/list.ts";
import { type ExportedTicket, readExported } from "./exported.ts";
import { columnsOf } from "./inspect.ts";
import { findProfile } from "./profiles.ts";
import { touchedTickets } from "./rowstore.ts";
import { batchesOf } from "./store.ts";

const PAGE = 500;
/** What one sheet can hold, less a header. */
export const MAX_EXPORT_ROWS = 1_000_000;
const MAX_EXTRA_COLUMNS = 60;

export interface Exported {
  readonly rows: number;
}

/** Writes the tickets of a filter that this person may see to `out`; answers when the last byte is handed over. */
export async function writeExport(
  shell: Shell,
  actor: Actor,
  profile: Profile,
  filter: TicketFilter,
  out: Writable,
): Promise<Exported> {
  const book = new ExcelJS.stream.xlsx.WorkbookWriter({
    stream: out,
    useStyles: false,
    useSharedStrings: false,
  });
  const sheet = book.addWorksheet("工单");
  const fields = ALL_FIELDS.filter((field) => profile.fields[field] !== undefined && field !== "sequence");
  const extras = await extraHeaders(shell.db, filter);
  const headers = [...fields.map((field) => profile.fields[field]?.[0] ?? FIELDS[field].zh), ...extras];
  sheet.addRow(headers).commit();
  let rows = 0;
  let after: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listTickets>> = await listTickets(
      shell.db,
      actor,
      filter,
      "-received",
      PAGE,
      after,
      shell.now(),
    );
    const ids = page.rows.map((r) => r.id);
    const touched = await touchedTickets(shell.db, ids);
    for (const ticket of await readExported(shell.db, shell.secrets, ids)) {
      for (const line of linesOf(ticket, profile, touched.has(ticket.id))) {
        if (rows >= MAX_EXPORT_ROWS) break;
        rows += 1;
        const cells = [
          ...fields.map((field) => line.fields[field] ?? ""),
          ...extras.map((h) => line.extra[h] ?? ""),
        ];
        sheet.addRow(cells).commit();
      }
    }
    after = page.next;
  } while (after !== null && rows < MAX_EXPORT_ROWS);
  sheet.commit();
  await book.commit();
  return { rows };
}

/** The same as a stream to send; a fault breaks it off. */
export function exportStream(shell: Shell, actor: Actor, profile: Profile, filter: TicketFilter): Readable {
  const out = new PassThrough();
  writeExport(shell, actor, profile, filter, out).catch((error: unknown) =>
    out.destroy(error instanceof Error ? error : new Error("export failed")),
  );
  return out;
}

/**
 * A cell of a CSV file that no spreadsheet takes for a formula. Cells of .xlsx files need none of this: they are of the
 * type text.
 */
export function safeCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

interface Line {
  readonly fields: Partial<Record<Field, string>>;
  readonly extra: Readonly<Record<string, string>>;
}

/** One line a round, the oldest first; a ticket without a round has one line too. */
function linesOf(ticket: ExportedTicket, profile: Profile, touched: boolean): readonly Line[] {
  if (!touched && ticket.kept.length > 0) {
    return ticket.kept.map((kept) => ({
      fields: inWords(profile, { ...kept.said.fields, unit: kept.unitName }, ticket),
      extra: kept.said.extra,
    }));
  }
  const rounds = ticket.rounds.length > 0 ? ticket.rounds : [null];
  return rounds.map((round, i) => {
    const last = i === rounds.length - 1;
    // A row that waited without a unit tells of the round that the centre then opened.
    const kept =
      ticket.kept.find((k) => k.round === (round?.round ?? 0)) ?? (last ? ticket.kept.at(-1) : null);
    const said = kept?.said.fields ?? {};
    const now: Record<string, string> = {
      ...said,
      ...(last ? factsNow(ticket) : {}),
      number: ticket.number,
      channel: ticket.channel,
      kind: ticket.kind,
      receivedAt: writeInstant(ticket.receivedAt),
      unit: round?.unitName ?? "",
      result: round?.report ?? said.result ?? "",
      contacted: round?.contacted ?? "",
      solved: round?.solved ?? "",
      satisfied: round?.satisfied ?? "",
      dispatchedAt: said.dispatchedAt ?? (round ? writeInstant(round.dispatchedAt) : ""),
    };
    const fields = inWords(profile, last ? { ...now, ...stateNow(ticket, profile, now) } : now, ticket);
    return { fields, extra: kept?.said.extra ?? {} };
  });
}

function factsNow(t: ExportedTicket): Record<string, string> {
  return {
    title: t.title,
    content: t.content,
    level: String(t.level),
    category1: t.category1,
    category2: t.category2,
    category3: t.category3,
    district: t.district,
    street: t.street,
    community: t.community,
    address: t.address,
    enterprise: t.enterprise,
    reply: t.reply,
    ...(t.cityDueAt === null ? {} : { dueAt: writeInstant(t.cityDueAt) }),
  };
}

/** State and closing of the last round, in the words and columns that this profile has for them. */
function stateNow(t: ExportedTicket, profile: Profile, said: Record<string, string>): Record<string, string> {
  const word = profile.states[`${t.state}:${t.closingKind}`]?.[0] ?? profile.states[t.state]?.[0] ?? "";
  const closedAt = t.closedAt === null ? "" : writeInstant(t.closedAt);
  const repliedAt = said.repliedAt ?? (profile.fields.closedAt === undefined ? closedAt : "");
  return { stateText: word, closedAt, repliedAt };
}

/** Meanings back into the sender's words; people covered; a number without the prefix that was put before it. */
function inWords(
  profile: Profile,
  fields: Readonly<Record<string, string>>,
  ticket: ExportedTicket,
): Partial<Record<Field, string>> {
  const word = (words: Words | undefined, meaning: string | undefined): string =>
    meaning === undefined ? "" : (words?.[meaning]?.[0] ?? meaning);
  const { number = "", category1 = "", category2 = "", category3 = "" } = fields;
  const levels = [category1, category2, category3].filter((level) => level !== "");
  return {
    ...fields,
    number:
      profile.numberPrefix !== "" && number.startsWith(profile.numberPrefix)
        ? number.slice(profile.numberPrefix.length)
        : number,
    categoryPath: levels.join("->"),
    channel: fields.channel === undefined ? "" : word(profile.words.channel, fields.channel),
    rejected: word(profile.words.rejected, fields.rejected),
    level: word(profile.words.level, fields.level),
    part: word(profile.words.part, fields.part),
    validCallback: word(profile.words.validCallback, fields.validCallback),
    contacted: word(profile.words.contacted, fields.contacted),
    solved: word(profile.words.solved, fields.solved),
    satisfied: word(profile.words.satisfied, fields.satisfied),
    requesterName: fields.requesterName ?? ticket.requester?.name ?? "",
    requesterContact: fields.requesterContact ?? ticket.requester?.phone ?? "",
    requesterAccount: fields.requesterAccount ?? ticket.requester?.account ?? "",
  };
}

/** Headers of the extra columns of the files that these tickets came in, so that they go back with them. */
async function extraHeaders(db: Db, filter: TicketFilter): Promise<readonly string[]> {
  const batches = await batchesOf(db, filter.from ?? null, filter.to ?? null);
  const headers = batches.flatMap((batch) => {
    const profile = findProfile(batch.profile);
    const columns = profile ? columnsOf(batch.shape, profile, batch.mapping) : null;
    return columns?.ok ? columns.value.flatMap((c) => (c.field === null ? [c.header] : [])) : [];
  });
  return [...new Set(headers)].slice(0, MAX_EXTRA_COLUMNS);
}
