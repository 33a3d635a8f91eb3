/** 问题事件的办理. Load, decide, record, in one transaction: answer, dispute, review, remedy; the other side is told. */
import { maskText } from "@jiesu/core/privacy/mask.ts";
import { decideProblem, type ProblemStep, problemStep } from "@jiesu/core/problem/lifecycle.ts";
import { problemRulesOn } from "@jiesu/core/problem/rules.ts";
import { sideOf } from "@jiesu/core/ticket/role.ts";
import { addDays, type Day, dayOf, endOfDay } from "@jiesu/core/time/day.ts";
import type { Actor } from "../platform/auth/actor.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, Refused } from "../platform/errors.ts";
import { enqueue } from "../platform/outbox/outbox.ts";
import type { Shell } from "../platform/shell.ts";
import { type LockedProblem, lockProblem, peopleOfUnits, recordProblemStep } from "./store.ts";

addWordings({
  "problem-state": {
    status: 409,
    zh: (r) => `这件问题事件现为“${String(r.stateZh)}”，不能${String(r.stepZh)}。请刷新后查看。`,
  },
  "problem-role": { status: 403, zh: (r) => `${String(r.stepZh)}不由您办理。` },
  "problem-disputed": { status: 409, zh: () => "已申诉过一次，不能再申诉；请答复原因和整改。" },
  "problem-cause": { status: 422, zh: () => "所选原因不在现行清单中，请重新选择。" },
  "problem-remedy-day": { status: 422, zh: () => "整改完成日期不能早于今天。" },
  "problem-moved": { status: 409, zh: () => "他人已先一步办理，请刷新后查看；您填写的内容仍保留在这里。" },
});

type Person = Actor & { readonly userId: string };

export interface AskedStep {
  readonly step: ProblemStep;
  /** As the screen saw it. */
  readonly version: number;
  readonly text: string;
  readonly cause: string | null;
  readonly remedyDay: Day | null;
}

/** Takes a step. The same step sent again with what the screen saw before is refused as moved. Throws Refused. */
export function stepProblem(shell: Shell, actor: Person, id: string, asked: AskedStep): Promise<void> {
  return shell.db.transaction().execute(async (tx) => {
    const now = shell.now();
    const problem = await lockProblem(tx, id);
    if (!problem || (actor.unitId !== null && actor.unitId !== problem.unitId))
      throw new Refused({ code: "not-found" });
    const text = maskText(asked.text.trim()).text;
    const decision = decideProblem(problem, actor, asked.step, { text, cause: asked.cause });
    if (!decision.ok) throw new Refused(decision.refusal);
    if (problem.version !== asked.version) throw new Refused({ code: "problem-moved" });
    const rules = problemRulesOn(shell.rules.problems, dayOf(now));
    const answering = asked.step === "answer";
    const cause = answering ? (rules?.body.causes.find(({ code }) => code === asked.cause) ?? null) : null;
    if (answering && cause === null) throw new Refused({ code: "problem-cause" });
    if (answering && asked.remedyDay !== null && asked.remedyDay < dayOf(now))
      throw new Refused({ code: "problem-remedy-day" });
    const stamp = { at: now, userId: actor.userId, userName: actor.name, role: decision.as };
    const again = decision.to === "open"; // sent back, or a dispute that was refused: the time begins anew
    await recordProblemStep(
      tx,
      problem,
      {
        ...{ step: asked.step, from: problem.state, to: decision.to, text, cause },
        remedyDay: answering ? asked.remedyDay : null,
        dueAt: again ? endOfDay(addDays(dayOf(now), rules?.body.answerDays ?? 1)) : null,
      },
      stamp,
    );
    await tell(tx, problem, asked.step, text, actor, now);
  });
}

/** What the centre decides the unit hears, and what the unit says the centre's who decided last. */
async function tell(
  tx: Db,
  problem: LockedProblem,
  step: ProblemStep,
  text: string,
  actor: Person,
  now: number,
): Promise<void> {
  const byUnit = actor.roles.some((role) => sideOf(role) === "unit");
  const to = byUnit
    ? await supervisors(tx)
    : problem.unitId === null
      ? []
      : ((await peopleOfUnits(tx, [problem.unitId])).get(problem.unitId) ?? []);
  await enqueue(tx, [
    {
      ...{ cause: `problem-step:${problem.id}:${problem.version + 1}`, kind: "notice", at: now },
      ...{ means: ["workbench"], to: to.filter((id) => id !== actor.userId), ticketId: problem.ticketId },
      ...{
        title: `问题事件${problemStep(step).zh}：${problem.kindZh}`,
        body: `${problem.number}\n${text}`.trim(),
      },
      link: `/problems/${problem.id}`,
    },
  ]);
}

async function supervisors(tx: Db): Promise<readonly string[]> {
  const rows = await tx
    .selectFrom("app_user")
    .select(["id", "roles"])
    .where("active", "=", true)
    .where("unit_id", "is", null)
    .execute();
  return rows.filter(({ roles }) => roles.includes("supervisor")).map(({ id }) => id);
}
