/** 确权的后台步骤. Follows the tickets' events and tells those concerned of every step of a case. */
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { type ConsumedEvent, consume } from "../platform/events/consumer.ts";
import { enqueue, type Notice } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { caseNumber } from "./store.ts";

/** One page of events; answers how many there were. */
export function ownershipStep(shell: Shell): Promise<number> {
  return consume(shell.db, "ownership", async (tx, events) => {
    const telling = events.filter((event) => keyOf(event) in TELLS);
    for (const event of telling) await tell(tx, event);
  });
}

type To = "parties" | "centre";

/** Which steps are told to whom, and how it is said. */
const TELLS: Readonly<Record<string, readonly { readonly to: To; readonly title: string }[]>> = {
  openOwnership: [
    { to: "parties", title: "请提交确权意见" },
    { to: "centre", title: "新的确权案" },
  ],
  invite: [{ to: "parties", title: "请提交确权意见" }],
  claim: [{ to: "centre", title: "当事单位已提交确权意见" }],
  callMeeting: [{ to: "parties", title: "确权会通知" }],
  cancelMeeting: [{ to: "parties", title: "确权会取消" }],
  rule: [{ to: "parties", title: "确权裁定" }],
  appeal: [
    { to: "parties", title: "当事单位申请复议" },
    { to: "centre", title: "裁定被申请复议" },
  ],
  uphold: [{ to: "parties", title: "复议维持原裁定" }],
  rerule: [{ to: "parties", title: "复议改判" }],
};

const keyOf = ({ kind, data }: ConsumedEvent): string =>
  kind === "ownership"
    ? textIn(data, "ownershipStep")
    : ["openOwnership", "rule", "rerule"].includes(kind)
      ? kind
      : "";

async function tell(tx: Db, event: ConsumedEvent): Promise<void> {
  const { rows } = await sql<{ id: string; number: string; title: string; parties: string[] }>`
    select c.id, t.number, t.title, array(select p.unit_id::text from ownership_party p where p.case_id = c.id) as parties
      from ownership_case c join ticket t on t.id = c.ticket_id
     where c.ticket_id = ${event.ticketId} and c.opened_event <= ${event.id} order by c.id desc limit 1`.execute(
    tx,
  );
  const [one] = rows;
  if (!one) return;
  const key = keyOf(event);
  const invited = key === "invite" ? [textIn(event.data, "partyId")] : one.parties;
  const words = textIn(event.data, "text") || textIn(event.data, "basis") || textIn(event.data, "reason");
  const notices = await Promise.all(
    (TELLS[key] ?? []).map(async ({ to, title }): Promise<Notice> => {
      const people = to === "parties" ? await peopleOf(tx, invited) : await deskOf(tx);
      return {
        ...{ cause: `ownership:${event.id}:${to}`, kind: "notice", means: ["workbench"], title },
        to: people.filter((person) => person !== event.userId),
        body: [`${caseNumber(one.id)} · ${one.number} ${one.title}`.trim(), words.slice(0, 200)]
          .filter((line) => line !== "")
          .join("\n"),
        ...{ link: `/ownership/${one.id}`, ticketId: event.ticketId, at: event.at.getTime() },
      };
    }),
  );
  await enqueue(tx, notices);
}

async function peopleOf(tx: Db, unitIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from app_user where active and unit_id = any(${[...unitIds]}::bigint[]) order by id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}

/** Who hears cases in the centre. */
async function deskOf(tx: Db): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from app_user where active and roles && ${["supervisor", "shiftLead"]}::text[] order by id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}

function textIn(data: unknown, key: string): string {
  const value: unknown = data !== null && typeof data === "object" ? Reflect.get(data, key) : undefined;
  return typeof value === "string" ? value : "";
}
