/** `jiesu ticket NUMBER`: one ticket with its rounds, clocks and history, personal data masked. */

import { isState, STATES } from "@jiesu/core/ticket/state.ts";
import type { Command } from "commander";
import type { Actor } from "../platform/auth/actor.ts";
import { Refused } from "../platform/errors.ts";
import type { Open } from "../platform/shell.ts";
import { readTicket } from "../ticket/detail.ts";

/** The person at the machine's keyboard sees what the shift lead sees; personal data stays masked. */
const OPERATOR: Actor = { userId: null, name: "命令行", roles: ["shiftLead"], unitId: null };

export function registerTicket(jiesu: Command, open: Open): void {
  jiesu
    .command("ticket <编号>")
    .description("查看一张工单")
    .option("--json", "以 JSON 输出")
    .action(async (number: string, options: { json?: boolean }) => {
      const { shell, close } = await open();
      try {
        const row = await shell.db
          .selectFrom("ticket")
          .select("id")
          .where("number", "=", number)
          .executeTakeFirst();
        const ticket = row ? await readTicket(shell, shell.db, OPERATOR, row.id) : null;
        if (!ticket) throw new Refused({ code: "not-found" });
        process.stdout.write(options.json ? `${JSON.stringify(ticket)}\n` : lines(ticket));
      } finally {
        await close();
      }
    });
}

function lines(t: NonNullable<Awaited<ReturnType<typeof readTicket>>>): string {
  const head = [
    `${t.number}  ${t.stateZh}  ${t.channel}  ${t.category}`,
    `主办：${t.leadUnit?.name ?? "—"}  第 ${t.round} 轮`,
    t.content,
    "",
  ];
  const clocks = t.clocks.map(
    (c) =>
      `时限 ${c.kindZh}：${beijing(c.dueAt)} 到期${c.stoppedAt ? `，${c.late ? "超期" : "按期"}完成` : ""}`,
  );
  const events = [...t.events]
    .reverse()
    .map((e) => `${beijing(e.at)}  ${e.zh}  ${e.userName}（${e.roleZh}）${arrow(e.fromState, e.toState)}`);
  return `${[...head, ...clocks, "", ...events].join("\n")}\n`;
}

function arrow(from: string | null, to: string | null): string {
  if (to === null || from === to) return "";
  const zh = (s: string): string => (isState(s) ? STATES[s].zh : s);
  return `  ${from ? `${zh(from)} → ` : ""}${zh(to)}`;
}

const beijing = (iso: string): string =>
  new Date(Date.parse(iso) + 8 * 3_600_000).toISOString().slice(0, 16).replace("T", " ");
