/**
 * 市级认定结果导入. A file of outcomes is looked at, its columns settled, each row matched with an application; then every row
 * that says something new is recorded in one transaction, by the same step as by hand. The same file again changes nothing.
 */
import {
  OUTCOME_FIELDS,
  type OutcomeField,
  type OutcomeLayout,
  readOutcomes,
  settleOutcomeColumns,
} from "@jiesu/core/exemption/outcomefile.ts";
import { type Judged, judgeOutcomes } from "@jiesu/core/exemption/outcomes.ts";
import type { SettledColumns } from "@jiesu/core/intake/columns.ts";
import { maskFileName } from "@jiesu/core/intake/filename.ts";
import type { RowFault } from "@jiesu/core/intake/row.ts";
import { DAY_MS, dayOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { keepSealed, readSealed, sweepSealed } from "../platform/files/sealed.ts";
import { digestOf } from "../platform/files/whole.ts";
import type { Shell } from "../platform/shell.ts";
import { headerRowOf, lookInto, type Place } from "../platform/tables/look.ts";
import { plainFileName } from "../platform/tables/open.ts";
import { settleOutcome } from "./actions.ts";
import {
  addFile,
  addLines,
  applicationsOf,
  cancelFile,
  confirmFile,
  earlierMapping,
  fileInForce,
  keptDigests,
  knownNumbers,
  lockOutcomes,
  type Mapping,
  type OutcomeFile,
  readFile,
  reshapeFile,
} from "./outcomestore.ts";
import { exemptionOf } from "./store.ts";

addWordings({
  "outcome-columns-missing": {
    status: 422,
    zh: (r) => `缺少必需的列：${String(r.columns)}，请对应后再继续。`,
  },
  "outcome-columns-twice": { status: 422, zh: (r) => `两列对应了同一项：${String(r.columns)}。` },
  "outcome-rows-faulty": {
    status: 422,
    zh: (r) => `有 ${String(r.rows)} 行读不出；请改正文件后重新上传，或选明“有误的行不导入”。`,
  },
  "outcome-rows-none": { status: 422, zh: () => "文件里没有一行可以导入，请核对表头和列的对应。" },
  "outcome-settled": { status: 409, zh: () => "这个文件已经生效或放弃，不能再改。" },
});

const FOLDER = "exemption-outcomes";
const MOST_KEPT_FAULTS = 1000;

/** `same` where these very bytes are in force already and nothing was changed. */
export interface TakenIn {
  readonly file: OutcomeFile;
  readonly same: boolean;
}

/** Takes a file in and says what it is; nothing of it counts before it is put in force. */
export async function takeIn(
  shell: Shell,
  actor: Actor,
  sent: { readonly name: string; readonly bytes: Buffer },
): Promise<TakenIn> {
  const fileName = maskFileName(plainFileName(sent.name));
  const sha256 = digestOf(sent.bytes);
  const { shape } = await look(shell, sent.bytes, fileName, {});
  const standing = await fileInForce(shell.db, sha256);
  if (standing !== null) return { file: standing, same: true };
  await keepSealed(shell, FOLDER, sent.bytes);
  const mapping = (await earlierMapping(shell.db, shape.signature)) ?? {};
  const layout = layoutOf(shell).name;
  const id = await addFile(shell.db, { fileName, sha256, shape, mapping, layout }, actor, shell.now());
  return { file: await fileOrRefuse(shell.db, id), same: false };
}

/** Another sheet or header row of a file that is only looked at. */
export async function placeFile(shell: Shell, file: OutcomeFile, place: Place): Promise<OutcomeFile> {
  if (file.status !== "uploaded") throw new Refused({ code: "outcome-settled" });
  const bytes = await readSealed(shell, FOLDER, file.sha256);
  const { shape } = await look(shell, bytes, file.fileName, place);
  const mapping = (await earlierMapping(shell.db, shape.signature)) ?? {};
  if (!(await reshapeFile(shell.db, file.id, shape, mapping))) throw new Refused({ code: "outcome-settled" });
  return fileOrRefuse(shell.db, file.id);
}

export interface Previewed {
  readonly columns: SettledColumns<OutcomeField>;
  readonly judged: readonly Judged[];
  readonly faults: readonly RowFault[];
  /** Rows that cannot be read: one may have several faults. */
  readonly refused: number;
}

/** What putting a file in force would do; nothing is written. */
export async function preview(shell: Shell, file: OutcomeFile, mapping: Mapping): Promise<Previewed> {
  return judged(shell, shell.db, file, mapping, false);
}

/** Puts a file in force: all of its rows in one transaction, or none. */
export async function putInForce(
  shell: Shell,
  actor: Actor,
  file: OutcomeFile,
  { mapping, skipFaulty }: { readonly mapping: Mapping; readonly skipFaulty: boolean },
): Promise<TakenIn> {
  const same = await shell.db.transaction().execute(async (tx) => {
    await lockOutcomes(tx);
    const standing = await fileInForce(tx, file.sha256);
    if (standing !== null) {
      await cancelFile(tx, file.id); // the same bytes were quicker
      return standing;
    }
    const read = await judged(shell, tx, file, mapping, true);
    refuseColumns(read.columns);
    if (read.refused > 0 && !skipFaulty)
      throw new Refused({ code: "outcome-rows-faulty", rows: read.refused });
    if (read.judged.length === 0) throw new Refused({ code: "outcome-rows-none" });
    const now = shell.now();
    const faults = read.faults.slice(0, MOST_KEPT_FAULTS).map((fault) => ({ ...fault }));
    if (!(await confirmFile(tx, file.id, mapping, faults, actor, now)))
      throw new Refused({ code: "outcome-settled" });
    await addLines(tx, file.id, read.judged);
    for (const { line, exemptionId, standing: how } of byApplication(read.judged)) {
      if (how !== "apply" || exemptionId === null) continue;
      const exemption = await exemptionOf(tx, exemptionId, null);
      if (exemption === null) throw new Error(`application ${exemptionId} is gone`);
      const paper = line.paper === "" ? `${file.fileName}（${dayOf(now)} 导入）` : line.paper;
      await settleOutcome(
        tx,
        shell,
        actor,
        exemption,
        { outcome: line.outcome, paper, note: line.reason },
        now,
      );
    }
    const detail = {
      ...{ file: file.id, name: file.fileName, rows: read.judged.length },
      applied: read.judged.filter(({ standing: how }) => how === "apply").length,
    };
    await audit(tx, now, actor.userId, actor.name, "exemption-outcomes", { detail });
    return null;
  });
  return same === null
    ? { file: await fileOrRefuse(shell.db, file.id), same: false }
    : { file: same, same: true };
}

/** Gives up a file that was only looked at. */
export async function giveUp(shell: Shell, file: OutcomeFile): Promise<void> {
  if (!(await cancelFile(shell.db, file.id))) throw new Refused({ code: "outcome-settled" });
}

/** Sealed files of uploads that were given up go a day later. */
export async function sweepOutcomeFiles(shell: Shell): Promise<number> {
  return sweepSealed(shell, FOLDER, await keptDigests(shell.db), shell.now() - DAY_MS);
}

export async function fileOrRefuse(db: Db, id: string): Promise<OutcomeFile> {
  const file = await readFile(db, id);
  if (!file || file.status === "cancelled") throw new Refused({ code: "not-found" });
  return file;
}

export function layoutOf(shell: Pick<Shell, "rules">): OutcomeLayout {
  const found = shell.rules.outcomeLayouts.at(-1);
  if (!found) throw new Error("no layout of outcomes");
  return found;
}

async function judged(
  shell: Shell,
  db: Db,
  file: OutcomeFile,
  mapping: Mapping,
  lock: boolean,
): Promise<Previewed> {
  const bytes = await readSealed(shell, FOLDER, file.sha256);
  const { sheetIndex: sheet, headerRow } = file.shape;
  const { rows } = await look(shell, bytes, file.fileName, { sheet, headerRow });
  const columns = settleOutcomeColumns(headerRowOf(file.shape.headers), layoutOf(shell), mapping);
  if (columns.missing.length > 0 || columns.twice.length > 0)
    return { columns, judged: [], faults: [], refused: 0 };
  const { lines, faults } = readOutcomes(layoutOf(shell), columns.columns, rows);
  const numbers = lines.map(({ number }) => number);
  const applications = await applicationsOf(db, numbers, lock);
  const known = await knownNumbers(db, numbers);
  return {
    columns,
    judged: judgeOutcomes(lines, applications, known),
    faults,
    refused: new Set(faults.map(({ row }) => row)).size,
  };
}

function look(shell: Shell, bytes: Buffer, fileName: string, place: Place) {
  return lookInto<OutcomeField, OutcomeLayout>(bytes, fileName, [layoutOf(shell)], place);
}

/** Locks are taken in one order, whatever the order of the file. */
function byApplication(all: readonly Judged[]): readonly Judged[] {
  return [...all].sort((a, b) => Number(a.exemptionId) - Number(b.exemptionId));
}

function refuseColumns({ missing, twice }: Previewed["columns"]): void {
  const zhOf = (fields: readonly OutcomeField[]): string =>
    [...new Set(fields)].map((field) => OUTCOME_FIELDS[field].zh).join("、");
  if (missing.length > 0) throw new Refused({ code: "outcome-columns-missing", columns: zhOf(missing) });
  if (twice.length > 0) throw new Refused({ code: "outcome-columns-twice", columns: zhOf(twice) });
}
