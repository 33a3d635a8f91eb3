/**
 * 市级结果导入. A file is looked at, its columns settled, then all its lines are written in one transaction as the next
 * version of its period and kind; the same file again changes nothing, and a wrong one is withdrawn with a reason.
 */
import { hash } from "node:crypto";
import { settleCityColumns } from "@jiesu/core/cityresult/columns.ts";
import { CITY_FIELDS, type CityField } from "@jiesu/core/cityresult/fields.ts";
import type { CityFileKind, CityLayout } from "@jiesu/core/cityresult/layout.ts";
import { type CityLine, lineReader, statedBy } from "@jiesu/core/cityresult/line.ts";
import { readUnitLines, type UnitLine } from "@jiesu/core/cityresult/unitline.ts";
import type { SettledColumns } from "@jiesu/core/intake/columns.ts";
import { maskFileName } from "@jiesu/core/intake/filename.ts";
import type { RawRow, RowFault } from "@jiesu/core/intake/row.ts";
import { DAY_MS } from "@jiesu/core/time/day.ts";
import type { PeriodName } from "@jiesu/core/time/period.ts";
import type { Actor } from "../../platform/auth/actor.ts";
import { audit } from "../../platform/auth/sessions.ts";
import { addWordings, Refused } from "../../platform/errors.ts";
import { keepSealed, readSealed, sweepSealed } from "../../platform/files/sealed.ts";
import { digestOf } from "../../platform/files/whole.ts";
import type { Shell } from "../../platform/shell.ts";
import { headerRowOf } from "../../platform/tables/look.ts";
import { plainFileName } from "../../platform/tables/open.ts";
import {
  addFile,
  addLines,
  addUnitLines,
  type CityFile,
  cancelFile,
  confirmFile,
  earlierMapping,
  fileInForce,
  type KeyedLine,
  keptDigests,
  lockVersions,
  type Mapping,
  readFile,
  reshapeFile,
  withdrawFile,
} from "./filestore.ts";
import { lookInto, type Place, type Seen } from "./look.ts";

addWordings({
  "city-header-unknown": {
    status: 422,
    zh: (r) => `认不出这是哪种市级结果文件（表头：${String(r.headers)}），请选明种类并逐列对应。`,
  },
  "city-columns-missing": { status: 422, zh: (r) => `缺少必需的列：${String(r.columns)}，请对应后再继续。` },
  "city-columns-twice": { status: 422, zh: (r) => `两列对应了同一项：${String(r.columns)}。` },
  "city-rows-faulty": {
    status: 422,
    zh: (r) => `有 ${String(r.rows)} 行读不出；请改正文件后重新上传，或选明“有误的行不导入”。`,
  },
  "city-rows-none": { status: 422, zh: () => "文件里没有一行可以导入，请核对表头和列的对应。" },
  "city-file-settled": { status: 409, zh: () => "这个文件已经确认或放弃，不能再改。" },
  "city-file-not-confirmed": { status: 409, zh: () => "这个文件没有在用，不需要撤回。" },
});

/** Where the sealed bytes lie. */
const FOLDER = "city-results";

/** A file that was sent; `same` where it is the one in force already and nothing was changed. */
export interface TakenIn {
  readonly file: CityFile;
  readonly same: boolean;
}

/** Takes a file in and says what it is; nothing of it counts before it is confirmed. */
export async function takeIn(
  shell: Shell,
  actor: Actor,
  sent: { readonly name: string; readonly bytes: Buffer },
  period: PeriodName,
  place: Place = {},
): Promise<TakenIn> {
  const fileName = maskFileName(plainFileName(sent.name));
  const sha256 = digestOf(sent.bytes);
  const seen = await lookInto(sent.bytes, fileName, shell.rules.cityLayouts, place);
  const layout = seen.layout ?? refuseHeader(seen);
  const standing = await fileInForce(shell.db, period, layout.kind);
  if (standing?.sha256.equals(sha256)) return { file: standing, same: true };
  await keepSealed(shell, FOLDER, sent.bytes);
  const mapping = (await earlierMapping(shell.db, layout.kind, seen.shape.signature)) ?? {};
  const { kind, name } = layout;
  const id = await addFile(
    shell.db,
    { period, kind, layout: name, fileName, sha256, shape: seen.shape, mapping },
    actor,
    shell.now(),
  );
  return { file: await fileOrRefuse(shell, id), same: false };
}

/** Another sheet, header row or kind of a file that is only looked at. */
export async function placeFile(shell: Shell, file: CityFile, place: Place): Promise<CityFile> {
  if (file.status !== "uploaded") throw new Refused({ code: "city-file-settled" });
  const bytes = await readSealed(shell, FOLDER, file.sha256);
  const seen = await lookInto(bytes, file.fileName, shell.rules.cityLayouts, place);
  const layout = seen.layout ?? layoutOf(shell, place.kind ?? file.kind);
  const mapping = (await earlierMapping(shell.db, layout.kind, seen.shape.signature)) ?? {};
  const to = { shape: seen.shape, kind: layout.kind, layout: layout.name, mapping };
  if (!(await reshapeFile(shell.db, file.id, to))) throw new Refused({ code: "city-file-settled" });
  return fileOrRefuse(shell, file.id);
}

/** What a file says under a mapping. */
export interface ReadFile {
  readonly columns: SettledColumns<CityField>;
  readonly lines: readonly KeyedLine[];
  readonly units: readonly UnitLine[];
  readonly faults: readonly RowFault[];
  /** Rows that are refused: one may have several faults. */
  readonly refused: number;
  /** 合计 rows that were passed over. */
  readonly totals: number;
}

/** Reads a kept file to its end under these columns; nothing is written. */
export async function readWhole(shell: Shell, file: CityFile, mapping: Mapping): Promise<ReadFile> {
  const bytes = await readSealed(shell, FOLDER, file.sha256);
  const { sheetIndex: sheet, headerRow } = file.shape;
  const place = { sheet, headerRow, kind: file.kind };
  const { rows } = await lookInto(bytes, file.fileName, shell.rules.cityLayouts, place);
  return readRows(layoutOf(shell, file.kind), file.shape.headers, mapping, rows);
}

export function readRows(
  layout: CityLayout,
  headers: CityFile["shape"]["headers"],
  mapping: Mapping,
  rows: readonly RawRow[],
): ReadFile {
  const columns = settleCityColumns(headerRowOf(headers), layout, mapping);
  const nothing = { columns, lines: [], units: [], faults: [], refused: 0, totals: 0 };
  if (columns.missing.length > 0 || columns.twice.length > 0) return nothing;
  if (layout.kind === "units") {
    const { lines, faults, totals } = readUnitLines(layout, columns.columns, rows);
    return { ...nothing, units: lines, faults, totals, refused: rowsOf(faults) };
  }
  const read = lineReader(layout, columns.columns);
  const faults: RowFault[] = [];
  const lines: CityLine[] = [];
  let totals = 0;
  for (const raw of rows) {
    const answer = read(raw);
    if (answer.as === "total") totals += 1;
    else if (answer.as === "faulty") faults.push(...answer.faults);
    else lines.push(answer.line);
  }
  return { ...nothing, lines: keyed(lines), faults, totals, refused: rowsOf(faults) };
}

export interface Confirmation {
  readonly mapping: Mapping;
  /** Whether rows that cannot be read are left out rather than refusing the file. */
  readonly skipFaulty: boolean;
}

/** Writes every line of a file and puts it in force, in one transaction; a corrected file supersedes the one before. */
export async function confirmWhole(
  shell: Shell,
  actor: Actor,
  file: CityFile,
  { mapping, skipFaulty }: Confirmation,
): Promise<TakenIn> {
  if (file.status !== "uploaded") throw new Refused({ code: "city-file-settled" });
  const read = settledOrRefuse(await readWhole(shell, file, mapping));
  if (read.refused > 0 && !skipFaulty) throw new Refused({ code: "city-rows-faulty", rows: read.refused });
  const count = read.lines.length + read.units.length;
  if (count === 0) throw new Refused({ code: "city-rows-none" });
  const same = await shell.db.transaction().execute(async (tx) => {
    await lockVersions(tx, file.period, file.kind);
    const standing = await fileInForce(tx, file.period, file.kind);
    if (standing?.sha256.equals(file.sha256)) {
      await cancelFile(tx, file.id); // the same bytes were quicker
      return standing;
    }
    const to = {
      mapping,
      stated: file.kind === "lines" ? statedBy(read.columns.columns) : [],
      rows: count,
      refused: read.faults.slice(0, MOST_KEPT_FAULTS).map((fault) => ({ ...fault })),
    };
    if (!(await confirmFile(tx, file, to, actor, shell.now())))
      throw new Refused({ code: "city-file-settled" });
    await addLines(tx, file.id, read.lines);
    await addUnitLines(tx, file.id, read.units);
    const detail = { file: file.id, name: file.fileName, period: file.period, kind: file.kind, rows: count };
    await audit(tx, shell.now(), actor.userId, actor.name, "city-result-import", { detail });
    return null;
  });
  return same === null
    ? { file: await fileOrRefuse(shell, file.id), same: false }
    : { file: same, same: true };
}

const MOST_KEPT_FAULTS = 1000;

/** Takes a wrong file out of force: the version before it counts again. */
export async function withdrawWhole(
  shell: Shell,
  actor: Actor,
  file: CityFile,
  why: string,
): Promise<CityFile> {
  await shell.db.transaction().execute(async (tx) => {
    await lockVersions(tx, file.period, file.kind);
    if (!(await withdrawFile(tx, file.id, why, actor, shell.now())))
      throw new Refused({ code: "city-file-not-confirmed" });
    const detail = { file: file.id, name: file.fileName, period: file.period, kind: file.kind, why };
    await audit(tx, shell.now(), actor.userId, actor.name, "city-result-withdraw", { detail });
  });
  return fileOrRefuse(shell, file.id);
}

/** Gives up a file that was only looked at. */
export async function giveUp(shell: Shell, file: CityFile): Promise<void> {
  if (!(await cancelFile(shell.db, file.id))) throw new Refused({ code: "city-file-settled" });
}

/** Sealed files of uploads that were given up go a day later. */
export async function sweepCityFiles(shell: Shell): Promise<number> {
  return sweepSealed(shell, FOLDER, await keptDigests(shell.db), shell.now() - DAY_MS);
}

export async function fileOrRefuse(shell: Shell, id: string): Promise<CityFile> {
  const file = await readFile(shell.db, id);
  if (!file || file.status === "cancelled") throw new Refused({ code: "not-found" });
  return file;
}

export function layoutOf(shell: Pick<Shell, "rules">, kind: CityFileKind): CityLayout {
  const found = shell.rules.cityLayouts.find((layout) => layout.kind === kind);
  if (!found) throw new Error(`no layout of kind ${kind}`);
  return found;
}

/** Refuses columns under which no row says anything. */
export function settledOrRefuse(read: ReadFile): ReadFile {
  const { missing, twice } = read.columns;
  if (missing.length > 0) throw new Refused({ code: "city-columns-missing", columns: zhOf(missing) });
  if (twice.length > 0) throw new Refused({ code: "city-columns-twice", columns: zhOf(twice) });
  return read;
}

/**
 * The key of a line is of what names its round, not of what is said of it: a corrected file has the same. Where nothing
 * but the number names it, the order among lines of that number does.
 */
function keyed(lines: readonly CityLine[]): readonly KeyedLine[] {
  const times = new Map<string, number>();
  return lines.map((line) => {
    const names = [line.number, line.round ?? "", line.dispatchedAt ?? ""].join("|");
    const time = times.get(names) ?? 0;
    times.set(names, time + 1);
    return { ...line, key: hash("sha256", `${names}|${time}`, "hex").slice(0, 20) };
  });
}

function refuseHeader({ shape }: Seen): never {
  const headers = shape.headers.map(({ header }) => header).join("、");
  const short = headers.length > 200 ? `${headers.slice(0, 199)}…` : headers;
  throw new Refused({ code: "city-header-unknown", headers: short });
}

const rowsOf = (faults: readonly RowFault[]): number => new Set(faults.map(({ row }) => row)).size;
const zhOf = (fields: readonly CityField[]): string =>
  [...new Set(fields)].map((field) => CITY_FIELDS[field].zh).join("、");
