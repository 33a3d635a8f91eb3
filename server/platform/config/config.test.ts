import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { type Config, type Environment, loadConfig, SETTINGS, settingsTable } from "./config.ts";

const ROOT = path.join(import.meta.dirname, "..", "..", "..");

function configOf(env: Environment, cwd = "/srv"): Config {
  const loaded = loadConfig({ HOME: "/home/zhao", ...env }, cwd);
  assert.ok(loaded.ok, loaded.ok ? "" : loaded.problems.join("\n"));
  return loaded.config;
}

function problemsOf(env: Environment): readonly string[] {
  const loaded = loadConfig(env, "/srv");
  assert.equal(loaded.ok, false);
  return loaded.ok ? [] : loaded.problems;
}

test("without any setting the house listens on this machine alone, with the embedded database in the project", () => {
  const config = configOf({});
  assert.equal(config.host, "127.0.0.1");
  assert.equal(config.port, 8080);
  assert.equal(config.databaseUrl, undefined);
  assert.equal(config.dataDir, path.join(ROOT, ".jiesu"));
  assert.equal(config.demo, true);
});

test("the key's usual place is the user's configuration folder, one file to a data directory, outside the project", () => {
  const here = configOf({ JIESU_DATA: "/data/haidian" }).key;
  const there = configOf({ JIESU_DATA: "/data/chaoyang" }).key;
  assert.ok(here.from === "file" && there.from === "file");
  assert.match(here.candidates[0] ?? "", /^\/home\/zhao\/\.config\/jiesu\/[0-9a-f]{16}\.key$/);
  assert.notEqual(here.candidates[0], there.candidates[0]);
});

test("relative paths are relative to where the user stands", () => {
  const config = configOf({ JIESU_DATA: "data", JIESU_LOG_FILE: "log/jiesu.log" }, "/home/zhao");
  assert.equal(config.dataDir, "/home/zhao/data");
  assert.equal(config.log.file, "/home/zhao/log/jiesu.log");
});

test("an empty setting is a setting not made", () => {
  assert.equal(configOf({ JIESU_PORT: "", DATABASE_URL: "  " }).port, 8080);
});

for (const [name, wrong] of [
  ["JIESU_PORT", "70000"],
  ["JIESU_PORT", "80 80"],
  ["JIESU_PORT", "-1"],
  ["JIESU_HOST", "http://0.0.0.0"],
  ["JIESU_LOG", "verbose"],
  ["JIESU_DEMO", "yes"],
  ["JIESU_DB_POOL", "1000"],
  ["JIESU_PG_HOME", "relative/path"],
] as const) {
  test(`${name}=${wrong} stops the start with a line that names it, its value and what to write`, () => {
    const [line, ...others] = problemsOf({ [name]: wrong });
    assert.deepEqual(others, []);
    assert.ok(line?.startsWith(name) && line.includes(wrong) && line.includes("请写"), line);
  });
}

test("all problems are told at once", () => {
  assert.equal(problemsOf({ JIESU_PORT: "x", JIESU_LOG: "x", DATABASE_URL: "x" }).length, 3);
});

test("secrets are never printed", () => {
  const env = { DATABASE_URL: "mysql://zhao:hunter2@db/jiesu", JIESU_KEY: "00112233hunter2" };
  const text = problemsOf(env).join("\n");
  assert.ok(text.includes("DATABASE_URL") && text.includes("JIESU_KEY"));
  assert.ok(!text.includes("hunter2"), text);
});

test("a misspelt name is told with the nearest right one; the tests' own names are let through", () => {
  const problems = problemsOf({ JIESU_PROT: "9000", JIESU_TEST_PG: "postgres://x/y" });
  assert.deepEqual(problems, ["JIESU_PROT 不是接诉的设置：是否想写 JIESU_PORT？不用的话请去掉。"]);
});

test("a PostgreSQL address needs a host and a database", () => {
  assert.equal(
    configOf({ DATABASE_URL: "postgres://u:p@db:5432/jiesu" }).databaseUrl,
    "postgres://u:p@db:5432/jiesu",
  );
  assert.equal(problemsOf({ DATABASE_URL: "postgres://u:p@db:5432" }).length, 1);
  assert.equal(problemsOf({ DATABASE_URL: "db/jiesu" }).length, 1);
});

test("the table names every setting once", () => {
  const table = settingsTable();
  for (const { name } of SETTINGS) assert.equal(table.split(`\`${name}\``).length, 2, name);
});
