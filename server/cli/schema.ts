/** `jiesu schema`: the description of a freshly migrated database, compared with or written to migrations/schema.sql. */

import { chmodSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { StartError } from "../platform/config/start-error.ts";
import { describeSchema } from "../platform/db/describe.ts";
import { MIGRATIONS, migrate } from "../platform/db/migrate.ts";
import { openDb } from "../platform/db/open.ts";
import { openEmbedded } from "../platform/postgres/embedded.ts";
import { settings } from "./open.ts";

const FILE = join(MIGRATIONS, "schema.sql");

export function registerSchema(jiesu: Command): void {
  jiesu
    .command("schema")
    .description("数据库结构清单：默认打印，--check 与入库的清单比较，--write 写入")
    .option("--check", "与 server/migrations/schema.sql 不同即失败")
    .option("--write", "写入 server/migrations/schema.sql")
    .action(async (options: { check?: boolean; write?: boolean }) => {
      const text = await freshSchema();
      if (options.write) await writeFile(FILE, text);
      else if (options.check) {
        const kept = await readFile(FILE, "utf8").catch(() => "");
        if (kept !== text)
          throw new StartError(
            "schema.sql 与迁移后的数据库不一致，请运行 npx jiesu schema --write 并审阅差异。",
          );
      } else process.stdout.write(text);
    });
}

/** Migrates an empty embedded database of its own, twice (the second time must change nothing), and describes it. */
async function freshSchema(): Promise<string> {
  const scratch = await mkdtemp(join(tmpdir(), "jiesu-schema-"));
  chmodSync(scratch, 0o711);
  try {
    const embedded = await openEmbedded({ dataDir: join(scratch, "data"), pgHome: settings().pgHome });
    const { pool, close } = openDb(embedded.url, 2);
    try {
      await migrate(pool);
      const first = await describeSchema(pool);
      const again = await migrate(pool);
      if (again.length > 0 || (await describeSchema(pool)) !== first)
        throw new Error("migrating twice is not migrating once");
      return first;
    } finally {
      await close();
      await embedded.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
