/** 不纳入考核的办前检查. The list of checks over an application as it is written, and over one that is about to be passed on. */
import { type Evidence, type Finding, precheck } from "@jiesu/core/exemption/checklist.ts";
import type { Ground } from "@jiesu/core/exemption/grounds.ts";
import type { GuardedStep } from "@jiesu/core/guard/checklist.ts";
import { lookBefore } from "@jiesu/core/guard/guard.ts";
import type { Db } from "../platform/db/open.ts";
import { checklistOn } from "../platform/rules.ts";
import type { Shell } from "../platform/shell.ts";
import type { Look } from "../ticket/guard.ts";
import { factsFor } from "../ticket/guardfacts.ts";
import { type Exemption, earlierOutcomes, otherApplications, roundFacts } from "./store.ts";

/** An application that is being written. */
interface Written {
  readonly ticketId: string;
  readonly round: number;
  readonly unitId: string;
  readonly ground: Ground;
  readonly reason: string;
  readonly evidence: readonly Evidence[];
  readonly dueAt: number;
}

export async function lookAtApplication(
  db: Db,
  shell: Pick<Shell, "rules">,
  written: Written,
  now: number,
): Promise<Look | null> {
  const { ticketId, round, unitId, ground, evidence, dueAt } = written;
  const facts = await roundFacts(db, ticketId, round);
  const findings = precheck({
    ...{ ground, evidence, dueAt, appliedAt: now, contactedAt: facts?.contactedAt ?? null },
    duplicates: (await otherApplications(db, ticketId, round, null)).filter((each) => each !== "withdrawn")
      .length,
    earlier: await earlierOutcomes(db, unitId, ground.code, null),
  });
  return look(db, shell, "exemptionApply", { ticketId, round, words: written.reason, findings }, now);
}

/** `findings`: the pre-check as it stands. */
export function lookAtPassing(
  db: Db,
  shell: Pick<Shell, "rules">,
  { ticketId, round, reason }: Pick<Exemption, "ticketId" | "round" | "reason">,
  findings: readonly Finding[],
  now: number,
): Promise<Look | null> {
  return look(db, shell, "exemptionPass", { ticketId, round, words: reason, findings }, now);
}

async function look(
  db: Db,
  shell: Pick<Shell, "rules">,
  step: GuardedStep,
  of: {
    readonly ticketId: string;
    readonly round: number;
    readonly words: string;
    readonly findings: readonly Finding[];
  },
  now: number,
): Promise<Look | null> {
  const list = checklistOn(shell.rules, now);
  if (!list) return null;
  const asked = { step, words: of.words, round: of.round, exemption: of.findings };
  const facts = await factsFor(db, of.ticketId, asked, list.body.copy, now);
  return facts && { list, looked: lookBefore(facts, list.body), facts };
}
