/**
 * 办前检查. Before a guarded step the dated list is run over what the ledger says; what stops it refuses the step, unless two
 * people have let exactly this pass. What was found stays on the event of the step.
 */
import { createHash } from "node:crypto";
import { type ChecklistVersion, GUARDED, type GuardedStep, isGuarded } from "@jiesu/core/guard/checklist.ts";
import type { GuardFacts } from "@jiesu/core/guard/facts.ts";
import { type Looked, lookBefore, stopsOf, warningsOf } from "@jiesu/core/guard/guard.ts";
import type { Move } from "@jiesu/core/ticket/lifecycle.ts";
import type { Db } from "../platform/db/open.ts";
import { addWordings, type Refusal } from "../platform/errors.ts";
import { checklistOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import { factsFor } from "./guardfacts.ts";
import { passedFor, spend } from "./override.ts";

addWordings({
  "guard-stopped": {
    status: 409,
    zh: (r) =>
      `${String(r.stepZh)}前检查未通过：${String(r.summary)}。请按提示改正；确需办理的，说明理由申请复核放行。`,
  },
});

/** What was looked at and found. */
export interface Look {
  readonly list: ChecklistVersion;
  readonly looked: readonly Looked[];
  readonly facts: GuardFacts;
}

/** Of the words of a step: what two people let pass holds for these alone. */
export const digestOf = (words: string): string => createHash("sha256").update(words.trim()).digest("hex");

/** What the list finds before this move; null where the move is not guarded, nothing is known, or no list is in force. */
export async function lookAtMove(
  db: Db,
  shell: Pick<Shell, "rules">,
  ticketId: string,
  move: Move,
  input: object,
  now: number,
): Promise<Look | null> {
  if (!isGuarded(move)) return null;
  const words = new Map<string, unknown>(Object.entries(input)).get("ground");
  const asked = { step: move, words: typeof words === "string" ? words : null, round: null, exemption: [] };
  const list = checklistOn(shell.rules, now);
  const facts = list && (await factsFor(db, ticketId, asked, list.body.copy, now));
  return list && facts ? { list, looked: lookBefore(facts, list.body), facts } : null;
}

export type Guarded =
  | { readonly ok: true; readonly told: Readonly<Record<string, unknown>> }
  | { readonly ok: false; readonly refusal: Refusal };

/** Lets a step go on, with what its event tells of the checks; or refuses it with what stops it. */
export async function guardStep(
  tx: Db,
  ticketId: string,
  look: Look,
  subject: string,
  now: number,
): Promise<Guarded> {
  const { list, looked, facts } = look;
  const stops = stopsOf(looked);
  const warned = warningsOf(looked);
  const told = {
    list: list.name,
    passed: looked.filter((each) => each.ok).map((each) => each.key),
    ...(warned.length > 0 ? { warned: warned.map(brief) } : {}),
  };
  if (stops.length === 0) return { ok: true, told: { guard: told } };
  const passed = await passedFor(
    tx,
    { ticketId, step: facts.step, subject },
    stops,
    digestOf(facts.words),
    now,
  );
  if (passed === null) return { ok: false, refusal: stopped(facts.step, looked) };
  await spend(tx, passed.id, now);
  const { id, reason, askedName, decidedName, opinion } = passed;
  const override = { id, reason, askedBy: askedName, confirmedBy: decidedName, opinion };
  return { ok: true, told: { guard: { ...told, overridden: stops.map(brief), override } } };
}

function stopped(step: GuardedStep, looked: readonly Looked[]): Refusal {
  const stops = stopsOf(looked);
  return {
    code: "guard-stopped",
    step,
    stepZh: GUARDED[step],
    summary: stops.map((each) => `${each.name}（${each.said}）`).join("；"),
    checks: looked.filter((each) => !each.ok),
  };
}

export const brief = ({ key, name, said }: Looked) => ({ key, name, said });
