/** Writes docs/LIFECYCLE.md from the table of moves; the test compares, so the picture cannot fall behind. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { CO_LIFECYCLE, CO_STATES } from "@jiesu/core/ticket/cohandling.ts";
import { LIFECYCLE } from "@jiesu/core/ticket/lifecycle.ts";
import { ROLES, type Role } from "@jiesu/core/ticket/role.ts";
import { ALL_STATES, STATES, type TicketState } from "@jiesu/core/ticket/state.ts";

export const FILE = path.join(import.meta.dirname, "..", "docs", "LIFECYCLE.md");

export function lifecycleDocument(): string {
  const zh = (s: TicketState): string => STATES[s].zh;
  const roles = (by: readonly Role[]): string => by.map((r) => ROLES[r].zh).join("、");
  const arrows = LIFECYCLE.flatMap((step) =>
    step.to === "same" ? [] : step.from.map((from) => `  ${from} --> ${step.to}: ${step.zh}`),
  );
  const names = ALL_STATES.map((s) => `  ${s}: ${zh(s)}`);
  const rows = LIFECYCLE.map((step) => {
    const from = step.from.length > 8 ? "（任一未结状态）" : step.from.map(zh).join("、");
    return `| ${step.zh} \`${step.move}\` | ${step.key ?? ""} | ${from} | ${step.to === "same" ? "不变" : zh(step.to)} | ${roles(step.by)} |`;
  });
  const co = CO_LIFECYCLE.map(
    (step) =>
      `| ${step.zh} \`${step.move}\` | ${step.from.map((s) => CO_STATES[s]).join("、")} | ${CO_STATES[step.to]} | ${roles(step.by)} |`,
  );
  return `# 工单流转 (the ticket's lifecycle)

Generated from \`core/ticket/lifecycle.ts\` and \`cohandling.ts\` by \`node scripts/run.mjs scripts/lifecycle.ts\`; not edited by hand.
The same table is the server's guard, the web's buttons and the test of every role × state × move.

\`\`\`mermaid
stateDiagram-v2
  [*] --> received: 收件
${names.join("\n")}
${arrows.join("\n")}
  closed --> [*]
  withdrawn --> [*]
  merged --> [*]
  voided --> [*]
\`\`\`

| 操作 | 键 | 从 | 到 | 谁 |
|---|---|---|---|---|
${rows.join("\n")}

## 协办 (co-handling)

A co-handling assignment has its own small life beside the ticket; it never moves the ticket.

| 操作 | 从 | 到 | 谁 |
|---|---|---|---|
${co.join("\n")}
`;
}

if (import.meta.main) writeFileSync(FILE, lifecycleDocument());
