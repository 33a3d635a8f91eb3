/** 消息的后台步骤. Follows the events and tells those concerned; also what came of bulk moves and imports. */
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { isMove, stepOf } from "@jiesu/core/ticket/lifecycle.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { type ConsumedEvent, consume } from "../platform/events/consumer.ts";
import { followNotices } from "../platform/outbox/follow.ts";
import type { Shell } from "../platform/shell.ts";
import { askerOf, centreHand, mentioned, peopleOfUnit } from "./recipients.ts";
import { addMessages, addNoticed, forgetRead, type Kind, type NewMessage } from "./store.ts";

const DAY_MS = 24 * 3_600_000;
/** A result older than this is told to nobody: a worker that was off for a week does not wake everybody. */
const LOOK_BACK_MS = 7 * DAY_MS;
const KEPT_READ_MS = 180 * DAY_MS;

/** One page of events, one of notices, and results not told yet; answers how many there were. */
export async function inboxStep(shell: Shell): Promise<number> {
  const seen = await consume(shell.db, "inbox", async (tx, events) => {
    const telling = events.filter((e) => e.kind in TELLS);
    if (telling.length > 0) await addMessages(tx, await messagesOf(tx, telling));
  });
  const noticed = await followNotices(shell.db, "inbox-notices", addNoticed);
  await tellResults(shell.db, shell.now());
  if (seen + noticed === 0) await forgetRead(shell.db, shell.now() - KEPT_READ_MS);
  return seen + noticed;
}

interface Telling {
  readonly kind: Kind;
  readonly title: string;
  readonly who: readonly string[];
  readonly said?: string;
}
type Tell = (db: Db, event: ConsumedEvent) => Promise<Telling | null>;

const backToUnit =
  (title: string, field: string): Tell =>
  async (db, e) =>
    e.unitId === null
      ? null
      : { kind: "returned", title, who: await peopleOfUnit(db, e.unitId, e), said: textIn(e, field) };

const backToCentre =
  (title: string, field: string, doneBy: readonly string[]): Tell =>
  async (db, e) => ({
    kind: "returned",
    title,
    who: await centreHand(db, e, doneBy),
    said: textIn(e, field),
  });

/** To who asked, and to the unit's people who have the ticket in hand. */
const answerToAsker =
  (title: string): Tell =>
  async (db, e) => {
    if (e.unitId === null) return null;
    const who = [...(await askerOf(db, e)), ...(await peopleOfUnit(db, e.unitId, e))];
    return { kind: "returned", title, who, said: textIn(e, "opinion") };
  };

const tellMentioned: Tell = async (db, e) => {
  const said = textIn(e, "text");
  const who = await mentioned(db, e, said);
  return who.length === 0 ? null : { kind: "mention", title: `${e.userName}在备注中提到您`, who, said };
};

/** Which events are told, and how. */
const TELLS: Readonly<Record<string, Tell>> = {
  returnToCentre: backToCentre("承办单位申请退单", "ground", ["dispatch", "rule"]),
  refuseReply: backToCentre("直接回复被退回修改", "reason", ["replyDirectly", "handleDirectly"]),
  rejectWithdraw: backToCentre("退市被市级驳回", "reason", ["applyWithdraw"]),
  rework: backToUnit("工单退回重办", "reason"),
  refuseReturn: backToUnit("退单申请被驳回", "reason"),
  grantExtension: answerToAsker("延期申请已同意"),
  refuseExtension: answerToAsker("延期申请未同意"),
  grantPause: answerToAsker("暂停计时申请已同意"),
  refusePause: answerToAsker("暂停计时申请未同意"),
  pauseOver: backToUnit("暂停到期，时限恢复计时", "groundZh"),
  note: tellMentioned,
  urge: tellMentioned,
};

async function messagesOf(tx: Db, events: readonly ConsumedEvent[]): Promise<NewMessage[]> {
  const tickets = await tx
    .selectFrom("ticket")
    .select(["id", "number", "title"])
    .where("id", "in", [...new Set(events.map((e) => e.ticketId))])
    .execute();
  const byId = new Map(tickets.map((t) => [t.id, t]));
  const all: NewMessage[] = [];
  for (const e of events) {
    const telling = await TELLS[e.kind]?.(tx, e);
    const ticket = byId.get(e.ticketId);
    if (!telling || !ticket) continue;
    const what = [`${ticket.number} ${ticket.title}`.trim(), excerpt(telling.said ?? "")];
    for (const userId of new Set(telling.who)) {
      if (userId === e.userId) continue;
      all.push({
        userId,
        cause: `event:${e.id}`,
        kind: telling.kind,
        ticketId: e.ticketId,
        title: telling.title,
        body: what.filter((s) => s !== "").join("\n"),
        link: `/tickets/${e.ticketId}`,
        at: e.at,
      });
    }
  }
  return all;
}

/** Finished bulk moves and imports of the last week of which their person was not told. */
async function tellResults(db: Db, now: number): Promise<void> {
  const since = new Date(now - LOOK_BACK_MS);
  const runs = await sql<{
    id: string;
    user_id: string;
    move: string;
    asked: number;
    done: number;
    at: Date;
  }>`
    select id, user_id, move, asked, done, at from bulk_run r
    where at >= ${since} and asked > 1
      and not exists (select from inbox_message m where m.user_id = r.user_id and m.cause = 'bulk:' || r.id)
    order by id limit 200`.execute(db);
  const imports = await sql<{
    id: string;
    user_id: string;
    file_name: string;
    status: string;
    created: number;
    updated: number;
    rejected: number;
    finished_at: Date;
  }>`
    select id, user_id, file_name, status, created, updated, rejected, finished_at from import_batch b
    where finished_at >= ${since} and status in ('done', 'failed') and user_id is not null
      and not exists (select from inbox_message m where m.user_id = b.user_id and m.cause = 'import:' || b.id || ':' || b.status)
    order by id limit 200`.execute(db);
  const undone = await sql<{
    id: string;
    user_id: string;
    file_name: string;
    voided: number;
    put_back: number;
    kept: number;
    asked: string;
    finished_at: Date;
  }>`
    select b.id, u.user_id, b.file_name, u.voided, u.put_back, u.kept, u.finished_at,
           extract(epoch from u.asked_at)::bigint::text as asked
      from import_undo u join import_batch b on b.id = u.batch_id
    where u.finished_at >= ${since} and u.user_id is not null
      and not exists (select from inbox_message m where m.user_id = u.user_id
        and m.cause = 'import-undo:' || b.id || ':' || extract(epoch from u.asked_at)::bigint)
    order by b.id limit 200`.execute(db);
  await addMessages(db, [
    ...undone.rows.map((u) => ({
      userId: u.user_id,
      cause: `import-undo:${u.id}:${u.asked}`,
      kind: "import" as const,
      ticketId: null,
      title: u.kept === 0 ? "导入已撤销" : "导入已撤销，部分工单保留",
      body: `${maskText(u.file_name).text}\n作废 ${u.voided} 件，恢复 ${u.put_back} 件，保留 ${u.kept} 件`,
      link: `/intake/${u.id}`,
      at: u.finished_at,
    })),
    ...runs.rows.map((r) => ({
      userId: r.user_id,
      cause: `bulk:${r.id}`,
      kind: "bulk" as const,
      ticketId: null,
      title: `批量${isMove(r.move) ? stepOf(r.move).zh : "操作"}完成`,
      body: `共 ${r.asked} 件，成功 ${r.done} 件，未成功 ${r.asked - r.done} 件`,
      link: "",
      at: r.at,
    })),
    ...imports.rows.map((b) => ({
      userId: b.user_id,
      cause: `import:${b.id}:${b.status}`,
      kind: "import" as const,
      ticketId: null,
      title: b.status === "done" ? "导入完成" : "导入失败",
      body: `${maskText(b.file_name).text}\n新建 ${b.created} 件，更新 ${b.updated} 件，拒收 ${b.rejected} 行`,
      link: `/intake/${b.id}`,
      at: b.finished_at,
    })),
  ]);
}

function textIn(e: ConsumedEvent, field: string): string {
  const value: unknown = Object(e.data)[field];
  return typeof value === "string" ? value : "";
}

/** The first words, with what looks like a telephone or an identity number covered. */
function excerpt(text: string): string {
  const signs = [...maskText(text).text.replace(/\s+/g, " ").trim()];
  return signs.length > 80 ? `${signs.slice(0, 80).join("")}…` : signs.join("");
}
