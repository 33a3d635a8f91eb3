/** The commands of `npx jiesu`, each with --json where it answers something. */
import { Command } from "commander";
import { registerSeed } from "../../seeds/cli.ts";
import { registerCityResults } from "../assessment/city/cli.ts";
import { registerAssessment } from "../assessment/cli.ts";
import { registerSweep } from "../duty/cli.ts";
import { registerImport } from "../intake/cli.ts";
import { settingsTable } from "../platform/config/config.ts";
import type { Open } from "../platform/shell.ts";
import { VERSION } from "../platform/version.ts";
import { registerBackup } from "./backup.ts";
import { openShell, settings } from "./open.ts";
import { registerSchema } from "./schema.ts";
import { serve, work } from "./serve.ts";
import { registerTicket } from "./ticket.ts";
import { registerUser } from "./user.ts";

export function program(): Command {
  const jiesu = new Command("jiesu")
    .description("接诉：区级市民热线（12345 接诉即办）工作台与台账")
    .version(VERSION);
  jiesu.configureHelp({ sortSubcommands: false });
  const open: Open = () =>
    openShell(settings(), { pool: 4, say: (line) => process.stderr.write(`${line}\n`) });

  jiesu
    .command("serve")
    .description("启动服务（含后台进程）")
    .option("--port <端口>", "监听端口", portOf)
    .option("--no-worker", "不启动后台进程")
    .action((options: { port?: number; worker: boolean }) => serve(options));
  jiesu.command("worker").description("只运行后台进程（临期超期提醒、导入）").action(work);
  jiesu
    .command("migrate")
    .description("更新数据库结构")
    .option("--json", "以 JSON 输出")
    .action(async (options: { json?: boolean }) => {
      const opened = await open();
      const { rows } = await opened.pool.query<{ number: number; name: string }>(
        "select number, name from schema_migration order by number",
      );
      await opened.close();
      process.stdout.write(
        options.json
          ? `${JSON.stringify({ migrations: rows })}\n`
          : `数据库结构为最新（共 ${rows.length} 个版本）\n`,
      );
    });
  registerSeed(jiesu, open);
  registerImport(jiesu, open);
  registerAssessment(jiesu, open);
  registerCityResults(jiesu, open);
  registerTicket(jiesu, open);
  registerSweep(jiesu, open);
  registerUser(jiesu, open);
  registerBackup(jiesu, open);
  registerSchema(jiesu);
  jiesu
    .command("settings")
    .description("列出全部设置（环境变量）")
    .action(() => {
      process.stdout.write(`${settingsTable()}\n`);
    });
  return jiesu;
}

function portOf(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`端口 ${text} 不可用，请写 0–65535 的整数`);
  return port;
}
