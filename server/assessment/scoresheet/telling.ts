/** 成绩单的通知. Whose turn a step makes it is told in the step's own transaction: reviewers, the leader, the writers, the units. */
import { SHEET_PUBLISHERS, SHEET_REVIEWERS, type SheetStep } from "@jiesu/core/assessment/scoresheetlife.ts";
import { monthText } from "@jiesu/core/report/wording.ts";
import type { Role } from "@jiesu/core/ticket/role.ts";
import { sql } from "kysely";
import type { Db } from "../../platform/db/open.ts";
import { enqueue } from "../../platform/outbox/outbox.ts";
import type { ScoreSheet } from "./store.ts";

export async function tellOf(
  tx: Db,
  sheet: ScoreSheet,
  step: SheetStep,
  done: { readonly stepId: string; readonly by: string; readonly note: string; readonly at: number },
): Promise<void> {
  const month = `${monthText(sheet.period)}成绩单`;
  const told: Readonly<
    Record<SheetStep, { to: () => Promise<readonly string[]>; title: string; body: string }>
  > = {
    submit: {
      to: () => heldBy(tx, SHEET_REVIEWERS, sheet.hands),
      title: `${month}待审核`,
      body: `${done.by}已送审，请核对数字和文字。`,
    },
    pass: {
      to: () => heldBy(tx, SHEET_PUBLISHERS, sheet.hands),
      title: `${month}待发布`,
      body: `${done.by}已审核通过。`,
    },
    sendBack: { to: async () => sheet.hands, title: `${month}退回修改`, body: done.note },
    publish: {
      to: () => unitLeads(tx, unitsIn(sheet)),
      title: `${month}${sheet.version > 1 ? "更正" : ""}已发布`,
      body: "可查看排名和本单位各项数字。",
    },
  };
  const { to, title, body } = told[step];
  const people = await to();
  await enqueue(tx, [
    {
      ...{
        cause: `scoresheet:${done.stepId}`,
        kind: "notice",
        to: people,
        means: ["workbench"],
        ticketId: null,
      },
      ...{ title, body, link: `/assessment/sheets/${sheet.id}`, at: done.at },
    },
  ]);
}

/** Active people of any of these roles, but not those who wrote in it. */
async function heldBy(tx: Db, roles: readonly Role[], but: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from app_user
     where active and roles && ${roles}::text[] and not id = any(${but}::bigint[]) order by id`.execute(tx);
  return rows.map((row) => row.id);
}

async function unitLeads(tx: Db, unitIds: readonly string[]): Promise<readonly string[]> {
  const { rows } = await sql<{ id: string }>`
    select id::text as id from app_user
     where active and 'unitLead' = any(roles) and unit_id = any(${unitIds}::bigint[]) order by id`.execute(
    tx,
  );
  return rows.map((row) => row.id);
}

const unitsIn = ({ figures }: ScoreSheet): readonly string[] =>
  figures.groups.flatMap(({ rows }) => rows.map((row) => row.unit.id));
