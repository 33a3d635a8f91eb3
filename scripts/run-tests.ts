/** Starts one PostgreSQL for all tests, hands its address on as JIESU_TEST_PG, and runs the tests in two rounds. */
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { startErrorOf } from "../server/platform/config/start-error.ts";
import { openEmbedded } from "../server/platform/postgres/embedded.ts";

const ROOT = path.join(import.meta.dirname, "..");

interface Round {
  readonly title: string;
  readonly files: string;
  /** Test files at a time. Journeys and storms measure time, so they run alone. */
  readonly atOnce: number;
}

const ROUNDS: readonly Round[] = [
  { title: "单元与接口", files: "{core,server,web,seeds,bench,scripts,rules}/**/*.test.{ts,tsx}", atOnce: 2 },
  { title: "全程与风暴", files: "test/**/*.test.ts", atOnce: 1 },
];

// Only the tests could lose what these skip, and they begin with an empty database every time.
const HASTY = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200" };

const began = performance.now();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "jiesu-test-"));
let failed = 0;
let running: ReturnType<typeof spawn> | undefined;
try {
  fs.chmodSync(scratch, 0o711); // under root PostgreSQL runs as another user, who must pass through
  const database = await testDatabase();
  stopOnSignal(database.close);
  try {
    for (const round of ROUNDS) failed += await runRound(round, database.adminUrl);
  } finally {
    await database.close();
  }
} catch (error) {
  failed += 1;
  console.error(startErrorOf(error)?.message ?? error);
} finally {
  fs.rmSync(scratch, { recursive: true, force: true });
}
const minutes = ((performance.now() - began) / 60_000).toFixed(1);
console.log(failed === 0 ? `\n全部通过，用时 ${minutes} 分钟。` : `\n有测试没有通过，用时 ${minutes} 分钟。`);
process.exitCode = failed === 0 ? 0 : 1;

/** The one that JIESU_TEST_PG already names (a PostgreSQL of another version), or an embedded one of our own. */
async function testDatabase(): Promise<{ adminUrl: string; close: () => Promise<void> }> {
  const given = process.env.JIESU_TEST_PG;
  if (given) return { adminUrl: given, close: async () => {} };
  const dataDir = path.join(scratch, "data");
  return openEmbedded({ dataDir, pgHome: process.env.JIESU_PG_HOME ?? "/var/lib/jiesu", settings: HASTY });
}

async function runRound({ title, files, atOnce }: Round, adminUrl: string): Promise<number> {
  const wanted = process.argv.slice(2);
  const found = fs
    .globSync(files, { cwd: ROOT, exclude: (name) => name === "node_modules" || name === "dist" })
    .filter((file) => wanted.length === 0 || wanted.some((word) => file.includes(word)))
    .sort();
  if (found.length === 0) return 0;
  console.log(`\n${title}：${found.length} 个文件`);
  const reporter = path.join(import.meta.dirname, "reporter.mjs");
  const args = [
    "--test",
    `--test-concurrency=${atOnce}`,
    "--test-timeout=900000",
    `--test-reporter=${reporter}`,
    ...found,
  ];
  return new Promise((resolve) => {
    running = spawn(process.execPath, args, { cwd: ROOT, stdio: "inherit", env: testEnv(adminUrl) });
    running.once("exit", (code) => resolve(code === 0 ? 0 : 1));
  });
}

/** The settings of whoever runs the tests must not reach them: least of all the address of a real database. */
function testEnv(adminUrl: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) =>
      !["DATABASE_URL", "INIT_CWD"].includes(name) &&
      (!name.startsWith("JIESU_") || name.startsWith("JIESU_TEST_")),
  );
  return { ...Object.fromEntries(kept), JIESU_TEST_PG: adminUrl };
}

function stopOnSignal(close: () => Promise<void>): void {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.once(signal, async () => {
      running?.kill(signal);
      await close();
      fs.rmSync(scratch, { recursive: true, force: true });
      process.exit(130);
    });
  }
}
