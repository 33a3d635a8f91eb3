/** `jiesu backup` and `jiesu restore`: the ledger and its files to a folder and back, while the server runs or not. */

import { existsSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import { audit } from "../platform/auth/sessions.ts";
import { backUp, readManifest, restore } from "../platform/db/backup.ts";
import type { Open } from "../platform/shell.ts";
import { VERSION } from "../platform/version.ts";

export function registerBackup(jiesu: Command, open: Open): void {
  jiesu
    .command("backup <目录>")
    .description("备份到一个新目录（服务运行时也可以）；密钥不在其中，须另行备份")
    .option("--json", "以 JSON 输出")
    .action(async (folder: string, options: { json?: boolean }) => {
      const { shell, databaseUrl, keyId, close } = await open();
      try {
        const to = fromUser(folder);
        const manifest = await backUp(databaseUrl, to, {
          version: VERSION,
          keyId: keyId,
          at: shell.now(),
        });
        if (existsSync(shell.files)) await cp(shell.files, join(to, "files"), { recursive: true });
        const rows = manifest.tables.reduce((sum, t) => sum + t.rows, 0);
        await audit(shell.db, shell.now(), null, "命令行", "backup", {
          detail: { tables: manifest.tables.length, rows },
        });
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ folder: to, tables: manifest.tables.length, rows })}\n`
            : `已备份 ${manifest.tables.length} 张表、${rows} 行到 ${to}\n`,
        );
      } finally {
        await close();
      }
    });

  jiesu
    .command("restore <目录>")
    .description("从备份恢复到一个空库；目标不空则不作任何改动")
    .option("--json", "以 JSON 输出")
    .action(async (folder: string, options: { json?: boolean }) => {
      const { shell, pool, databaseUrl, keyId, close } = await open();
      try {
        const from = fromUser(folder);
        const manifest = await readManifest(from, keyId);
        await restore(pool, databaseUrl, from, manifest);
        if (existsSync(join(from, "files"))) await cp(join(from, "files"), shell.files, { recursive: true });
        const rows = manifest.tables.reduce((sum, t) => sum + t.rows, 0);
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ folder: from, tables: manifest.tables.length, rows })}\n`
            : `已恢复 ${manifest.tables.length} 张表、${rows} 行\n`,
        );
      } finally {
        await close();
      }
    });
}

/** Relative to where the person stands. */
const fromUser = (folder: string): string => resolve(process.env.INIT_CWD ?? process.cwd(), folder);
