/**
 * 市级清单导入. A file is looked at as often as its columns are changed and nothing of it is kept; confirmed, every line that has
 * its ticket and round becomes an item, the others are kept with why, in one transaction. The same file again changes nothing,
 * a corrected one adds only what is new, and lines whose ticket came later are matched again.
 */
import { matchLines, type Unmatched } from "@jiesu/core/cityresult/match.ts";
import { maskFileName } from "@jiesu/core/intake/filename.ts";
import type { SupervisionLevel } from "@jiesu/core/supervision/lifecycle.ts";
import {
  LIST_FIELDS,
  type ListField,
  type ListLayout,
  type ListLine,
  listColumns,
  type ReadList,
  readList,
} from "@jiesu/core/supervision/list.ts";
import { dayOf } from "@jiesu/core/time/day.ts";
import { type Period, type PeriodName, parsePeriodName, periodNamed } from "@jiesu/core/time/period.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { digestOf } from "../platform/files/whole.ts";
import type { Shell } from "../platform/shell.ts";
import { headerRowOf, type Looked, lookInto, type Place } from "../platform/tables/look.ts";
import { plainFileName } from "../platform/tables/open.ts";
import { readUnitBook, type UnitBook } from "../ticket/unitbook.ts";
import { periodSettingsAt, register } from "./actions.ts";
import {
  addLines,
  addList,
  type CandidateRound,
  earlierMapping,
  itemsOfPeriod,
  linesOf,
  listLists,
  lockPeriod,
  type Mapping,
  matchedLine,
  type NewLine,
  roundsOf,
  sameList,
} from "./liststore.ts";

addWordings({
  "list-columns-missing": { status: 422, zh: (r) => `缺少必需的列：${String(r.columns)}，请对应后再继续。` },
  "list-columns-twice": { status: 422, zh: (r) => `两列对应了同一项：${String(r.columns)}。` },
  "list-rows-faulty": {
    status: 422,
    zh: (r) => `有 ${String(r.rows)} 行读不出；请改正文件后重新上传，或选明“有误的行不导入”。`,
  },
  "list-rows-none": { status: 422, zh: () => "文件里没有一行可以导入，请核对表头和列的对应。" },
});

type Person = Actor & { readonly userId: string };

interface AskedList {
  readonly name: string;
  readonly bytes: Buffer;
  readonly period: PeriodName;
  readonly place: Place;
  /** Null: what was confirmed last for the same header. */
  readonly mapping: Mapping | null;
  /** For lines that name no level. */
  readonly level: SupervisionLevel;
}

/** A line with the round of ours that it means, or why there is none; `item` where it is under supervision already. */
export interface Matched {
  readonly line: ListLine;
  readonly round: CandidateRound | null;
  readonly why: Unmatched | null;
  readonly item: string | null;
}

export interface SeenFile extends ReadList {
  readonly shape: Looked<ListLayout>["shape"];
  readonly layout: ListLayout;
  readonly fileName: string;
  readonly sha256: Buffer;
  readonly mapping: Mapping;
  readonly columns: readonly {
    readonly header: string;
    readonly field: ListField | "";
    readonly samples: readonly string[];
  }[];
  readonly missing: readonly ListField[];
  readonly twice: readonly ListField[];
  readonly matched: readonly Matched[];
  /** The list that these very bytes are already. */
  readonly same: string | null;
}

/** Reads a file to its end and says what would come of it; nothing is written. */
export async function lookAtList(shell: Shell, asked: AskedList): Promise<SeenFile> {
  const fileName = maskFileName(plainFileName(asked.name));
  const [first] = shell.rules.supervisionLists;
  if (!first) throw new Error("no layout of a city list");
  const looked = await lookInto<ListField, ListLayout>(
    asked.bytes,
    fileName,
    shell.rules.supervisionLists,
    asked.place,
  );
  const { shape, rows } = looked;
  const layout = looked.layout ?? first;
  const mapping = asked.mapping ?? (await earlierMapping(shell.db, shape.signature));
  const settled = listColumns(headerRowOf(shape.headers), layout, mapping);
  const usable = settled.missing.length === 0 && settled.twice.length === 0;
  const read = usable
    ? readList(layout, settled.columns, rows)
    : { lines: [], faults: [], refused: 0, totals: 0 };
  const sha256 = digestOf(asked.bytes);
  return {
    ...read,
    ...{ shape, layout, fileName, sha256, mapping, missing: settled.missing, twice: settled.twice },
    columns: settled.columns.map(({ header, field }, i) => ({
      header,
      field: field === null || field === "-" ? "" : field,
      samples: [...new Set(shape.samples.map((row) => row.cells[i] ?? ""))]
        .filter((cell) => cell !== "")
        .slice(0, 3),
    })),
    matched: await matchedOf(shell, shell.db, read.lines, periodOf(shell, asked.period)),
    same: await sameList(shell.db, asked.period, sha256),
  };
}

/** Puts a list in: items of its lines, each with its own clock of forwarding; answers the list, and whether it was there. */
export async function confirmList(
  shell: Shell,
  actor: Person,
  asked: AskedList,
  skipFaulty: boolean,
): Promise<{ readonly id: string; readonly same: boolean }> {
  const file = await lookAtList(shell, asked);
  if (file.same !== null) return { id: file.same, same: true };
  if (file.missing.length > 0)
    throw new Refused({ code: "list-columns-missing", columns: zhOf(file.missing) });
  if (file.twice.length > 0) throw new Refused({ code: "list-columns-twice", columns: zhOf(file.twice) });
  if (file.refused > 0 && !skipFaulty) throw new Refused({ code: "list-rows-faulty", rows: file.refused });
  if (file.lines.length === 0) throw new Refused({ code: "list-rows-none" });
  return shell.db.transaction().execute(async (tx) => {
    await lockPeriod(tx, asked.period);
    const same = await sameList(tx, asked.period, file.sha256);
    if (same !== null) return { id: same, same: true };
    const now = shell.now();
    const { fileName, sha256, mapping, lines, shape } = file;
    const id = await addList(
      tx,
      {
        ...{ period: asked.period, fileName, sha256, mapping, rows: lines.length },
        ...{ signature: shape.signature, refused: file.faults.slice(0, MOST_KEPT_FAULTS) },
      },
      actor,
      now,
    );
    const matched = await matchedOf(shell, tx, lines, periodOf(shell, asked.period));
    const book = await readUnitBook(tx);
    const kept: NewLine[] = [];
    for (const each of matched)
      kept.push(await lineWithItem(shell, tx, actor, book, each, asked.period, asked.level, now));
    await addLines(tx, id, kept);
    const detail = { list: id, name: fileName, period: asked.period, rows: lines.length };
    await audit(tx, now, actor.userId, actor.name, "supervision-list-import", { detail });
    return { id, same: false };
  });
}

/** Looks again for the tickets of lines that had none; answers how many have their item now. */
export function rematchList(
  shell: Shell,
  actor: Person,
  id: string,
  level: SupervisionLevel,
): Promise<number> {
  return shell.db.transaction().execute(async (tx) => {
    const [list] = await listLists(tx, id);
    const period = list ? parsePeriodName(list.period) : null;
    if (!list || period === null) throw new Refused({ code: "not-found" });
    await lockPeriod(tx, period);
    const open = (await linesOf(tx, id)).filter((line) => line.item_id === null);
    const matched = await matchedOf(
      shell,
      tx,
      open.map((line) => line.said),
      periodOf(shell, period),
    );
    const book = await readUnitBook(tx);
    const byRow = new Map(open.map((line) => [line.row, line.id]));
    let done = 0;
    for (const each of matched) {
      const lineId = byRow.get(each.line.row);
      const { ticketId, itemId } = await lineWithItem(
        shell,
        tx,
        actor,
        book,
        each,
        period,
        level,
        shell.now(),
      );
      if (lineId === undefined || ticketId === null || itemId === null) continue;
      await matchedLine(tx, lineId, ticketId, itemId);
      done += 1;
    }
    return done;
  });
}

const MOST_KEPT_FAULTS = 1000;

async function matchedOf(
  shell: Shell,
  db: Db,
  lines: readonly ListLine[],
  period: Period,
): Promise<readonly Matched[]> {
  const book = await readUnitBook(db);
  const there = await roundsOf(db, [...new Set(lines.map((line) => line.number))]);
  const on = dayOf(shell.now());
  const found = matchLines(
    lines.map((line) => ({
      ...{ key: String(line.row), number: line.number, round: line.round, dispatchedAt: line.dispatchedAt },
      unitId: line.unit === "" ? null : book.find(line.unit, on),
    })),
    there,
    new Map(),
    period,
  );
  const items = await itemsOfPeriod(
    db,
    period.name,
    [...there.values()].flat().map((round) => round.ticketId),
  );
  return lines.map((line) => {
    const match = found.get(String(line.row));
    if (!match?.ok) return { line, round: null, why: match?.why ?? "noTicket", item: null };
    const { ticketId, round } = match.ref;
    const ours =
      there.get(line.number)?.find((each) => each.ticketId === ticketId && each.round === round) ?? null;
    return {
      line,
      round: ours,
      why: ours === null ? "noRound" : null,
      item: items.get(`${ticketId} ${round}`) ?? null,
    };
  });
}

async function lineWithItem(
  shell: Shell,
  tx: Db,
  actor: Person,
  book: UnitBook,
  { line, round, why, item }: Matched,
  period: PeriodName,
  level: SupervisionLevel,
  now: number,
): Promise<NewLine> {
  if (round === null) return { line, ticketId: null, itemId: null, why: why ?? "noTicket" };
  if (item !== null) return { line, ticketId: round.ticketId, itemId: item, why: null };
  const unitId = (line.unit === "" ? null : book.find(line.unit, dayOf(now))) ?? round.unitId;
  const made = await register(
    shell,
    tx,
    {
      ...({ origin: "city", subject: null, state: "arrived", leader: "", notedOn: null } as const),
      ...{ period, level: line.level ?? level, givenDueAt: line.dueAt },
      title: round.title === "" ? line.number : round.title,
      matter:
        [line.asked, line.note].filter((words) => words !== "").join("\n") ||
        "市级清单所列未办结工单，请按期办结。",
      unitIds: unitId === null ? [] : [unitId],
      tickets: [{ id: round.ticketId, round: round.round }],
    },
    { at: now, userId: actor.userId, userName: actor.name, role: actor.roles[0] ?? "supervisor" },
  );
  return { line, ticketId: round.ticketId, itemId: made, why: made === null ? "twice" : null };
}

function periodOf(shell: Shell, name: PeriodName): Period {
  return periodNamed(periodSettingsAt(shell, shell.now()), name);
}

const zhOf = (fields: readonly ListField[]): string =>
  [...new Set(fields)].map((f) => LIST_FIELDS[f]).join("、");
