/** 设置. The one place that names, documents and checks every setting; nothing else in the house reads the environment. */
import { createHash } from "node:crypto";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { nearest } from "./nearest.ts";

export interface Config {
  readonly dataDir: string;
  readonly host: string;
  readonly port: number;
  /** undefined: the embedded PostgreSQL. */
  readonly databaseUrl: string | undefined;
  /** Connections of one process. */
  readonly dbPool: number;
  readonly key: KeySource;
  readonly log: { readonly level: LogLevel; readonly file: string | undefined };
  /** Load the demonstration district into an empty database. */
  readonly demo: boolean;
  /** The system folder for the embedded PostgreSQL when run by root. */
  readonly pgHome: string;
  /** E-mails and webhooks may go to servers on this machine. */
  readonly localGateways: boolean;
}

/** Where the master key comes from; see key.ts. */
export type KeySource =
  | { readonly from: "environment"; readonly master: string }
  | { readonly from: "file"; readonly candidates: readonly string[]; readonly named: boolean };

export type LogLevel = (typeof LOG_LEVELS)[number];
export type Loaded =
  | { readonly ok: true; readonly config: Config }
  | { readonly ok: false; readonly problems: readonly string[] };
export type Environment = Readonly<Record<string, string | undefined>>;

interface Setting {
  readonly name: string;
  /** 缺省值, as the reader of the table sees it. */
  readonly byDefault: string;
  readonly meaning: string;
  /** What a right value looks like: the remedy in a problem's line. */
  readonly remedy: string;
  /** The value is never printed. */
  readonly secret: boolean;
  readonly check: z.ZodType;
}

const LOG_LEVELS = ["silent", "fatal", "error", "warn", "info", "debug", "trace"] as const;
const ROOT = path.join(import.meta.dirname, "..", "..", "..");
const PG_HOME = process.platform === "win32" ? "C:\\ProgramData\\jiesu" : "/var/lib/jiesu";

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
const filePath = z.string().refine((text) => !text.includes("\0"));

/** 全部设置. A row is a setting: its documentation, its check and its remedy. */
export const SETTINGS = [
  {
    name: "JIESU_DATA",
    byDefault: ".jiesu（项目目录内，不入 git）",
    meaning: "数据目录：内嵌数据库、附件、备份都在其中",
    remedy: "请写一个目录的路径",
    secret: false,
    check: filePath,
  },
  {
    name: "JIESU_HOST",
    byDefault: "127.0.0.1",
    meaning: "监听的地址；对外服务时改为 0.0.0.0，并置于 https 反向代理之后",
    remedy: "请写一个 IP 地址或主机名",
    secret: false,
    check: z.string().regex(/^[A-Za-z0-9.:_-]+$/),
  },
  {
    name: "JIESU_PORT",
    byDefault: "8080",
    meaning: "监听的端口；0 为任选一个空闲端口",
    remedy: "请写 0 到 65535 的整数",
    secret: false,
    check: wholeNumber(0, 65535),
  },
  {
    name: "DATABASE_URL",
    byDefault: "（空：用内嵌的 PostgreSQL）",
    meaning: "自备的 PostgreSQL 15–18，形如 postgres://用户:密码@主机:5432/库名",
    remedy: "请写成 postgres://用户:密码@主机:端口/库名，密码中的特殊字符用 %XX 转义",
    secret: true,
    check: z.string().refine(isPostgresUrl),
  },
  {
    name: "JIESU_DB_POOL",
    byDefault: "16",
    meaning: "每个进程的数据库连接数上限；内嵌数据库共 60 个",
    remedy: "请写 2 到 50 的整数",
    secret: false,
    check: wholeNumber(2, 50),
  },
  {
    name: "JIESU_KEY",
    byDefault: "（空：用密钥文件）",
    meaning: "个人信息加密（SM4）的主密钥，32 位十六进制；设了它就不用密钥文件",
    remedy: "请写 32 位十六进制字符（openssl rand -hex 16 可生成一个）",
    secret: true,
    check: z.string().regex(/^[0-9a-fA-F]{32}$/),
  },
  {
    name: "JIESU_KEY_FILE",
    byDefault: "~/.config/jiesu/<数据目录的摘要>.key",
    meaning: "主密钥文件，首次启动时生成，权限 0600，须在代码仓库之外；请另行备份，丢失后个人信息无法解密",
    remedy: "请写一个代码仓库之外的文件路径",
    secret: false,
    check: filePath,
  },
  {
    name: "JIESU_LOG",
    byDefault: "info",
    meaning: `日志级别：${LOG_LEVELS.join("、")}`,
    remedy: `请写 ${LOG_LEVELS.join("、")} 之一`,
    secret: false,
    check: z.enum(LOG_LEVELS),
  },
  {
    name: "JIESU_LOG_FILE",
    byDefault: "数据目录下的 log/server.log、log/worker.log",
    meaning: "日志文件，一行一个 JSON，不含个人信息",
    remedy: "请写一个文件的路径",
    secret: false,
    check: filePath,
  },
  {
    name: "JIESU_DEMO",
    byDefault: "on",
    meaning: "空库首次启动时载入演示数据：on 或 off",
    remedy: "请写 on 或 off",
    secret: false,
    check: z.enum(["on", "off"]).transform((text) => text === "on"),
  },
  {
    name: "JIESU_NOTIFY_LOCAL",
    byDefault: "off",
    meaning: "外发通知可否发往本机的邮件服务或接口：on 或 off",
    remedy: "请写 on 或 off",
    secret: false,
    check: z.enum(["on", "off"]).transform((text) => text === "on"),
  },
  {
    name: "JIESU_PG_HOME",
    byDefault: PG_HOME,
    meaning: "以 root 运行时，内嵌 PostgreSQL 的程序（及数据目录不便时的数据）所在的系统目录",
    remedy: "请写一个绝对路径",
    secret: false,
    check: filePath.refine((text) => path.isAbsolute(text)),
  },
] as const satisfies readonly Setting[];

type SettingName = (typeof SETTINGS)[number]["name"];
type ValueOf<N extends SettingName> = z.infer<Extract<(typeof SETTINGS)[number], { name: N }>["check"]>;
type Values = { readonly [N in SettingName]?: ValueOf<N> };

/**
 * Reads and checks the whole environment at once. `cwd` is what relative paths are relative to. Every problem is one
 * Chinese line with name, fault and remedy; secrets are never printed.
 */
export function loadConfig(env: Environment, cwd: string): Loaded {
  const problems = unknownNames(env);
  const values: Values = Object.fromEntries(
    SETTINGS.flatMap((setting) => {
      const text = env[setting.name]?.trim() ?? "";
      if (text === "") return [];
      const checked = setting.check.safeParse(text);
      if (checked.success) return [[setting.name, checked.data]];
      const shown = setting.secret ? " 的值（不显示）" : ` = “${text}” `;
      problems.push(`${setting.name}${shown}不可用：${setting.remedy}。`);
      return [];
    }),
  );
  return problems.length > 0 ? { ok: false, problems } : { ok: true, config: configOf(values, env, cwd) };
}

/** The table of settings as Markdown: for docs/OPERATIONS.md and `npx jiesu help settings`. */
export function settingsTable(): string {
  const rows = SETTINGS.map(({ name, byDefault, meaning }) => `| \`${name}\` | ${byDefault} | ${meaning} |`);
  return ["| 名称 | 缺省 | 含义 |", "|---|---|---|", ...rows].join("\n");
}

/** A setting as an administrator may see it: what is secret is not shown, only whether it is set. */
export interface ShownSetting {
  readonly name: string;
  readonly meaning: string;
  readonly byDefault: string;
  readonly set: boolean;
  readonly value: string | null;
}

export function shownSettings(env: Environment): readonly ShownSetting[] {
  return SETTINGS.map(({ name, meaning, byDefault, secret }) => {
    const value = env[name]?.trim() ?? "";
    return { name, meaning, byDefault, set: value !== "", value: value === "" || secret ? null : value };
  });
}

function configOf(values: Values, env: Environment, cwd: string): Config {
  const inCwd = (text: string | undefined) => (text === undefined ? undefined : path.resolve(cwd, text));
  const dataDir = inCwd(values.JIESU_DATA) ?? path.join(ROOT, ".jiesu");
  const pgHome = values.JIESU_PG_HOME ?? PG_HOME;
  return {
    dataDir,
    host: values.JIESU_HOST ?? "127.0.0.1",
    port: values.JIESU_PORT ?? 8080,
    databaseUrl: values.DATABASE_URL,
    dbPool: values.JIESU_DB_POOL ?? 16,
    key: keySource(values.JIESU_KEY, inCwd(values.JIESU_KEY_FILE), keyFiles(dataDir, pgHome, env)),
    log: { level: values.JIESU_LOG ?? "info", file: inCwd(values.JIESU_LOG_FILE) },
    demo: values.JIESU_DEMO ?? true,
    pgHome,
    localGateways: values.JIESU_NOTIFY_LOCAL ?? false,
  };
}

function keySource(
  master: string | undefined,
  named: string | undefined,
  usual: readonly string[],
): KeySource {
  if (master !== undefined) return { from: "environment", master };
  if (named !== undefined) return { from: "file", candidates: [named], named: true };
  return { from: "file", candidates: usual, named: false };
}

/** The user's configuration folder first; the system folder where a home is missing or cannot be written. */
function keyFiles(dataDir: string, pgHome: string, env: Environment): readonly string[] {
  const file = `${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}.key`;
  const xdg = env.XDG_CONFIG_HOME;
  const home = env.HOME || homedir();
  const base = process.platform === "win32" ? env.APPDATA : xdg && path.isAbsolute(xdg) ? xdg : undefined;
  return [path.join(base ?? path.join(home, ".config"), "jiesu", file), path.join(pgHome, "keys", file)];
}

/** JIESU_TEST_… belongs to the tests; any other JIESU_ name that is not in the table is a slip of the pen. */
function unknownNames(env: Environment): string[] {
  const known: readonly string[] = SETTINGS.map((setting) => setting.name);
  return Object.keys(env)
    .filter((name) => name.startsWith("JIESU_") && !name.startsWith("JIESU_TEST_") && !known.includes(name))
    .sort()
    .map((name) => `${name} 不是接诉的设置：是否想写 ${nearest(name, known)}？不用的话请去掉。`);
}

function isPostgresUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null && /^postgres(ql)?:$/.test(url.protocol) && url.hostname !== "" && url.pathname.length > 1
  );
}
