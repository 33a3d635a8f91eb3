/**
 * 报市. The centre's approved applications go to the city in batches: each once, in the city's own form, with an index of
 * their evidence. A batch is made whole or not at all; it ends by 市级签收, or is withdrawn before by a second person.
 */
import { createHash } from "node:crypto";
import {
  asksForPeople,
  batchNumber,
  type CityForm,
  type FormFacts,
  pathInPackage,
} from "@jiesu/core/exemption/cityform.ts";
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { inForce, type Version } from "@jiesu/core/rules/effective.ts";
import { dayOf, yearOf } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { isKept } from "../platform/files/kept.ts";
import type { Shell } from "../platform/shell.ts";
import { maskedRequester, revealRequester } from "../ticket/requester.ts";
import { groundFor } from "./actions.ts";
import { formBook, indexBook } from "./batchfiles.ts";
import {
  type Approved,
  type ApprovedFilter,
  addFiles,
  addItems,
  approved,
  type Batch,
  type BatchFile,
  batchOf,
  batchOfKey,
  endBatch,
  fileOf,
  type Item,
  insertBatch,
  itemsOf,
  lockApproved,
  lockBatches,
  markSent,
  markUnsent,
  nextSerial,
  type SentPiece,
} from "./batchstore.ts";
import { addStep } from "./store.ts";
import { answersText, SCOPE_ZH } from "./words.ts";

addWordings({
  "sending-none": { status: 422, zh: () => "没有选中要报市的申请。" },
  "sending-changed": {
    status: 409,
    zh: (r) => `有 ${String(r.gone)} 件申请已报市、已有结果或不在待报之列，本批没有生成；请刷新后重选。`,
  },
  "sending-held": {
    status: 409,
    zh: (r) => `${String(r.number)} 不能报市：${String(r.why)}。本批没有生成。`,
  },
  "sending-key": {
    status: 409,
    zh: (r) => `这一请求已生成批次 ${String(r.number)}，所选与当时不同；请刷新后重选。`,
  },
  "sending-large": {
    status: 422,
    zh: (r) => `佐证文件共 ${String(r.size)}，超过一批 ${String(r.limit)}，请分批报市。`,
  },
  "sending-form": { status: 409, zh: () => "今天没有生效的报市表式，请系统管理员检查设置。" },
  "sending-ended": { status: 409, zh: (r) => `该批次${String(r.how)}，不能再进行此操作。` },
  "sending-own": { status: 403, zh: () => "撤回须由制批人以外的另一人进行。" },
  "sending-decided": { status: 409, zh: () => "该批次已有市级结果，不能撤回。" },
  "sending-reason": { status: 422, zh: () => "请填写理由，至少 2 个字。" },
  "sending-evidence": {
    status: 409,
    zh: (r) => `佐证文件“${String(r.name)}”${String(r.why)}，压缩包不能按原样重做。`,
  },
});

/** Applications of one batch, and what their files may weigh together: what one package can hold. */
export const MOST = 500;
const MOST_BYTES = 2 * 1024 ** 3;

export interface Sendable {
  readonly application: Approved;
  /** Why it is held back; null where it can go. */
  readonly held: string | null;
}

/** What is approved and waits, with why some of it cannot go. */
export async function sendable(db: Db, shell: Shell, filter: ApprovedFilter): Promise<readonly Sendable[]> {
  const rows = await approved(db, filter, MOST);
  return Promise.all(
    rows.map(async (application) => ({ application, held: await heldBecause(shell, application) })),
  );
}

/** Makes a batch of exactly these applications; answers its id. The same request again answers the same batch. */
export function makeBatch(
  shell: Shell,
  actor: Actor,
  { key, ids }: { readonly key: string; readonly ids: readonly string[] },
): Promise<string> {
  const chosen = [...new Set(ids)].sort((a, b) => Number(a) - Number(b));
  if (chosen.length === 0) throw new Refused({ code: "sending-none" });
  const asked = createHash("sha256").update(chosen.join()).digest();
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    await lockBatches(tx);
    const earlier = await batchOfKey(tx, key);
    if (earlier !== null) {
      if (earlier.asked.equals(asked) && earlier.sentBy === actor.userId) return earlier.id;
      throw new Refused({ code: "sending-key", number: earlier.number });
    }
    const free = await lockApproved(tx, chosen);
    if (free !== chosen.length) throw new Refused({ code: "sending-changed", gone: chosen.length - free });
    const version = formOn(shell, now);
    const form = version.body;
    const items = await itemsFrom(tx, shell, form, await sendable(tx, shell, { ids: chosen }));
    const year = yearOf(dayOf(now));
    const serial = await nextSerial(tx, year);
    const number = batchNumber(form, year, serial);
    const id = await insertBatch(tx, {
      ...{ number, year, serial, form: version.name, key, asked, at: now, by: actor },
    });
    await addItems(tx, id, items);
    const making = { form, number, items, at: now };
    const { title } = form;
    await addFiles(tx, id, [
      fileMade("form", `${title}-${number}.xlsx`, await formBook(making)),
      fileMade("index", `${title}佐证目录-${number}.xlsx`, await indexBook(making)),
    ]);
    if ((await markSent(tx, id, chosen)) !== chosen.length)
      throw new Refused({ code: "sending-changed", gone: 1 });
    const told = { batch: id, number, day: dayOf(now) };
    for (const { exemptionId } of items) await addStep(tx, exemptionId, "send", number, actor, now, told);
    const detail = { batch: id, number, applications: items.length };
    await audit(tx, now, actor.userId, actor.name, "exemption-batch", { detail });
    return id;
  });
}

/** 市级签收. */
export function acknowledge(shell: Shell, actor: Actor, id: string, note: string): Promise<void> {
  return ending(shell, actor, id, "acknowledge", maskText(note).text, async () => {});
}

/** 撤回 by another person than the one who made it: its applications can be sent again. */
export function withdrawBatch(shell: Shell, actor: Actor, id: string, reason: string): Promise<void> {
  const why = reasonIn(reason);
  return ending(shell, actor, id, "withdraw", why, async (tx, batch, now) => {
    if (batch.sentBy === actor.userId) throw new Refused({ code: "sending-own" });
    const items = await itemsOf(tx, id);
    if ((await markUnsent(tx, id)) !== items.length) throw new Refused({ code: "sending-decided" });
    const told = { batch: id, number: batch.number };
    for (const { exemptionId } of items)
      await addStep(tx, exemptionId, "unsend", `${batch.number}：${why}`, actor, now, told);
  });
}

/**
 * 完整报市表: the form with the requesters in clear, for a reason; an audit row for every ticket. It is made once, from
 * what was known when somebody first asked, and kept under seal.
 */
export function clearForm(
  shell: Shell,
  actor: Actor,
  id: string,
  reason: string,
): Promise<{ readonly name: string; readonly bytes: Buffer }> {
  const why = reasonIn(reason);
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    await lockBatches(tx);
    const batch = await batchOrRefuse(tx, id);
    const items: Item[] = [];
    for (const item of await itemsOf(tx, id)) {
      const known = await revealRequester(tx, shell.secrets, actor, item.ticketId, why, now);
      const people = { requesterName: known?.name ?? "", requesterPhone: known?.phone ?? "" };
      items.push({ ...item, facts: { ...item.facts, ...people } });
    }
    const detail = { batch: id, number: batch.number, reason: why };
    await audit(tx, now, actor.userId, actor.name, "exemption-batch-clear", { detail });
    const kept = await fileOf(tx, id, "clear");
    if (kept !== null)
      return { name: kept.name, bytes: Buffer.from(shell.secrets.open(kept.bytes), "base64") };
    const form = formNamed(shell, batch.form);
    const bytes = await formBook({ form, number: batch.number, items, at: batch.sentAt.getTime() });
    const file = fileMade("clear", `${form.title}-${batch.number}（完整）.xlsx`, bytes);
    await addFiles(tx, id, [{ ...file, bytes: shell.secrets.seal(bytes.toString("base64")) }]);
    return { name: file.name, bytes };
  });
}

/** What the package of a batch is made of; refused while a file of it is hidden or gone. */
export async function packageParts(shell: Shell, actor: Actor, id: string) {
  const batch = await batchOrRefuse(shell.db, id);
  const items = await itemsOf(shell.db, id);
  for (const { hidden, evidence } of items) {
    const [name] = hidden;
    if (name !== undefined) throw new Refused({ code: "sending-evidence", name, why: "已被移除" });
    for (const { file } of evidence)
      if (file !== null && !(await isKept(shell.files, Buffer.from(file.sha256, "hex"), file.size)))
        throw new Refused({ code: "sending-evidence", name: file.name, why: "已丢失，请从备份恢复" });
  }
  const index = await fileOf(shell.db, id, "index");
  if (index === null) throw new Error(`batch ${id} has no index`);
  const detail = { batch: id, number: batch.number };
  await audit(shell.db, shell.now(), actor.userId, actor.name, "exemption-evidence", { detail });
  return { batch, items, index };
}

export async function batchOrRefuse(db: Db, id: string): Promise<Batch> {
  const batch = await batchOf(db, id);
  if (batch === null) throw new Refused({ code: "not-found" });
  return batch;
}

export function formOn(shell: Pick<Shell, "rules">, at: number): Version<CityForm> {
  const found = inForce(shell.rules.cityForms, dayOf(at));
  if (!found.ok) throw new Refused({ code: "sending-form" });
  return found.value;
}

function formNamed(shell: Pick<Shell, "rules">, name: string): CityForm {
  const found = shell.rules.cityForms.find((each) => each.name === name);
  if (!found) throw new Error(`city form ${name} is gone`);
  return found.body;
}

async function ending(
  shell: Shell,
  actor: Actor,
  id: string,
  step: "acknowledge" | "withdraw",
  note: string,
  work: (tx: Db, batch: Batch, now: number) => Promise<void>,
): Promise<void> {
  await shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    await lockBatches(tx);
    const batch = await batchOrRefuse(tx, id);
    if (batch.step !== null)
      throw new Refused({
        code: "sending-ended",
        how: batch.step === "withdraw" ? "已撤回" : "市级已签收",
      });
    await work(tx, batch, now);
    if (!(await endBatch(tx, id, step, note, actor, now))) throw new Error(`batch ${id} ended twice`);
    const detail = { batch: id, number: batch.number, note };
    await audit(tx, now, actor.userId, actor.name, `exemption-batch-${step}`, { detail });
  });
}

/** Why an approved application cannot go out as it stands; null when it can. */
async function heldBecause(shell: Shell, application: Approved): Promise<string | null> {
  if (application.void) return "该轮次已作废，不再计入本单位";
  for (const { file } of application.evidence) {
    if (file === null) continue;
    const found = application.files.find(({ id }) => id === file);
    if (found === undefined || found.hidden)
      return `佐证文件“${found?.name ?? file}”已被移除，请退回单位补充`;
    if (!(await isKept(shell.files, Buffer.from(found.sha256, "hex"), found.size)))
      return `佐证文件“${found.name}”已丢失，请从备份恢复`;
  }
  return null;
}

async function itemsFrom(
  tx: Db,
  shell: Shell,
  form: CityForm,
  rows: readonly Sendable[],
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let bytes = 0;
  for (const [at, { application, held }] of rows.entries()) {
    if (held !== null) throw new Refused({ code: "sending-held", number: application.number, why: held });
    const place = at + 1;
    const evidence = piecesOf(shell, application, place);
    bytes += evidence.reduce((sum, { file }) => sum + (file?.size ?? 0), 0);
    const people = asksForPeople(form)
      ? await maskedRequester(tx, shell.secrets, application.ticketId)
      : null;
    const requester = { requesterName: people?.name ?? "", requesterPhone: people?.phone ?? "" };
    const facts = factsOf(shell, application, evidence, requester);
    items.push({ place, exemptionId: application.id, facts, evidence });
  }
  if (bytes > MOST_BYTES)
    throw new Refused({ code: "sending-large", size: gb(bytes), limit: gb(MOST_BYTES) });
  return items;
}

function factsOf(
  shell: Shell,
  application: Approved,
  evidence: readonly SentPiece[],
  requester: Pick<FormFacts, "requesterName" | "requesterPhone">,
): FormFacts {
  const { number, round, unit, title, content, category, street, groundName, appliedBy } = application;
  return {
    ...{ number, round, unit, title, content, category, street, appliedBy },
    ...requester,
    application: application.id,
    countedAt: application.countedAt.getTime(),
    contactedAt: application.contactedAt?.getTime() ?? null,
    answers: answersText(application),
    ground: groundName,
    scope: SCOPE_ZH[groundFor(shell, application).scope],
    reason: maskText(application.reason).text,
    evidence: [...new Set(evidence.map(({ kind }) => kind))].join("、"),
    files: evidence.filter(({ file }) => file !== null).length,
    appliedAt: application.appliedAt.getTime(),
    reviewedAt: application.reviewedAt?.getTime() ?? null,
    reviewedBy: application.reviewedBy ?? "",
    note: maskText(application.note).text,
    appeal: application.appealOf === null ? "否" : "是",
  };
}

/** The pieces in the order in which the unit gave them; a piece with words and a file is one page of each. */
function piecesOf(shell: Shell, application: Approved, place: number): readonly SentPiece[] {
  const ground = groundFor(shell, application);
  return application.evidence.map(({ kind, text, file }, at): SentPiece => {
    const order = at + 1;
    const found = application.files.find(({ id }) => id === file);
    return {
      order,
      kind: ground.evidence.find((each) => each.kind === kind)?.name ?? kind,
      text: maskText(text).text,
      file: found
        ? {
            ...{ id: found.id, name: found.name, size: found.size, sha256: found.sha256 },
            path: pathInPackage(place, application.number, order, found.name),
          }
        : null,
    };
  });
}

function fileMade(kind: BatchFile["kind"], name: string, bytes: Buffer): BatchFile {
  return { kind, name, bytes, sha256: createHash("sha256").update(bytes).digest("hex") };
}

function reasonIn(reason: string): string {
  const said = maskText(reason.trim()).text;
  if (said.length < 2) throw new Refused({ code: "sending-reason" });
  return said;
}

const gb = (bytes: number): string => `${(bytes / 1024 ** 3).toFixed(1)} GB`;
