import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";

const ROOT = path.join(import.meta.dirname, "..");
const RUN = path.join(ROOT, "scripts", "run.mjs");
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "jiesu-scripts-"));
after(() => fs.rmSync(scratch, { recursive: true, force: true }));

function script(name: string, text: string): string {
  const file = path.join(scratch, name);
  fs.writeFileSync(file, text);
  return file;
}

const WAITING = `
  const say = (text: string): void => { console.log(text); };
  process.on("SIGTERM", () => { say("told to stop"); process.exit(7); });
  setInterval(() => {}, 1000);
  say("ready");`;

/** Reads until the text has come, or the output has ended. */
async function heard(output: NodeJS.ReadableStream, text: string): Promise<string> {
  let all = "";
  for await (const chunk of output) {
    all += String(chunk);
    if (all.includes(text)) break;
  }
  return all;
}

test("a script runs with Node 24, gets its arguments, and its exit code is handed back", () => {
  const file = script(
    "code.ts",
    "const n: number = 5; console.log(process.version, ...process.argv.slice(2)); process.exit(n);",
  );
  const { status, stdout } = spawnSync(process.execPath, [RUN, file, "--a", "b c"], { encoding: "utf8" });
  assert.equal(status, 5);
  assert.match(stdout, /^v(2[4-9]|[3-9]\d)\..* --a b c\n$/);
});

test("SIGTERM reaches the server, which may take its leave, and its exit code is handed back", async () => {
  const child = spawn(process.execPath, [RUN, script("wait.ts", WAITING)], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.setEncoding("utf8");
  let said = "";
  child.stdout.on("data", (text: string) => {
    said += text;
    if (text.includes("ready")) child.kill("SIGTERM");
  });
  const [code] = await once(child, "exit");
  assert.equal(code, 7);
  assert.match(said, /told to stop/);
});

test("when the shell that npm puts between is killed, the server is told to stop", {
  skip: process.platform === "win32" && "no sh",
}, async () => {
  const file = script("orphan.ts", WAITING);
  const shell = spawn("sh", ["-c", `"${process.execPath}" "${RUN}" "${file}"; true`], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, npm_lifecycle_event: "start" },
  });
  shell.stdout.setEncoding("utf8");
  let said = "";
  const ended = once(shell.stdout, "end"); // only when the last of the family has closed it
  shell.stdout.on("data", (text: string) => {
    said += text;
    if (text.includes("ready")) shell.kill("SIGKILL");
  });
  await ended;
  assert.match(said, /told to stop/);
});

test("npx jiesu runs from any folder", () => {
  const { stdout, status } = spawnSync(
    process.execPath,
    [path.join(ROOT, "server", "bin", "jiesu.mjs"), "--version"],
    {
      cwd: scratch,
      encoding: "utf8",
    },
  );
  assert.equal(status, 0);
  assert.match(stdout, /^\d+\.\d+\.\d+/);
});

test("a faulty setting ends the start with its line and exit code 1", async () => {
  const child = spawn(process.execPath, [path.join(ROOT, "server", "main.ts"), "serve"], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, JIESU_DATA: scratch, JIESU_PORT: "eighty" },
  });
  const [said, [code]] = await Promise.all([heard(child.stderr, "JIESU_PORT"), once(child, "exit")]);
  assert.equal(code, 1);
  assert.match(said, /JIESU_PORT = “eighty”/);
});

test("two first starts in one checkout take turns, and one whose holder was killed is passed over", async () => {
  const lock = path.join(scratch, "turns");
  const log = path.join(scratch, "turns.log");
  const turn = script(
    "turn.mjs",
    `import fs from "node:fs";
     import { setTimeout as sleep } from "node:timers/promises";
     import { oneAtATime } from ${JSON.stringify(path.join(ROOT, "scripts", "one-at-a-time.mjs"))};
     await oneAtATime(${JSON.stringify(lock)}, () => {}, async () => {
       fs.appendFileSync(${JSON.stringify(log)}, "in " + process.pid + "\\n");
       await sleep(process.argv[2] === "hang" ? 60000 : 200);
       fs.appendFileSync(${JSON.stringify(log)}, "out " + process.pid + "\\n");
     });`,
  );
  const killed = spawn(process.execPath, [turn, "hang"], { stdio: "ignore" });
  // Made is not written: the line has to be there before its writer may be killed.
  while (!fs.existsSync(log) || !fs.readFileSync(log, "utf8").endsWith("\n"))
    await new Promise((resolve) => setTimeout(resolve, 20));
  killed.kill("SIGKILL");
  await once(killed, "exit");
  const others = [1, 2, 3].map(() => spawn(process.execPath, [turn], { stdio: "inherit" }));
  await Promise.all(others.map((child) => once(child, "exit")));
  const lines = fs.readFileSync(log, "utf8").trim().split("\n").slice(1);
  assert.equal(lines.length, 6);
  for (let n = 0; n < 6; n += 2) assert.equal(lines[n + 1], lines[n]?.replace("in", "out"));
  assert.equal(fs.existsSync(lock), false);
});
