/** 督办的通知. Whose turn a step makes it is told in the step's own transaction; terms that come near are told once each. */
import { SUPERVISION_CLOCKS, SUPERVISION_STATES, stepWords } from "@jiesu/core/supervision/lifecycle.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { clockText } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Db } from "../platform/db/open.ts";
import { enqueue, type NoticeKind } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { dueItems, stateOf } from "./store.ts";

type To = "desk" | "units" | "sender" | "above";

/** Who hears of a step; what is not listed is told to nobody. */
const TELLS: Readonly<Record<string, { readonly to: To; readonly kind: NoticeKind }>> = {
  register: { to: "desk", kind: "notice" },
  propose: { to: "desk", kind: "notice" },
  forward: { to: "units", kind: "notice" },
  progress: { to: "sender", kind: "notice" },
  answer: { to: "sender", kind: "notice" },
  askExtension: { to: "sender", kind: "notice" },
  grantExtension: { to: "units", kind: "notice" },
  refuseExtension: { to: "units", kind: "returned" },
  check: { to: "units", kind: "notice" },
  pass: { to: "above", kind: "notice" },
  sendBack: { to: "units", kind: "returned" },
  close: { to: "units", kind: "notice" },
  reopen: { to: "units", kind: "returned" },
  press: { to: "units", kind: "urge" },
  relevel: { to: "units", kind: "notice" },
};

export interface Told {
  readonly stepId: string;
  readonly step: string;
  readonly itemId: string;
  readonly title: string;
  readonly text: string;
  /** Whether the units have the item: before, they hear of nothing. */
  readonly forwarded: boolean;
  readonly by: { readonly id: string | null; readonly name: string };
  readonly at: number;
}

export async function tellStep(tx: Db, told: Told): Promise<void> {
  const tells = TELLS[told.step];
  if (!tells || (tells.to === "units" && !told.forwarded)) return;
  const people = await PEOPLE[tells.to](tx, told.itemId);
  await enqueue(tx, [
    {
      ...{ cause: `supervision:${told.stepId}`, kind: tells.kind, means: ["workbench"], ticketId: null },
      to: people.filter((id) => id !== told.by.id),
      title: `督办件${stepWords(told.step)}`,
      body: `${told.title}\n${told.by.name}${told.text === "" ? "" : `：${excerpt(told.text)}`}`,
      ...{ link: `/supervision/${told.itemId}`, at: told.at },
    },
  ]);
}

/** Tells the holder of every item whose clock has come near or is over; once a clock and point. Answers how many. */
export async function tellDue(shell: Shell): Promise<number> {
  const now = shell.now();
  const due = await dueItems(shell.db, now);
  for (const item of due)
    await shell.db.transaction().execute(async (tx) => {
      const over = item.due_at.getTime() < now;
      const { held } = SUPERVISION_STATES[stateOf(item.state)];
      const [holder, desk] = await Promise.all([
        held === "unit" ? PEOPLE.units(tx, item.id) : PEOPLE.desk(tx),
        over ? PEOPLE.desk(tx) : [],
      ]);
      const kind = Object.entries(SUPERVISION_CLOCKS).find(([key]) => key === item.clock)?.[1].zh ?? "";
      await enqueue(tx, [
        {
          cause: `supervision-${over ? "overdue" : "near"}:${item.clock_id}`,
          kind: over ? "overdue" : "reminder",
          ...{ to: [...holder, ...desk], means: ["workbench"], ticketId: null, at: now },
          title: `督办件${kind}${over ? "超期" : "临期"}`,
          body: `${item.title}\n${clockText(item.due_at.getTime())} 到期`,
          link: `/supervision/${item.id}`,
        },
      ]);
    });
  return due.length;
}

const PEOPLE: Readonly<Record<To, (tx: Db, itemId: string) => Promise<readonly string[]>>> & {
  readonly desk: (tx: Db) => Promise<readonly string[]>;
} = {
  desk: (tx) => holding(tx, ["supervisor", "shiftLead"]),
  above: (tx) => holding(tx, ["shiftLead", "leader"]),
  async units(tx, itemId) {
    const { rows } = await sql<{ id: string }>`
      select p.id::text as id from app_user p join supervision_unit u on u.unit_id = p.unit_id
       where u.item_id = ${itemId} and p.active and p.roles && array['handler', 'unitLead'] order by p.id`.execute(
      tx,
    );
    return rows.map((row) => row.id);
  },
  /** Who last sent it to the unit; the desk where that person is gone. */
  async sender(tx, itemId) {
    const { rows } = await sql<{ id: string }>`
      select p.id::text as id from supervision_step s join app_user p on p.id = s.user_id
       where s.item_id = ${itemId} and s.step in ('forward', 'sendBack', 'reopen') and p.active
       order by s.id desc limit 1`.execute(tx);
    return rows.length > 0 ? rows.map((row) => row.id) : PEOPLE.desk(tx);
  },
};

async function holding(tx: Db, roles: readonly Role[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from app_user where active and roles && ${[...roles]}::text[] order by id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}

function excerpt(text: string): string {
  const signs = [...text.replace(/\s+/g, " ")];
  return signs.length > 80 ? `${signs.slice(0, 80).join("")}…` : signs.join("");
}
