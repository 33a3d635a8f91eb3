/** Opens everything an action needs (settings, key, rules, database, schema) for the server, the worker and the commands. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Config, loadConfig } from "../platform/config/config.ts";
import { loadKey } from "../platform/config/key.ts";
import { StartError } from "../platform/config/start-error.ts";
import { migrate } from "../platform/db/migrate.ts";
import { type Db, openDb } from "../platform/db/open.ts";
import { openEmbedded } from "../platform/postgres/embedded.ts";
import { loadRules } from "../platform/rules.ts";
import { secretsOf } from "../platform/secrets.ts";
import type { Opened, Shell } from "../platform/shell.ts";

/** The environment's settings; throws StartError with every problem in a list. */
export function settings(env: NodeJS.ProcessEnv = process.env): Config {
  const loaded = loadConfig(env, process.env.INIT_CWD ?? process.cwd());
  if (!loaded.ok)
    throw new StartError(`设置有误，请改正后再启动：\n${loaded.problems.map((p) => `  · ${p}`).join("\n")}`);
  return loaded.config;
}

export interface OpenOptions {
  readonly say?: (line: string) => void;
  readonly pool?: number;
  /** For servers: the embedded database is started again when it dies under us. */
  readonly onLost?: (error: StartError) => void;
}

export async function openShell(config: Config, options: OpenOptions = {}): Promise<Opened> {
  const say = options.say ?? (() => {});
  const rules = loadRules();
  const embedded =
    config.databaseUrl === undefined
      ? await openEmbedded({
          dataDir: config.dataDir,
          pgHome: config.pgHome,
          say,
          ...(options.onLost ? { onLost: options.onLost } : {}),
        })
      : null;
  const databaseUrl = embedded?.url ?? config.databaseUrl ?? "";
  const opened = openDb(databaseUrl, options.pool ?? config.dbPool);
  try {
    const { rows } = await opened.pool
      .query<{ v: number }>("select current_setting('server_version_num')::int as v")
      .catch((error: unknown) => {
        throw new StartError(
          embedded
            ? "数据库刚刚停止或正在恢复，暂时连不上。请几秒后重试；数据不会丢失。"
            : "无法连接 DATABASE_URL 所指的数据库。请检查地址、账号和网络。",
          { cause: error },
        );
      });
    const version = Math.trunc((rows[0]?.v ?? 0) / 10_000);
    if (version < 15) throw new StartError(`数据库版本过低（PostgreSQL ${version}），需要 15–18。`);
    const applied = await migrate(opened.pool);
    if (applied.length > 0) say(`数据库结构已更新：${applied.join("、")}`);
    const key = loadKey(config.key, config.dataDir);
    await checkSealKey(opened.db, key.id);
    if (key.created && key.file) say(`已生成个人信息加密密钥：${key.file}（请另行备份）`);
    const files = join(config.dataDir, "files");
    mkdirSync(files, { recursive: true, mode: 0o700 });
    const { localGateways } = config;
    const shell: Shell = {
      ...{ db: opened.db, now: Date.now, secrets: secretsOf(key.bytes), rules, files, localGateways },
    };
    return {
      shell,
      pool: opened.pool,
      config,
      databaseUrl,
      keyId: key.id,
      async close() {
        await opened.close();
        await embedded?.close();
      },
    };
  } catch (error) {
    await opened.close();
    await embedded?.close();
    throw error;
  }
}

/** The database remembers by which key its personal data is sealed; another key must not add to it. */
async function checkSealKey(db: Db, keyId: string): Promise<void> {
  await db
    .insertInto("seal_key")
    .values({ one_row: true, key_id: keyId, since: new Date() })
    .onConflict((c) => c.column("one_row").doNothing())
    .execute();
  const { key_id } = await db.selectFrom("seal_key").select("key_id").executeTakeFirstOrThrow();
  if (key_id === keyId) return;
  throw new StartError(
    `密钥与数据库不符：库中的个人信息是用另一把密钥加密的（编号 ${key_id}，现为 ${keyId}）。请换回原来的密钥（JIESU_KEY 或 JIESU_KEY_FILE）。`,
  );
}
