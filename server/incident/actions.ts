/** 履约事件的办理. A remedy asked for, an answer, a review by a second person; an alarm acknowledged with words. */

import { INCIDENTS } from "@jiesu/core/incident/kinds.ts";
import { decideIncident, INCIDENT_STATES, type IncidentStep } from "@jiesu/core/incident/life.ts";
import { incidentRulesOn } from "@jiesu/core/incident/rules.ts";
import { addDays, type Day, dayOf } from "@jiesu/core/time/day.ts";
import { sql } from "kysely";
import type { Actor } from "../platform/auth/actor.ts";
import { audit } from "../platform/auth/sessions.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { acknowledgeAlarm, type Incident, keepStep, lockIncident, readSteps } from "./store.ts";

addWordings({
  "incident-state": {
    status: 409,
    zh: (r) => `该事件现为“${String(r.stateZh)}”，不能进行此操作，请刷新后查看。`,
  },
  "incident-role": { status: 403, zh: () => "您的岗位不能进行此操作。" },
  "incident-not-yours": { status: 403, zh: () => "只能说明本单位的履约事件。" },
  "incident-second-person": { status: 409, zh: () => "说明人和责任人不能复核，请由另一位负责人复核。" },
  "incident-due": { status: 422, zh: () => "整改期限不能早于今天。" },
  "alarm-acknowledged": { status: 409, zh: (r) => `${String(r.by)}已经确认了这次报警，无需重复。` },
});

type Person = Actor & { readonly userId: string };

/** Takes one step. The same step in the same words sent again is there once. Throws Refused. */
export function stepIncident(
  shell: Shell,
  actor: Person,
  id: string,
  step: IncidentStep,
  said: { readonly words: string; readonly due: Day | null },
): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const incident = await lockIncident(tx, actor, id);
    if (!incident) throw new Refused({ code: "not-found" });
    const now = shell.now();
    const last = (await readSteps(tx, id)).at(-1);
    if (last?.step === step && last.user_id === actor.userId && last.words === said.words) return;
    const decision = decideIncident(incident, actor, step);
    if (!decision.ok) throw new Refused({ ...decision.refusal, stateZh: INCIDENT_STATES[incident.state] });
    const asks = step === "ask" || step === "back";
    const { answerDays } = incidentRulesOn(shell.rules.incidents, dayOf(now)).body;
    const due = asks ? (said.due ?? addDays(dayOf(now), answerDays)) : null;
    if (due !== null && due < dayOf(now)) throw new Refused({ code: "incident-due", field: "due" });
    await keepStep(tx, incident, { step, to: decision.to, words: said.words, due, by: actor, at: now });
    await audit(tx, now, actor.userId, actor.name, `incident-${step}`, { detail: { incident: id } });
    await tell(tx, incident, step, said.words, actor, now);
  });
}

/** Who is to do something now hears of it. */
async function tell(
  tx: Db,
  incident: Incident,
  step: IncidentStep,
  words: string,
  actor: Person,
  now: number,
): Promise<void> {
  const to = step === "ask" || step === "back" ? await responsible(tx, incident) : await askers(tx, incident);
  const others = to.filter((id) => id !== actor.userId);
  const { length } = await readSteps(tx, incident.id);
  await enqueue(tx, [
    {
      ...{ cause: `incident-step:${incident.id}:${length}`, kind: "notice" as const, to: others, at: now },
      ...{
        means: ["workbench"] as const,
        ticketId: incident.ticket?.id ?? null,
        link: `/incidents/${incident.id}`,
      },
      ...{ title: `履约事件（${INCIDENTS[incident.kind].zh}）：${STEP_TOLD[step]}`, body: words },
    },
  ]);
}

const STEP_TOLD: Readonly<Record<IncidentStep, string>> = {
  ask: "有整改要求",
  answer: "已说明，待复核",
  back: "退回补充",
  uphold: "复核成立",
  dismiss: "复核不成立",
};

async function responsible(tx: Db, { side, unitId, personId }: Incident): Promise<readonly string[]> {
  if (side === "centre" && personId !== null) return [personId];
  const rows = await tx
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where((eb) => (side === "unit" ? eb("unit_id", "=", unitId) : sql<boolean>`roles && array['shiftLead']`))
    .execute();
  return rows.map((row) => row.id);
}

/** Who asked for the remedy, and who reviewed; nobody asked: the leaders. */
async function askers(tx: Db, { id }: Incident): Promise<readonly string[]> {
  const steps = await readSteps(tx, id);
  const asked = steps.flatMap((s) => (s.user_id !== null && s.step !== "answer" ? [s.user_id] : []));
  if (asked.length > 0) return [...new Set(asked)];
  const leaders = await tx
    .selectFrom("app_user")
    .select("id")
    .where("active", "=", true)
    .where(sql<boolean>`roles && array['leader']`)
    .execute();
  return leaders.map((leader) => leader.id);
}

/** 知悉报警: the alarm leaves the screen, the words stay. Throws Refused. */
export function acknowledge(shell: Shell, actor: Person, id: string, words: string): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const done = await acknowledgeAlarm(tx, id, words, actor, now);
    if (!done) throw new Refused({ code: "not-found" });
    if (done.byId !== actor.userId || done.words !== words)
      throw new Refused({ code: "alarm-acknowledged", by: done.byName });
    await audit(tx, now, actor.userId, actor.name, "incident-alarm", { detail: { alarm: id } });
  });
}
