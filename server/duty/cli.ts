/** `jiesu sweep`: one look through the ledger for tickets that nobody holds, kept like the hourly one. */
import type { Command } from "commander";
import type { Open } from "../platform/shell.ts";
import { sweep, sweepsOut } from "./sweep.ts";

export function registerSweep(
  jiesu: Command,
  open: Open,
  say: (text: string) => void = (text) => process.stdout.write(`${text}\n`),
): void {
  jiesu
    .command("sweep")
    .description("无主巡查：在办工单是否都有在走的时限和承办人；有发现时退出码为 1")
    .option("--json", "以 JSON 输出")
    .action(async (options: { json?: boolean }) => {
      const { shell, close } = await open();
      try {
        const id = await sweep(shell, { userId: null, name: "命令行" });
        const [run] = await sweepsOut(shell.db, { id, limit: 1 });
        if (!run) throw new Error("a sweep just kept cannot be read");
        const { found, tickets } = run;
        if (found > 0) process.exitCode = 1;
        const lines = tickets.map((t) => `${t.number}\t${t.stateZh}\t${t.lacks.join("、")}`);
        const held = `在办 ${run.open} 件：中心 ${run.centre}，单位 ${run.unit}，市级 ${run.city}；在走时限 ${run.clocks} 个`;
        const told = found === 0 ? "未发现无主工单" : `发现无主工单 ${found} 件`;
        say(options.json ? JSON.stringify(run) : [`${held}；${told}`, ...lines].join("\n"));
      } finally {
        await close();
      }
    });
}
